//! The stems of a word: what stands before a vowel or a consonant, and what an izafet head is without its
//! possessive.

use super::{is_vowel, suffixes::Sound, vowels, words::*};
use crate::lang::forms::{Grammar, Word};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

fn is_back(c: char) -> bool {
    matches!(c, 'a' | 'ı' | 'o' | 'u')
}

fn is_high(c: char) -> bool {
    matches!(c, 'ı' | 'i' | 'u' | 'ü')
}

/// `word` without its last letter, and that letter.
fn split_end(word: &str) -> Option<(&str, char)> {
    let last = word.chars().next_back()?;
    Some((&word[..word.len() - last.len_utf8()], last))
}

fn ends_in_one_of(word: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| word.len() > end.len() && word.ends_with(end))
}

// ---------------------------------------------------------------- before a vowel, before a consonant

/// The stems a word may have before a vowel, beside its own: lenient, for reading.
pub(super) fn before_vowel(word: &str) -> impl Iterator<Item = String> {
    let takes_y = listed(TAKES_Y, word).then(|| format!("{word}y"));
    [softened(word), dropped(word), takes_y].into_iter().flatten()
}

/// uşaq → uşağ, ürək → ürəy. A word of one syllable keeps its own: yük, yükü.
pub(super) fn softened(word: &str) -> Option<String> {
    let (rest, last) = split_end(word)?;
    let soft = match last {
        'q' => 'ğ',
        'k' => 'y',
        _ => return None,
    };
    (rest.ends_with(is_vowel) && vowels(rest) > 1).then(|| format!("{rest}{soft}"))
}

/// şəkil → şəkl, of the words that do so.
pub(super) fn dropped(word: &str) -> Option<String> {
    if !listed(DROPS_VOWEL, word) {
        return None;
    }
    let (rest, last) = split_end(word)?;
    let (rest, _) = split_end(rest)?;
    Some(format!("{rest}{last}"))
}

/// xətt → xət, of the words that do so.
pub(super) fn before_consonant(word: &str) -> Option<&str> {
    listed(DOUBLED, word).then(|| split_end(word).map(|(rest, _)| rest)).flatten()
}

/// A word in q or k after a vowel that keeps it before another: hüquq, hüququ. By the rules of 2019 (2 and 3) native
/// words of two syllables or more soften; loans are told by their vowels (q goes with back ones, k with front ones,
/// in native words), by lists, and by a capital: Lerik, Lerikə.
pub(super) fn keeps_end(key: &str, capital: bool) -> bool {
    let Some((rest, last)) = split_end(key) else { return true };
    let Some(vowel) = rest.chars().next_back().filter(|c| is_vowel(*c)) else { return true };
    if vowels(key) < 2 || listed(KEEPS_Q, key) || listed(KEEPS_K, key) {
        return true;
    }
    if ends_in_one_of(key, SOFT_SUFFIXES) {
        return false;
    }
    match last {
        'q' if !is_back(vowel) || vowel == 'o' => true, // təsdiq, vərəq, filoloq
        'q' if listed(SOFTENS_Q, key) || ends_in_one_of(key, SOFT_ENDS) => false,
        'q' => rest.chars().any(|c| is_vowel(c) && !is_back(c)), // hüquq, ittifaq
        'k' if is_back(vowel) || vowel == 'e' => true,           // əmlak, Bişkek
        'k' if listed(SOFTENS_K, key) => false,
        'k' => vowel == 'i' && (vowels(key) > 2 || capital), // mexanik, Lerik
        _ => true,
    }
}

// ---------------------------------------------------------------- plurals and verbs

/// What a plural is the plural of: vasitələr → vasitə.
pub(super) fn singular(key: &str) -> Option<&str> {
    let (rest, back) = match (key.strip_suffix("lar"), key.strip_suffix("lər")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => return None,
    };
    let vowel = rest.chars().rev().find(|c| is_vowel(*c))?;
    (is_back(vowel) == back && rest.chars().count() > 1 && !listed(NO_PLURALS, key)).then_some(rest)
}

/// The stem of an infinitive: almaq → al.
pub(super) fn verb(key: &str) -> Option<&str> {
    let (stem, back) = match (key.strip_suffix("maq"), key.strip_suffix("mək")) {
        (Some(stem), _) => (stem, true),
        (_, Some(stem)) => (stem, false),
        _ => return None,
    };
    let vowel = stem.chars().rev().find(|c| is_vowel(*c))?;
    (is_back(vowel) == back && stem.chars().count() > 1 && !listed(NO_VERBS, key)).then_some(stem)
}

/// The stem of a verb before a vowel, where it is another: et → ed.
pub(super) fn voiced(stem: &str) -> Option<String> {
    listed(T_TO_D, stem).then(|| split_end(stem).map(|(rest, _)| format!("{rest}d"))).flatten()
}

// ---------------------------------------------------------------- izafet

