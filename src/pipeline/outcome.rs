//! What became of a transaction.

use crate::{
    hold::{Committed, HoldError},
    mail::Reply,
    relay::{Accepted, RelayError},
    replies::Taken,
};

/// How a transaction ended, or one recipient of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The next hop has it; its reply goes to the client.
    PassedOn(Accepted),
    /// It is held durably, with the notice it owes.
    Held(Committed),
    /// It was a reply to a notice, and is done with.
    Heard(Taken),
    /// The next hop does not want it; its reply goes to the client.
    Refused(Reply),
    /// Neither: the sender's server keeps it.
    Failed(Failure),
}

impl Outcome {
    /// One word, for metrics and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Outcome::PassedOn(_) => "passed_on",
            Outcome::Held(_) => "held",
            Outcome::Heard(_) => "heard",
            Outcome::Refused(reply) if reply.is_permanent() => "refused",
            Outcome::Refused(_) => "deferred",
            Outcome::Failed(_) => "failed",
        }
    }
}

/// Why nothing was promised. Each is a 4xx of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The hold store has no room: 452 4.3.1.
    StoreFull,
    /// The hold store failed, or its answer is unknown: 451 4.3.0.
    Store,
    /// The next hop gave no answer: 451 4.4.1. It may have the mail.
    NextHop,
    /// The mail could not be judged: 451 4.3.0.
    Judging,
    /// Too much to do: 451 4.3.2.
    Busy,
}

impl From<&HoldError> for Failure {
    fn from(error: &HoldError) -> Failure {
        match error {
            HoldError::Full => Failure::StoreFull,
            HoldError::Failed { .. }
            | HoldError::Silent(_)
            | HoldError::Unknown
            | HoldError::Already(_)
            | HoldError::Repeated
            | HoldError::Overtaken
            | HoldError::Erased
            | HoldError::Corrupt(_) => Failure::Store,
        }
    }
}

impl From<&RelayError> for Failure {
    fn from(error: &RelayError) -> Failure {
        match error {
            RelayError::Busy => Failure::Busy,
            // The spooled content cannot be read back: our disk, not the next hop.
            RelayError::Content(_) => Failure::Store,
            RelayError::Connect { .. }
            | RelayError::Closed { .. }
            | RelayError::TimedOut { .. }
            | RelayError::Protocol { .. } => Failure::NextHop,
        }
    }
}
