//! English: plural of the head, possessive of the last word, the forms of a verb.

mod nouns;
mod verbs;

use super::{Case, Class, Form, Grammar, Number, Stem, Tail, Verb, Word};

use Number::{Plural as Pl, Singular as Sg};

/// The rows of nouns, in the order of [`ROWS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum R {
    S,
    Es,
    Y,
    F,
    Fe,
    Man,
    Foot,
    Mouse,
    Child,
    Person,
    Ox,
    Quiz,
    Is,
    Um,
    On,
    Us,
    Ex,
    Ix,
    Eau,
    Same,
    Plural,
    Possessive,
}

/// What a row's stem may be followed by, the singular first, and the form that makes. A possessive may follow each.
struct Row {
    #[cfg_attr(not(test), allow(dead_code))]
    row: R,
    endings: &'static [(&'static str, Number)],
    #[cfg_attr(not(test), allow(dead_code))]
    example: (&'static str, &'static str),
}

#[rustfmt::skip]
static ROWS: &[Row] = &[
    Row { row: R::S, endings: &[("", Sg), ("s", Pl)], example: ("migrant", "migrants") },
    Row { row: R::Es, endings: &[("", Sg), ("es", Pl)], example: ("address", "addresses") },
    Row { row: R::Y, endings: &[("y", Sg), ("ies", Pl)], example: ("agency", "agencies") },
    Row { row: R::F, endings: &[("f", Sg), ("ves", Pl)], example: ("leaf", "leaves") },
    Row { row: R::Fe, endings: &[("fe", Sg), ("ves", Pl)], example: ("wife", "wives") },
    Row { row: R::Man, endings: &[("man", Sg), ("men", Pl)], example: ("spokesman", "spokesmen") },
    Row { row: R::Foot, endings: &[("", Sg)], example: ("foot", "foot") },
    Row { row: R::Mouse, endings: &[("ouse", Sg), ("ice", Pl)], example: ("mouse", "mice") },
    Row { row: R::Child, endings: &[("", Sg), ("ren", Pl)], example: ("child", "children") },
    Row { row: R::Person, endings: &[("rson", Sg), ("ople", Pl)], example: ("person", "people") },
    Row { row: R::Ox, endings: &[("", Sg), ("en", Pl)], example: ("ox", "oxen") },
    Row { row: R::Quiz, endings: &[("", Sg), ("zes", Pl)], example: ("quiz", "quizzes") },
    Row { row: R::Is, endings: &[("is", Sg), ("es", Pl)], example: ("crisis", "crises") },
    Row { row: R::Um, endings: &[("um", Sg), ("a", Pl)], example: ("datum", "data") },
    Row { row: R::On, endings: &[("on", Sg), ("a", Pl)], example: ("criterion", "criteria") },
    Row { row: R::Us, endings: &[("us", Sg), ("i", Pl)], example: ("alumnus", "alumni") },
    Row { row: R::Ex, endings: &[("ex", Sg), ("ices", Pl)], example: ("index", "indices") },
    Row { row: R::Ix, endings: &[("ix", Sg), ("ices", Pl)], example: ("appendix", "appendices") },
    Row { row: R::Eau, endings: &[("", Sg), ("x", Pl)], example: ("bureau", "bureaux") },
    Row { row: R::Same, endings: &[("", Sg), ("", Pl)], example: ("series", "series") },
    Row { row: R::Plural, endings: &[("", Pl)], example: ("sanctions", "sanctions") },
    // The last word of visa on arrival: its possessive is the term's.
    Row { row: R::Possessive, endings: &[("", Sg), ("", Pl)], example: ("arrival", "arrival") },
];

/// `Class::row` of a form of a verb spelt out as its stem; its number stands in the cells.
const VERB: u8 = 64;
/// In the cells of a noun: another word bears the possessive.
const HEAD: u16 = 1;

/// Words with which what stands after the head begins.
#[rustfmt::skip]
const PREPOSITIONS: &[&str] = &[
    "of", "for", "on", "in", "at", "to", "with", "by", "from", "under", "against", "between", "among", "without", "into", "upon", "over",
    "within", "per", "de", "during", "through", "outside", "behind", "concerning", "regarding", "non",
];

