//! Glossaries as TSV or CSV.
//!
//! The first line names the columns: `az` (the terms to write: the first is preferred, more after `;` are
//! admitted too), `az_admitted`, `az_deprecated`, `az_forbidden`, `az_proposed`, for any language; `concept`
//! (without it the first column names the concept), `definition`, `domain`, `note`, `source`, `valid_from`,
//! `valid_until`, `flags`. Other columns are passed over. Rows of one concept are taken together.
//!
//! TSV has one row a line and no quotes; CSV is RFC 4180 with `,` or `;`, told by the first line. UTF-8, or UTF-16
//! with a byte order mark. Lines that begin with `# ` are for people.
//!
//! Flags, parted by `;` (one that belongs to a term or a flag is written `\;`). `LANG=TERM` says which term is meant, `LANG` all of the language, neither all:
//!
//! | flag | says |
//! |---|---|
//! | `abbreviation:en=SMS` | may stand for the long form. Capitals beside a long form say so by themselves |
//! | `word:en=NATO` | capitals, but no abbreviation of the term beside it |
//! | `case:en=Service` | found only in these letters' own case |
//! | `indeclinable:ru=Милли` | never inflected |
//! | `head:en=attorney general>attorney` | the word that is inflected; those after it stay |
//! | `izafet:az=miqrasiya xidməti`, `no-izafet:az=elmi nəzəri` | the last word ends in a possessive, or only looks so |
//! | `reading:az=BMqT>be-em-qe-te` | how an abbreviation is read aloud: its endings follow the sound |
//! | `do-not-translate` | stands in every language as it is written |
//! | `form:az=söz>sözcük` | one more form of the term |
//! | `exception:en=SMS message` | in this phrase the letters mean something else |
//! | `from:az=TERM>2018-01-31`, `until:…` | the term has its status from or until that day, both included |
//! | `note:az=TERM>…`, `source:…`, `context:…` | what is said of the term, where it comes from, a sentence with it |

mod flags;
mod layout;
pub mod omegat;
mod patch;
mod read;
mod write;

use crate::formats::Item;
use crate::lang::Language;
use crate::model::{Concept, Status};
pub use flags::{apply as apply_flag, flags_of, marked_anew, without as without_flag};
pub use patch::{Patch, patched, places};
pub(super) use read::Reading;
pub(crate) use read::join;
pub use read::{read, read_file};
use std::io;
pub use write::{rows, write};

/// The longest table, in bytes: it is read whole.
const MAX_FILE: u64 = 64 << 20;

/// What a glossary holds, and the rows that could not be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Glossary {
    pub concepts: Vec<Concept>,
    pub skipped: Vec<Skipped>,
}

impl Glossary {
    /// As a reader of units would tell it.
    pub fn items(self) -> impl Iterator<Item = Item> {
        let left_out = self.skipped.into_iter().map(|skipped| match skipped.column {
            0 => Item::skipped(skipped.line, skipped.reason),
            column => Item::warning(skipped.line, format!("column {column}: {}", skipped.reason)),
        });
        self.concepts.into_iter().map(Item::Concept).chain(left_out)
    }
}

/// A row that was left out, or a remark about a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Of the file, from 1.
    pub line: usize,
    /// Of the row, from 1; 0 where the whole row is meant.
    pub column: usize,
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum GlossaryError {
    #[error("{name}: the file is empty")]
    Empty { name: String },
    #[error("{name}: a glossary table of more than 64 MiB")]
    TooLong { name: String },
    #[error("{name}:1: no column is a language: the first line names columns such as `en`, `az` and `ru_forbidden`")]
    NoLanguage { name: String },
    #[error("{name}:1: column {column}: `{column_name}` names a language twice")]
    Twice { name: String, column: usize, column_name: String },
    #[error("{name}: line {line}: the text is not UTF-8, nor UTF-16 with a byte order mark")]
    Encoding { name: String, line: usize },
    #[error("concept `{concept}`: a glossary table has no room for {what}")]
    Unwritable { concept: String, what: String },
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Concept,
    /// Terms to write: preferred, then admitted.
    Approved(Language),
    Terms(Language, Status),
    Definition,
    Domain,
    Note,
    Source,
    ValidFrom,
    ValidUntil,
    Flags,
    Other,
}

