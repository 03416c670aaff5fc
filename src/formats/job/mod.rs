//! Translation jobs: a document on its way to a translator and back, one pair of languages a job.
//!
//! [`Job`] is what goes out, as XLIFF 1.2 or 2.1 (`xliff1`, `xliff2`); [`Returned`] is what an XLIFF of any version or
//! maker says when it comes in (`read`), and `said` judges what became of each segment. Inline codes are [`Mark`]s: which
//! code stands where; what a code is the source document alone knows.

mod base64;
mod marks;
mod read;
mod refill;
mod said;
mod scan;
mod skeleton;
pub mod table;
mod xliff1;
mod xliff2;

#[cfg(test)]
mod tests;

pub use marks::{Lost, Mark, Marked, Meaning, Role, meanings};
pub use read::{Returned, ReturnedSegment, read};
pub use refill::{Refill, recoded, refilled};
pub use said::{Done, Said};
pub use skeleton::{EMBEDDED, Skeleton};

use crate::{
    lang::Language,
    model::{Kind, State},
};
use std::{
    collections::HashMap,
    io::{self, Write},
};

/// A document's segments with what is known of their translations.
#[derive(Debug, Clone)]
pub struct Job {
    /// The document's name, without its folders.
    pub name: String,
    pub source: Language,
    pub target: Language,
    pub skeleton: Skeleton,
    /// On the job as a whole.
    pub notes: Vec<Remark>,
    pub segments: Vec<Segment>,
}

/// A segment of the document, in its order.
#[derive(Debug, Clone)]
pub struct Segment {
    /// From 1.
    pub number: usize,
    pub paragraph: usize,
    pub kind: Kind,
    pub source: Marked,
    /// What its codes are, by their ids.
    pub codes: HashMap<String, Meaning>,
    pub target: Option<Target>,
    /// Best first; the first is what a target was filled in from.
    pub proposals: Vec<Proposal>,
    pub terms: Vec<TermNote>,
    pub notes: Vec<Remark>,
}

/// A translation that stands in a job, and what is true of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub text: Marked,
    pub status: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Of another source text: nobody has looked at it.
    Fuzzy,
    /// Of the same source text, from the memory; nobody has looked at it in this job.
    Exact,
    /// The same between the same neighbours.
    Context,
    /// A person wrote it in an earlier edition of this job.
    Translated,
    /// A person said it is right.
    Approved,
}

/// A translation from the memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// In tenths of a percent; over 1000 in context.
    pub tenths: u16,
    pub kind: ProposalKind,
    pub source: String,
    pub target: Marked,
    /// Where it is from, in words.
    pub origin: String,
    /// Numbers or codes were put in.
    pub repaired: bool,
    pub state: Option<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalKind {
    Context,
    Exact,
    Fuzzy,
    /// Not by its score: parts of it, or another order.
    Labelled(&'static str),
}

impl Proposal {
    /// At most 100, rounded down to a tenth: `87.5`.
    pub fn percent(&self) -> String {
        let tenths = self.tenths.min(1000);
        match tenths % 10 {
            0 => (tenths / 10).to_string(),
            tenth => format!("{}.{tenth}", tenths / 10),
        }
    }

    /// Where it is from, with what was done to it: `release 002 (numbers put in)`.
    pub fn told(&self) -> String {
        let label = match self.kind {
            ProposalKind::Labelled(label) => Some(label),
            _ => None,
        };
        let repaired = self.repaired.then_some("numbers or codes put in");
        let said: Vec<&str> = label.into_iter().chain(repaired).collect();
        match said.is_empty() {
            true => self.origin.clone(),
            false => format!("{} ({})", self.origin, said.join(", ")),
        }
    }
}

/// A term of the glossary in a source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermNote {
    /// As it stands in the text.
    pub surface: String,
    /// As the glossary has it.
    pub term: String,
    /// What to write, the preferred one first.
    pub write: Vec<String>,
    /// What not to write.
    pub avoid: Vec<String>,
    pub note: Option<String>,
}

impl TermNote {
    /// `Milli Majlis → Milli Məclis (not: Milli Mejlis)`.
    pub fn told(&self) -> String {
        let mut out = format!("{} → {}", self.term, self.write.join("; "));
        if !self.avoid.is_empty() {
            out.push_str(&format!(" (not: {})", self.avoid.join("; ")));
        }
        if let Some(note) = &self.note {
            out.push_str(&format!(" — {note}"));
        }
        out
    }
}

/// A note and who says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub from: &'static str,
    pub text: String,
}

/// Writes a job as XLIFF 1.2. Segments without a translation have a copy of their source for a target, with the state
/// `needs-translation`: OmegaT offers the text of targets to the translator.
pub fn write_xliff1(job: &Job, to: &mut dyn Write) -> io::Result<()> {
    to.write_all(xliff1::written(job).as_bytes())
}

/// Writes a job as XLIFF 2.1 with the modules for candidates and glossaries.
pub fn write_xliff2(job: &Job, to: &mut dyn Write) -> io::Result<()> {
    to.write_all(xliff2::written(job).as_bytes())
}
