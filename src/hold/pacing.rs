//! Mail of ours waits for its addressee's turn before it is sent, so that nobody is buried in it.
//!
//! Who asks for the next step decides by the queue; the store does a step in one commit, and refuses
//! it where somebody else was first. Each mail is owed by its own hold until a step lets it go, or a
//! digest that lies in the outbox tells it.

use async_trait::async_trait;

use super::{Hold, HoldError, ItemId, ItemKind, LetterName, NewItem};
use crate::mail::{HoldId, ReversePath, Timestamp};

/// The most mails of one addressee that are looked at.
pub const MAX_QUEUE: usize = 500;
/// The most mails gone that are looked at: beyond it the addressee has had enough by any count.
pub(in crate::hold) const MAX_GONE: usize = 1_000;

/// Whose turn a mail waits for, in lower case; `None` where it does not wait.
pub(in crate::hold) fn waits_for(item: &NewItem) -> Option<String> {
    match (&item.kind, item.recipients.as_slice()) {
        (ItemKind::Notice { name, .. }, [only]) if !goes_at_once(name) => Some(only.path.folded()),
        _ => None,
    }
}

fn goes_at_once(name: &str) -> bool {
    LetterName::from_text(name).is_some_and(LetterName::goes_at_once)
}

/// A mail that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its outbox item.
    pub item: ItemId,
    /// The hold that owes it.
    pub hold: HoldId,
    /// `hold`, `reminder`, ...
    pub name: String,
    /// Since when it is owed.
    pub created: Timestamp,
    /// When it is looked at; later than `created` where it was put off.
    pub due: Timestamp,
}

/// What waits for one addressee, and what he got.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// The longest waiting first; at most [`MAX_QUEUE`].
    pub waiting: Vec<Waiting>,
    /// What was let go since the time asked for, with its name, newest first.
    pub gone: Vec<(Timestamp, String)>,
}

/// Several mails become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// What it tells.
    pub items: Vec<ItemId>,
    /// The hold that owes it from now on.
    pub hold: HoldId,
    /// The mail, called [`LetterName::Digest`].
    pub digest: NewItem,
}

/// A step of one addressee's queue. Every step touches the longest waiting mail, so that of two that
/// are taken at once one is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// In lower case.
    pub addressee: String,
    /// Their turn has come.
    pub let_go: Vec<ItemId>,
    /// Nobody needs them any more: what they ask for is decided.
    pub dropped: Vec<ItemId>,
    /// These become one.
    pub join: Option<Join>,
    /// Everything else that waits is looked at then.
    pub put_off: Option<Timestamp>,
}

/// The part of the hold store's contract that is about mail which waits its turn. What
/// [`super::HoldStore`] promises holds here too.
#[async_trait]
pub trait Pacing: Send + Sync {
    /// Whose mail waits and is due, the longest waiting first; with the last moment there is, whose
    /// mail waits at all.
    async fn addressees(&self, now: Timestamp, most: u32) -> Result<Vec<String>, HoldError>;

    /// What waits for one addressee, and what was let go since then.
    async fn queue(&self, addressee: &str, since: Timestamp) -> Result<Queue, HoldError>;

    /// Takes a step, all of it or nothing; `false` where a mail of it waits no more.
    async fn step(&self, node: &str, step: Step, now: Timestamp) -> Result<bool, HoldError>;

    /// A sender's holds that wait for a decision, the oldest first: all of them, or those to this
    /// recipient.
    async fn held_of(
        &self,
        sender: &ReversePath,
        to: Option<&str>,
        most: u32,
    ) -> Result<Vec<Hold>, HoldError>;
}
