//! Words whose letters do not tell how they are written before a suffix. A test holds each word of a list against
//! the shape its list is for.

/// Whether `word` stands in a list, which is sorted.
pub(super) fn listed(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

/// Words of two syllables that drop the vowel of the last one before a vowel: şəkil, şəkli; ağız, ağzı.
///
/// Arabic words of one syllable spelt with the vowel the ear puts in (the rules of 2019 name qəbir, qədir, eyib, ətir,
/// zehin, izin, səbir, ömür, isim, nəsil, sətir, sinif, fəsil, fikir, cisim, şəkil, heyif, meyil, şeir, əsil), and native
/// parts of the body and kin. `qoyun` is left out: it is a sheep oftener than a bosom, and `şeir`, which keeps its vowel.
pub(super) const DROPS_VOWEL: &[&str] = &[
    "abır", "alın", "ağıl", "ağız", "bağır", "beyin", "boyun", "burun", "bətin", "cisim", "eyib", "fikir", "fəsil",
    "heyif", "isim", "izin", "kibir", "könül", "meyil", "nəsil", "ovuc", "oğul", "qarın", "qayın", "qeyid", "qisim",
    "qəbir", "qədir", "rəhim", "sehir", "sinif", "səbir", "sətir", "xeyir", "xətir", "zehin", "zikir", "çiyin", "ömür",
    "üzür", "şükür", "şəkil", "əsil", "ətir",
];

/// Words in a vowel that take y, not s, before a possessive: mövqe, mövqeyi.
pub(super) const TAKES_Y: &[&str] = &["mövqe", "mənafe", "mənbə", "mənşə", "su", "tale"];

/// Those of them that take it in the genitive and the accusative too: su, suyun.
pub(super) const TAKES_Y_THROUGHOUT: &[&str] = &["su", "tale"];

/// Words of one syllable in a double consonant, which lose one before a consonant: xətt, xətlər; haqq, haqdan. The
/// rules of 2019 ask for it; texts write both.
pub(super) const DOUBLED: &[&str] =
    &["fənn", "haqq", "hiss", "hədd", "həll", "küll", "rədd", "sirr", "tibb", "xətt", "zidd", "zənn"];

/// Words of back vowels alone that keep their q; others are native and soften: otaq, otağı.
pub(super) const KEEPS_Q: &[&str] = &["burraq", "uşşaq"];

/// Words in -aq and -ıq that soften though their vowels do not agree.
pub(super) const SOFTENS_Q: &[&str] = &["ilıq", "inaq", "işıq"];

/// Native words that stand last in names made of two: Göybulaq, Göybulağın. Their q softens whatever vowels come
/// before.
pub(super) const SOFT_ENDS: &[&str] = &[
    "ayaq", "bayraq", "bulaq", "dodaq", "ocaq", "otaq", "papaq", "qonaq", "qulaq", "torpaq", "uşaq", "yarpaq",
    "yaylaq", "çıraq",
];

/// Suffixes in q and k, which soften whatever they are put to: vətəndaşlıq, vətəndaşlığı; almaq, almağı.
pub(super) const SOFT_SUFFIXES: &[&str] =
    &["acaq", "cik", "cuq", "cük", "cıq", "lik", "luq", "lük", "lıq", "maq", "mək", "çik", "çıq", "əcək"];

/// Words of front vowels that keep their k: loans from Arabic and Persian (tədarük, şərik), of two syllables from the
/// languages of Europe (texnik; the longer ones are known by their length), and those that end as a suffix does (katolik).
pub(super) const KEEPS_K: &[&str] = &[
    "alkoqolik",
    "babək",
    "epik",
    "fabrik",
    "fizik",
    "katolik",
    "klassik",
    "klinik",
    "komik",
    "kritik",
    "kərkük",
    "lerik",
    "lirik",
    "malik",
    "mistik",
    "mübarək",
    "müşrik",
    "müştərək",
    "məlik",
    "məmlük",
    "məslək",
    "optik",
    "parnik",
    "piknik",
    "plastik",
    "praktik",
    "qrafik",
    "ritmik",
    "statik",
    "taktik",
    "texnik",
    "trafik",
    "təbrik",
    "tədarük",
    "təfrik",
    "təhrik",
    "təmlik",
    "təşrik",
    "şərik",
];

/// Native words in -ik that could be taken for names or loans: Pişik, pişiyi; dəyişik, dəyişiyi.
pub(super) const SOFTENS_K: &[&str] =
    &["beşik", "bitişik", "dəyişik", "eşik", "ilişik", "kirpik", "kəsik", "pişik", "ərik", "əskik"];

/// Nouns in a high vowel that agrees with the one before and is no possessive all the same: of `yerli əhali` the dative
/// is `əhaliyə`.
pub(super) const NOT_POSSESSED: &[&str] = &[
    "alqı",
    "alçı",
    "arzu",
    "arı",
    "asqı",
    "bacı",
    "bakı",
    "basqı",
    "bibi",
    "bitki",
    "bölgü",
    "darı",
    "dayı",
    "diri",
    "dolu",
    "doğru",
    "duyğu",
    "döngü",
    "dəri",
    "güzgü",
    "gəmi",
    "hacı",
    "hərbi",
    "ilxı",
    "içki",
    "jüri",
    "keçi",
    "kirpi",
    "könüllü",
    "körpü",
    "lobbi",
    "menyu",
    "milli",
    "mövzu",
    "müştəri",
    "ordu",
    "qapı",
    "qatı",
    "qayğı",
    "qazi",
    "qonşu",
    "qorxu",
    "quru",
    "qutu",
    "quyu",
    "quzu",
    "rəsmi",
    "sarı",
    "sevgi",
    "seçki",
    "sorğu",
    "ssenari",
    "sürü",
    "sərgi",
    "taksi",
    "tanrı",
    "tülkü",
    "tərəqqi",
    "tərəzi",
    "vali",
    "vergi",
    "vurğu",
    "xalı",
    "xobbi",
    "yanğı",
    "yaxşı",
    "yazı",
    "yuxarı",
    "yuxu",
    "ziyalı",
    "çalğı",
    "çağrı",
    "çəki",
    "ölçü",
    "ölü",
    "örgü",
    "şəki",
    "əcnəbi",
    "əfəndi",
    "əhali",
    "ərazi",
];

/// Nouns in s after a vowel: of `polisi` the base is `polis`, of `icazəsi` it is `icazə`.
pub(super) const ENDS_IN_S: &[&str] = &[
    "adres",
    "albatros",
    "ananas",
    "avtobus",
    "biznes",
    "bonus",
    "casus",
    "ekspres",
    "fokus",
    "həvəs",
    "iblis",
    "iflas",
    "iltimas",
    "interes",
    "ixtisas",
    "kaktus",
    "kampus",
    "kaos",
    "kompas",
    "konqres",
    "konsensus",
    "korpus",
    "kros",
    "libas",
    "lotus",
    "minus",
    "miras",
    "mis",
    "müflis",
    "mühəndis",
    "məclis",
    "məhbus",
    "nəfəs",
    "nərgis",
    "oazis",
    "ofis",
    "palas",
    "pas",
    "polis",
    "proqres",
    "proses",
    "qisas",
    "qiyas",
    "qəfəs",
    "radius",
    "rus",
    "rəis",
    "servis",
    "status",
    "stres",
    "səs",
    "tenis",
    "trolleybus",
    "təmas",
    "virus",
    "xəsis",
    "yas",
    "əsas",
];

/// Nouns in ç; `-çı` after others is a trade: `saçı` is hair, `sərhədçi` a guard.
pub(super) const ENDS_IN_C: &[&str] = &["iç", "köç", "qoç", "saç", "suç", "xaç", "üç"];

/// Nouns in c after a high vowel; `-ıcı` after others is a doer: `kərpici`, but `satıcı`.
pub(super) const ENDS_IN_HIGH_C: &[&str] = &["güc", "kərpic", "ovuc", "uc"];

/// Nouns in l after a consonant, as they stand before a vowel; `-lı` after others is a quality: `əsli`, but `dəmirli`.
pub(super) const ENDS_IN_L: &[&str] = &[
    "ağl", "cəhl", "fəsl", "həll", "könl", "küll", "meyl", "nəql", "nəsl", "oğl", "qətl", "şəkl", "əhl", "əql", "əsl",
];

/// Words in -lar and -lər that are no plurals.
pub(super) const NO_PLURALS: &[&str] = &["dollar", "salar", "sipəhsalar", "talar"];

/// Words in -maq and -mək that are no verbs: barmaq is a finger.
pub(super) const NO_VERBS: &[&str] =
    &["barmaq", "başmaq", "damaq", "kömək", "oymaq", "qaymaq", "toxmaq", "yumaq", "çaxmaq", "çomaq", "ırmaq", "əmək"];

/// Stems of verbs whose t is d before a vowel: etmək, edir; getmək, gedir.
pub(super) const T_TO_D: &[&str] = &["et", "get"];
