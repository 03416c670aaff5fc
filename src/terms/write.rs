//! Writing a term in a form.

use super::words::words;
use crate::lang::{
    Language,
    forms::{self, Form, Grammar, Word},
};
use crate::model::Term;

/// `term` in `form`, its spacing and signs kept; `None` where it has no such form.
pub fn written(term: &Term, form: Form) -> Option<String> {
    written_as(term.language, &term.text, &term.grammar, form)
}

/// The same of a term that no concept has.
pub fn written_as(language: Language, term: &str, grammar: &Grammar, form: Form) -> Option<String> {
    let all = words(language, term);
    let view: Vec<Word<'_>> =
        all.iter().map(|w| Word { text: w.span.of(term), key: &w.key, hyphen: w.hyphen }).collect();
    if view.is_empty() {
        return (grammar.indeclinable || form == Form::default()).then(|| term.to_owned());
    }
    let new = forms::write(language, &view, grammar, form)?;
    let mut out = String::new();
    let mut from = 0;
    for (word, text) in all.iter().zip(new) {
        out.push_str(&term[from..word.span.start]);
        out.push_str(&text);
        from = word.span.end;
    }
    out.push_str(&term[from..]);
    Some(out)
}
