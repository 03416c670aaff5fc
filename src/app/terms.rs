//! Glossaries from files, and the terms of texts.

use super::in_words;
use crate::formats::glossary::{self, Glossary, GlossaryError, Skipped, omegat};
use crate::formats::{self, FormatError, Item, Kind, detect, tbx, xlsx};
use crate::lang::{
    Language,
    forms::{self, Case, Form, Number, Possessor, Tail, Verb},
};
use crate::model::{Concept, Term};
use crate::terms::{Overlap, Termbase};
use crate::text::{LineIndex, Position};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

#[derive(Debug, thiserror::Error)]
pub enum TermsError {
    #[error("{}: {}", path.display(), in_words(error))]
    Read { path: PathBuf, error: io::Error },
    #[error(transparent)]
    Glossary(#[from] GlossaryError),
    /// A TBX that is not sound at a place, or a file of another kind.
    #[error("{}:{}{error}", path.display(), if error.is_broken() { "" } else { " " })]
    Format { path: PathBuf, error: FormatError },
    #[error("there is no concept `{wanted}`{}", meant(near))]
    NoConcept { wanted: String, near: Vec<String> },
    #[error("`{term}` is a term of {}: name one of these", quoted(concepts))]
    Several { term: String, concepts: Vec<String> },
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn meant(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!(": did you mean {}?", quoted(near)) }
}

/// What glossary files hold, in their order, and what was left out of each.
#[derive(Debug, Default)]
pub struct Glossaries {
    pub concepts: Vec<Concept>,
    pub skipped: Vec<(PathBuf, Skipped)>,
    /// Equal for equal files: a copy of the concepts is refreshed when it differs.
    pub fingerprint: String,
}

/// Reads glossary files, tables or TBX as their content tells, one after the other.
///
/// A concept that more than one file has, with the same id and a term in common, is one with the terms of both.
pub fn glossaries(paths: &[PathBuf]) -> Result<Glossaries, TermsError> {
    glossaries_in(paths, None)
}

/// As [`glossaries`]; a glossary of OmegaT is in this pair of languages, where its name does not tell another.
pub fn glossaries_in(paths: &[PathBuf], pair: Option<(Language, Language)>) -> Result<Glossaries, TermsError> {
    let read = paths.iter().map(|path| {
        let bytes = fs::read(path).map_err(|error| TermsError::Read { path: path.clone(), error })?;
        Ok((path.clone(), bytes))
    });
    glossaries_of(&read.collect::<Result<Vec<_>, TermsError>>()?, pair)
}

/// As [`glossaries_in`], of files that have been read.
pub(super) fn glossaries_of(
    files: &[(PathBuf, Vec<u8>)],
    pair: Option<(Language, Language)>,
) -> Result<Glossaries, TermsError> {
    let mut concepts = Concepts::default();
    let mut skipped = Vec::new();
    let mut hash = Sha256::new();
    for (path, bytes) in files {
        hash.update(bytes.len().to_le_bytes());
        hash.update(bytes);
        let read = one_glossary(path, bytes, pair)?;
        // The ids of one file are unique already.
        if concepts.list.is_empty() {
            concepts = Concepts::new(read.concepts);
        } else {
            for concept in read.concepts {
                concepts.add(concept, glossary::join);
            }
        }
        skipped.extend(read.skipped.into_iter().map(|skipped| (path.clone(), skipped)));
    }
    Ok(Glossaries { concepts: concepts.list, skipped, fingerprint: hex(&hash.finalize()) })
}

/// Where the glossary of a folder of releases is looked for: in it, beside it, in the working folder.
pub fn places_beside(folder: &Path) -> Vec<PathBuf> {
    let beside = folder.canonicalize().ok().and_then(|folder| folder.parent().map(Path::to_owned));
    let places = [Some(folder.to_owned()), beside, Some(PathBuf::new())];
    places.into_iter().flatten().map(|place| place.join("glossary")).collect()
}

/// The glossary files of a folder, by name.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_glossary = |path: &PathBuf| {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        path.is_file() && ending.is_some_and(|ending| matches!(ending.as_str(), "csv" | "tsv" | "tbx"))
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_glossary).collect();
    files.sort_unstable();
    files
}

