//! Texts to segments, before the file is touched: what a second thread can do.

use super::{
    block::{Composer, Entry, Head, Kind, Sink},
    sketch::{Letters, Sketch},
};
use crate::{lang::Language, memory::words::Analyser};
use std::{
    convert::Infallible,
    ops::Range,
    sync::mpsc::{Receiver, SyncSender, channel, sync_channel},
    thread::JoinHandle,
};

/// Texts of one language on their way to the index.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    texts: String,
    /// Unit, number of the variant, where its text ends.
    ends: Vec<(u32, u32, usize)>,
}

impl Chunk {
    pub fn push(&mut self, unit: u32, number: u32, text: &str) {
        self.texts.push_str(text);
        self.ends.push((unit, number, self.texts.len()));
    }

    /// In bytes.
    pub fn size(&self) -> usize {
        self.texts.len() + 16 * self.ends.len()
    }

    pub fn holds(&self, unit: u32) -> bool {
        self.ends.iter().any(|(other, ..)| *other == unit)
    }

    fn texts(&self) -> impl Iterator<Item = (u32, u32, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |(unit, number, end)| {
            let text = &self.texts[start..*end];
            start = *end;
            (*unit, *number, text)
        })
    }
}

/// A segment that is not in the file yet.
#[derive(Debug)]
pub(super) struct Segment {
    pub language: Language,
    pub head: Head,
    pub blocks: Blocks,
}

/// Blocks one after the other, each with its kind and number.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    bytes: Vec<u8>,
    ends: Vec<(Kind, u32, usize)>,
}

impl Blocks {
    pub fn iter(&self) -> impl Iterator<Item = (Kind, u32, &[u8])> {
        let mut start = 0;
        self.ends.iter().map(move |(kind, number, end)| {
            let body = &self.bytes[start..*end];
            start = *end;
            (*kind, *number, body)
        })
    }
}

impl Sink for Blocks {
    type Error = Infallible;

    fn block(&mut self, kind: Kind, number: u32, body: &[u8]) -> Result<(), Infallible> {
        self.bytes.extend(body);
        self.ends.push((kind, number, self.bytes.len()));
        Ok(())
    }
}

/// Sketches of one language until they make a segment.
#[derive(Debug)]
struct Gathered {
    analyser: Analyser,
    texts: Vec<Text>,
    bytes: Vec<u8>,
    keys: Vec<u32>,
}

#[derive(Debug)]
struct Text {
    skeleton: u64,
    letters: Letters,
    unit: u32,
    number: u32,
    words: Range<u32>,
    rhythm: Range<u32>,
    keys: Range<u32>,
}

impl Gathered {
    fn new(language: Language) -> Gathered {
        Gathered { analyser: Analyser::noting(language), texts: Vec::new(), bytes: Vec::new(), keys: Vec::new() }
    }

    fn add(&mut self, chunk: &Chunk) {
        for (unit, number, text) in chunk.texts() {
            let sketch = Sketch::new(&self.analyser.words(text), text);
            let mut kept = |bytes: &[u8]| {
                let start = self.bytes.len() as u32;
                self.bytes.extend(bytes);
                start..self.bytes.len() as u32
            };
            let (words, rhythm) = (kept(&sketch.words), kept(&sketch.rhythm));
            let start = self.keys.len() as u32;
            self.keys.extend(&sketch.keys);
            let keys = start..self.keys.len() as u32;
            let Sketch { skeleton, letters, .. } = sketch;
            self.texts.push(Text { skeleton, letters, unit, number, words, rhythm, keys });
        }
    }

    /// In bytes.
    fn size(&self) -> usize {
        self.bytes.len() + 4 * self.keys.len() + size_of::<Text>() * self.texts.len()
    }

