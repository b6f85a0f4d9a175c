//! A second opinion on a mail in doubt: what is asked, and what an answer is worth.
//!
//! Takes a [`Reading`](crate::message::Reading) and the first decision; gives a [`Question`] of the
//! sender's own sentences, names and numbers masked, cut to a limit. Takes what came back; gives an
//! [`Answer`] or why it is none. Asking is the room `consult`'s.

mod answer;
mod choice;
mod mask;
mod question;

pub use answer::{Answer, Invalid};
pub use mask::Mask;
pub use question::{Limits, Question, RULE_VERSION};

#[cfg(test)]
pub(crate) mod in_tests;
