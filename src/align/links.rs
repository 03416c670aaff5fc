//! Which word forms of one language answer which of another, and how strongly: one weight a pair of forms, the
//! strongest of the signals below. A weight is read as the probability that the one is translated by the other.

use super::{
    lexicon::Table,
    words::{Form, Vocabulary, WordKind},
};
use rustc_hash::FxHashMap;

/// The same number; a single digit says less.
const NUMBER: f32 = 0.7;
const DIGIT: f32 = 0.42;
/// The same web or mail address.
const ADDRESS: f32 = 0.8;
/// The same anchor (month, weekday, number word, state) or the same concept of the glossary.
const SENSE: f32 = 0.5;
/// Words that sound the same; less where they only resemble one another.
const COGNATE: f32 = 0.45;
/// Candidates looked at for a word before giving up: hostile texts hold thousands of look-alikes.
const MOST_CANDIDATES: usize = 400;

/// For each form of one language, the forms of the other that may answer it, by number.
pub(super) struct Links {
    pub of: Vec<Vec<(u32, f32)>>,
    /// For each form of the other language, how surely a counterpart of it would be known.
    pub known: Vec<Known>,
}

/// How surely a word's counterpart, if the other text has one, would be seen: the class of the share of such words
/// that a translation explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing is known that answers the word.
    Nothing,
    Little,
    Half,
    Well,
    /// Translators carry it over: digits or an address.
    Exact,
}

impl Known {
    pub const COUNT: usize = 5;

    fn of(form: &Form, weight: f32) -> Known {
        match weight {
            _ if form.is_exact() => Known::Exact,
            w if w <= 0.0 => Known::Nothing,
            w if w < 0.3 => Known::Little,
            w if w < 0.6 => Known::Half,
            _ => Known::Well,
        }
    }
}

impl Links {
    /// Links from texts alone: numbers, addresses, anchors, concepts, sounds. From `a` to `b` and back.
    pub fn plain(a: &Vocabulary, b: &Vocabulary) -> (Links, Links) {
        let mut by_key: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        let mut by_sense: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut by_sound: FxHashMap<SoundKey, Vec<u32>> = FxHashMap::default();
        for (at, form) in b.forms.iter().enumerate() {
            if form.kind != WordKind::Plain {
                by_key.entry(&form.sound).or_default().push(at as u32);
            }
            if form.sense > 0 {
                by_sense.entry(form.sense).or_default().push(at as u32);
            }
            for key in sound_keys(form) {
                by_sound.entry(key).or_default().push(at as u32);
            }
        }
        let mut there = vec![Vec::new(); a.forms.len()];
        let mut back = vec![Vec::new(); b.forms.len()];
        let mut found: FxHashMap<u32, f32> = FxHashMap::default();
        for (at, form) in a.forms.iter().enumerate() {
            found.clear();
            let mut add = |other: u32, weight: f32| {
                let held = found.entry(other).or_insert(0.0);
                *held = held.max(weight);
            };
            if form.kind != WordKind::Plain {
                let weight = match (form.kind, form.sound.len()) {
                    (WordKind::Address, _) => ADDRESS,
                    (_, 1) => DIGIT,
                    _ => NUMBER,
                };
                for other in by_key.get(form.sound.as_str()).into_iter().flatten() {
                    add(*other, weight);
                }
            }
            if form.sense > 0 {
                for other in by_sense.get(&form.sense).into_iter().flatten() {
                    add(*other, SENSE);
                }
            }
            for key in sound_keys(form) {
                for other in by_sound.get(&key).into_iter().flatten().take(MOST_CANDIDATES) {
                    let alike = alike(&form.sound, &b.forms[*other as usize].sound);
                    if alike > 0.0 {
                        add(*other, COGNATE * alike);
                    }
                }
            }
            let mut row: Vec<(u32, f32)> = found.iter().map(|(other, weight)| (*other, *weight)).collect();
            row.sort_unstable_by_key(|(other, _)| *other);
            for (other, weight) in &row {
                back[*other as usize].push((at as u32, *weight));
            }
            there[at] = row;
        }
        let unknown = |vocabulary: &Vocabulary| vocabulary.forms.iter().map(|form| Known::of(form, 0.0)).collect();
        (Links { of: there, known: unknown(b) }, Links { of: back, known: unknown(a) })
    }

