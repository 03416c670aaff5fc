//! One job a file: what the commands do, without a terminal.

pub mod align;
pub mod apply;
pub mod check;
pub mod documents;
pub mod exchange;
pub mod lookup;
pub mod pair;
pub mod rules;
pub mod run;
pub mod sets;
pub mod terms;

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
