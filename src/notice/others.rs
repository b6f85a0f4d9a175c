//! What is told to others than the sender, or to the sender about others.

use super::{
    clean::{isolated, line},
    text::{Others, fill},
};

/// The most of an address, and of what somebody typed; in characters.
const MAX_BY: usize = 80;
const MAX_WORDS: usize = 400;

/// One of several people did something about a held mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<'a> {
    /// Who did it: an address.
    pub by: &'a str,
    /// What he wrote with it; may be empty.
    pub words: &'a str,
    /// What it was.
    pub what: Tidings,
}

/// See [`Told`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tidings {
    /// It is decided; nothing is left to do.
    Decided(Decided),
}

/// How a hold was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// After a call, it goes out.
    CalledSend,
    /// After a call, it does not.
    CalledDontSend,
    /// Taken back.
    Withdrawn,
    /// Taken back for a new text.
    Rewritten,
    /// No bad news.
    FalseAlarm,
    /// Sent without a call.
    SendAnyway,
    /// By nobody: it went back.
    Returned,
    /// By nobody: it goes out.
    SentUnasked,
}

impl Told<'_> {
    /// What follows our name in From.
    pub(super) fn from(&self, others: &'static Others) -> &'static str {
        match self.what {
            Tidings::Decided(_) => others.from_decided,
        }
    }

    /// Title and first words.
    pub(super) fn title_and_lead(&self, others: &'static Others) -> [&'static str; 2] {
        match self.what {
            Tidings::Decided(decided) => [others.decided, decided.words(others)],
        }
    }

    /// What the first words name.
    pub(super) fn values(&self) -> [(&'static str, String); 2] {
        [
            ("by", isolated(&line(self.by, MAX_BY))),
            ("words", isolated(&line(self.words, MAX_WORDS))),
        ]
    }

    /// What follows the first words: what somebody typed, and what is left to do.
    pub(super) fn rest(&self, others: &'static Others) -> Vec<String> {
        let typed = (!self.words.trim().is_empty()).then(|| fill(others.words, &self.values()));
        let then = match self.what {
            Tidings::Decided(_) => Some(others.nothing_left.to_owned()),
        };
        typed.into_iter().chain(then).collect()
    }

    /// Whether it asks its reader to call.
    pub(super) fn waits(&self) -> bool {
        match self.what {
            Tidings::Decided(_) => false,
        }
    }

    /// Whether there is something to decide.
    pub(super) fn is_open(&self) -> bool {
        match self.what {
            Tidings::Decided(_) => false,
        }
    }
}

impl Decided {
    fn words(self, others: &'static Others) -> &'static str {
        match self {
            Decided::CalledSend => others.called_send,
            Decided::CalledDontSend => others.called_dont_send,
            Decided::Withdrawn => others.withdrawn,
            Decided::Rewritten => others.rewritten,
            Decided::FalseAlarm => others.false_alarm,
            Decided::SendAnyway => others.send_anyway,
            Decided::Returned => others.returned,
            Decided::SentUnasked => others.sent_unasked,
        }
    }
}
