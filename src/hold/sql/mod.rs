//! The hold store on a database.
//!
//! Every change is one transaction that takes its hold's row first and the audit's head last.

mod afterwards;
mod audit;
mod change;
mod content;
mod customers;
mod erase;
mod false_alarms;
mod find;
mod histories;
mod holds;
mod look;
mod outbox;
mod pacing;
mod policy_figures;
mod promises;
mod queue;
mod rewrites;
mod rows;
mod search;
mod statement;
mod sweep;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use super::{
    Actor, AuditEntry, AuditEvent, AuditHead, Change, Committed, Delivery, Hold, HoldError,
    HoldFilter, HoldStore, HoldSummary, Item, ItemId, ItemOutcome, NewHold, NewItem, Prepared,
    State,
};
use crate::{
    mail::{HoldId, Timestamp},
    store::{self, Database},
};
pub use false_alarms::false_alarms;
pub use policy_figures::policy_figures;

/// Why a statement of ours did not come to its end.
type Fault = store::Fault<HoldError>;

impl From<HoldError> for Fault {
    fn from(error: HoldError) -> Fault {
        Fault::Told(error)
    }
}

/// A hold store on a database.
pub(in crate::hold) struct SqlStore {
    db: Database,
    idempotency_window: Duration,
}

impl SqlStore {
    /// The store on this database.
    pub(in crate::hold) fn new(db: Database, idempotency_window: Duration) -> SqlStore {
        SqlStore { db, idempotency_window }
    }

    /// What it stands on.
    pub(in crate::hold) fn database(&self) -> &Database {
        &self.db
    }
}

#[async_trait]
impl HoldStore for SqlStore {
    async fn hold(&self, new: NewHold) -> Result<Committed, HoldError> {
        self.db.within("holding a message", self.hold_new(&new)).await
    }

    async fn prepare(&self, new: NewHold) -> Result<Prepared, HoldError> {
        self.db.within("preparing a hold", self.prepare_new(&new)).await
    }

    async fn activate(&self, prepared: &Prepared, now: Timestamp) -> Result<Committed, HoldError> {
        self.db.within("putting a hold in force", self.put_in_force(prepared.id(), now)).await
    }

    async fn cancel(&self, prepared: Prepared, now: Timestamp) -> Result<(), HoldError> {
        self.db
            .within("cancelling a hold", self.drop_prepared(prepared.id(), "relay", now))
            .await
            .map(|_| ())
    }

    async fn find(&self, id: &HoldId) -> Result<Option<Hold>, HoldError> {
        self.db.within("finding a hold", self.visible_hold(id)).await
    }

    async fn list(&self, filter: &HoldFilter) -> Result<Vec<HoldSummary>, HoldError> {
        self.db.within("listing holds", self.summaries(filter)).await
    }

    async fn content(&self, id: &HoldId) -> Result<Bytes, HoldError> {
        self.db.within("reading held content", self.whole_content(id)).await
    }

    async fn change(&self, id: &HoldId, change: Change) -> Result<Hold, HoldError> {
        self.db.within("changing a hold", self.change_hold(id, &change)).await
    }

    async fn notices_since(
        &self,
        id: &HoldId,
        name: &str,
        since: Timestamp,
    ) -> Result<u64, HoldError> {
        self.db.within("counting notices", self.count_notices(id, name, since)).await
    }

    async fn lease_items(
        &self,
        node: &str,
        now: Timestamp,
        lease: Duration,
        most: u32,
    ) -> Result<Vec<Item>, HoldError> {
        self.db.within("leasing outbox items", self.lease_due(node, now, lease, most)).await
    }

    async fn reclaim(&self, node: &str) -> Result<u64, HoldError> {
        self.db.within("taking back leases", self.take_back(node)).await
    }

    async fn begin_release(
        &self,
        item: &ItemId,
        node: &str,
        now: Timestamp,
    ) -> Result<Hold, HoldError> {
        self.db.within("beginning a release", self.begin_attempt(item, node, now)).await
    }

    async fn settle_item(
        &self,
        item: &ItemId,
        node: &str,
        outcome: ItemOutcome,
        deliveries: Vec<(usize, Delivery)>,
        owed: Vec<NewItem>,
        now: Timestamp,
    ) -> Result<(), HoldError> {
        let work = self.end_attempt(item, node, &outcome, &deliveries, &owed, now);
        self.db.within("settling an outbox item", work).await
    }

    async fn due_holds(&self, now: Timestamp, most: u32) -> Result<Vec<Hold>, HoldError> {
        self.db.within("looking for due holds", self.awake(now, most)).await
    }

    async fn record(
        &self,
        hold: Option<&HoldId>,
        actor: Actor,
        event: AuditEvent,
        now: Timestamp,
    ) -> Result<(), HoldError> {
        self.db.within("writing the audit", self.record_event(hold, actor, event, now)).await
    }

    async fn audit(&self, from_number: u64, most: u32) -> Result<Vec<AuditEntry>, HoldError> {
        self.db.within("reading the audit", self.audit_page(from_number, most)).await
    }

    async fn audit_head(&self) -> Result<AuditHead, HoldError> {
        self.db.within("reading the audit", self.chain_end()).await
    }

    async fn sweep(&self, now: Timestamp) -> Result<u64, HoldError> {
        self.db.within("sweeping the store", self.sweep_old(now)).await
    }

    async fn ready(&self) -> Result<(), HoldError> {
        self.db.within("checking that the store can be written to", self.beat()).await
    }

    async fn overdue(&self, now: Timestamp) -> Result<(u64, Option<Timestamp>), HoldError> {
        self.db.within("counting what is due", self.count_due(now)).await
    }

    async fn counts(&self) -> Result<Vec<(State, u64)>, HoldError> {
        self.db.within("counting holds", self.count_states()).await
    }
}
