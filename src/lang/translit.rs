//! Names between scripts: a word written as the Latin letters that sound alike, so that `Hüseynov`, `Huseynov`
//! and `Гусейнов` come out nearly the same. Meant for comparing, never for display.

use super::Language;
use unicode_normalization::UnicodeNormalization;

/// How one language writes its sounds.
pub struct Spelling {
    pub language: Language,
    /// (letters as met, letters as compared), lower case; of two that fit at a place the longer one counts.
    pub sounds: &'static [(&'static str, &'static str)],
}

/// A row a language; letters without a row fall back to `CYRILLIC`, then to their base letter.
pub static SPELLINGS: &[Spelling] = &[
    Spelling {
        language: Language::EN,
        sounds: &[
            ("tch", "c"), // Mitchell, Митчелл
            ("sch", "s"), // Schmidt, Шмидт
            ("sh", "s"),  // Shamakhi, Şamaxı
            ("ch", "c"),  // Churchill, Çörçil
            ("kh", "h"),  // Nakhchivan, Naxçıvan
            ("zh", "j"),  // Brezhnev, Брежнев
            ("ph", "f"),  // Philip, Filip
            ("th", "t"),  // Smith, Смит
            ("gh", "g"),  // Aghdam, Ağdam
            ("ck", "k"),  // Patrick, Патрик
            ("qu", "kv"), // Quebec, Квебек
            ("oo", "u"),  // Google, Гугл
            ("ou", "u"),  // Toulouse, Тулуза
            ("ee", "i"),  // Lee, Ли
            ("ce", "se"), // Cecil, Сесил
            ("ci", "si"),
            ("cy", "si"),
            ("c", "k"), // Cameron, Кэмерон
            ("x", "ks"),
            ("w", "v"),
            ("y", "i"),
            ("j", "c"), // James, Ceyms
            ("q", "g"), // Qarabag, Qarabağ
        ],
    },
    Spelling {
        language: Language::AZ,
        sounds: &[
            ("ə", "a"), // Məmmədov, Мамедов
            ("ğ", "g"),
            ("ı", "i"),
            ("ş", "s"),
            ("ç", "c"),
            ("ö", "o"),
            ("ü", "u"),
            ("x", "h"), // Xəzər, Хазар
            ("h", "g"), // Hüseynov, Гусейнов
            ("q", "g"), // Qəbələ, Габала
            ("w", "v"),
            ("y", "i"),
        ],
    },
];

/// Letters of the Cyrillic alphabets, whatever the language.
static CYRILLIC: &[(char, &str)] = &[
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('ґ', "g"),
    ('ғ', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "o"),
    ('є', "e"),
    ('ж', "j"),
    ('з', "z"),
    ('и', "i"),
    ('і', "i"),
    ('ї', "i"),
    ('й', "i"),
    ('к', "k"),
    ('қ', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('ң', "n"),
    ('о', "o"),
    ('ө', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ў', "u"),
    ('ү', "u"),
    ('ұ', "u"),
    ('ф', "f"),
    ('х', "h"),
    ('һ', "h"),
    ('ц', "c"),
    ('ч', "c"),
    ('ҹ', "c"),
    ('ш', "s"),
    ('щ', "s"),
    ('ъ', ""),
    ('ы', "i"),
    ('ь', ""),
    ('э', "e"),
    ('ә', "a"),
    ('ю', "u"),
    ('я', "a"),
];

/// `word` (in lower case) as its sounds, doubled letters written once.
pub fn sound(language: Language, word: &str) -> String {
    let rows = SPELLINGS.iter().find(|s| s.language == language).map_or(&[][..], |s| s.sounds);
    let mut out = String::with_capacity(word.len());
    let mut push = |piece: &str| {
        for c in piece.chars() {
            if !out.ends_with(c) {
                out.push(c);
            }
        }
    };
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let row = rows.iter().filter(|(from, _)| rest.starts_with(from)).max_by_key(|(from, _)| from.len());
        if let Some((from, to)) = row {
            push(to);
            rest = &rest[from.len()..];
            continue;
        }
        if let Some((_, to)) = CYRILLIC.iter().find(|(from, _)| *from == c) {
            push(to);
        } else {
            let base = std::iter::once(c).nfd().next().unwrap_or(c);
            push(base.encode_utf8(&mut [0; 4]));
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_three_spellings() {
        for (en, az, ru, want) in [
            ("mammadov", "məmmədov", "мамедов", ["mamadov", "mamadov", "mamedov"]),
            ("huseynov", "hüseynov", "гусейнов", ["huseinov", "guseinov", "guseinov"]),
            ("shamakhi", "şamaxı", "шемаха", ["samahi", "samahi", "semaha"]),
            ("churchill", "çörçil", "черчилль", ["curcil", "corcil", "cercil"]),
        ] {
            let got = [sound(Language::EN, en), sound(Language::AZ, az), sound(Language::RU, ru)];
            assert_eq!(got, want, "{en}");
        }
    }

    #[test]
    fn languages_without_rows_are_heard_too() {
        let kazakh: Language = "kk".parse().unwrap();
        assert_eq!(sound(kazakh, "қазақ"), "kazak");
        let french: Language = "fr".parse().unwrap();
        assert_eq!(sound(french, "élysée"), "elyse");
        assert_eq!(sound(french, "东京"), "东京");
    }

    #[test]
    fn a_row_is_lower_case_and_not_written_twice() {
        for spelling in SPELLINGS {
            for (at, (from, _)) in spelling.sounds.iter().enumerate() {
                assert_eq!(*from, spelling.language.lower(from));
                assert!(spelling.sounds[..at].iter().all(|(other, _)| other != from), "{from} stands twice");
            }
        }
    }
}
