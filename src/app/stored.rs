//! Sets as the memory keeps them: found again, turned into units, and what they teach the aligner.

use super::{segmentation::Rules, sets, sets::Set, terms::hex};
use crate::{
    Document,
    align::Lexicon,
    lang::{self, Language},
    memory::{Batch, Learned, MemoryError, Reader, SetCounts, StoredSet},
    model::{Bead, Bitext, Context, Kind, Origin, Provenance, Segment, State, Unit, Variant},
    text::Span,
};
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashSet};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::BuildHasher,
    path::{Component, Path, PathBuf},
};

/// Changes whenever segmentation or alignment would make other units of the same files, so that a memory made by
/// an older version is brought up to date.
const METHOD: u32 = 2;

/// A set as the memory keeps it: enough to check it again without aligning it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Where its files lie, without language and ending: what tells it from a set of the same name elsewhere.
    pub stem: PathBuf,
    pub texts: BTreeMap<Language, Vec<Segment>>,
    pub beads: Vec<Bead>,
}

impl Kept {
    pub fn bitext(self) -> Bitext {
        Bitext { texts: self.texts, beads: self.beads }
    }
}

/// Of all that shapes a set's units: what was read from its files, and by which settings. `how` tells readings apart
/// that give other segments of the same text.
pub(super) fn fingerprint(
    documents: &BTreeMap<Language, Document>,
    texts: &BTreeMap<Language, Vec<Segment>>,
    how: &str,
    rules: &Rules,
    accept: f32,
) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{METHOD} {accept} {} {how}", rules.fingerprint()));
    for (language, document) in documents {
        // What was read is hashed, not the file: a byte order mark or CRLF makes no other units.
        hash.update(format!("{language} {} {:?} ", document.text.len(), document.blocks));
        hash.update(&document.text);
        // Which lines are footers depends on the other texts of the folder as well.
        let segments = texts.get(language).into_iter().flatten();
        let footers: Vec<Span> = segments.filter(|s| s.kind == Kind::Boilerplate).map(|s| s.span).collect();
        hash.update(format!(" {footers:?} "));
    }
    hex(&hash.finalize())
}

/// Where the files of a set lie, without language and ending.
pub(super) fn stem(set: &Set) -> PathBuf {
    let Some(file) = set.files.values().next() else { return PathBuf::new() };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let whole = file.file_name().map_or_else(|| folder.clone(), |name| folder.join(name));
    sets::named(&whole).map_or_else(|| whole.with_extension(""), |(stem, _)| stem)
}

/// The sets of a memory, to find one again by.
pub(super) struct Shelf<'r, 'm> {
    reader: &'r Reader<'m>,
    names: Vec<String>,
    by_fingerprint: HashMap<String, Vec<usize>>,
    /// By the last part of their names.
    by_last: HashMap<String, Vec<usize>>,
    taken: BTreeSet<String>,
    /// Where the files of sets looked at lie; nothing where another version wrote what cannot be read.
    stems: RefCell<HashMap<usize, Option<PathBuf>>>,
}

/// What the memory says of a set.
pub(super) struct Recalled {
    /// What it is called there, or is to be called.
    pub name: String,
    /// What is kept of it, and whether that was made of the same texts by the same settings.
    pub kept: Option<(Kept, bool)>,
    /// It is there, be it in a form that cannot be read.
    pub there: bool,
}

impl<'r, 'm> Shelf<'r, 'm> {
    pub fn new(reader: &'r Reader<'m>) -> Result<Shelf<'r, 'm>, MemoryError> {
        let mut names = Vec::new();
        let (mut by_fingerprint, mut by_last) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (at, (name, fingerprint)) in reader.sets()?.into_iter().enumerate() {
            by_fingerprint.entry(fingerprint).or_default().push(at);
            by_last.entry(last(&name).to_owned()).or_default().push(at);
            names.push(name);
        }
        let taken = names.iter().cloned().collect();
        Ok(Shelf { reader, names, by_fingerprint, by_last, taken, stems: RefCell::default() })
    }

    /// What is kept of the set whose files lie at `stem`, and is called `name` from the folder at hand. A name it is
    /// to get is given to no other.
    pub fn recall(&mut self, name: &str, stem: &Path, fingerprint: &str) -> Result<Recalled, MemoryError> {
        let place = stem.ancestors().nth(name.split('/').count()).unwrap_or(Path::new("")).to_owned();
        let same = self.by_fingerprint.get(fingerprint).map_or(&[][..], Vec::as_slice);
        let alike = self.by_last.get(last(name)).map_or(&[][..], Vec::as_slice);
        let mut all: Vec<usize> = same.iter().chain(alike).copied().collect();
        all.sort_unstable();
        all.dedup();
        let mut best: Option<(Likeness, usize, bool)> = None;
        for at in all {
            let (same, alike) = (same.contains(&at), alike.contains(&at));
            if let Some(likeness) = self.likeness(at, name, stem, &place, same, alike)?
                && best.is_none_or(|(known, ..)| likeness > known)
            {
                best = Some((likeness, at, same));
            }
        }
        let Some((_, at, same)) = best else {
            let free = names(name.to_owned(), &place).find(|name| !self.taken.contains(name));
            let name = free.expect("names go on for ever");
            self.taken.insert(name.clone());
            return Ok(Recalled { name, kept: None, there: false });
        };
        let kept = self.kept(at)?.map(|kept| (kept, same));
        Ok(Recalled { name: self.names[at].clone(), kept, there: true })
    }

