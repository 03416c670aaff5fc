//! The edge: readers and writers of files, each to and from `model` only.
pub mod documents;
