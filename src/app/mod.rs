//! One job a file: what the commands do, without a terminal.

pub mod align;
pub mod documents;
pub mod pair;
pub mod sets;
