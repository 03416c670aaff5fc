//! `glued-words`: words that ran together, by what the words themselves show. Missing spaces after signs are found
//! in `stops`.

use super::{
    Vocabulary, finding,
    joints::{self, Joint, Side},
    stops,
    vocabulary::Known,
    words::{Word, Words},
};
use crate::{
    lang::{Language, Script, anchors},
    model::{Finding, Fix, Rule},
    text::Span,
};

/// The shortest word in lower case before a capital that is taken for a word unseen: names such as `iPhone` and
/// `macOS` begin with less.
const LONG: usize = 6;

/// How many letters more the neighbour of a function word has where the joint is capitalised.
const LONGER: usize = 3;

/// One finding for each place of `parts` where words ran together, in the order of the text.
pub fn glued_words(read: &Words<'_>, vocabulary: &Vocabulary) -> Vec<Finding> {
    let Words { text, language, parts } = read;
    let (text, language) = (*text, *language);
    let known = vocabulary.of(language);
    let mut out = Vec::new();
    for (part, words) in parts {
        let read = Read { text, words, language, known };
        let mut free = 0;
        for at in 0..words.len() {
            let found = read.at_capital(at).or_else(|| read.at_function_word(at)).or_else(|| read.over_the_gap(at));
            if let Some(found) = found.filter(|found| found.span.start >= free) {
                free = found.span.end;
                out.push(found.told(text, language));
            }
        }
        let stops = stops::missing_spaces(text, *part, words, known);
        out.extend(stops.into_iter().map(|found| found.told(text, language)));
    }
    out.sort_by_key(|finding| finding.place.span);
    out.dedup_by(|later, first| later.place.span.overlaps(first.place.span));
    out
}

/// A place where a space is missing or stands wrong.
pub(super) struct Found {
    pub what: What,
    pub span: Span,
    pub fix: Fix,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// `countriesin`
    Joined,
    /// `Huseynovs aid`
    Moved,
    /// `answered.The`
    Unspaced,
}

impl Found {
    pub fn new(what: What, span: Span, text: String, certain: bool) -> Found {
        Found { what, span, fix: Fix { text, certain } }
    }

    fn told(self, text: &str, language: Language) -> Finding {
        let surface = self.span.of(text);
        let message = match self.what {
            What::Joined => format!("words ran together in `{surface}`"),
            What::Moved => format!("a letter is on the wrong side of the space in `{surface}`"),
            What::Unspaced => format!("a space is missing in `{surface}`"),
        };
        finding(Rule::GluedWords, language, self.span, message, Some(self.fix))
    }
}

struct Read<'t> {
    text: &'t str,
    words: &'t [Word],
    language: Language,
    known: Known<'t>,
}

