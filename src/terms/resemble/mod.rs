//! Words that stand where a term should: what resembles it most, and the form it is in.
//!
//! Each word of a window is split into a beginning and an ending of the class its counterpart in the term has;
//! the beginning is compared with the stem by edit distance, the ending gives the form. So a misspelt word tells
//! its case and number, and so does another word of the same declension.

mod distance;

use super::words::{TextWord, words};
use crate::lang::{
    Language,
    forms::{self, Class, Form, Grammar, Word},
    translit,
};
use crate::model::Term;
use crate::text::Span;
use distance::{Letters, Scratch, distances};

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

/// A term taken apart, to be looked for in many texts.
#[derive(Debug)]
pub(super) struct Wanted {
    language: Language,
    words: Vec<WantedWord>,
    /// The term without its last word, where it has three or more.
    short: Option<Box<Wanted>>,
}

#[derive(Debug)]
struct WantedWord {
    key: String,
    acronym: bool,
    capital: bool,
    /// As written, in characters.
    length: usize,
    /// Its share of the letters of the term.
    weight: f32,
    stems: Vec<(Letters, Class)>,
}

impl Wanted {
    pub fn new(term: &Term) -> Wanted {
        let own = words(term.language, &term.text);
        let view: Vec<Word<'_>> =
            own.iter().map(|w| Word { text: w.span.of(&term.text), key: &w.key, hyphen: w.hyphen }).collect();
        let total: f32 = view.iter().map(|word| letters(word.key)).sum();
        let stems = forms::stems(term.language, &view, &term.grammar);
        let word = |(word, stems): (&Word<'_>, Vec<forms::Stem>)| WantedWord {
            key: word.key.to_owned(),
            acronym: word.is_acronym(),
            capital: is_capital(word.text),
            length: word.text.chars().count(),
            weight: letters(word.key) / total,
            stems: stems.into_iter().map(|stem| (Letters::new(&stem.text), stem.class)).collect(),
        };
        let said = own.len().checked_sub(2).filter(|last| *last > 0).map(|last| own[last].span.end);
        let short = said.map(|end| {
            let grammar = Grammar { head: None, ..term.grammar.clone() };
            Box::new(Wanted::new(&Term { text: term.text[..end].to_owned(), grammar, ..term.clone() }))
        });
        Wanted { language: term.language, words: view.iter().zip(stems).map(word).collect(), short }
    }

    /// Of three letters one is soon alike.
    fn least(&self, least: f32) -> f32 {
        match &self.words[..] {
            [word] if word.key.chars().count() <= 4 && !word.acronym => least.max(0.7),
            _ => least,
        }
    }
}

/// A text in which something may stand for a term.
#[derive(Debug)]
pub(super) struct Said<'t> {
    pub text: &'t str,
    pub words: Vec<TextWord>,
    letters: Vec<Letters>,
}

impl<'t> Said<'t> {
    pub fn new(language: Language, text: &'t str) -> Said<'t> {
        let words = words(language, text);
        let letters = words.iter().map(|word| Letters::new(&word.key)).collect();
        Said { text, words, letters }
    }
}

/// The ways a word of the text can be a word of the term: the score of being it in no form that is told, and the
/// scores of the forms, in their order.
#[derive(Debug, Default)]
struct Readings {
    any: Option<f32>,
    forms: Vec<(Form, f32)>,
}

impl Readings {
    /// Each form once, with its best score.
    fn settle(&mut self) {
        self.forms.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        self.forms.dedup_by_key(|(form, _)| *form);
    }

