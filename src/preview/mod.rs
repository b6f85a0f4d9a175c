//! A message as parts that a browser may show.
//!
//! Takes the bytes of a mail and the evidence of its verdict; gives values: its header fields, its
//! text in runs with the evidence marked, a list of its parts, and of an HTML part a page of its own
//! for a sandboxed frame. What a mail brings along is never fetched, run or made to be clicked.
//!
//! Text comes first: it is what was judged. Every value is text; only [`frame`] gives HTML, and
//! that is served with [`FRAME_POLICY`] or not at all.

mod address;
mod balanced;
mod fields;
mod frame;
mod marked;
mod view;

pub use address::{ShownAddress, shown};
pub use fields::Field;
pub use frame::{FRAME_POLICY, MAX_FRAME_OCTETS, frame};
pub use marked::{Run, marked};
pub use view::{PartKind, Passage, Preview, ShownPart, preview};
