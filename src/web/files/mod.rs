//! Files: import with a preview, export, backups, and whether the memory is sound.

mod intake;
mod spooled;

use super::{
    Web,
    error::WebError,
    guard::FILE,
    search::{date_of, language_of, text_of},
    visit::{Frame, Role, Visit, page},
};
use crate::{
    app::{
        backups,
        exchange::{self, Export, ExportForm},
        quarantine,
    },
    lang::Language,
    memory::{Carried, Mend, Report, Status},
};
use askama::Template;
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Path, Query},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use intake::Intakes;
use serde::Deserialize;
use spooled::Spooled;
use std::{fs::File, sync::Arc};

/// The forms units and terms go out in: name, form, ending, type, word.
const FORMS: &[(&str, ExportForm, &str, &str, &str)] = &[
    ("tmx", ExportForm::Tmx, "tmx", "application/x-tmx+xml", "TMX"),
    (
        "xlsx",
        ExportForm::Xlsx,
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel (XLSX)",
    ),
    ("csv", ExportForm::Csv, "csv", "text/csv; charset=utf-8", "CSV"),
    ("tsv", ExportForm::Tsv, "tsv", "text/tab-separated-values; charset=utf-8", "TSV"),
    ("jsonl", ExportForm::JsonLines, "jsonl", "application/jsonl; charset=utf-8", "JSON Lines"),
    ("xliff", ExportForm::Xliff, "xlf", "application/xliff+xml", "XLIFF 1.2"),
    ("xliff2", ExportForm::Xliff2, "xlf", "application/xliff+xml", "XLIFF 2.1"),
    ("po", ExportForm::Po, "po", "text/x-gettext-translation; charset=utf-8", "PO"),
    ("tbx", ExportForm::Tbx, "tbx", "application/x-tbx", "TBX"),
];

#[derive(Template)]
#[template(path = "files.html")]
struct Page {
    frame: Frame,
    languages: Vec<Language>,
    status: Status,
    waiting: usize,
    backups: Vec<Kept>,
    /// Days since the last backup, where they are more than a week.
    overdue: Option<i64>,
    /// The backup that was just taken.
    done: String,
}

/// A backup.
#[derive(Debug, Clone)]
struct Kept {
    name: String,
    made: String,
    megabytes: String,
}

impl Page {
    fn forms(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        FORMS.iter().map(|(name, .., word)| (*name, *word))
    }

