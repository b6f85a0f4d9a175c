//! What a message says: always a [`Reading`] and the [`Defect`]s met, never a failure.
//!
//! Takes the bytes as received, gives the words its sender newly wrote apart from
//! what was quoted, forwarded, signed or appended. Everything has a limit; odd mail
//! is not an error, it is read as the union of what mail programs would show.

mod reading;

pub use reading::{
    Address, Attachment, Defect, Header, Language, Limits, Passage, PassageKind, Reading, Sentence,
};