/// The head of an izafet: `Xidməti` of `Miqrasiya Xidməti`.
pub(super) struct Head {
    /// What it may be without its possessive, the likeliest first: xidməti → xidmət, komitəsi → komitə.
    pub bases: Vec<String>,
    /// It is cited in the plural: hüquqları. The bases are singular.
    pub plural: bool,
    /// Whether it is one at all, as the glossary says or the letters show; else it only might be.
    pub sure: bool,
}

/// The head of the izafet that `words` may be.
pub(super) fn head(words: &[Word<'_>], grammar: &Grammar) -> Option<Head> {
    let last = words.last()?.key;
    if grammar.izafet == Some(false) || (grammar.izafet.is_none() && (words.len() < 2 || last.chars().count() <= 3)) {
        return None;
    }
    let (bases, plural) = bases(last);
    let sure = grammar.izafet == Some(true) || is_possessed(last);
    (!bases.is_empty()).then_some(Head { bases, plural, sure })
}

/// The words of [`DROPS_VOWEL`] by what is left of them.
static FULL: LazyLock<FxHashMap<String, &str>> =
    LazyLock::new(|| DROPS_VOWEL.iter().filter_map(|word| Some((dropped(word)?, *word))).collect());

/// What `key` may be without a possessive of the third person, the likeliest first, and whether that was in the
/// plural.
pub(super) fn bases(key: &str) -> (Vec<String>, bool) {
    let Some((short, _)) = split_end(key).filter(|(_, last)| is_high(*last)) else { return (Vec::new(), false) };
    if let Some(one) = singular(short) {
        return (vec![one.to_owned()], true);
    }
    let Some((rest, last)) = split_end(short) else { return (Vec::new(), false) };
    let whole = || short.to_owned();
    let several = vowels(short) > 1;
    let bases = match last {
        // No possessive stands straight after a vowel: qəhvəi.
        last if is_vowel(last) => Vec::new(),
        's' if rest.ends_with(is_vowel) && listed(ENDS_IN_S, short) => vec![whole(), rest.to_owned()],
        's' if rest.ends_with(is_vowel) => vec![rest.to_owned(), whole()],
        'y' if listed(TAKES_Y, rest) => vec![rest.to_owned(), whole()],
        // köməyi, but sarayı and rəyi
        'y' if several && rest.ends_with(|c| is_vowel(c) && !is_back(c)) => vec![format!("{rest}k"), whole()],
        'ğ' if several => vec![format!("{rest}q"), whole()],
        _ => match FULL.get(short) {
            Some(full) => vec![(*full).to_owned(), whole()],
            None => vec![whole()],
        },
    };
    (bases, false)
}

/// Whether the letters of the last word of a term show a possessive.
fn is_possessed(key: &str) -> bool {
    let Some((short, last)) = split_end(key).filter(|(_, last)| is_high(*last)) else { return false };
    let Some((rest, before)) = split_end(short).filter(|(_, before)| !is_vowel(*before)) else { return false };
    // Its vowel agrees with the one before; that of an adjective in -i need not: hüquqi.
    if super::suffixes::spelt("I", Sound::of(short)) != last.to_string() || listed(NOT_POSSESSED, key) {
        return false;
    }
    let after_consonant = !rest.ends_with(is_vowel);
    match before {
        'ç' => listed(ENDS_IN_C, short),
        'c' if rest.ends_with(is_high) => listed(ENDS_IN_HIGH_C, short),
        'l' if after_consonant => listed(ENDS_IN_L, short),
        // tikinti, görüntü
        't' => !["ınt", "int", "unt", "ünt"].iter().any(|end| short.ends_with(end)),
        // Dostoyevski
        'k' => !["vsk", "nsk"].iter().any(|end| short.ends_with(end)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list, and what each of its words must look like.
    type Shape<'s> = (&'s [&'s str], &'s dyn Fn(&str) -> bool);

    #[test]
    fn each_word_of_a_list_has_the_shape_of_its_list() {
        let ends = |word: &str, by: usize| word.chars().rev().take(by).collect::<Vec<char>>();
        let all: &[Shape<'_>] = &[
            (DROPS_VOWEL, &|w| matches!(ends(w, 3)[..], [c, v, b] if !is_vowel(c) && is_high(v) && !is_vowel(b))),
            (TAKES_Y, &|w| w.ends_with(is_vowel)),
            (TAKES_Y_THROUGHOUT, &|w| listed(TAKES_Y, w)),
            (DOUBLED, &|w| ends(w, 2)[0] == ends(w, 2)[1] && vowels(w) == 1),
            (KEEPS_Q, &|w| w.ends_with('q') && w.chars().all(|c| !is_vowel(c) || is_back(c))),
            (SOFTENS_Q, &|w| w.ends_with('q') && w.chars().any(|c| is_vowel(c) && !is_back(c))),
            (SOFT_ENDS, &|w| w.ends_with('q') && vowels(w) == 2),
            (SOFT_SUFFIXES, &|w| w.ends_with(['q', 'k'])),
            (KEEPS_K, &|w| w.ends_with('k') && vowels(w) > 1),
            (SOFTENS_K, &|w| w.ends_with("ik") && !ends_in_one_of(w, SOFT_SUFFIXES)),
            (NOT_POSSESSED, &|w| w.ends_with(is_high) && w.chars().count() > 2),
            (ENDS_IN_S, &|w| matches!(ends(w, 2)[..], ['s', v] if is_vowel(v))),
            (ENDS_IN_C, &|w| w.ends_with('ç')),
            (ENDS_IN_HIGH_C, &|w| matches!(ends(w, 2)[..], ['c', v] if is_high(v))),
            (ENDS_IN_L, &|w| matches!(ends(w, 2)[..], ['l', c] if !is_vowel(c))),
            (NO_PLURALS, &|w| w.ends_with("lar") || w.ends_with("lər")),
            (NO_VERBS, &|w| w.ends_with("maq") || w.ends_with("mək")),
            (T_TO_D, &|w| w.ends_with('t')),
        ];
        for (list, has_shape) in all {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?} is sorted, each word once");
            for word in *list {
                assert!(has_shape(word), "{word}");
            }
        }
    }

    #[test]
    fn q_and_k_soften_in_native_words() {
        let soft = [
            "uşaq",
            "otaq",
            "bulaq",
            "qaçqınlıq",
            "vətəndaşlıq",
            "işıq",
            "almaq",
            "sığınacaq",
            "göybulaq",
            "ürək",
            "kömək",
            "çörək",
            "birlik",
            "nümayəndəlik",
            "dəyişik",
            "böyük",
            "sümük",
            "gələcək",
            "etmək",
        ];
        let kept = [
            "hüquq",
            "ittifaq",
            "əxlaq",
            "ərzaq",
            "istintaq",
            "iraq",
            "infaq",
            "təlaq",
            "təsdiq",
            "tədqiq",
            "tətbiq",
            "təzyiq",
            "layiq",
            "müstəntiq",
            "müttəfiq",
            "vərəq",
            "şəfəq",
            "üfüq",
            "filoloq",
            "dialoq",
            "kataloq",
            "əmlak",
            "iştirak",
            "istehlak",
            "idrak",
            "blok",
            "kubok",
            "bankok",
            "şərik",
            "mexanik",
            "elektrik",
            "texnik",
            "fizik",
            "klassik",
            "katolik",
            "bişkek",
            "yük",
            "xalq",
            "türk",
            "bank",
            "çox",
        ];
        for word in soft {
            assert!(!keeps_end(word, false) && softened(word).is_some(), "{word}");
        }
        for word in kept {
            assert!(keeps_end(word, false), "{word}");
        }
        assert!(keeps_end("lerik", true) && keeps_end("patrik", true) && !keeps_end("birlik", true));
    }

    #[test]
    fn possessives_and_what_looks_like_them() {
        let possessed = [
            "xidməti",
            "komitəsi",
            "mərkəzi",
            "hüququ",
            "məclisi",
            "statusu",
            "prezidenti",
            "köməyi",
            "otağı",
            "rəyi",
            "oğlu",
            "əsli",
            "saçı",
            "kərpici",
            "gücü",
            "alveri",
            "hüquqları",
            "suyu",
            "yolu",
            "dili",
            "sərəncamı",
            "dəvəquşu",
            "rəngi",
        ];
        let other = [
            "əhali",
            "ərazi",
            "vergi",
            "hüquqi",
            "inqilabi",
            "işçi",
            "sərhədçi",
            "sürücü",
            "satıcı",
            "bakı",
            "tikinti",
            "görüntü",
            "sumqayıtlı",
            "kərimli",
            "seçki",
            "müştəri",
            "dostoyevski",
            "tələbə",
            "xidmət",
        ];
        for word in possessed {
            assert!(is_possessed(word), "{word}");
        }
        for word in other {
            assert!(!is_possessed(word), "{word}");
        }
    }

    #[test]
    fn bases_of_izafet_heads() {
        for (head, base) in [
            ("xidməti", "xidmət"),
            ("komitəsi", "komitə"),
            ("məclisi", "məclis"),
            ("statusu", "status"),
            ("köməyi", "kömək"),
            ("otağı", "otaq"),
            ("dağı", "dağ"),
            ("rəyi", "rəy"),
            ("sarayı", "saray"),
            ("mövqeyi", "mövqe"),
            ("suyu", "su"),
            ("şəkli", "şəkil"),
            ("oğlu", "oğul"),
            ("həlli", "həll"),
            ("hüquqları", "hüquq"),
            ("işçiləri", "işçi"),
        ] {
            assert_eq!(bases(head).0[0], base, "{head}");
        }
        assert!(bases("qəhvəi").0.is_empty(), "no possessive straight after a vowel");
        assert!(bases("hüquqları").1 && !bases("xidməti").1);
    }

    #[test]
    fn plurals_and_infinitives() {
        assert_eq!(singular("vasitələr"), Some("vasitə"));
        assert_eq!((singular("dollar"), singular("lar"), singular("kəndlar")), (None, None, None));
        assert_eq!((verb("almaq"), verb("etmək"), verb("deportasiya")), (Some("al"), Some("et"), None));
        assert_eq!((verb("barmaq"), verb("kömək"), verb("almək")), (None, None, None));
    }
}
