//! Name drift that only other texts tell: a name spelt here as it is hardly spelt elsewhere.

use super::{
    Names, Side, is_slip, kin, kin_of,
    near::one_edit,
    usage::{Count, Established, Index, Spellings, Usage, shortest, stems_of},
    with_ending,
};
use crate::{
    lang::Language,
    model::{Finding, Fix, Level, Place, Rule},
    text::Span,
};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// How many times as often as the spelling in question the usual one must stand elsewhere. Two names a letter apart
/// that both occur differ by less, as a rule; a slip is made once in many times.
const RATIO: u32 = 8;

/// From this ratio on it is a warning, below it a remark.
const MUCH: u32 = 12;

/// Where no name beside it shows that the two are the same, the name may be another that happens to be near. Then the
/// usual one must stand elsewhere this often, …
const FREQUENT: u32 = 8;

/// … in so many texts, for one text has its own persons, …
const FREQUENT_TEXTS: u32 = 3;

/// … and have so many letters, both of them: of shorter names many are a letter apart (Tampa, Tramp; Maria, Marina). One
/// fewer will do where the edit is one that parts no two names.
const LONG: usize = 6;

/// [`super::drift_in`], and what only `usage`, the names of other texts, tells. The text itself may be one of them: it
/// counts as no evidence. A name of an approved term is right; one a letter off is reported however rare it is.
pub fn drift_against(text: &str, parts: &[Span], language: Language, usage: &Usage) -> Vec<Finding> {
    let Some(spellings) = usage.of(language) else { return super::drift_in(text, parts, language) };
    let names = Names::read(text, parts, language);
    let own = if spellings.holds(text, parts) { stems_of(&names).collect() } else { FxHashMap::default() };
    let against = Against { names: &names, spellings, index: spellings.index(language), own };
    let families = names.families();
    let mut flagged = vec![false; names.forms.len()];
    let mut findings = Vec::new();
    for (form, cut, family) in names.deviant(&families) {
        if !against.is_right(form, cut, &families[family].stem) {
            flagged[form] = true;
            findings.push(names.finding(form, cut, &families[family]));
        }
    }
    let others = (0..names.forms.len()).filter(|form| !flagged[*form]);
    findings.extend(others.filter_map(|form| against.finding(form)));
    findings.sort_by_key(|finding| finding.place.span);
    findings
}

struct Against<'a> {
    names: &'a Names<'a>,
    spellings: &'a Spellings,
    index: &'a Index,
    /// What the text itself counts for among the others.
    own: FxHashMap<&'a str, Count>,
}

/// A name established elsewhere that a form here is a letter away from.
struct Usual<'a> {
    cut: usize,
    family: &'a Established,
    count: Count,
    /// How often the spelling here stands elsewhere.
    strength: u32,
    /// It stands beside the same name as here.
    same_name: bool,
}

impl<'a> Against<'a> {
    fn elsewhere(&self, stem: &str) -> Count {
        self.spellings.count(stem).without(self.own.get(stem).copied().unwrap_or_default())
    }

    /// A form that deviates from the other spelling of its own text, but is the usual one elsewhere.
    fn is_right(&self, form: usize, cut: usize, other: &str) -> bool {
        let form = &self.names.forms[form];
        let here = self.elsewhere(&form.key[..cut]);
        self.spellings.is_approved(&form.key, &form.cuts)
            || (here.texts >= super::usage::ESTABLISHED_TEXTS && here.all >= RATIO * self.elsewhere(other).all.max(1))
    }

