//! Files that were sent: kept for a while, tried, imported.
//!
//! A file is tried as it comes: its preview is an import that is taken back. It waits for the user's word in a temporary
//! file, which has no name of the user's making; the name is a label. A long import goes on while its page asks how far
//! it is.

use super::carried;
use crate::{
    app::{
        Watch, documents,
        exchange::{self, Import, Imported, OnConflict},
        quarantine::Quarantine,
    },
    formats::Remark,
    lang::Language,
    lookup::Score,
    memory::Memory,
    model::Unit,
    web::{
        error::WebError,
        office::Office,
        search::language_of,
        units::forbidding,
        visit::{Frame, Role, Visit, page},
    },
};
use askama::Template;
use axum::{
    Extension, Form,
    extract::{Multipart, Path, multipart::MultipartError},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    io::Write,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tempfile::NamedTempFile;

/// Files sent at once, and those of all users that wait; their bytes together.
const FILES: usize = 20;
const WAITING: usize = 16;
const BYTES: u64 = 256 * 1024 * 1024;
/// How long files wait.
const TIME: SignedDuration = SignedDuration::from_mins(20);
/// A field beside the files.
const FIELD: usize = 1024;
/// Characters of a label.
const LABEL: usize = 200;
/// How long an answer waits for the end of a job before it shows how far that is.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Units of a preview.
const FIRST: usize = 5;

/// The files that wait.
#[derive(Default)]
pub(super) struct Intakes(Mutex<Vec<Intake>>);

struct Intake {
    id: String,
    owner: String,
    made: Timestamp,
    files: Arc<Vec<Sent>>,
    how: How,
    stage: Stage,
}

/// A file that was sent.
struct Sent {
    label: String,
    file: NamedTempFile,
    size: u64,
}

#[derive(Clone)]
enum Stage {
    /// How far, in percent of all files together.
    Working(Arc<Percent>),
    Tried(Vec<Outcome>),
    Imported(Vec<Outcome>),
}

/// What became of a file, or would.
#[derive(Debug, Clone)]
struct Outcome {
    label: String,
    done: Result<Imported, String>,
    first: Vec<Unit>,
}

/// How files are imported, as it was chosen.
#[derive(Debug, Clone, Default)]
struct How {
    source: Option<Language>,
    target: Option<Language>,
    on_conflict: String,
    lenient: bool,
    quarantine: bool,
    /// Points; empty: what is known of the origin, or the usual.
    penalty: String,
}

impl How {
    fn of(fields: &[(String, String)]) -> Result<How, WebError> {
        let field = |name: &str| fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim());
        let how = How {
            source: language_of(field("from"))?,
            target: language_of(field("to"))?,
            on_conflict: field("on_conflict").to_owned(),
            lenient: field("lenient") == "1",
            quarantine: field("quarantine") == "1",
            penalty: field("penalty").to_owned(),
        };
        let way = how.way()?;
        how.points()?;
        if how.quarantine && way == OnConflict::Overwrite {
            return Err(WebError::bad("what goes into quarantine overwrites nothing"));
        }
        Ok(how)
    }

    fn way(&self) -> Result<OnConflict, WebError> {
        match self.on_conflict.as_str() {
            "" | "keep-both" => Ok(OnConflict::KeepBoth),
            "overwrite" => Ok(OnConflict::Overwrite),
            "skip" => Ok(OnConflict::Skip),
            other => Err(WebError::bad(format!("`{other}` is nothing that becomes of another translation"))),
        }
    }

    fn points(&self) -> Result<Option<Score>, WebError> {
        if self.penalty.is_empty() {
            return Ok(None);
        }
        let points = self.penalty.parse::<f64>().ok().filter(|points| (0.0..=100.0).contains(points));
        let points = points.ok_or_else(|| WebError::bad(format!("`{}` is no number from 0 to 100", self.penalty)))?;
        Ok(Some(Score::from_percent(points)))
    }
}

/// Steps of all files together, each of a hundred.
#[derive(Debug, Default)]
struct Percent {
    steps: AtomicUsize,
    files: usize,
}

impl Percent {
    fn now(&self) -> usize {
        (self.steps.load(Ordering::Relaxed) / self.files.max(1)).min(100)
    }
}

impl Watch for Percent {
    fn begin(&self, _: &'static str, _: usize) {}

    fn step(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }
}

impl Intakes {
    fn all(&self) -> MutexGuard<'_, Vec<Intake>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes files in, if there is room; of the same user's older ones give way.
    fn enter(&self, intake: Intake) -> Result<(), WebError> {
        let mut all = self.all();
        let is_old = |known: &Intake| intake.made.duration_since(known.made) > TIME;
        all.retain(|known| known.is_working() || !is_old(known));
        let bytes = |intake: &Intake| intake.files.iter().map(|sent| sent.size).sum::<u64>();
        loop {
            let taken: u64 = all.iter().map(bytes).sum();
            if all.len() < WAITING && taken + bytes(&intake) <= BYTES {
                all.push(intake);
                return Ok(());
            }
            let own = all.iter().position(|known| known.owner == intake.owner && !known.is_working());
            all.remove(own.ok_or(WebError::Busy)?);
        }
    }

