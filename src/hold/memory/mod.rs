//! The hold store in memory, for tests: the same rules, nothing durable. A process that ends
//! loses all of it, so no service runs on it.

mod afterwards;
mod kept;
mod pacing;
mod queue;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;

use self::kept::{Kept, Owed, Row, Standing, summary};
use super::{
    Actor, AuditEntry, AuditEvent, AuditHead, Change, Committed, Delivery, Hold, HoldError,
    HoldFilter, HoldStore, HoldSummary, Item, ItemId, ItemKind, ItemOutcome, NewHold, NewItem,
    Prepared, Settings, State, steps,
};
use crate::mail::{HoldId, Timestamp};

/// A hold store that forgets everything when it is dropped.
#[derive(Default)]
pub struct MemoryStore {
    settings: Settings,
    kept: Mutex<Kept>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new(settings: Settings) -> MemoryStore {
        MemoryStore { settings, kept: Mutex::default() }
    }

    /// As if a hold's content had rotted on its disk.
    #[cfg(test)]
    pub(crate) fn rot(&self, id: &HoldId) {
        if let Ok(row) = self.kept().row(id) {
            row.content = None;
        }
    }

    /// As if there were no room to settle an item, so many times.
    #[cfg(test)]
    pub(crate) fn has_no_room_to_settle(&self, times: u32) {
        self.kept().unsettled = times;
    }

    /// As if there were no room behind so many steps.
    #[cfg(test)]
    pub(crate) fn dies_after_steps(&self, steps: Option<u32>) {
        self.kept().steps_left = steps;
    }

    /// A test that panicked with the store in hand leaves it as it was: every change below is
    /// checked before the first value is written.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl HoldStore for MemoryStore {
    async fn hold(&self, new: NewHold) -> Result<Committed, HoldError> {
        let mut kept = self.kept();
        if let Some((id, _)) = kept.adopted(&new, self.settings.idempotency_window) {
            kept.wake(&id, new.created)?;
            return Ok(Committed::new(id, true));
        }
        kept.write(&new, State::Held)?;
        Ok(Committed::new(new.id, false))
    }

    async fn prepare(&self, new: NewHold) -> Result<Prepared, HoldError> {
        let mut kept = self.kept();
        if let Some((id, _)) = kept.adopted(&new, self.settings.idempotency_window) {
            return Ok(Prepared::new(id));
        }
        kept.write(&new, State::Prepared)?;
        Ok(Prepared::new(new.id))
    }

    async fn activate(&self, prepared: &Prepared, now: Timestamp) -> Result<Committed, HoldError> {
        let again = self.kept().wake(prepared.id(), now)?;
        Ok(Committed::new(prepared.id().clone(), again))
    }

    async fn cancel(&self, prepared: Prepared, now: Timestamp) -> Result<(), HoldError> {
        self.kept().drop_prepared(prepared.id(), "relay", now).map(|_| ())
    }

    async fn find(&self, id: &HoldId) -> Result<Option<Hold>, HoldError> {
        let kept = self.kept();
        let hold = kept.holds.get(id).map(|row| &row.hold);
        Ok(hold.filter(|hold| hold.state != State::Prepared).cloned())
    }

    async fn list(&self, filter: &HoldFilter) -> Result<Vec<HoldSummary>, HoldError> {
        let kept = self.kept();
        let sender = filter.sender.as_ref().map(|s| s.to_lowercase());
        let mut holds: Vec<&Hold> = kept
            .visible(&filter.states)
            .filter(|hold| {
                sender.as_ref().is_none_or(|asked| *asked == hold.envelope.reverse_path().folded())
            })
            .collect();
        holds.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
        let most = if filter.limit == 0 { usize::MAX } else { filter.limit as usize };
        Ok(holds.into_iter().take(most).map(summary).collect())
    }

    async fn content(&self, id: &HoldId) -> Result<Bytes, HoldError> {
        let mut kept = self.kept();
        let row = kept.row(id)?;
        match (&row.content, row.hold.state) {
            (_, State::Prepared) => Err(HoldError::Unknown),
            (Some(content), _) => Ok(content.clone()),
            (None, State::Cancelled) => Err(HoldError::Already(State::Cancelled)),
            (None, _) => Err(HoldError::Corrupt("the content is gone".to_owned())),
        }
    }

    async fn change(&self, id: &HoldId, change: Change) -> Result<Hold, HoldError> {
        let mut kept = self.kept();
        let mut hold = kept.row(id)?.hold.clone();
        steps::apply(&mut hold, &change)?;
        if let Some(once) = &change.once
            && kept.retries.insert(once.clone(), id.clone()).is_some()
        {
            return Err(HoldError::Repeated);
        }
        if steps::recalls(&change) {
            kept.close_release(id);
        }
        kept.leave_behind(&hold, &change);
        kept.owe(&hold, &change.outbox, change.now);
        kept.audit(Some(id), change.actor, change.event, change.now);
        kept.save(hold.clone(), change.now);
        Ok(hold)
    }

    async fn notices_since(
        &self,
        id: &HoldId,
        name: &str,
        since: Timestamp,
    ) -> Result<u64, HoldError> {
        let kept = self.kept();
        let owed = kept.outbox.iter().map(|owed| &owed.item).filter(|item| {
            let same = matches!(&item.kind, ItemKind::Notice { name: n, .. } if n == name);
            same && item.hold == *id && item.created >= since
        });
        Ok(owed.count() as u64)
    }