    /// Notes how well the words of the other language are known: by the links back, and by the lexicon back, a stem
    /// of which may have several translations that add up.
    pub fn knowing(mut self, back: &Links, lexicon: &Table, b: &Vocabulary) -> Links {
        let learned = |stem: u32| lexicon.get(stem as usize).map_or(0.0, |row| row.iter().map(|(_, p)| p).sum::<f32>());
        let strongest = |row: &[(u32, f32)]| row.iter().map(|(_, weight)| *weight).fold(0.0, f32::max);
        let known = b.forms.iter().zip(&back.of);
        self.known = known.map(|(form, row)| Known::of(form, learned(form.stem).max(strongest(row)))).collect();
        self
    }

    /// These links and those of a lexicon from `a` to `b`; the stronger weight of each pair.
    pub fn with(&self, lexicon: &Table, a: &Vocabulary, b: &Vocabulary) -> Links {
        let mut by_stem: Vec<Vec<u32>> = vec![Vec::new(); b.stems.len()];
        for (at, form) in b.forms.iter().enumerate() {
            by_stem[form.stem as usize].push(at as u32);
        }
        let of = self
            .of
            .iter()
            .zip(&a.forms)
            .map(|(row, form)| {
                let learned = lexicon.get(form.stem as usize).map_or(&[][..], Vec::as_slice);
                if learned.is_empty() {
                    return row.clone();
                }
                let forms = learned.iter().flat_map(|(stem, p)| by_stem[*stem as usize].iter().map(move |f| (*f, *p)));
                let mut out: Vec<(u32, f32)> = row.iter().copied().chain(forms).collect();
                out.sort_unstable_by(|x, y| x.0.cmp(&y.0).then(y.1.total_cmp(&x.1)));
                out.dedup_by_key(|(other, _)| *other);
                out
            })
            .collect();
        Links { of, known: self.known.clone() }
    }
}

/// Words are compared by sound only when they share one of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum SoundKey {
    /// The first four letters, or the whole of a shorter word.
    Start(String),
    /// The first three consonants, those that languages mix up taken as one.
    Frame([char; 3]),
}

fn sound_keys(form: &Form) -> impl Iterator<Item = SoundKey> + '_ {
    let heard = form.kind == WordKind::Plain && form.sound.chars().count() >= SHORTEST;
    let start = heard.then(|| SoundKey::Start(form.sound.chars().take(4).collect()));
    let frame = heard.then(|| frame(&form.sound)).flatten().map(SoundKey::Frame);
    start.into_iter().chain(frame)
}

/// Shorter words sound like too many others.
const SHORTEST: usize = 3;

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// One letter for consonants that a name changes between languages: Huseynov and Гусейнов, James and Ceyms.
fn class(c: char) -> char {
    match c {
        'h' | 'g' => 'g',
        'j' | 'c' | 's' | 'z' => 's',
        'k' | 'q' => 'k',
        'v' | 'w' => 'v',
        c => c,
    }
}

fn frame(sound: &str) -> Option<[char; 3]> {
    let mut consonants = sound.chars().filter(|c| !is_vowel(*c)).map(class);
    Some([consonants.next()?, consonants.next()?, consonants.next()?])
}

