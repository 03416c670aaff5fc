//! `mixed-script`: letters of another script, or of no alphabet, inside a word.

use super::{
    Vocabulary, finding, joints,
    vocabulary::Known,
    words::{Word, Words},
};
use crate::{
    lang::{Language, Script},
    model::{Finding, Fix, Rule},
    text::Span,
};

/// The dot some programs leave behind where they lower-case İ by Unicode's default rules: i + U+0307.
const DOT: char = '\u{307}';

/// The longest ending that is written on to a foreign word, in letters: `Лукойlun`.
const ENDING: usize = 3;

/// One finding for each word of `parts` that holds letters from elsewhere, in the order of the text.
pub fn mixed_script(read: &Words<'_>, vocabulary: &Vocabulary) -> Vec<Finding> {
    let Words { text, language, parts } = read;
    let (text, language) = (*text, *language);
    let known = vocabulary.of(language);
    let mut out = Vec::new();
    for (part, words) in parts {
        let Some(own) = language.script().or_else(|| most(text, words)) else { continue };
        let read = Read { text, part: *part, words, language, own, known };
        out.extend((0..words.len()).filter_map(|at| read.word(at)));
    }
    out
}

/// The script most words begin in: that of a language without rows.
fn most(text: &str, words: &[Word]) -> Option<Script> {
    let latin = |word: &&Word| word.of(text).chars().next().and_then(Script::of) == Some(Script::Latin);
    let count = words.iter().filter(latin).count();
    let other = if count * 2 > words.len() { Script::Latin } else { Script::Cyrillic };
    (!words.is_empty()).then_some(other)
}

/// A part of a text as it is read.
struct Read<'t> {
    text: &'t str,
    part: Span,
    words: &'t [Word],
    language: Language,
    own: Script,
    known: Known<'t>,
}