impl Column {
    /// As the header calls it.
    fn name(self) -> String {
        match self {
            Column::Concept => "concept".to_owned(),
            Column::Approved(language) | Column::Terms(language, Status::Preferred) => language.to_string(),
            Column::Terms(language, status) => format!("{language}_{}", status.as_str()),
            Column::Definition => "definition".to_owned(),
            Column::Domain => "domain".to_owned(),
            Column::Note => "note".to_owned(),
            Column::Source => "source".to_owned(),
            Column::ValidFrom => "valid_from".to_owned(),
            Column::ValidUntil => "valid_until".to_owned(),
            Column::Flags | Column::Other => "flags".to_owned(),
        }
    }

    /// What a concept says in a column of its own.
    fn said(self, concept: &Concept) -> Option<String> {
        match self {
            Column::Definition => concept.definition.clone(),
            Column::Domain => concept.domain.clone(),
            Column::Note => concept.note.clone(),
            Column::Source => concept.source.clone(),
            Column::ValidFrom => concept.valid.from.map(|date| date.to_string()),
            Column::ValidUntil => concept.valid.until.map(|date| date.to_string()),
            _ => None,
        }
    }
}

/// The columns of which a concept has one value.
const SINGLE: [Column; 6] =
    [Column::Definition, Column::Domain, Column::Note, Column::Source, Column::ValidFrom, Column::ValidUntil];

const STATUSES: [(&str, Status); 4] = [
    ("admitted", Status::Admitted),
    ("deprecated", Status::Deprecated),
    ("forbidden", Status::Forbidden),
    ("proposed", Status::Proposed),
];

fn column(name: &str) -> Column {
    let name = name.trim().to_lowercase();
    match name.as_str() {
        "concept" | "id" => return Column::Concept,
        "definition" => return Column::Definition,
        "domain" => return Column::Domain,
        "note" => return Column::Note,
        "source" => return Column::Source,
        "valid_from" | "valid from" => return Column::ValidFrom,
        "valid_until" | "valid until" => return Column::ValidUntil,
        "flags" => return Column::Flags,
        _ => {}
    }
    // Before plain codes: `en_admitted` would pass for a tag with a variant.
    for (word, status) in STATUSES {
        if let Some(language) =
            name.strip_suffix(word).and_then(|rest| rest.strip_suffix(['_', '-', ' '])).and_then(tag)
        {
            return Column::Terms(language, status);
        }
    }
    tag(&name).map_or(Column::Other, Column::Approved)
}

/// A language code as a column's name: two letters, or three of a language that has rows, then perhaps a script
/// and a region; not any word.
fn tag(name: &str) -> Option<Language> {
    let mut parts = name.split(['-', '_']);
    let head = parts.next()?.len();
    let language: Language = name.parse().ok()?;
    let known = head == 2 || (head == 3 && language.row().is_some());
    (known && parts.all(|part| (2..=4).contains(&part.len()))).then_some(language)
}

/// The language a column's name is the code of, region and script aside.
pub(super) fn language_column(name: &str) -> Option<Language> {
    match column(name) {
        Column::Approved(language) => Some(language),
        _ => None,
    }
}

/// Whether a column of this name makes a table one of terms, not of units.
pub(super) fn is_glossary_column(name: &str) -> bool {
    matches!(column(name), Column::Terms(..) | Column::Flags) || name.trim().eq_ignore_ascii_case("concept")
}

