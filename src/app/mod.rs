//! One job a file: what the commands do, without a terminal.

pub mod adopt;
pub mod align;
pub mod analyse;
pub mod apply;
pub mod backups;
pub mod check;
pub mod decisions;
pub mod documents;
pub mod exchange;
pub mod fill;
mod footers;
pub mod gate;
pub mod impact;
pub mod lookup;
pub mod pair;
pub mod people;
pub mod quarantine;
pub mod release;
pub mod review;
pub mod run;
pub mod save;
pub mod segmentation;
pub mod sets;
pub mod sift;
mod stored;
pub mod suggest;
pub mod termbase;
pub mod terms;
pub mod texts;
pub mod upkeep;

use crate::align::Progress;
use jiff::Timestamp;
use std::{io, sync::Once};

/// Beads at least so sure are accepted where nobody says otherwise.
pub const ACCEPT: f32 = 0.9;

/// Told how far a long job is; called from any thread.
pub trait Watch: Sync {
    /// A stage of `length` steps begins.
    fn begin(&self, what: &'static str, length: usize);
    fn step(&self);
}

/// For callers that show nothing.
pub struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _: &'static str, _: usize) {}
    fn step(&self) {}
}

/// Tells a watch how far an alignment is: its lessons are one stage, its sets another.
struct Aligning<'w> {
    watch: &'w dyn Watch,
    sets: usize,
    begun: Once,
}

impl<'w> Aligning<'w> {
    fn new(watch: &'w dyn Watch, sets: usize) -> Aligning<'w> {
        Aligning { watch, sets, begun: Once::new() }
    }
}

impl Progress for Aligning<'_> {
    fn lessons(&self, count: usize) {
        self.watch.begin("learning", count);
    }

    fn lesson(&self) {
        self.watch.step();
    }

    fn set(&self) {
        self.begun.call_once(|| self.watch.begin("aligning", self.sets));
        self.watch.step();
    }
}

/// What the system says of a file, in words people know.
pub fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder, not a file".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    }
}

/// A date as people write it, with a time or without: `2024-05-01`. UTC where nothing else is said.
///
/// # Errors
/// What is no date, in words for the user.
pub fn date(text: &str) -> Result<Timestamp, String> {
    if let Ok(date) = text.parse() {
        return Ok(date);
    }
    let civil: jiff::civil::DateTime = text.parse().map_err(|_| "a date is written `2024-05-01`".to_owned())?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).map(|z| z.timestamp()).map_err(|error| error.to_string())
}