/// What one glossary file holds.
pub(super) fn one_glossary(
    path: &Path,
    bytes: &[u8],
    pair: Option<(Language, Language)>,
) -> Result<Glossary, TermsError> {
    let named = |error| TermsError::Format { path: path.to_owned(), error };
    let name = path.display().to_string();
    let opened = formats::open(bytes).map_err(|error| named(error.into()))?;
    let kind = detect::detect(&opened);
    match &kind {
        Kind::Tbx => {
            let unknown =
                |encoding| FormatError::Unsuitable(format!("the encoding `{encoding}` it declares is not known"));
            let source = opened.source().map_err(|encoding| named(unknown(encoding)))?;
            gathered(|each| tbx::read(source, each)).map_err(named)
        }
        Kind::Zip if xlsx::archive(io::Cursor::new(bytes)).is_ok_and(|archive| archive == xlsx::Archive::Xlsx) => {
            let read = gathered(|each| xlsx::read(io::Cursor::new(bytes), false, each)).map_err(named)?;
            match read.concepts.is_empty() && read.skipped.is_empty() {
                true => Err(named(FormatError::Unsuitable("no sheet of it is a glossary".to_owned()))),
                false => Ok(read),
            }
        }
        Kind::Tmx | Kind::Xliff | Kind::Xml(_) | Kind::Html | Kind::Zip | Kind::Po | Kind::JsonLines => {
            Err(named(FormatError::Unsuitable(format!("this is {kind}, not a glossary (CSV, TSV, XLSX or TBX)"))))
        }
        Kind::Text if opened.head_text().contains('\t') && !is_table(&opened.head_text()) => {
            let Some((from, to)) = omegat::pair_of_name(&name).or(pair) else {
                let what = "the first line names no language: of a glossary of OmegaT say --from and --to, or name it \
                            `NAME.en-az.txt`";
                return Err(named(FormatError::Unsuitable(what.to_owned())));
            };
            Ok(omegat::read(&name, bytes, from, to)?)
        }
        Kind::Table | Kind::Glossary | Kind::Text | Kind::Empty => Ok(glossary::read_file(&name, opened)?),
    }
}

/// Whether the first line of a text names a column of terms.
fn is_table(text: &str) -> bool {
    glossary::read("", text.lines().next().unwrap_or_default().as_bytes()).is_ok()
}

/// The concepts a reader hands over; an id used again by chance gets another.
fn gathered(read: impl FnOnce(&mut formats::Each<'_>) -> Result<(), FormatError>) -> Result<Glossary, FormatError> {
    let mut out = Glossary::default();
    let mut concepts = Concepts::default();
    read(&mut |item| {
        match item {
            Item::Concept(concept) => {
                concepts.add(concept, glossary::join);
            }
            Item::Skipped(remark) | Item::Warning(remark) => {
                out.skipped.push(Skipped { line: remark.line, column: 0, reason: remark.what });
            }
            Item::Unit(_) => {}
        }
        Ok(())
    })?;
    out.concepts = concepts.list;
    Ok(out)
}

/// The concepts as they are in force at `date`: those out of date are not there, nor are terms whose status does not
/// hold that day.
pub fn valid_at(mut concepts: Vec<Concept>, date: Date) -> Vec<Concept> {
    concepts.retain_mut(|concept| {
        concept.terms.retain(|term| term.valid.holds(date));
        concept.valid.holds(date) && !concept.terms.is_empty()
    });
    concepts
}

/// The day of a moment, in UTC.
pub fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// Concepts under ids of their own.
#[derive(Debug, Default)]
pub(super) struct Concepts {
    pub list: Vec<Concept>,
    /// Where each id stands; made when the first concept is added to the list.
    places: Option<FxHashMap<String, usize>>,
}

impl Concepts {
    pub fn new(list: Vec<Concept>) -> Concepts {
        Concepts { list, places: None }
    }

    /// Adds a concept; `again` joins it with the one it is: with the same id and a term in common. If they have no
    /// term in common the id is used by chance (every tool counts `c1`, `c2`), and the new one gets another. Tells
    /// whether it is one more.
    pub fn add(&mut self, mut concept: Concept, again: impl FnOnce(&mut Concept, Concept)) -> bool {
        let related = |a: &Concept, b: &Concept| {
            a.terms.iter().any(|term| b.terms_in(term.language).any(|other| other.text == term.text))
        };
        let Concepts { list, places } = self;
        let places = places
            .get_or_insert_with(|| list.iter().enumerate().map(|(at, concept)| (concept.id.clone(), at)).collect());
        let base = concept.id.clone();
        let mut number = 1;
        while let Some(at) = places.get(&concept.id) {
            let known = &mut list[*at];
            if related(known, &concept) {
                again(known, concept);
                return false;
            }
            number += 1;
            concept.id = format!("{base}-{number}");
        }
        places.insert(concept.id.clone(), list.len());
        list.push(concept);
        true
    }
}

/// Bytes as people compare them.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A term in a text, as people count places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub start: Position,
    pub end: Position,
    /// As the glossary writes it.
    pub term: String,
    pub surface: String,
    pub concept: String,
}

