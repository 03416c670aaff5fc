//! All terms of all languages in one pass over a text.
//!
//! A term is a row of words, each with the stems it may have (`lang::forms`); the rows of one language share a
//! trie. Each word of a text is looked up by its prefixes, so the cost of a text is its length times the length
//! of its words, whatever the number of terms. Words of a term may be parted by any white space short of a blank
//! line, by a hyphen, by quotation marks.

use super::{
    index::{Entry, Filled, Index},
    words::{SPACE, TextWord, words},
};
use crate::lang::{
    Language,
    forms::{self, Form, Grammar},
};
use crate::model::{Concept, Status, Term};
use crate::text::Span;
use std::collections::BTreeMap;

/// The concepts of one or more glossaries, ready to be found.
#[derive(Debug, Default)]
pub struct Termbase {
    concepts: Vec<Concept>,
    indices: BTreeMap<Language, Index>,
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

impl Termbase {
    pub fn new(concepts: Vec<Concept>) -> Termbase {
        let mut indices: BTreeMap<Language, Index> = BTreeMap::new();
        for (at, concept) in concepts.iter().enumerate() {
            for (number, term) in concept.terms.iter().enumerate() {
                let index = indices.entry(term.language).or_default();
                index.add(term.language, at, Some(number), term);
                for form in &term.grammar.forms {
                    let grammar = Grammar { indeclinable: true, ..Grammar::default() };
                    let given = Term { text: form.clone(), grammar, ..term.clone() };
                    index.add(term.language, at, Some(number), &given);
                }
            }
            for (language, phrase) in &concept.exceptions {
                let phrase = Term::new(phrase.as_str(), *language, Status::Proposed);
                indices.entry(*language).or_default().add(*language, at, None, &phrase);
            }
        }
        Termbase { concepts, indices }
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

    /// The terms in `text`, by place, longer ones first.
    pub fn find(&self, language: Language, text: &str, overlap: Overlap) -> Vec<Found> {
        let Some(index) = self.indices.get(&language) else { return Vec::new() };
        let words = words(language, text);
        let filled: Vec<Vec<Filled>> = words.iter().map(|word| index.fill(language, word)).collect();
        let mut out = Vec::new();
        let mut exceptions: Vec<(usize, Span)> = Vec::new();
        let mut search = Search { index, language, text, words: &words, filled: &filled, found: Vec::new() };
        for start in 0..words.len() {
            search.step(0, start, start, None);
        }
        for (entry, span, forms) in search.found {
            let Entry { concept, term, .. } = index.entries[entry as usize];
            match term {
                Some(term) => out.push(Found { concept, term, span, forms }),
                None => exceptions.push((concept, span)),
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
        if overlap == Overlap::Longest {
            longest(&mut out);
        }
        out
    }
}

/// Keeps the longest from each place on, and those of the same span.
fn longest(found: &mut Vec<Found>) {
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

struct Search<'s> {
    index: &'s Index,
    language: Language,
    text: &'s str,
    words: &'s [TextWord],
    filled: &'s [Vec<Filled>],
    found: Vec<(u32, Span, Vec<Form>)>,
}

impl Search<'_> {
    /// From `node` on, having read the words `start..at`, whose common forms are `forms` (`None`: any).
    fn step(&mut self, node: u32, start: usize, at: usize, forms: Option<&[Form]>) {
        let Some(word) = self.words.get(at) else { return };
        let gap = match (at == start, word.gap) {
            (true, _) => SPACE,
            (false, Some(gap)) => gap,
            (false, None) => return,
        };
        let filled = &self.filled[at];
        for Filled { slot, forms: own } in filled {
            let Some(next) = self.index.steps.get(&(node, gap, *slot)).copied() else { continue };
            let both: Option<Vec<Form>> = match (forms, own) {
                (Some(a), Some(b)) => {
                    let common: Vec<Form> = a.iter().filter(|form| b.contains(form)).copied().collect();
                    if common.is_empty() {
                        continue; // the words do not agree
                    }
                    Some(common)
                }
                (Some(one), None) => Some(one.to_vec()),
                (None, one) => one.clone(),
            };
            if let Some(entries) = self.index.ends.get(&next) {
                for entry in entries {
                    self.end(*entry, start, at, both.as_deref());
                }
            }
            self.step(next, start, at + 1, both.as_deref());
        }
    }

    fn end(&mut self, number: u32, start: usize, at: usize, forms: Option<&[Form]>) {
        let entry = &self.index.entries[number as usize];
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
        let mut forms = forms.map(<[Form]>::to_vec).unwrap_or_default();
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
        self.found.push((number, span, forms));
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
