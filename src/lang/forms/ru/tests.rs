use super::*;
use proptest::prelude::*;

/// The forms `text` is read in as the word `term`.
fn read_as(term: &str, text: &str) -> Vec<Form> {
    let word = Word { text: term, key: term, hyphen: false };
    let mut out = Vec::new();
    for stem in stems(&[word], &Grammar::default()).pop().unwrap_or_default() {
        if text.starts_with(&stem.text) {
            read(stem.class, text, stem.text.len(), &mut out);
        }
    }
    out
}

#[test]
fn derivations_are_other_words() {
    for (term, others) in [
        ("служба", "служебный служить службист служка"),
        ("миграция", "миграционный мигрант мигрировать"),
        ("агент", "агентство агентский агентура"),
        ("гражданин", "гражданство гражданка гражданский"),
        ("область", "областной"),
        ("порт", "портной портовый портье портик"),
        ("совет", "советник советский советовать"),
        ("виза", "визит визовый визави"),
        ("закон", "законный законник закономерность"),
        ("конь", "конец коньки конный"),
        ("весть", "веста вестовой вестник"),
        ("депортировать", "депортация депорт депортный"),
        ("балахон", "балахна"),
        ("воробей", "воробьиный"),
        ("право", "правый правило правда"),
        ("рабочая", "рабочий рабочего"),
        ("трудовой", "труд трудовик"),
    ] {
        for other in others.split(' ') {
            assert_eq!(read_as(term, other), [], "{other} is no form of {term}");
        }
    }
}

proptest! {
    #[test]
    fn made_up_words_are_read_in_all_forms_written(
        stem in "[бвгджзклмнпрстфхцчшщ]{1,2}[аеиоуыюя][бвгджзклмнпрстфх]{1,2}",
        ends in prop::sample::select(vec![
            "", "а", "я", "о", "е", "ь", "ий", "ия", "ие", "ье", "ья", "ы", "и", "ок", "ец", "ек", "ей", "анин", "енок", "ник", "тель",
            "ость", "ство", "ация", "ения", "ица", "ка", "ня", "цо", "ник", "ный", "ской", "щий", "щая", "нее", "ные", "щийся",
            "овать", "ать", "ить", "нуть", "еть", "иться", "мочь", "йти", "ерий",
        ]),
    ) {
        let term = format!("{stem}{ends}");
        let word = [Word { text: &term, key: &term, hyphen: false }];
        let number = |form: &Form| form.number;
        for form in forms() {
            let Some(text) = write(&word, &Grammar::default(), form).map(|words| words.concat()) else { continue };
            let read = read_as(&term, &text);
            // A word given in the plural stands in it whatever is asked for.
            let plural = !read.is_empty() && read.iter().map(number).all(|number| number == Number::Plural);
            let asked = Form { number: if plural { Number::Plural } else { form.number }, ..form };
            prop_assert!(read.contains(&asked), "{} as {:?} of {} is read as {:?}", text, form, term, read);
        }
    }
}

fn written(term: &str, number: Number, case: Case) -> String {
    let keys: Vec<String> = term.split(' ').map(|word| word.to_lowercase().replace('ё', "е")).collect();
    let words: Vec<Word<'_>> =
        term.split(' ').zip(&keys).map(|(text, key)| Word { text, key, hyphen: false }).collect();
    write(&words, &Grammar::default(), Form::new(number, case)).unwrap_or_default().join(" ")
}

#[test]
fn hyphens_join_what_declines_and_what_does_not() {
    let written = |parts: &[&str], case| {
        let keys: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
        let words: Vec<Word<'_>> =
            parts.iter().zip(&keys).enumerate().map(|(at, (text, key))| Word { text, key, hyphen: at > 0 }).collect();
        write(&words, &Grammar::default(), Form::new(Number::Singular, case)).unwrap_or_default().join("-")
    };
    for (parts, case, form) in [
        (&["премьер", "министр"][..], Case::Accusative, "премьер-министра"),
        (&["член", "корреспондент"], Case::Genitive, "члена-корреспондента"),
        (&["школа", "интернат"], Case::Locative, "школе-интернате"),
        (&["Ростов", "на", "Дону"], Case::Instrumental, "Ростовом-на-Дону"),
        (&["Нью", "Йорк"], Case::Locative, "Нью-Йорке"),
        (&["Салтыков", "Щедрин"], Case::Instrumental, "Салтыковым-Щедриным"),
        (&["уголовно", "процессуальный"], Case::Dative, "уголовно-процессуальному"),
    ] {
        assert_eq!(written(parts, case), form);
    }
}

