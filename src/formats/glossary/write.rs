//! Writing a glossary table.

use super::{Column, GlossaryError, SINGLE, STATUSES, flags::flags_of, layout};
use crate::lang::Language;
use crate::model::{Concept, Status};
use std::io::Write;

/// Writes concepts as TSV (`delimiter` a tab) or CSV. Of several preferred terms in one language the first stays
/// preferred, the others become admitted. In TSV, tabs and line ends inside a text become spaces. What other tools said
/// in a TBX has no place in a table.
pub fn write(concepts: &[Concept], delimiter: char, to: &mut dyn Write) -> Result<(), GlossaryError> {
    for row in rows(concepts)? {
        let cells: Vec<String> = row.iter().map(|cell| layout::written(cell, delimiter, false)).collect();
        writeln!(to, "{}", cells.join(&delimiter.to_string()))?;
    }
    Ok(to.flush()?)
}

/// The cells of the table, header first.
pub fn rows(concepts: &[Concept]) -> Result<Vec<Vec<String>>, GlossaryError> {
    let mut languages: Vec<Language> = Vec::new();
    for term in concepts.iter().flat_map(|c| &c.terms) {
        if !languages.contains(&term.language) {
            languages.push(term.language);
        }
    }
    let mut columns = vec![Column::Concept];
    for language in &languages {
        columns.push(Column::Approved(*language));
        columns.extend(STATUSES.iter().map(|(_, status)| Column::Terms(*language, *status)));
    }
    // Those that are rare only where something stands in them.
    let rare = |column: &Column| matches!(column, Column::Source | Column::ValidFrom | Column::ValidUntil);
    let said = |column: &Column| concepts.iter().any(|concept| column.said(concept).is_some());
    columns.extend(SINGLE.into_iter().filter(|column| !rare(column) || said(column)));
    columns.push(Column::Flags);
    let mut rows = vec![columns.iter().map(|column| column.name()).collect()];
    for concept in concepts {
        if let Some(term) = concept.terms.iter().find(|term| term.text.ends_with('\\')) {
            let what = format!("`{}`: a term that ends with a backslash", term.text);
            return Err(GlossaryError::Unwritable { concept: concept.id.clone(), what });
        }
        rows.push(columns.iter().map(|column| cell(concept, *column)).collect());
    }
    Ok(rows)
}

/// What stands in a column of a concept's only row.
pub(super) fn cell(concept: &Concept, column: Column) -> String {
    let of = |language, status| {
        let own = concept.terms_in(language).filter(move |term| term.status == status);
        layout::joined(&own.map(|term| term.text.as_str()).collect::<Vec<_>>())
    };
    match column {
        Column::Concept => concept.id.clone(),
        Column::Approved(language) => of(language, Status::Preferred),
        Column::Terms(language, status) => of(language, status),
        Column::Flags => layout::joined(&flags_of(concept)),
        Column::Other => String::new(),
        column => column.said(concept).unwrap_or_default(),
    }
}
