//! One concept: its terms with their forms, where the memory says it, what became of it.

use super::{address, mark, status_class, status_word, told::Told, uses};
use crate::{
    app::{
        termbase::{differences, is_edit},
        terms::{described, forms_of},
    },
    formats::glossary::flags_of,
    lang::{
        Language,
        forms::{Case, Form, Grammar, Number, Possessor, Verb},
    },
    memory::{BatchId, Reader},
    model::{Concept, Status, Term},
    web::{
        error::WebError,
        visit::{Frame, Visit, page as made},
        words::Words,
    },
};
use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use serde::Deserialize;

/// Changes of a concept shown.
const CHANGES: usize = 20;
/// Forms listed beside the paradigm.
const FORMS: usize = 400;

/// What is asked of a concept, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A part of the page alone: `uses` or `forms`.
    pub part: String,
    /// Where the memory says it: `wrong` or `all`.
    show: String,
    /// Units before this one.
    before: String,
    /// The number of the term whose forms are shown, from 0.
    forms: String,
    /// A grammar to try out, as the form of it sends it.
    #[serde(flatten)]
    grammar: Tried,
    /// The batch just written.
    done: String,
}

/// What is said of a term's inflection, as a form sends it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tried {
    /// `1`: the others count.
    pub try_out: String,
    pub head: String,
    pub izafet: String,
    pub reading: String,
    pub indeclinable: String,
    pub case_sensitive: String,
    /// A form a line.
    pub more: String,
}

impl Tried {
    /// The term with this said of it.
    pub fn of(&self, term: &Term) -> Term {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let grammar = Grammar {
            indeclinable: !self.indeclinable.is_empty(),
            head: some(&self.head).filter(|head| Grammar::may_be_head(&term.text, head)),
            izafet: match self.izafet.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            reading: some(&self.reading),
            forms: self.more.lines().filter_map(some).collect(),
        };
        Term { grammar, case_sensitive: !self.case_sensitive.is_empty(), ..term.clone() }
    }
}

#[derive(Template)]
#[template(path = "terms-concept.html")]
struct Page {
    frame: Frame,
    concept: Concept,
    address: String,
    seen: String,
    groups: Vec<(Language, Vec<Shown>)>,
    languages: Vec<Language>,
    flags: Vec<String>,
    in_force: bool,
    /// Whether anything of it can be told to be wrong in a text.
    show: String,
    uses: Option<uses::Part>,
    forms: Option<Paradigm>,
    history: Vec<Batch>,
    done: Option<i64>,
    domains: Vec<String>,
}

#[derive(Template)]
#[template(path = "terms-uses.html")]
struct UsesPart {
    frame: Frame,
    address: String,
    uses: uses::Part,
}

#[derive(Template)]
#[template(path = "terms-forms.html")]
struct FormsPart {
    frame: Frame,
    seen: String,
    concept: Concept,
    paradigm: Paradigm,
}

/// A term as a page shows it.
struct Shown {
    /// Among all terms of the concept.
    at: usize,
    term: Term,
    /// What else is said of it.
    says: Vec<String>,
}

impl Shown {
    fn class(&self) -> &'static str {
        status_class(self.term.status)
    }

    fn word(&self) -> &'static str {
        status_word(self.term.status)
    }

    /// What it may be, each with its word, and whether it is.
    fn statuses(&self) -> Vec<(&'static str, &'static str, bool)> {
        Status::ALL.map(|status| (status.as_str(), status_word(status), status == self.term.status)).to_vec()
    }
}

/// A batch that changed the concept.
struct Batch {
    id: i64,
    date: String,
    who: String,
    told: Vec<Told>,
    undone: bool,
    /// It can be taken back here.
    undoable: bool,
}

/// The forms of one term.
pub(super) struct Paradigm {
    at: usize,
    term: Term,
    cases: Vec<&'static str>,
    /// What each row is, and its forms by case.
    rows: Vec<(Vec<&'static str>, Vec<String>)>,
    /// Those that fit no row, each with what it is.
    others: Vec<(String, String)>,
    /// All there are.
    count: usize,
}

impl Paradigm {
    /// The words one of which may be its head.
    fn heads(&self) -> Vec<&str> {
        let words = self.term.text.split([' ', '-', '\u{a0}']).filter(|word| !word.is_empty());
        let all: Vec<&str> = words.collect();
        if all.len() < 2 { Vec::new() } else { all }
    }