impl Read<'_> {
    fn word(&self, at: usize) -> Option<Finding> {
        let word = &self.words[at];
        let surface = word.of(self.text);
        if word.key.is_empty() || surface.is_ascii() && self.own == Script::Latin {
            return None;
        }
        let (strange, fix) = self
            .mixed(surface)
            .or_else(|| self.foreign(at, surface))
            .or_else(|| self.stray(surface))
            .or_else(|| self.neighbour(word, surface))?;
        let mut named = Vec::new();
        for c in strange {
            let what = match Script::of(c) {
                _ if c == DOT => format!("a dot of its own (U+{:04X})", c as u32),
                Some(script) if script != self.own || self.language.has_letter(c) => {
                    format!("`{c}` (U+{:04X}) is {}", c as u32, script.name())
                }
                _ => format!("`{c}` (U+{:04X}) is no letter of {}", c as u32, self.language.name()),
            };
            if !named.contains(&what) {
                named.push(what);
            }
        }
        let message = format!("in `{surface}`: {}", named.join(", "));
        Some(finding(Rule::MixedScript, self.language, word.span, message, fix))
    }

    /// The letter of the language that `c`, of the other script, looks like.
    fn own_twin(&self, c: char) -> Option<char> {
        self.own.twin(c).filter(|twin| self.language.has_letter(*twin))
    }

    /// A word in two scripts: its strange letters, and the word without them where there is one reading.
    fn mixed(&self, surface: &str) -> Option<(Vec<char>, Option<Fix>)> {
        let runs = runs(surface);
        if runs.len() < 2 {
            return None;
        }
        let foreign = |script: Script| script != self.own;
        // Letters that are of their script beyond doubt.
        let own_sure = |c: char| Script::of(c) == Some(self.own) && other(self.own).twin(c).is_none();
        let foreign_sure = |c: char| Script::of(c).is_some_and(foreign) && self.own_twin(c).is_none();
        if let [(first, head), (second, tail)] = runs[..] {
            let (head_sure, tail_sure) = if foreign(first) {
                (head.chars().any(foreign_sure), tail.chars().any(own_sure))
            } else {
                (head.chars().any(own_sure), tail.chars().any(foreign_sure))
            };
            let apart = tail.starts_with(char::is_uppercase) && head.ends_with(char::is_lowercase);
            let long = |run: &str| run.chars().count() > 1;
            let brand = apart && (head_sure || tail_sure) && long(head) && long(tail);
            let capitals = long(head) && !head.chars().any(char::is_lowercase);
            let ending = !foreign(second)
                && (head_sure || capitals)
                && long(head)
                && tail.chars().count() <= ENDING
                && tail.chars().all(char::is_lowercase);
            if brand || ending {
                return None;
            }
        }
        let of_own = |c: &char| Script::of(*c) == Some(self.own);
        let foreigns: Vec<char> = surface.chars().filter(|c| Script::of(*c).is_some_and(foreign)).collect();
        let owns: Vec<char> = surface.chars().filter(of_own).collect();
        let (strange, fixed, sure): (Vec<char>, Option<String>, bool) =
            match (owns.iter().copied().any(own_sure), foreigns.iter().copied().any(foreign_sure)) {
                (true, true) => (foreigns, None, false),
                (false, true) => {
                    let twin = |c: char| if of_own(&c) { other(self.own).twin(c) } else { Some(c) };
                    let fixed: Option<String> = surface.chars().map(twin).collect();
                    // A word half in one script and half in the other may be meant in either.
                    let number = |text: &String| text.chars().all(|c| "IVXLCDM".contains(c));
                    let fixed = fixed.filter(|text| owns.len() < foreigns.len() || number(text));
                    (owns, fixed, true)
                }
                (sure, false) => {
                    let own = |c: char| if Script::of(c).is_some_and(foreign) { self.own_twin(c) } else { Some(c) };
                    let fixed: Option<String> = surface.chars().map(own).collect();
                    let known = |text: &String| self.known.is_word(&self.language.key(text));
                    let sure = sure || fixed.as_ref().is_some_and(known);
                    (foreigns, fixed, sure)
                }
            };
        Some((strange, fixed.map(|text| Fix { text: self.without_strays(&text), certain: sure })))
    }

    /// A word all of whose letters are look-alikes of another script, between words of the language, where the
    /// texts know it in their own letters.
    fn foreign(&self, at: usize, surface: &str) -> Option<(Vec<char>, Option<Fix>)> {
        if surface.chars().any(|c| Script::of(c) == Some(self.own)) {
            return None;
        }
        let text: String = surface.chars().map(|c| self.own_twin(c)).collect::<Option<_>>()?;
        let word = &self.words[at];
        let neighbours = [at.checked_sub(1), Some(at + 1)].map(|at| at.and_then(|at| self.words.get(at)));
        let own = |word: &Word| word.of(self.text).chars().all(|c| Script::of(c).is_none_or(|s| s == self.own));
        if neighbours.iter().all(Option::is_none) || !neighbours.iter().flatten().all(|word| own(word)) {
            return None;
        }
        let before = self.text[self.part.start..word.span.start].chars().next_back();
        let mut after = self.text[word.span.end..self.part.end].chars();
        let next = after.next();
        let key = self.language.key(&text);
        let function = joints::is_word(self.language, &key);
        let single = text.chars().count() == 1;
        let upper = text.starts_with(char::is_uppercase);
        let clear = before.is_none_or(char::is_whitespace) && next.is_some_and(char::is_whitespace);
        let initial = single && upper && next == Some('.') && before.is_none_or(|c| c.is_whitespace() || c == '.') && {
            let follows = self.text[word.span.end + 1..self.part.end].trim_start_matches(' ');
            follows.starts_with(|c: char| c.is_uppercase() && Script::of(c) == Some(self.own))
        };
        let sure = initial
            || match (single, upper) {
                (true, false) => clear && function,
                // `витамин C` is no preposition; a sentence that begins with `C` has one.
                (true, true) => {
                    let line = self.text[self.part.start..word.span.start].trim_end_matches([' ', '\u{a0}']);
                    clear && function && (line.is_empty() || line.ends_with(['.', '!', '?', '…', '\n']))
                }
                (false, _) => clear && (function || self.known.seen(&key).lower > 1),
            };
        let certain = function && !single || initial;
        sure.then(|| (surface.chars().collect(), Some(Fix { text, certain })))
    }

    /// A word in its own script with letters that are in no alphabet it could be of: `ǝ` for `ə`, i + U+0307.
    fn stray(&self, surface: &str) -> Option<(Vec<char>, Option<Fix>)> {
        let text = self.without_strays(surface);
        if text == surface {
            return None;
        }
        let mut strange: Vec<char> = surface.chars().filter(|c| self.language.meant(*c).is_some()).collect();
        let dotted =
            surface.char_indices().any(|(at, c)| matches!(c, 'i' | 'ı') && surface[at..].chars().nth(1) == Some(DOT));
        strange.extend(dotted.then_some(DOT));
        Some((strange, Some(Fix { text, certain: true })))
    }

    /// `text` with stray letters as they were meant.
    fn without_strays(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                DOT if out.ends_with(['i', 'ı']) => {
                    out.pop();
                    out.push('i');
                }
                c => out.push(self.language.meant(c).unwrap_or(c)),
            }
        }
        out
    }

    /// İ and ı of the Azerbaijani and Turkish keyboards in a word of a language that has neither: `İn 2018`. Names
    /// keep theirs (`İzmir`), so it must be a word the texts know.
    fn neighbour(&self, word: &Word, surface: &str) -> Option<(Vec<char>, Option<Fix>)> {
        let plain = |c: char| match c {
            'İ' => 'I',
            'ı' => 'i',
            c => c,
        };
        let strange: Vec<char> = surface.chars().filter(|c| plain(*c) != *c).collect();
        if strange.is_empty() || strange.iter().any(|c| self.language.has_letter(*c)) || word.key.is_empty() {
            return None;
        }
        let text: String = surface.chars().map(plain).collect();
        let key = self.language.key(&text);
        let known = joints::is_word(self.language, &key) || self.known.is_word(&key);
        known.then_some((strange, Some(Fix { text, certain: true })))
    }
}