    /// How a stored set is like the one at hand: its files lie in the same place, else it has the same text (its
    /// folder was moved or copied), else the same name and a place that is no more.
    fn likeness(
        &self,
        at: usize,
        name: &str,
        stem: &Path,
        place: &Path,
        same: bool,
        alike: bool,
    ) -> Result<Option<Likeness>, MemoryError> {
        let known = self.stems.borrow().get(&at).cloned();
        let known = match known {
            Some(known) => known,
            None => {
                let read = self.kept(at)?.map(|kept| kept.stem);
                self.stems.borrow_mut().insert(at, read.clone());
                read
            }
        };
        let gone = known.as_ref().is_some_and(|known| !known.parent().is_some_and(Path::is_dir));
        let named_so = || names(name.to_owned(), place).take(4).any(|own| own == self.names[at]);
        Ok(match known {
            Some(known) if known == stem => Some(Likeness::Place),
            None if alike => Some(Likeness::Place),
            Some(_) if same => Some(Likeness::Text),
            Some(_) if gone && named_so() => Some(Likeness::Name),
            _ => None,
        })
    }

    /// What another version wrote may not be readable; then the set is made anew under its name.
    fn kept(&self, at: usize) -> Result<Option<Kept>, MemoryError> {
        kept(self.reader, &self.names[at])
    }
}

/// What is kept of the set of this name, where it can be read.
pub(super) fn kept(reader: &Reader<'_>, name: &str) -> Result<Option<Kept>, MemoryError> {
    Ok(reader.set(name)?.and_then(|set| serde_json::from_str(&set.body).ok()))
}

/// What speaks for a stored set being the one at hand; later is stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Name,
    Text,
    Place,
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// The names a set may go by, each longer by one more folder above it: `017`, `2025/017`, `news/2025/017`.
fn names(mut name: String, folder: &Path) -> impl Iterator<Item = String> + use<> {
    let normal = |part: Component<'_>| match part {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
        _ => None,
    };
    let mut folders = folder.components().rev().filter_map(normal).collect::<Vec<_>>().into_iter();
    std::iter::from_fn(move || {
        let given = name.clone();
        // A name past the root gets a sign of its own rather than taking another set's.
        name = match folders.next() {
            Some(folder) => format!("{folder}/{name}"),
            None => format!("+{name}"),
        };
        Some(given)
    })
}

/// Writes a set and its units; beads at or above `accept` make published units, others pending ones.
pub(super) fn put(
    batch: &mut Batch<'_>,
    (name, stem, fingerprint): (&str, &Path, &str),
    bitext: &Bitext,
    accept: f32,
) -> Result<SetCounts, MemoryError> {
    let kept = Kept { stem: stem.to_owned(), texts: bitext.texts.clone(), beads: bitext.beads.clone() };
    let set =
        StoredSet { name: name.to_owned(), fingerprint: fingerprint.to_owned(), body: serde_json::to_string(&kept)? };
    batch.put_set(&set, &units(name, bitext, accept))
}

/// The units of an aligned set: one a bead with two languages or more, in the order of the beads.
///
/// Footers make no units. The context is the neighbouring text in the set's first language.
pub(super) fn units(name: &str, bitext: &Bitext, accept: f32) -> Vec<Unit> {
    let Some(lead) = lang::lead(bitext.texts.keys().copied()) else { return Vec::new() };
    let stored: Vec<&Bead> = bitext.beads.iter().filter(|bead| makes_unit(bitext, bead)).collect();
    let neighbour = |at: Option<usize>| {
        let text = bitext.text(stored.get(at?)?, lead);
        (!text.is_empty()).then_some(text)
    };
    let unit = |(at, bead): (usize, &&Bead)| Unit {
        variants: bead
            .sides
            .iter()
            .filter(|(_, side)| !side.is_empty())
            .map(|(language, _)| Variant::new(*language, bitext.text(bead, *language)))
            .collect(),
        context: Context {
            previous: neighbour(at.checked_sub(1)),
            next: neighbour(Some(at + 1)),
            document: Some(name.to_owned()),
            id: None,
        },
        state: if bead.score >= accept { State::Published } else { State::Pending },
        origin: Origin {
            name: name.to_owned(),
            provenance: Provenance::Release,
            // A unit that stays the same keeps the date it was first stored at.
            date: None,
            score: Some(bead.score),
        },
        ..Unit::default()
    };
    stored.iter().enumerate().map(unit).collect()
}

/// Whether a bead is stored as a unit.
pub(super) fn makes_unit(bitext: &Bitext, bead: &Bead) -> bool {
    bead.filled() >= 2 && !is_footer(bitext, bead)
}

