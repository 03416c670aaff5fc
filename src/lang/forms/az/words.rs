//! Words whose letters do not tell how they are written before a vowel, and how acronyms sound.

/// Words that keep their q or k before a vowel: loans, and words of one syllable by rule.
pub(super) const KEEPS_Q_OR_K: &[&str] = &[
    "hüquq",
    "ittifaq",
    "əmlak",
    "iştirak",
    "şərik",
    "vərəq",
    "müstəntiq",
    "tədqiq",
    "təşviq",
    "təsdiq",
    "idrak",
    "dərk",
    "əxlaq",
    "fərq",
    "şövq",
    "məntiq",
    "rəfiq",
    "təfriq",
    "istintaq",
    "müştərək",
    "infaq",
    "təlaq",
    "sadiq",
    "aşiq",
    "xalq",
    "ərzaq",
    "tətbiq",
    "təhqiq",
    "istehlak",
    "blok",
    "bank",
    "ştab",
    "plastik",
    "mexanik",
    "texnik",
    "taktik",
    "estetik",
    "kritik",
    "statistik",
    "şok",
    "tok",
    "tank",
    "park",
    "disk",
    "risk",
    "çek",
    "pik",
    "tik",
    "brak",
    "frak",
];

/// Words that drop the vowel of their last syllable before a vowel: şəkil, şəkli.
pub(super) const DROPS_VOWEL: &[&str] = &[
    "şəkil", "fikir", "isim", "ağız", "burun", "boyun", "alın", "oğul", "könül", "ömür", "nəsil", "əsil", "qəbir",
    "səbir", "sinif", "cisim", "eyib", "ağıl", "qarın", "üzür", "zehin", "ətir", "sətir", "qisim", "çiyin", "bağır",
    "beyin", "heyif",
];

/// Acronyms not read by the names of their letters, with the reading that gives the suffix.
pub(super) const READINGS: &[(&str, &str)] = &[("abş", "abaş"), ("bəə", "bəə"), ("rf", "ref")];

/// What the name of a letter ends in, as a letter that stands for it in harmony: `be`, `el`.
pub(super) const LETTER_NAMES: &[(char, &str)] = &[
    ('k', "ka"),
    ('q', "qe"),
    ('l', "el"),
    ('m', "em"),
    ('n', "en"),
    ('r', "er"),
    ('s', "es"),
    ('f', "ef"),
    ('x', "xe"),
    ('h', "he"),
    ('ş', "şe"),
    ('j', "je"),
    ('y', "ye"),
];