/// Adjectives after the head: attorney general, president elect.
#[rustfmt::skip]
const AFTER_HEAD: &[&str] = &[
    "general", "elect", "designate", "martial", "apparent", "laureate", "politic", "emeritus", "extraordinary", "plenipotentiary", "d'affaires",
];

/// Nouns before which `general` and the like are adjectives.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "attorney", "secretary", "director", "governor", "consul", "solicitor", "surgeon", "postmaster", "inspector", "procurator", "prosecutor",
    "auditor", "president", "minister", "mayor", "ambassador", "chargé", "court", "heir", "poet", "body", "professor", "envoy", "commissioner", "chancellor",
];

/// What inflects in a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    Verb(usize),
    Noun(usize),
}

/// Where the head of the phrase is. A head the glossary names is the last word that was handed in.
fn head(words: &[Word<'_>], grammar: &Grammar) -> Option<Head> {
    let last = words.len().checked_sub(1)?;
    if grammar.head.as_deref() == Some(words[last].text) {
        return Some(Head::Noun(last));
    }
    if last > 0 && words[0].key == "to" {
        return Some(Head::Verb(1));
    }
    let particle = |at: usize| verbs::PARTICLES.contains(&words[at].key);
    if (last == 0
        || last == 1 && particle(1) && !words[1].hyphen
        || last > 1 && !words[1].hyphen && !words[0].is_capitalised())
        && (verbs::is_verb(words[0].key) || last == 1)
    {
        return Some(Head::Verb(0));
    }
    // passer-by, but follow-up
    if last == 1 && words[1].hyphen && (particle(1) || words[1].key == "by") {
        return Some(Head::Noun(if words[0].key.ends_with("er") { 0 } else { last }));
    }
    if last > 0 && AFTER_HEAD.contains(&words[last].key) {
        let title = words.iter().position(|word| TITLES.contains(&word.key));
        return Some(Head::Noun(title.filter(|at| *at < last).unwrap_or(last)));
    }
    let before = (1..last).find(|at| PREPOSITIONS.contains(&words[*at].key)).filter(|at| {
        // state-of-the-art equipment: what is joined by hyphens stands before its head.
        !words[*at].hyphen || words[*at..].iter().all(|word| word.hyphen)
    });
    Some(Head::Noun(before.map_or(last, |at| at - 1)))
}

fn noun(key: &str, cells: u16, out: &mut Vec<Stem>) {
    for row in nouns::rows(key) {
        if let Some(stem) = nouns::stem(key, *row) {
            out.push(Stem { text: stem.to_owned(), class: Class { row: *row as u8, cells } });
        }
        if let Some(plural) = irregular_plural(key, *row) {
            out.push(Stem { text: plural, class: Class { row: R::Plural as u8, cells } });
        }
    }
}

/// feet, teeth, men: the vowel changes.
fn irregular_plural(key: &str, row: R) -> Option<String> {
    match row {
        R::Foot if key == "man" => Some("men".to_owned()), // with nothing left before -man
        R::Foot => key.rfind("oo").map(|at| format!("{}ee{}", &key[..at], &key[at + 2..])),
        _ => None,
    }
}

fn verb(key: &str) -> Vec<Stem> {
    let stem = |text: String, number: u16| Stem { text, class: Class { row: VERB, cells: number } };
    let mut out = vec![stem(key.to_owned(), 0)];
    for (at, all) in verbs::forms(key).into_iter().enumerate() {
        out.extend(all.into_iter().map(|text| stem(text, at as u16 + 1)));
    }
    out
}

pub(super) fn stems(words: &[Word<'_>], grammar: &Grammar) -> Vec<Vec<Stem>> {
    let mut out: Vec<Vec<Stem>> = words.iter().map(super::fixed).collect();
    match head(words, grammar) {
        None => {}
        Some(Head::Verb(at)) => {
            out[at] = verb(words[at].key);
            out[..at].iter_mut().for_each(Vec::clear); // the `to` need not stand in the text
        }
        Some(Head::Noun(at)) => {
            let last = words.len() - 1;
            let alone = at == last;
            out[at].clear();
            noun(words[at].key, if alone { 0 } else { HEAD }, &mut out[at]);
            if !alone {
                out[last] = vec![Stem {
                    text: words[last].key.to_owned(),
                    class: Class { row: R::Possessive as u8, cells: 0 },
                }];
            }
        }
    }
    out
}

pub(super) fn read(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    let rest = &word[at..];
    let mut tell = |form: Form| {
        if !out.contains(&form) {
            out.push(form);
        }
    };
    if class.row == VERB {
        if rest.is_empty() {
            tell(verb_form(class.cells as u8));
        }
        return;
    }
    let Some(row) = ROWS.get(usize::from(class.row)) else { return };
    for (ending, number) in row.endings {
        let Some(tail) = rest.strip_prefix(ending) else { continue };
        match tail {
            "" => {
                tell(Form::new(*number, Case::Nominative));
                if class.cells & HEAD != 0 {
                    tell(Form::new(*number, Case::Genitive));
                }
            }
            _ if class.cells & HEAD != 0 => {}
            "'s" => tell(Form::new(*number, Case::Genitive)),
            "'" if word[..word.len() - 1].ends_with('s') => tell(Form::new(*number, Case::Genitive)),
            _ => {}
        }
    }
}

fn verb_form(number: u8) -> Form {
    let mut form = Form::default();
    if number > 0 {
        form.tail[0] = Some(Tail::Verb(number));
        form.verb = [Verb::Present, Verb::Past, Verb::Perfect, Verb::Doing][usize::from(number.clamp(1, 4)) - 1];
    }
    form
}

pub(super) fn write(words: &[Word<'_>], grammar: &Grammar, form: Form) -> Option<Vec<String>> {
    let mut out: Vec<String> = words.iter().map(|w| w.text.to_owned()).collect();
    let number = match form.tail {
        [None, ..] => 0,
        [Some(Tail::Verb(number)), None, ..] if (1..=4).contains(&number) => number,
        _ => return None,
    };
    if form.possessor != Default::default() {
        return None;
    }
    let at = match head(words, grammar)? {
        Head::Verb(at) if form.number == Sg && form.case == Case::Nominative => {
            if number > 0 {
                if at > 0 {
                    return None; // `to deported` is no form
                }
                out[at] = cased(verbs::forms(words[at].key)[usize::from(number) - 1].first()?, words[at].text);
            }
            return Some(out);
        }
        Head::Verb(_) => return None,
        Head::Noun(_) if number > 0 => return None,
        Head::Noun(at) => at,
    };
    if form.number == Pl {
        let key = words[at].key;
        let row = *nouns::rows(key).first()?;
        let plural = match irregular_plural(key, row) {
            Some(plural) => plural,
            None => {
                format!("{}{}", nouns::stem(key, row)?, ROWS[row as usize].endings.iter().find(|(_, n)| *n == Pl)?.0)
            }
        };
        out[at] = cased(&plural, words[at].text);
    }
    let last = out.last_mut()?;
    match form.case {
        Case::Nominative => {}
        Case::Genitive if last.ends_with('s') && (form.number == Pl || at + 1 < words.len()) => last.push('’'),
        Case::Genitive if nouns::rows(words[at].key) == [R::Plural] && last.ends_with('s') => last.push('’'),
        Case::Genitive => last.push_str("’s"),
        _ => return None,
    }
    Some(out)
}

/// `made`, a key, with the capitals of the word it was made of. An acronym keeps a small ending: IDPs.
fn cased(made: &str, own: &str) -> String {
    let mut agree = true;
    let mut letters = own.chars();
    let capitals = own.chars().filter(|c| c.is_alphabetic()).count() > 1
        && own.chars().all(|c| !c.is_lowercase())
        && !super::is_acronym(own);
    let cased = |c: char| match letters.next().filter(|_| agree) {
        Some(o) if o == c => c,
        Some(o) if o.to_lowercase().eq([c]) => o,
        _ => {
            agree = false;
            if capitals { c.to_ascii_uppercase() } else { c }
        }
    };
    made.chars().map(cased).collect()
}

pub(super) fn forms() -> Vec<Form> {
    let nouns = [(Sg, Case::Nominative), (Pl, Case::Nominative), (Sg, Case::Genitive), (Pl, Case::Genitive)];
    nouns.map(|(number, case)| Form::new(number, case)).into_iter().chain((1..=4).map(verb_form)).collect()
}

#[cfg(test)]
mod tests;