pub(super) fn is_footer(bitext: &Bitext, bead: &Bead) -> bool {
    bead.sides.iter().flat_map(|(language, side)| side.iter().map(move |at| (language, at))).all(|(language, at)| {
        bitext.texts.get(language).and_then(|texts| texts.get(*at)).is_some_and(|s| s.kind == Kind::Boilerplate)
    })
}

/// The pairs of languages that stand side by side, given the languages of each set in their order.
pub(super) fn language_pairs(
    sets: impl Iterator<Item = impl Iterator<Item = Language>>,
) -> BTreeSet<(Language, Language)> {
    let mut out = BTreeSet::new();
    for set in sets {
        let languages: Vec<Language> = set.collect();
        for (at, from) in languages.iter().enumerate() {
            out.extend(languages[at + 1..].iter().map(|to| (*from, *to)));
        }
    }
    out
}

/// What the aligner learns from: sentences that answer one another, by pair of languages.
#[derive(Debug, Default)]
pub(super) struct Lessons {
    pairs: BTreeMap<(Language, Language), Vec<(String, String)>>,
}

/// Pairs of sentences, by a hash of each: what a set has taught already.
pub(super) type Taught = FxHashSet<u64>;

fn hashed(from: Language, to: Language, pair: &(String, String)) -> u64 {
    FxBuildHasher.hash_one((from.as_str(), to.as_str(), &pair.0, &pair.1))
}

impl Lessons {
    /// Adds the beads of a set at or above `accept`, but for those it `taught` before.
    pub fn add(&mut self, bitext: &Bitext, accept: f32, taught: Option<&Taught>) {
        let sure: Vec<&Bead> = bitext.beads.iter().filter(|b| b.score >= accept && !is_footer(bitext, b)).collect();
        for (from, to) in language_pairs(std::iter::once(bitext.texts.keys().copied())) {
            for bead in sure.iter().filter(|bead| !bead.side(from).is_empty() && !bead.side(to).is_empty()) {
                let pair = (bitext.text(bead, from), bitext.text(bead, to));
                if taught.is_none_or(|taught| !taught.contains(&hashed(from, to, &pair))) {
                    self.pairs.entry((from, to)).or_default().push(pair);
                }
            }
        }
    }

    /// What these lessons teach, to be left out when they come again.
    pub fn taught(&self) -> Taught {
        let pairs = self.pairs.iter().flat_map(|((from, to), pairs)| pairs.iter().map(|pair| hashed(*from, *to, pair)));
        pairs.collect()
    }

    /// Adds them to what is known.
    pub fn teach(&self, lexicon: &mut Lexicon) {
        // No pair of languages has a say in what another teaches.
        let apart: Vec<_> = self.pairs.iter().map(|pair| (lexicon.take(pair.0.0, pair.0.1), pair)).collect();
        let taught = apart.into_par_iter().map(|(mut known, ((from, to), pairs))| {
            known.learn(*from, *to, pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())));
            known
        });
        taught.collect::<Vec<_>>().into_iter().for_each(|known| lexicon.join(known));
    }

    pub fn languages(&self) -> impl Iterator<Item = (Language, Language)> {
        self.pairs.keys().copied()
    }
}

/// What earlier sets taught about these pairs of languages. What was forgotten with an undo is learned anew from the
/// sets that are there but for `except`, from their beads at or above `accept`; what cannot be read, too.
pub(super) fn lexicon(
    reader: &Reader<'_>,
    pairs: &BTreeSet<(Language, Language)>,
    accept: f32,
    except: &BTreeSet<String>,
) -> Result<Lexicon, MemoryError> {
    let mut known = Lexicon::default();
    let mut forgotten = BTreeSet::new();
    for (from, to) in pairs {
        match reader.lexicon(*from, *to)? {
            Learned::Nothing => {}
            Learned::Forgotten => drop(forgotten.insert((*from, *to))),
            Learned::Body(body) => match serde_json::from_slice(&body) {
                Ok(part) => known.join(part),
                Err(_) => drop(forgotten.insert((*from, *to))),
            },
        }
    }
    if !forgotten.is_empty() {
        let mut lessons = Lessons::default();
        for (name, _) in reader.sets()?.into_iter().filter(|(name, _)| !except.contains(name)) {
            if let Some(kept) = kept(reader, &name)? {
                lessons.add(&kept.bitext(), accept, None);
            }
        }
        lessons.pairs.retain(|pair, _| forgotten.contains(pair));
        lessons.teach(&mut known);
    }
    Ok(known)
}

/// Writes what is known of the pairs of languages that `lessons` are about.
pub(super) fn put_lexicon(batch: &mut Batch<'_>, lexicon: &Lexicon, lessons: &Lessons) -> Result<(), MemoryError> {
    for (from, to) in lessons.languages() {
        batch.put_lexicon(from, to, &serde_json::to_vec(&lexicon.of_pair(from, to))?)?;
    }
    Ok(())
}
