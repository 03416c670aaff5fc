//! XLIFF 1.0 to 1.2 and 2.x in, 1.2 out.
//!
//! A segment with a translation becomes a unit. Suggestions (`alt-trans`, `mtc:match`) never do.
//!
//! | in the file | the unit |
//! |---|---|
//! | `approved="yes"`, `final`, `signed-off`, `reviewed` | approved |
//! | `translated`, or nothing said | imported |
//! | `approved="no"`, `needs-…` but those below, `initial`, a fuzzy or machine-made `state-qualifier` | pending |
//! | `new`, `needs-translation`, `translate="no"`, no target, a copy of the source nobody approved | skipped and named |
//!
//! Inline codes come in as TMX has them: `g` and `pc` as `bpt` and `ept`, `x` and `ph` as `ph`, `bx`, `ex`, `sc` and
//! `ec` as `it`; the tag itself is their native code.

mod inline;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::read;
pub use write::Writer;
