//! Files into the memory and out of it.

mod conflict;
mod export;
mod heads;
mod omegat;

pub use conflict::OnConflict;
pub use export::{Export, ExportForm, Exported, TermForm, Written, export, export_terms};
pub use omegat::{Holds, Placed, ToProject, export_project, translations};

use super::{
    Watch,
    quarantine::{Intake, Quarantine, Tally},
    terms::Concepts,
};
use crate::{
    formats::{
        self, FormatError, Item, Kind, Opened, Remark, detect,
        glossary::{self, GlossaryError},
        jsonl, pairs, po, table, tbx, tmx, xliff, xlsx,
    },
    lang::Language,
    memory::{Backups, Batch, BatchId, Carried, Memory, MemoryError, Mode, Outcome},
    model::{Concept, Unit},
};
use conflict::{Became, Stored};
use jiff::Timestamp;
use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::sync_channel,
    },
};

/// Remarks of which the first are kept and all are counted.
const SHOWN: usize = 20;

#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The file is not sound at this place.
    #[error("{file}:{line}:{column}: {what}")]
    Broken { file: String, line: usize, column: usize, what: String },
    /// A form that takes more than was said.
    #[error("{0}")]
    Wanting(&'static str),
    /// The file as a whole is nothing that can be imported.
    #[error("{file}: {what}")]
    Unsuitable { file: String, what: String },
    #[error("{file}: {error}")]
    File { file: String, error: io::Error },
    #[error(transparent)]
    Glossary(#[from] GlossaryError),
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// What was to be written could not be.
    #[error("the output could not be written: {0}")]
    Output(io::Error),
}

const FOLDER: &str = "this is a folder, and no project of OmegaT (there is no `omegat.project` in it)";

/// An import of more units than this is preceded by a backup of what is there.
const UNSAFE: usize = 1_000;

/// How a file is to be imported.
#[derive(Clone)]
pub struct Import<'a> {
    /// What the file is called in messages and as the origin of its units.
    pub name: &'a str,
    /// Take from a broken file what can be read.
    pub lenient: bool,
    /// Change nothing, tell what would be.
    pub dry_run: bool,
    /// The source language of files that do not tell it (PO).
    pub source: Option<Language>,
    /// The language of the translations in files that do not tell it.
    pub target: Option<Language>,
    /// The file of the translations, where `source` and `target` stand in two files, line by line.
    pub beside: Option<&'a Path>,
    pub now: Timestamp,
    pub who: &'a str,
    /// What becomes of a source that has another translation in the memory.
    pub on_conflict: OnConflict,
    /// Where the memory is copied to before a large import, and what goes with it; `None`: it is not.
    pub backups: Option<(&'a Backups, &'a [Carried])>,
    /// The units wait until somebody has looked at them.
    pub quarantine: Option<&'a Quarantine>,
    /// Learns of each hundredth of the file.
    pub watch: &'a dyn Watch,
    /// Hears of each unit that is skipped (true) and of each warning, the first of which `Imported` holds as well.
    pub remarks: &'a dyn Fn(bool, &Remark),
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// What the file is: `TMX`, `TBX`.
    pub kind: String,
    /// Its name promises something else.
    pub is_misnamed: bool,
    /// Units handed over by the file.
    pub units: usize,
    pub new: usize,
    /// Equal in everything to a unit that was there.
    pub same: usize,
    /// Stored units that have the file's translation now.
    pub overwritten: usize,
    /// Not stored, since their sources have other translations.
    pub left_out: usize,
    /// Stored beside other translations, which are in a higher state.
    pub outranked: usize,
    /// Under this it can be undone.
    pub batch: Option<BatchId>,
    /// The copy of the memory as it was before.
    pub backup: Option<PathBuf>,
    /// What was found in the units that wait.
    pub audit: Option<Tally>,
    pub concepts: usize,
    pub new_concepts: usize,
    /// Heads of files that were not known, or said otherwise.
    pub heads: usize,
    pub skipped: Remarks,
    pub warnings: Remarks,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Remarks {
    /// The first twenty.
    pub first: Vec<Remark>,
    pub count: usize,
}

impl Remarks {
    fn add(&mut self, remark: Remark) {
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(remark);
        }
    }
}