/// The terms of one text. With `lines` each line is a text of its own.
pub fn find(termbase: &Termbase, language: Language, text: &str, lines: bool, overlap: Overlap) -> Vec<Hit> {
    let index = LineIndex::new(text);
    let mut out = Vec::new();
    let mut tell = |offset: usize, part: &str| {
        for found in termbase.find(language, part, overlap) {
            let span = found.span.shifted(offset);
            out.push(Hit {
                start: index.position(text, span.start),
                end: index.position(text, span.end),
                term: termbase.term_of(&found).text.clone(),
                surface: span.of(text).to_owned(),
                concept: termbase.concept_of(&found).id.clone(),
            });
        }
    };
    if lines {
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            tell(offset, line.trim_end_matches('\n'));
            offset += line.len();
        }
    } else {
        tell(0, text);
    }
    out
}

/// The concept of that id, or the one that holds the term.
///
/// # Errors
/// Where there is none, with names near it; where several hold the term.
pub fn concept<'c>(concepts: &'c [Concept], wanted: &str) -> Result<&'c Concept, TermsError> {
    if let Some(concept) = concepts.iter().find(|c| c.id == wanted) {
        return Ok(concept);
    }
    let holds = |t: &Term| t.language.key(&t.text) == t.language.key(wanted);
    let mut found = concepts.iter().filter(|c| c.terms.iter().any(holds));
    match (found.next(), found.next()) {
        (Some(concept), None) => Ok(concept),
        (None, _) => Err(TermsError::NoConcept { wanted: wanted.to_owned(), near: near(concepts, wanted) }),
        (Some(first), Some(second)) => {
            let ids = [first, second].into_iter().chain(found).map(|concept| concept.id.clone()).collect();
            Err(TermsError::Several { term: wanted.to_owned(), concepts: ids })
        }
    }
}

/// The ids most like `wanted`, itself or by a term.
fn near(concepts: &[Concept], wanted: &str) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let like = |text: &str| strsim::jaro_winkler(&text.to_lowercase(), &wanted);
    let mut all: Vec<(f64, &str)> = concepts
        .iter()
        .map(|concept| {
            let terms = concept.terms.iter().map(|term| like(&term.text));
            (terms.fold(like(&concept.id), f64::max), concept.id.as_str())
        })
        .filter(|(score, _)| *score >= 0.8)
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().take(3).map(|(_, id)| id.to_owned()).collect()
}

/// The forms of a term, each with what it is; those that look the same stand together.
pub fn forms_of(term: &Term) -> Vec<(String, Vec<Form>)> {
    let mut out: Vec<(String, Vec<Form>)> = Vec::new();
    for form in forms::forms(term.language) {
        let Some(text) = crate::terms::written(term, form) else { continue };
        match out.iter_mut().find(|(known, _)| *known == text) {
            Some((_, forms)) => forms.push(form),
            None => out.push((text, vec![form])),
        }
    }
    out
}

