//! Hears what a person answers to a notice by mail: does it once, and says what was done.
//!
//! Takes a mail to the address of one hold, as the doors heard it; gives [`Heard`]. A reply counts if its
//! token names the hold, its From is the hold's sender or a deputy, and our own relay vouches for
//! that From ([`Trust`], RFC 8601). What it then asks for becomes one commit: the decision, its audit entry and
//! the answer that it owes. Machines' answers ask for nothing and are never answered. Nothing here is
//! ever passed on, and no mail of ours goes to anybody but the hold's sender.
//!
//! `address`: where replies go; `authentication` → `proof` → `believe`: whose it is; `wish`: what it comes to;
//! `hear` and `settle`: the walk, which ends in an `outcome`.

mod absence;
mod address;
mod authentication;
mod believe;
mod hear;
mod outcome;
mod proof;
mod settle;
#[cfg(test)]
mod tests;
mod wish;

pub use address::{Addressed, ReplyAddress};
pub use hear::{Letters, Parts, Replies, ReplyMail};
pub use outcome::{HearError, Heard, Taken};
pub use proof::{Deputy, Proof, Trust};
pub use settle::ANSWER;
pub use wish::Allowed;