fn other(script: Script) -> Script {
    match script {
        Script::Latin => Script::Cyrillic,
        Script::Cyrillic => Script::Latin,
    }
}

/// The runs of one script that `word` falls into; marks and letters of other scripts belong to the run before.
fn runs(word: &str) -> Vec<(Script, &str)> {
    let mut starts: Vec<(Script, usize)> = Vec::new();
    for (at, c) in word.char_indices() {
        if let Some(script) = Script::of(c)
            && starts.last().is_none_or(|(last, _)| *last != script)
        {
            starts.push((script, at));
        }
    }
    let ends = starts.iter().skip(1).map(|(_, at)| *at).chain([word.len()]);
    starts.iter().zip(ends).map(|((script, start), end)| (*script, &word[*start..end])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words marked, each with its fix and whether that is certain.
    fn found(language: Language, text: &str) -> Vec<(String, Option<(String, bool)>)> {
        let parts = [Span::new(0, text.len())];
        let mut vocabulary = Vocabulary::default();
        let read = Words::new(text, &parts, language);
        vocabulary.add(&read);
        let findings = mixed_script(&read, &vocabulary);
        let told = |finding: Finding| {
            let fix = finding.fix.map(|fix| (fix.text, fix.certain));
            (finding.place.span.of(text).to_owned(), fix)
        };
        findings.into_iter().map(told).collect()
    }

    /// (language, text, the word marked, its fix and whether that is certain)
    type Case = (Language, &'static str, &'static str, Option<(&'static str, bool)>);

    const NOISE: &[Case] = &[
        (Language::AZ, "Мilli Məclisdə görüş", "Мilli", Some(("Milli", true))),
        (Language::AZ, "Dövlət Miqrаsiyа Xidməti", "Miqrаsiyа", Some(("Miqrasiya", true))),
        (Language::AZ, "Mәclisin iclası", "Mәclisin", Some(("Məclisin", true))),
        (Language::AZ, "Mǝclisin iclası", "Mǝclisin", Some(("Məclisin", true))),
        (Language::AZ, "Ǝliyev gəlib", "Ǝliyev", Some(("Əliyev", true))),
        (Language::AZ, "bi\u{307}r dəfə", "bi\u{307}r", Some(("bir", true))),
        (Language::AZ, "Мǝclisi\u{307}n iclası", "Мǝclisi\u{307}n", Some(("Məclisin", true))),
        (Language::AZ, "Görüşdə А.Məmmədov olub", "А", Some(("A", true))),
        (Language::AZ, "Sabah görüş vә iclas olacaq", "vә", Some(("və", true))),
        (Language::AZ, "Miллi Məclis", "Miллi", None),
        (Language::EN, "the Мilli Majlis", "Мilli", Some(("Milli", true))),
        (Language::EN, "İn 2018 the law changed", "İn", Some(("In", true))),
        (Language::EN, "the migration law; mıgration grows", "mıgration", Some(("migration", true))),
        (Language::EN, "the word «Мoсква» in Russian", "Мoсква", Some(("Москва", true))),
        (Language::RU, "Государственнaя служба", "Государственнaя", Some(("Государственная", true))),
        (Language::RU, "вместе c ними и Fаcebook", "c", Some(("с", false))),
        (Language::RU, "страница Fаcebook", "Fаcebook", Some(("Facebook", true))),
        (Language::RU, "Итоги. C 1 января действует", "C", Some(("С", false))),
        (Language::RU, "в ХХI веке", "ХХI", Some(("XXI", true))),
    ];

    #[test]
    fn letters_from_elsewhere_are_marked_and_put_right() {
        for (language, text, word, fix) in NOISE {
            let want = fix.map(|(text, certain)| (text.to_owned(), certain));
            let got = found(*language, text);
            assert!(got.contains(&((*word).to_owned(), want)), "{text}: {got:?}");
        }
    }

    /// Texts in two scripts that are as they should be.
    const RIGHT: &[(Language, &str)] = &[
        (Language::AZ, "COVID-19-un “Миграция” tətbiqi, Лукойlun, РФ-nin və ООО-nun XXI əsrdə 5 µm"),
        (Language::AZ, "Weber, Wilson və İlham “Роза” və Москва"),
        (Language::AZ, "Görüş НАТО ilə keçirilib"),
        (Language::EN, "İlham Əliyev in İzmir, Ağdam; Beyoncé’s “Москва” and e\u{301}lan"),
        (Language::EN, "a 5 kΩ lamp, α-particle, www.mоsk.ru and info@аz.az"),
        (Language::RU, "IT-компания, Facebook’ом, SMSка, приложение MIGAZ, XXI век, e-mail, витамин C и A, COVID-19"),
        (Language::RU, "ВкусVill и Wi-Fi, группа “C”, Т-90, ГОСТ, км/ч, °C, пункт a) и б)"),
        (Language::RU, "ещё всё её Ёлкин"),
    ];

    #[test]
    fn what_is_right_is_left_alone() {
        for (language, text) in RIGHT {
            assert_eq!(found(*language, text), [], "{text}");
        }
    }

    #[test]
    fn the_message_names_the_letters() {
        let text = "Мilli bi\u{307}r Mǝclis Miллi";
        let parts = [Span::new(0, text.len())];
        let findings = mixed_script(&Words::new(text, &parts, Language::AZ), &Vocabulary::default());
        let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        let want = [
            "in `Мilli`: `М` (U+041C) is Cyrillic",
            "in `bi\u{307}r`: a dot of its own (U+0307)",
            "in `Mǝclis`: `ǝ` (U+01DD) is no letter of Azerbaijani",
            "in `Miллi`: `M` (U+004D) is Latin, `i` (U+0069) is Latin",
        ];
        assert_eq!(told, want);
    }

    #[test]
    fn a_language_without_rows_has_the_script_of_its_words() {
        let kazakh: Language = "kk".parse().unwrap();
        assert_eq!(found(kazakh, "Қaзақ тілі мен Google"), [("Қaзақ".to_owned(), Some(("Қазақ".to_owned(), true)))]);
        assert_eq!(
            found("tr".parse().unwrap(), "Türkiyе haberleri"),
            [("Türkiyе".to_owned(), Some(("Türkiye".to_owned(), true)))]
        );
    }
}
