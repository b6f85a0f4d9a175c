//! What a message says: always a [`Reading`] and the [`Defect`]s met, never a failure.
//!
//! Takes the bytes as received, gives the words its sender newly wrote apart from
//! what was quoted, forwarded, signed or appended. Everything has a limit; odd mail
//! is not an error, it is read as the union of what mail programs would show.
//!
//! The way of the bytes, file by file: `fields` → `header`; `media` and `boundaries` → `parts`;
//! `decode` → `charset` → `html` or `lines` → `zones` → `sentences` → `language`. Which quotes
//! and signatures are believed is told in `zones`.

mod abbreviations;
mod addresses;
mod beginnings;
mod boundaries;
mod charset;
mod closings;
mod decode;
mod defects;
mod fields;
mod header;
mod html;
mod html_names;
mod html_style;
mod html_tags;
mod language;
mod leaves;
mod lines;
mod marks;
mod media;
mod normal;
mod parameters;
mod parts;
mod phrases;
mod read;
mod reading;
mod sentences;
mod uuencode;
mod words;
mod zones;

pub use closings::{is_formula, is_postscript};
use defects::Met;
pub use header::undecoded;
pub use html_tags::bounded as bounded_tags;
pub use leaves::{Leaf, OpenLeaf, leaves, open_leaf};
pub use marks::bare_subject;
pub use normal::normal;
pub use read::{Attached, attached, closed, read};
pub use reading::{
    Address, Attachment, Defect, Header, Language, Limits, Passage, PassageKind, Reading, Sentence,
};
pub use sentences::sentences;
