//! What pairing makes of the files an office has: different texts, releases of one template, drafts.

use super::*;
use Language as L;

const LANGUAGES: [Language; 3] = [L::AZ, L::EN, L::RU];

fn texts(lists: &[(Language, &[&str])]) -> BTreeMap<Language, Vec<String>> {
    lists.iter().map(|(l, list)| (*l, list.iter().map(|t| (*t).to_owned()).collect())).collect()
}

fn shown(groups: &[Group]) -> Vec<String> {
    let number = |group: &Group, l| group.files.get(&l).map_or("-".to_owned(), usize::to_string);
    groups.iter().map(|g| LANGUAGES.map(|l| number(g, l)).join(" ")).collect()
}

fn paired(texts: &BTreeMap<Language, Vec<String>>) -> Vec<Group> {
    let groups = counterparts(texts, &Evidence::default());
    let files: usize = groups.iter().map(|group| group.files.len()).sum();
    assert_eq!(files, texts.values().map(Vec::len).sum::<usize>(), "each file is in one group");
    assert!(groups.iter().all(|g| (0.0..=1.0).contains(&g.score) && g.why.is_some() == (g.files.len() == 1)));
    groups
}

#[test]
fn files_find_their_counterparts() {
    let texts = texts(&[
        (
            L::EN,
            &[
                "On 12 May 2019 Vusal Huseynov met the ambassador of Georgia in Baku. 45 people took part.",
                "The training in Ganja on 3 June was attended by 120 officers from Turkey and Moldova.",
                "A hotline, 919, has answered 15,300 calls since January; see www.migration.gov.az.",
            ],
        ),
        (
            L::AZ,
            &[
                "919 qaynar xəttinə yanvardan bəri 15 300 zəng daxil olub: www.migration.gov.az.",
                "Vüsal Hüseynov 12 may 2019-cu ildə Bakıda Gürcüstanın səfiri ilə görüşüb. 45 nəfər iştirak edib.",
            ],
        ),
        (
            L::RU,
            &[
                "В тренинге 3 июня в Гяндже приняли участие 120 офицеров из Турции и Молдовы.",
                "12 мая 2019 года Вюсал Гусейнов встретился в Баку с послом Грузии. Участвовали 45 человек.",
                "Совсем другая история о погоде, дожде и ветре над морем.",
            ],
        ),
    ]);
    let groups = paired(&texts);
    assert_eq!(shown(&groups), ["0 2 -", "1 0 1", "- 1 0", "- - 2"]);
    assert_eq!(groups[3].why, Some(Why::Unlike), "{groups:?}");
}

#[test]
fn one_file_each_and_none() {
    let one = texts(&[(L::EN, &["Article 12 of the law."]), (L::AZ, &["Qanunun 12-ci maddəsi."])]);
    assert_eq!(shown(&paired(&one)), ["0 0 -"]);
    let none = texts(&[(L::EN, &["Article 12."]), (L::AZ, &[])]);
    let groups = paired(&none);
    assert_eq!(shown(&groups), ["- 0 -"]);
    assert_eq!(groups[0].why, Some(Why::NoOther));
    assert!(counterparts(&BTreeMap::new(), &Evidence::default()).is_empty());
}

// ---------------------------------------------------------------- releases of one template

/// What tells one year's release of the conference from another's.
struct Year {
    year: u32,
    ordinal: u32,
    day: u32,
    people: u32,
    /// The guest, in English, Azerbaijani and Russian.
    guest: [&'static str; 3],
}

const YEARS: [Year; 8] = [
    Year {
        year: 2012, ordinal: 5, day: 11, people: 140, guest: ["Rashad Aliyev", "Rəşad Əliyev", "Рашад Алиев"]
    },
    Year {
        year: 2013, ordinal: 6, day: 12, people: 155, guest: ["Peter Novak", "Peter Novak", "Петер Новак"]
    },
    Year {
        year: 2014,
        ordinal: 7,
        day: 18,
        people: 162,
        guest: ["Elchin Mammadov", "Elçin Məmmədov", "Эльчин Мамедов"],
    },
    Year { year: 2015, ordinal: 8, day: 17, people: 170, guest: ["Anna Lind", "Anna Lind", "Анна Линд"] },
    Year {
        year: 2016,
        ordinal: 9,
        day: 15,
        people: 148,
        guest: ["Giorgi Beridze", "Giorgi Beridze", "Гиорги Беридзе"],
    },
    Year {
        year: 2017,
        ordinal: 10,
        day: 14,
        people: 210,
        guest: ["Samir Huseynov", "Samir Hüseynov", "Самир Гусейнов"],
    },
    Year {
        year: 2018,
        ordinal: 11,
        day: 19,
        people: 195,
        guest: ["Marta Kowalska", "Marta Kovalska", "Марта Ковальская"],
    },
    Year {
        year: 2019, ordinal: 12, day: 13, people: 230, guest: ["Tural Karimov", "Tural Kərimov", "Турал Керимов"]
    },
];

impl Year {
    fn english(&self) -> String {
        let Year { year, ordinal, day, people, guest: [guest, ..] } = self;
        format!(
            "The {ordinal}th migration conference was held in Baku\n\nOn {day} December {year}, the {ordinal}th international \
             conference on migration took place in Baku. The State Migration Service has organised it every year since \
             2008. More than {people} guests took part.\n\n{guest} spoke about legal migration and the protection of \
             rights. The guests also saw the training centre of the Service. Questions were answered by the hotline \
             919.\n\nThe conference ended with a concert."
        )
    }

