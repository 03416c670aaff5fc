//! Writing a term in a form.

use super::words::words;
use crate::lang::{
    Language,
    forms::{self, Form, Word},
};

/// `term` in `form`, its spacing and signs kept; `None` where it has no such form.
pub fn written(language: Language, term: &str, form: Form) -> Option<String> {
    let all = words(language, term);
    let view: Vec<Word<'_>> =
        all.iter().map(|w| Word { text: w.span.of(term), key: &w.key, hyphen: w.hyphen }).collect();
    if view.is_empty() {
        return (form == Form::default()).then(|| term.to_owned());
    }
    let new = forms::write(language, &view, form)?;
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
