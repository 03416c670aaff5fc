//! The dictionary form of a phrase, found from the forms it was met in: of all that may be it the one whose forms
//! these are, read by the tables of `lang::forms`.

use super::{
    corpus::{Side, flag},
    links::alike,
    phrases::{Capitals, Phrase},
};
use crate::{
    lang::{
        Language,
        forms::{Form, Grammar, Number, Possessor, Verb},
    },
    model::{Concept, Status, Term},
    terms::{Overlap, Termbase, written_as},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Forms of a phrase looked at, the most frequent first.
const FORMS: usize = 16;
/// Letters taken off a word at the most to find its dictionary form.
const CUT: usize = 8;

/// Two words that sound so alike are one name.
const SOUNDS: f64 = 0.6;
const SAME: f64 = 0.95;

/// How a dictionary form differs from the others, for one language.
struct Citing {
    language: Language,
    /// The words before the noun agree with it; else the last word changes alone.
    agree: bool,
    /// Endings of dictionary forms that may stand where letters were taken off, and letters they do not follow.
    nouns: &'static [(&'static str, &'static str)],
    /// By gender: endings of words that agree, and of nouns they agree with; without any, a consonant.
    adjectives: &'static [(&'static [&'static str], &'static [&'static str])],
    /// Endings words that agree are met with.
    agreeing: &'static [&'static str],
    /// (As it stands before endings, as it stands at the end of a word.)
    alternations: &'static [(char, char)],
    /// Ends of words that are rarely in their dictionary form, and longer ones that are.
    oblique: &'static [&'static str],
    /// What speaks against a guess that ends so: a letter not covered in a quarter of the forms costs 1.
    oblique_cost: f64,
    cited: &'static [&'static str],
    /// Endings of dictionary forms, what one of which other forms end in, and what speaks against a word without: закон
    /// has закону; жертва has жертвой.
    gender: &'static [(&'static str, &'static [&'static str], f64)],
    /// Endings that the plural lacks, and endings one of which shows that the word has them: страна goes before стран
    /// where there is страной, закон before закона.
    lost: &'static [(&'static str, &'static [&'static str])],
}

static CITING: &[Citing] = &[
    Citing {
        language: Language::EN,
        agree: false,
        nouns: &[("", ""), ("y", ""), ("e", "")], // bodies, body
        adjectives: &[],
        agreeing: &[],
        alternations: &[],
        oblique: &[],
        oblique_cost: 0.0,
        cited: &[],
        gender: &[],
        lost: &[],
    },
    Citing {
        language: Language::AZ,
        agree: false,
        nouns: &[("", "")],
        adjectives: &[],
        agreeing: &[],
        alternations: &[('ğ', 'q'), ('y', 'k')], // uşağı, uşaq; ürəyi, ürək
        oblique: &[
            "nın", "nin", "nun", "nün", "ın", "in", "un", "ün", "dan", "dən", "da", "də", "ya", "yə", "nı", "ni", "nu",
            "nü", "na", "nə",
        ],
        oblique_cost: 1.6,
        cited: &["din", "gün", "qanun", "oyun", "ağın", "vətən", "bədən", "müavin", "meydan", "ordu"],
        gender: &[],
        lost: &[],
    },
    Citing {
        language: Language::RU,
        agree: true,
        // закон, служба, неделя, право, соглашение, гость, случай; иностранец, участок
        nouns: &[
            ("", ""),
            ("а", "иеой"),
            ("я", "бвгдзкмпртфхцжшщч"),
            ("о", "гиежшщчцй"),
            ("е", "бвгдзкмптфхй"),
            ("ь", "аеиойбвгзкмфхцъыь"),
            ("й", "бвгдзклмнпрстфхцжшщчйь"),
            ("ец", "аеиоц"),
            ("ок", "аеиок"),
        ],
        adjectives: &[
            (&["ый", "ий", "ой"], &["й", "ь"]),
            (&["ая", "яя"], &["а", "я", "ь"]),
            (&["ое", "ее"], &["о", "е"]),
        ],
        agreeing: &[
            "ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие", "ого", "его", "ому", "ему", "ым", "им", "ом", "ем",
            "ую", "юю", "ей", "ых", "их", "ыми", "ими",
        ],
        alternations: &[],
        oblique: &[
            "у",
            "ю",
            "ой",
            "ей",
            "ом",
            "ем",
            "ах",
            "ях",
            "ам",
            "ям",
            "ами",
            "ями",
            "ов",
            "ев",
            "ых",
            "их",
            "е",
            "ы",
            "и",
            "ний",
            "ций",
            "сий",
            "зий",
            "ения",
            "ствия",
            "вания",
            "дания",
            "нания",
            "сания",
            "ца",
        ],
        oblique_cost: 2.0,
        cited: &[
            "ие",
            "ье",
            "це",
            "ще",
            "оре",
            "оле",
            "ец",
            "дом",
            "ром",
            "строй",
            "герой",
            "бой",
            "музей",
            "ение",
            "ица",
        ],
        gender: &[
            ("а", &["ы", "и", "ой"], 1.7),
            ("я", &["и", "ей", "ий"], 1.7),
            ("о", &["ом"], 1.0),
            ("е", &["ем"], 1.0),
            ("", &["ом", "ем", "ов", "ев", "у", "ю"], 1.4),
        ],
        lost: &[("а", &["ой", "ою"]), ("я", &["ей", "ею"]), ("о", &[]), ("е", &[])],
    },
];