    async fn lease_items(
        &self,
        node: &str,
        now: Timestamp,
        lease: Duration,
        most: u32,
    ) -> Result<Vec<Item>, HoldError> {
        let mut kept = self.kept();
        let until = steps::later(now, lease);
        let mut free: Vec<&mut Owed> = kept
            .outbox
            .iter_mut()
            .filter(|o| o.standing == Standing::Due && o.due_at() <= now)
            .collect();
        free.sort_by_key(|owed| owed.due);
        let mut items = Vec::new();
        for owed in free.into_iter().take(most as usize) {
            owed.lease = Some((node.to_owned(), until));
            items.push(owed.item.clone());
            if matches!(owed.item.kind, ItemKind::Notice { .. }) {
                owed.item.attempts = owed.item.attempts.saturating_add(1);
            }
        }
        Ok(items)
    }

    async fn reclaim(&self, node: &str) -> Result<u64, HoldError> {
        let mut kept = self.kept();
        let left = kept.outbox.iter_mut().filter(|owed| owed.is_leased_to(node));
        Ok(left.map(|owed| owed.lease = None).count() as u64)
    }

    async fn begin_release(
        &self,
        item: &ItemId,
        node: &str,
        now: Timestamp,
    ) -> Result<Hold, HoldError> {
        let mut kept = self.kept();
        let (owed, mut hold) = kept.owed(item)?;
        let in_time = owed.is_leased_to(node) && owed.due_at() > now;
        if !in_time || owed.item.kind != ItemKind::Release {
            return Err(HoldError::Already(hold.state));
        }
        steps::begin_release(&mut hold)?;
        owed.item.attempts = owed.item.attempts.saturating_add(1);
        let event = steps::event("release_begun", [("attempt", owed.item.attempts.to_string())]);
        kept.audit(Some(&hold.id), steps::worker(node), event, now);
        kept.save(hold.clone(), now);
        Ok(hold)
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
        let mut kept = self.kept();
        if kept.unsettled > 0 {
            kept.unsettled -= 1;
            return Err(HoldError::Full);
        }
        let (settled, mut hold) = kept.owed(item)?;
        if !settled.is_leased_to(node) {
            return Err(HoldError::Already(hold.state));
        }
        let end = match &settled.item.kind {
            ItemKind::Release => steps::settle_release(&mut hold, &outcome, &deliveries, &owed)?,
            ItemKind::Notice { .. } => steps::settle_notice(&outcome, &deliveries)?,
        };
        let event = steps::settled_event(&settled.item.kind, &hold, &outcome, &end);
        settled.end(&end);
        kept.owe(&hold, &owed, now);
        kept.audit(Some(&hold.id), steps::worker(node), event, now);
        kept.save(hold, now);
        Ok(())
    }

    async fn due_holds(&self, now: Timestamp, most: u32) -> Result<Vec<Hold>, HoldError> {
        let kept = self.kept();
        let woken = kept.holds.values().filter_map(|r| Some((steps::wake_at(&r.hold)?, &r.hold)));
        let mut due: Vec<_> = woken.filter(|(at, _)| *at <= now).collect();
        due.sort_by(|(a, first), (b, second)| (a, &first.id).cmp(&(b, &second.id)));
        Ok(due.into_iter().take(most as usize).map(|(_, hold)| hold.clone()).collect())
    }

    async fn record(
        &self,
        hold: Option<&HoldId>,
        actor: Actor,
        event: AuditEvent,
        now: Timestamp,
    ) -> Result<(), HoldError> {
        self.kept().audit(hold, actor, event, now);
        Ok(())
    }

    async fn audit(&self, from_number: u64, most: u32) -> Result<Vec<AuditEntry>, HoldError> {
        let kept = self.kept();
        let from = kept.audit.iter().filter(|entry| entry.number >= from_number);
        Ok(from.take(most as usize).cloned().collect())
    }

    async fn audit_head(&self) -> Result<AuditHead, HoldError> {
        Ok(self.kept().head())
    }

    async fn sweep(&self, now: Timestamp) -> Result<u64, HoldError> {
        let mut kept = self.kept();
        let horizon = steps::prepared_horizon(now);
        let old = |row: &Row| row.hold.state == State::Prepared && row.hold.created < horizon;
        let ids: Vec<HoldId> =
            kept.holds.iter().filter(|(_, row)| old(row)).map(|(id, _)| id.clone()).collect();
        let mut cancelled = 0;
        for id in ids {
            cancelled += u64::from(kept.drop_prepared(&id, "sweep", now)?);
        }
        let window = self.settings.idempotency_window;
        let Kept { holds, retries, .. } = &mut *kept;
        retries.retain(|_, id| {
            let ended = holds.get(id).and_then(|row| row.ended_at);
            ended.is_none_or(|ended| now < steps::later(ended, window))
        });
        Ok(cancelled)
    }

    async fn ready(&self) -> Result<(), HoldError> {
        Ok(())
    }

    async fn overdue(&self, now: Timestamp) -> Result<(u64, Option<Timestamp>), HoldError> {
        let kept = self.kept();
        let is_due =
            |o: &&Owed| o.standing == Standing::Due && (o.due <= now || o.item.attempts > 0);
        let due = kept.outbox.iter().filter(is_due).map(|o| o.item.created);
        let due: Vec<Timestamp> = due.collect();
        Ok((due.len() as u64, due.into_iter().min()))
    }

    async fn counts(&self) -> Result<Vec<(State, u64)>, HoldError> {
        let kept = self.kept();
        let visible = State::ALL.into_iter().filter(|s| *s != State::Prepared);
        Ok(visible.map(|s| (s, kept.visible(&[s]).count() as u64)).collect())
    }
}
