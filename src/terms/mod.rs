//! Concepts in text, and what is wrong with them.

pub mod names;
