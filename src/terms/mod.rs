//! Concepts in text: where their terms stand in whatever form ([`Termbase::find`]), and what is wrong with them
//! ([`check`]).

mod check;
mod find;
mod index;
pub mod names;
mod resemble;
mod texts;
mod words;
mod write;

pub use check::check;
pub use find::{Found, Overlap, Termbase};
pub use write::{written, written_as};