    fn megabytes(&self) -> String {
        megabytes(self.status.size_bytes)
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    done: String,
}

async fn files(visit: Visit, Query(shown): Query<Shown>) -> Result<Response, WebError> {
    let (languages, status, waiting) = visit
        .office
        .read(|_, reader| Ok((reader.languages()?, reader.status()?, quarantine::waiting(reader)?)))
        .await?;
    let office = Arc::clone(&visit.office);
    let (backups, overdue) = visit
        .office
        .work(move || {
            let list = office.setup.backups.list();
            let newest = list.first().map(|(_, made)| *made);
            let age = newest.map(|made| office.now().duration_since(made).as_hours() / 24);
            let copies = list.into_iter().map(|(path, made)| Kept {
                name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                made: made.strftime("%F %H:%M").to_string(),
                megabytes: megabytes(path.metadata().map_or(0, |about| about.len())),
            });
            Ok((copies.collect(), age.filter(|days| *days >= 7)))
        })
        .await?;
    page(&Page { frame: visit.frame("files"), languages, status, waiting, backups, overdue, done: shown.done })
}

/// What is asked to go out. `to` may come more than once.
fn wanted(fields: &[(String, String)], visit: &Visit) -> Result<(Export, &'static str, &'static str), WebError> {
    let field = |name: &str| fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    let named = FORMS.iter().find(|(name, ..)| *name == field("form"));
    let (name, form, ending, kind, _) =
        *named.ok_or_else(|| WebError::bad(format!("`{}` is no form to export", field("form"))))?;
    let mut to = Vec::new();
    for (_, value) in fields.iter().filter(|(own, _)| own == "to") {
        to.extend(language_of(value)?);
    }
    to.sort_unstable();
    to.dedup();
    let from = language_of(field("from"))?;
    if matches!(form, ExportForm::Xliff | ExportForm::Xliff2 | ExportForm::Po) && (from.is_none() || to.len() != 1) {
        return Err(WebError::bad(format!(
            "{name} holds one pair of languages: choose the source and one translation"
        )));
    }
    let origin = text_of(field("origin"));
    let (since, pending) = (date_of(field("since"))?, field("pending") == "1");
    Ok((Export { form, from, to, origin, since, pending, now: visit.office.now() }, ending, kind))
}

async fn export(visit: Visit, Query(fields): Query<Vec<(String, String)>>) -> Result<Response, WebError> {
    let (wanted, ending, kind) = wanted(&fields, &visit)?;
    let name = format!("yaddash-{}.{ending}", wanted.now.strftime("%F"));
    let office = Arc::clone(&visit.office);
    // Whole before the first byte goes out: so that what fails is told, and nothing lies in memory.
    let spooled = visit
        .office
        .work(move || {
            let mut file = std::io::BufWriter::new(tempfile::tempfile().map_err(|error| WebError::inside(&error))?);
            exchange::export(office.memory(), &wanted, &mut file)?;
            let file = file.into_inner().map_err(|error| WebError::inside(&error))?;
            Spooled::new(file).map_err(|error| WebError::inside(&error))
        })
        .await?;
    Ok(spooled.download(&name, kind))
}

/// What goes with a backup.
fn carried(office: &super::Office) -> Vec<Carried> {
    backups::carried(office.setup.settings.as_deref(), &office.setup.glossary).0
}

async fn backup(visit: Visit) -> Result<Response, WebError> {
    visit.may(Role::Editor)?;
    let name = visit
        .office
        .read(|office, reader| {
            let path = reader.take_backup(&office.setup.backups, &carried(office), office.now())?;
            Ok(path.file_name().unwrap_or_default().to_string_lossy().into_owned())
        })
        .await?;
    let done = super::visit::query_of(&[("done", &name)]);
    Ok(Redirect::to(&format!("/files?{done}#backups")).into_response())
}

/// A backup as a file. Its name is one of those that are listed, so no path leads elsewhere.
async fn copy(visit: Visit, Path(name): Path<String>) -> Result<Response, WebError> {
    visit.may(Role::Editor)?;
    let (office, wanted) = (Arc::clone(&visit.office), name.clone());
    let spooled = visit
        .office
        .work(move || {
            let list = office.setup.backups.list();
            let found = list.into_iter().find(|(path, _)| path.file_name().is_some_and(|own| *own == *wanted));
            let (path, _) = found.ok_or(WebError::NotFound)?;
            File::open(path).and_then(Spooled::new).map_err(|error| WebError::inside(&error))
        })
        .await?;
    Ok(spooled.download(&name, "application/vnd.sqlite3"))
}

#[derive(Template)]
#[template(path = "files-health.html")]
struct Health {
    frame: Frame,
    report: Report,
}

impl Health {
    /// Only the index is wrong, which is made of the texts.
    fn index_only(&self) -> bool {
        matches!(self.report.mend[..], [Mend::Reindex])
    }
}

async fn health(visit: Visit) -> Result<Response, WebError> {
    visit.may(Role::Editor)?;
    let report = visit.office.read(|_, reader| Ok(reader.check()?)).await?;
    page(&Health { frame: visit.frame("files"), report })
}

pub fn routes() -> Router<Web> {
    let intakes: Arc<Intakes> = Arc::default();
    let taking = Router::new()
        .route("/files/import", post(intake::take).layer(DefaultBodyLimit::max(FILE)))
        .route("/files/import/{intake}", get(intake::show).post(intake::go))
        .layer(Extension(intakes));
    Router::new()
        .route("/files", get(files))
        .route("/files/export", get(export))
        .route("/files/backup", post(backup))
        .route("/files/backup/{name}", get(copy))
        .route("/files/health", get(health))
        .merge(taking)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_export_has_its_row() {
        let names: std::collections::BTreeSet<&str> = FORMS.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names.len(), FORMS.len());
        assert_eq!(FORMS.len(), 9, "as many as ExportForm has");
    }
}