    fn is_head(&self, word: &&str) -> bool {
        self.term.grammar.head.as_deref() == Some(*word)
    }

    fn given(&self) -> String {
        self.term.grammar.forms.join("\n")
    }

    fn izafet(&self, said: &str) -> bool {
        match self.term.grammar.izafet {
            None => said.is_empty(),
            Some(izafet) => said == if izafet { "yes" } else { "no" },
        }
    }

    fn reading(&self) -> &str {
        self.term.grammar.reading.as_deref().unwrap_or_default()
    }

    fn new(words: &Words, at: usize, term: Term) -> Paradigm {
        const CASES: [Case; 7] = [
            Case::Nominative,
            Case::Genitive,
            Case::Dative,
            Case::Accusative,
            Case::Instrumental,
            Case::Locative,
            Case::Ablative,
        ];
        let all = forms_of(&term);
        let is_plain = |form: &Form| form.verb == Verb::None && !form.negative && form.tail.iter().all(Option::is_none);
        let written = |wanted: Form| all.iter().find(|(_, forms)| forms.contains(&wanted)).map(|(text, _)| text);
        let name = |form: Form| described(form).into_iter().map(form_word).collect::<Vec<_>>();
        let used = |case: &Case| all.iter().any(|(_, forms)| forms.iter().any(|f| is_plain(f) && f.case == *case));
        let cases: Vec<Case> = CASES.into_iter().filter(used).collect();
        let mut rows = Vec::new();
        for possessor in
            [Possessor::None, Possessor::Mine, Possessor::Yours, Possessor::Third, Possessor::Ours, Possessor::YoursAll]
        {
            for number in [Number::Singular, Number::Plural] {
                let form = |case: Case| Form { possessor, ..Form::new(number, case) };
                let texts: Vec<String> =
                    cases.iter().map(|case| written(form(*case)).cloned().unwrap_or_default()).collect();
                if texts.iter().any(|text| !text.is_empty()) {
                    // The case is told by the column.
                    let mut names = name(form(Case::Nominative));
                    names.pop();
                    names.reverse();
                    rows.push((names, texts));
                }
            }
        }
        let more = all.iter().filter(|(_, forms)| !forms.iter().any(is_plain));
        let others = more
            .take(FORMS)
            .map(|(text, forms)| {
                let told = forms
                    .iter()
                    .map(|form| name(*form).into_iter().map(|word| words.get(word)).collect::<Vec<_>>().join(" "));
                (text.clone(), told.collect::<Vec<_>>().join("; "))
            })
            .collect();
        let cases = cases.into_iter().filter_map(|case| name(Form::new(Number::Singular, case)).pop()).collect();
        Paradigm { at, term, cases, rows, others, count: all.len() }
    }
}

/// The word of the interface for what [`described`] says of a form.
fn form_word(name: &str) -> &'static str {
    let at = FORM_WORDS.iter().position(|(own, _)| *own == name);
    at.map_or("terms.form.other", |at| FORM_WORDS[at].1)
}

const FORM_WORDS: &[(&str, &str)] = &[
    ("nominative", "terms.form.nominative"),
    ("genitive", "terms.form.genitive"),
    ("dative", "terms.form.dative"),
    ("accusative", "terms.form.accusative"),
    ("instrumental", "terms.form.instrumental"),
    ("locative", "terms.form.locative"),
    ("ablative", "terms.form.ablative"),
    ("infinitive", "terms.form.infinitive"),
    ("action", "terms.form.action"),
    ("present", "terms.form.present"),
    ("past", "terms.form.past"),
    ("perfect", "terms.form.perfect"),
    ("perfect in -ıb", "terms.form.told"),
    ("future", "terms.form.future"),
    ("aorist", "terms.form.aorist"),
    ("must", "terms.form.must"),
    ("if", "terms.form.if"),
    ("let", "terms.form.let"),
    ("who does", "terms.form.doing"),
    ("what is done", "terms.form.done"),
    ("by doing", "terms.form.by"),
    ("until", "terms.form.until"),
    ("not", "terms.form.not"),
    ("plural", "terms.form.plural"),
    ("singular", "terms.form.singular"),
    ("my", "terms.form.my"),
    ("thy", "terms.form.thy"),
    ("its", "terms.form.its"),
    ("our", "terms.form.our"),
    ("your", "terms.form.your"),
    ("relative", "terms.form.relative"),
    ("according", "terms.form.according"),
    ("copula", "terms.form.copula"),
    ("I", "terms.form.i"),
    ("thou", "terms.form.thou"),
    ("we", "terms.form.we"),
    ("you", "terms.form.you"),
    ("it", "terms.form.it"),
    ("was", "terms.form.was"),
    ("is said to be", "terms.form.said"),
    ("question", "terms.form.question"),
    ("form of the verb", "terms.form.other"),
];

