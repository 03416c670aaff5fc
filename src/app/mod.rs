//! One job a file: what the commands do, without a terminal.

pub mod align;
pub mod apply;
pub mod check;
pub mod documents;
pub mod exchange;
pub mod lookup;
pub mod pair;
pub mod run;
pub mod segmentation;
pub mod sets;
pub mod sift;
pub mod terms;

use std::io;

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