/// The text of a file that may begin with a byte order mark.
pub(crate) fn decoded(name: &str, bytes: &[u8]) -> Result<String, GlossaryError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes)
        && encoding != encoding_rs::UTF_8
    {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return match broken {
            false => Ok(text.into_owned()),
            true => Err(GlossaryError::Encoding { name: name.to_owned(), line: 1 }),
        };
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let upto = &bytes[..error.utf8_error().valid_up_to()];
        let line = upto.iter().filter(|byte| **byte == b'\n').count() + 1;
        GlossaryError::Encoding { name: name.to_owned(), line }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::forms::Grammar;
    use crate::model::{Period, Term};
    use proptest::prelude::*;

    fn of(text: &str) -> Glossary {
        read("g.tsv", text.as_bytes()).unwrap()
    }

    #[test]
    fn columns_say_language_and_status() {
        let got = of("concept\ten\ten_admitted\taz\taz_forbidden\tnote\tcolour\n\
             parliament\tMilli Majlis\tNational Assembly\tMilli Məclis\tMilli Mejlis;Mejlis\tsince 1995\tred\n");
        let concept = &got.concepts[0];
        assert_eq!(concept.id, "parliament");
        let terms: Vec<_> = concept.terms.iter().map(|t| (t.language.as_str(), t.text.as_str(), t.status)).collect();
        assert_eq!(
            terms,
            [
                ("en", "Milli Majlis", Status::Preferred),
                ("en", "National Assembly", Status::Admitted),
                ("az", "Milli Məclis", Status::Preferred),
                ("az", "Milli Mejlis", Status::Forbidden),
                ("az", "Mejlis", Status::Forbidden),
            ]
        );
        assert_eq!(concept.note.as_deref(), Some("since 1995"));
        assert!(got.skipped.is_empty());
    }

    #[test]
    fn the_first_column_names_the_concept() {
        let got = of("en\taz\nrefugee;asylee\tqaçqın\n\tmiqrant\n");
        assert_eq!(got.concepts.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["refugee", "miqrant"]);
    }

    #[test]
    fn csv_with_quotes_and_either_delimiter() {
        let got = read("g.csv", "\u{feff}concept;en;az\r\n1;\"a \"\"b\"\"\";\"x\"\r\n".as_bytes()).unwrap();
        assert_eq!(got.concepts[0].terms[0].text, "a \"b\"");
        let got = read("g.csv", b"concept,en,az\n1,\"one\",bir\n").unwrap();
        assert_eq!(got.concepts[0].terms[1].text, "bir");
    }

    #[test]
    fn utf_16() {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("az\nqaçqın\n".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(read("g.tsv", &bytes).unwrap().concepts[0].terms[0].text, "qaçqın");
    }

    #[test]
    fn flags() {
        let got =
            of("concept\ten\tflags\nservice\tState Migration Service;SMS\texception:en=SMS message;case:en=SMS\n");
        let concept = &got.concepts[0];
        assert_eq!(concept.exceptions, [(Language::EN, "SMS message".to_owned())]);
        assert!(concept.terms[1].abbreviation && concept.terms[1].case_sensitive);
        assert!(!concept.terms[0].abbreviation && !concept.terms[0].case_sensitive);
        let got = of("concept\ten\tflags\nx\tword\tcaase:en=word\n");
        assert_eq!((got.skipped[0].line, got.skipped[0].column), (2, 3));
        assert!(got.skipped[0].reason.contains("`caase:en=word`"));
        assert_eq!(got.concepts.len(), 1, "a bad flag leaves its row");
    }

    #[test]
    fn bad_files_and_rows_are_named() {
        assert_eq!(read("g.tsv", b"").unwrap_err().to_string(), "g.tsv: the file is empty");
        assert!(read("g.tsv", b"foo\tbarbar\nx\ty\n").unwrap_err().to_string().starts_with("g.tsv:1: no column"));
        assert!(read("g.tsv", b"az\nok\n\xff\n").unwrap_err().to_string().starts_with("g.tsv: line 3"));
        let got = of("az\ten\nbir\tone\textra\niki\ttwo\n");
        assert_eq!(got.concepts.len(), 1);
        assert_eq!(
            got.skipped,
            [Skipped { line: 2, column: 0, reason: "3 cells, but the first line names 2 columns".to_owned() }]
        );
    }

    /// The lines, columns and reasons of what is remarked.
    fn remarks(text: &str) -> Vec<(usize, usize, String)> {
        of(text).skipped.into_iter().map(|s| (s.line, s.column, s.reason)).collect()
    }

    #[test]
    fn what_is_wrong_with_a_row_is_told_and_the_others_serve() {
        let long = "uzun ".repeat(2_000);
        for (cell, column, reason) in [
            ("x\t—\t", 2, "`—` has neither letter nor digit"),
            (&*format!("x\t{long}\tbir"), 2, "a term of 9999 characters"),
            ("x\tone\tbir\tbir", 4, "`bir` is both preferred and forbidden in one concept: it counts as preferred"),
            ("ok\tsecond\t", 1, "has a preferred term in en already, `first`: `second` counts as admitted"),
            ("x\t\t\t\t", 0, "concept `x` has no term in any language"),
        ] {
            let text = format!("concept\ten\taz\taz_forbidden\nok\tfirst\tbirinci\t\n{cell}\n");
            let told = remarks(&text);
            assert_eq!(told.len(), 1, "{cell}: {told:?}");
            assert_eq!((told[0].0, told[0].1), (3, column), "{cell}");
            assert!(told[0].2.contains(reason), "{cell}: {}", told[0].2);
            assert_eq!(of(&text).concepts[0].terms[1].text, "birinci");
        }
        let arabic = of("concept\tar\ten\nx\tالهجرة\tmigration\n");
        assert_eq!((arabic.concepts[0].terms[0].text.as_str(), arabic.skipped.len()), ("الهجرة", 0));
    }

    #[test]
    fn a_column_misnamed_is_told() {
        let told = remarks("concept\ten\taz_forbiden\tazz\tcolour\tnr\nx\tone\tbir\tiki\tred\t1\n");
        assert_eq!(told.iter().map(|(line, column, _)| (*line, *column)).collect::<Vec<_>>(), [(1, 3), (1, 4)]);
        assert!(told[0].2.starts_with("`az_forbiden` is no column of terms"), "{}", told[0].2);
    }

    fn concepts() -> impl Strategy<Value = Vec<Concept>> {
        let text = "[a-zəğıİş][a-zA-ZəğıİşЖж;>\"'-]{0,8}( [a-zA-ZБщ]{1,6}){0,2}|[A-Z]{3}";
        let language = prop::sample::select(vec![Language::EN, Language::AZ, Language::RU]);
        let status =
            prop::sample::select(vec![Status::Admitted, Status::Deprecated, Status::Forbidden, Status::Proposed]);
        let term = (text, language.clone(), status, any::<[bool; 3]>(), prop::option::of("[a-z]{1,5}")).prop_map(
            |(text, language, status, [a, c, i], form)| {
                let mut term = Term {
                    abbreviation: a,
                    case_sensitive: c,
                    valid: Period { from: i.then(|| jiff::civil::date(2018, 1, 31)), until: None },
                    ..Term::new(text, language, status)
                };
                term.remark(|remarks| {
                    remarks.note = form.clone().filter(|_| a).map(|form| format!("{form}; > a"));
                    remarks.context = form.clone().filter(|_| c);
                });
                let forms = form.iter().cloned().collect();
                let reading = form.filter(|_| i);
                term.grammar =
                    Grammar { indeclinable: i, izafet: a.then_some(c), reading, forms, ..Grammar::default() };
                term
            },
        );
        let concept = (
            prop::collection::vec(term, 1..5),
            prop::option::of("[a-z]{1,9}"),
            prop::collection::vec((language, "[a-z]{2,6}( [a-z]{2,4})?"), 0..2),
        );
        prop::collection::vec(concept, 1..5).prop_map(|all| {
            all.into_iter()
                .enumerate()
                .map(|(at, (mut terms, note, exceptions))| {
                    for language in [Language::EN, Language::AZ, Language::RU] {
                        if let Some(first) = terms.iter_mut().find(|t| t.language == language) {
                            first.status = Status::Preferred;
                        }
                    }
                    let mut seen = Vec::new();
                    terms.retain(|t| {
                        let fresh = !seen.contains(&(t.language, t.text.clone()));
                        seen.push((t.language, t.text.clone()));
                        fresh
                    });
                    let (source, definition) =
                        (note.clone().filter(|n| n.len() > 4), note.clone().filter(|n| n.len() > 6));
                    let until = note.as_ref().filter(|n| n.len() > 7).map(|_| jiff::civil::date(2030, 12, 1));
                    let valid = Period { from: None, until };
                    let id = format!("c{at}");
                    let mut concept =
                        Concept { id, terms, note, source, definition, valid, exceptions, ..Concept::default() };
                    order(&mut concept);
                    concept
                })
                .collect()
        })
    }

    /// Terms by language and status: a table keeps no other order.
    fn order(concept: &mut Concept) {
        concept.terms.sort_by_key(|t| (t.language, t.status as u8));
    }

    #[test]
    fn a_change_leaves_all_else_byte_for_byte() {
        let table = "\u{feff}# the terms, \"as agreed\"\r\nconcept;\"en\";az;az_forbidden;colour\r\n\
                     a;visa; viza ;vizə;red\r\n\
                     b;\"permit\";icazə;\"icaze\";\"blue\"\"ish\"\r\n\
                     c;asylum;;;green";
        let old = read("g.csv", table.as_bytes()).unwrap();
        let of = |id: &str| old.concepts.iter().find(|c| c.id == id).unwrap().clone();
        let mut b = of("b");
        b.terms[1].text = "müsaidə".to_owned();
        b.terms.push(Term::new("izin", Language::AZ, Status::Deprecated));
        b.definition = Some("a; \"paper\"".to_owned());
        let new = Concept {
            terms: vec![Term::new("стаж", Language::RU, Status::Preferred)],
            id: "d".to_owned(),
            ..Concept::default()
        };
        let (old_b, old_c) = (of("b"), of("c"));
        let patches = [
            Patch { before: Some(&old_b), after: Some(&b), behind: None },
            Patch { before: None, after: Some(&new), behind: None },
        ];
        let out = String::from_utf8(patched("g.csv", table.as_bytes(), &patches).unwrap()).unwrap();
        assert_eq!(
            out,
            "\u{feff}# the terms, \"as agreed\"\r\nconcept;\"en\";az;az_forbidden;colour;az_deprecated;definition;ru\r\n\
             a;visa; viza ;vizə;red\r\n\
             b;\"permit\";müsaidə;\"icaze\";\"blue\"\"ish\";izin;\"a; \"\"paper\"\"\"\r\n\
             c;asylum;;;green\r\n\
             d;;;;;;;стаж\r\n"
        );
        let gone = [Patch { before: Some(&old_c), after: None, behind: None }];
        let out = String::from_utf8(patched("g.csv", table.as_bytes(), &gone).unwrap()).unwrap();
        assert_eq!(out, table.trim_end_matches("c;asylum;;;green"));
        for (behind, row) in [("a", 3), ("", 2)] {
            let back = [Patch { before: None, after: Some(&old_c), behind: Some(behind) }];
            let back = String::from_utf8(patched("g.csv", out.as_bytes(), &back).unwrap()).unwrap();
            let mut lines: Vec<&str> = out.split_inclusive('\n').collect();
            lines.insert(row, "c;asylum;;;\r\n");
            assert_eq!(back, lines.concat());
        }
        assert_eq!(places("g.csv", table.as_bytes()).unwrap()[1], ("b".to_owned(), 4));
    }

    #[test]
    fn a_new_preferred_term_takes_the_first_place() {
        for (table, want) in [
            ("concept,en\nx,old;other\n", "concept,en\nx,new;old;other\n"),
            ("concept,en,en_admitted\nx,old,other\n", "concept,en,en_admitted\nx,new,old;other\n"),
            ("en,az\nold,köhnə\n", "en,az,concept,en_admitted\nnew,köhnə,old,old\n"),
        ] {
            let before = read("g", table.as_bytes()).unwrap().concepts.remove(0);
            let mut after = before.clone();
            after.terms[0].status = Status::Admitted;
            after.terms.push(Term::new("new", Language::EN, Status::Preferred));
            let out =
                patched("g", table.as_bytes(), &[Patch { before: Some(&before), after: Some(&after), behind: None }])
                    .unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }

    #[test]
    fn encodings_stay() {
        let table = "az\nqaçqın\n";
        let mut bytes = vec![0xfe, 0xff];
        bytes.extend(table.encode_utf16().flat_map(u16::to_be_bytes));
        let before = read("g", &bytes).unwrap().concepts.remove(0);
        let out = patched("g", &bytes, &[Patch { before: Some(&before), after: None, behind: None }]).unwrap();
        assert_eq!(out, [0xfe, 0xff, 0, b'a', 0, b'z', 0, b'\n']);
    }

    #[test]
    fn days_and_what_is_said_of_terms() {
        let got = of("concept\tru\tvalid_from\tvalid_until\tsource\tflags\n\
             x\tМилли Меджлис;ММ\t2018-01-31\tsoon\tthe law\tfrom:ru=ММ>2020-02-01;note:ru=ММ>not in headings\\; never;until:ru=ММ>x\n");
        let concept = &got.concepts[0];
        assert_eq!(concept.valid.from, Some(jiff::civil::date(2018, 1, 31)));
        assert_eq!(concept.source.as_deref(), Some("the law"));
        assert_eq!(concept.terms[1].valid.from, Some(jiff::civil::date(2020, 2, 1)));
        assert_eq!(concept.terms[1].remarks().note.as_deref(), Some("not in headings; never"));
        let told: Vec<(usize, &str)> = got.skipped.iter().map(|s| (s.column, s.reason.as_str())).collect();
        assert_eq!(told[0], (4, "`soon` is no day: it is written `2018-01-31`"));
        assert_eq!(told[1], (6, "flag `until:ru=ММ>x`: a day is written `2018-01-31`"));
    }

    #[test]
    fn flags_are_taken_back() {
        let table = "concept\ten\tflags\nx\tattorney general;AG\thead:en=attorney general>attorney;case:en=AG\n";
        let mut concept = of(table).concepts.remove(0);
        without_flag(&mut concept, "case:en=AG").unwrap();
        assert!(
            !concept.terms[1].case_sensitive
                && concept.terms[0].grammar.head.is_some()
                && concept.terms[1].abbreviation
        );
        let error = without_flag(&mut concept, "case:en=AG").unwrap_err();
        assert_eq!(error, "concept `x` has no flag `case:en=AG`: it has head:en=attorney general>attorney");
    }

    #[test]
    fn a_short_row_gets_its_cells_in_order() {
        let (old, after) =
            (of("concept;en;flags\nc0;x;\n"), of("concept;flags;az\nc0;\"form:az=a>b;exception:en=y\";a\n"));
        let patch = Patch { before: old.concepts.first(), after: after.concepts.first(), behind: None };
        // The last cell is filled, and one comes behind it.
        let out = patched("g", b"concept;en;flags\nc0;x;\n", &[patch]).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, "concept;en;flags;az\nc0;;\"form:az=a>b;exception:en=y\";a\n");
        // A row that ends before.
        let out = patched("g", b"concept;en;flags\nc0;x\n", &[patch]).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, "concept;en;flags;az\nc0;;\"form:az=a>b;exception:en=y\";a\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(concepts in concepts(), delimiter in prop::sample::select(vec!['\t', ',', ';'])) {
            let mut bytes = Vec::new();
            write(&concepts, delimiter, &mut bytes).unwrap();
            let mut got = read("g", &bytes).unwrap();
            got.concepts.iter_mut().for_each(order);
            prop_assert_eq!(&got.skipped, &[]);
            prop_assert_eq!(got.concepts, concepts);
        }

        #[test]
        fn a_patched_table_reads_as_wanted(
            old in concepts(),
            new in concepts(),
            delimiter in prop::sample::select(vec!['\t', ',', ';']),
            shift in 0usize..3,
        ) {
            let mut bytes = Vec::new();
            write(&old, delimiter, &mut bytes).unwrap();
            let wanted: Vec<Concept> = new.into_iter().enumerate()
                .map(|(at, concept)| Concept { id: format!("c{}", at + shift), ..concept })
                .collect();
            // Those with an id of the old ones change, the others are new, the first of the old goes.
            let gone = old.first().filter(|first| wanted.iter().all(|concept| concept.id != first.id));
            let mut patches: Vec<Patch<'_>> = wanted.iter()
                .map(|after| Patch { before: old.iter().find(|c| c.id == after.id), after: Some(after), behind: None })
                .collect();
            patches.extend(gone.map(|gone| Patch { before: Some(gone), after: None, behind: None }));
            let out = patched("g", &bytes, &patches).unwrap();
            let mut got = read("g", &out).unwrap().concepts;
            let mut want: Vec<Concept> = old.iter()
                .filter(|c| Some(*c) != gone)
                .map(|c| wanted.iter().find(|w| w.id == c.id).unwrap_or(c).clone())
                .collect();
            want.extend(wanted.iter().filter(|w| old.iter().all(|c| c.id != w.id)).cloned());
            let same = |concept: &mut Concept| {
                order(concept);
                concept.exceptions.sort();
            };
            got.iter_mut().for_each(same);
            want.iter_mut().for_each(same);
            prop_assert_eq!(got, want);
            let untouched = old.iter().filter(|c| wanted.iter().all(|w| w.id != c.id) && Some(*c) != gone);
            let text = String::from_utf8(bytes).unwrap();
            let out = String::from_utf8(out).unwrap();
            for concept in untouched {
                let row = text.lines().find(|line| line.starts_with(&format!("{}{delimiter}", concept.id))).unwrap();
                prop_assert!(out.lines().any(|line| line == row), "{}", row);
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read("g", &bytes);
            let concept = Concept { id: "x".to_owned(), terms: vec![Term::new("x", Language::EN, Status::Preferred)], ..Concept::default() };
            let _ = patched("g", &bytes, &[Patch { before: None, after: Some(&concept), behind: None }]);
        }
    }
}
