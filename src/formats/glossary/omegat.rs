//! OmegaT's glossary: `source<TAB>target<TAB>comment`, a line a pair; lines that begin with `#` are comments. [OmegaT
//! manual, Glossaries]
//!
//! It knows one pair of languages and no status: what is not to be written goes out in the comment, `FORBIDDEN: …`, and is
//! read back from there.

use super::{Glossary, GlossaryError, Skipped, decoded};
use crate::lang::Language;
use crate::model::{Concept, Status, Term};
use rustc_hash::FxHashMap;

const AVOID: &str = "FORBIDDEN: ";

/// The file: each term of the source with each of the target that may be written.
pub fn written(concepts: &[&Concept], from: Language, to: Language) -> String {
    let mut out = String::from("# -*- coding: utf-8 -*-\n");
    for concept in concepts {
        let avoid = in_language(concept, to, |status| matches!(status, Status::Deprecated | Status::Forbidden));
        let avoid = (!avoid.is_empty()).then(|| format!("{AVOID}{}", avoid.join("; ")));
        let comment: Vec<String> =
            avoid.into_iter().chain(concept.note.clone()).chain(concept.definition.clone()).collect();
        for term in in_language(concept, from, Status::approved) {
            for word in in_language(concept, to, Status::approved) {
                let cells = [term, word, &comment.join(". ")].map(|cell| cell.replace(['\t', '\n', '\r'], " "));
                out.push_str(&cells.join("\t"));
                out.push('\n');
            }
        }
    }
    out
}

/// The terms of these statuses, the preferred first.
fn in_language(concept: &Concept, language: Language, status: impl Fn(Status) -> bool) -> Vec<&str> {
    let mut terms: Vec<&Term> = concept.terms_in(language).filter(|term| status(term.status)).collect();
    terms.sort_by_key(|term| term.status);
    terms.into_iter().map(|term| term.text.as_str()).collect()
}

/// Reads such a file. Lines of one source are one concept, named by it: its first target is preferred, the others are
/// admitted.
///
/// # Errors
/// What is no text in UTF-8 or UTF-16.
pub fn read(name: &str, bytes: &[u8], from: Language, to: Language) -> Result<Glossary, GlossaryError> {
    let text = decoded(name, bytes)?;
    let mut out = Glossary::default();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut cells = line.split('\t').map(str::trim);
        let (source, target) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        if source.is_empty() || target.is_empty() {
            let reason = "a line is `source<TAB>target<TAB>comment`".to_owned();
            out.skipped.push(Skipped { line: at + 1, column: 0, reason });
            continue;
        }
        let place = *known.entry(source.to_owned()).or_insert_with(|| {
            let mut concept = Concept { id: source.to_owned(), ..Concept::default() };
            concept.terms.push(Term::new(source, from, Status::Preferred));
            out.concepts.push(concept);
            out.concepts.len() - 1
        });
        let concept = &mut out.concepts[place];
        let mut add = |text: &str, status: Status| {
            if !text.is_empty() && !concept.terms_in(to).any(|term| term.text == text) {
                let first = concept.preferred(to).is_none();
                let status = if status == Status::Admitted && first { Status::Preferred } else { status };
                concept.terms.push(Term::new(text, to, status));
            }
        };
        add(target, Status::Admitted);
        let comment = cells.next().unwrap_or_default();
        let note = match comment.strip_prefix(AVOID) {
            Some(rest) => {
                let (avoid, note) = rest.split_once(". ").unwrap_or((rest, ""));
                avoid.split(';').for_each(|text| add(text.trim(), Status::Forbidden));
                note
            }
            None => comment,
        };
        if !note.is_empty() && concept.note.is_none() {
            concept.note = Some(note.to_owned());
        }
    }
    Ok(out)
}

/// The pair of languages a file's name tells: `glossary.en-az.txt`, `en_az.utf8`.
pub fn pair_of_name(name: &str) -> Option<(Language, Language)> {
    let name = name.rsplit(['/', '\\']).next()?;
    name.split('.').rev().find_map(|part| {
        let (from, to) = part.split_once(['-', '_'])?;
        let language = |code: &str| (code.len() == 2).then(|| code.parse::<Language>().ok()).flatten();
        language(from).zip(language(to)).filter(|(from, to)| from != to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_comes_back() {
        let mut concept =
            Concept { id: "Milli Majlis".to_owned(), note: Some("See the law.".to_owned()), ..Concept::default() };
        for (text, language, status) in [
            ("Milli Majlis", Language::EN, Status::Preferred),
            ("Parlament", Language::AZ, Status::Admitted),
            ("Milli Məclis", Language::AZ, Status::Preferred),
            ("Milli Meclis", Language::AZ, Status::Forbidden),
            ("Милли Меджлис", Language::RU, Status::Preferred),
        ] {
            concept.terms.push(Term::new(text, language, status));
        }
        let text = written(&[&concept], Language::EN, Language::AZ);
        assert_eq!(
            text,
            "# -*- coding: utf-8 -*-\n\
             Milli Majlis\tMilli Məclis\tFORBIDDEN: Milli Meclis. See the law.\n\
             Milli Majlis\tParlament\tFORBIDDEN: Milli Meclis. See the law.\n"
        );
        let back = read("g.txt", text.as_bytes(), Language::EN, Language::AZ).unwrap();
        concept.terms.retain(|term| term.language != Language::RU);
        let [got] = &back.concepts[..] else { panic!("{back:?}") };
        let sorted = |concept: &Concept| {
            let mut terms = concept.terms.clone();
            terms.sort_by_key(|term| (term.language, term.status));
            terms
        };
        assert_eq!((sorted(got), &got.note, &got.id), (sorted(&concept), &concept.note, &concept.id));
    }

    #[test]
    fn lines_that_say_too_little_are_named() {
        let got = read("g.txt", b"# x\n\nvisa\tviza\nalone\n", Language::EN, Language::AZ).unwrap();
        assert_eq!((got.concepts.len(), got.skipped[0].line), (1, 4));
    }

    #[test]
    fn names_tell_the_pair() {
        for (name, want) in [
            ("a/glossary.en-az.txt", Some((Language::EN, Language::AZ))),
            ("ru_en.utf8", Some((Language::RU, Language::EN))),
            ("glossary.txt", None),
            ("en-en.txt", None),
            ("my-list.txt", None),
        ] {
            assert_eq!(pair_of_name(name), want, "{name}");
        }
    }
}
