use super::*;
use crate::model::CodeKind;
use proptest::prelude::*;

const EN: Language = Language::EN;
const AZ: Language = Language::AZ;
const RU: Language = Language::RU;

fn plain(text: &str) -> Side<'_> {
    Side { text, codes: &[] }
}

fn repaired(from: Language, to: Language, query: &str, source: &str, target: &str) -> Option<String> {
    repair(plain(query), plain(source), plain(target), from, to).map(|repaired| repaired.text)
}

/// Languages, query, stored source, stored target, repaired target.
type Case = (Language, Language, &'static str, &'static str, &'static str, &'static str);

const CARRIED: &[Case] = &[
    // Numbers: thousands and fractions.
    (
        EN,
        AZ,
        "In total 1,250 persons took part.",
        "In total 50 persons took part.",
        "Ümumilikdə 50 nəfər iştirak edib.",
        "Ümumilikdə 1 250 nəfər iştirak edib.",
    ),
    (
        EN,
        RU,
        "In total 1,250 persons took part.",
        "In total 50 persons took part.",
        "Всего приняли участие 50 человек.",
        "Всего приняли участие 1 250 человек.",
    ),
    (EN, AZ, "41,250 applications", "63,480 applications", "63\u{a0}480 müraciət", "41\u{a0}250 müraciət"),
    (
        EN,
        AZ,
        "41,250 applications, 3,100 calls",
        "50 applications, 3,100 calls",
        "50 müraciət, 3.100 zəng",
        "41.250 müraciət, 3.100 zəng",
    ),
    (EN, RU, "1,975 applications", "1,250 applications", "1250 заявлений", "1975 заявлений"),
    (EN, RU, "Received: 12,345,678", "Received: 1,250", "Поступило: 1250", "Поступило: 12 345 678"),
    (EN, AZ, "It grew by 11.7 percent.", "It grew by 12.4 percent.", "12,4 faiz artıb.", "11,7 faiz artıb."),
    (
        EN,
        RU,
        "It grew by 11.7 percent.",
        "It grew by 12.4 percent.",
        "Рост составил 12,4 процента.",
        "Рост составил 11,7 процента.",
    ),
    (
        RU,
        EN,
        "Рост составил 11,7 процента.",
        "Рост составил 12,4 процента.",
        "It grew by 12.4 percent.",
        "It grew by 11.7 percent.",
    ),
    (AZ, EN, "389 600 əcnəbi", "1 300 əcnəbi", "1,300 foreigners", "389,600 foreigners"),
    (AZ, RU, "18 730 əcnəbi", "27 915 əcnəbi", "27 915 иностранцев", "18 730 иностранцев"),
    (RU, AZ, "12 345 678,5 тонны", "1,5 тонны", "1,5 ton", "12 345 678,5 ton"),
    (EN, AZ, "The index is 1.5.", "The index is 2.", "İndeks 2 təşkil edir.", "İndeks 1,5 təşkil edir."),
    (
        RU,
        EN,
        "Принято 1250 заявлений.",
        "Принято 950 заявлений.",
        "950 applications were received.",
        "1250 applications were received.",
    ),
    (
        EN,
        AZ,
        "589.454 tons and 3.120 boxes",
        "489.454 tons and 3.120 boxes",
        "489 454 ton və 3 120 qutu",
        "589 454 ton və 3 120 qutu",
    ),
    (
        EN,
        AZ,
        "It was -7 degrees.",
        "It was -15 degrees.",
        "Havanın temperaturu -15 dərəcə idi.",
        "Havanın temperaturu -7 dərəcə idi.",
    ),
    // Dates in words.
    (
        EN,
        AZ,
        "On November 5, 2018 an event was held.",
        "On December 18, 2017 an event was held.",
        "2017-ci il dekabrın 18-də tədbir keçirilib.",
        "2018-ci il noyabrın 5-də tədbir keçirilib.",
    ),
    (
        EN,
        AZ,
        "On 6 July 2016 it was signed.",
        "On 18 December 2017 it was signed.",
        "18 dekabr 2017-ci ildə imzalanıb.",
        "6 iyul 2016-cı ildə imzalanıb.",
    ),
    (
        EN,
        AZ,
        "On 30 June 2013 it was signed.",
        "On 18 December 2017 it was signed.",
        "2017-ci il dekabrın 18-də imzalanıb.",
        "2013-cü il iyunun 30-da imzalanıb.",
    ),
    (
        EN,
        RU,
        "On March 5, 2016 an event was held.",
        "On December 18, 2017 an event was held.",
        "18 декабря 2017 года состоялось мероприятие.",
        "5 марта 2016 года состоялось мероприятие.",
    ),
    (
        EN,
        RU,
        "In March 2016 the law was adopted.",
        "In December 2017 the law was adopted.",
        "Закон принят в декабре 2017 года.",
        "Закон принят в марте 2016 года.",
    ),
    (EN, AZ, "in March", "in December", "dekabrda", "martda"),
    (EN, AZ, "in July", "in December", "Dekabrda", "İyulda"),
    (EN, AZ, "in May 2019", "in October 2018", "2018-ci ilin oktyabrında", "2019-cu ilin mayında"),
    (EN, AZ, "until 9 June", "until 31 July", "iyulun 31-dək", "iyunun 9-dək"),
    (
        AZ,
        EN,
        "2016-cı il martın 3-də imzalanıb.",
        "2017-ci il dekabrın 18-də imzalanıb.",
        "It was signed on December 18, 2017.",
        "It was signed on March 3, 2016.",
    ),
    (
        AZ,
        RU,
        "2016-cı il martın 3-də imzalanıb.",
        "2017-ci il dekabrın 18-də imzalanıb.",
        "Подписано 18 декабря 2017 года.",
        "Подписано 3 марта 2016 года.",
    ),
    (
        RU,
        AZ,
        "Подписано 3 мая 2016 года.",
        "Подписано 18 декабря 2017 года.",
        "2017-ci il dekabrın 18-də imzalanıb.",
        "2016-cı il mayın 3-də imzalanıb.",
    ),
    (RU, EN, "В августе 2020 года", "В январе 2019 года", "In January 2019", "In August 2020"),
    (
        EN,
        AZ,
        "On 5 March 2016 it was signed.",
        "On December 18, 2017 it was signed.",
        "2017-ci il dekabrın 18-də imzalanıb.",
        "2016-cı il martın 5-də imzalanıb.",
    ),
    (
        AZ,
        EN,
        "5 mart 2016-cı ildə imzalanıb.",
        "2017-ci il dekabrın 18-də imzalanıb.",
        "It was signed on December 18, 2017.",
        "It was signed on March 5, 2016.",
    ),
    (EN, AZ, "between 6 and 9 May", "between 5 and 7 May", "mayın 5-dən 7-dək", "mayın 6-dan 9-dək"),
    (EN, EN, "Dec. 18", "Mar. 5", "on Mar. 5", "on Dec. 18"),
    (
        EN,
        AZ,
        "SIGNED ON MARCH 3, 2016",
        "SIGNED ON DECEMBER 18, 2017",
        "2017-Cİ İL DEKABRIN 18-DƏ İMZALANIB",
        "2016-CI İL MARTIN 3-DƏ İMZALANIB",
    ),
    (
        EN,
        AZ,
        "On December 5, 9 officers came.",
        "On December 7, 7 officers came.",
        "Dekabrın 7-də 7 zabit gəlib.",
        "Dekabrın 5-də 9 zabit gəlib.",
    ),
    (
        EN,
        AZ,
        "from March 5 to June 9",
        "from March 5 to June 5",
        "martın 5-dən iyunun 5-dək",
        "martın 5-dən iyunun 9-dək",
    ),
    (EN, RU, "May–June 2018", "March–April 2017", "март – апрель 2017 года", "май – июнь 2018 года"),
    (
        EN,
        RU,
        "by the end of May 2021",
        "by the end of December 2020",
        "до конца декабря 2020 года",
        "до конца мая 2021 года",
    ),
    (
        EN,
        AZ,
        "January–September 2025",
        "January–June 2026",
        "2026-cı ilin yanvar–iyun ayları",
        "2025-ci ilin yanvar–sentyabr ayları",
    ),
    // Dates in digits.
    (
        EN,
        AZ,
        "It is valid until 18.12.2017.",
        "It is valid until 05.03.2016.",
        "05.03.2016 tarixinədək qüvvədədir.",
        "18.12.2017 tarixinədək qüvvədədir.",
    ),
    (
        EN,
        AZ,
        "It is valid until 18 December 2017.",
        "It is valid until 5 March 2016.",
        "05.03.2016 tarixinədək qüvvədədir.",
        "18.12.2017 tarixinədək qüvvədədir.",
    ),
    (EN, RU, "Issued on 12/18/2017.", "Issued on 03/25/2016.", "Выдано 25.03.2016.", "Выдано 18.12.2017."),
    (RU, EN, "Выдано 7 мая 2021 года.", "Выдано 18 декабря 2017 года.", "Issued: 2017-12-18", "Issued: 2021-05-07"),
    // Times and ranges.
    (
        EN,
        AZ,
        "The hall opens at 10:30.",
        "The hall opens at 9:15.",
        "Zal saat 9:15-də açılır.",
        "Zal saat 10:30-da açılır.",
    ),
    (
        EN,
        AZ,
        "The hall opens at 6 p.m.",
        "The hall opens at 5 p.m.",
        "Zal saat 17:00-da açılır.",
        "Zal saat 18:00-da açılır.",
    ),
    (
        AZ,
        EN,
        "Zal saat 09:30-da açılır.",
        "Zal saat 17:00-da açılır.",
        "The hall opens at 5 p.m.",
        "The hall opens at 9:30 a.m.",
    ),
    (EN, RU, "from 9:00 to 18:00", "from 10:00 to 17:30", "с 10:00 до 17:30", "с 9:00 до 18:00"),
    (RU, AZ, "в 11.45", "в 10.30", "saat 10:30-da", "saat 11:45-də"),
    (EN, RU, "12–15 days", "10–20 days", "10–20 дней", "12–15 дней"),
    (EN, AZ, "10-15 days", "5-7 days", "5-7 gün", "10-15 gün"),
    (EN, RU, "18-20 December 2017", "5-7 March 2016", "5–7 марта 2016 года", "18–20 декабря 2017 года"),
    (EN, AZ, "18-20 December 2017", "5-7 March 2016", "2016-cı il martın 5-7-də", "2017-ci il dekabrın 18-20-də"),
    (EN, RU, "at 18:30", "at 17:00", "в 17.00", "в 18.30"),
    (EN, RU, "in 2021 the Service", "in 2017 the Service", "в 2017 году Служба", "в 2021 году Служба"),
    (EN, RU, "from 2018 to 2021", "from 2013 to 2017", "с 2013 по 2017 год", "с 2018 по 2021 год"),
    (EN, RU, "from 2016 to 2017", "from 2017 to 2018", "с 2017 по 2018 год", "с 2016 по 2017 год"),
    (EN, RU, "in 2018-2019", "in 2016–2017", "в 2016–2017 гг.", "в 2018–2019 гг."),
    // Percent, amounts.
    (EN, AZ, "25% of all", "64% of all", "hamının 64 faizi", "hamının 25 faizi"),
    (EN, RU, "25 percent of all", "64% of all", "64 % от всех", "25 % от всех"),
    (EN, AZ, "The fee is $100.", "The fee is $30.", "Rüsum 30 dollardır.", "Rüsum 100 dollardır."),
    (EN, AZ, "The fee is 100 manats.", "The fee is 30 manats.", "Rüsum 30 manatdır.", "Rüsum 100 manatdır."),
    (EN, AZ, "The fee is 100 AZN.", "The fee is 30 AZN.", "Rüsum 30₼ təşkil edir.", "Rüsum 100₼ təşkil edir."),
    (
        EN,
        AZ,
        "€7.5 million was spent.",
        "€5 million was spent.",
        "5 milyon avro xərclənib.",
        "7,5 milyon avro xərclənib.",
    ),
    (
        EN,
        RU,
        "€7.5 million was spent.",
        "€5 million was spent.",
        "Израсходовано 5 млн евро.",
        "Израсходовано 7,5 млн евро.",
    ),
    (
        RU,
        AZ,
        "Пошлина составляет 45 манатов.",
        "Пошлина составляет 30 манатов.",
        "Rüsum 30 manatdır.",
        "Rüsum 45 manatdır.",
    ),
    // Ordinals and endings.
    (EN, AZ, "the 9th session", "the 8th session", "8-ci sessiya", "9-cu sessiya"),
    (EN, AZ, "in 2016", "in 2018", "2018-ci ildə", "2016-cı ildə"),
    (EN, AZ, "in 2020", "in 2013", "2013-cü ildə", "2020-ci ildə"),
    (EN, AZ, "in 2040", "in 2009", "2009-ci ildə", "2040-cı ildə"),
    (EN, AZ, "the 1990s", "the 1980s", "1980-ci illər", "1990-cı illər"),
    (EN, RU, "the 1990s", "the 1980s", "1980-е годы", "1990-е годы"),
    (AZ, EN, "3-cü sessiya", "11-ci sessiya", "the 11th session", "the 3rd session"),
    (AZ, EN, "22-ci sessiya", "11-ci sessiya", "the 11th session", "the 22nd session"),
    (EN, RU, "the 25th anniversary", "the 15th anniversary", "15-летие", "25-летие"),
    (AZ, RU, "3 illik", "5 illik", "5-летний", "3-летний"),
    (AZ, RU, "30 dəqiqəlik", "15 dəqiqəlik", "15-минутный", "30-минутный"),
    (EN, RU, "the 3rd session", "the 5th session", "5-я сессия", "3-я сессия"),
    (AZ, RU, "martın 3-də", "martın 18-də", "18-го марта", "3-го марта"),
    (
        EN,
        AZ,
        "42,156 of the applications",
        "26,480 of the applications",
        "müraciətlərin 26 480-dən çoxu",
        "müraciətlərin 42 156-dan çoxu",
    ),
    (EN, AZ, "from 6 regions", "from 5 regions", "5-dən artıq rayondan", "6-dan artıq rayondan"),
    (EN, AZ, "up to 9 people", "up to 10 people", "10-a qədər adam", "9-a qədər adam"),
    (RU, AZ, "до 6 человек", "до 10 человек", "10-a qədər adam", "6-ya qədər adam"),
    (EN, AZ, "By 2 May", "By 9 May", "Mayın 9-na qədər", "Mayın 2-nə qədər"),
    // Agreement that does not change.
    (EN, RU, "27 citizens", "45 citizens", "45 граждан", "27 граждан"),
    (EN, RU, "3 citizens", "4 citizens", "4 гражданина", "3 гражданина"),
    (EN, RU, "31 citizens", "21 citizens", "21 гражданин", "31 гражданин"),
    (EN, RU, "for 5,313 citizens", "for 5,318 citizens", "5 318 гражданам", "5 313 гражданам"),
    (EN, RU, "for 5,332 citizens", "for 5,318 citizens", "5 318 гражданам", "5 332 гражданам"),
    (
        EN,
        RU,
        "Of these, 42,153, or 7 percent, came.",
        "Of these, 26,480, or 8 percent, came.",
        "Из них 26 480, или 8 процентов, пришли.",
        "Из них 42 153, или 7 процентов, пришли.",
    ),
    (EN, RU, "from 23 to 15 days", "from 20 to 15 days", "с 20 до 15 дней", "с 23 до 15 дней"),
    (AZ, EN, "12 nəfər", "5 nəfər", "5 persons", "12 persons"),
    // Numbers in words.
    (EN, AZ, "seven officers", "five officers", "beş zabit", "yeddi zabit"),
    (EN, AZ, "15 officers", "five officers", "beş zabit", "15 zabit"),
    (EN, RU, "within seven days", "within five days", "в течение пяти дней", "в течение семи дней"),
    (AZ, EN, "On iki zabit gəlib.", "Beş zabit gəlib.", "Five officers came.", "Twelve officers came."),
    // Several of one value, and swapped ones.
    (EN, AZ, "15 men and 12 women", "12 men and 15 women", "12 kişi və 15 qadın", "15 kişi və 12 qadın"),
    (EN, AZ, "7 of 7 offices", "6 of 6 offices", "6 ofisdən 6-sı", "7 ofisdən 7-si"),
    (EN, AZ, "5% of 9 offices", "5% of 5 offices", "5 ofisin 5 faizi", "9 ofisin 5 faizi"),
    (EN, AZ, "Open: 5, 12, 9, 30", "Open: 5, 12, 5, 30", "Açıq: 5, 12, 5, 30", "Açıq: 5, 12, 9, 30"),
    // What is carried as it stands.
    (EN, AZ, "Call 012 565 61 20.", "Call 012 565 61 18.", "Zəng edin: 012 565 61 18.", "Zəng edin: 012 565 61 20."),
    (
        EN,
        RU,
        "Call (+994 12) 565 61 20.",
        "Call (+994 12) 565 61 18.",
        "Звоните: (+994 12) 565 61 18.",
        "Звоните: (+994 12) 565 61 20.",
    ),
    (
        EN,
        AZ,
        "Article 15.2 of the Code",
        "Article 15.1 of the Code",
        "Məcəllənin 15.1-ci maddəsi",
        "Məcəllənin 15.2-ci maddəsi",
    ),
    (EN, RU, "Article 15.10 of the Code", "Article 15 of the Code", "статья 15 Кодекса", "статья 15.10 Кодекса"),
    (
        EN,
        RU,
        "Article 15.1.3 of the Code",
        "Article 15.1.2 of the Code",
        "статья 15.1.2 Кодекса",
        "статья 15.1.3 Кодекса",
    ),
    (EN, AZ, "Baku, AZ1025", "Baku, AZ1114", "Bakı, AZ1114", "Bakı, AZ1025"),
    (
        EN,
        AZ,
        "Law No. 60-IVQD of 2 July 2013",
        "Law No. 52-IVQD of 2 July 2013",
        "2 iyul 2013-cü il tarixli 52-IVQD nömrəli Qanun",
        "2 iyul 2013-cü il tarixli 60-IVQD nömrəli Qanun",
    ),
    (EN, RU, "in the XXI century", "in the XX century", "в XX веке", "в XXI веке"),
    (EN, AZ, "See www.two.az", "See www.one.az", "Bax: www.one.az", "Bax: www.two.az"),
    // Words that differ elsewhere.
    (
        EN,
        AZ,
        "On March 3, 2016 a meeting was held in Ganja.",
        "On December 18, 2017 an event was held in Baku.",
        "2017-ci il dekabrın 18-də Bakıda tədbir keçirilib.",
        "2016-cı il martın 3-də Bakıda tədbir keçirilib.",
    ),
    (
        RU,
        EN,
        "В Гяндже приняты 45 граждан.",
        "В Баку приняты 50 граждан.",
        "50 citizens were received in Baku.",
        "45 citizens were received in Baku.",
    ),
    // A language without rows.
    (EN, Language::literal("tr"), "Fee: 45", "Fee: 30", "Ücret: 30", "Ücret: 45"),
    (Language::literal("tr"), EN, "Ücret: 45", "Ücret: 30", "Fee: 30", "Fee: 45"),
];

