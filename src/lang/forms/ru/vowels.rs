//! The vowel that comes and goes in the last syllable (`*` in Зализняк's classes): день → дня, сестра → сестёр.

use super::super::ends::Ends;
use super::{SIBILANTS, cut, is_vowel, last};
use std::sync::LazyLock;

/// Masculines and feminines in -ь whose last vowel falls away before an ending (true) or stays (false).
static FALLS: LazyLock<Ends<bool>> = LazyLock::new(|| Ends::new(FALLS_BY_END));

#[rustfmt::skip]
static FALLS_BY_END: &[(bool, &str)] = &[
    // участок, мешочек, беженец: by the suffix.
    (true, "ок ек ец"),
    (false, "^срок ^рок ^прок ^урок пророк ^порок окорок челнок ^проток игрок ^отрок зарок оброк восток исток ^сток \
        водосток поток приток отток ^ток кровоток водоток переток электроток знаток ездок седок ходок ^едок обморок \
        отскок экивок солнцепек самотек хлебопек быстроток ^фок ^морок блок ^клок волок ^шок ^сок ^бок ^кок ^док \
        шерлок электрошок артишок ^щелок ^скок наскок ^биоток"),
    (true, "листок свисток кивок манок браток совок кусток"),
    (false, "упрек намек попрек бек сек ^пек хек трек штрек тек дровосек грек ^век ^человек человек ^чек ацтек парсек \
        имярек абрек ^дек ^сек ^бек ^трек ^лек чечек набек кузнец жнец жрец мудрец близнец чтец наглец подлец хитрец \
        храбрец мертвец льстец гордец ^швец лжец ^спец пришлец ^чернец игрец беглец стервец лакец ^щец"),
    (true, "царек хорек зверек ручеек ^хлебец голубец купец скупец"),
    // By the word: Зализняк's classes 1* to 3* and 8*.
    (true, "египет псалом противень ^день полдень трудодень ^пень ^посол узел ^угол ^орел козел ^осел котел ^сон ^лев \
        ^лоб ^рот ^лед уровень корень парень камень ремень перечень ^огонь ноготь локоть коготь уголь ветер костер \
        шатер ^ковер бобер церковь ^ложь ^рожь вошь хребет пепел дятел щегол чехол хохол мысел ливень бубен стебель \
        щебень гребень студень шершень стержень кремень слепень поршень оборотень баловень свекор бугор багор ^пес \
        ^овес ^мох ^ров ^шов заем наем ^лен ^копер ^вихор кобель комель кашель бредень оползень сбитень складень \
        дурень лежень кистень плавень ^увалень увалень трутень ставень плетень селезень злыдень ^перстень перстень \
        деготь ломоть лапоть угорь ^любовь нелюбовь павел молебен ^овен ^чабер турок ^пасынок подшерсток подпасок \
        ^псел"),
    (false, "чеснок телек ^гололед самолет"),
    (false, "^инок брелок войлок флагшток заскок маниок подскок перескок паддок чабрец военспец чебурек кодек припек \
        упек лоукостер"),
    (true, "сидень клубень поручень бивень слизень тигель прихвостень"),
];

/// Whether the vowel of the last syllable falls away; `key` in its citation form.
pub(super) fn falls(key: &str) -> bool {
    // шток, зек: the only vowel stays, but for those of the list.
    let suffix = ["ок", "ек", "ец"].iter().any(|end| key.ends_with(end));
    let only = || key.chars().filter(|c| is_vowel(*c)).count() == 1;
    FALLS.get(key).unwrap_or(false) && !(suffix && only())
}

/// The stem without the vowel of its last syllable: посол → посл, китаец → китайц, палец → пальц, огонек → огоньк.
/// `None` where the letters do not allow it.
pub(super) fn fallen(stem: &str) -> Option<String> {
    let c = last(stem);
    let v = last(cut(stem, 1));
    let base = cut(stem, 2);
    let a = last(base);
    if base.is_empty() || !"оея".contains(v) || is_vowel(c) {
        return None;
    }
    let before = match (a, v, c) {
        _ if is_vowel(a) && v == 'о' => return None,
        _ if is_vowel(a) => "й",
        ('л', 'е', _) => "ь",
        ('ь', ..) => "",
        (a, 'е', 'к') if !SIBILANTS.contains(a) => "ь",
        _ => "",
    };
    Some(format!("{base}{before}{c}"))
}

