//! What became of a question.

use std::time::Duration;

use crate::opinion::{Answer, Invalid};

/// An outcome and the time it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What became of it.
    pub outcome: Outcome,
    /// How long that took.
    pub took: Duration,
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An answer.
    Said(Answer),
    /// Not asked, to keep a limit.
    Refused(Refusal),
    /// Asked, and no answer came.
    Failed(Failure),
    /// Asked, and what came is none.
    Invalid(Invalid),
}

impl Outcome {
    /// One word, for metrics and logs.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Said(answer) if answer.category.is_some() => "news",
            Outcome::Said(_) => "no_news",
            Outcome::Refused(refusal) => refusal.word(),
            Outcome::Failed(failure) => failure.word(),
            Outcome::Invalid(invalid) => invalid.word(),
        }
    }
}

/// Which limit kept us from asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// As many questions are in flight as may be.
    Busy,
    /// The requests of this minute or day are used up.
    OverBudget,
    /// It failed lately, and is left alone for a while.
    Resting,
}

impl Refusal {
    /// One word, for metrics and logs.
    pub fn word(self) -> &'static str {
        match self {
            Refusal::Busy => "busy",
            Refusal::OverBudget => "over_budget",
            Refusal::Resting => "resting",
        }
    }
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No address, or nobody there.
    Unreachable,
    /// The name stands for a public address, and clear text may not go there.
    Public,
    /// No TLS, or a certificate that does not check out.
    Tls,
    /// It closed the connection, or spoke something that is not HTTP.
    Broken,
    /// Not done in time.
    TimedOut,
    /// More octets than an answer has.
    TooLarge,
    /// A status that is no success; redirects are among them.
    Status(u16),
}

impl Failure {
    /// One word, for metrics and logs.
    pub fn word(self) -> &'static str {
        match self {
            Failure::Unreachable => "unreachable",
            Failure::Public => "public_address",
            Failure::Tls => "tls",
            Failure::Broken => "broken",
            Failure::TimedOut => "timed_out",
            Failure::TooLarge => "too_large",
            Failure::Status(401 | 403) => "not_allowed",
            Failure::Status(429) => "rate_limited",
            Failure::Status(400..=499) => "client_error",
            Failure::Status(500..=599) => "server_error",
            Failure::Status(_) => "other_status",
        }
    }
}