pub(super) async fn page(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    shown(visit, id, asked).await
}

/// What of a concept is asked for.
enum Answer {
    Uses(uses::Part),
    Forms(Box<(Concept, Paradigm)>),
    Whole(Box<Page>),
}

pub(super) async fn shown(visit: Visit, id: String, asked: Asked) -> Result<Response, WebError> {
    let (words, frame) = (visit.words, visit.frame("terms"));
    let place = address(&id);
    let own_frame = frame.clone();
    let own_place = place.clone();
    let answer = visit
        .office
        .read(move |office, reader| {
            let glossary = office.glossary(reader)?;
            let finder = glossary.finder();
            let concept = finder.at(&id).and_then(|at| glossary.all.get(at));
            let forms = |concept: &Concept| {
                let at: usize = asked.forms.parse().ok()?;
                let term = concept.terms.get(at)?.clone();
                let term = if asked.grammar.try_out.is_empty() { term } else { asked.grammar.of(&term) };
                Some(Paradigm::new(words, at, term))
            };
            let used = || {
                let (wrong, before) = (asked.show != "all", asked.before.parse().ok());
                uses::part(reader, &glossary.termbase(), &id, &office.setup.rules, wrong, before)
            };
            if asked.part == "uses" {
                concept.ok_or(WebError::NotFound)?;
                return Ok(Answer::Uses(used()?));
            }
            if asked.part == "forms" {
                let concept = concept.ok_or(WebError::NotFound)?;
                let paradigm = forms(concept).ok_or(WebError::NotFound)?;
                return Ok(Answer::Forms(Box::new((concept.clone(), paradigm))));
            }
            let history = history(reader, words, &id)?;
            // One that was taken out still has its history.
            let gone = Concept { id: id.clone(), ..Concept::default() };
            if concept.is_none() && history.is_empty() {
                return Err(WebError::NotFound);
            }
            let concept = concept.unwrap_or(&gone).clone();
            let in_force = concept.valid.holds(glossary.day);
            Ok(Answer::Whole(Box::new(Page {
                frame: own_frame,
                address: own_place,
                seen: mark(&concept),
                groups: groups(words, &concept),
                languages: languages(&finder.languages),
                flags: flags_of(&concept),
                in_force,
                uses: if asked.show.is_empty() || concept.terms.is_empty() { None } else { Some(used()?) },
                show: asked.show.clone(),
                forms: forms(&concept),
                history,
                done: asked.done.parse().ok(),
                domains: finder.domains.keys().cloned().collect(),
                concept,
            })))
        })
        .await?;
    match answer {
        Answer::Uses(uses) => made(&UsesPart { frame, address: place, uses }),
        Answer::Forms(shown) => {
            let (concept, paradigm) = *shown;
            made(&FormsPart { frame, seen: mark(&concept), concept, paradigm })
        }
        Answer::Whole(page) => made(&*page),
    }
}

/// The languages terms may be in: those of the glossary, then those with rows.
pub(super) fn languages(known: &[Language]) -> Vec<Language> {
    let mut out = known.to_vec();
    out.extend(Language::with_rows().filter(|language| !known.contains(language)));
    out
}

/// The terms by language, those to write first.
fn groups(words: &Words, concept: &Concept) -> Vec<(Language, Vec<Shown>)> {
    let of = |language: Language| {
        let own = concept.terms.iter().enumerate().filter(|(_, term)| term.language == language);
        let mut own: Vec<Shown> =
            own.map(|(at, term)| Shown { at, term: term.clone(), says: says(words, term) }).collect();
        own.sort_by_key(|shown| {
            (shown.term.status != Status::Preferred, !shown.term.status.approved(), shown.term.status)
        });
        (language, own)
    };
    concept.languages().into_iter().map(of).collect()
}