/// What is not certain: the reason, then as above without the last.
const LEFT: &[(&str, Language, Language, &str, &str, &str)] = &[
    ("nothing differs", EN, AZ, "50 persons", "50 persons", "50 nəfər"),
    ("one value in two notations", EN, AZ, "1,250 persons", "1250 persons", "1 250 nəfər"),
    ("one unit in two notations", EN, AZ, "25% of all", "25 percent of all", "hamının 25 faizi"),
    ("only words differ", EN, AZ, "50 guests", "50 persons", "50 nəfər"),
    ("not in the target", EN, AZ, "12 persons", "50 persons", "əllidən çox adam"),
    ("no counterpart in the query", EN, AZ, "12 persons came", "50 persons in 2 days came", "2 gündə 50 nəfər gəlib"),
    ("no counterpart in the source", EN, AZ, "12 persons in 2 days came", "50 persons came", "50 nəfər gəlib"),
    ("between other words", EN, AZ, "There new 12 chairs stood", "Today some 50 persons came", "Bu gün 50 nəfər gəlib"),
    ("the day of the week", EN, AZ, "On Tuesday, 6 May", "On Monday, 5 May", "Mayın 5-də, bazar ertəsi"),
    ("a slipped ending", EN, RU, "aged 3 years", "aged 5 years", "5-тилетний"),
    (
        "a name that may be a month",
        EN,
        AZ,
        "May in 2018 was hot.",
        "June in 2017 was hot.",
        "2017-ci ilin iyunu isti olub.",
    ),
    ("an ordinal for a number", EN, AZ, "in the 9th day", "in the 5 days", "5 gündə"),
    ("another scale in letters", EN, AZ, "$7.5bn in all", "$5.5m in all", "cəmi 5,5 mln dollar"),
    ("another thing is counted", EN, AZ, "within 3 months", "within 50 days", "50 gün ərzində"),
    (
        "a Roman numeral of one letter",
        EN,
        AZ,
        "in the V quarter of 2017",
        "in the I quarter of 2016",
        "2016-cı ilin I rübündə",
    ),
    ("a year for a number", EN, AZ, "adopted in 2013", "adopted in 45 days", "45 gündə qəbul edilib"),
    ("a number for a year", EN, AZ, "adopted in 45 days", "adopted in 2013", "2013-cü ildə qəbul edilib"),
    ("more often in the target", EN, AZ, "12 persons", "50 persons", "50 nəfər, hər 50 nəfərdən"),
    ("more often in the source", EN, AZ, "12 of 12 persons", "50 of 50 persons", "50 nəfərin hamısı"),
    ("one value, two new ones", EN, AZ, "9 of 12 offices", "5 of 5 offices", "5 ofisdən 5-i"),
    ("order alone, and it may be turned round", EN, AZ, "5 of 7 at 9", "5 of 7 at 5", "5-də 7 nəfərdən 5-i"),
    ("accusative or possessive", EN, AZ, "7 of 7 offices", "5 of 5 offices", "5 ofisdən 5-i"),
    ("ru: граждан would be гражданин", EN, RU, "21 citizens", "50 citizens", "50 граждан"),
    ("ru: гражданина would be граждан", EN, RU, "5 citizens", "2 citizens", "2 гражданина"),
    ("ru: процента would be процентов", EN, RU, "25 percent", "12.4 percent", "12,4 процента"),
    ("ru: five million is миллионов", EN, RU, "7.5 million euros", "5 million euros", "5 миллионов евро"),
    ("ru: the verb too", EN, RU, "1 was left", "5 was left", "осталось 5"),
    ("ru: a count that looks like a year", EN, RU, "2021 citizens", "2018 citizens", "2018 граждан"),
    ("ru: a solid count", EN, RU, "1,951 citizens", "2,018 citizens", "2018 граждан"),
    ("ru: hours are no label", EN, RU, "10 h 2 minutes", "10 h 5 minutes", "10 ч 5 минут"),
    (
        "ru: nor is the last word of a sentence",
        EN,
        RU,
        "See the article. 2 citizens",
        "See the article. 5 citizens",
        "См. статью. 5 граждан",
    ),
    ("ru: dative of one", EN, RU, "for 5,321 citizens", "for 5,318 citizens", "5 318 гражданам"),
    ("ru: со 2 мая, с 5 мая", EN, RU, "from 5 May", "from 2 May", "со 2 мая"),
    ("ru: об 11", EN, RU, "about 11 cases", "about 12 cases", "о 12 случаях"),
    ("ru: двух, пяти", EN, RU, "5 rooms", "2 rooms", "из 2-х комнат"),
    ("ru: no such form of the row", EN, RU, "within two days", "within five days", "в течение пяти дней"),
    ("en: person would be persons", AZ, EN, "5 nəfər", "1 nəfər", "1 person"),
    ("en: persons would be person", AZ, EN, "1 nəfər", "5 nəfər", "5 persons were received"),
    ("en: an 8-day, a 5-day", AZ, EN, "5 günlük səfər", "8 günlük səfər", "an 8-day visit"),
    ("en: Dec. has a stop, May has none", EN, EN, "May 5", "Dec. 18", "on Dec. 18"),
    ("an unknown ending", EN, AZ, "6 members", "5 members", "5-xyz üzv"),
    (
        "number words that are no atoms",
        EN,
        AZ,
        "twenty-five men, 9 women",
        "thirty-one men, 7 women",
        "otuz bir kişi, 7 qadın",
    ),
    ("million for thousand", EN, AZ, "7 million manats", "5 thousand manats", "5 min manat"),
    ("another currency", EN, AZ, "$40", "€30", "30 avro"),
    ("another unit", EN, AZ, "40 manats of all", "30% of all", "hamının 30 faizi"),
    ("the sign differs", EN, AZ, "It was 3 degrees.", "It was -5 degrees.", "-5 dərəcə idi."),
    ("more than, less than", EN, AZ, "<7 days", ">5 days", ">5 gün"),
    ("05/06 may be May or June", EN, AZ, "Issued 05/06/2017.", "Issued 25/12/2016.", "Verilib: 25.12.2016."),
    ("02/03 would be read both ways", RU, EN, "Выдано 02.03.2017.", "Выдано 25.12.2016.", "Issued: 25/12/2016."),
    ("another time in the target", EN, AZ, "at 6 p.m.", "at 5 p.m.", "saat 5-də"),
    ("day for month alone", EN, AZ, "on 5 May", "in December", "dekabrda"),
    ("a name that is not the same", EN, RU, "Law 60-IVQ", "Law 52-IVQ", "Закон 52-IVГ"),
    ("a code with an ending", EN, AZ, "to AZ1025", "to AZ1114", "AZ1114-ə"),
    ("fraction for a whole ordinal", EN, AZ, "in 5.5", "in 5", "5-ci"),
    ("1.300 in English", EN, AZ, "1.300 tons", "50 tons", "50 ton"),
    ("signs without rows", EN, Language::literal("tr"), "1,250 tons", "50 tons", "50 ton"),
    ("figures of another script", EN, AZ, "٧ days", "٥ days", "5 gün"),
    ("a fraction sign", EN, AZ, "6¼ tons", "5½ tons", "5,5 ton"),
];