    /// The sentences; the second may be left out.
    fn azerbaijani(&self, whole: bool) -> String {
        let Year { year, ordinal, day, people, guest: [_, guest, _] } = self;
        let second = if whole { "Dövlət Miqrasiya Xidməti onu 2008-ci ildən hər il təşkil edir. " } else { "" };
        let tour = if whole { "Qonaqlar Xidmətin tədris mərkəzinə də baxıblar. " } else { "" };
        format!(
            "Bakıda {ordinal}-ci miqrasiya konfransı keçirilib\n\n{year}-ci il dekabrın {day}-də Bakıda miqrasiya \
             üzrə {ordinal}-ci beynəlxalq konfrans olub. {second}Konfransda {people}-dan çox qonaq iştirak edib.\n\n\
             {guest} qanuni miqrasiya və hüquqların müdafiəsi barədə danışıb. {tour}Suallara 919 qaynar xətti cavab \
             verib.\n\nKonfrans konsertlə başa çatıb."
        )
    }

    fn russian(&self) -> String {
        let Year { year, ordinal, day, people, guest: [.., guest] } = self;
        format!(
            "В Баку прошла {ordinal}-я конференция по миграции\n\n{day} декабря {year} года в Баку состоялась {ordinal}-я \
             международная конференция по миграции. Государственная миграционная служба проводит её каждый год с 2008 \
             года. Участвовали более {people} гостей.\n\n{guest} рассказал о законной миграции и защите прав. Гости \
             осмотрели и учебный центр Службы. На вопросы ответили по горячей линии 919.\n\nКонференция завершилась \
             концертом."
        )
    }
}

/// The conference's releases, each language in an order of its own; and which release each file is.
fn years(az: &[usize], en: &[usize], ru: &[usize], whole: impl Fn(usize) -> bool) -> BTreeMap<Language, Vec<String>> {
    BTreeMap::from([
        (L::AZ, az.iter().map(|at| YEARS[*at].azerbaijani(whole(*at))).collect()),
        (L::EN, en.iter().map(|at| YEARS[*at].english()).collect()),
        (L::RU, ru.iter().map(|at| YEARS[*at].russian()).collect()),
    ])
}

/// The groups by the numbers of the releases instead of the files'.
fn releases(groups: &[Group], az: &[usize], en: &[usize], ru: &[usize]) -> BTreeSet<String> {
    let release =
        |group: &Group, l: Language, of: &[usize]| group.files.get(&l).map_or("-".to_owned(), |f| of[*f].to_string());
    groups.iter().map(|g| [release(g, L::AZ, az), release(g, L::EN, en), release(g, L::RU, ru)].join(" ")).collect()
}

const MIXED: [[usize; 8]; 3] = [[3, 0, 7, 5, 1, 6, 2, 4], [6, 2, 0, 4, 7, 1, 5, 3], [0, 1, 2, 3, 4, 5, 6, 7]];

#[test]
fn a_yearly_event_in_eight_versions() {
    let [az, en, ru] = MIXED;
    let groups = paired(&years(&az, &en, &ru, |_| true));
    let want: BTreeSet<String> = (0..8).map(|at| format!("{at} {at} {at}")).collect();
    assert_eq!(releases(&groups, &az, &en, &ru), want);
    assert!(groups.iter().all(|group| group.score > 0.8), "{groups:?}");
}

#[test]
fn some_versions_are_shorter_in_one_language() {
    let [az, en, ru] = MIXED;
    let groups = paired(&years(&az, &en, &ru, |at| at % 3 != 0));
    let want: BTreeSet<String> = (0..8).map(|at| format!("{at} {at} {at}")).collect();
    assert_eq!(releases(&groups, &az, &en, &ru), want);
}

#[test]
fn a_version_without_counterpart_takes_no_others() {
    // 2014 is not there in Azerbaijani, 2016 not in English, 2013 only in Russian.
    let (az, en, ru) = ([3, 0, 7, 5, 6, 4], [6, 2, 0, 7, 5, 3], [7, 1, 2, 0, 4, 5, 6, 3]);
    let groups = paired(&years(&az, &en, &ru, |_| true));
    let mut want: BTreeSet<String> = [0, 3, 5, 6, 7].map(|at| format!("{at} {at} {at}")).into();
    want.extend(["- 2 2", "4 - 4", "- - 1"].map(str::to_owned));
    assert_eq!(releases(&groups, &az, &en, &ru), want);
    let alone = groups.iter().find(|group| group.files.len() == 1).unwrap();
    assert!(!matches!(alone.why, None | Some(Why::Unlike | Why::NoOther)), "{alone:?}");
}

#[test]
fn two_versions_that_are_not_counterparts_are_refused_with_their_figures() {
    let texts = years(&[2], &[4], &[], |_| true);
    let groups = paired(&texts);
    assert_eq!(shown(&groups), ["0 - -", "- 0 -"]);
    let Some(Why::Figures { near, here, there }) = &groups[1].why else { panic!("{groups:?}") };
    assert_eq!(*near, (L::AZ, 0));
    assert_eq!(here, &["148", "15", "2016", "9"]);
    assert_eq!(there, &["162", "18", "2014", "7"]);
}

#[test]
fn weekly_statistics_differ_in_numbers_alone() {
    let weeks: Vec<[u32; 5]> =
        (0..12).map(|at| [at + 1, 1310 + at * 37, 412 + at * 11, 96 + at * 7, 15 + at]).collect();
    let english = |[week, all, permits, refused, citizens]: &[u32; 5]| {
        format!(
            "Weekly statistics\n\nIn week {week} the Service received {all} applications. {permits} permits for temporary \
             residence were issued and {refused} applications were refused. {citizens} persons received citizenship. The \
             hotline 919 works every day."
        )
    };
    let azerbaijani = |[week, all, permits, refused, citizens]: &[u32; 5]| {
        format!(
            "Həftəlik statistika\n\n{week}-ci həftədə Xidmətə {all} müraciət daxil olub. {permits} müvəqqəti yaşamaq icazəsi \
             verilib, {refused} müraciətdən imtina edilib. {citizens} şəxs vətəndaşlığa qəbul olunub. 919 qaynar xətti hər \
             gün işləyir."
        )
    };
    let russian = |[week, all, permits, refused, citizens]: &[u32; 5]| {
        format!(
            "Статистика за неделю\n\nНа {week}-й неделе в Службу поступило {all} обращений. Выдано {permits} разрешений на \
             временное проживание, по {refused} обращениям отказано. {citizens} лиц приняты в гражданство. Горячая линия \
             919 работает каждый день."
        )
    };
    let texts = BTreeMap::from([
        (L::AZ, weeks.iter().rev().map(azerbaijani).collect()),
        (L::EN, weeks.iter().map(english).collect()),
        (L::RU, weeks.iter().map(russian).collect()),
    ]);
    let want: Vec<String> = (0..12).map(|at| format!("{at} {} {}", 11 - at, 11 - at)).collect();
    assert_eq!(shown(&paired(&texts)), want);
}

#[test]
fn of_a_draft_and_the_final_text_one_is_paired() {
    let mut texts = years(&[5, 1], &[5, 1], &[5, 1], |_| true);
    let draft = YEARS[5].english().replace("The conference ended", "The event ended");
    texts.get_mut(&L::EN).unwrap().push(draft);
    let groups = paired(&texts);
    assert_eq!(shown(&groups), ["0 0 0", "1 1 1", "- 2 -"]);
    assert_eq!(groups[2].why, Some(Why::SameText { other: (L::EN, 0) }));
}

#[test]
fn a_file_may_join_a_known_set() {
    let texts = years(&[0, 1], &[0, 1], &[1, 2], |_| true);
    let named = [BTreeMap::from([(L::AZ, 1), (L::EN, 1)])];
    let texts = texts.iter().map(|(l, list)| (*l, list.iter().map(String::as_str).collect())).collect();
    let collection = Collection::new(&texts, &named, &Evidence::default(), &|| ());
    assert_eq!(shown(&collection.groups()), ["1 1 0", "0 0 -", "- - 1"]);
}

// ---------------------------------------------------------------- sets by name

/// For each set the pairs of languages that do not fit.
fn misfits(az: &[usize], en: &[usize], ru: &[usize]) -> Vec<Vec<String>> {
    let texts = years(az, en, ru, |_| true);
    let named: Vec<BTreeMap<Language, usize>> =
        (0..en.len()).map(|at| texts.keys().map(|l| (*l, at)).collect()).collect();
    let texts = texts.iter().map(|(l, list)| (*l, list.iter().map(String::as_str).collect())).collect();
    let collection = Collection::new(&texts, &named, &Evidence::default(), &|| ());
    let pairs = [(L::AZ, L::EN), (L::AZ, L::RU), (L::EN, L::RU)];
    let misfit = |(a, b): &(Language, Language), at: usize| collection.verdict((*a, at), (*b, at));
    let of = |at: usize| {
        pairs
            .iter()
            .filter(|pair| matches!(misfit(pair, at), Verdict::Misfit(Misfit::Better { .. })))
            .map(|(a, b)| format!("{a}-{b}"))
            .collect()
    };
    (0..en.len()).map(of).collect()
}

#[test]
fn swapped_files_of_one_template_do_not_fit_their_sets() {
    let all = [0, 1, 2, 3, 4, 5, 6, 7];
    assert_eq!(misfits(&all, &all, &all), vec![Vec::<String>::new(); 8]);
    let swapped = [0, 5, 2, 3, 4, 1, 6, 7];
    let found = misfits(&swapped, &all, &all);
    for (at, found) in found.iter().enumerate() {
        let want: &[&str] = if at == 1 || at == 5 { &["az-en", "az-ru"] } else { &[] };
        assert_eq!(found, want, "set {at}");
    }
}
