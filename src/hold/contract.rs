//! What every hold store promises, whatever it stands on.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use super::{
    Actor, Afterwards, AuditEntry, AuditEvent, AuditHead, Change, Delivery, Hold, HoldFilter,
    HoldSummary, Item, ItemId, ItemOutcome, NewHold, NewItem, Pacing, Queues, State,
};
use crate::{
    mail::{HoldId, Timestamp},
    store::StoreError,
};

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// No room left; the sending server should keep the mail: 452 4.3.1.
    #[error("the hold store is full")]
    Full,
    /// Ours to repair, and someone is told: 451 4.3.0.
    #[error("the hold store failed while {doing}")]
    Failed {
        /// What was being done, without content.
        doing: &'static str,
        /// The driver's error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No answer in time; whether it was committed is unknown: 451 4.3.0.
    #[error("the hold store gave no answer within {0:?}")]
    Silent(Duration),
    /// No such hold.
    #[error("no hold with this id")]
    Unknown,
    /// The hold is in another state than the change expected; nothing was changed.
    #[error("the hold is {0} already")]
    Already(State),
    /// What asked for this change asked for it before; nothing was changed.
    #[error("this was asked for before")]
    Repeated,
    /// Others did something with the hold, or became parties of it, since it was looked at; nothing
    /// was changed. Look again.
    #[error("somebody else has changed the hold meanwhile")]
    Overtaken,
    /// The content was erased when its time was over, or on somebody's request.
    #[error("its content is erased")]
    Erased,
    /// What lies in the store cannot be read; it is left as it is.
    #[error("the hold store holds something unreadable: {0}")]
    Corrupt(String),
}

impl From<StoreError> for HoldError {
    fn from(error: StoreError) -> HoldError {
        match error {
            StoreError::Full => HoldError::Full,
            StoreError::Failed { doing, source } => HoldError::Failed { doing, source },
            StoreError::Silent(limit) => HoldError::Silent(limit),
            StoreError::Corrupt(what) => HoldError::Corrupt(what),
        }
    }
}

/// Proof that a message is held durably. Only a store makes one, after its commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    id: HoldId,
    again: bool,
}

impl Committed {
    pub(in crate::hold) fn new(id: HoldId, again: bool) -> Committed {
        Committed { id, again }
    }

    /// The hold's id: of the one that was there already, if the mail came again.
    pub fn id(&self) -> &HoldId {
        &self.id
    }

    /// Whether the same mail was held before, so that nothing new was written.
    pub fn again(&self) -> bool {
        self.again
    }
}

/// Proof that a hold is written but not yet in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    id: HoldId,
}

impl Prepared {
    pub(in crate::hold) fn new(id: HoldId) -> Prepared {
        Prepared { id }
    }

    /// The hold's id.
    pub fn id(&self) -> &HoldId {
        &self.id
    }
}

/// The hold store.
///
/// Every method that changes something returns only after the change is durable
/// (fsync'd), writes its audit entries in the same commit, and changes nothing on error.
/// Several nodes may share one store.
#[async_trait]
pub trait HoldStore: Afterwards + Pacing + Queues {
    /// Holds a message, with the notices it owes. The same idempotency key within the window
    /// (see the store's settings) gives the hold that is there; no second notice.
    async fn hold(&self, new: NewHold) -> Result<Committed, HoldError>;

    /// Writes a hold that is not in force yet (state `prepared`, invisible, its outbox asleep).
    /// The same key gives the hold that is there, prepared or in force.
    async fn prepare(&self, new: NewHold) -> Result<Prepared, HoldError>;

    /// Puts a prepared hold in force and wakes its outbox. One in force already is fine.
    async fn activate(&self, prepared: &Prepared, now: Timestamp) -> Result<Committed, HoldError>;

    /// Drops a prepared hold: nothing was accepted. One in force already is left alone.
    async fn cancel(&self, prepared: Prepared, now: Timestamp) -> Result<(), HoldError>;

