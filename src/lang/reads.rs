//! What a short text reads as, where that is not what its tag says: another language, or its own without its letters.
//!
//! [`super::guess`] tells the language of a page; this is about a sentence or a title whose language is said already, and
//! speaks only where the words are clearly others: names, numbers and texts of a word or two tell nothing.

use super::{
    Language, Script,
    anchors::{ANCHORS, COMMON},
};
use crate::text::prefix;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// What a text reads as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reads {
    As(Language),
    /// Typed on a keyboard that lacks letters of the language: `Dovlet Xidmeti`.
    Unlettered(Language),
    /// In a script the language was once written in, and its tag does not mean.
    In(Language, Script),
    /// Nothing of the words or letters is of the language; whose they are is not told.
    Otherwise(Script),
}

impl Reads {
    /// The language the words are of, however they are written.
    pub fn language(self) -> Option<Language> {
        match self {
            Reads::As(language) | Reads::Unlettered(language) | Reads::In(language, _) => Some(language),
            Reads::Otherwise(_) => None,
        }
    }
}

pub const TURKISH: Language = Language::literal("tr");

/// What words speak for. Those of `anchors.tsv` and `common.tsv` speak for their languages too.
struct Row {
    reads: Reads,
    /// Frequent words, lower case; with `*` the beginnings of words.
    words: &'static str,
    /// A word with one of these letters speaks for it.
    letters: &'static str,
    /// A text with one of these letters is not so.
    never: &'static str,
}

static ROWS: &[Row] = &[
    Row {
        reads: Reads::As(Language::EN),
        words: "the of and to in that is was for on with as by at from this are be were which it has have had not or an its \
                their will they been more other also about all he she his her who but our we you your can may must should \
                would could please than into after before new between during under over there these those any no if when \
                where how what only up out do does did two years people said",
        letters: "",
        never: "",
    },
    Row {
        reads: Reads::As(Language::AZ),
        words: "və bu ilə üçün olan da də ki bir edib olub üzrə ildə edilib o həm haqqında qeyd daha sonra onun kimi çox isə \
                olaraq tərəfindən edir ən bütün hər olunub ilin barədə idi var deyil nə mən həmin belə bunun onlar ya əgər \
                qədər görə əvvəl yeni edən edilən olması olduğu etdi dedi deyib bildirib zaman qarşı arasında digər amma lakin \
                ancaq yalnız artıq bunu ona onu bundan onların bizim biz siz sizin öz",
        letters: "əğış",
        never: "",
    },
    Row {
        reads: Reads::As(Language::RU),
        words: "и в не на что с по для от как это к из о за был его а все но так до она они мы при или также года было у же \
                том будет их во может со",
        letters: "ыэъёщ",
        never: "",
    },
    Row {
        reads: Reads::As(TURKISH),
        words: "ve için ile gibi kadar çok olarak değil tarafından göre üzere şekilde bunun ama ise ancak kendi tüm eden edilen \
                yapılan ettiği söyledi etti yıl yılı yılında büyük ülke* hizmet* vatandaş* başkan* bakanlı* göç* idare* \
                güvenlik* yabancı* sağla* gerçekleş* geliş* çalış* bulun* önem* dedi bir bu olan daha da de sonra oldu \
                olduğunu belirt* ilgili gerek* karar* toplantı* kurum* genel müdür* türkiye* icin cok degil tarafindan yeni son \
                ilk iki hem var arasında karşı önce gün zaman başvuru* yabanc* gerekli cumhur* hakkında ilişkin olduğu olup \
                olması edildi yapıldı açıldı düzenle* kapsam* alın* uluslararası iş birliği bilgi* kabul hafta geçen lütfen \
                her ya fazla istiyor* aşağıda* konu* yüzde ülkem* izni sona",
        letters: "ğış",
        never: "əxqw",
    },
    Row {
        reads: Reads::Unlettered(Language::AZ),
        // Those of the row above it, without its letters, come by themselves where they are long enough.
        words: "ve ucun haqqinda terefinden ile edilib olunub",
        letters: "",
        never: "ə",
    },
];

/// A letter as it is typed where the keyboard lacks it.
static LACKING: &[(char, char)] = &[('ə', 'e'), ('ğ', 'g'), ('ı', 'i'), ('ş', 's'), ('ç', 'c'), ('ö', 'o'), ('ü', 'u')];