    /// The segment of all that was gathered; empties it.
    fn segment(&mut self) -> Option<Segment> {
        if self.texts.is_empty() {
            return None;
        }
        let bytes = |range: &Range<u32>| &self.bytes[range.start as usize..range.end as usize];
        self.texts.sort_unstable_by(|a, b| {
            (a.skeleton, bytes(&a.words), a.unit, a.number).cmp(&(b.skeleton, bytes(&b.words), b.unit, b.number))
        });
        let mut composer = Composer::new(Blocks::default());
        let mut postings: Vec<u64> = Vec::with_capacity(self.keys.len());
        for same in self.texts.chunk_by(|a, b| a.skeleton == b.skeleton && bytes(&a.words) == bytes(&b.words)) {
            let first = &same[0];
            let entries = same.iter().map(|text| Entry {
                unit: text.unit,
                number: text.number,
                letters: text.letters,
                rhythm: bytes(&text.rhythm),
            });
            let Ok(place) = composer.skeleton(first.skeleton, bytes(&first.words), entries);
            let keys = &self.keys[first.keys.start as usize..first.keys.end as usize];
            postings.extend(keys.iter().map(|key| u64::from(*key) << 32 | u64::from(place)));
        }
        let Ok(()) = composer.skeletons_end();
        postings.sort_unstable();
        let mut list = Vec::new();
        for same in postings.chunk_by(|a, b| a >> 32 == b >> 32) {
            list.clear();
            list.extend(same.iter().map(|posting| *posting as u32));
            list.dedup(); // two keys of one text that meet by chance
            let Ok(()) = composer.list((same[0] >> 32) as u32, &list);
        }
        let Ok(()) = composer.lists_end();
        let fresh = self.analyser.fresh();
        let mut words: Vec<&[u8]> = fresh.split('\n').filter(|word| !word.is_empty()).map(str::as_bytes).collect();
        words.sort_unstable();
        words.dedup();
        for word in words {
            let Ok(()) = composer.word(word);
        }
        let Ok((blocks, head)) = composer.end();
        self.texts.clear();
        self.bytes.clear();
        self.keys.clear();
        Some(Segment { language: self.analyser.language(), head, blocks })
    }
}

/// Gathers chunks of any language and makes a segment of each language that has gathered enough.
#[derive(Debug, Default)]
pub(super) struct Gatherer(Vec<Gathered>);

/// Sketches gathered before they make a segment: some 15,000 texts.
const GATHERED: usize = 3 << 20;

impl Gatherer {
    pub fn add(&mut self, language: Language, chunk: &Chunk) -> Option<Segment> {
        let at = match self.0.iter().position(|gathered| gathered.analyser.language() == language) {
            Some(at) => at,
            None => {
                self.0.push(Gathered::new(language));
                self.0.len() - 1
            }
        };
        self.0[at].add(chunk);
        if self.0[at].size() >= GATHERED { self.0[at].segment() } else { None }
    }

    /// The segments of what is left.
    pub fn rest(&mut self) -> impl Iterator<Item = Segment> + '_ {
        self.0.iter_mut().filter_map(Gathered::segment)
    }
}

/// A gatherer on a thread of its own. Dropped, it ends without a trace.
#[derive(Debug)]
pub(super) struct Worker {
    jobs: Option<SyncSender<(Language, Chunk)>>,
    segments: Receiver<Segment>,
    thread: Option<JoinHandle<()>>,
}

/// Chunks that wait for the worker.
const WAITING: usize = 4;

impl Worker {
    pub fn new(mut gatherer: Gatherer) -> Worker {
        let (jobs, taken) = sync_channel::<(Language, Chunk)>(WAITING);
        let (made, segments) = channel();
        let thread = std::thread::spawn(move || {
            for (language, chunk) in taken {
                if let Some(segment) = gatherer.add(language, &chunk)
                    && made.send(segment).is_err()
                {
                    return;
                }
            }
            for segment in gatherer.rest() {
                if made.send(segment).is_err() {
                    return;
                }
            }
        });
        Worker { jobs: Some(jobs), segments, thread: Some(thread) }
    }

    /// Hands a chunk over, waiting for room.
    pub fn add(&mut self, language: Language, chunk: Chunk) {
        if let Some(jobs) = &self.jobs {
            // A worker that is gone has panicked; `end` says so.
            let _ = jobs.send((language, chunk));
        }
    }

    /// Segments that are ready.
    pub fn ready(&self) -> Option<Segment> {
        self.segments.try_recv().ok()
    }

    /// All segments not taken yet; the next one is waited for.
    pub fn end(mut self) -> impl Iterator<Item = Segment> {
        self.jobs = None;
        std::iter::from_fn(move || {
            if let Ok(segment) = self.segments.recv() {
                return Some(segment);
            }
            if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
                std::panic::resume_unwind(panic);
            }
            None
        })
    }
}