/// What [`described`] says of forms.
pub const FORM_NAMES: [&str; 42] = [
    "nominative",
    "genitive",
    "dative",
    "accusative",
    "instrumental",
    "locative",
    "ablative",
    "infinitive",
    "action",
    "present",
    "past",
    "perfect",
    "perfect in -ıb",
    "future",
    "aorist",
    "must",
    "if",
    "let",
    "who does",
    "what is done",
    "by doing",
    "until",
    "not",
    "plural",
    "singular",
    "my",
    "thy",
    "its",
    "our",
    "your",
    "relative",
    "according",
    "copula",
    "I",
    "thou",
    "we",
    "you",
    "it",
    "was",
    "is said to be",
    "question",
    "form of the verb",
];

/// A form in grammar's words, each a name of [`FORM_NAMES`].
pub fn described(form: Form) -> Vec<&'static str> {
    let case = |case| match case {
        Case::Nominative => "nominative",
        Case::Genitive => "genitive",
        Case::Dative => "dative",
        Case::Accusative => "accusative",
        Case::Instrumental => "instrumental",
        Case::Locative => "locative",
        Case::Ablative => "ablative",
    };
    let verb = match form.verb {
        Verb::None => None,
        Verb::Infinitive => Some("infinitive"),
        Verb::Action => Some("action"),
        Verb::Present => Some("present"),
        Verb::Past => Some("past"),
        Verb::Perfect => Some("perfect"),
        Verb::Told => Some("perfect in -ıb"),
        Verb::Future => Some("future"),
        Verb::Aorist => Some("aorist"),
        Verb::Must => Some("must"),
        Verb::If => Some("if"),
        Verb::Let => Some("let"),
        Verb::Doing => Some("who does"),
        Verb::Done => Some("what is done"),
        Verb::By => Some("by doing"),
        Verb::Until => Some("until"),
    };
    let mut out: Vec<&'static str> = form.negative.then_some("not").into_iter().chain(verb).collect();
    // The number of a tense stands in its person.
    out.extend(match form.number {
        Number::Plural => Some("plural"),
        Number::Singular => (form.verb == Verb::None).then_some("singular"),
    });
    out.extend(match form.possessor {
        Possessor::None => None,
        Possessor::Mine => Some("my"),
        Possessor::Yours => Some("thy"),
        Possessor::Third => Some("its"),
        Possessor::Ours => Some("our"),
        Possessor::YoursAll => Some("your"),
    });
    if form.verb == Verb::None || form.case != Case::Nominative {
        out.push(case(form.case));
    }
    out.extend(form.tail.into_iter().flatten().map(|tail| match tail {
        Tail::Relative => "relative",
        Tail::Until => "until",
        Tail::Equative => "according",
        Tail::Plural => "plural",
        Tail::Case(inner) => case(inner),
        Tail::Copula => "copula",
        Tail::Person(Possessor::Mine) => "I",
        Tail::Person(Possessor::Yours) => "thou",
        Tail::Person(Possessor::Ours) => "we",
        Tail::Person(Possessor::YoursAll) => "you",
        Tail::Person(_) => "it",
        Tail::Was => "was",
        Tail::Reported => "is said to be",
        Tail::If => "if",
        Tail::Question => "question",
        Tail::Verb(_) => "form of the verb",
    }));
    out
}

