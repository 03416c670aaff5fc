//! yaddash: translation memory and terminology for releases in English, Azerbaijani and Russian.
//!
//! # The data's way
//!
//! ```text
//! files ── formats ──> Document ── segment ──> Segments ── align ──> Bitext ── app ──> memory (SQLite)
//!                                                             │                          │
//! glossary ── formats ──> Concepts ── terms ──────────────────┴──> Findings ── report    ├── lookup ──> matches
//!                                                                                        └── concordance ──> lines
//! ```
//!
//! # The map
//!
//! | module | what it does | to change … look in |
//! |---|---|---|
//! | [`text`] | spans, lines, tokens, comparison keys, word diff; no language, no file | |
//! | [`lang`] | the one place that knows en, az, ru: casing, letters, inflection, names across scripts | rows and tables there |
//! | [`model`] | the plain types all others share | |
//! | [`segment`] | text to segments: rules, abbreviations, headings, lists, footers | its rule tables |
//! | [`align`] | two or more segment lists to beads; counterparts among files | |
//! | [`memory`] | the SQLite file: schema, batches, history, index; nobody else speaks SQL | |
//! | [`lookup`] | a query to scored matches | `lookup::score` for the score, `lookup::repair` for what is carried into a target |
//! | [`concordance`] | a pattern to keywords in context | |
//! | [`rules`] | what `check` looks for: levels, reasons, examples | a table a kind |
//! | [`terms`] | concepts in text, and what is wrong with them | |
//! | [`suggest`] | what recurs in translated texts and the glossary lacks, or has otherwise | its rows of words that terms are not made of |
//! | [`noise`] | look-alike letters and words that ran together | its rows of function words |
//! | [`qa`] | what else is wrong with a text or a translation: numbers, links, marks, passages, consistency | a file a kind; `qa::rows` for the languages |
//! | [`formats`] | the edge: documents (txt, md, html, docx, odt), TMX, TBX, XLIFF, PO, XLSX, CSV, JSON Lines, SRX; jobs for translators, projects of OmegaT | a file a format |
//! | [`report`] | findings as text, JSON, SARIF and others | a file a form |
//! | [`app`] | one job a file, with no terminal: run, align, check, exchange, fill | |
//! | [`web`] | the workbench and what CAT tools ask over HTTP (feature `serve`) | a file a page |
//! | [`cli`] | arguments, configuration, printing | a file a command |
//!
//! Imports run one way: `text` ← `lang` ← `model` ← `rules`, `segment`, `align`, `memory`, `formats`, `report`,
//! `noise`; `rules` ← `terms`; `align`, `terms` ← `suggest`; `memory` ← `lookup`, `concordance`; `rules`, `lookup` ← `qa`; all of these ← `app` ←
//! `web` ← `cli`. `tests/layout.rs` reads the `use` lines and fails on an arrow the other way.

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod align;
pub mod app;
pub mod cli;
pub mod concordance;
pub mod formats;
pub mod lang;
pub mod lookup;
pub mod memory;
pub mod model;
pub mod noise;
pub mod qa;
pub mod report;
pub mod rules;
pub mod segment;
pub mod suggest;
pub mod terms;
pub mod text;
#[cfg(feature = "serve")]
pub mod web;

pub use lang::Language;
pub use model::{Bead, Bitext, Concept, Document, Finding, Segment, Status, Term, Unit, UnitId, Variant};