/// What is said of a term beside its status.
fn says(words: &Words, term: &Term) -> Vec<String> {
    let mut out = Vec::new();
    let mut put = |key: &str, value: Option<String>| {
        let word = words.get(key);
        out.push(value.map_or_else(|| word.to_owned(), |value| format!("{word}: {value}")));
    };
    if term.abbreviation {
        put("terms.abbreviation", None);
    }
    if term.case_sensitive {
        put("terms.own-case", None);
    }
    let Grammar { indeclinable, head, izafet, reading, forms } = &term.grammar;
    if *indeclinable {
        put("terms.indeclinable", None);
    }
    if let Some(izafet) = izafet {
        put(if *izafet { "terms.izafet.yes" } else { "terms.izafet.no" }, None);
    }
    for (key, value) in [("terms.head", head), ("terms.reading", reading)] {
        if let Some(value) = value {
            put(key, Some(value.clone()));
        }
    }
    if !forms.is_empty() {
        put("terms.more-forms", Some(forms.join(", ")));
    }
    for (key, date) in [("terms.valid-from", term.valid.from), ("terms.valid-until", term.valid.until)] {
        if let Some(date) = date {
            put(key, Some(date.to_string()));
        }
    }
    let remarks = term.remarks();
    for (key, text) in
        [("terms.note", &remarks.note), ("terms.source", &remarks.source), ("terms.context", &remarks.context)]
    {
        if let Some(text) = text {
            put(key, Some(text.clone()));
        }
    }
    out.extend(remarks.kept.iter().filter(|kept| kept.element.name != "id").map(|kept| kept.element.said()));
    out
}

fn history(reader: &Reader<'_>, words: &Words, id: &str) -> Result<Vec<Batch>, WebError> {
    let mut out = Vec::new();
    for change in reader.concept_changes(Some(id), CHANGES)? {
        let BatchId(number) = change.batch;
        let Some(info) = reader.batch(change.batch)? else { continue };
        out.push(Batch {
            id: number,
            date: info.made.strftime("%F %R").to_string(),
            who: info.who.clone(),
            told: Told::all(words, &differences(change.before.as_ref(), change.after.as_ref())),
            undone: info.undone_by.is_some(),
            undoable: info.undone_by.is_none() && is_edit(&info.note),
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::terms::FORM_NAMES;

    #[test]
    fn every_name_of_a_form_has_a_word() {
        for name in FORM_NAMES {
            assert!(FORM_WORDS.iter().any(|(own, _)| *own == name), "{name}");
        }
        for (name, word) in FORM_WORDS {
            assert_ne!(Words::of("en").get(word), *word, "{name}");
        }
    }

    #[test]
    fn a_paradigm_is_a_row_a_person() {
        let words = Words::of("en");
        let term = Term::new("Milli Məclis", Language::AZ, Status::Preferred);
        let shown = Paradigm::new(words, 0, term);
        let row = |names: &[&str]| {
            let wanted: Vec<&str> = names.to_vec();
            let found = shown.rows.iter().find(|(own, _)| *own == wanted);
            found.map(|(_, texts)| texts.clone()).unwrap_or_default()
        };
        let case = |word: &str| shown.cases.iter().position(|own| *own == word).unwrap();
        let genitive = case("terms.form.genitive");
        assert_eq!(row(&["terms.form.singular"])[genitive], "Milli Məclisin");
        assert_eq!(row(&["terms.form.our", "terms.form.singular"])[genitive], "Milli Məclisimizin");
        assert!(shown.others.iter().all(|(text, told)| !text.is_empty() && !told.is_empty()));
        assert!(shown.others.len() + shown.rows.len() <= shown.count);
        let russian = Term::new("служба", Language::RU, Status::Preferred);
        let shown = Paradigm::new(words, 0, russian);
        assert_eq!(shown.rows.len(), 2);
        assert!(shown.rows[0].1.contains(&"службой".to_owned()), "{:?}", shown.rows);
    }

    #[test]
    fn a_grammar_tried_out_changes_the_term_only() {
        let term = Term::new("attorney general", Language::EN, Status::Preferred);
        let tried = Tried {
            head: "attorney".to_owned(),
            more: " attorneys-general \n\n".to_owned(),
            case_sensitive: "1".to_owned(),
            ..Tried::default()
        };
        let new = tried.of(&term);
        assert_eq!((new.grammar.head.as_deref(), new.case_sensitive), (Some("attorney"), true));
        assert_eq!(new.grammar.forms, ["attorneys-general"]);
        // No word of the term.
        assert_eq!(Tried { head: "lawyer".to_owned(), ..Tried::default() }.of(&term), term);
    }
}
