//! Concepts in text: where their terms stand in whatever form ([`Termbase::find`]), and what is wrong with them
//! ([`check`]).

mod find;
mod write;

pub use find::{Found, Overlap, Termbase};
pub use write::written;
