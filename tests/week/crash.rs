//! A store that dies with its process: directly before or behind the commit of a step.
//!
//! The call in which it dies never returns, so that nothing behind it runs; whoever waits for it is
//! dropped. A step is struck once, however often it is tried again.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use callfirst::{
    hold::{
        AboutCustomer, Actor, Afterwards, Attempts, AuditEntry, AuditEvent, AuditHead, Behind,
        Change, Committed, Delivery, Found, Histories, Hold, HoldError, HoldFilter, HoldStore,
        HoldSummary, Item, ItemId, ItemOutcome, NewHold, NewItem, Pacing, Prepared, Promise,
        PromiseChange, Queue, Queues, SameCustomer, Search, State, Step, Tally,
    },
    mail::{HoldId, ReversePath, Timestamp},
};
use tokio::sync::Notify;

/// Where in a step the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strike {
    Never,
    Before,
    Behind,
}

/// What is struck; it outlives the processes.
pub(crate) struct Fate {
    strike: Strike,
    /// The steps that were struck, by name.
    struck: Mutex<HashSet<String>>,
    died: Notify,
}

impl Fate {
    pub(crate) fn new(strike: Strike) -> Arc<Fate> {
        let (struck, died) = Default::default();
        Arc::new(Fate { strike, struck, died })
    }

    /// Comes back when the process is dead.
    pub(crate) async fn death(&self) {
        self.died.notified().await;
    }

    /// The steps that were struck.
    pub(crate) fn struck(&self) -> HashSet<String> {
        self.struck.lock().unwrap().clone()
    }

    /// Whether this step is struck now.
    fn strikes(&self, strike: Strike, step: &str) -> bool {
        self.strike == strike && self.struck.lock().unwrap().insert(step.to_owned())
    }
}

/// See the module.
pub(crate) struct Mortal {
    store: Arc<dyn HoldStore>,
    fate: Arc<Fate>,
    is_dead: AtomicBool,
}

impl Mortal {
    pub(crate) fn new(store: Arc<dyn HoldStore>, fate: Arc<Fate>) -> Mortal {
        Mortal { store, fate, is_dead: AtomicBool::new(false) }
    }

    /// The store, while we live: what a dead process still has in hand comes to nothing.
    async fn store(&self) -> &dyn HoldStore {
        match self.is_dead.load(Ordering::Relaxed) {
            true => std::future::pending().await,
            false => &*self.store,
        }
    }

    async fn die(&self) -> ! {
        self.is_dead.store(true, Ordering::Relaxed);
        self.fate.died.notify_one();
        std::future::pending().await
    }

    /// Runs a step to its end, or not.
    async fn step<T>(
        &self,
        name: String,
        doing: impl Future<Output = Result<T, HoldError>>,
    ) -> Result<T, HoldError> {
        if self.fate.strikes(Strike::Before, &name) {
            self.die().await;
        }
        let done = doing.await;
        // What changed nothing is no commit.
        if done.is_ok() && self.fate.strikes(Strike::Behind, &name) {
            self.die().await;
        }
        done
    }
}

#[async_trait]
impl Queues for Mortal {
    async fn search(&self, search: &Search) -> Result<Found, HoldError> {
        self.store().await.search(search).await
    }

    async fn tally(&self, senders: Option<&[String]>) -> Result<Tally, HoldError> {
        self.store().await.tally(senders).await
    }

    async fn senders(&self) -> Result<Vec<String>, HoldError> {
        self.store().await.senders().await
    }

    async fn audit_of(&self, hold: &HoldId, most: u32) -> Result<Vec<AuditEntry>, HoldError> {
        self.store().await.audit_of(hold, most).await
    }

    async fn attempts(&self, hold: &HoldId) -> Result<Option<Attempts>, HoldError> {
        self.store().await.attempts(hold).await
    }
}

#[async_trait]
impl HoldStore for Mortal {
    async fn hold(&self, new: NewHold) -> Result<Committed, HoldError> {
        // The id is new at each attempt; the key is not.
        let name = format!("hold {}", new.idempotency_key);
        self.step(name, self.store().await.hold(new)).await
    }

    async fn prepare(&self, new: NewHold) -> Result<Prepared, HoldError> {
        let name = format!("prepare {}", new.idempotency_key);
        self.step(name, self.store().await.prepare(new)).await
    }

    async fn activate(&self, prepared: &Prepared, now: Timestamp) -> Result<Committed, HoldError> {
        let name = format!("activate {}", prepared.id());
        self.step(name, self.store().await.activate(prepared, now)).await
    }

    async fn cancel(&self, prepared: Prepared, now: Timestamp) -> Result<(), HoldError> {
        let name = format!("cancel {}", prepared.id());
        self.step(name, self.store().await.cancel(prepared, now)).await
    }

    async fn find(&self, id: &HoldId) -> Result<Option<Hold>, HoldError> {
        self.store().await.find(id).await
    }

    async fn list(&self, filter: &HoldFilter) -> Result<Vec<HoldSummary>, HoldError> {
        self.store().await.list(filter).await
    }

    async fn content(&self, id: &HoldId) -> Result<Bytes, HoldError> {
        self.store().await.content(id).await
    }

