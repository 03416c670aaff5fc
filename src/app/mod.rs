//! One job a file: what the commands do, without a terminal.

pub mod lookup;