    fn finding(&self, form: usize) -> Option<Finding> {
        let Usual { cut, family, count, strength, same_name } = self.usual(form)?;
        let names = self.names;
        let word = names.forms[form].words[0];
        let here = names.surface(word);
        let key = &names.forms[form].key;
        let sample = family.forms.iter().find(|key| self.spellings.surface(key).is_some())?;
        let usual = (self.spellings.surface(sample)?, &**sample, family.stem.len());
        let fix = with_ending(names.language, usual, (here, key, cut));
        let shown = with_ending(names.language, usual, (&family.stem, &family.stem, family.stem.len()));
        let times = names.forms[form].words.len();
        let stands = match times {
            1 => "once".to_owned(),
            times => format!("{times} times"),
        };
        let evidence = match (family.approved, count.all) {
            (true, 0) => format!("the glossary has `{shown}`"),
            (approved, all) => {
                let glossary = if approved { "the glossary has " } else { "" };
                let texts = if count.texts == 1 { "other text" } else { "other texts" };
                let times = if all == 1 { "time" } else { "times" };
                format!("{glossary}`{shown}` {all} {times} in {} {texts}", count.texts)
            }
        };
        let approved = family.approved && (same_name || self.is_long_slip(form, &family.stem));
        let level =
            if approved || (same_name && count.all >= MUCH * strength.max(1)) { Level::Warning } else { Level::Info };
        let attested = self.spellings.count_of_form(&names.language.key(&fix)) > 0;
        Some(Finding {
            rule: Rule::NameDrift,
            level,
            message: format!("`{here}` stands {stands} here; {evidence}"),
            place: Place { language: names.language, span: names.words[word].span },
            concept: None,
            term: None,
            unit: None,
            fix: Some(Fix { text: fix, certain: attested && same_name && level == Level::Warning }),
            notes: Vec::new(),
        })
    }

    fn usual(&self, form: usize) -> Option<Usual<'a>> {
        let super::Form { key, cuts, words, inner, .. } = &self.names.forms[form];
        let named = words.iter().any(|word| self.names.is_named(*word));
        let capitals = words.len() as u32 + self.spellings.count_of_form(key);
        if (*inner == 0 && !named) || self.spellings.is_approved(key, cuts) || self.spellings.is_common(key, capitals) {
            return None;
        }
        let mut best: Option<Usual<'a>> = None;
        for cut in cuts {
            let stem = &key[..*cut];
            for family in self.index.near.candidates(stem) {
                let family = &self.index.families[family];
                let count = self.elsewhere(&family.stem);
                let rank = |cut: usize, count: Count| (cut, count.all);
                if best.as_ref().is_some_and(|known| rank(*cut, count) <= rank(known.cut, known.count))
                    || !one_edit(stem, &family.stem)
                    || !is_slip(stem, &family.stem)
                    || self.related(form, family)
                    || self.ends_otherwise(form, &family.stem)
                {
                    continue;
                }
                let strength = self.strength(form, &family.stem);
                let established = count.all >= super::usage::ESTABLISHED
                    && count.texts >= super::usage::ESTABLISHED_TEXTS
                    && count.all >= RATIO * strength;
                if !(established || (family.approved && strength <= count.all)) {
                    continue;
                }
                let same_name = self.beside_the_same(form, family);
                let apart = named && !same_name && count.named * 2 > count.all;
                let least = if only_a_slip(stem, &family.stem) { LONG - 1 } else { LONG };
                let alone = count.all >= FREQUENT
                    && count.texts >= FREQUENT_TEXTS
                    && family.stem.chars().count().min(self.shortest_stem(form)) >= least;
                // Most words of the glossary are no names of persons: `Mills` is no slip of the `Milli` of `Milli Majlis`.
                let approved = family.approved && self.is_long_slip(form, &family.stem);
                if apart || !(same_name || approved || alone) {
                    continue;
                }
                best = Some(Usual { cut: *cut, family, count, strength, same_name });
            }
        }
        best
    }

    /// How often the spelling of `form` stands elsewhere, by all forms that share it up to the place where it parts
    /// from `usual`.
    fn strength(&self, form: usize, usual: &str) -> u32 {
        let super::Form { key, cuts, .. } = &self.names.forms[form];
        let common = in_common(key, usual);
        let shortest = cuts.iter().rfind(|cut| **cut > common).copied().unwrap_or(key.len());
        self.elsewhere(&key[..shortest]).all
    }

    /// The form parts from `usual`, long as both are, before their last letters, where another word would.
    fn is_long_slip(&self, form: usize, usual: &str) -> bool {
        let common = usual[..in_common(&self.names.forms[form].key, usual)].chars().count();
        let length = usual.chars().count();
        length.min(self.shortest_stem(form)) > LONG && common + 2 < length
    }

    /// How many letters the shortest stem of a form has.
    fn shortest_stem(&self, form: usize) -> usize {
        shortest(&self.names.forms[form]).map_or(0, |stem| stem.chars().count())
    }

    /// The form parts from `usual` in its ending only, and what is before that is known: `Respublikası` is of
    /// `Respublika`, not a slip of `Respublikaçı`.
    fn ends_otherwise(&self, form: usize, usual: &str) -> bool {
        let super::Form { key, cuts, .. } = &self.names.forms[form];
        let common = in_common(key, usual);
        cuts.iter().any(|cut| *cut <= common && self.elsewhere(&key[..*cut]).all > 0)
    }

    /// The form may be one of the family in another case, or a word made of its name.
    fn related(&self, form: usize, family: &Established) -> bool {
        let endings = self.names.endings;
        let own: Vec<String> = kin(endings, &self.names.forms[form]).collect();
        let theirs = |key: &str| kin_of(endings, key, &super::cuts(endings, key)).any(|stem| own.contains(&stem));
        family.forms.iter().any(|key| theirs(key))
    }

    /// The form stands here beside a name that the family stands beside elsewhere.
    fn beside_the_same(&self, form: usize, family: &Established) -> bool {
        let endings = self.names.endings;
        let short = |key: &str| super::cuts(endings, key).last().map(|cut| key[..*cut].to_owned());
        let mut theirs: Vec<String> = family.forms.iter().filter_map(|key| short(key)).collect();
        theirs.sort_unstable();
        theirs.dedup();
        let beside = |word: usize, side: Side| {
            let near = self.names.neighbour(word, side)?;
            let near = shortest(&self.names.forms[self.names.words[near].form])?;
            Some(theirs.iter().any(|own| match side {
                Side::Before => self.spellings.beside(near, own),
                Side::After => self.spellings.beside(own, near),
            }))
        };
        let words = &self.names.forms[form].words;
        words.iter().any(|word| [Side::Before, Side::After].into_iter().any(|side| beside(*word, side) == Some(true)))
    }
}

