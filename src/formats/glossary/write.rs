//! Writing a glossary table.

use super::{GlossaryError, STATUSES, flags::flags_of};
use crate::lang::Language;
use crate::model::{Concept, Status};
use std::io::{self, Write};

/// Writes concepts as TSV (`delimiter` a tab) or CSV. Of several preferred terms in one language the first stays
/// preferred, the others become admitted.
pub fn write(concepts: &[Concept], delimiter: char, to: &mut dyn Write) -> Result<(), GlossaryError> {
    let mut languages: Vec<Language> = Vec::new();
    for term in concepts.iter().flat_map(|c| &c.terms) {
        if !languages.contains(&term.language) {
            languages.push(term.language);
        }
    }
    let mut header = vec!["concept".to_owned()];
    for language in &languages {
        header.push(language.to_string());
        header.extend(STATUSES.iter().map(|(word, _)| format!("{language}_{word}")));
    }
    header.extend(["definition", "domain", "note", "flags"].map(str::to_owned));
    let mut rows = vec![header];
    for concept in concepts {
        let refuse =
            |text: &str, sign| GlossaryError::Unwritable { concept: concept.id.clone(), text: text.to_owned(), sign };
        let mut cells = vec![concept.id.clone()];
        for language in &languages {
            let of = |status| concept.terms_in(*language).filter(move |t| t.status == status);
            cells.push(of(Status::Preferred).map(|t| t.text.as_str()).collect::<Vec<_>>().join(";"));
            for (_, status) in STATUSES {
                cells.push(of(status).map(|t| t.text.as_str()).collect::<Vec<_>>().join(";"));
            }
        }
        for text in [&concept.definition, &concept.domain, &concept.note] {
            cells.push(text.clone().unwrap_or_default());
        }
        let flags = flags_of(concept);
        let parts = concept.terms.iter().map(|t| &t.text).chain(&flags);
        if let Some(text) = parts.into_iter().find(|text| text.contains(';')) {
            return Err(refuse(text, ';'));
        }
        cells.push(flags.join(";"));
        if delimiter == '\t'
            && let Some((text, sign)) = cells.iter().find_map(|c| Some((c, c.chars().find(|c| "\t\n\r".contains(*c))?)))
        {
            return Err(refuse(text, sign));
        }
        rows.push(cells);
    }
    if delimiter == '\t' {
        for row in rows {
            writeln!(to, "{}", row.join("\t"))?;
        }
        return Ok(());
    }
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter as u8).from_writer(to);
    for row in rows {
        writer.write_record(&row).map_err(|error| io::Error::other(error.to_string()))?;
    }
    Ok(writer.flush()?)
}
