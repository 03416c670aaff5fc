//! All terms of all languages in one pass over a text.
//!
//! A term is a row of words, each with the stems it may have (`lang::forms`); the rows of one language share a
//! trie. Each word of a text is looked up by its prefixes, so the cost of a text is its length times the length
//! of its words, whatever the number of terms. Words of a term may be parted by any white space short of a blank
//! line, by a hyphen, by quotation marks.

use super::{
    index::{Entry, Filled, Index, Prepared, Stretch},
    resemble::Wanted,
    words::{SPACE, TextWord, words},
};
use crate::lang::{
    self, Language,
    forms::{self, Form, Grammar},
};
use crate::model::{Concept, Status, Term};
use crate::text::Span;
use rustc_hash::FxHashMap;
use std::{
    collections::BTreeMap,
    panic::resume_unwind,
    sync::{Arc, OnceLock, PoisonError, RwLock},
    thread,
};

/// The concepts of one or more glossaries, ready to be found. The terms of a language are made ready when it is
/// first asked for.
#[derive(Debug, Default)]
pub struct Termbase {
    concepts: Vec<Concept>,
    indices: BTreeMap<Language, OnceLock<Index>>,
    /// Terms taken apart to be looked for where they are missing, when they are first missed.
    wanted: RwLock<FxHashMap<(u32, u32), Arc<Wanted>>>,
}

/// A term in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Into [`Termbase::concepts`], and into the terms of that concept.
    pub concept: usize,
    pub term: usize,
    pub span: Span,
    /// The forms it may be in; empty where its words never change.
    pub forms: Vec<Form>,
}

/// Which of the terms that share letters are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// The longest from each place on; the next begins after it.
    Longest,
    All,
}

/// How many concepts are taken apart at a time, by each thread.
const PORTION: usize = 4_096;

impl Termbase {
    /// A concept that is not translated gets its own term in each language it has none in.
    pub fn new(mut concepts: Vec<Concept>) -> Termbase {
        let mut indices: BTreeMap<Language, OnceLock<Index>> = BTreeMap::new();
        let mut add = |language: Language| {
            indices.entry(language).or_default();
        };
        for concept in &concepts {
            concept.terms.iter().for_each(|term| add(term.language));
            concept.exceptions.iter().for_each(|(language, _)| add(*language));
        }
        if concepts.iter().any(|concept| concept.do_not_translate) {
            Language::with_rows().for_each(add);
            let languages: Vec<Language> = indices.keys().copied().collect();
            for concept in concepts.iter_mut().filter(|concept| concept.do_not_translate) {
                languages.iter().for_each(|language| as_it_is(concept, *language));
            }
        }
        Termbase { concepts, indices, wanted: RwLock::default() }
    }

    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    pub fn concept_of(&self, found: &Found) -> &Concept {
        &self.concepts[found.concept]
    }

    pub fn term_of(&self, found: &Found) -> &Term {
        &self.concepts[found.concept].terms[found.term]
    }

    /// A term of a concept taken apart.
    pub(super) fn wanted(&self, concept: usize, term: usize) -> Arc<Wanted> {
        let place = (concept as u32, term as u32);
        if let Some(known) = self.wanted.read().unwrap_or_else(PoisonError::into_inner).get(&place) {
            return Arc::clone(known);
        }
        let new = Arc::new(Wanted::new(&self.concepts[concept].terms[term]));
        self.wanted.write().unwrap_or_else(PoisonError::into_inner).insert(place, Arc::clone(&new));
        new
    }