const VOWELS: [char; 10] = ['а', 'я', 'о', 'е', 'ё', 'и', 'у', 'ю', 'ы', 'э'];
/// Consonants after which Russian writes и for ы.
const NO_YERU: &str = "гкхжшщч";

/// The term of another language that a name is to sound like.
pub(super) struct Hint {
    pub language: Language,
    pub text: String,
}

/// The words of a phrase as met, in key letters, and how often so.
struct Met {
    words: Vec<String>,
    count: usize,
}

/// Finds dictionary forms in one language.
pub(super) struct Citer<'c> {
    side: &'c Side,
    capitals: Capitals,
    /// The words there are, by key: one that is met goes before one that is made.
    known: FxHashSet<&'c str>,
}

impl<'c> Citer<'c> {
    pub fn new(side: &'c Side) -> Citer<'c> {
        let known = side.surfaces.iter().map(|surface| surface.key.as_str()).collect();
        Citer { side, capitals: Capitals::new(side), known }
    }

    /// The dictionary form of a phrase, with capitals as most of its occurrences have them. Where forms leave a choice, a
    /// name is what sounds most like `hint`.
    pub fn cite(&self, phrase: &Phrase, hint: Option<&Hint>) -> String {
        let met = self.met(phrase);
        let words = self.words(&met, hint.filter(|_| phrase.is_name()));
        self.cased(phrase, &words)
    }

    fn met(&self, phrase: &Phrase) -> Vec<Met> {
        let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        for place in &phrase.places {
            let places = *place..place + u32::from(phrase.words);
            let words = places.map(|place| self.side.surface(place)).map(|s| if s.acronym { &s.text } else { &s.key });
            *counts.entry(words.map(String::as_str).collect()).or_default() += 1;
        }
        let owned =
            |(words, count): (Vec<&str>, usize)| Met { words: words.iter().map(|w| (*w).to_owned()).collect(), count };
        let mut out: Vec<Met> = counts.into_iter().map(owned).collect();
        let agree = CITING.iter().any(|citing| citing.language == self.side.language && citing.agree);
        // Of a term whose first words do not change, the most frequent are meant: `Senatın komitəsi`, `Senat komitəsi`.
        if !agree && phrase.words > 1 && self.side.language != Language::EN {
            let mut before: BTreeMap<Vec<String>, usize> = BTreeMap::new();
            for met in &out {
                *before.entry(met.words[..met.words.len() - 1].to_vec()).or_default() += met.count;
            }
            if let Some((usual, _)) = before.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))) {
                out.retain(|met| met.words.starts_with(&usual));
            }
        }
        out.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.words.cmp(&b.words)));
        out.truncate(FORMS);
        out
    }

    /// The words of the dictionary form.
    fn words(&self, met: &[Met], hint: Option<&Hint>) -> Vec<String> {
        let language = self.side.language;
        let Some(citing) = CITING.iter().find(|citing| citing.language == language) else {
            return met[0].words.clone();
        };
        let (mut guesses, head) = self.guesses(citing, met);
        if let Some(hint) = hint {
            guesses.extend(self.names(citing, met, hint));
        }
        let texts: Vec<String> = guesses.iter().map(|words| words.join(" ")).collect();
        let read = readings(language, &texts, met, hint.is_some());
        let all: usize = met.iter().map(|met| met.count).sum();
        let share = |part: usize| part as f64 / all as f64;
        let score = |at: usize| {
            let words = &guesses[at];
            let is_known = |word: &str| self.known.contains(word);
            let unknown = words.iter().filter(|word| !is_known(word)).count() + usize::from(!is_known(&words[head]));
            let seen = met.iter().find(|met| met.words == *words).map_or(0, |met| met.count);
            let noun = words[head].as_str();
            let cited = citing.cited.iter().any(|end| noun.ends_with(end));
            let sure = hint.is_some_and(|hint| sounds(hint, language, &words[head..=head]) >= SAME);
            let oblique = !sure && citing.oblique.iter().any(|end| noun.ends_with(end)) && !cited;
            let sound = hint.map_or(0.0, |hint| sounds(hint, language, words));
            let length = texts[at].chars().count() as f64;
            let lost = |(end, with): &(&str, &[&str])| {
                noun.strip_suffix(end).is_some_and(|rest| {
                    guesses.iter().any(|other| other[head] == rest)
                        && (with.is_empty() || with.iter().any(|other| is_known(&format!("{rest}{other}"))))
                })
            };
            let fuller = hint.is_none() && is_known(noun) && citing.lost.iter().any(lost);
            let vowel = noun.ends_with(VOWELS) || noun.ends_with(['ь', 'й']);
            let own = citing.gender.iter().find(|(end, ..)| if end.is_empty() { !vowel } else { noun.ends_with(end) });
            let odd = own.filter(|(end, ..)| hint.is_none() && !(cited && end.is_empty())).map_or(
                0.0,
                |(end, others, cost)| {
                    let rest = noun.strip_suffix(end).unwrap_or(noun);
                    if others.iter().any(|other| is_known(&format!("{rest}{other}"))) { 0.0 } else { *cost }
                },
            );
            // A name that sounds the same as its counterpart need not be known.
            let unknown = if sure { 0 } else { unknown };
            4.0 * share(read[at].covered) - odd - 0.6 * unknown as f64 + 4.0 * sound - 0.01 * length
                + match oblique {
                    // Names of foreigners often end so and never change.
                    true if hint.is_some() && noun.ends_with(['и', 'у', 'ы', 'ю']) => -0.5,
                    true => -citing.oblique_cost,
                    false => 0.5 * share(seen),
                }
                // The head of an izafet is found where all forms have its ending.
                + if words.len() > 1 && read[at].owned == read[at].covered { 0.5 } else { 0.0 }
                + if fuller { 0.4 } else { 0.0 }
        };
        let best = (0..guesses.len()).filter(|at| share(read[*at].covered) >= 0.6);
        let Some(best) = best.max_by(|a, b| score(*a).total_cmp(&score(*b)).then(b.cmp(a))) else {
            return met[0].words.clone();
        };
        let Reading { covered, plural, owned, surely } = read[best];
        let is_person = hint.is_some_and(|hint| sounds(hint, language, &guesses[best][head..=head]) >= SOUNDS);
        let izafet = owned == covered && met[0].words.len() > 1 && (surely > 0 || !is_person);
        // All its forms are plurals, or possessed as the head of an izafet is: so is the dictionary form.
        let form = Form {
            number: if plural == covered { Number::Plural } else { Number::Singular },
            possessor: if izafet { Possessor::Third } else { Possessor::None },
            ..Form::default()
        };
        let written =
            (form != Form::default()).then(|| written_as(language, &texts[best], &Grammar::default(), form)).flatten();
        match written {
            Some(text) if text.split(' ').count() == guesses[best].len() => {
                text.split(' ').map(str::to_owned).collect()
            }
            _ => guesses[best].clone(),
        }
    }

    /// What may be the dictionary form of the phrase, and where in it the noun stands that changes.
    fn guesses(&self, citing: &Citing, met: &[Met]) -> (Vec<Vec<String>>, usize) {
        let common = &met[0].words;
        let length = common.len();
        let forms = |at: usize| -> Vec<&str> {
            let mut out: Vec<&str> = met.iter().map(|met| met.words[at].as_str()).collect();
            out.sort_unstable();
            out.dedup();
            out
        };
        let agrees = |at: usize| {
            citing.agree
                && at + 1 < length
                && forms(at).iter().all(|form| citing.agreeing.iter().any(|ending| form.ends_with(ending)))
                && !forms(at).iter().any(|form| self.is_noun(form))
        };
        let head =
            if citing.agree { (0..length).find(|at| !agrees(*at)).unwrap_or(length - 1) } else { self.head(common) };
        let nouns = self.nouns(citing, &forms(head));
        let mut out = Vec::new();
        let alone: [(&[&str], &[&str]); 1] = [(&[], &[])];
        let genders = if citing.agree && head > 0 { citing.adjectives } else { &alone };
        for (endings, ends) in genders {
            let options: Vec<Vec<String>> = if ends.is_empty() {
                Vec::new()
            } else {
                (0..head).map(|at| self.adjectives(citing, &forms(at), endings)).collect()
            };
            for noun in &nouns {
                let vowel = noun.ends_with(VOWELS);
                let suits =
                    ends.is_empty() || ends.iter().any(|end| noun.ends_with(end)) || !vowel && ends.contains(&"й");
                if !suits {
                    continue;
                }
                let mut words = common.clone();
                words[head].clone_from(noun);
                let mut made = vec![words];
                for (at, options) in options.iter().enumerate() {
                    let with = |words: &Vec<String>, option: &String| {
                        let mut words = words.clone();
                        words[at].clone_from(option);
                        words
                    };
                    made = made
                        .iter()
                        .flat_map(|words| options.iter().map(move |option| with(words, option)))
                        .take(32)
                        .collect();
                }
                out.append(&mut made);
            }
        }
        (out, head)
    }

    /// What may be the dictionary form of a person's name, all of whose words change: for each the guesses that sound
    /// most like the counterpart.
    fn names(&self, citing: &Citing, met: &[Met], hint: &Hint) -> Vec<Vec<String>> {
        if !citing.agree || met[0].words.len() < 2 {
            return Vec::new();
        }
        let mut out: Vec<Vec<String>> = vec![Vec::new()];
        for at in 0..met[0].words.len() {
            let forms: Vec<&str> = met.iter().map(|met| met.words[at].as_str()).collect();
            let mut options: Vec<(f64, String)> = self
                .nouns(citing, &forms)
                .into_iter()
                .map(|word| (sounds(hint, self.side.language, std::slice::from_ref(&word)), word))
                .collect();
            options.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            if options.first().is_none_or(|best| best.0 < SOUNDS) {
                return Vec::new();
            }
            options.truncate(3);
            let with = |words: &Vec<String>, option: &(f64, String)| {
                let mut words = words.clone();
                words.push(option.1.clone());
                words
            };
            out = out.iter().flat_map(|words| options.iter().map(move |option| with(words, option))).take(27).collect();
        }
        out
    }

    /// The word that changes, where it is one alone: before what hangs on it by a preposition, else the last.
    fn head(&self, words: &[String]) -> usize {
        let last = words.len() - 1;
        if self.side.language != Language::EN {
            return last;
        }
        let roles = super::words::Roles::of(self.side.language);
        (1..last).find(|at| !roles.role(&words[*at]).is_content()).map_or(last, |at| at - 1)
    }

    /// Whether a word with the ending of an adjective is cited with that of a noun in these texts: `миграцией`.
    fn is_noun(&self, form: &str) -> bool {
        let cut = |ending: &str| form.strip_suffix(ending);
        let pairs = [
            ("ией", "ия"),
            ("ий", "ия"),
            ("ием", "ие"),
            ("ой", "а"),
            ("ей", "я"),
            ("ом", "о"),
            ("ом", ""),
            ("ем", ""),
            ("ие", "ия"),
        ];
        let roles = super::words::Roles::of(self.side.language);
        roles.role(form).ends()
            && pairs
                .iter()
                .any(|(met, cited)| cut(met).is_some_and(|stem| self.known.contains(format!("{stem}{cited}").as_str())))
    }

    fn nouns(&self, citing: &Citing, forms: &[&str]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut add = |word: String| {
            if !out.contains(&word) {
                out.push(word);
            }
        };
        for form in forms {
            add((*form).to_owned());
            let ends: Vec<usize> = form.char_indices().map(|(at, _)| at).chain([form.len()]).collect();
            for at in ends.into_iter().skip(3).rev().take(CUT) {
                let base = &form[..at];
                let last = base.chars().next_back();
                if let Some((met, cited)) = citing.alternations.iter().find(|(met, _)| last == Some(*met)) {
                    add(format!("{}{cited}", base.strip_suffix(*met).unwrap_or(base)));
                    if !self.known.contains(base) {
                        continue;
                    }
                }
                for (ending, not_after) in citing.nouns {
                    if !base.ends_with(|c| not_after.contains(c)) {
                        add(format!("{base}{ending}"));
                    }
                }
            }
        }
        out
    }

    fn adjectives(&self, citing: &Citing, forms: &[&str], gender: &[&str]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for form in forms {
            let ending = citing.agreeing.iter().filter(|ending| form.ends_with(**ending)).max_by_key(|e| e.len());
            let Some(base) = ending.and_then(|ending| form.strip_suffix(ending)) else { continue };
            let soft = base.ends_with(|c| NO_YERU.contains(c));
            for ending in gender.iter().filter(|ending| !(soft && **ending == "ый")) {
                let word = format!("{base}{ending}");
                if !out.contains(&word) {
                    out.push(word);
                }
            }
        }
        let known: Vec<String> = out.iter().filter(|word| self.known.contains(word.as_str())).cloned().collect();
        if known.is_empty() { out } else { known }
    }

    /// The words of a phrase with the capitals most of its occurrences have.
    fn cased(&self, phrase: &Phrase, words: &[String]) -> String {
        let language = self.side.language;
        let (mut all, mut capital) = (vec![0usize; words.len()], vec![0usize; words.len()]);
        let mut spelt: FxHashMap<&str, &str> = FxHashMap::default();
        for place in &phrase.places {
            for offset in 0..phrase.words {
                let place = place + u32::from(offset);
                let surface = self.side.surface(place);
                let counted = self.side.flags[place as usize] & flag::INITIAL == 0;
                all[usize::from(offset)] += usize::from(counted);
                capital[usize::from(offset)] += usize::from(counted && surface.capital);
                // `McDonald`, `PhD`.
                if surface.text.chars().skip(1).any(char::is_uppercase) && !surface.acronym {
                    spelt.insert(&surface.key, &surface.text);
                }
            }
        }
        let place = phrase.places[0];
        let word = |(at, word): (usize, &String)| {
            let share = match all[at] {
                0 => self.capitals.share(self.side.stem(place + at as u32)),
                all => capital[at] as f64 / all as f64,
            };
            match spelt.get(word.as_str()) {
                Some(text) if share >= 0.5 => (*text).to_owned(),
                _ if share >= 0.5 => {
                    word.split('-').map(|part| language.capitalised(part)).collect::<Vec<_>>().join("-")
                }
                _ => word.clone(),
            }
        };
        words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
    }
}

