//! What our mails and pages say: lines that ship, an organisation's own lines over them, and the
//! language that a reader gets.
//!
//! The rooms that speak keep their shipped lines as plain structs, made with the macro `lines!`; so
//! every field is a line that may be replaced, under its own name, without a second list. Pure: takes
//! [`Source`](crate::policy::Source)s, gives [`Own`] lines or every mistake in them.

mod file;
mod languages;
mod lines;
mod own;
mod sample;

pub(crate) use self::lines::{Fixed, Key, Lines, Visit, lines, shipped};
pub use self::{languages::Languages, lines::Shipped, own::Own, sample::sample};