/// Imports one file as one batch: units into the memory, concepts into its termbase.
///
/// # Errors
/// A file that is not sound leaves the memory as it was.
pub fn import(memory: &Path, file: &Path, options: &Import<'_>) -> Result<Imported, ExchangeError> {
    let named = |error| file_error(options.name, error);
    if file.is_dir() {
        return Err(ExchangeError::Unsuitable { file: options.name.to_owned(), what: FOLDER.to_owned() });
    }
    let read = AtomicU64::new(0);
    let counted = Counted { from: File::open(file).map_err(|e| named(e.into()))?, read: &read };
    let length = counted.from.metadata().map_err(|e| named(e.into()))?.len();
    let opened = formats::open(counted).map_err(|e| named(e.into()))?;
    let (kind, reader) = reader(&opened, file, options).map_err(named)?;
    let is_misnamed = detect::is_misnamed(options.name, &detect::detect(&opened));
    let of_omegat = matches!(reader, Reader::Tmx) && formats::omegat::wrote(&opened.head_text());
    let mut done = Imported { kind, is_misnamed, ..Imported::default() };

    // A trial run on a memory that does not exist needs one to try on.
    let trial = tempfile::TempDir::new().map_err(|e| named(e.into()))?;
    let missing = options.dry_run && !memory.exists();
    let path = if missing { &trial.path().join("trial.db") } else { memory };
    let mut memory = Memory::open(path, Mode::Write)?;
    let (known, empty) = {
        let reader = memory.read()?;
        (reader.concepts()?, reader.history(1)?.is_empty())
    };
    let mut backups = options.backups.filter(|_| !empty && !options.dry_run);

    options.watch.begin("importing, percent", 100);
    let mut percent = 0;

    let mut intake = options.quarantine.map(|quarantine| Intake::new(quarantine, options.name));
    let aside = if intake.is_some() { " --quarantine" } else { "" };
    let note = format!("import{aside} {}", options.name);
    written(&mut memory, &note, options, |batch| {
        done.batch = Some(batch.id());
        let mut concepts = Vec::new();
        let mut stored = Stored::new(options.on_conflict, options.source, of_omegat, batch)?;
        let header = read_aside(reader, opened, options, |item| {
            while percent < read.load(Ordering::Relaxed) * 100 / length.max(1) {
                percent += 1;
                options.watch.step();
            }
            match item {
                Item::Unit(mut unit) => {
                    done.units += 1;
                    if unit.origin.name.is_empty() {
                        unit.origin.name = options.name.to_owned();
                    }
                    if done.units > UNSAFE
                        && let Some((backups, carried)) = backups.take()
                    {
                        // What others see now: nothing of this import.
                        let before = Memory::open(path, Mode::Read)?;
                        done.backup = Some(before.read()?.take_backup(backups, carried, options.now)?);
                    }
                    let held = intake.as_ref().map(|intake| intake.hold(&mut unit));
                    let held = held.map(|filed| (filed, unit.clone()));
                    match stored.put(batch, unit)? {
                        Became::New(id) => {
                            done.new += 1;
                            if let (Some(intake), Some((filed, unit))) = (&mut intake, held) {
                                intake.took(id, unit, filed);
                            }
                        }
                        Became::Same => done.same += 1,
                        Became::Overwrote(units) => done.overwritten += units,
                        Became::LeftOut => done.left_out += 1,
                        Became::Outranked => {
                            done.new += 1;
                            done.outranked += 1;
                        }
                    }
                }
                Item::Concept(_) if intake.is_some() => {
                    let what = "it holds terms: only units can wait in quarantine".to_owned();
                    return Err(ExchangeError::Unsuitable { file: options.name.to_owned(), what });
                }
                Item::Concept(concept) => concepts.push(concept),
                Item::Skipped(remark) => {
                    (options.remarks)(true, &remark);
                    done.skipped.add(remark);
                }
                Item::Warning(remark) => {
                    (options.remarks)(false, &remark);
                    done.warnings.add(remark);
                }
            }
            Ok(())
        })?;
        // OmegaT's own says nothing of translations that were here before.
        let header = header.filter(|_| !of_omegat || done.new + done.overwritten > 0 || done.units == 0);
        let header = header.map(|header| match &intake {
            Some(intake) => intake.head(header),
            None => header,
        });
        done.heads = header.map_or(Ok(0), |header| heads::keep(batch, options.name, header))?;
        done.audit = intake.map(|intake| intake.finish(batch)).transpose()?;
        done.concepts = concepts.len();
        if !concepts.is_empty() {
            let (merged, new) = merged(known, concepts);
            done.new_concepts = new;
            batch.put_concepts(&merged, &note)?;
        }
        Ok(())
    })?;
    if options.dry_run || done.new + done.overwritten + done.new_concepts + done.heads == 0 {
        done.batch = None;
    }
    Ok(done)
}

