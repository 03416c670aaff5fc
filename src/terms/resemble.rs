//! Words that stand where a term should: what resembles it most, and the form it is in.
//!
//! Each word of a window is split into a beginning and an ending of the class its counterpart in the term has;
//! the beginning is compared with the stem by edit distance, the ending gives the form. So a misspelt word tells
//! its case and number, and so does another word of the same declension.

use super::words::TextWord;
use crate::lang::{
    Language,
    forms::{self, Form, Grammar, Stem, Word},
    translit,
};
use crate::model::Term;
use crate::text::Span;

/// The likest stretch of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Likeness {
    pub span: Span,
    pub form: Form,
    /// 0 to 1; 1 is the term itself.
    pub score: f32,
    /// All of its stems are the term's.
    pub exact: bool,
    /// Where an ending begins that stands apart, with its hyphen: `-nin` of `DMX-nin`.
    pub apart: Option<usize>,
}

/// One word of a window as a word of the term.
struct Reading {
    /// `None`: any form.
    form: Option<Form>,
    score: f32,
}

/// The stretch of `text` most like `term`, none of it in `taken`; `None` under `least`.
pub(super) fn likest(term: &Term, text: &str, words: &[TextWord], taken: &[Span], least: f32) -> Option<Likeness> {
    let language = term.language;
    let own = super::words::words(language, &term.text);
    let view: Vec<Word<'_>> =
        own.iter().map(|w| Word { text: w.span.of(&term.text), key: &w.key, hyphen: w.hyphen }).collect();
    let stems = forms::stems(language, &view, &term.grammar);
    let order = forms::forms(language);
    let least = |view: &[Word<'_>]| {
        // Of three letters one is soon alike.
        let short = view.len() == 1 && view[0].key.chars().count() <= 4 && !view[0].is_acronym();
        if short { least.max(0.7) } else { least }
    };
    let rank = |form: &Form| order.iter().position(|known| known == form).unwrap_or(order.len());
    let mut best: Option<(Likeness, usize)> = None;
    for window in words.windows(view.len().max(1)) {
        let mut span = Span::new(window[0].span.start, window[window.len() - 1].span.end);
        if window.iter().skip(1).any(|word| word.gap.is_none()) || taken.iter().any(|t| blocks(*t, span)) {
            continue;
        }
        let mut apart = Vec::new();
        let mut apart_at = None;
        if let Some(next) = words.iter().find(|word| word.span.start > span.end)
            && next.hyphen
        {
            forms::read_apart(language, &next.key, &mut apart);
            if !apart.is_empty() {
                apart_at = Some(span.end);
                span.end = next.span.end;
            }
        }
        let mut all: Vec<(Option<Form>, f32)> = vec![(None, 0.0)];
        let total: f32 = view.iter().map(|w| letters(w.key)).sum();
        for ((own, stems), word) in view.iter().zip(&stems).zip(window) {
            let weight = letters(own.key) / total;
            let readings = readings(language, own, stems, word, text, view.len() > 1);
            let mut next: Vec<(Option<Form>, f32)> = Vec::new();
            for (form, score) in &all {
                for reading in &readings {
                    let both = match (form, reading.form) {
                        (Some(a), Some(b)) if *a != b => continue,
                        (a, b) => a.or(b),
                    };
                    let sum = score + weight * reading.score;
                    match next.iter_mut().find(|(known, _)| *known == both) {
                        Some((_, known)) => *known = known.max(sum),
                        None => next.push((both, sum)),
                    }
                }
            }
            all = next;
        }
        for (form, score) in all {
            let form = apart.first().copied().or(form).unwrap_or_default();
            let better = match &best {
                Some((known, known_rank)) => {
                    score > known.score + 1e-4 || (score > known.score - 1e-4 && rank(&form) < *known_rank)
                }
                None => score >= least(&view),
            };
            if better {
                let exact = score > 0.999;
                best = Some((Likeness { span, form, score: score.min(1.0), exact, apart: apart_at }, rank(&form)));
            }
        }
    }
    let (best, _) = best?;
    Some(cut_short(term, &own, (text, words, taken), &best).unwrap_or(best))
}

