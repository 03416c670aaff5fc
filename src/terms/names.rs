//! Name drift: a name that is written one way through a document and once a letter off.
//!
//! A misspelled name is one edit from the usual one: a letter dropped, added, replaced or swapped with its
//! neighbour (F. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3),
//! 1964). Stems are compared, so that a deviant form is found in whatever case it stands; candidates are found
//! by what is left of them with one letter out (the deletion neighbourhood of T. Bocek, E. Hunt, B. Stiller,
//! "Fast similarity search in large dictionaries", 2007), so the cost grows with the text, not with its square.

mod against;
mod endings;
mod near;
mod usage;
mod words;

pub use against::drift_against;
pub use usage::{Like, Likes, Usage};

use crate::{
    lang::Language,
    model::{Finding, Fix, Level, Place, Rule},
    text::{Span, TokenKind, tokens},
};
use endings::Endings;
use near::{Neighbourhood, one_edit};
use rustc_hash::FxHashMap;
use words::{Before, Shape, word_before_apostrophe};

/// The shortest stem compared, in characters: shorter names are too often a letter apart.
const LEAST: usize = 4;

/// The longest, in characters: what is longer is no name.
const LONGEST: usize = 40;

/// How often a name stands in a document before another spelling counts as a deviation.
const USUAL: usize = 2;

/// How often a name stands in one form only before it counts as one that has no other.
const FIXED: usize = 3;

/// [`drift_in`] of a whole text.
#[cfg(test)]
fn drift(text: &str, language: Language) -> Vec<Finding> {
    drift_in(text, &[Span::new(0, text.len())], language)
}

/// One finding for each deviant form of a name in `text`, at its first occurrence, in the order of the text. `parts`
/// are those in `language`, such as the cells of a column: no sentence goes on from one to the next.
pub fn drift_in(text: &str, parts: &[Span], language: Language) -> Vec<Finding> {
    let names = Names::read(text, parts, language);
    let families = names.families();
    let deviant = names.deviant(&families);
    let mut findings: Vec<Finding> =
        deviant.into_iter().map(|(form, cut, family)| names.finding(form, cut, &families[family])).collect();
    findings.sort_by_key(|finding| finding.place.span);
    findings
}

/// A capitalised word where it stands.
struct Word {
    span: Span,
    form: usize,
    /// Nothing but a space parts it from the capitalised word before.
    joined: bool,
}

/// A form of a name: all words alike but for case and typography.
struct Form {
    key: String,
    /// Its places among the words, in order; never empty.
    words: Vec<usize>,
    /// How many of them do not begin a sentence.
    inner: usize,
    /// Where its stem may end, from the longest on.
    cuts: Vec<usize>,
}

/// The forms that share a stem.
struct Family {
    stem: String,
    forms: Vec<usize>,
    /// Occurrences of all of them.
    count: usize,
}

/// The names of a document.
struct Names<'t> {
    text: &'t str,
    language: Language,
    words: Vec<Word>,
    forms: Vec<Form>,
    /// All stems the forms may have, with the forms that may have them.
    stems: FxHashMap<String, Vec<usize>>,
    /// The same with stems as they are before no ending.
    kin: FxHashMap<String, Vec<usize>>,
    /// The words that stand in lower case.
    common: FxHashMap<String, u32>,
    endings: Option<&'static Endings>,
}

/// Letters of a name that is short.
const SHORT: usize = 5;

