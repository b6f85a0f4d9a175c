//! Who works with whom: a sender's team, its lead and its working hours; and when what happens to
//! a hold of theirs that nobody decides.
//!
//! Pure: the time is an argument. Senders in no team belong to the house itself, so that nobody is
//! without hours.

mod plan;
mod teams;

pub use plan::{End, Plan};
pub use teams::{Member, Team, Teams};