/// How often a phrase was met in a form of a guess, in its plural, and in one that is somebody's.
#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    covered: usize,
    plural: usize,
    owned: usize,
    /// Owned in all readings: `komitəsi`, not `Trampı`.
    surely: usize,
}

/// How the guesses read what was met; the words of `names` have capitals, by which the tables tell surnames.
fn readings(language: Language, guesses: &[String], met: &[Met], names: bool) -> Vec<Reading> {
    let written = |text: &str| match names {
        true => text.split(' ').map(|word| language.capitalised(word)).collect::<Vec<_>>().join(" "),
        false => text.to_owned(),
    };
    let terms: Vec<Term> = guesses.iter().map(|text| Term::new(written(text), language, Status::Proposed)).collect();
    let termbase = Termbase::new(vec![Concept { id: "guess".to_owned(), terms, ..Concept::default() }]);
    let mut out = vec![Reading::default(); guesses.len()];
    for met in met {
        let text = written(&met.words.join(" "));
        for found in termbase.find(language, &text, Overlap::All) {
            if found.span.len() == text.len() && (found.forms.is_empty() || found.forms.iter().any(is_plain)) {
                let reading = &mut out[found.term];
                reading.covered += met.count;
                let plain = || found.forms.iter().filter(|form| is_plain(form));
                let plural = plain().next().is_some() && plain().all(|form| form.number == Number::Plural);
                reading.plural += if plural { met.count } else { 0 };
                let owned = found.forms.iter().any(|form| form.possessor == Possessor::Third)
                    && !found.forms.contains(&Form::default());
                reading.owned += if owned { met.count } else { 0 };
                let surely = plain().next().is_some() && plain().all(|form| form.possessor == Possessor::Third);
                reading.surely += if surely { met.count } else { 0 };
            }
        }
    }
    out
}