#[test]
fn a_named_head_is_a_noun() {
    let words = ["русская", "борзая"].map(|text| Word { text, key: text, hyphen: false });
    let grammar = Grammar { head: Some("борзая".to_owned()), ..Grammar::default() };
    assert_eq!(roles(&words, &grammar).roles, [Role::Adjective, Role::Head]);
    let form = Form::new(Number::Singular, Case::Genitive);
    assert_eq!(write(&words, &grammar, form), Some(vec!["русской".to_owned(), "борзой".to_owned()]));
    let words = ["старший", "простой"].map(|text| Word { text, key: text, hyphen: false });
    let grammar = Grammar { head: Some("простой".to_owned()), ..Grammar::default() };
    let form = Form::new(Number::Singular, Case::Genitive);
    assert_eq!(write(&words, &grammar, form), Some(vec!["старшего".to_owned(), "простоя".to_owned()]));
}

#[test]
fn head_and_adjectives_inflect_together() {
    use Case::*;
    use Number::*;
    for (term, number, case, form) in [
        ("Государственная миграционная служба", Singular, Instrumental, "Государственной миграционной службой"),
        ("торговля людьми", Singular, Accusative, "торговлю людьми"),
        ("трудовой мигрант", Plural, Accusative, "трудовых мигрантов"),
        ("вид на жительство", Plural, Genitive, "видов на жительство"),
        ("Уполномоченный по правам человека", Singular, Dative, "Уполномоченному по правам человека"),
        ("беженец", Singular, Accusative, "беженца"),
        ("гражданин", Plural, Genitive, "граждан"),
        ("Вусал Гусейнов", Singular, Instrumental, "Вусалом Гусейновым"),
        ("Бахар Мурадова", Singular, Accusative, "Бахар Мурадову"),
        ("Милли Меджлис", Singular, Locative, "Милли Меджлисе"),
        ("переговоры", Plural, Genitive, "переговоров"),
        ("посол", Singular, Genitive, "посла"),
        ("область", Singular, Instrumental, "областью"),
        ("третий секретарь", Singular, Genitive, "третьего секретаря"),
        ("трудящийся", Plural, Dative, "трудящимся"),
        ("ООН", Singular, Genitive, "ООН"),
        ("время", Singular, Dative, "времени"),
        ("окно", Plural, Genitive, "окон"),
        ("три", Singular, Genitive, "трех"),
        ("чертёж", Singular, Genitive, "чертежа"),
        ("врач", Singular, Instrumental, "врачом"),
        ("отец", Singular, Instrumental, "отцом"),
        ("товарищ", Singular, Instrumental, "товарищем"),
        ("учительница", Plural, Accusative, "учительниц"),
        ("граница", Plural, Accusative, "границы"),
        ("показатель", Singular, Accusative, "показатель"),
        ("участок", Plural, Genitive, "участков"),
        ("пекарня", Plural, Genitive, "пекарен"),
        ("гостья", Plural, Genitive, "гостий"),
        ("яблоко", Plural, Nominative, "яблоки"),
        ("войско", Plural, Genitive, "войск"),
        ("Пётр", Singular, Genitive, "Петра"),
        ("вооружённые силы", Plural, Genitive, "вооружённых сил"),
        ("внутренние дела", Plural, Instrumental, "внутренними делами"),
        ("иностранные граждане", Plural, Accusative, "иностранных граждан"),
        ("правовой и социальный статус", Singular, Genitive, "правового и социального статуса"),
        ("беженцы и переселенцы", Plural, Dative, "беженцам и переселенцам"),
        ("третья страна", Plural, Genitive, "третьих стран"),
        ("наш адрес", Singular, Dative, "нашему адресу"),
        ("Кабинет Министров", Singular, Dative, "Кабинету Министров"),
        ("Совет Европы", Singular, Instrumental, "Советом Европы"),
        ("Ильхам Гейдар оглы Алиев", Singular, Instrumental, "Ильхамом Гейдар оглы Алиевым"),
        ("Президент Азербайджанской Республики", Singular, Instrumental, "Президентом Азербайджанской Республики"),
        ("Президент Азербайджана", Singular, Genitive, "Президента Азербайджана"),
        ("Президент Трамп", Singular, Genitive, "Президента Трампа"),
        ("Председатель Милли Меджлиса", Singular, Dative, "Председателю Милли Меджлиса"),
        ("Министр Иностранных Дел", Singular, Instrumental, "Министром Иностранных Дел"),
        ("Договор Северной Атлантики", Singular, Locative, "Договоре Северной Атлантики"),
        ("Владимир Владимирович Путин", Singular, Accusative, "Владимира Владимировича Путина"),
        ("Ангела Меркель", Singular, Genitive, "Ангелы Меркель"),
        ("Сахиба Гафарова", Singular, Dative, "Сахибе Гафаровой"),
        ("Тарас Шевченко", Singular, Dative, "Тарасу Шевченко"),
        ("Минтруда", Singular, Dative, "Минтруда"),
        ("Ростов", Singular, Instrumental, "Ростовом"),
    ] {
        assert_eq!(written(term, number, case), form);
    }
}
