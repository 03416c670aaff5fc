//! Unicode text without a language: positions, tokens, keys for comparing, word edits.

pub mod diff;
pub mod glob;
pub mod normal;
pub mod quoted;
pub mod span;
pub mod token;

pub use span::{LineIndex, Position, Span, prefix};
pub use token::{Token, TokenKind, tokens};