/// A form that texts like these have: nobody is addressed in them.
fn is_plain(form: &Form) -> bool {
    form.verb == Verb::None && matches!(form.possessor, Possessor::None | Possessor::Third | Possessor::Ours)
}

/// How alike a name and its counterpart sound, word by word, 0 to 1.
fn sounds(hint: &Hint, language: Language, words: &[String]) -> f64 {
    let of: Vec<String> = hint.text.split(' ').map(|word| hint.language.key(word)).collect();
    let best = |word: &String| {
        // Of what English writes nobody hears a final e: Singapore, Сингапур.
        let heard = |own: &String| {
            alike(hint.language, own, language, word).max(alike(
                hint.language,
                own.trim_end_matches('e'),
                language,
                word,
            ))
        };
        of.iter().map(heard).fold(0.0, f64::max)
    };
    words.iter().map(best).sum::<f64>() / words.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UnitId;
    use crate::suggest::{Corpus, phrases::phrases};

    /// The dictionary form of the phrase that stands in all of `texts`, the longest there is.
    fn cited(language: Language, texts: &[&str], hint: Option<&str>) -> String {
        let mut corpus = Corpus::new(&[language], Termbase::new(Vec::new()));
        for (number, text) in texts.iter().enumerate() {
            let read = corpus.read([(language, *text)]);
            corpus.add(UnitId(number as i64), "d", read);
        }
        let side = &corpus.sides[0];
        let all = phrases(side, texts.len());
        let phrase = all.iter().max_by_key(|phrase| phrase.words).unwrap_or_else(|| panic!("no phrase in {texts:?}"));
        let hint = hint.map(|text| Hint { language: Language::EN, text: text.to_owned() });
        Citer::new(side).cite(phrase, hint.as_ref())
    }

    #[test]
    fn dictionary_forms_are_found_from_other_forms() {
        for (language, texts, hint, want) in [
            (Language::EN, &["The state body met.", "They are state bodies here."][..], None, "state body"),
            (
                Language::AZ,
                &["Bu, iş icazəsinin müddətidir.", "Onun iş icazəsi yoxdur.", "O, iş icazəsini verib."],
                None,
                "iş icazəsi",
            ),
            (
                Language::AZ,
                &["Burada Dövlət Sərhəd Xidmətinin otağı", "Bizim Dövlət Sərhəd Xidmətinə müraciət"],
                None,
                "Dövlət Sərhəd Xidməti",
            ),
            (
                Language::RU,
                &[
                    "Он получил трудовую книжку.",
                    "Нет трудовой книжки.",
                    "Вместе с трудовой книжкой он принес паспорт.",
                ],
                None,
                "трудовая книжка",
            ),
            (
                Language::RU,
                &["Это сказал и Камил Гасанов.", "Нет Камила Гасанова.", "Позвонил Камилу Гасанову."],
                Some("Kamil Gasanov"),
                "Камил Гасанов",
            ),
            (
                Language::RU,
                &["Из этого государственного органа.", "Все государственные органы.", "Один государственный орган."],
                None,
                "государственный орган",
            ),
        ] {
            assert_eq!(cited(language, texts, hint), want, "{texts:?}");
        }
    }

    #[test]
    fn a_language_without_rows_is_cited_as_met() {
        let kazakh = Language::literal("kk");
        assert_eq!(cited(kazakh, &["Бұл Қызыл кітап керек.", "Ол Қызыл кітап оқыды."], None), "Қызыл кітап");
    }
}
