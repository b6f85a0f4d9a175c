//! What became of a question.

use std::time::Duration;

use crate::{
    http::Failure,
    opinion::{Answer, Invalid},
    reach::Refusal,
};

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