    fn index(&self, language: Language) -> Option<&Index> {
        Some(self.indices.get(&language)?.get_or_init(|| {
            let mut index = Index::new();
            let threads = if self.concepts.len() < PORTION { 1 } else { rayon::current_num_threads() };
            let mut from = 0;
            while from < self.concepts.len() {
                // Plain threads: a worker of the pool that waits here must not be handed the like of its own work.
                let parts: Vec<Vec<Prepared>> = thread::scope(|scope| {
                    let portion = |number: usize| self.prepared(language, from + number * PORTION);
                    let others: Vec<_> = (1..threads).map(|number| scope.spawn(move || portion(number))).collect();
                    let mut parts = vec![portion(0)];
                    // A portion that panicked panics here, as it would have done on this thread.
                    let done =
                        |other: thread::ScopedJoinHandle<'_, _>| other.join().unwrap_or_else(|p| resume_unwind(p));
                    parts.extend(others.into_iter().map(done));
                    parts
                });
                parts.into_iter().flatten().for_each(|term| index.add(term));
                from += threads * PORTION;
            }
            index
        }))
    }

    /// The terms of a portion of concepts, from `from` on, in `language`.
    fn prepared(&self, language: Language, from: usize) -> Vec<Prepared> {
        let mut out = Vec::new();
        for (at, concept) in self.concepts.iter().enumerate().skip(from).take(PORTION) {
            let concept_number = at as u32;
            let mut add = |number: Option<usize>, term: &Term| {
                out.extend(Prepared::new(language, concept_number, number.map(|number| number as u32), term));
            };
            for (number, term) in concept.terms.iter().enumerate().filter(|(_, term)| term.language == language) {
                add(Some(number), term);
                for form in &term.grammar.forms {
                    let grammar = Grammar { indeclinable: true, ..Grammar::default() };
                    add(Some(number), &Term { text: form.clone(), grammar, ..term.clone() });
                }
            }
            for (_, phrase) in concept.exceptions.iter().filter(|(of, _)| *of == language) {
                add(None, &Term::new(phrase.as_str(), language, Status::Proposed));
            }
        }
        out
    }

    /// The terms in `text`, by place, longer ones first.
    pub fn find(&self, language: Language, text: &str, overlap: Overlap) -> Vec<Found> {
        let mut out = self.find_all(language, text);
        if overlap == Overlap::Longest {
            longest(&mut out);
        }
        out
    }

    fn find_all(&self, language: Language, text: &str) -> Vec<Found> {
        let Some(index) = self.index(language) else { return Vec::new() };
        let words = words(language, text);
        let mut search = Search {
            index,
            language,
            text,
            words: &words,
            filled: Vec::new(),
            of_word: Vec::new(),
            forms: Vec::new(),
            found: Vec::new(),
        };
        for word in &words {
            let start = search.filled.len() as u32;
            index.fill(language, word, &mut search.filled, &mut search.forms);
            search.of_word.push((start, search.filled.len() as u32));
        }
        for start in 0..words.len() {
            search.step(0, start, start, None);
        }
        let mut exceptions: Vec<(usize, Span)> = Vec::new();
        let mut out = Vec::new();
        for Hit { concept, term, span, forms } in search.found {
            match term {
                Some(term) => out.push(Found { concept: concept as usize, term: term as usize, span, forms }),
                None => exceptions.push((concept as usize, span)),
            }
        }
        if !exceptions.is_empty() {
            exceptions.sort_unstable();
            out.retain(|found| {
                let from = exceptions.partition_point(|(concept, _)| *concept < found.concept);
                let own = exceptions[from..].iter().take_while(|(concept, _)| *concept == found.concept);
                !own.into_iter().any(|(_, span)| span.contains(found.span))
            });
        }
        out.sort_by_key(|f| (f.span.start, usize::MAX - f.span.end, f.concept, f.term));
        out.dedup_by(|b, a| {
            let same = a.span == b.span && a.concept == b.concept && a.term == b.term;
            if same {
                a.forms.append(&mut b.forms);
            }
            same
        });
        out
    }
}

/// Puts the term of a concept that is not translated among the terms of `language`, if it has none there.
fn as_it_is(concept: &mut Concept, language: Language) {
    if concept.preferred(language).is_some() {
        return;
    }
    let own = lang::lead(concept.terms.iter().filter(|t| t.status.approved()).map(|t| t.language));
    if let Some(term) = own.and_then(|own| concept.preferred(own)).cloned() {
        let grammar = Grammar { izafet: Some(false), ..Grammar::default() };
        concept.terms.push(Term { language, grammar, ..term });
    }
}