/// How alike two words sound, 0 to 1. The beginnings count most: the ends are endings.
fn alike(a: &str, b: &str) -> f32 {
    let letters = |s: &str| s.chars().collect::<Vec<char>>();
    let (a, b) = (letters(a), letters(b));
    let shorter = a.len().min(b.len());
    if shorter < 4 {
        return if a == b { 1.0 } else { 0.0 };
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    if same >= 5 || (same >= 4 && same + 1 >= shorter) {
        return 0.6 + 0.4 * (same as f32 / 7.0).min(1.0);
    }
    let consonants = |s: &[char]| s.iter().filter(|c| !is_vowel(**c)).map(|c| class(*c)).collect::<Vec<char>>();
    let (ca, cb) = (consonants(&a), consonants(&b));
    let least = ca.len().min(cb.len());
    if least >= 3 {
        let same = ca.iter().zip(&cb).take_while(|(x, y)| x == y).count();
        let start = is_vowel(a[0]) == is_vowel(b[0]) && (is_vowel(a[0]) || class(a[0]) == class(b[0]));
        if start && (same >= 4 || (same >= 3 && same == least && ca.len().abs_diff(cb.len()) <= 2)) {
            return 0.65;
        }
    }
    let shared = pairs_in_common(&a, &b);
    let dice = 2.0 * shared as f32 / (a.len() + b.len() - 2) as f32;
    if dice >= 0.7 { dice } else { 0.0 }
}

/// Letter pairs the two share, each counted as often as both have it.
fn pairs_in_common(a: &[char], b: &[char]) -> usize {
    let sorted = |s: &[char]| {
        let mut pairs: Vec<(char, char)> = s.windows(2).map(|w| (w[0], w[1])).collect();
        pairs.sort_unstable();
        pairs
    };
    let (a, b) = (sorted(a), sorted(b));
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Language;

    /// The weight between the only words of two texts.
    fn weight(a: (Language, &str), b: (Language, &str)) -> f32 {
        let mut va = Vocabulary::new(a.0, &[]);
        let mut vb = Vocabulary::new(b.0, &[]);
        let (wa, wb) = (va.read(a.1), vb.read(b.1));
        let (there, back) = Links::plain(&va, &vb);
        let of = |links: &Links, from: u32, to: u32| {
            links.of[from as usize].iter().find(|(other, _)| *other == to).map_or(0.0, |(_, w)| *w)
        };
        let (x, y) = (wa[0], wb[0]);
        assert_eq!(of(&there, x, y), of(&back, y, x));
        of(&there, x, y)
    }

    const EN: Language = Language::EN;
    const AZ: Language = Language::AZ;
    const RU: Language = Language::RU;

    #[test]
    fn names_answer_one_another() {
        for (a, b) in [
            ((EN, "Huseynov"), (AZ, "Hüseynovun")),
            ((EN, "Huseynov"), (RU, "Гусейнова")),
            ((AZ, "Hüseynovla"), (RU, "Гусейнову")),
            ((EN, "Azerbaijan"), (AZ, "Azərbaycanın")),
            ((EN, "Nakhchivan"), (RU, "Нахчыване")),
            ((EN, "director"), (AZ, "direktoru")),
        ] {
            assert!(weight(a, b) > 0.25, "{a:?} {b:?}");
        }
        for (a, b) in [((EN, "Baku"), (AZ, "Bakını")), ((EN, "service"), (AZ, "sərhəd")), ((EN, "the"), (AZ, "tək"))]
        {
            assert!(weight(a, b) < 0.25, "{a:?} {b:?}");
        }
    }

    #[test]
    fn numbers_words_and_addresses() {
        assert_eq!(weight((EN, "1,250"), (RU, "1 250")), NUMBER);
        assert_eq!(weight((EN, "seven"), (AZ, "7")), SENSE);
        assert_eq!(weight((EN, "November"), (RU, "ноября")), SENSE);
        assert_eq!(weight((EN, "www.migration.gov.az"), (RU, "www.migration.gov.az")), ADDRESS);
        assert_eq!(weight((EN, "12"), (RU, "13")), 0.0);
    }
}
