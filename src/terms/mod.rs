//! Concepts in text, and what is wrong with them.