    /// Lets `job` at an intake of this user.
    fn with<T>(&self, id: &str, owner: &str, job: impl FnOnce(&mut Intake) -> T) -> Result<T, WebError> {
        let mut all = self.all();
        let found = all.iter_mut().find(|intake| intake.id == id && intake.owner == owner);
        found.map(job).ok_or(WebError::NotFound)
    }
}

impl Intake {
    fn is_working(&self) -> bool {
        matches!(self.stage, Stage::Working(_))
    }
}

impl From<MultipartError> for WebError {
    fn from(error: MultipartError) -> WebError {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
            _ => WebError::Bad(error.body_text()),
        }
    }
}

/// What a file is called: the last part of the name the browser gave, whatever system it is from.
fn label(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let label: String = last.chars().filter(|c| !c.is_control()).take(LABEL).collect();
    match label.trim() {
        "" | "." | ".." => "file".to_owned(),
        label => label.to_owned(),
    }
}

/// The fields of a form with files, and the files.
async fn received(mut form: Multipart) -> Result<(Vec<(String, String)>, Vec<Sent>), WebError> {
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(mut field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let mut value = Vec::new();
            while let Some(piece) = field.chunk().await? {
                value.extend_from_slice(&piece);
                if value.len() > FIELD {
                    return Err(WebError::TooLarge);
                }
            }
            fields.push((name, String::from_utf8_lossy(&value).into_owned()));
            continue;
        };
        let failed = |error: std::io::Error| WebError::inside(&error);
        let mut sent = Sent { label: label(&file_name), file: NamedTempFile::new().map_err(failed)?, size: 0 };
        while let Some(piece) = field.chunk().await? {
            sent.size += piece.len() as u64;
            sent.file.write_all(&piece).map_err(failed)?;
        }
        // A browser sends an empty part where no file was chosen.
        if sent.size == 0 && file_name.is_empty() {
            continue;
        }
        if files.len() == FILES {
            return Err(WebError::bad(format!("no more than {FILES} files at once")));
        }
        files.push(sent);
    }
    Ok((fields, files))
}

/// Takes files in and tries them.
pub(super) async fn take(
    visit: Visit,
    Extension(intakes): Extension<Arc<Intakes>>,
    form: Multipart,
) -> Result<Response, WebError> {
    visit.may(Role::Translator)?;
    let (fields, files) = received(form).await?;
    if files.is_empty() {
        return Err(WebError::bad("no file was sent"));
    }
    let how = How::of(&fields)?;
    let mut chance = [0; 16];
    getrandom::fill(&mut chance).map_err(|error| WebError::inside(&error))?;
    let id: String = chance.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent = Arc::new(Percent { files: files.len(), ..Percent::default() });
    intakes.enter(Intake {
        id: id.clone(),
        owner: visit.person.name.clone(),
        made: visit.office.now(),
        files: Arc::new(files),
        how,
        stage: Stage::Working(Arc::clone(&percent)),
    })?;
    run(&visit, intakes, id.clone(), percent, true).await?;
    Ok(Redirect::to(&format!("/files/import/{id}")).into_response())
}

/// Runs the job of an intake, and waits for it a while.
async fn run(
    visit: &Visit,
    intakes: Arc<Intakes>,
    id: String,
    percent: Arc<Percent>,
    trial: bool,
) -> Result<(), WebError> {
    let who = visit.person.name.clone();
    let (files, how) = intakes.with(&id, &who, |intake| (Arc::clone(&intake.files), intake.how.clone()))?;
    let office = Arc::clone(&visit.office);
    let job = tokio::spawn(async move {
        let (files, how, name) = (files, Arc::new(how), who.clone());
        let mut outcomes = Vec::new();
        for pair in pairs(&files, &how) {
            let (files, how, who, percent) = (Arc::clone(&files), Arc::clone(&how), name.clone(), Arc::clone(&percent));
            let label = files[pair.0].label.clone();
            let done = office
                .write(move |office, memory| {
                    let (file, beside) = (&files[pair.0], pair.1.map(|at| &files[at]));
                    Ok(one(office, memory, (file, beside), &how, (&who, &percent, trial)))
                })
                .await;
            outcomes.push(done.unwrap_or_else(|error| {
                let what = error.detail().map(str::to_owned);
                if let WebError::Inside(what) = &error {
                    (office.setup.complain)(what);
                }
                let what = what.unwrap_or_else(|| "the memory cannot be written to now".to_owned());
                Outcome { label, done: Err(what), first: Vec::new() }
            }));
        }
        let stage = if trial { Stage::Tried(outcomes) } else { Stage::Imported(outcomes) };
        // Files that are in the memory need not wait.
        let _ = intakes.with(&id, &who, |intake| {
            intake.stage = stage;
            if !trial {
                intake.files = Arc::default();
            }
        });
    });
    // It goes on when nobody waits for it.
    let _ = tokio::time::timeout(PATIENCE, job).await;
    Ok(())
}

