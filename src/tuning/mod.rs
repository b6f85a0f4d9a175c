//! From "this was wrong" to a change of a policy.
//!
//! Takes the policy files as text, one mail and a mark ([`Mark`]); gives [`Proposal`]s: small changes of
//! those files, each of which cures the mail, as TOML with comments and order kept, and as a diff.
//! Every one brings a `[[test]]` made of the mail, names and numbers out, so that it cannot come back.
//! An [`Effect`] says what a change does to the policies' own tests and to the mails of the
//! [`Reference`] set; it refuses what loses too much ([`Effect::refusals`]). Writes nothing and
//! decides nothing: an admin does.

mod bench;
mod cure;
mod diff;
mod edit;
mod effect;
mod figures;
mod masked;
mod missed;
mod phrase;
mod proposal;
mod reference;
mod standing;
mod wrong;

pub use bench::{Bench, Sets};
pub use diff::unified;
pub use edit::{Edit, EditError, Except, NewSignal, apply as edited};
pub use effect::{Effect, FailedTest};
pub use figures::{Changed, Comparison, Figures, Share};
pub use missed::missed;
pub use proposal::{FileChange, Kind, Mark, Nothing, Proposal, file_changes};
pub use reference::{Reference, Row, SetError};
pub use standing::{LEAST_MARKS, LEAST_PEOPLE, MARKS_COUNT_DAYS, Marked, Standing, standing};
pub use wrong::wrong;

#[cfg(test)]
mod tests;
