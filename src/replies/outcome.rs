//! What became of a reply, and why nothing was done.

use std::io;

use crate::{
    hold::HoldError,
    mail::{Reply, Status},
};

/// Proof that a reply is done with: committed, or nothing was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken(pub(super) ());

/// What became of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Done with: 250.
    Taken(Taken),
    /// Nothing was done, and its writer should know.
    Refused(Reply),
}

/// Why it could not be heard now; the sending server keeps it.
#[derive(Debug, thiserror::Error)]
pub enum HearError {
    /// The store failed; a second delivery finds what was committed.
    #[error(transparent)]
    Store(#[from] HoldError),
    /// The spooled content cannot be read back, or reading it broke down.
    #[error("the reply cannot be read")]
    Unreadable(#[source] io::Error),
}

/// Why nothing is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    BadToken,
    NoHold,
    TooLarge,
    NotTheSender,
    NotProven,
    Machine,
}

impl Why {
    pub(super) fn word(self) -> &'static str {
        match self {
            Why::BadToken => "bad_token",
            Why::NoHold => "no_hold",
            Why::TooLarge => "too_large",
            Why::NotTheSender => "not_the_sender",
            Why::NotProven => "not_proven",
            Why::Machine => "machine",
        }
    }

    /// What its writer is told, if he is told.
    pub(super) fn reply(self) -> Option<Reply> {
        const NO_MAILBOX: Status = Status::new(550, "5.1.1");
        let (status, text) = match self {
            Why::BadToken | Why::NoHold => {
                (NO_MAILBOX, "this address answers no held mail, please use the link in the notice")
            }
            Why::TooLarge => (Status::TOO_LARGE, "too large for an answer, a word will do"),
            Why::NotTheSender => {
                (Status::FORBIDDEN, "only the sender of the held mail can answer for it")
            }
            Why::NotProven => (
                Status::FORBIDDEN,
                "nothing here proves whose answer this is, please use the link in the notice",
            ),
            Why::Machine => return None,
        };
        Some(Reply::new(status, text))
    }
}