#[test]
fn what_differs_is_carried() {
    for (from, to, query, source, target, expected) in CARRIED {
        let got = repaired(*from, *to, query, source, target);
        assert_eq!(got.as_deref(), Some(*expected), "{from} to {to}: {query} / {source} / {target}");
    }
    assert!(CARRIED.len() >= 80, "{}", CARRIED.len());
}

#[test]
fn what_is_not_certain_is_left() {
    for (why, from, to, query, source, target) in LEFT {
        assert_eq!(repaired(*from, *to, query, source, target), None, "{why}: {query} / {source} / {target}");
    }
    assert!(LEFT.len() >= 25, "{}", LEFT.len());
}

/// The rows of the tables of `docs/repair.md`: languages, stored source, stored target, query, repaired or none.
#[test]
fn the_documented_examples_hold() {
    let documented = include_str!("../../../docs/repair.md");
    let mut count = 0;
    for line in documented.lines().filter(|line| line.contains(" → ") && line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [languages, source, target, query, expected] = cells[..] else { panic!("five cells: {line}") };
        let (from, to) = languages.split_once(" → ").unwrap();
        let got = repaired(from.parse().unwrap(), to.parse().unwrap(), query, source, target);
        match expected.strip_prefix("none: ") {
            Some(_) => assert_eq!(got, None, "{line}"),
            None => assert_eq!(got.as_deref(), Some(expected), "{line}"),
        }
        count += 1;
    }
    assert!(count >= 20, "{count}");
}