/// The files one by one; or two of which the second translates the first line by line.
fn pairs(files: &[Sent], how: &How) -> Vec<(usize, Option<usize>)> {
    if let ([first, second], Some(from), Some(to)) = (files, how.source, how.target)
        && exchange::are_line_by_line(first.file.path(), second.file.path())
    {
        let language = |sent: &Sent| documents::language_of(std::path::Path::new(&sent.label));
        let reversed = (language(first), language(second)) == (Some(to), Some(from)) && from != to;
        return vec![if reversed { (1, Some(0)) } else { (0, Some(1)) }];
    }
    (0..files.len()).map(|at| (at, None)).collect()
}

/// Imports one file, or tries to.
fn one(
    office: &Office,
    memory: &Memory,
    (sent, beside): (&Sent, Option<&Sent>),
    how: &How,
    (who, percent, trial): (&str, &Percent, bool),
) -> Outcome {
    let imported = || -> Result<(Imported, Vec<Unit>), WebError> {
        let quarantine = match how.quarantine {
            true => Some(Quarantine { penalty: how.points()?, concepts: forbidding(office, &memory.read()?)? }),
            false => None,
        };
        let carried = if trial { Vec::new() } else { carried(office) };
        let options = Import {
            name: &sent.label,
            lenient: how.lenient,
            dry_run: trial,
            source: how.source,
            target: how.target,
            beside: beside.map(|sent| sent.file.path()),
            now: office.now(),
            who,
            on_conflict: how.way()?,
            backups: Some((&office.setup.backups, &carried)),
            quarantine: quarantine.as_ref(),
            watch: percent,
            remarks: &|_: bool, _: &Remark| {},
        };
        let done = exchange::import(office.memory(), sent.file.path(), &options)?;
        let first = match trial {
            true => exchange::first_units(sent.file.path(), &options, FIRST)?,
            false => Vec::new(),
        };
        Ok((done, first))
    };
    let label = sent.label.clone();
    match imported() {
        Ok((done, first)) => Outcome { label, done: Ok(done), first },
        Err(WebError::Inside(what)) => {
            (office.setup.complain)(&what);
            Outcome {
                label,
                done: Err("this cannot be read; the server's log says more".to_owned()),
                first: Vec::new(),
            }
        }
        Err(error) => Outcome { label, done: Err(error.detail().unwrap_or_default().to_owned()), first: Vec::new() },
    }
}

#[derive(Template)]
#[template(path = "files-import.html")]
struct Page {
    frame: Frame,
    id: String,
    languages: Vec<Language>,
    how: How,
    stage: Stage,
}

impl Page {
    /// How far it is; `None` where it has ended.
    fn percent(&self) -> Option<usize> {
        match &self.stage {
            Stage::Working(percent) => Some(percent.now()),
            _ => None,
        }
    }

    fn is_imported(&self) -> bool {
        matches!(self.stage, Stage::Imported(_))
    }

    fn outcomes(&self) -> &[Outcome] {
        match &self.stage {
            Stage::Working(_) => &[],
            Stage::Tried(outcomes) | Stage::Imported(outcomes) => outcomes,
        }
    }

    /// Whether there is anything to import.
    fn any(&self) -> bool {
        self.outcomes().iter().any(|outcome| outcome.done.is_ok())
    }
}

pub(super) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Extension(intakes): Extension<Arc<Intakes>>,
) -> Result<Response, WebError> {
    let (how, stage) = intakes.with(&id, &visit.person.name, |intake| (intake.how.clone(), intake.stage.clone()))?;
    let languages = visit.office.read(|_, reader| Ok(reader.languages()?)).await?;
    page(&Page { frame: visit.frame("files"), id, languages, how, stage })
}