/// A term of three words or more that stands without its last one: `Birləşmiş Millətlərə` for `Birləşmiş Millətlər
/// Təşkilatı`. The word after it is then no part of the mistake, and the form is that of the last word said.
fn cut_short(
    term: &Term,
    own: &[TextWord],
    (text, words, taken): (&str, &[TextWord], &[Span]),
    best: &Likeness,
) -> Option<Likeness> {
    let [said @ .., last] = own else { return None };
    if said.len() < 2 {
        return None;
    }
    let weight = |words: &[TextWord]| words.iter().map(|word| letters(&word.key)).sum::<f32>();
    let without = weight(said) / (weight(said) + letters(&last.key));
    // The last word stands there too, misspelt.
    if best.score > without + 0.6 * (1.0 - without) {
        return None;
    }
    let cut = Term { text: term.text[..said.last()?.span.end].to_owned(), ..term.clone() };
    let found = likest(&cut, text, words, taken, 0.999).filter(|found| found.exact)?;
    Some(Likeness { score: best.score, exact: false, ..found })
}

/// The one name of `text` that nothing in the source answers, where the term is a name of one word: the source has
/// a name too many, and so has the target. The score is 0: nothing but that speaks for it.
pub(super) fn unexplained(
    language: Language,
    term: &str,
    text: &str,
    taken: &[Span],
    (source, said): (Language, &str),
) -> Option<Likeness> {
    let own = super::words::words(language, term);
    let [word] = &own[..] else { return None };
    let given = Word { text: word.span.of(term), key: &word.key, hyphen: false };
    let capital = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
    if !capital(given.text) || given.is_acronym() {
        return None;
    }
    let beginning = |language, key: &str| -> String { translit::sound(language, key).chars().take(3).collect() };
    let told: Vec<String> = super::words::words(source, said).iter().map(|w| beginning(source, &w.key)).collect();
    let words = super::words::words(language, text);
    let mut names = words.iter().skip(1).filter(|word| {
        capital(word.span.of(text))
            && !taken.iter().any(|t| t.overlaps(word.span))
            && !told.contains(&beginning(language, &word.key))
    });
    let (name, None) = (names.next()?, names.next()) else { return None };
    let stems = forms::stems(language, &[given], &Grammar::default()).pop()?;
    let order = forms::forms(language);
    let mut best: Option<(usize, usize, Form)> = None;
    let mut found = Vec::new();
    for (end, _) in name.key.char_indices().skip(2) {
        for stem in &stems {
            found.clear();
            forms::read_loose(language, stem.class, &name.key, end, &mut found);
            for form in &found {
                let rank = order.iter().position(|known| known == form).unwrap_or(order.len());
                if best.is_none_or(|(shortest, known, _)| (end, rank) < (shortest, known)) {
                    best = Some((end, rank, *form));
                }
            }
        }
    }
    let form = best.map(|(_, _, form)| form).unwrap_or_default();
    Some(Likeness { span: name.span, form, score: 0.0, exact: false, apart: None })
}

/// A stretch that is another term's is not a failed try at this one, unless that term is a part of it.
fn blocks(taken: Span, window: Span) -> bool {
    taken.overlaps(window) && (taken.contains(window) || !window.contains(taken))
}

fn letters(key: &str) -> f32 {
    key.chars().count() as f32
}

/// The ways a word of the text can be a word of the term.
fn readings(
    language: Language,
    own: &Word<'_>,
    stems: &[Stem],
    word: &TextWord,
    text: &str,
    several: bool,
) -> Vec<Reading> {
    let surface = word.span.of(text);
    let capital = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
    // A name is looked for among names, an acronym among acronyms.
    let mut handicap = 1.0;
    if own.is_acronym() {
        let capitals = surface.chars().filter(|c| c.is_uppercase()).count();
        if capitals < 2 {
            return Vec::new();
        }
        handicap = 1.4;
        // Of two as like, the one as long.
        let longer = surface.chars().count().abs_diff(own.text.chars().count());
        handicap -= 0.05 * longer as f32;
    } else if capital(own.text) && !capital(surface) {
        handicap = 0.75;
    }
    let mut out: Vec<Reading> = Vec::new();
    if several {
        // One word of several may be another word altogether.
        out.push(Reading { form: None, score: 0.0 });
    }
    let mut found = Vec::new();
    let ends: Vec<usize> = word.key.char_indices().map(|(at, _)| at).skip(1).chain([word.key.len()]).collect();
    for stem in stems {
        let distances = distances(&stem.text, &word.key);
        let length = stem.text.chars().count();
        for (count, end) in ends.iter().enumerate().map(|(at, end)| (at + 1, *end)) {
            let likeness = 1.0 - distances[count] / length.max(count) as f32;
            let score = match likeness < 1.0 {
                false => handicap.min(1.0),
                true => {
                    // The last letter of a stem is what its endings hang on; of two readings as like, the one with
                    // the longer ending.
                    let ends_alike = word.key[..end].chars().next_back() == stem.text.chars().next_back();
                    let bonus = if ends_alike { 0.2 * (1.0 - likeness) } else { 0.0 };
                    (handicap * (likeness + bonus) - 0.001 * count as f32).min(0.99)
                }
            };
            if likeness <= 0.2 {
                continue;
            }
            if stem.class.is_fixed() {
                if end == word.key.len() {
                    out.push(Reading { form: None, score });
                }
                continue;
            }
            found.clear();
            forms::read_loose(language, stem.class, &word.key, end, &mut found);
            for form in &found {
                match out.iter_mut().find(|r| r.form == Some(*form)) {
                    Some(known) => known.score = known.score.max(score),
                    None => out.push(Reading { form: Some(*form), score }),
                }
            }
        }
    }
    out
}