#[test]
fn tables_and_documents_are_left() {
    let table = |first: &str, count: usize| format!("{first}, {}", "5, ".repeat(count));
    assert_eq!(repaired(EN, AZ, &table("7", 50), &table("6", 50), &table("6", 50)), Some(table("7", 50)));
    assert_eq!(repaired(EN, AZ, &table("7", 300), &table("6", 300), &table("6", 300)), None);
    assert_eq!(repaired(EN, AZ, &table("7", 9000), &table("6", 9000), &table("6", 9000)), None);
}

#[test]
fn changed_spans_are_what_is_new() {
    let got = repair(
        plain("On March 3, 2016 it was signed."),
        plain("On December 18, 2017 it was signed."),
        plain("2017-ci il dekabrın 18-də imzalanıb."),
        EN,
        AZ,
    );
    let got = got.unwrap();
    let changed: Vec<&str> = got.changed.iter().map(|span| span.of(&got.text)).collect();
    assert_eq!(changed, ["2016", "cı", "mart", "3"], "`ın` and `də` stay");
}

fn code(at: usize, name: &str, number: &str, content: &str) -> Code {
    let attributes = vec![("x".to_owned(), number.to_owned())];
    Code { at, kind: CodeKind::Alone, name: name.to_owned(), attributes, content: content.to_owned() }
}

