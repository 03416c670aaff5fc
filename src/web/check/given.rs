//! What is sent to be checked: texts and files, as a form with parts.

use crate::web::{error::WebError, findings::Decision, words::Words};
use crate::{app::check::Input, lang::Language};
use axum::extract::{
    Multipart,
    multipart::{MultipartError, MultipartRejection},
};
use std::collections::BTreeMap;

/// Files taken at once.
const FILES: usize = 64;
/// Code points of a file's name that count.
const NAME: usize = 200;

/// What was sent.
#[derive(Debug, Default)]
pub struct Given {
    /// Texts as they were typed, the empty ones left out.
    pub typed: BTreeMap<Language, String>,
    /// Files, by what their owner calls them: labels, no paths.
    pub files: Vec<(String, Vec<u8>)>,
    /// The files are one text in its languages.
    pub together: bool,
    /// A button that was pressed.
    pub act: Option<Act>,
    /// The file that is meant.
    pub only: Option<String>,
}

/// What is to be done beside looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Decide(Decision),
    /// Put the fix of a typed text in.
    Fix(String),
    /// All that are certain.
    FixAll,
}

impl Given {
    pub async fn read(form: Result<Multipart, MultipartRejection>, words: &Words) -> Result<Given, WebError> {
        let mut form = form.map_err(|error| WebError::Unsupported(error.body_text()))?;
        let mut out = Given::default();
        let mut reasons: BTreeMap<String, String> = BTreeMap::new();
        let mut accept = None;
        while let Some(field) = form.next_field().await.map_err(refused)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                let label = label(field.file_name().unwrap_or_default());
                let bytes = field.bytes().await.map_err(refused)?;
                // A browser sends a file without a name where none was chosen.
                if label.is_empty() && bytes.is_empty() {
                    continue;
                }
                if out.files.len() == FILES {
                    return Err(WebError::TooLarge);
                }
                if out.files.iter().any(|(known, _)| *known == label) {
                    return Err(WebError::Bad(words.with("check.same-name", &[("file", &label)])));
                }
                out.files.push((label, bytes.to_vec()));
                continue;
            }
            let value = field.text().await.map_err(refused)?;
            if let Some(tag) = name.strip_prefix("text.") {
                let language: Language = tag.parse().map_err(WebError::bad)?;
                if !value.trim().is_empty() {
                    out.typed.insert(language, value.replace("\r\n", "\n"));
                }
            } else if let Some(id) = name.strip_prefix("reason.") {
                // Two fields of one finding: the one that was written in counts.
                if !value.trim().is_empty() {
                    reasons.insert(id.to_owned(), value);
                }
            } else {
                match name.as_str() {
                    "together" => out.together = true,
                    "only" => out.only = Some(value),
                    "accept" => accept = Some(value),
                    "revoke" => out.act = Some(Act::Decide(Decision::Revoke { id: value })),
                    "fix" => out.act = Some(Act::Fix(value)),
                    "fix-all" => out.act = Some(Act::FixAll),
                    _ => {}
                }
            }
        }
        if let Some(id) = accept {
            let reason = reasons.remove(&id).unwrap_or_default();
            out.act = Some(Act::Decide(Decision::accept(id, &reason, words)?));
        }
        Ok(out)
    }

    pub fn inputs(&self) -> Vec<Input> {
        let typed = (!self.typed.is_empty()).then(|| Input::Typed(self.typed.clone()));
        let files = self.files.iter().map(|(name, bytes)| Input::Bytes { name: name.clone(), bytes: bytes.clone() });
        typed.into_iter().chain(files).collect()
    }

    /// The bytes of a file that was sent.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes.as_slice())
    }
}

fn refused(error: MultipartError) -> WebError {
    match error.status().as_u16() {
        413 => WebError::TooLarge,
        _ => WebError::Bad(error.body_text()),
    }
}

/// A file's name as a label: its folders stay, since they may tell the language, but what could steer anything does not.
fn label(name: &str) -> String {
    let plain = name.replace('\\', "/");
    let parts = plain.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    let kept: String = parts.collect::<Vec<_>>().join("/").chars().filter(|c| !c.is_control()).collect();
    let skip = kept.chars().count().saturating_sub(NAME);
    kept.chars().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_label() {
        for (name, want) in [
            ("1.en.txt", "1.en.txt"),
            ("../../etc/passwd", "etc/passwd"),
            ("C:\\x\\en\\7.txt", "C:/x/en/7.txt"),
            ("a\nb\u{1b}.txt", "ab.txt"),
            ("", ""),
        ] {
            assert_eq!(label(name), want);
        }
        assert_eq!(label(&format!("{}.en.txt", "ə".repeat(999))).chars().count(), NAME);
        assert!(label(&format!("{}.en.txt", "ə".repeat(999))).ends_with(".en.txt"));
    }
}