/// Imports what was tried; or tries it in another way.
pub(super) async fn go(
    visit: Visit,
    Path(id): Path<String>,
    Extension(intakes): Extension<Arc<Intakes>>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    visit.may(Role::Translator)?;
    let how = How::of(&fields)?;
    let trial = !fields.iter().any(|(name, value)| name == "step" && value == "import");
    let may_edit = visit.may(Role::Editor).is_ok();
    let percent = intakes.with(&id, &visit.person.name, |intake| {
        match &intake.stage {
            Stage::Working(_) => return Err(WebError::Conflict("it is being read still".to_owned())),
            Stage::Imported(_) => return Err(WebError::Conflict("these files are imported already".to_owned())),
            Stage::Tried(outcomes) => {
                let terms = |outcome: &Outcome| outcome.done.as_ref().is_ok_and(|done| done.concepts > 0);
                // What is a term is for editors to say.
                if !trial && !may_edit && outcomes.iter().any(terms) {
                    return Err(WebError::Forbidden);
                }
            }
        }
        let percent = Arc::new(Percent { files: intake.files.len(), ..Percent::default() });
        (intake.how, intake.stage) = (how, Stage::Working(Arc::clone(&percent)));
        Ok(percent)
    })??;
    run(&visit, intakes, id.clone(), percent, trial).await?;
    Ok(Redirect::to(&format!("/files/import/{id}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(label: &str, size: u64) -> Sent {
        Sent { label: label.to_owned(), file: NamedTempFile::new().unwrap(), size }
    }

    fn intake(id: usize, owner: &str, minute: i64, size: u64) -> Intake {
        Intake {
            id: id.to_string(),
            owner: owner.to_owned(),
            made: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute),
            files: Arc::new(vec![sent(&id.to_string(), size)]),
            how: How::default(),
            stage: Stage::Tried(Vec::new()),
        }
    }

    fn ids(intakes: &Intakes) -> Vec<String> {
        intakes.all().iter().map(|intake| intake.id.clone()).collect()
    }

    #[test]
    fn a_name_is_a_label() {
        for (name, wanted) in [
            ("agency.tmx", "agency.tmx"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\anna\yaddaş 1.tmx", "yaddaş 1.tmx"),
            ("a\u{0}b\n.tmx", "ab.tmx"),
            ("..", "file"),
            ("", "file"),
            ("x/", "file"),
        ] {
            assert_eq!(label(name), wanted, "{name}");
        }
        assert_eq!(label(&"ə".repeat(1000)).chars().count(), LABEL);
    }

    #[test]
    fn files_wait_for_a_while_and_not_too_many() {
        let intakes = Intakes::default();
        for n in 0..WAITING {
            intakes.enter(intake(n, if n % 2 == 0 { "anna" } else { "leyla" }, n as i64, 1)).unwrap();
        }
        // One's own oldest gives way.
        intakes.enter(intake(100, "leyla", 16, 1)).unwrap();
        assert!(!ids(&intakes).contains(&"1".to_owned()) && ids(&intakes).contains(&"0".to_owned()));
        assert_eq!(intakes.enter(intake(101, "nigar", 16, 1)).unwrap_err(), WebError::Busy);
        // After a time all do.
        intakes.enter(intake(102, "nigar", 60, 1)).unwrap();
        assert_eq!(ids(&intakes), ["102"]);
        assert_eq!(intakes.enter(intake(103, "anna", 61, BYTES)).unwrap_err(), WebError::Busy);
        intakes.enter(intake(104, "nigar", 61, BYTES)).unwrap();
        assert_eq!(ids(&intakes), ["104"]);
        assert!(intakes.with("104", "nigar", |_| ()).is_ok());
        assert_eq!(intakes.with("104", "anna", |_| ()).unwrap_err(), WebError::NotFound);
    }

    #[test]
    fn how_files_are_imported_is_checked() {
        let how = |fields: &[(&str, &str)]| {
            let fields: Vec<_> = fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            How::of(&fields)
        };
        let good = how(&[("from", "en"), ("to", "az"), ("quarantine", "1"), ("penalty", "7.5")]).unwrap();
        assert_eq!((good.source, good.points().unwrap()), (Some(Language::EN), Some(Score::from_tenths(75))));
        for wrong in [
            &[("from", "no language")][..],
            &[("on_conflict", "wipe")],
            &[("penalty", "-1")],
            &[("penalty", "NaN")],
            &[("quarantine", "1"), ("on_conflict", "overwrite")],
        ] {
            assert!(matches!(how(wrong), Err(WebError::Bad(_))), "{wrong:?}");
        }
    }

    #[test]
    fn two_plain_texts_are_read_line_by_line_where_the_languages_are_said() {
        let text = |label: &str, body: &str| {
            let mut sent = sent(label, 1);
            sent.file.write_all(body.as_bytes()).unwrap();
            sent
        };
        let [az, en] = ["news.az.txt", "news.en.txt"];
        let files = [text(az, "Bir\nİki\n"), text(en, "One\nTwo\n")];
        let how = How { source: Some(Language::EN), target: Some(Language::AZ), ..How::default() };
        assert_eq!(pairs(&files, &how), [(1, Some(0))]);
        assert_eq!(pairs(&files, &How::default()), [(0, None), (1, None)]);
    }
}