    /// One hold, without content; `None` if there is none or it is only prepared.
    async fn find(&self, id: &HoldId) -> Result<Option<Hold>, HoldError>;

    /// Holds, newest first.
    async fn list(&self, filter: &HoldFilter) -> Result<Vec<HoldSummary>, HoldError>;

    /// The content as received, whole, its digest checked.
    async fn content(&self, id: &HoldId) -> Result<Bytes, HoldError>;

    /// Changes a hold if it is in the state expected, with audit and outbox, in one commit.
    /// Another state: [`HoldError::Already`]. Asked for before, by the same name:
    /// [`HoldError::Repeated`].
    async fn change(&self, id: &HoldId, change: Change) -> Result<Hold, HoldError>;

    /// How many notices of this name the hold has owed since then.
    async fn notices_since(
        &self,
        id: &HoldId,
        name: &str,
        since: Timestamp,
    ) -> Result<u64, HoldError>;

    /// Leases up to `most` outbox items that are due, for `lease`, to this node. An item whose
    /// lease ran out is due again. Mail that waits for its addressee's turn is not: see [`Pacing`].
    async fn lease_items(
        &self,
        node: &str,
        now: Timestamp,
        lease: Duration,
        most: u32,
    ) -> Result<Vec<Item>, HoldError>;

    /// Makes due again what an earlier run of this node had leased and never settled. To be called
    /// once, when the node starts; gives how many items that were.
    async fn reclaim(&self, node: &str) -> Result<u64, HoldError>;

    /// Says that the attempt to hand a release to the next hop begins: state `released`, attempt counted.
    async fn begin_release(
        &self,
        item: &ItemId,
        node: &str,
        now: Timestamp,
    ) -> Result<Hold, HoldError>;

    /// Says how an attempt ended. For a release, `deliveries` names positions of the hold's
    /// recipients that are settled; when none waits any more the hold becomes `delivered` or
    /// `undeliverable`. `owed` is mail that this causes (a failure notice). One commit.
    async fn settle_item(
        &self,
        item: &ItemId,
        node: &str,
        outcome: ItemOutcome,
        deliveries: Vec<(usize, Delivery)>,
        owed: Vec<NewItem>,
        now: Timestamp,
    ) -> Result<(), HoldError>;

    /// Held messages whose reminder or expiry is due, oldest first, at most `most`. Several nodes
    /// may get the same one: the change they make decides.
    async fn due_holds(&self, now: Timestamp, most: u32) -> Result<Vec<Hold>, HoldError>;

    /// Adds to the audit what is no change of a hold: views, reloads.
    async fn record(
        &self,
        hold: Option<&HoldId>,
        actor: Actor,
        event: AuditEvent,
        now: Timestamp,
    ) -> Result<(), HoldError>;

    /// Audit entries from `number` on, in order, at most `most`.
    async fn audit(&self, from_number: u64, most: u32) -> Result<Vec<AuditEntry>, HoldError>;

    /// The end of the audit chain; number 0 and 64 zeros while there is no entry.
    async fn audit_head(&self) -> Result<AuditHead, HoldError>;

    /// Clears what nobody comes back for: a hold that stayed prepared for more than 7 days (longer
    /// than a client keeps mail) is cancelled; idempotency keys of holds that ended longer ago than
    /// the window are forgotten, and the names of what was asked for once. Gives how many holds were cancelled.
    async fn sweep(&self, now: Timestamp) -> Result<u64, HoldError>;

    /// Whether the store answers and may be written to; for `/readyz`. Writes, durably, so ask
    /// every few seconds and not for every visitor.
    async fn ready(&self) -> Result<(), HoldError>;

    /// How much mail is due to go out or was put off, and when the oldest was first owed; for metrics.
    async fn overdue(&self, now: Timestamp) -> Result<(u64, Option<Timestamp>), HoldError>;

    /// How many holds are in each visible state; for metrics.
    async fn counts(&self) -> Result<Vec<(State, u64)>, HoldError>;
}
