//! One transaction through reading, weighing and deciding; then hold or relay.
//!
//! Takes what a door heard, gives an [`Outcome`]. The envelope goes to the next hop in lock
//! step, so the client hears the next hop's own replies; the content waits until the dot, is
//! judged, and is then passed on in that same session or held.
//!
//! Promises: a [`Outcome::Held`] needs the store's commit and a [`Outcome::PassedOn`] the next
//! hop's 250; a mail to be held never reaches the next hop; whatever is uncertain is a
//! [`Failure`], a 4xx, so that the sender's server keeps the mail. What was begun at the dot is
//! ended even if the client has left, because the next hop may have the mail by then.

mod each;
mod hearing;
mod hop;
mod judging;
mod key;
mod mark;
mod noting;
mod outcome;
mod parts;
mod plan;
mod rewritten;
mod storing;
mod transaction;
mod whole;

pub use judging::{Inquiry, Judge, Judged, Judgement, Prompter};
pub use mark::{MARK_FIELD, mark_field};
pub use outcome::{Failure, Outcome};
pub use parts::{Clock, OnError, Parts, Pipeline, Settings};
pub use transaction::Transaction;

#[cfg(test)]
mod fakes;
#[cfg(test)]
mod hearing_tests;
#[cfg(test)]
mod tests;
