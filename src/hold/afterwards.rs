//! What the store keeps of a hold beyond its decision: the promise of its call, what else there
//! was with the same customer, and the new text that is waited for.

use async_trait::async_trait;

use super::{Actor, Behind, Histories, Hold, HoldError, Promise, PromiseChange, State};
use crate::mail::{HoldId, ReversePath, Timestamp};

/// A hold with more recipients is found by none of them: it is no mail to a customer.
pub(in crate::hold) const MAX_FOUND_BY: usize = 50;
/// The most promises and holds of one kind that are told about a customer.
pub(in crate::hold) const MAX_TOLD: u32 = 5;
/// Colleagues' holds are counted no further: "20 or more" says it all.
pub(in crate::hold) const MAX_COUNTED: u32 = 20;
/// The most originals whose new text one sender is waited for; the newest count.
pub(in crate::hold) const MAX_REWRITES: u32 = 20;

/// An earlier hold to the same customer, of the same sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its id.
    pub id: HoldId,
    /// Where it stands.
    pub state: State,
    /// When it was held.
    pub created: Timestamp,
    /// Its category.
    pub category: String,
}

/// What there was with a customer before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SameCustomer {
    /// This sender's open promises, the nearest day first.
    pub promises: Vec<Promise>,
    /// This sender's other holds, newest first.
    pub earlier: Vec<Earlier>,
    /// How many holds colleagues had; no more is told of theirs. At most 20.
    pub of_others: u32,
}

impl SameCustomer {
    /// Whether there was nothing.
    pub fn is_empty(&self) -> bool {
        *self == SameCustomer::default()
    }

    /// How many holds of this sender: `3`, or `5+` for five or more.
    pub fn own_in_words(&self) -> String {
        counted(u32::try_from(self.earlier.len()).unwrap_or(u32::MAX), MAX_TOLD)
    }

    /// How many holds of colleagues: `3`, or `20+` for twenty or more.
    pub fn others_in_words(&self) -> String {
        counted(self.of_others, MAX_COUNTED)
    }
}

fn counted(number: u32, most: u32) -> String {
    if number < most { number.to_string() } else { format!("{most}+") }
}

/// Who asks about which customer.
#[derive(Debug, Clone, Copy)]
pub struct AboutCustomer<'a> {
    /// The customer's address.
    pub address: &'a str,
    /// The sender, whose own are told.
    pub sender: &'a ReversePath,
    /// The hold in hand, which does not count.
    pub but: &'a HoldId,
}

/// The part of the hold store's contract that begins after the decision.
///
/// What [`super::HoldStore`] promises holds here too: durable when it returns, audited in the same
/// commit, nothing changed on error.
#[async_trait]
pub trait Afterwards: Send + Sync {
    /// The promise made in a hold's call.
    async fn promise(&self, hold: &HoldId) -> Result<Option<Promise>, HoldError>;

    /// Open promises whose reminder is due, each with its hold, oldest first, at most `most`.
    /// Several nodes may get the same one: the change they make decides.
    async fn due_promises(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<(Hold, Promise)>, HoldError>;

    /// Changes a promise; `None` where there is none to change any more, or somebody was first:
    /// then nothing was changed and nothing is owed.
    async fn change_promise(
        &self,
        hold: &HoldId,
        change: PromiseChange,
    ) -> Result<Option<Promise>, HoldError>;

    /// How many promises are open; for metrics.
    async fn open_promises(&self) -> Result<u64, HoldError>;

    /// What became of the holds from `since` on, oldest first, at most `most` behind the one named:
    /// what a report is made of.
    async fn histories(
        &self,
        since: Timestamp,
        behind: Option<&Behind>,
        most: u32,
    ) -> Result<Histories, HoldError>;

    /// What there was with a customer before.
    async fn same_customer(&self, about: AboutCustomer<'_>) -> Result<SameCustomer, HoldError>;

    /// Originals that a sender took back for a new text, newest first: those still waiting for one,
    /// and those whose new text had this key, because a mail that passed may come again.
    async fn rewrites(
        &self,
        sender: &ReversePath,
        key: &str,
        now: Timestamp,
    ) -> Result<Vec<Hold>, HoldError>;

    /// Lets the mail with this key be the new text of an original. `false` where another mail was
    /// that already, or the time is over: then nothing was changed.
    async fn use_rewrite(
        &self,
        original: &HoldId,
        key: &str,
        actor: Actor,
        now: Timestamp,
    ) -> Result<bool, HoldError>;
}