impl<'t> Names<'t> {
    fn read(text: &'t str, parts: &[Span], language: Language) -> Names<'t> {
        let endings = Endings::of(language);
        let mut out = Names {
            text,
            language,
            words: Vec::new(),
            forms: Vec::new(),
            stems: FxHashMap::default(),
            kin: FxHashMap::default(),
            common: FxHashMap::default(),
            endings,
        };
        let mut by_key: FxHashMap<String, usize> = FxHashMap::default();
        for part in parts {
            let slice = part.of(text);
            let mut before = Before::default();
            for token in tokens(slice) {
                let (initial, joined) = before.step(slice, token.span, token.kind);
                if token.kind != TokenKind::Word {
                    continue;
                }
                let name = word_before_apostrophe(token.text(slice));
                match Shape::of(name) {
                    Shape::Common => *out.common.entry(language.key(name)).or_default() += 1,
                    Shape::Other => {}
                    Shape::Name => {
                        let form = *by_key.entry(language.key(name)).or_insert_with_key(|key| {
                            out.forms.push(Form { key: key.clone(), words: Vec::new(), inner: 0, cuts: Vec::new() });
                            out.forms.len() - 1
                        });
                        out.forms[form].words.push(out.words.len());
                        out.forms[form].inner += usize::from(!initial);
                        let span = Span::new(token.span.start, token.span.start + name.len());
                        before.named = true;
                        out.words.push(Word { span: span.shifted(part.start), form, joined });
                    }
                }
            }
        }
        for (at, form) in out.forms.iter_mut().enumerate() {
            // What also stands in lower case is a word at the beginning of a sentence, or in a title.
            if !out.common.contains_key(&form.key) {
                form.cuts = cuts(endings, &form.key);
            }
            for cut in &form.cuts {
                out.stems.entry(form.key[..*cut].to_owned()).or_default().push(at);
            }
            for stem in kin(endings, form) {
                out.kin.entry(stem).or_default().push(at);
            }
        }
        out
    }

    /// The forms that deviate from a family, with where their stems end, and the family.
    fn deviant(&self, families: &[Family]) -> Vec<(usize, usize, usize)> {
        let near = Neighbourhood::new(families.iter().map(|family| family.stem.as_str()));
        let usual = |form| self.usual(form, families, &near).map(|(cut, family)| (form, cut, family));
        (0..self.forms.len()).filter_map(usual).collect()
    }

    /// The stems that names stand on: the longest each group of forms has in common.
    fn families(&self) -> Vec<Family> {
        let mut out = Vec::new();
        for (stem, forms) in &self.stems {
            let count = forms.iter().map(|form| self.forms[*form].words.len()).sum();
            let inner: usize = forms.iter().map(|form| self.forms[*form].inner).sum();
            let first = &self.forms[forms[0]];
            let longer = first.cuts.iter().take_while(|cut| **cut > stem.len());
            let longest = longer.into_iter().all(|cut| self.stems[&first.key[..*cut]].len() < forms.len());
            if count >= USUAL && inner > 0 && longest {
                out.push(Family { stem: stem.clone(), forms: forms.clone(), count });
            }
        }
        out.sort_by(|a, b| a.stem.cmp(&b.stem)); // the map's order is nobody's
        out
    }

    /// The family that `form` deviates from, and where its stem ends, if it deviates from one.
    fn usual(&self, form: usize, families: &[Family], near: &Neighbourhood) -> Option<(usize, usize)> {
        let Form { key, cuts, .. } = &self.forms[form];
        let mut best: Option<(usize, usize)> = None;
        for cut in cuts {
            let stem = &key[..*cut];
            for family in near.candidates(stem) {
                let Family { stem: usual, count, .. } = &families[family];
                let better = best.is_none_or(|(c, f)| (*cut, *count) > (c, families[f].count));
                if better
                    && self.strength(form, usual) * 2 <= *count
                    && one_edit(stem, usual)
                    && is_slip(stem, usual)
                    && !self.related(form, &families[family])
                    && !self.other_person(form, &families[family])
                {
                    best = Some((*cut, family));
                }
            }
        }
        best
    }

    /// How often the spelling of `form` stands in the text, by all forms that share it up to the place where
    /// it parts from `usual`.
    fn strength(&self, form: usize, usual: &str) -> usize {
        let Form { key, cuts, .. } = &self.forms[form];
        let common: usize = key.chars().zip(usual.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        let shortest = cuts.iter().rfind(|cut| **cut > common).copied().unwrap_or(key.len());
        self.stems[&key[..shortest]].iter().map(|form| self.forms[*form].words.len()).sum()
    }

    /// The form may be one of the family in another case, or a word made of its name.
    fn related(&self, form: usize, family: &Family) -> bool {
        let shared = kin(self.endings, &self.forms[form]);
        let mut shared = shared.filter(|stem| self.kin[stem].iter().any(|other| family.forms.contains(other)));
        shared.next().is_some() && !self.fixed(form, family)
    }

    /// The family is a name that has no other form, by its look and by all its occurrences but `form`.
    fn fixed(&self, form: usize, family: &Family) -> bool {
        let [only] = family.forms[..] else { return false };
        let name = &self.forms[only];
        let alone = |stem: String| self.kin[&stem].iter().all(|other| [only, form].contains(other));
        family.count >= FIXED
            && self.endings.is_some_and(|endings| endings.indeclinable(&name.key))
            && kin(self.endings, name).all(alone)
    }

    /// The form always stands beside one name and the family mostly beside others: `Ramil Usubov`, `Ramiz Karimov`.
    fn other_person(&self, form: usize, family: &Family) -> bool {
        let apart = |side: Side| {
            let here = self.neighbours(&[form], side);
            let there = self.neighbours(&family.forms, side);
            let met = |a: usize| there.iter().flatten().any(|b| self.alike(a, *b));
            let mostly = there.iter().flatten().count() * 2 > there.len();
            mostly && here.iter().all(|near| near.is_some_and(|a| !met(a)))
        };
        apart(Side::Before) || apart(Side::After)
    }

    /// The names that stand beside the words of `forms`.
    fn neighbours(&self, forms: &[usize], side: Side) -> Vec<Option<usize>> {
        let words = forms.iter().flat_map(|form| &self.forms[*form].words);
        words.map(|word| Some(self.words[self.neighbour(*word, side)?].form)).collect()
    }

    /// The word beside `word` that is a part of the same name.
    fn neighbour(&self, word: usize, side: Side) -> Option<usize> {
        let near = match side {
            Side::Before => word.checked_sub(1).filter(|_| self.words[word].joined)?,
            Side::After => Some(word + 1).filter(|next| self.words.get(*next).is_some_and(|next| next.joined))?,
        };
        let form = &self.forms[self.words[near].form];
        // A capital at the beginning of a sentence may be nobody's name; `Mr` and `St` say nothing.
        (form.inner > 0 && !form.cuts.is_empty()).then_some(near)
    }

    /// A name stands beside `word` that may be a part of the same.
    fn is_named(&self, word: usize) -> bool {
        [Side::Before, Side::After].into_iter().any(|side| self.neighbour(word, side).is_some())
    }

    /// The two are forms of one name, or one is a slip of the other.
    fn alike(&self, a: usize, b: usize) -> bool {
        let (one, other) = (&self.forms[a], &self.forms[b]);
        a == b
            || one_edit(&one.key, &other.key)
            || kin(self.endings, one).any(|stem| self.kin.get(&stem).is_some_and(|forms| forms.contains(&b)))
    }

    fn finding(&self, form: usize, cut: usize, family: &Family) -> Finding {
        let word = self.forms[form].words[0];
        let here = self.words[word].span.of(self.text);
        let fix = self.fix(here, &self.forms[form].key, cut, family);
        let fixed = self.language.key(&fix);
        // Shown as it stands elsewhere: in the same case if it does, else as most often.
        let shown = family.forms.iter().max_by_key(|at| {
            let form = &self.forms[**at];
            (form.key == fixed, form.words.len(), std::cmp::Reverse(form.words[0]))
        });
        let shown = *shown.expect("a family has a form");
        let attested = self.forms[shown].key == fixed;
        let usual = self.surface(self.forms[shown].words[0]);
        let whole = [Side::After, Side::Before].into_iter().find_map(|side| self.whole_name(word, shown, family, side));
        let (message, same_name) = match whole {
            Some((here, usual, count)) => (format!("`{here}` here, `{usual}` {count} times elsewhere"), true),
            None => (format!("`{here}` here, `{usual}` {} times elsewhere", family.count), false),
        };
        // A letter makes another name of a short one: Wade, Wayne and Wayde are three people.
        let short = self.forms[form].key[..cut].chars().count().min(family.stem.chars().count()) <= SHORT;
        Finding {
            rule: Rule::NameDrift,
            level: if short && !same_name { Level::Info } else { Level::Warning },
            message,
            place: Place { language: self.language, span: self.words[word].span },
            concept: None,
            term: None,
            unit: None,
            // The same full name, in a form that stands elsewhere, leaves no doubt.
            fix: Some(Fix { text: fix, certain: attested && same_name }),
            notes: Vec::new(),
        }
    }

    /// The name with the one beside it, as it stands at `word` and as the family has it, and how often, where
    /// the family stands beside that name at least [`USUAL`] times.
    fn whole_name(&self, word: usize, shown: usize, family: &Family, side: Side) -> Option<(String, String, usize)> {
        let near = self.neighbour(word, side)?;
        let same = |at: &usize| {
            self.neighbour(*at, side).is_some_and(|n| self.alike(self.words[n].form, self.words[near].form))
        };
        let count = family.forms.iter().flat_map(|form| &self.forms[*form].words).filter(|at| same(at)).count();
        let usual = *self.forms[shown].words.iter().find(|at| same(at))?;
        let joined = |word: usize, near: usize| match side {
            Side::Before => format!("{} {}", self.surface(near), self.surface(word)),
            Side::After => format!("{} {}", self.surface(word), self.surface(near)),
        };
        (count >= USUAL)
            .then(|| (joined(word, near), joined(usual, self.neighbour(usual, side).unwrap_or(near)), count))
    }

    fn surface(&self, word: usize) -> &'t str {
        self.words[word].span.of(self.text)
    }

    /// The family's stem, in its own spelling, with the ending of the deviant form `here`.
    fn fix(&self, here: &str, key: &str, cut: usize, family: &Family) -> String {
        let sample = &self.forms[family.forms[0]];
        let usual = (self.surface(sample.words[0]), sample.key.as_str(), family.stem.len());
        with_ending(self.language, usual, (here, key, cut))
    }
}

/// The stem of `usual` with the ending of `here`; each as (as written, its key, where its stem ends in the key).
fn with_ending(language: Language, usual: (&str, &str, usize), here: (&str, &str, usize)) -> String {
    // A surface of as many characters as its key has them one for one.
    let parted = |(surface, key, stem): (&str, &str, usize)| -> Option<(String, String)> {
        let same = surface.chars().count() == key.chars().count();
        let length = key[..stem].chars().count();
        same.then(|| (surface.chars().take(length).collect(), surface.chars().skip(length).collect()))
    };
    let stem = parted(usual).map_or_else(|| language.capitalised(&usual.1[..usual.2]), |(stem, _)| stem);
    let ending = parted(here).map_or_else(|| here.1[here.2..].to_owned(), |(_, ending)| ending);
    stem + &ending
}

#[derive(Debug, Clone, Copy)]
enum Side {
    Before,
    After,
}

/// Where the stem of a name may end, from the longest on; nowhere if it is too short or too long to be compared.
fn cuts(endings: Option<&Endings>, key: &str) -> Vec<usize> {
    if !(LEAST..=LONGEST).contains(&key.chars().count()) {
        return Vec::new();
    }
    endings.map_or_else(|| vec![key.len()], |endings| endings.cuts(key, LEAST))
}

/// The stems a form may have, those too that the end of the stem has changed from.
fn kin<'f>(endings: Option<&'static Endings>, form: &'f Form) -> impl Iterator<Item = String> + 'f {
    kin_of(endings, &form.key, &form.cuts)
}

/// The same of a form by its key and where its stem may end.
fn kin_of<'k>(endings: Option<&'static Endings>, key: &'k str, cuts: &'k [usize]) -> impl Iterator<Item = String> + 'k {
    let stems = cuts.iter().map(|cut| &key[..*cut]);
    stems.flat_map(move |stem| {
        let plain = endings.into_iter().flat_map(move |endings| endings.unchanged(stem));
        plain.chain(std::iter::once(stem.to_owned()))
    })
}