/// The contents of the repaired target's codes with their places in it.
fn codes(query: Side, source: Side, target: Side) -> Option<(String, Vec<(usize, String)>)> {
    let repaired = repair(query, source, target, EN, AZ)?;
    Some((repaired.text, repaired.codes.into_iter().map(|code| (code.at, code.content)).collect()))
}

#[test]
fn codes_of_the_query_stand_in_the_target() {
    let bold = |at: usize, end: usize, tag: &str| {
        [code(at, "bpt", "1", &format!("<{tag}>")), code(end, "ept", "1", &format!("</{tag}>"))]
    };
    let (query, source, target) = ("about 1,250 men", "about 50 men", "təxminən 50 kişi");
    let (a, b, c) = (bold(6, 11, "strong"), bold(6, 8, "b"), bold(11, 13, "b"));
    let carried =
        codes(Side { text: query, codes: &a }, Side { text: source, codes: &b }, Side { text: target, codes: &c });
    let expected = ("təxminən 1 250 kişi".to_owned(), vec![(11, "<strong>".to_owned()), (16, "</strong>".to_owned())]);
    assert_eq!(carried, Some(expected), "codes round an edit stay round it");

    let side = |text, codes| Side { text, codes };
    let italic = bold(6, 8, "i");
    let only_codes = codes(side(source, &italic), side(source, &b), side(target, &c));
    assert_eq!(only_codes.unwrap().1[0], (11, "<i>".to_owned()));
    assert_eq!(codes(side(source, &b), side(source, &b), side(target, &c)), None, "nothing differs");
    assert_eq!(codes(side(source, &[]), side(source, &b), side(target, &c)), None, "the query has none");
    assert_eq!(codes(side(query, &b), side(source, &b), side(target, &c)), None, "the second stands elsewhere: 1,|250");
    assert_eq!(codes(side(query, &a), side(source, &b), side(target, &c[..1])), None, "one is missing in the target");
    let inside = bold(11, 12, "b");
    assert_eq!(codes(side(query, &a), side(source, &b), side(target, &inside)), None, "inside of what changes");
}