/// Letters of Azerbaijani in Cyrillic that Russian does not have, and others that it does not have.
const CYRILLIC_AZ: &str = "әғҹҝөүһј";
const NOT_RUSSIAN: &str = "әғҹҝөүһјіїєґўқңұҳҷ";

/// Letters that a word without its own has at the least: shorter ones are words of their own.
const LONG: usize = 4;
/// The longest ending after the beginning of a word, in letters.
const ENDING: usize = 8;
/// More of a text than this, in bytes, tells nothing new.
const ENOUGH: usize = 1 << 12;

type Speaks = u8;

fn bit(reads: Reads) -> Speaks {
    ROWS.iter().position(|row| row.reads == reads).map_or(0, |at| 1 << at)
}

/// For which rows a word speaks, and a beginning of words.
#[derive(Default)]
struct Words {
    whole: FxHashMap<String, Speaks>,
    begin: FxHashMap<String, Speaks>,
}

impl Words {
    fn add(&mut self, form: &str, speaks: Speaks) {
        match form.strip_suffix('*') {
            Some(stem) => *self.begin.entry(stem.to_owned()).or_default() |= speaks,
            None => *self.whole.entry(form.to_owned()).or_default() |= speaks,
        }
    }

    fn of(&self, word: &str) -> Speaks {
        let whole = self.whole.get(word).copied().unwrap_or_default();
        let cuts = word.char_indices().rev().map(|(at, _)| at).take(ENDING).chain([word.len()]);
        cuts.filter_map(|at| self.begin.get(&word[..at])).fold(whole, |all, speaks| all | speaks)
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut out = Words::default();
    for row in ROWS {
        row.words.split_ascii_whitespace().for_each(|word| out.add(word, bit(row.reads)));
    }
    for (language, form) in ANCHORS.iter().chain(&*COMMON).flat_map(|anchor| &anchor.forms) {
        if !form.contains(' ') && !form.contains(char::is_uppercase) {
            out.add(form, bit(Reads::As(*language)));
        }
    }
    for row in ROWS {
        let Reads::Unlettered(language) = row.reads else { continue };
        let whole = bit(Reads::As(language));
        let lacking = |words: &FxHashMap<String, Speaks>| -> Vec<String> {
            let own = words.iter().filter(|(_, speaks)| **speaks & whole != 0).map(|(word, _)| word);
            own.filter(|word| word.chars().count() >= LONG).filter_map(|word| unlettered(word)).collect()
        };
        for word in lacking(&out.whole) {
            out.add(&word, bit(row.reads));
        }
        for word in lacking(&out.begin) {
            out.add(&format!("{word}*"), bit(row.reads));
        }
    }
    out
});

/// The word as it is typed without its letters; `None` where it has none to lack.
fn unlettered(word: &str) -> Option<String> {
    let plain = |c: char| LACKING.iter().find(|(letter, _)| *letter == c).map_or(c, |(_, plain)| *plain);
    let typed: String = word.chars().map(plain).collect();
    (typed != word).then_some(typed)
}

/// The words of a text, without addresses, file names and the like.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_text = |chunk: &&str| {
        let address = chunk.contains(['@', '/', '\\', '_', '=', '<', '>', '#', '{', '}']);
        !address && !chunk.trim_end_matches(['.', ',', ')', '!', '?', ':', ';', '”', '"', '»']).contains('.')
    };
    let letters = |c: char| !c.is_alphabetic() && !matches!(c, '\u{300}'..='\u{36f}');
    text.split_whitespace().filter(is_text).flat_map(move |chunk| chunk.split(letters)).filter(|word| !word.is_empty())
}

/// A word of the text: for what it speaks.
struct Word<'t> {
    text: &'t str,
    speaks: Speaks,
    small: bool,
}