/// The text of a file's bytes, UTF-8 or by the byte order mark, with LF line ends.
pub fn decoded(name: &str, bytes: &[u8]) -> Result<String, TermsError> {
    let text = glossary::decoded(name, bytes)?;
    Ok(if text.contains('\r') { text.replace("\r\n", "\n") } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glossaries_of_both_kinds_are_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let table = file("a.csv", "concept,en,az\nc1,visa,viza\nc2,asylum,sığınacaq\n");
        // Told by its content, not its name.
        let tbx = file(
            "b.txt",
            "<martif type='TBX'><text><body>\
             <termEntry id='c1'><langSet xml:lang='en'><tig><term>visa</term></tig></langSet>\
             <langSet xml:lang='ru'><tig><term>виза</term></tig></langSet></termEntry>\
             <termEntry id='c2'><langSet xml:lang='en'><tig><term>permit</term></tig></langSet></termEntry>\
             <termEntry id='c3'></termEntry></body></text></martif>",
        );
        let read = glossaries(&[table.clone(), tbx.clone()]).unwrap();
        let shown: Vec<String> = read
            .concepts
            .iter()
            .map(|c| format!("{}: {}", c.id, c.terms.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")))
            .collect();
        assert_eq!(shown, ["c1: visa viza виза", "c2: asylum sığınacaq", "c2-2: permit"]);
        assert_eq!(read.skipped.len(), 1);
        assert_eq!((&read.skipped[0].0, read.skipped[0].1.line), (&tbx, 1));
        assert_ne!(read.fingerprint, glossaries(&[table]).unwrap().fingerprint);
    }

    #[test]
    fn a_glossary_of_omegat_needs_its_languages() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let path = folder.path().join(name);
            fs::write(&path, "visa\tviza\tnote\nasylum\tsığınacaq\n").unwrap();
            path
        };
        let error = glossaries(&[file("glossary.txt")]).unwrap_err().to_string();
        assert!(error.contains("say --from and --to"), "{error}");
        assert_eq!(glossaries(&[file("glossary.en-az.txt")]).unwrap().concepts.len(), 2);
        let pair = Some((Language::EN, Language::AZ));
        let read = glossaries_in(&[file("glossary.txt")], pair).unwrap();
        assert_eq!(read.concepts[1].terms[1].text, "sığınacaq");
    }

    #[test]
    fn what_is_out_of_date_is_not_in_force() {
        let table = "concept\ten\ten_forbidden\tvalid_from\tvalid_until\tflags\n\
                     minister-a\tA. B.\t\t\t2018-05-31\t\nminister-b\tC. D.\t\t2018-06-01\t\t\n\
                     majlis\tMajlis\tMejlis\t\t\tfrom:en=Mejlis>2015-01-01\n";
        let concepts = glossary::read("g", table.as_bytes()).unwrap().concepts;
        let at = |date: &str| {
            let valid = valid_at(concepts.clone(), date.parse().unwrap());
            valid.iter().map(|c| format!("{} {}", c.id, c.terms.len())).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(at("2014-12-31"), "minister-a 1, majlis 1");
        assert_eq!(at("2018-05-31"), "minister-a 1, majlis 2");
        assert_eq!(at("2018-06-01"), "minister-b 1, majlis 2");
    }

    #[test]
    fn a_concept_is_named_by_its_id_or_a_term_of_it_alone() {
        let table = "concept\ten\tru\nun\tUnited Nations\tООН\nvisa\tvisa\tвиза\nvisa-2\tentry visa;visa\t\n";
        let concepts = glossary::read("g", table.as_bytes()).unwrap().concepts;
        assert_eq!(concept(&concepts, "united nations").unwrap().id, "un");
        assert_eq!(concept(&concepts, "visa").unwrap().id, "visa");
        let said = |wanted: &str| concept(&concepts, wanted).unwrap_err().to_string();
        assert_eq!(said("Visa"), "`Visa` is a term of `visa`, `visa-2`: name one of these");
        assert_eq!(said("united natons"), "there is no concept `united natons`: did you mean `un`?");
        assert_eq!(said("qwerty"), "there is no concept `qwerty`");
    }

    #[test]
    fn every_word_for_a_form_is_listed() {
        for (text, language) in [("Xidmət", Language::AZ), ("qeydiyyata almaq", Language::AZ), ("служба", Language::RU)]
        {
            let forms = forms_of(&Term::new(text, language, crate::model::Status::Preferred));
            assert!(forms.len() > 5, "{text}");
            for form in forms.into_iter().flat_map(|(_, forms)| forms) {
                let said = described(form);
                assert!(said.iter().all(|name| FORM_NAMES.contains(name)), "{text}: {said:?}");
            }
        }
    }

    #[test]
    fn what_is_no_glossary_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let fault = |text: &str| {
            let path = folder.path().join("terms.tbx");
            fs::write(&path, text).unwrap();
            glossaries(&[path]).unwrap_err().to_string().replace(&*folder.path().to_string_lossy(), "")
        };
        assert_eq!(fault("<tmx version='1.4'/>"), "/terms.tbx: this is TMX, not a glossary (CSV, TSV, XLSX or TBX)");
        assert_eq!(
            fault("<tbx>\n<a></tbx>"),
            "/terms.tbx:2:4: end tag `</tbx>` where `</a>` was due (opened on line 2)"
        );
        assert_eq!(fault(""), "/terms.tbx: the file is empty");
    }
}