/// The first units a file holds, no more than `most`; no memory is asked.
///
/// # Errors
/// Those of [`import`], as far as the file was read.
pub fn first_units(file: &Path, options: &Import<'_>, most: usize) -> Result<Vec<Unit>, ExchangeError> {
    let named = |error| file_error(options.name, error);
    let read = AtomicU64::new(0);
    let counted = Counted { from: File::open(file).map_err(|e| named(e.into()))?, read: &read };
    let opened = formats::open(counted).map_err(|e| named(e.into()))?;
    let (_, reader) = reader(&opened, file, options).map_err(named)?;
    let mut units = Vec::new();
    let done = read_aside(reader, opened, options, |item| {
        if let Item::Unit(unit) = item {
            units.push(unit);
        }
        // The reader stops when nobody takes what it reads.
        if units.len() < most { Ok(()) } else { Err(ExchangeError::Wanting("more than enough")) }
    });
    match done {
        Err(error) if units.len() < most => Err(error),
        _ => Ok(units),
    }
}

/// What a reader needs to know.
struct Reading<'a> {
    name: &'a str,
    lenient: bool,
    source: Option<Language>,
    target: Option<Language>,
    beside: Option<&'a Path>,
}

/// Items handed from the reader to the memory at once, and how many such portions may wait.
const PORTION: usize = 64;
const WAITING: usize = 8;

/// A file that tells how much of it was read.
struct Counted<'c> {
    from: File,
    read: &'c AtomicU64,
}

impl Read for Counted<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let size = self.from.read(to)?;
        self.read.fetch_add(size as u64, Ordering::Relaxed);
        Ok(size)
    }
}

