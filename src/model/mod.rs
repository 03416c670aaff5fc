//! Plain types that all parts share; no behaviour beyond their own invariants.

mod bitext;
mod concept;
mod document;
mod finding;
mod unit;

pub use bitext::{Bead, Bitext, Mark};
pub use concept::{Concept, Content, Element, Kept, Period, Remarks, Status, Term};
pub use document::{Anchor, Block, BlockKind, Document, Kind, Segment, SourceMap};
pub use finding::{Finding, Fix, Level, Place, Rule};
pub use unit::{Code, CodeKind, Context, Note, Origin, Prop, Provenance, State, Unit, UnitId, Variant, code_sign};