impl<'t> Word<'t> {
    fn of(text: &'t str) -> Word<'t> {
        // A capital I is an i in some of the languages, and an ı in others.
        let (plain, dotted) = (Language::EN.lower(text), Language::AZ.lower(text));
        let az = bit(Reads::As(Language::AZ));
        let mut speaks = WORDS.of(&dotted);
        if plain != dotted {
            speaks |= WORDS.of(&plain) & !az;
        }
        let lacks = bit(Reads::Unlettered(Language::AZ));
        if speaks & az == 0
            && let Some(typed) = unlettered(&dotted)
        {
            speaks |= WORDS.of(&typed) & lacks;
        }
        if speaks == 0 {
            let by_letters = ROWS.iter().filter(|row| plain.contains(|c| row.letters.contains(c)));
            speaks = by_letters.fold(0, |all, row| all | bit(row.reads));
        }
        // One that lacks none of its letters may stand in either.
        if speaks & az != 0 {
            let whole = dotted.contains(|c| LACKING.iter().any(|(letter, _)| *letter == c));
            speaks = if whole { speaks & !lacks } else { speaks | lacks };
        }
        Word { text, speaks, small: text.starts_with(char::is_lowercase) }
    }
}

/// What `text` reads as instead of `language`, with the words that say so; `None` where it may be in `language`, where
/// too little is said, and for languages without a row here.
pub fn reads_otherwise(text: &str, language: Language) -> Option<(Reads, Vec<String>)> {
    let own = bit(Reads::As(language));
    if own == 0 {
        return None;
    }
    let text = prefix(text, ENOUGH);
    let words: Vec<Word<'_>> = words(text).map(Word::of).collect();
    let (mut latin, mut cyrillic) = (0usize, 0usize);
    for c in words.iter().flat_map(|word| word.text.chars()) {
        match c {
            '\u{400}'..='\u{4ff}' => cyrillic += 1,
            _ => latin += 1,
        }
    }
    let small = words.iter().filter(|word| word.small && word.text.chars().count() >= LONG).count();
    let script = if language == Language::RU { Script::Cyrillic } else { Script::Latin };
    let other = match script {
        // Names and quotations in other letters occur in every text.
        Script::Latin if cyrillic > latin * 4 => Some(Script::Cyrillic),
        Script::Cyrillic if latin > cyrillic * 4 => Some(Script::Latin),
        _ => None,
    };
    match other {
        Some(Script::Cyrillic) if words.len() > 1 && small > 0 => Some(in_cyrillic(text, &words)),
        Some(Script::Latin) if words.len() > 2 && small > 1 => {
            Some(spoken_for(&words, text, own, small).unwrap_or((Reads::Otherwise(Script::Latin), Vec::new())))
        }
        Some(_) => None,
        None if script == Script::Cyrillic => foreign_letters(text, cyrillic),
        None => spoken_for(&words, text, own, small).or_else(|| without_schwa(&words, text, own)).or_else(|| {
            let nothing = words.iter().all(|word| word.speaks & own == 0) && !text.to_lowercase().contains('ə');
            (words.len() >= PLENTY && small * 3 >= words.len() * 2 && nothing)
                .then_some((Reads::Otherwise(Script::Latin), Vec::new()))
        }),
    }
}

/// Words of a text in capitals that is no name.
const HEADLINE: usize = 6;

/// Words of a text of which not one is frequent in its language: there is no such text.
const PLENTY: usize = 14;

/// Letters of a text that tell whether one is lacking.
const LETTERS: usize = 30;

/// An Azerbaijani text in which e stands for ə. Of a hundred letters some nine are ə and four are e: a text that lacks
/// the one and has as many of the other as both has been typed without (counted in NTREX-128, which see in `rows`).
fn without_schwa(words: &[Word<'_>], text: &str, own: Speaks) -> Option<(Reads, Vec<String>)> {
    const LEAST_E: usize = 9;
    if own != bit(Reads::As(Language::AZ)) {
        return None;
    }
    let lower = Language::AZ.lower(text);
    let (mut letters, mut e) = (0usize, 0usize);
    for c in lower.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        match c {
            'ə' => return None,
            'e' => e += 1,
            _ => {}
        }
    }
    let near = own | bit(Reads::Unlettered(Language::AZ));
    let own_words = words.iter().filter(|word| word.speaks & near != 0).count();
    let others = words.iter().filter(|word| word.speaks != 0 && word.speaks & near == 0).count();
    if letters < LETTERS || e * 100 < letters * LEAST_E || own_words < 2 || own_words <= others {
        return None;
    }
    let with_e = words.iter().filter(|word| word.small && word.speaks & own == 0 && word.text.contains('e'));
    Some((Reads::Unlettered(Language::AZ), evidence(with_e)))
}

/// A text in Cyrillic letters where Latin ones should be.
fn in_cyrillic(text: &str, words: &[Word<'_>]) -> (Reads, Vec<String>) {
    let lower = text.to_lowercase();
    let russian = bit(Reads::As(Language::RU));
    if lower.contains(|c| CYRILLIC_AZ.contains(c)) {
        return (Reads::In(Language::AZ, Script::Cyrillic), with_letters(text, CYRILLIC_AZ));
    }
    let said: Vec<String> = evidence(words.iter().filter(|word| word.speaks & russian != 0));
    match said.is_empty() {
        true => (Reads::Otherwise(Script::Cyrillic), Vec::new()),
        false => (Reads::As(Language::RU), said),
    }
}

/// A text in Cyrillic letters, some of which Russian does not have.
fn foreign_letters(text: &str, letters: usize) -> Option<(Reads, Vec<String>)> {
    let lower = text.to_lowercase();
    let count = lower.chars().filter(|c| NOT_RUSSIAN.contains(*c)).count();
    if count < 3 || count * 40 < letters {
        return None;
    }
    let reads = match lower.contains('ә') && lower.contains(['ҹ', 'ҝ', 'ғ', 'ј', 'ө']) {
        true => Reads::In(Language::AZ, Script::Cyrillic),
        false => Reads::Otherwise(Script::Cyrillic),
    };
    Some((reads, with_letters(text, NOT_RUSSIAN)))
}

fn with_letters(text: &str, letters: &str) -> Vec<String> {
    let has = |word: &&str| word.to_lowercase().contains(|c| letters.contains(c));
    words(text).filter(has).take(SHOWN).map(str::to_owned).collect()
}

/// Words shown for evidence.
const SHOWN: usize = 3;

fn evidence<'w, 't: 'w>(words: impl Iterator<Item = &'w Word<'t>>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in words {
        if out.len() < SHOWN && !out.iter().any(|known| known == word.text) {
            out.push(word.text.to_owned());
        }
    }
    out
}