/// Reads the file on a thread of its own, so that reading and storing go on side by side; `each` gets the items in
/// order.
fn read_aside(
    reader: Reader<'_>,
    opened: Opened<'_>,
    options: &Import<'_>,
    mut each: impl FnMut(Item) -> Result<(), ExchangeError>,
) -> Result<Option<tmx::Header>, ExchangeError> {
    std::thread::scope(|scope| {
        let (send, items) = sync_channel::<Vec<Item>>(WAITING);
        let Import { name, lenient, source, target, beside, .. } = *options;
        let reading = scope.spawn(move || {
            let mut portion = Vec::with_capacity(PORTION);
            let read = reader.read(opened, &Reading { name, lenient, source, target, beside }, &mut |item| {
                portion.push(item);
                match portion.len() {
                    // What takes them is gone: it has an error of its own to tell.
                    PORTION => Ok(send.send(std::mem::replace(&mut portion, Vec::with_capacity(PORTION)))?),
                    _ => Ok(()),
                }
            });
            let _ = send.send(portion);
            read
        });
        let taken = items.into_iter().flatten().try_for_each(&mut each);
        match reading.join() {
            Ok(read) => taken.and(read),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Runs `job` as one batch; a trial run is rolled back.
fn written(
    memory: &mut Memory,
    note: &str,
    options: &Import<'_>,
    job: impl FnOnce(&mut Batch<'_>) -> Result<(), ExchangeError>,
) -> Result<(), ExchangeError> {
    memory.attempt(note, options.now, options.who, |batch| match job(batch) {
        Ok(()) if !options.dry_run => Ok(Outcome::Keep(Ok(()))),
        // Of these the memory knows to say more.
        Err(ExchangeError::Memory(error)) => Err(error),
        done => Ok(Outcome::Discard(done)),
    })?
}

/// The known concepts with the new ones in the places of those that are the same, and how many of the new differ.
fn merged(known: Vec<Concept>, new: Vec<Concept>) -> (Vec<Concept>, usize) {
    let mut out = Concepts::new(known);
    let mut differ = 0;
    for concept in new {
        let mut changed = false;
        let added = out.add(concept, |known, concept| {
            changed = *known != concept;
            *known = concept;
        });
        differ += usize::from(added || changed);
    }
    (out.list, differ)
}

/// The readers that importing knows.
enum Reader<'f> {
    Tmx,
    Tbx,
    Xliff,
    Table,
    Glossary,
    Po,
    JsonLines,
    /// Without a header, in these languages.
    Pairs([Language; 2]),
    /// Line by line with the file of the translations.
    Beside([Language; 2]),
    /// Zip archives are read from the file itself.
    Xlsx(&'f Path),
}

/// Whether both files are plain text, and no lists of pairs: the second may be the translation of the first.
pub fn are_line_by_line(source: &Path, target: &Path) -> bool {
    let is_plain = |path: &Path| {
        let opened = File::open(path).and_then(formats::open);
        opened.is_ok_and(|opened| detect::detect(&opened) == Kind::Text && !pairs::is_tabbed(&opened.head_text()))
    };
    is_plain(source) && is_plain(target)
}

/// What a file is, in words, and who reads it.
fn reader<'f>(opened: &Opened<'_>, file: &'f Path, options: &Import<'_>) -> Result<(String, Reader<'f>), FormatError> {
    let kind = detect::detect(opened);
    let unsuitable = |what: String| Err(FormatError::Unsuitable(what));
    let languages = options.source.zip(options.target).map(|(source, target)| [source, target]);
    let reader = match &kind {
        Kind::Tmx => Reader::Tmx,
        Kind::Tbx => Reader::Tbx,
        Kind::Xliff => Reader::Xliff,
        Kind::Table => Reader::Table,
        Kind::Glossary => Reader::Glossary,
        Kind::Po => Reader::Po,
        Kind::JsonLines => Reader::JsonLines,
        Kind::Zip if opened.gzip => return unsuitable("this is a zip archive inside gzip: unpack it first".to_owned()),
        Kind::Zip => match xlsx::archive(File::open(file)?)? {
            xlsx::Archive::Xlsx => return Ok(("XLSX".to_owned(), Reader::Xlsx(file))),
            xlsx::Archive::Document(what) => {
                return unsuitable(format!("this is {what}: `yaddash run` aligns documents"));
            }
            xlsx::Archive::Other => return unsuitable("this is a zip archive: unpack it first".to_owned()),
        },
        Kind::Text => {
            let tabbed = pairs::is_tabbed(&opened.head_text());
            return match languages {
                Some(languages) if options.beside.is_some() => {
                    Ok(("text line by line".to_owned(), Reader::Beside(languages)))
                }
                Some(languages) if tabbed => Ok(("lines of source and target".to_owned(), Reader::Pairs(languages))),
                Some(_) => unsuitable(format!(
                    "this is {kind}, and not `source<TAB>target` either; of two files that go line by line, give both"
                )),
                None if tabbed => unsuitable(format!(
                    "this is {kind}: if its lines are `source<TAB>target`, say with `--from` and `--to` in which languages"
                )),
                None => unsuitable(format!("this is {kind}, which cannot be imported")),
            };
        }
        Kind::Empty => return unsuitable("the file is empty".to_owned()),
        kind => return unsuitable(format!("this is {kind}, which cannot be imported")),
    };
    Ok((kind.to_string(), reader))
}

impl Reader<'_> {
    fn read(
        self,
        opened: Opened<'_>,
        options: &Reading<'_>,
        each: &mut formats::Each<'_>,
    ) -> Result<Option<tmx::Header>, ExchangeError> {
        let named = |error| file_error(options.name, error);
        match self {
            Reader::Glossary => {
                for item in glossary_items(opened, options)? {
                    each(item).map_err(|stop| named(FormatError::Stopped(stop)))?;
                }
                Ok(None)
            }
            reader => reader.stream(opened, options, each).map_err(named),
        }
    }

    fn stream(
        self,
        opened: Opened<'_>,
        options: &Reading<'_>,
        each: &mut formats::Each<'_>,
    ) -> Result<Option<tmx::Header>, FormatError> {
        if let Reader::Xlsx(path) = self {
            return xlsx::read(File::open(path)?, options.lenient, each).map(|()| None);
        }
        let is_untold = matches!(self, Reader::Table | Reader::Po | Reader::Pairs(_) | Reader::Beside(_));
        let opened = if is_untold { opened.guessed_source() } else { opened.source() };
        let unknown = |encoding| FormatError::Unsuitable(format!("the encoding `{encoding}` it declares is not known"));
        let mut source = opened.map_err(unknown)?;
        source.lenient = options.lenient;
        let read = match self {
            Reader::Tmx => return tmx::read(source, each).map(Some),
            Reader::Tbx => tbx::read(source, each),
            Reader::Xliff => xliff::read(source, [options.source, options.target], each),
            Reader::Table => table::read(source, each).map(drop),
            Reader::Po => po::read(source, options.source, options.target, each),
            Reader::JsonLines => jsonl::read(source, each),
            Reader::Pairs(languages) => pairs::read(source, languages, each),
            Reader::Beside(languages) => {
                let path = options.beside.expect("what made it this reader");
                let mut other = formats::open(File::open(path)?)?.guessed_source().map_err(unknown)?;
                other.lenient = options.lenient;
                pairs::read_beside(source, (&path.to_string_lossy(), other), languages, each)
            }
            Reader::Glossary | Reader::Xlsx(_) => unreachable!("not read as a stream of text"),
        };
        read.map(|()| None)
    }
}

/// What a glossary table holds, as a reader of units would tell it.
fn glossary_items(opened: Opened<'_>, options: &Reading<'_>) -> Result<Vec<Item>, ExchangeError> {
    Ok(glossary::read_file(options.name, opened)?.items().collect())
}

fn file_error(name: &str, error: FormatError) -> ExchangeError {
    let file = name.to_owned();
    match error {
        FormatError::Broken { line, column, what } => ExchangeError::Broken { file, line, column, what },
        FormatError::Unsuitable(what) => ExchangeError::Unsuitable { file, what },
        FormatError::Io(error) => ExchangeError::File { file, error },
        FormatError::Stopped(stop) => match stop.downcast::<MemoryError>() {
            Ok(error) => ExchangeError::Memory(*error),
            Err(stop) => ExchangeError::Unsuitable { file, what: stop.to_string() },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct Desk {
        folder: tempfile::TempDir,
    }

    impl Desk {
        fn new() -> Desk {
            Desk { folder: tempfile::TempDir::new().unwrap() }
        }

        fn memory(&self) -> std::path::PathBuf {
            self.folder.path().join("m.db")
        }

        fn import(&self, name: &str, text: &str, lenient: bool, dry_run: bool) -> Result<Imported, String> {
            let path = self.folder.path().join(name);
            fs::write(&path, text).unwrap();
            let now = "2024-05-01T00:00:00Z".parse().unwrap();
            let options = Import { name, lenient, dry_run, now, ..options() };
            import(&self.memory(), &path, &options).map_err(|error| error.to_string())
        }

        fn export(&self, form: ExportForm, from: Option<Language>, to: &[Language]) -> Result<String, String> {
            let now = "2024-05-02T00:00:00Z".parse().unwrap();
            let wanted = Export { form, from, to: to.to_vec(), origin: None, since: None, pending: false, now };
            let mut out = Vec::new();
            export(&self.memory(), &wanted, &mut out).map_err(|error| error.to_string())?;
            Ok(String::from_utf8(out).unwrap())
        }
    }

    fn options() -> Import<'static> {
        Import {
            name: "",
            lenient: false,
            dry_run: false,
            source: None,
            target: None,
            beside: None,
            now: Timestamp::UNIX_EPOCH,
            who: "test",
            on_conflict: OnConflict::KeepBoth,
            backups: None,
            quarantine: None,
            watch: &crate::app::Unwatched,
            remarks: &|_, _| (),
        }
    }

    const TABLE: &str = "en,az,ru,note\nOne,Bir,Один,n\nTwo,İki,,\nThree,,,\n";

    #[test]
    fn the_same_file_twice_adds_nothing() {
        let desk = Desk::new();
        let first = desk.import("a.csv", TABLE, false, false).unwrap();
        assert_eq!((first.units, first.new, first.same, first.skipped.count), (2, 2, 0, 1));
        assert_eq!(first.skipped.first[0].line, 4);
        let second = desk.import("a.csv", TABLE, false, false).unwrap();
        assert_eq!((second.new, second.same), (0, 2));
    }

    #[test]
    fn an_import_tells_how_far_it_is() {
        struct Told(std::sync::Mutex<Vec<usize>>);
        impl Watch for Told {
            fn begin(&self, _: &'static str, length: usize) {
                self.0.lock().unwrap().push(length);
            }
            fn step(&self) {
                self.0.lock().unwrap().push(1);
            }
        }
        let desk = Desk::new();
        let path = desk.folder.path().join("a.tsv");
        fs::write(&path, format!("en\taz\n{}", "Open day\tAçıq qapı günü\n".repeat(3_000))).unwrap();
        let told = Told(Default::default());
        let now = "2024-05-01T00:00:00Z".parse().unwrap();
        let options = Import { name: "a.tsv", now, watch: &told, ..options() };
        assert_eq!(import(&desk.memory(), &path, &options).unwrap().units, 3_000);
        let steps = told.0.into_inner().unwrap();
        assert_eq!((steps[0], steps.len()), (100, 101), "a hundred steps of a hundredth each");
    }

    #[test]
    fn a_trial_changes_nothing() {
        let desk = Desk::new();
        assert_eq!(desk.import("a.csv", TABLE, false, true).unwrap().new, 2);
        assert!(!desk.memory().exists(), "a trial makes no memory");
        desk.import("a.csv", TABLE, false, false).unwrap();
        let more = format!("{TABLE}Four,Dörd,,\n");
        let trial = desk.import("b.csv", &more, false, true).unwrap();
        assert_eq!((trial.new, trial.same), (1, 2));
        assert_eq!(desk.import("b.csv", &more, false, true).unwrap(), trial);
    }

    #[test]
    fn a_broken_file_leaves_the_memory_as_it_was() {
        let desk = Desk::new();
        let broken = format!("{TABLE}Four,\"Dörd\n");
        let error = desk.import("b.csv", &broken, false, false).unwrap_err();
        assert_eq!(error, "b.csv:5:6: a quote is opened here and never closed: `\"Dörd`");
        assert_eq!(desk.import("a.csv", TABLE, false, false).unwrap().new, 2, "nothing was kept of the broken file");
        assert_eq!(desk.import("b.csv", &broken, true, false).unwrap().skipped.count, 2);
        let page = desk.import("x.tmx", "<!DOCTYPE html><html>", false, false).unwrap_err();
        assert_eq!(page, "x.tmx: this is an HTML page, which cannot be imported");
    }

    #[test]
    fn what_goes_out_comes_back_in() {
        let desk = Desk::new();
        desk.import("a.csv", TABLE, false, false).unwrap();
        for form in [ExportForm::Tmx, ExportForm::JsonLines] {
            let text = desk.export(form, None, &[]).unwrap();
            let again = desk.import("back", &text, false, false).unwrap();
            assert_eq!((again.new, again.same), (0, 2), "{text}");
        }
        let csv = desk.export(ExportForm::Csv, Some(Language::RU), &[Language::EN]).unwrap();
        assert_eq!(csv, "\u{feff}id,ru,en,note\r\n,Один,One,n\r\n");
        let all = desk.export(ExportForm::Tsv, None, &[]).unwrap();
        assert_eq!(all, "id\ten\taz\tru\tnote\n\tOne\tBir\tОдин\tn\n\tTwo\tİki\t\t\n");
        assert!(desk.export(ExportForm::Xliff, None, &[]).unwrap_err().starts_with("XLIFF holds one pair"));
        let xliff = desk.export(ExportForm::Xliff, Some(Language::EN), &[Language::AZ]).unwrap();
        assert_eq!(desk.import("x.xlf", &xliff, false, false).unwrap().units, 2);
    }

    #[test]
    fn a_glossary_table_goes_to_the_termbase() {
        let desk = Desk::new();
        let table = "concept,en,az,az_forbidden,flags\n1,visa,viza,vizə,\n2,,,,\n3,asylum,sığınacaq,,odd\n";
        let done = desk.import("terms.csv", table, false, false).unwrap();
        assert_eq!((done.units, done.concepts, done.new_concepts), (0, 2, 2));
        assert_eq!(done.skipped.first[0].what, "concept `2` has no term in any language");
        assert!(done.warnings.first[0].what.starts_with("column 5: flag `odd` is not known"), "{:?}", done.warnings);
        assert_eq!(desk.import("terms.csv", table, false, false).unwrap().new_concepts, 0);
        let tbx = desk.export(ExportForm::Tbx, None, &[]).unwrap();
        assert!(tbx.contains("<term>vizə</term>") && tbx.contains("deprecatedTerm-admn-sts"), "{tbx}");
        let error = desk.import("twice.csv", "concept,en,en\n", false, false).unwrap_err();
        assert_eq!(error, "twice.csv:1: column 3: `en` names a language twice");
    }

    #[test]
    fn concepts_of_two_glossaries_with_the_same_ids() {
        let desk = Desk::new();
        let tbx = |terms: &[(&str, &str)]| {
            let entry = |(id, term): &(&str, &str)| {
                format!(
                    "<termEntry id='{id}'><langSet xml:lang='en'><tig><term>{term}</term></tig></langSet></termEntry>"
                )
            };
            let entries: String = terms.iter().map(entry).collect();
            format!("<martif type='TBX'><text><body>{entries}</body></text></martif>")
        };
        let first = tbx(&[("c1", "visa"), ("c2", "asylum")]);
        assert_eq!(desk.import("a.tbx", &first, false, false).unwrap().new_concepts, 2);
        assert_eq!(desk.import("a.tbx", &first, false, false).unwrap().new_concepts, 0);
        let second = tbx(&[("c1", "permit")]);
        assert_eq!(desk.import("b.tbx", &second, false, false).unwrap().new_concepts, 1);
        assert_eq!(desk.import("b.tbx", &second, false, false).unwrap().new_concepts, 0);
        let out = desk.export(ExportForm::Tbx, None, &[]).unwrap();
        assert!(out.contains("<termEntry id=\"c1-2\">") && out.contains("visa"), "{out}");
    }
}