    async fn change(&self, id: &HoldId, change: Change) -> Result<Hold, HoldError> {
        let name = format!("change {id} {} {}", change.event.name, change.now);
        self.step(name, self.store().await.change(id, change)).await
    }

    async fn notices_since(
        &self,
        id: &HoldId,
        name: &str,
        since: Timestamp,
    ) -> Result<u64, HoldError> {
        self.store().await.notices_since(id, name, since).await
    }

    async fn lease_items(
        &self,
        node: &str,
        now: Timestamp,
        lease: Duration,
        most: u32,
    ) -> Result<Vec<Item>, HoldError> {
        let items = self.store().await.lease_items(node, now, lease, most).await?;
        for item in &items {
            let name = format!("lease {} {now}", item.id.0);
            self.step(name, async { Ok(()) }).await?;
        }
        Ok(items)
    }

    async fn reclaim(&self, node: &str) -> Result<u64, HoldError> {
        self.store().await.reclaim(node).await
    }

    async fn begin_release(
        &self,
        item: &ItemId,
        node: &str,
        now: Timestamp,
    ) -> Result<Hold, HoldError> {
        let name = format!("begin {} {now}", item.0);
        self.step(name, self.store().await.begin_release(item, node, now)).await
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
        let name = format!("settle {} {now}", item.0);
        let doing = self.store().await.settle_item(item, node, outcome, deliveries, owed, now);
        self.step(name, doing).await
    }

    async fn due_holds(&self, now: Timestamp, most: u32) -> Result<Vec<Hold>, HoldError> {
        self.store().await.due_holds(now, most).await
    }

    async fn record(
        &self,
        hold: Option<&HoldId>,
        actor: Actor,
        event: AuditEvent,
        now: Timestamp,
    ) -> Result<(), HoldError> {
        let name = format!("record {hold:?} {} {} {now}", event.name, actor.name);
        self.step(name, self.store().await.record(hold, actor, event, now)).await
    }

    async fn audit(&self, from_number: u64, most: u32) -> Result<Vec<AuditEntry>, HoldError> {
        self.store().await.audit(from_number, most).await
    }

    async fn audit_head(&self) -> Result<AuditHead, HoldError> {
        self.store().await.audit_head().await
    }

    async fn sweep(&self, now: Timestamp) -> Result<u64, HoldError> {
        self.step(format!("sweep {now}"), self.store().await.sweep(now)).await
    }

    async fn ready(&self) -> Result<(), HoldError> {
        self.store().await.ready().await
    }

    async fn overdue(&self, now: Timestamp) -> Result<(u64, Option<Timestamp>), HoldError> {
        self.store().await.overdue(now).await
    }

    async fn counts(&self) -> Result<Vec<(State, u64)>, HoldError> {
        self.store().await.counts().await
    }
}

#[async_trait]
impl Pacing for Mortal {
    async fn addressees(&self, now: Timestamp, most: u32) -> Result<Vec<String>, HoldError> {
        self.store().await.addressees(now, most).await
    }

    async fn queue(&self, addressee: &str, since: Timestamp) -> Result<Queue, HoldError> {
        self.store().await.queue(addressee, since).await
    }

    async fn step(&self, node: &str, step: Step, now: Timestamp) -> Result<bool, HoldError> {
        let name = format!("turn {} {now}", step.addressee);
        Mortal::step(self, name, self.store().await.step(node, step, now)).await
    }

    async fn held_of(
        &self,
        sender: &ReversePath,
        to: Option<&str>,
        most: u32,
    ) -> Result<Vec<Hold>, HoldError> {
        self.store().await.held_of(sender, to, most).await
    }
}

#[async_trait]
impl Afterwards for Mortal {
    async fn promise(&self, hold: &HoldId) -> Result<Option<Promise>, HoldError> {
        self.store().await.promise(hold).await
    }

    async fn due_promises(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<(Hold, Promise)>, HoldError> {
        self.store().await.due_promises(now, most).await
    }

    async fn change_promise(
        &self,
        hold: &HoldId,
        change: PromiseChange,
    ) -> Result<Option<Promise>, HoldError> {
        let name = format!("promise {hold} {} {}", change.seen, change.now);
        self.step(name, self.store().await.change_promise(hold, change)).await
    }

    async fn open_promises(&self) -> Result<u64, HoldError> {
        self.store().await.open_promises().await
    }

    async fn histories(
        &self,
        since: Timestamp,
        behind: Option<&Behind>,
        most: u32,
    ) -> Result<Histories, HoldError> {
        self.store().await.histories(since, behind, most).await
    }

    async fn same_customer(&self, about: AboutCustomer<'_>) -> Result<SameCustomer, HoldError> {
        self.store().await.same_customer(about).await
    }

    async fn rewrites(
        &self,
        sender: &ReversePath,
        key: &str,
        now: Timestamp,
    ) -> Result<Vec<Hold>, HoldError> {
        self.store().await.rewrites(sender, key, now).await
    }

    async fn use_rewrite(
        &self,
        original: &HoldId,
        key: &str,
        actor: Actor,
        now: Timestamp,
    ) -> Result<bool, HoldError> {
        let name = format!("rewrite {original} {now}");
        self.step(name, self.store().await.use_rewrite(original, key, actor, now)).await
    }
}