impl Read<'_> {
    /// Whether `word` stands between spaces and signs that end words, so that it is no part of a longer one.
    fn is_whole(&self, word: &Word) -> bool {
        let before = self.text[..word.span.start].chars().next_back();
        let after = self.text[word.span.end..].chars().next();
        let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '‑' | '\'' | '’' | '/' | '.' | '&' | '+');
        !before.is_some_and(part) && !after.is_some_and(|c| part(c) && c != '.')
    }

    /// A capital inside a word: `ofDivision`. Names are written so too: `McDonald`, `WhatsApp`, `iPhone`.
    fn at_capital(&self, at: usize) -> Option<Found> {
        let word = &self.words[at];
        if word.key.is_empty() || !self.is_whole(word) {
            return None;
        }
        let surface = word.of(self.text);
        let mut joints = surface.char_indices().zip(surface.chars().skip(1)).filter_map(|((at, first), second)| {
            (first.is_lowercase() && second.is_uppercase()).then_some(at + first.len_utf8())
        });
        let joint = joints.next()?;
        if joints.next().is_some() {
            return None;
        }
        let (left, right) = surface.split_at(joint);
        let small = right.chars().filter(|c| c.is_lowercase()).count();
        let large = right.chars().filter(|c| c.is_uppercase()).count();
        let script = |part: &str| part.chars().find_map(Script::of);
        let capitalised = large == 1 && small >= 2;
        let acronym = small == 0 && large >= 2;
        if !(capitalised || acronym) || script(left) != script(right) || self.known.seen(&word.key).all > 1 {
            return None;
        }
        let (left_key, right_key) = (self.language.key(left), self.language.key(right));
        let letters = left.chars().count();
        let function = joints::is_word(self.language, &left_key);
        let name = self.known.seen(&right_key).free > 0;
        let certain = if left.starts_with(char::is_uppercase) {
            // `InBaku`, where the text has `Baku`; but not `MoveOn`.
            let sure = function && letters > 1 && name && capitalised;
            sure.then_some(true)?
        } else if function && (letters > 1 || capitalised || name) {
            letters > 1 || name
        } else if letters > 2 && self.known.is_word(&left_key) {
            name
        } else {
            (letters >= LONG && capitalised).then_some(false)?
        };
        Some(Found::new(What::Joined, word.span, format!("{left} {right}"), certain))
    }

    /// A word that no text knows, of a function word and a word: `countriesin`.
    fn at_function_word(&self, at: usize) -> Option<Found> {
        let word = &self.words[at];
        let surface = word.of(self.text);
        let key = word.key.as_str();
        if key.is_empty() || surface.chars().skip(1).any(char::is_uppercase) || !self.is_whole(word) {
            return None;
        }
        let capitalised = word.starts_upper(self.text);
        let pair = joints::pair(self.language, key);
        // `Ofthe` begins a sentence, `Andin` is a name.
        if let Some((first, second)) = pair.filter(|(_, second)| !capitalised || second.chars().count() > 2) {
            return Some(Found::new(What::Joined, word.span, self.spaced(surface, &[first, second])?, true));
        }
        if self.known.seen(key).all > 1 || anchors::is_known(self.language, key) {
            return None;
        }
        let (parts, certain) = self.parted(key, capitalised)?;
        Some(Found::new(What::Joined, word.span, self.spaced(surface, &parts)?, certain))
    }

    /// `key` as a word with a function word before or after it, or both.
    fn parted<'k>(&self, key: &'k str, capitalised: bool) -> Option<(Vec<&'k str>, bool)> {
        let mut unsure = None;
        for joint in joints::of(self.language).iter().filter(|joint| joint.side != Side::Capital) {
            let Some(rest) = joint.rest(key) else { continue };
            let at = if joint.side == Side::After { rest.len() } else { key.len() - rest.len() };
            let (first, second) = key.split_at(at);
            // Names end like this: `Dustin`, `Robertson`.
            let long = !capitalised || rest.chars().count() >= joint.least + LONGER;
            if long && self.known.is_word(rest) || capitalised && self.is_name(rest) {
                return Some((vec![first, second], true));
            }
            if !capitalised && joint.is_sure(rest) && unsure.is_none() {
                unsure = Some(match self.after(rest).filter(|_| joint.side == Side::Before) {
                    Some((middle, last, certain)) => (vec![first, middle, last], certain),
                    None => (vec![first, second], false),
                });
            }
        }
        unsure
    }

    /// `key` as a word and a function word after it.
    fn after<'k>(&self, key: &'k str) -> Option<(&'k str, &'k str, bool)> {
        joints::of(self.language).iter().filter(|joint| joint.side == Side::After).find_map(|joint: &Joint| {
            let rest = joint.rest(key)?;
            let known = self.known.is_word(rest);
            (known || joint.is_sure(rest)).then(|| (rest, &key[rest.len()..], known))
        })
    }

    /// Whether the texts know `key` as a name: more than once, and never in lower case.
    fn is_name(&self, key: &str) -> bool {
        let seen = self.known.seen(key);
        seen.free > 1 && seen.lower == 0
    }

    /// `surface` with spaces between `parts` of its key; `None` where key and surface differ in more than case.
    fn spaced(&self, surface: &str, parts: &[&str]) -> Option<String> {
        let mut chars = surface.chars();
        let mut out = Vec::new();
        for part in parts {
            let piece: String = chars.by_ref().take(part.chars().count()).collect();
            if self.language.key(&piece) != **part {
                return None;
            }
            out.push(piece);
        }
        chars.next().is_none().then(|| out.join(" "))
    }

    /// Two words with a letter on the wrong side of the gap: `Huseynovs aid`.
    fn over_the_gap(&self, at: usize) -> Option<Found> {
        let (first, second) = (&self.words[at], self.words.get(at + 1)?);
        let gap = &self.text[first.span.end..second.span.start];
        if gap != " " || first.key.is_empty() || second.key.is_empty() || second.starts_upper(self.text) {
            return None;
        }
        let whole = self.text[..first.span.start].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '-');
        // Each of the two stands nowhere else; what they become, both stand elsewhere. The second may be a frequent
        // word only after a name: `migrants aid` may be meant, `Huseynovs aid` hardly.
        let named = first.starts_upper(self.text);
        let odd = |key: &str, listed: bool| self.known.seen(key).all == 1 && (listed || !self.known.is_listed(key));
        if !whole || !self.is_whole(second) || !odd(&first.key, false) || !odd(&second.key, named) {
            return None;
        }
        let last = first.key.char_indices().next_back()?.0;
        let next = second.key.chars().next()?.len_utf8();
        let moved = [
            (first.key[..last].to_owned(), format!("{}{}", &first.key[last..], second.key)),
            (format!("{}{}", first.key, &second.key[..next]), second.key[next..].to_owned()),
        ];
        let at = moved.iter().position(|(left, right)| {
            let seen = self.known.seen(left);
            let left_known = if named { seen.all > 0 && seen.lower == 0 } else { self.is_form(left) };
            // Where each of the four words stands once, nothing tells which two are meant.
            let oftener = seen.all > 1
                || self.known.seen(right).all > 1
                || self.known.is_listed(left)
                || self.known.is_listed(right);
            left_known && oftener && self.is_form(right)
        })?;
        let span = Span::new(first.span.start, second.span.end);
        let (left, right) = (first.of(self.text), second.of(self.text));
        let fixed = match at {
            0 => {
                let cut = left.char_indices().next_back()?.0;
                format!("{} {}{}", &left[..cut], &left[cut..], right)
            }
            _ => {
                let cut = right.chars().next()?.len_utf8();
                format!("{}{} {}", left, &right[..cut], &right[cut..])
            }
        };
        Some(Found::new(What::Moved, span, fixed, false))
    }

    fn is_form(&self, key: &str) -> bool {
        key.chars().count() > 1 && self.known.is_form(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(in crate::noise) fn found(language: Language, text: &str) -> Vec<(String, String, bool)> {
        let parts = [Span::new(0, text.len())];
        let mut vocabulary = Vocabulary::default();
        let read = Words::new(text, &parts, language);
        vocabulary.add(&read);
        let findings = glued_words(&read, &vocabulary);
        let told = |finding: Finding| {
            let fix = finding.fix.expect("every finding proposes a text");
            (finding.place.span.of(text).to_owned(), fix.text, fix.certain)
        };
        findings.into_iter().map(told).collect()
    }

    /// (language, text, the place marked, its fix, whether that is certain)
    type Case = (Language, &'static str, &'static str, &'static str, bool);

    const GLUED: &[Case] = &[
        // A capital inside.
        (Language::EN, "the head ofDivision spoke", "ofDivision", "of Division", true),
        (Language::EN, "InBaku they met; in Baku it rains", "InBaku", "In Baku", true),
        (Language::EN, "a representative inIOM", "inIOM", "in IOM", true),
        (Language::EN, "the visitorsYesterday met", "visitorsYesterday", "visitors Yesterday", false),
        (Language::AZ, "onun məqsədiləTəhlükəsizlik", "məqsədiləTəhlükəsizlik", "məqsədilə Təhlükəsizlik", false),
        (Language::RU, "прибыл вБаку, из Баку", "вБаку", "в Баку", true),
        (Language::RU, "сообщили вСМИ, в СМИ", "вСМИ", "в СМИ", true),
        // A function word.
        (Language::EN, "in some countriesin the world", "countriesin", "countries in", true),
        (Language::EN, "the measures and the measuresby the Service", "measuresby", "measures by", true),
        (Language::EN, "the presentationand the film", "presentationand", "presentation and", false),
        (Language::EN, "they have beenrealizedin time", "beenrealizedin", "been realized in", false),
        (Language::EN, "it was realized; they have beenrealizedin time", "beenrealizedin", "been realized in", true),
        (Language::EN, "the end ofthe year", "ofthe", "of the", true),
        (Language::EN, "the Cabinet of Ministerson Problems", "Ministerson", "Ministers on", true),
        (Language::EN, "in Azerbaijan, to Azerbaijan, and Azerbaijanin 2004", "Azerbaijanin", "Azerbaijan in", true),
        (Language::AZ, "vəsait almaqüçün gəlib", "almaqüçün", "almaq üçün", false),
        (Language::AZ, "migrantlar gəlib; migrantlarvə qonaqlar", "migrantlarvə", "migrantlar və", true),
        (Language::RU, "для граждан и дляграждан", "дляграждан", "для граждан", true),
        (Language::RU, "он такжеподчеркнул", "такжеподчеркнул", "также подчеркнул", false),
        // A letter on the wrong side.
        (Language::EN, "Parviz Huseynov and Hidayat Huseynovs aid that", "Huseynovs aid", "Huseynov said", false),
        (Language::EN, "of the law, o fthe law", "o fthe", "of the", false),
        (Language::AZ, "qonaqlar gəlib, çox qonaqlar qonaqla rgəlib", "qonaqla rgəlib", "qonaqlar gəlib", false),
        // A space that is missing.
        (Language::EN, "It was answered.The guests left.", "answered.The", "answered. The", true),
        (Language::EN, "the office (SMS)and the guests and all", "SMS)and", "SMS) and", true),
        (Language::EN, "a “solution”.Visitors left", "solution”.Visitors", "solution”. Visitors", true),
        (Language::AZ, "Görüş Bakıda.Tədbirdə qonaqlar", "Bakıda.Tədbirdə", "Bakıda. Tədbirdə", true),
        (Language::AZ, "dedi ki, o gəldi; dedi ki,o gəlib; o ki var", "ki,o", "ki, o", true),
        (Language::RU, "жили в Европе,в Азии", "Европе,в", "Европе, в", true),
    ];

    #[test]
    fn what_ran_together_is_parted() {
        for (language, text, place, fix, certain) in GLUED {
            let want = ((*place).to_owned(), (*fix).to_owned(), *certain);
            assert_eq!(found(*language, text), [want], "{text}");
        }
    }

    /// Texts whose words are as they should be.
    const RIGHT: &[(Language, &str)] = &[
        (Language::EN, "McDonald, LeBron, WhatsApp, PhD, iPhone, macOS, eBay, BMqT, MoveOn, 5kW, myGov and the like"),
        (Language::EN, "P.Musayev and S.Aktoprak met at 5 p.m. in the U.S. with Dr.Hill; see Weather.com, Booking.Com"),
        (Language::EN, "within, therein, bulletin, plugin, whereas areas are; the bullet, the plug, and where"),
        (
            Language::EN,
            "Dustin and Robertson: the dust of Roberts; the director’s office in Andin is an island, a demand",
        ),
        (Language::EN, "1,250 a,b,c (s)he (re)use, use; 12:30, x.Y, text.Length(), #sosialMedia, releases/001.en.txt"),
        (Language::EN, "the migrants aid the migrant, he said"),
        (Language::AZ, "məqsəd, məqsədilə, vasitə, vasitəsilə, əlavə, qəhvə; əla; DMX-nin “Miqrasiya”nın (DMX)nin işi"),
        (
            Language::AZ,
            "və vəzifə, vətəndaş, üçüncü, üçün, bugünkü, günkü; dövlət, dövləti; T.Ağabəyli, ş.Şuşa, prof.Əliyev",
        ),
        (Language::RU, "говорили, вход, дляящийся, чтобы, международный, между, народный; человек(а), кВт, кГц, МГц"),
        (Language::RU, "А.С.Пушкин, т.е. ул.Низами, г.Баку, в Баку"),
    ];

    #[test]
    fn what_is_right_is_left_alone() {
        for (language, text) in RIGHT {
            assert_eq!(found(*language, text), [], "{text}");
        }
    }

    #[test]
    fn other_texts_tell_what_a_word_is() {
        let text = "new datasetsfrom all; a permitin hand";
        let parts = [Span::new(0, text.len())];
        let other = "This permit is new.";
        let mut vocabulary = Vocabulary::default();
        let read = Words::new(text, &parts, Language::EN);
        vocabulary.add(&read);
        vocabulary.add(&Words::new(other, &[Span::new(0, other.len())], Language::EN));
        let marked = |vocabulary: &Vocabulary| -> Vec<String> {
            let findings = glued_words(&read, vocabulary);
            findings.into_iter().filter_map(|finding| finding.fix).map(|fix| fix.text).collect()
        };
        assert_eq!(marked(&vocabulary), ["datasets from", "permit in"]);
        // A word that stands twice is a word.
        vocabulary.add(&Words::new("a permitin, datasetsfrom", &[Span::new(0, 24)], Language::EN));
        assert!(marked(&vocabulary).is_empty());
    }

    #[test]
    fn only_the_parts_named_are_read() {
        let text = "countriesin\tстраны\nofDivision\tотдела\n";
        let cells = [Span::new(0, 11)];
        let mut vocabulary = Vocabulary::default();
        let read = Words::new(text, &cells, Language::EN);
        vocabulary.add(&read);
        let places: Vec<Span> = glued_words(&read, &vocabulary).iter().map(|finding| finding.place.span).collect();
        assert_eq!(places, cells);
    }
}