/// The row the words speak for where they hardly speak for the one they should.
fn spoken_for(words: &[Word<'_>], text: &str, own: Speaks, small: usize) -> Option<(Reads, Vec<String>)> {
    let lower = text.to_lowercase();
    let mut best: Option<(usize, Reads, Vec<String>)> = None;
    for row in ROWS.iter().filter(|row| bit(row.reads) != own && !lower.contains(|c| row.never.contains(c))) {
        let theirs = bit(row.reads);
        let mut said: Vec<&Word<'_>> = Vec::new();
        let mut against = 0usize;
        for word in words {
            match (word.speaks & theirs != 0, word.speaks & own != 0) {
                (true, false) if !said.iter().any(|known| known.text == word.text) => said.push(word),
                (false, true) => against += 1,
                _ => {}
            }
        }
        // Names are the same in all languages, however many words they have; not so those of the language itself, typed
        // without its letters, and those of its sister. Where all is in capitals nobody can tell a name.
        let near = own == bit(Reads::As(Language::AZ)) && row.reads != Reads::As(Language::EN);
        let capitals = said.len() >= 4 && words.len() >= HEADLINE && !text.contains(char::is_lowercase);
        let sure = said.len() >= 2 && said.len() > 2 * against && said.len() * 5 >= words.len();
        if sure && (near || small > 1 || capitals) {
            // Words that speak for two rows weigh half.
            let weight = said.iter().map(|word| if word.speaks == theirs { 2 } else { 1 }).sum();
            if best.as_ref().is_none_or(|(most, ..)| weight > *most) {
                best = Some((weight, row.reads, evidence(said.into_iter())));
            }
        }
    }
    best.map(|(_, reads, said)| (reads, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::EN;
    const AZ: Language = Language::AZ;
    const RU: Language = Language::RU;

    #[test]
    fn what_is_in_another_language_is_told() {
        let az_cyrillic = Reads::In(AZ, Script::Cyrillic);
        for (language, text, reads) in [
            (AZ, "The service was opened in the city.", Reads::As(EN)),
            (AZ, "LAW OF THE REPUBLIC ON THE RIGHTS OF CHILDREN", Reads::As(EN)),
            (AZ, "Служба открыла новый центр в городе.", Reads::As(RU)),
            (EN, "Xidmət şəhərdə yeni mərkəz açıb.", Reads::As(AZ)),
            (EN, "Новый центр был открыт вчера", Reads::As(RU)),
            (RU, "The service was opened in the city.", Reads::As(EN)),
            (RU, "Xidmət şəhərdə yeni mərkəz açıb.", Reads::As(AZ)),
            (AZ, "Göç İdaresi Başkanlığı", Reads::As(TURKISH)),
            (AZ, "Yabancılar için yeni bir hizmet merkezi açıldı.", Reads::As(TURKISH)),
            (AZ, "Toplantı salı günü Ankara'da yapıldı ve çok önemli kararlar alındı.", Reads::As(TURKISH)),
            (TURKISH, "Xidmət şəhərdə yeni mərkəz açıb.", Reads::As(AZ)),
            (AZ, "Dovlet Miqrasiya Xidmeti", Reads::Unlettered(AZ)),
            (AZ, "DOVLET MIQRASIYA XIDMETI", Reads::Unlettered(AZ)),
            (AZ, "Dövlet Miqrasiya Xidmeti yeni merkez açıb.", Reads::Unlettered(AZ)),
            (AZ, "Xidmet seherde vetendaslar ucun yeni merkez acib.", Reads::Unlettered(AZ)),
            (
                AZ,
                "Polis bildirib ki, o, etdiyi emele gore mustentiqlere ozunu pis hiss etmediyini deyib.",
                Reads::Unlettered(AZ),
            ),
            (EN, "Xidmet seherde vetendaslar ucun yeni merkez acib.", Reads::Unlettered(AZ)),
            (AZ, "Дөвләт Миграсија Хидмәти шәһәрдә јени мәркәз ачыб.", az_cyrillic),
            (RU, "Дөвләт Миграсија Хидмәти шәһәрдә јени мәркәз ачыб.", az_cyrillic),
            (RU, "Служба відкрила новий центр у місті, її діяльність є важливою.", Reads::Otherwise(Script::Cyrillic)),
        ] {
            assert_eq!(reads_otherwise(text, language).map(|(reads, _)| reads), Some(reads), "{language}: {text}");
        }
    }

    #[test]
    fn the_words_that_say_so_are_named() {
        let (_, said) = reads_otherwise("The service was opened in the city.", AZ).unwrap();
        assert_eq!(said, ["The", "service", "was"]);
        let (_, said) = reads_otherwise("Dovlet Miqrasiya Xidmeti", AZ).unwrap();
        assert_eq!(said, ["Dovlet", "Xidmeti"]);
    }

    #[test]
    fn names_numbers_and_scraps_are_left_alone() {
        for text in [
            "",
            "919",
            "MIGAZ",
            "Microsoft Windows 11",
            "International Organization for Migration",
            "International Organization for Migration (IOM)",
            "www.migration.gov.az, info@migration.gov.az",
            "Ministry of Foreign Affairs",
            "Office of the United Nations High Commissioner for Refugees",
            "The Wall Street Journal",
            "Heydər Əliyev",
            "Rafael Nadal 6:4, 6:3",
            "Миграция",
            "Recep Tayyip Erdoğan",
            "OK",
        ] {
            for language in [EN, AZ, RU] {
                assert_eq!(reads_otherwise(text, language), None, "{language}: {text}");
            }
        }
        for (language, text) in [
            (AZ, "Bu qanun layihəsi"),
            (AZ, "Bakı"),
            (AZ, "Qanun 5 may 2018-ci il tarixdən qüvvəyə minib."),
            (AZ, "Bu da olub."),
            (AZ, "MİQRASİYA HAQQINDA QANUN"),
            (AZ, "Mobil tətbiq “Миграция” adlanır və pulsuzdur."),
            (AZ, "“The New York Times” bu barədə yazıb."),
            (AZ, "Türkiyə Respublikasının Göç İdaresi Başkanlığı ilə görüş keçirilib."),
            (AZ, "Futbol üzrə oyun 3 - 1 hesabı"),
            (EN, "Apples, pears, plums, figs"),
            (EN, "The head of Göç İdaresi Başkanlığı met the minister in Ankara."),
            (RU, "Служба сегодня запустила приложение MIGAZ вместе с International Organization for Migration (IOM)."),
            (RU, "Google Chrome"),
            (RU, "Хей, хой"),
        ] {
            assert_eq!(reads_otherwise(text, language), None, "{language}: {text}");
        }
    }

    #[test]
    fn languages_without_a_row_are_not_judged() {
        assert_eq!(reads_otherwise("The service was opened in the city.", "kk".parse().unwrap()), None);
        for row in ROWS {
            assert!(row.words.len() > 20 && bit(row.reads) != 0, "{:?}", row.reads);
        }
    }
}
