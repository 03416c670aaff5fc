//! The edge: readers and writers of files, each to and from `model` only.

pub mod bitable;
pub mod glossary;
