//! Pass, hold or observe: per recipient, with the reason.
//!
//! Takes findings, envelope and mode; gives a [`Decision`] that says all that a
//! notice, a page, `explain` and the audit need. Exemptions are decisions, not scores.

mod decide;
mod otherwise;
mod own_tests;
mod rollout;
mod second;
mod survey;
mod verdict;

pub use decide::{Question, decide, decide_by};
pub use otherwise::{Otherwise, otherwise};
pub use own_tests::{TestResult, run_tests};
pub use rollout::Standing;
pub use second::{GreyZone, SECOND_READER, Settled, Word, hear, settled};
pub use survey::{Surveyed, survey};
pub use verdict::{
    Decision, Evidence, ExpiryAction, HoldTerms, LEAST_BETWEEN, Mode, Organisation, Reason,
    RecipientVerdict, SecondPerson, Verdict,
};

#[cfg(test)]
mod tests;