    /// These and those of the next word, whose share is `weight`: the forms both can be in.
    fn then(&self, next: &Readings, weight: f32) -> Readings {
        let mut out = Readings { any: self.any.zip(next.any).map(|(a, b)| a + weight * b), forms: Vec::new() };
        let (mut a, mut b) = (self.forms.iter().peekable(), next.forms.iter().peekable());
        loop {
            // Forms come in order on both sides; what only one side tells goes with any form of the other.
            let form = match (a.peek(), b.peek()) {
                (Some((x, _)), Some((y, _))) => *x.min(y),
                (Some((x, _)), None) => *x,
                (None, Some((y, _))) => *y,
                (None, None) => break,
            };
            let own = a.next_if(|(x, _)| *x == form).map(|(_, score)| *score);
            let other = b.next_if(|(y, _)| *y == form).map(|(_, score)| *score);
            let sums = [(own, other), (own, next.any), (self.any, other)];
            let sums = sums.into_iter().filter_map(|(a, b)| Some(a? + weight * b?));
            out.forms.extend(sums.reduce(f32::max).map(|score| (form, score)));
        }
        out
    }
}

/// The stretch of a text most like a term, none of it in `taken`; `None` under `least`.
pub(super) fn likest(wanted: &Wanted, said: &Said<'_>, taken: &[Span], least: f32) -> Option<Likeness> {
    let language = wanted.language;
    let count = wanted.words.len().max(1);
    let least = wanted.least(least);
    let mut scratch = Scratch::default();
    let mut best: Option<(Likeness, usize)> = None;
    for (start, window) in said.words.windows(count).enumerate() {
        let mut span = Span::new(window[0].span.start, window[window.len() - 1].span.end);
        if window.iter().skip(1).any(|word| word.gap.is_none()) || taken.iter().any(|t| blocks(*t, span)) {
            continue;
        }
        // What is less than the best so far need not be worked out.
        let needed = best.as_ref().map_or(least, |(best, _)| best.score.min(0.999) - 1e-4);
        let mut all = Readings { any: Some(0.0), forms: Vec::new() };
        for (n, own) in wanted.words.iter().enumerate() {
            // The others at their best.
            let needed = 1.0 - (1.0 - needed) / own.weight;
            let at = start + n;
            let readings = readings(language, own, said, at, (needed, wanted.words.len() > 1), &mut scratch);
            all = all.then(&readings, own.weight);
            if all.any.is_none() && all.forms.is_empty() {
                break;
            }
        }
        let all =
            all.any.map(|score| (None, score)).into_iter().chain(all.forms.into_iter().map(|(f, s)| (Some(f), s)));
        let all: Vec<(Option<Form>, f32)> = all.filter(|(_, score)| *score >= needed).collect();
        if all.is_empty() {
            continue;
        }
        let mut apart = Vec::new();
        let mut apart_at = None;
        if let Some(next) = said.words.get(start + count).filter(|next| next.hyphen) {
            forms::read_apart(language, &next.key, &mut apart);
            if !apart.is_empty() {
                apart_at = Some(span.end);
                span.end = next.span.end;
            }
        }
        for (form, score) in all {
            let form = apart.first().copied().or(form).unwrap_or_default();
            let better = match &best {
                Some((known, known_rank)) => {
                    score > known.score + 1e-4
                        || (score > known.score - 1e-4 && forms::rank(language, form) < *known_rank)
                }
                None => score >= least,
            };
            if better {
                let exact = score > 0.999;
                let like = Likeness { span, form, score: score.min(1.0), exact, apart: apart_at };
                best = Some((like, forms::rank(language, form)));
            }
        }
    }
    let (best, _) = best?;
    Some(cut_short(wanted, said, taken, &best).unwrap_or(best))
}

/// A term of three words or more that stands without its last one: `Birləşmiş Millətlərə` for `Birləşmiş Millətlər
/// Təşkilatı`. The word after it is then no part of the mistake, and the form is that of the last word said.
fn cut_short(wanted: &Wanted, said: &Said<'_>, taken: &[Span], best: &Likeness) -> Option<Likeness> {
    let short = wanted.short.as_deref()?;
    let without = 1.0 - wanted.words.last()?.weight;
    // The last word stands there too, misspelt.
    if best.score > without + 0.6 * (1.0 - without) {
        return None;
    }
    let found = likest(short, said, taken, 0.999).filter(|found| found.exact)?;
    Some(Likeness { score: best.score, exact: false, ..found })
}

/// The one name of a text that nothing in the source answers, where the term is a name of one word: the source has
/// a name too many, and so has the target. The score is 0: nothing but that speaks for it.
pub(super) fn unexplained(
    wanted: &Wanted,
    target: &Said<'_>,
    taken: &[Span],
    (source, said): (Language, &str),
) -> Option<Likeness> {
    let language = wanted.language;
    let [own] = &wanted.words[..] else { return None };
    if !own.capital || own.acronym {
        return None;
    }
    let beginning = |language, key: &str| -> String { translit::sound(language, key).chars().take(3).collect() };
    let told: Vec<String> = words(source, said).iter().map(|w| beginning(source, &w.key)).collect();
    let mut names = target.words.iter().skip(1).filter(|word| {
        is_capital(word.span.of(target.text))
            && !taken.iter().any(|t| t.overlaps(word.span))
            && !told.contains(&beginning(language, &word.key))
    });
    let (name, None) = (names.next()?, names.next()) else { return None };
    let mut best: Option<(usize, usize, Form)> = None;
    let mut found = Vec::new();
    for (end, _) in name.key.char_indices().skip(2) {
        for (_, class) in &own.stems {
            found.clear();
            forms::read_loose(language, *class, &name.key, end, &mut found);
            for form in &found {
                let rank = forms::rank(language, *form);
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

fn is_capital(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_uppercase)
}

/// The ways word `at` of the text can be a word of the term, those with a score of `needed` or more; `several`: the
/// term has other words.
fn readings(
    language: Language,
    own: &WantedWord,
    said: &Said<'_>,
    at: usize,
    (needed, several): (f32, bool),
    scratch: &mut Scratch,
) -> Readings {
    let word = &said.words[at];
    let surface = word.span.of(said.text);
    let mut out = Readings::default();
    // A name is looked for among names, an acronym among acronyms.
    let mut handicap = 1.0;
    if own.acronym {
        let capitals = surface.chars().filter(|c| c.is_uppercase()).count();
        if capitals < 2 {
            return out;
        }
        handicap = 1.4;
        // Of two as like, the one as long.
        let longer = surface.chars().count().abs_diff(own.length);
        handicap -= 0.05 * longer as f32;
    } else if own.capital && !is_capital(surface) {
        handicap = 0.75;
    }
    if several {
        // One word of several may be another word altogether.
        out.any = Some(0.0);
    }
    let mut found = Vec::new();
    for (stem, class) in &own.stems {
        distances(stem, &said.letters[at], scratch);
        for (end, count) in ends(&word.key).zip(1usize..) {
            if class.is_fixed() && end != word.key.len() {
                continue;
            }
            let likeness = 1.0 - scratch.out[count] as f32 / (10.0 * stem.len().max(count) as f32);
            if likeness <= 0.2 {
                continue;
            }
            let score = match likeness < 1.0 {
                false => handicap.min(1.0),
                true => {
                    // The last letter of a stem is what its endings hang on; of two readings as like, the one with
                    // the longer ending.
                    let bonus =
                        if stem.last() == said.letters[at].nth(count - 1) { 0.2 * (1.0 - likeness) } else { 0.0 };
                    (handicap * (likeness + bonus) - 0.001 * count as f32).min(0.99)
                }
            };
            if score < needed {
                continue;
            }
            if class.is_fixed() {
                out.any = Some(out.any.map_or(score, |known| known.max(score)));
                continue;
            }
            found.clear();
            forms::read_loose(language, *class, &word.key, end, &mut found);
            out.forms.extend(found.iter().map(|form| (*form, score)));
        }
    }
    out.settle();
    out
}

/// Where the beginnings of a word end, that of one letter first.
fn ends(key: &str) -> impl Iterator<Item = usize> {
    key.char_indices().map(|(at, _)| at).skip(1).chain([key.len()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::forms::{Case, Number};
    use crate::model::Status;

    fn like(language: Language, term: &str, text: &str) -> (String, Form) {
        let wanted = Wanted::new(&Term::new(term, language, Status::Preferred));
        let got = likest(&wanted, &Said::new(language, text), &[], 0.4).expect("something is like it");
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
}