/// Two letters swapped or a letter typed twice: edits that fingers make and that part no two names.
fn only_a_slip(stem: &str, usual: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (stem.chars().collect(), usual.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    match a.len().cmp(&b.len()) {
        Ordering::Equal => a.get(same) == b.get(same + 1) && a.get(same + 1) == b.get(same),
        Ordering::Greater => same > 0 && a[same] == a[same - 1],
        Ordering::Less => false,
    }
}

/// How many bytes the two begin with in common.
fn in_common(key: &str, usual: &str) -> usize {
    key.chars().zip(usual.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(text: &str) -> [Span; 1] {
        [Span::new(0, text.len())]
    }

    fn usage_of(texts: &[&str], language: Language) -> Usage {
        let mut usage = Usage::default();
        texts.iter().for_each(|text| usage.add(text, &whole(text), language));
        usage
    }

    /// (level, marked text, message, fix, whether it is certain)
    fn found(text: &str, language: Language, usage: &Usage) -> Vec<(Level, String, String, String, bool)> {
        let findings = drift_against(text, &whole(text), language, usage).into_iter();
        let shown = |finding: Finding| {
            let fix = finding.fix.expect("a usual form is known");
            let mark = finding.place.span.of(text).to_owned();
            (finding.level, mark, finding.message, fix.text, fix.certain)
        };
        findings.map(shown).collect()
    }

    fn marked(text: &str, language: Language, usage: &Usage) -> Vec<String> {
        found(text, language, usage).into_iter().map(|(_, mark, ..)| mark).collect()
    }

    /// Texts in which the names of `sentence` stand, each another text.
    fn many(sentence: &str, times: usize) -> Vec<String> {
        (0..times).map(|number| format!("in {number} {sentence}")).collect()
    }

    fn collection(sentences: &[(&str, usize)], language: Language) -> Usage {
        let texts: Vec<String> = sentences.iter().flat_map(|(sentence, times)| many(sentence, *times)).collect();
        usage_of(&texts.iter().map(String::as_str).collect::<Vec<_>>(), language)
    }

    #[test]
    fn a_name_hardly_seen_elsewhere_beside_the_same_name() {
        let usage = collection(&[("then by Bahar Muradova and Bahar Muradova", 7)], Language::EN);
        let message = "`Bahr` stands once here; `Bahar` 14 times in 7 other texts";
        assert_eq!(
            found("said by Bahr Muradova today", Language::EN, &usage),
            [(Level::Warning, "Bahr".into(), message.into(), "Bahar".into(), true)]
        );
        let few = collection(&[("then by Bahar Muradova", 5)], Language::EN);
        assert_eq!(found("said by Bahr Muradova today", Language::EN, &few)[0].0, Level::Info);
    }

    #[test]
    fn a_form_keeps_its_ending() {
        let usage = collection(&[("orada Milli Məclisin sədri, burada Milli Məclis", 4)], Language::AZ);
        let message = "`Məçlisə` stands once here; `Məclis` 8 times in 4 other texts";
        assert_eq!(
            found("bu gün Milli Məçlisə gəlib", Language::AZ, &usage),
            [(Level::Info, "Məçlisə".into(), message.into(), "Məclisə".into(), false)]
        );
    }

    #[test]
    fn a_text_is_no_evidence_for_itself() {
        let texts =
            ["by Bahar Muradova, to Bahar Muradova", "for Bahar Muradova, of Bahar Muradova", "by Bahr Muradova"];
        let usage = usage_of(&texts, Language::EN);
        assert!(marked(texts[0], Language::EN, &usage).is_empty());
        assert_eq!(marked(texts[2], Language::EN, &usage), ["Bahr"], "its own Bahr does not vouch for it");
        let own = "so by Nakhchivan, to Nakhchivan, of Nakhchivan, in Nakhchivan";
        let usage = usage_of(&[own, "so by Nakhcivan"], Language::EN);
        assert!(marked("so by Nakhcivan", Language::EN, &usage).is_empty(), "one text establishes nothing");
    }

    /// What stands in many texts, a text, and why nothing is said of it.
    const APART: &[(Language, &str, &str, &str)] = &[
        (Language::EN, "by Ivanov, with Ivanov", "to Ivanova", "a surname in -a"),
        (Language::EN, "in Australia, of Australia", "to Austria", "two edits"),
        (Language::EN, "in Iran, of Iran", "to Iraq", "short names"),
        (Language::EN, "by Maria Petrova, to Maria Petrova", "so Marina Ionescu came", "another person"),
        (Language::EN, "by Marina, to Marina", "so Maria came", "short names that stand alone"),
        (Language::EN, "in Tramp, of Tramp", "to Tampa", "short names that stand alone"),
        (Language::EN, "the BMT, a BMT", "the BMqT", "acronyms"),
        (Language::EN, "by Johnson, to Johnson", "of Johnson's, two Johnsons", "forms"),
        (Language::AZ, "bu Azərbaycan, o Azərbaycan", "bu Azərbaycanın, Azərbaycandakı, Azərbaycanlı", "cases"),
        (Language::AZ, "bu Respublikaçı, o Respublikaçı, bu Respublika", "bu Respublikası", "another ending"),
        (Language::RU, "из Казани, до Казани", "в Казань, за Казанью", "cases"),
        (Language::RU, "у Гусейнова, с Гусейновым", "к Гусейновой", "a surname"),
    ];

    #[test]
    fn swapped_and_doubled_letters_part_no_names() {
        for (stem, usual) in [("chnia", "china"), ("chinna", "china"), ("trmup", "trump")] {
            assert!(one_edit(stem, usual) && only_a_slip(stem, usual), "{stem}");
        }
        for (stem, usual) in [("maria", "marina"), ("marina", "maria"), ("chine", "china"), ("alan", "allan")] {
            assert!(!only_a_slip(stem, usual), "{stem}");
        }
        let usage = collection(&[("in China, of China", 10)], Language::EN);
        assert_eq!(marked("to Chnia", Language::EN, &usage), ["Chnia"]);
    }

    #[test]
    fn what_is_no_slip() {
        for (language, elsewhere, text, why) in APART {
            let usage = collection(&[(elsewhere, 10)], *language);
            assert_eq!(marked(text, *language, &usage), [""; 0], "{why}: {text}");
        }
    }

    #[test]
    fn a_spelling_that_is_seen_elsewhere_is_a_name_of_its_own() {
        let both = collection(&[("by Johansen, to Johansen", 10), ("by Johanson", 5)], Language::EN);
        assert!(marked("of Johanson", Language::EN, &both).is_empty());
        let hardly = collection(&[("by Johansen, to Johansen", 10), ("by Johanson", 1)], Language::EN);
        assert_eq!(marked("of Johanson", Language::EN, &hardly), ["Johanson"]);
    }

    #[test]
    fn a_word_that_stands_in_lower_case_elsewhere_is_no_name() {
        let usage = collection(&[("by Marsland, to Marsland, the marshland", 10)], Language::EN);
        assert!(marked("see Marshland there", Language::EN, &usage).is_empty());
    }

    #[test]
    fn approved_names_are_right_and_what_is_near_them_is_not() {
        let mut usage = collection(&[("by Milli Mejlis, to Milli Mejlis", 6)], Language::EN);
        assert_eq!(marked("the Milli Majlis", Language::EN, &usage), ["Majlis"]);
        usage.approve(Language::EN, "Milli Majlis");
        assert!(marked("the Milli Majlis, a Milli Majlis", Language::EN, &usage).is_empty());
        let mut alone = Usage::default();
        alone.approve(Language::EN, "the Mejlis of Nakhchivan");
        let message = "`Nakhchvan` stands 2 times here; the glossary has `Nakhchivan`";
        let expected = (Level::Warning, "Nakhchvan".into(), message.into(), "Nakhchivan".into(), false);
        assert_eq!(found("of Nakhchvan, in Nakhchvan", Language::EN, &alone), [expected]);
        assert!(marked("of Nakhchvn", Language::EN, &alone).is_empty(), "two letters off");
        // Words of the glossary that other names are near to.
        alone.approve(Language::EN, "Milli Majlis");
        alone.approve(Language::EN, "Council of Europe");
        assert!(marked("by Mills in the Europa", Language::EN, &alone).is_empty());
        alone.approve(Language::EN, "Bahar Muradova");
        assert_eq!(marked("for Bahr Muradova", Language::EN, &alone), ["Bahr"]);
    }

    #[test]
    fn the_usual_spelling_of_other_texts_goes_before_that_of_the_text() {
        let text = "by Bahr Muradova, to Bahr Muradova, of Bahr Muradova, and Bahar Muradova";
        assert_eq!(marked(text, Language::EN, &Usage::default()), ["Bahar"]);
        let usage = collection(&[("by Bahar Muradova, to Bahar Muradova", 8)], Language::EN);
        assert_eq!(marked(text, Language::EN, &usage), ["Bahr"]);
    }

    #[test]
    fn without_other_texts_as_before() {
        let text = "in Nakhchivan and to Nakhchivan, from Nakhcivan";
        let empty = usage_of(&["nothing here"], Language::EN);
        let (alone, against) =
            (super::super::drift(text, Language::EN), drift_against(text, &whole(text), Language::EN, &empty));
        assert_eq!(alone, against);
    }

    proptest! {
        #[test]
        fn any_texts_are_borne(texts in prop::collection::vec("([A-ZƏИ][a-cəиİı\u{307}'’]{0,5}|[ .,«\"\n-]|漢|[0-9]){0,60}", 1..5)) {
            for language in [Language::EN, Language::AZ, Language::RU, "kk".parse().unwrap()] {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                let mut usage = usage_of(&texts, language);
                usage.approve(language, texts[0]);
                for finding in drift_against(texts[0], &whole(texts[0]), language, &usage) {
                    prop_assert!(!finding.place.span.of(texts[0]).is_empty());
                }
            }
        }
    }
}