/// What comes into the last cluster of a stem that stands without ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comes {
    O,
    E,
    Nothing,
}

static COMES: LazyLock<Ends<Comes>> = LazyLock::new(|| Ends::new(COMES_BY_END));

#[rustfmt::skip]
static COMES_BY_END: &[(Comes, &str)] = &[
    // студенток, ошибок; after a sibilant, ц, ь, й е: точек, копеек.
    (Comes::O, "к"),
    (Comes::E, "жк шк чк щк цк ьк йк"),
    (Comes::Nothing, "войск ^иск ^паск кк"),
    // овец, колец; but убийц, солнц.
    (Comes::E, "ц"),
    (Comes::Nothing, "йц солнц"),
    (Comes::E, "сумерк"),
    // сосен, песен, деревень, спален, боен; but волн, тайн, цистерн, колонн.
    (Comes::E, "сн зн жн шн чн тн дн вн пн ьн хн мн кн бн гумн зерн"),
    (Comes::Nothing, "гн лн рн йн нн гимн мн фн волн войн тайн одн гривн фтн стогн"),
    (Comes::E, "гривн зерн гумн бойн двойн тройн пойн обойн скотобойн"),
    (Comes::O, "окн волокн сукн толокн кухн кн княжн мошн рожн"),
    // капель, масел, петель; but игл, сверл.
    (Comes::E, "сл тл пл вл бл фл мл зл дл шл жл"),
    (Comes::O, "кукл стекл свекл зл"),
    (Comes::E, "козл узл"),
    (Comes::Nothing, "игл горл жерл сверл стойл перл тягл берл чресл йл"),
    // сестер, ребер; but игр, цифр.
    (Comes::E, "сестр ведр ядр ребр бедр корчм тюрьм письм серьг деньг ^серг кочерг ьг"),
    (Comes::Nothing, "недр"),
    (Comes::E, "кайм свадьб судьб усадьб земл"),
];

/// The stem as it stands without an ending, and the two other ways it might.
pub(super) fn without_ending(stem: &str) -> String {
    match COMES.get(stem).filter(|_| has_cluster(stem)) {
        None | Some(Comes::Nothing) => stem.to_owned(),
        Some(Comes::O) => with(stem, 'о'),
        Some(Comes::E) => with(stem, 'е'),
    }
}

/// песня, песен; пекарня, пекарен: before н of a soft stem е always comes in.
pub(super) fn with_e(stem: &str) -> Option<String> {
    has_cluster(stem).then(|| with(stem, 'е'))
}

fn has_cluster(stem: &str) -> bool {
    let (c, a) = (last(stem), last(cut(stem, 1)));
    !is_vowel(c) && !is_vowel(a) && cut(stem, 1).len() > 1 && c != 'ь'
}

/// `vowel` before the last letter; ь and й give way to it.
fn with(stem: &str, vowel: char) -> String {
    let base = cut(stem, 1).trim_end_matches(['ь', 'й']);
    format!("{base}{vowel}{}", last(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vowels_come_and_go() {
        for (word, stem) in [
            ("участок", "участк"),
            ("беженец", "беженц"),
            ("китаец", "китайц"),
            ("палец", "пальц"),
            ("огонек", "огоньк"),
            ("мешочек", "мешочк"),
            ("посол", "посл"),
            ("заем", "займ"),
            ("турок", "турк"),
        ] {
            assert!(falls(word), "{word}");
            assert_eq!(fallen(word).as_deref(), Some(stem));
        }
        for word in ["срок", "поток", "игрок", "восток", "человек", "кузнец", "сезон", "договор"]
        {
            assert!(!falls(word), "{word}");
        }
        for (stem, made) in [
            ("студентк", "студенток"),
            ("точк", "точек"),
            ("копейк", "копеек"),
            ("войск", "войск"),
            ("убийц", "убийц"),
            ("кольц", "колец"),
            ("сосн", "сосен"),
            ("войн", "войн"),
            ("спальн", "спален"),
            ("служб", "служб"),
            ("судьб", "судеб"),
            ("стекл", "стекол"),
            ("цифр", "цифр"),
            ("торговл", "торговел"),
            ("реформ", "реформ"),
        ] {
            assert_eq!(without_ending(stem), made);
        }
    }
}