#[test]
fn codes_are_told_apart_or_left() {
    let (text, there) = ("from to", "-dan -dək");
    let ph = |number: &str, content: &str, at: usize| code(at, "ph", number, content);
    let side = |text, codes| Side { text, codes };
    let source = [ph("1", "{a}", 0), ph("2", "{b}", 5)];
    let query = [ph("1", "{c}", 0), ph("2", "{d}", 5)];
    let turned = [ph("2", "{b}", 0), ph("1", "{a}", 5)];
    let (_, carried) = codes(side(text, &query), side(text, &source), side(there, &turned)).unwrap();
    assert_eq!(carried, [(0, "{d}".to_owned()), (5, "{c}".to_owned())], "by what they are, not by their order");
    let strange = [ph("3", "{x}", 0), ph("4", "{y}", 5)];
    assert_eq!(
        codes(side(text, &query), side(text, &source), side(there, &strange)),
        None,
        "the same names, other codes"
    );
    let named = [code(0, "bpt", "1", "<b>"), code(4, "ept", "1", "</b>")];
    let local = [code(0, "bpt", "1", "<b lang='az'>"), code(4, "ept", "1", "</b>")];
    let new = [code(0, "bpt", "1", "<i>"), code(4, "ept", "1", "</i>")];
    let (_, carried) = codes(side(text, &new), side(text, &named), side(there, &local)).unwrap();
    assert_eq!(carried[0].1, "<i>", "one of each name");
    let moved = [code(4, "bpt", "1", "<i>"), code(7, "ept", "1", "</i>")];
    assert_eq!(codes(side(text, &moved), side(text, &named), side(there, &local)), None, "round another word");
}

