//! How fast text falls into segments: the rules alone, and documents whole.

use divan::{Bencher, counter::BytesCount};
use yaddash::{
    formats::documents,
    lang::Language,
    segment::{Rules, segment},
};

fn main() {
    divan::main();
}

/// A paragraph in each language, written for this bench.
const PARAGRAPHS: &[(&str, &str)] = &[
    (
        "en",
        "On 12 March the Service opened a new centre in Sumgait. Dr. L. Aliyeva, who heads the centre, said that some \
         1,250 people had applied in the first week, i.e. twice as many as expected. “We were ready for that,” she \
         added. Applicants need a passport, two photos, etc. The fee is 30 manats (see Art. 5 of the Code). The \
         centre is open from 9 a.m. to 6 p.m. on weekdays; questions are answered on 919 as well.",
    ),
    (
        "az",
        "Xidmət martın 12-də Sumqayıtda yeni mərkəz açıb. Mərkəzin rəhbəri dos. L.Əliyeva bildirib ki, ilk həftədə 1250 \
         nəfərə yaxın vətəndaş müraciət edib, yəni gözləniləndən iki dəfə çox. “Biz buna hazır idik”, – deyə o əlavə \
         edib. Müraciət üçün pasport, iki foto və s. tələb olunur. Rüsum 30 man. təşkil edir (bax: Məcəllənin 5-ci \
         maddəsi). Mərkəz iş günləri saat 9-dan 18-dək açıqdır. Suallara 919 nömrəsi ilə də cavab verilir.",
    ),
    (
        "ru",
        "12 марта Служба открыла новый центр в г. Сумгаит. Руководитель центра доц. Л. А. Алиева сообщила, что за \
         первую неделю обратилось около 1250 человек, т.е. вдвое больше, чем ожидалось. «Мы были к этому готовы», — \
         добавила она. Для обращения нужны паспорт, две фотографии и т.д. Пошлина составляет 30 ман. (см. ст. 5 \
         Кодекса). Центр открыт по будням с 9 ч. до 18 ч. На вопросы отвечают и по номеру 919.",
    ),
];

fn text(tag: &str, bytes: usize, between: &str) -> String {
    let (_, paragraph) = PARAGRAPHS.iter().find(|(of, _)| *of == tag).expect("a paragraph is written for the language");
    let mut out = String::with_capacity(bytes + paragraph.len());
    while out.len() < bytes {
        out.push_str(paragraph);
        out.push_str(between);
    }
    out
}

/// Boundaries of a megabyte of paragraphs, rules warm.
#[divan::bench(args = ["en", "az", "ru"])]
fn rules(bencher: Bencher, tag: &str) {
    let language: Language = tag.parse().expect("the tag is sound");
    let rules = Rules::of(language);
    let text = text(tag, 1 << 20, "\n");
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| text.split('\n').map(|paragraph| rules.boundaries(paragraph).len()).sum::<usize>());
}

/// A megabyte of text read and segmented.
#[divan::bench(args = ["en", "az", "ru"])]
fn whole(bencher: Bencher, tag: &str) {
    let language: Language = tag.parse().expect("the tag is sound");
    let rules = Rules::of(language);
    let text = text(tag, 1 << 20, "\n\n");
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let document = documents::read("bench.txt", text.as_bytes(), Some(language)).expect("the text is UTF-8");
        segment(&document, rules)
    });
}

/// The document alone.
#[divan::bench(args = ["en", "az", "ru"])]
fn reading(bencher: Bencher, tag: &str) {
    let language: Language = tag.parse().expect("the tag is sound");
    let text = text(tag, 1 << 20, "\n\n");
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| documents::read("bench.txt", text.as_bytes(), Some(language)).expect("the text is UTF-8"));
}

/// Compiling the rules of a language: what the first document of a run pays.
#[divan::bench(args = ["en", "az", "ru"])]
fn compile(tag: &str) -> Rules {
    Rules::compiled(tag.parse().expect("the tag is sound"))
}