/// The edit is where misspellings are and other names are not: not in the first letter, not in names of four,
/// and not a letter more or less at the end, which is an ending.
fn is_slip(stem: &str, usual: &str) -> bool {
    stem.chars().next() == usual.chars().next()
        && stem.chars().count().max(usual.chars().count()) > LEAST
        && !stem.starts_with(usual)
        && !usual.starts_with(stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each finding as (marked text, message, fix, whether the fix is certain).
    fn found(text: &str, language: Language) -> Vec<(String, String, String, bool)> {
        drift(text, language)
            .into_iter()
            .map(|finding| {
                assert_eq!(finding.rule, Rule::NameDrift);
                let fix = finding.fix.expect("a usual form is known");
                (finding.place.span.of(text).to_owned(), finding.message, fix.text, fix.certain)
            })
            .collect()
    }

    fn marked(text: &str, language: Language) -> Vec<String> {
        found(text, language).into_iter().map(|(mark, ..)| mark).collect()
    }

    #[test]
    fn a_full_name_a_letter_short() {
        let text = "The deputy speaker Bahar Muradova met the guests. Speaking at the meeting, Bahar Muradova \
                    thanked them. According to Bahr Muradova, the talks go on. Later Bahar Muradova left.";
        let message = "`Bahr Muradova` here, `Bahar Muradova` 3 times elsewhere";
        assert_eq!(found(text, Language::EN), [("Bahr".into(), message.into(), "Bahar".into(), true)]);
    }

    #[test]
    fn only_the_parts_named_are_read() {
        let text = "to Nakhchivan\tв Нахчыван\nof Nakhchivan\tиз Нахчывана\nthe Nakhchivam\tо Нахчыване\n";
        let cells = |column: usize| -> Vec<Span> {
            let cells = text.lines().map(|line| line.split('\t').nth(column).unwrap());
            cells.map(|cell| text.find(cell).map(|at| Span::new(at, at + cell.len())).unwrap()).collect()
        };
        let found = drift_in(text, &cells(0), Language::EN);
        assert_eq!(found.iter().map(|f| f.place.span.of(text)).collect::<Vec<_>>(), ["Nakhchivam"]);
        assert!(drift_in(text, &cells(1), Language::RU).is_empty());
    }

    #[test]
    fn the_fix_keeps_the_case() {
        let text = "Görüşdə Sədaqət Vəliyeva iştirak edib. Nazir Vəliyevanı qəbul edib. Sonra Veliyevanın çıxışı \
                    olub. Görüş Vəliyevaya həsr olunub.";
        let message = "`Veliyevanın` here, `Vəliyeva` 3 times elsewhere";
        assert_eq!(found(text, Language::AZ), [("Veliyevanın".into(), message.into(), "Vəliyevanın".into(), false)]);
        let text = "В Лачине открыли центр. Глава Лачина выступил с речью. В Лаичне он был вчера. Из Лачина выехали.";
        let message = "`Лаичне` here, `Лачине` 3 times elsewhere";
        assert_eq!(found(text, Language::RU), [("Лаичне".into(), message.into(), "Лачине".into(), false)]);
    }

    #[test]
    fn a_finding_for_each_deviant_form_at_its_first_place() {
        let text = "в Масаллы, из Шамахи, о Шамахы, под Шемахой, из Шамахи, у Шамахи, около Шемахой, у Шемахи, \
                    в Шамахе, за Шамахой, до Шамахи";
        let places = drift(text, Language::RU);
        let marks: Vec<_> = places.iter().map(|f| (f.place.span.start, f.place.span.of(text))).collect();
        let first = |word: &'static str| (text.find(word).unwrap(), word);
        assert_eq!(marks, [first("Шемахой"), first("Шемахи")]);
    }

    #[test]
    fn each_kind_of_slip() {
        for slip in ["Nakchivan", "Nakhhchivan", "Nakhchivvan", "Nakhcihvan", "Nakhchiven", "Nakhchvan"] {
            let text = format!("In Nakhchivan and to Nakhchivan, from {slip}, for Nakhchivan.");
            assert_eq!(marked(&text, Language::EN), [slip]);
        }
    }

    /// Names near one another that are no slips, with why.
    const APART: &[(Language, &str, &str)] = &[
        (Language::EN, "in Korea, with Korea, a Korean, two Koreans, in Korea", "words made of a name"),
        (Language::EN, "by Aliyev, of Aliyev, with Aliyev, to Aliyeva, for Aliyev's", "a surname in -a"),
        (Language::EN, "of Johnson's, by Johnson’s, with Johnson, for Johnsons", "possessives and plurals"),
        (Language::EN, "the BMT, a BMT, the BMqT, by BMT, the IOM, an IOM, of IOC", "acronyms"),
        (Language::EN, "in Iran, of Iran, for Iran, to Iraq", "short names"),
        (Language::EN, "to Martin, by Martin, of Marten’s marten and martens, a marten, by Marten", "a common word"),
        (Language::EN, "so Ramil Usubov, then Ramil Usubov, as Ramiz Karimov, by Ramil Usubov", "two persons"),
        (Language::EN, "a Baden, in Baden, by Waden, of Baden", "the first letter"),
        (Language::AZ, "o, Bakıda, ki Bakının, və Bakılıların, bu Bakıya, bir Bakıdan", "cases"),
        (Language::AZ, "bu Krallığın, o Krallıq, bir Krallıqda, və Krallığı", "a consonant softened"),
        (Language::AZ, "o İşğaldan, bu İclasın, və İclasda, bir İclasa", "other words"),
        (Language::RU, "из России, в Россию, с Россией, о России, для российского, у Российской", "adjectives"),
        (Language::RU, "о Кубке, за Кубок, без Кубка, на Кубок, к Кубку", "a vowel that falls out"),
        (Language::RU, "у Гусейнова, с Гусейновым, о Гусейнове, к Гусейновой, и Гусейнов", "a surname"),
        (Language::RU, "из Казани, до Казани, от Казани, в Казань, за Казанью", "the third declension"),
    ];

    #[test]
    fn what_is_no_slip() {
        for (language, text, why) in APART {
            assert_eq!(marked(text, *language), [""; 0], "{why}: {text}");
        }
    }

    #[test]
    fn a_name_without_forms_shows_its_slips_at_the_end() {
        let text = "мэр Кеннеди, сын Кеннеди, дом Кеннеди, о Кеннеде";
        assert_eq!(marked(text, Language::RU), ["Кеннеде"]);
        let text = "из Мексики, до Мексики, от Мексики, о Мексике";
        assert!(marked(text, Language::RU).is_empty());
    }

    #[test]
    fn capitals_at_the_beginning_of_a_sentence_are_no_names() {
        let text = "Border checks ended. Border guards left. Bother them no more.\nBorder posts stay.";
        assert!(marked(text, Language::EN).is_empty());
        assert_eq!(marked("the “Rangers” won, the “Rangers” lost, the “Rungers” too", Language::EN), ["Rungers"]);
    }

    #[test]
    fn a_name_written_two_ways_by_turns_has_no_usual_one() {
        assert!(marked("in Toyota, by Toyoto, of Toyota, to Toyoto, a Toyota", Language::EN).is_empty());
    }

    #[test]
    fn a_language_without_rows_is_checked_plainly() {
        let kazakh: Language = "kk".parse().unwrap();
        let text = "мен Алматы, сен Алматы, ол Алмаыт, біз Алматы";
        assert_eq!(marked(text, kazakh), ["Алмаыт"]);
    }

    proptest! {
        #[test]
        fn any_text_is_borne(text in "([A-ZƏИ][a-cəиİı\u{307}'’]{0,5}|[ .,«\"\n-]|漢|[0-9]){0,80}") {
            for language in [Language::EN, Language::AZ, Language::RU] {
                for finding in drift(&text, language) {
                    prop_assert!(!finding.place.span.of(&text).is_empty());
                    prop_assert!(finding.fix.is_some_and(|fix| fix.text != finding.place.span.of(&text)));
                }
            }
        }
    }
}