/// Letters taken for one another more often than others.
const NEAR: &[&str] =
    &["dt", "bp", "qkgğ", "zs", "cç", "sş", "vf", "xh", "дт", "бп", "гк", "зс", "вф", "жш", "шщ", "чц"];
const VOWELS: &str = "aeiouyəıöüаеиоуыэюяё";

fn substitution(a: char, b: char) -> f32 {
    if a == b {
        return 0.0;
    }
    let near = NEAR.iter().any(|set| set.contains(a) && set.contains(b)) || (VOWELS.contains(a) && VOWELS.contains(b));
    if near { 0.6 } else { 1.0 }
}

/// The edit distance between `stem` and each beginning of `word`, by its number of letters. Swapped neighbours
/// count as one edit (optimal string alignment), a letter for one near it as less than one.
fn distances(stem: &str, word: &str) -> Vec<f32> {
    let stem: Vec<char> = stem.chars().collect();
    let width = stem.len() + 1;
    let mut before: Vec<f32> = vec![0.0; width];
    let mut last: Vec<f32> = (0..width).map(|at| at as f32).collect();
    let mut out = vec![stem.len() as f32];
    let mut previous = '\0';
    for (row, c) in word.chars().enumerate() {
        let mut now = vec![(row + 1) as f32; width];
        for at in 1..width {
            let replaced = last[at - 1] + substitution(stem[at - 1], c);
            now[at] = replaced.min(last[at] + 1.0).min(now[at - 1] + 1.0);
            if row > 0 && at > 1 && stem[at - 1] == previous && stem[at - 2] == c {
                now[at] = now[at].min(before[at - 2] + 1.0);
            }
        }
        out.push(now[stem.len()]);
        (before, last) = (last, now);
        previous = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::forms::{Case, Number};
    use crate::model::Status;
    use crate::terms::words::words;

    fn like(language: Language, term: &str, text: &str) -> (String, Form) {
        let got = likest(&Term::new(term, language, Status::Preferred), text, &words(language, text), &[], 0.4)
            .expect("something is like it");
        (got.span.of(text).to_owned(), got.form)
    }

    #[test]
    fn misspelt_words_tell_their_form() {
        let plural = Form::new(Number::Plural, Case::Nominative);
        assert_eq!(like(Language::AZ, "senator", "Bir neçə sinatorlar gəldi"), ("sinatorlar".to_owned(), plural));
        let genitive = Form::new(Number::Singular, Case::Genitive);
        assert_eq!(
            like(Language::RU, "Верховный суд", "решение Верхового суда"),
            ("Верхового суда".to_owned(), genitive)
        );
        let from = Form::new(Number::Singular, Case::Ablative);
        assert_eq!(like(Language::AZ, "BMT", "bunu BNT-dən öyrəndik"), ("BNT-dən".to_owned(), from));
    }

    #[test]
    fn a_term_without_its_last_word() {
        let dative = Form::new(Number::Singular, Case::Dative);
        let term = "Birləşmiş Millətlər Təşkilatı";
        let got = like(Language::AZ, term, "Bunu Birləşmiş Millətlərə şənbə günü deyib");
        assert_eq!(got, ("Birləşmiş Millətlərə".to_owned(), dative));
        let got = like(Language::AZ, term, "Bunu Birləşmiş Millətlər Təşkılatına deyib");
        assert_eq!(got.0, "Birləşmiş Millətlər Təşkılatına");
        let got = like(Language::RU, "Верховный суд республики", "решение Верховного суда вчера");
        assert_eq!(got, ("Верховного суда".to_owned(), Form::new(Number::Singular, Case::Genitive)));
    }

    #[test]
    fn distances_of_all_beginnings() {
        assert_eq!(distances("abc", "abcd"), [3.0, 2.0, 1.0, 0.0, 1.0]);
        assert_eq!(distances("bz", "zb"), [2.0, 1.0, 1.0], "swapped neighbours are one edit");
    }
}