/// Keeps the longest from each place on, and those of the same span.
pub(super) fn longest(found: &mut Vec<Found>) {
    let mut kept: Option<Span> = None;
    found.retain(|f| match kept {
        Some(span) if span == f.span => true,
        Some(span) if f.span.start < span.end => false,
        _ => {
            kept = Some(f.span);
            true
        }
    });
}

/// A way through the trie.
struct Hit {
    concept: u32,
    term: Option<u32>,
    span: Span,
    forms: Vec<Form>,
}

struct Search<'s> {
    index: &'s Index,
    language: Language,
    text: &'s str,
    words: &'s [TextWord],
    /// The slots all words can fill, and which of them are each word's.
    filled: Vec<Filled>,
    of_word: Vec<Stretch>,
    /// What the stretches of forms are of.
    forms: Vec<Form>,
    found: Vec<Hit>,
}

impl Search<'_> {
    /// From `node` on, having read the words `start..at`, whose common forms are `forms` (`None`: any).
    fn step(&mut self, node: u32, start: usize, at: usize, forms: Option<Stretch>) {
        let Some(word) = self.words.get(at) else { return };
        let gap = match (at == start, word.gap) {
            (true, _) => SPACE,
            (false, Some(gap)) => gap,
            (false, None) => return,
        };
        let (first, last) = self.of_word[at];
        for number in first..last {
            let Filled { slot, forms: own } = self.filled[number as usize];
            let Some(next) = self.index.step(node, gap, slot) else { continue };
            let both = match (forms, own) {
                (Some(a), Some(b)) => match self.common(a, b) {
                    Some(common) => Some(common),
                    None => continue, // the words do not agree
                },
                (one, other) => one.or(other),
            };
            let index = self.index;
            for entry in index.entries_at(next) {
                self.end(entry, start, at, both);
            }
            self.step(next, start, at + 1, both);
        }
    }

    /// The forms two stretches have in common.
    fn common(&mut self, a: Stretch, b: Stretch) -> Option<Stretch> {
        let start = self.forms.len();
        for at in a.0..a.1 {
            let form = self.forms[at as usize];
            if self.forms[b.0 as usize..b.1 as usize].contains(&form) {
                self.forms.push(form);
            }
        }
        (self.forms.len() > start).then_some((start as u32, self.forms.len() as u32))
    }

    fn end(&mut self, entry: &Entry, start: usize, at: usize, forms: Option<Stretch>) {
        let (first, last) = (&self.words[start], &self.words[at]);
        let mut span = Span::new(first.span.start, last.span.end);
        let mut cased = self.words[start..=at].iter().zip(&entry.own_case);
        if !cased.all(|(word, own)| own.suits(self.language, word.span.of(self.text))) {
            return;
        }
        if !entry.after.is_empty() {
            if !self.text[span.end..].starts_with(&*entry.after) {
                return;
            }
            span.end += entry.after.len();
        }
        let mut forms = forms.map_or_else(Vec::new, |(from, to)| self.forms[from as usize..to as usize].to_vec());
        if entry.inflects
            && let Some(next) = self.words.get(at + 1)
            && next.hyphen
        {
            // DMX-nin: the ending stands in a word of its own.
            let mut apart = Vec::new();
            forms::read_apart(self.language, &next.key, &mut apart);
            if !apart.is_empty() {
                span.end = next.span.end;
                forms = apart;
            }
        }
        // The last stop of `U.S.`, where it is not the end of the sentence.
        if last.span.of(self.text).contains('.') && self.text[span.end..].starts_with(". ") {
            let next = self.text[span.end + 2..].chars().next();
            if next.is_some_and(char::is_lowercase) {
                span.end += 1;
            }
        }
        self.found.push(Hit { concept: entry.concept, term: entry.term, span, forms });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::forms::{Case, Number};
    use crate::terms::written_as;
    use proptest::prelude::*;

    fn base(language: Language, terms: &[&str]) -> Termbase {
        let concept = |(at, term): (usize, &&str)| Concept {
            id: at.to_string(),
            terms: vec![Term::new(*term, language, Status::Preferred)],
            ..Concept::default()
        };
        Termbase::new(terms.iter().enumerate().map(concept).collect())
    }

    fn found<'t>(language: Language, terms: &[&str], text: &'t str) -> Vec<&'t str> {
        base(language, terms).find(language, text, Overlap::Longest).iter().map(|f| f.span.of(text)).collect()
    }

    /// Terms of the kinds a press office has, whose every form must be found again.
    const TERMS: &[(Language, &[&str])] = &[
        (
            Language::EN,
            &["migrant", "residence permit", "State Migration Service", "agency", "spokesman", "leaf", "crisis"],
        ),
        (
            Language::AZ,
            &[
                "miqrant",
                "vətəndaş",
                "uşaq",
                "ürək",
                "hüquq",
                "şəkil",
                "su",
                "Bakı",
                "ölkə",
                "söz",
                "gün",
                "yol",
                "Dövlət Miqrasiya Xidməti",
                "yaşayış icazəsi",
                "İcra Komitəsi",
                "insan alveri",
                "DMX",
                "ABŞ",
                "UNESKO",
                "AMEA",
                "Milli Məclis",
                "iş təcrübəsi",
                "sərhəd buraxılış məntəqəsi",
                "daimi yaşamaq hüququ",
                "təşkilat",
                "iclas",
            ],
        ),
        (
            Language::RU,
            &[
                "мигрант",
                "беженец",
                "гражданин",
                "служба",
                "область",
                "день",
                "решение",
                "статья",
                "время",
                "дитя",
                "путь",
                "Государственная миграционная служба",
                "торговля людьми",
                "вид на жительство",
                "переговоры",
                "санкции",
                "ребенок",
                "учитель",
                "музей",
                "комментарий",
                "семья",
                "земля",
                "месяц",
                "рабочий",
                "трудящийся",
                "третий",
                "Бахар Мурадова",
                "Вусал Гусейнов",
                "Милли Меджлис",
                "премьер-министр",
                "ГМС",
                "Баку",
                "человек",
                "сосна",
            ],
        ),
    ];

    #[test]
    fn every_form_written_is_found_and_read() {
        for (language, terms) in TERMS {
            for term in *terms {
                let termbase = base(*language, &[term]);
                for form in forms::forms(*language) {
                    let Some(text) = written_as(*language, term, &Grammar::default(), form) else { continue };
                    // The apostrophe after a plural may as well be a closing quotation mark: it is left out.
                    let text = text.trim_end_matches('’').to_owned();
                    let found = termbase.find(*language, &text, Overlap::Longest);
                    let whole = found.iter().find(|f| f.span == Span::new(0, text.len()));
                    let whole = whole.unwrap_or_else(|| panic!("{text}, a form of {term}, is not found"));
                    let told = whole
                        .forms
                        .iter()
                        .any(|f| written_as(*language, term, &Grammar::default(), *f).as_deref() == Some(&text));
                    assert!(told || whole.forms.is_empty(), "{text} is read as {:?}", whole.forms);
                    let capitals = language.upper(&text);
                    if !forms::is_acronym(term) {
                        assert_eq!(termbase.find(*language, &capitals, Overlap::Longest).len(), 1, "{capitals}");
                    }
                }
            }
        }
    }

    #[test]
    fn other_words_are_not_found() {
        for (language, term, text) in [
            (Language::AZ, "vətəndaş", "vətəndaşlıq vətəndaşlığın vətəndaşsız"),
            (Language::AZ, "iş", "işıq işçi işləmək işğal"),
            (Language::AZ, "yol", "yoldaş yolçu Yolanda"),
            (Language::AZ, "Bakı", "Bakılı bakir"),
            (Language::AZ, "Dövlət Miqrasiya Xidməti", "dövlət miqrasiya siyasəti, miqrasiya xidməti"),
            (Language::AZ, "ana", "analiz ananas"),
            (Language::RU, "мигрант", "мигрантский миграция"),
            (Language::RU, "служба", "служебный служить службист"),
            (Language::RU, "торговля людьми", "торговля людей, торговец людьми"),
            (Language::RU, "Государственная миграционная служба", "Государственной миграционную службу"),
            (Language::RU, "Бахар Мурадова", "Бахар Мурадов"),
            (Language::EN, "site", "website"),
            (Language::EN, "US", "Tell us more"),
            (Language::EN, "office", "officer official"),
        ] {
            assert!(
                found(language, &[term], text).is_empty(),
                "{term} in {text:?}: {:?}",
                found(language, &[term], text)
            );
        }
    }

    #[test]
    fn a_term_bears_the_typography_of_texts() {
        let az = Language::AZ;
        assert_eq!(found(az, &["Milli Məclis"], "MİLLİ\u{a0}MƏCLİSİN qərarı"), ["MİLLİ\u{a0}MƏCLİSİN"]);
        assert_eq!(found(az, &["Milli Məclis"], "Milli\nMəclisdə"), ["Milli\nMəclisdə"]);
        assert_eq!(found(az, &["Milli Məclis"], "Milli\n\nMəclisdə"), [""; 0], "a blank line parts");
        assert_eq!(found(az, &["Milli Məclis"], "Milli, Məclis"), [""; 0]);
        assert_eq!(found(az, &["Milli Məclis"], "Мilli Mәclisə"), ["Мilli Mәclisə"], "Cyrillic look-alikes");
        assert_eq!(found(az, &["“ASAN xidmət” mərkəzi"], "\"ASAN xidmət\" mərkəzində"), ["ASAN xidmət\" mərkəzində"]);
        let en = Language::EN;
        assert_eq!(
            found(en, &["non-citizen"], "non citizens and non\u{2011}citizen"),
            ["non citizens", "non\u{2011}citizen"]
        );
        assert_eq!(
            found(en, &["Ministry of Labour & Welfare"], "the Ministry of Labour & Welfare"),
            ["Ministry of Labour & Welfare"]
        );
        assert_eq!(found(en, &["U.S."], "the US and the U.S. Senate, not us"), ["US", "U.S"]);
        assert_eq!(found(en, &["citizen"], "the citizen’s and citizens' rights"), ["citizen’s", "citizens"]);
    }

    #[test]
    fn acronyms_stand_in_their_own_case_with_any_ending() {
        assert_eq!(
            found(Language::AZ, &["DMX"], "DMX-nin, DMX-NİN, DMX-nın, DMX’yə, dmx"),
            ["DMX-nin", "DMX-NİN", "DMX-nın", "DMX’yə"]
        );
        assert_eq!(found(Language::AZ, &["BMT", "BMqT"], "BMqT-yə"), ["BMqT-yə"]);
        assert_eq!(found(Language::AZ, &["ABŞ"], "ABŞ-Çin danışıqları"), ["ABŞ"]);
        assert_eq!(found(Language::RU, &["МИД"], "в МИДе и мидии"), ["МИДе"]);
    }

    #[test]
    fn a_term_of_its_own_case_stands_in_all_forms() {
        for (language, term, text, want) in [
            (
                Language::RU,
                "Исполнительная власть",
                "при Исполнительной власти, об исполнительной власти и ИСПОЛНИТЕЛЬНОЙ ВЛАСТИ",
                &["Исполнительной власти"][..],
            ),
            (Language::RU, "Общественный совет", "члены Общественного совета", &["Общественного совета"]),
            (Language::RU, "Ребенок", "Дети и дети", &["Дети"]),
            (
                Language::AZ,
                "İcra Hakimiyyəti",
                "İcra Hakimiyyətinin, icra hakimiyyətinin, İcra hakimiyyəti",
                &["İcra Hakimiyyətinin"],
            ),
            (Language::AZ, "Çörək", "Çörəyin və çörəyin qiyməti", &["Çörəyin"]),
            (Language::AZ, "ASAN xidmət", "ASAN xidmətdə, asan xidmətdə", &["ASAN xidmətdə"]),
            (Language::EN, "Party", "the Parties, the parties", &["Parties"]),
            (Language::EN, "IDP", "an IDP, idp and IDPs", &["IDP", "IDPs"]),
        ] {
            let mut given = Term::new(term, language, Status::Preferred);
            given.case_sensitive = true;
            let concept = Concept { id: "c".to_owned(), terms: vec![given], ..Concept::default() };
            let found = Termbase::new(vec![concept]).find(language, text, Overlap::Longest);
            assert_eq!(found.iter().map(|f| f.span.of(text)).collect::<Vec<_>>(), want, "{term}");
        }
    }

    #[test]
    fn the_longest_wins_unless_all_are_asked_for() {
        let termbase = base(Language::EN, &["Court", "Supreme Court", "Court of Appeal"]);
        let text = "the Supreme Court of Appeal";
        let of = |overlap| -> Vec<&str> {
            termbase.find(Language::EN, text, overlap).iter().map(|f| f.span.of(text)).collect()
        };
        assert_eq!(of(Overlap::Longest), ["Supreme Court"]);
        assert_eq!(of(Overlap::All), ["Supreme Court", "Court of Appeal", "Court"]);
    }

    #[test]
    fn exceptions_are_other_things() {
        let concept = Concept {
            id: "service".to_owned(),
            terms: vec![Term::new("SMS", Language::EN, Status::Preferred)],
            exceptions: vec![(Language::EN, "SMS message".to_owned())],
            ..Concept::default()
        };
        let termbase = Termbase::new(vec![concept]);
        let text = "The SMS sent SMS messages.";
        let found = termbase.find(Language::EN, text, Overlap::Longest);
        assert_eq!(found.iter().map(|f| f.span).collect::<Vec<_>>(), [Span::new(4, 7)]);
    }

    #[test]
    fn case_number_and_owner_are_read() {
        let termbase = base(Language::RU, &["миграционная служба"]);
        let read = |text| termbase.find(Language::RU, text, Overlap::Longest)[0].forms.clone();
        assert_eq!(read("миграционной службой"), [Form::new(Number::Singular, Case::Instrumental)]);
        assert_eq!(
            read("миграционные службы"),
            [Form::new(Number::Plural, Case::Nominative), Form::new(Number::Plural, Case::Accusative)]
        );
    }

    #[test]
    fn given_forms_and_plain_languages() {
        let mut term = Term::new("ombudsmen", Language::AZ, Status::Preferred);
        term.grammar.forms.push("ombudsmanlıq".to_owned());
        let termbase = Termbase::new(vec![Concept { id: "o".to_owned(), terms: vec![term], ..Concept::default() }]);
        assert_eq!(termbase.find(Language::AZ, "ombudsmanlıq", Overlap::Longest).len(), 1);
        let kazakh: Language = "kk".parse().unwrap();
        assert_eq!(found(kazakh, &["тіл"], "тіл тілі"), ["тіл"]);
    }

    proptest! {
        #[test]
        fn spans_are_slices_and_nothing_panics(text in "[a-zA-ZəıİşƏ .,\n'’\\-А-яё“”\u{307}\u{ad}]{0,80}") {
            for (language, terms) in TERMS {
                for found in base(*language, terms).find(*language, &text, Overlap::All) {
                    prop_assert!(text.get(found.span.range()).is_some());
                }
            }
        }

        #[test]
        fn made_up_azerbaijani_words_are_found_in_all_forms(word in "[bdgklmnrst][aıoueəiöü][bdgklmnrstvz]{1,2}([aə][bdglmnrşt]|[iı]){0,1}") {
            let termbase = base(Language::AZ, &[&word]);
            for form in forms::forms(Language::AZ) {
                if let Some(text) = written_as(Language::AZ, &word, &Grammar::default(), form) {
                    prop_assert!(!termbase.find(Language::AZ, &text, Overlap::Longest).is_empty(), "{} of {}", text, word);
                }
            }
        }
    }
}