/// A sentence a language, with places for a count, a year, a day, a month, a percentage and a time.
type Values = (u32, u32, u32, usize, u32, u32);

fn written(language: Language, (count, year, day, month, percent, minute): Values) -> String {
    let row = rows::row(language).unwrap();
    let months = row.months[month];
    let part = |number: u32, sign: char| match number {
        0..1000 => number.to_string(),
        _ => format!("{}{sign}{:03}", number / 1000, number % 1000),
    };
    let said = |number: u32| row.spoken.unwrap().last(&number.to_string()).unwrap();
    let suffix = |letters: &str, word: &str| crate::lang::forms::suffix(language, letters, word).unwrap();
    let (whole, tenth) = (percent / 10, percent % 10);
    match language {
        EN => format!(
            "On {} {day}, {year}, at 14:{minute:02}, {} applications, or {whole}.{tenth} percent, were counted.",
            months[0],
            part(count, ',')
        ),
        AZ => format!(
            "{year}-{} il {}{} {day}-{}, saat 14:{minute:02} üçün {} müraciət, yaxud {whole},{tenth} faiz hesablanıb.",
            suffix("cI", said(year)),
            months[0],
            suffix("(n)In", months[0]),
            suffix("dA", said(day)),
            part(count, ' '),
        ),
        _ => format!(
            "{day} {} {year} года, в 14:{minute:02}, учтено заявлений: {}, или {whole},{tenth} %.",
            months[1],
            part(count, ' ')
        ),
    }
}

