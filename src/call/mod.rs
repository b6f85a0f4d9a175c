//! Whom to call, at which number, and how to tell it.
//!
//! Pure: works on the reading, the decision and what the caller looked up.

mod sheet;

pub use sheet::{CallSheet, Guide, Number, Person};