fn values() -> impl Strategy<Value = Values> {
    // Kept apart, so that no two say the same number.
    (100u32..99_000, 1950u32..2050, 2u32..32, 0usize..12, 330u32..999, 0u32..60)
        .prop_filter("a count is no year", |values| !(1000..3000).contains(&values.0))
        .prop_filter("a tenth is no time", |values| values.4 % 10 > 0)
}

fn undone(repaired: &Repaired, target: &str) -> bool {
    // What lies between the changed spans stands in the target in that order, from its start to its end.
    let mut rest = target;
    let mut at = 0;
    for span in &repaired.changed {
        let kept = &repaired.text[at..span.start];
        match rest.find(kept).filter(|found| at > 0 || *found == 0) {
            Some(found) => rest = &rest[found + kept.len()..],
            None => return false,
        }
        at = span.end;
    }
    rest.ends_with(&repaired.text[at..])
}

/// Texts of the kind a repair is about: words, numbers, marks, in any order.
fn noise() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("dekabrın"),
        Just("May"),
        Just("марта"),
        Just("-də"),
        Just("-ci"),
        Just(" "),
        Just("\u{a0}"),
        Just("%"),
        Just("$"),
        Just("("),
        Just(")"),
        Just("+"),
        Just("."),
        Just(","),
        Just(":"),
        Just("/"),
        Just("p.m."),
        Just("AZ"),
        Just("five"),
        Just("on beş"),
        Just("İ"),
        Just("I\u{307}"),
        Just("½"),
        Just("٣"),
        Just("XIV"),
        Just("@a.b"),
        Just("http://a1"),
        Just("граждан"),
    ];
    let piece = prop_oneof![piece.prop_map(str::to_owned), "[0-9]{1,5}", "\\PC{0,3}"];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_repair_of_a_repair_is_the_target_again(a in values(), b in values()) {
        for from in [EN, AZ, RU] {
            for to in [EN, AZ, RU] {
                let (query, source) = (written(from, a), written(from, b));
                let (wanted, target) = (written(to, a), written(to, b));
                if query == source {
                    continue;
                }
                // A count of two in the place of another changes the preposition or the noun at most here.
                let there = repair(plain(&query), plain(&source), plain(&target), from, to);
                prop_assert_eq!(there.as_ref().map(|there| there.text.as_str()), Some(wanted.as_str()), "{} / {} / {}", query, source, target);
                let there = there.unwrap();
                prop_assert!(undone(&there, &target));
                let back = repaired(from, to, &source, &query, &there.text);
                prop_assert_eq!(back, Some(target));
            }
        }
    }

    #[test]
    fn any_text_is_taken(query in noise(), source in noise(), target in noise()) {
        for (from, to) in [(EN, AZ), (AZ, RU), (RU, EN), (EN, Language::literal("tr"))] {
            if let Some(repaired) = repair(plain(&query), plain(&source), plain(&target), from, to) {
                prop_assert!(undone(&repaired, &target), "{} / {}", repaired.text, target);
                prop_assert!(repaired.text != target && !repaired.changed.is_empty());
            }
            prop_assert_eq!(repair(plain(&source), plain(&source), plain(&target), from, to), None);
            // The source as its own target: most of what differs is found there.
            if let Some(repaired) = repair(plain(&query), plain(&source), plain(&source), from, from) {
                prop_assert!(undone(&repaired, &source), "{} / {}", repaired.text, source);
            }
        }
    }
}
