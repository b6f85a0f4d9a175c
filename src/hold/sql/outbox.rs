//! The outbox: leased, attempted, settled.

use std::time::Duration;

use sqlx::Row;

use super::{
    Fault, SqlStore,
    rows::{Owed, count, item_columns, micros, owed, time},
};
use crate::{
    hold::{
        Delivery, Hold, HoldError, Item, ItemId, ItemKind, ItemOutcome, NewItem,
        steps::{
            ItemEnd, begin_release, event, later, settle_notice, settle_release, settled_event,
            worker,
        },
    },
    mail::Timestamp,
    store::Work,
    telemetry,
};

impl SqlStore {
    /// Leases what is due. Looking comes first and writes nothing, so that an idle node costs no
    /// disk; then each item is taken by itself, in the order of the ids, if it is still free.
    pub(super) async fn lease_due(
        &self,
        node: &str,
        now: Timestamp,
        lease: Duration,
        most: u32,
    ) -> Result<Vec<Item>, Fault> {
        let mut ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM outbox WHERE state = 'due' AND due <= $1 \
             AND (lease_until IS NULL OR lease_until <= $1) ORDER BY due, id LIMIT $2",
        )
        .bind(micros(now))
        .bind(i64::from(most))
        .fetch_all(self.db.read())
        .await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        // Two nodes that take several rows each must take them in one order.
        ids.sort_unstable();
        let until = micros(later(now, lease));
        let mut work = self.db.begin().await?;
        let mut items = Vec::with_capacity(ids.len());
        for id in ids {
            let row = sqlx::query(concat!(
                "UPDATE outbox SET owner = $2, lease_until = $3, \
                 attempts = attempts + CASE WHEN kind = 'notice' THEN 1 ELSE 0 END \
                 WHERE id = $1 AND state = 'due' AND due <= $4 \
                 AND (lease_until IS NULL OR lease_until <= $4) RETURNING ",
                item_columns!()
            ))
            .bind(id)
            .bind(node)
            .bind(until)
            .bind(micros(now))
            .fetch_optional(work.on())
            .await?;
            // One that does not read keeps its lease and nobody else waiting.
            let read = row.map(|row| self.db.pass_over(&row, owed)).transpose()?;
            if let Some(mut item) = read.flatten().map(|owed| owed.item) {
                // A notice's attempt begins with its lease; told is how many came before.
                if matches!(item.kind, ItemKind::Notice { .. }) {
                    item.attempts = item.attempts.saturating_sub(1);
                }
                items.push(item);
            }
        }
        work.commit().await?;
        Ok(items)
    }

    /// How many items are due or were tried and put off, and when the oldest was first owed.
    pub(super) async fn count_due(
        &self,
        now: Timestamp,
    ) -> Result<(u64, Option<Timestamp>), Fault> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS items, MIN(created) AS oldest FROM outbox \
             WHERE state = 'due' AND (due <= $1 OR attempts > 0)",
        )
        .bind(micros(now))
        .fetch_one(self.db.read())
        .await?;
        let oldest = row.try_get::<Option<i64>, _>("oldest")?.map(time).transpose()?;
        Ok((count(row.try_get("items")?)?, oldest))
    }

    /// Ends the leases of a node that is starting: whoever held them is dead.
    pub(super) async fn take_back(&self, node: &str) -> Result<u64, Fault> {
        let mut work = self.db.begin().await?;
        let freed = sqlx::query(
            "UPDATE outbox SET owner = NULL, lease_until = NULL WHERE owner = $1 AND state = 'due'",
        )
        .bind(node)
        .execute(work.on())
        .await?
        .rows_affected();
        work.commit().await?;
        Ok(freed)
    }

    /// An attempt to release begins. Refused when the lease ran out: another node may be at it.
    pub(super) async fn begin_attempt(
        &self,
        id: &ItemId,
        node: &str,
        now: Timestamp,
    ) -> Result<Hold, Fault> {
        let mut work = self.db.begin().await?;
        let (owed, mut hold) = work.take_item(id).await?;
        let leased = owed.state == "due"
            && owed.owner.as_deref() == Some(node)
            && owed.lease_until.is_some_and(|until| until > now);
        let refused = if leased && owed.item.kind == ItemKind::Release {
            begin_release(&mut hold).err()
        } else {
            telemetry::hold::lease_lost(&hold.id, node);
            Some(HoldError::Already(hold.state))
        };
        if let Some(refused) = refused {
            work.abandon().await?;
            return Err(refused.into());
        }
        sqlx::query("UPDATE outbox SET attempts = attempts + 1 WHERE id = $1")
            .bind(&id.0)
            .execute(work.on())
            .await?;
        work.save_hold(&hold, now).await?;
        let attempt = owed.item.attempts.saturating_add(1).to_string();
        let event = event("release_begun", [("attempt", attempt)]);
        work.audit(Some(&hold.id), worker(node), event, now).await?;
        work.commit().await?;
        telemetry::hold::changed(&hold.id, "release_begun", hold.state.as_str());
        Ok(hold)
    }

    /// An attempt ended. A lease that ran out still counts while nobody else took the item: what
    /// the next hop said must not be lost.
    pub(super) async fn end_attempt(
        &self,
        id: &ItemId,
        node: &str,
        outcome: &ItemOutcome,
        deliveries: &[(usize, Delivery)],
        more: &[NewItem],
        now: Timestamp,
    ) -> Result<(), Fault> {
        let mut work = self.db.begin().await?;
        let (owed, mut hold) = work.take_item(id).await?;
        let ours = owed.state == "due" && owed.owner.as_deref() == Some(node);
        let settled = match &owed.item.kind {
            _ if !ours => {
                telemetry::hold::lease_lost(&hold.id, node);
                Err(HoldError::Already(hold.state))
            }
            ItemKind::Release => settle_release(&mut hold, outcome, deliveries, more),
            ItemKind::Notice { .. } => settle_notice(outcome, deliveries),
        };
        let end = match settled {
            Ok(end) => end,
            Err(refused) => {
                work.abandon().await?;
                return Err(refused.into());
            }
        };
        work.end_item(id, &end).await?;
        work.save_hold(&hold, now).await?;
        work.owe(&hold, more, now).await?;
        let event = settled_event(&owed.item.kind, &hold, outcome, &end);
        let name = event.name.clone();
        work.audit(Some(&hold.id), worker(node), event, now).await?;
        work.commit().await?;
        telemetry::hold::changed(&hold.id, &name, hold.state.as_str());
        Ok(())
    }
}

impl Work {
    /// Takes an item and its hold, in this order.
    async fn take_item(&mut self, id: &ItemId) -> Result<(Owed, Hold), Fault> {
        let row = sqlx::query(concat!(
            "UPDATE outbox SET attempts = attempts WHERE id = $1 RETURNING ",
            item_columns!()
        ))
        .bind(&id.0)
        .fetch_optional(self.on())
        .await?
        .ok_or(HoldError::Unknown)?;
        let owed = owed(&row)?;
        let hold = self.take_hold(&owed.item.hold).await?.ok_or(HoldError::Unknown)?;
        Ok((owed, hold))
    }

    /// Gives the item back or closes it. A closed notice keeps no bytes: they quote the mail.
    async fn end_item(&mut self, id: &ItemId, end: &ItemEnd) -> Result<(), Fault> {
        let query = match end {
            ItemEnd::Again(due) => sqlx::query(
                "UPDATE outbox SET due = $2, owner = NULL, lease_until = NULL WHERE id = $1",
            )
            .bind(&id.0)
            .bind(micros(*due)),
            ItemEnd::Done => sqlx::query(
                "UPDATE outbox SET state = 'done', octets = $2, owner = NULL, \
                 lease_until = NULL WHERE id = $1",
            )
            .bind(&id.0)
            .bind(Vec::<u8>::new()),
            ItemEnd::Failed(why) => sqlx::query(
                "UPDATE outbox SET state = 'failed', octets = $2, note = $3, owner = NULL, \
                 lease_until = NULL WHERE id = $1",
            )
            .bind(&id.0)
            .bind(Vec::<u8>::new())
            .bind(why.replace('\0', "")),
        };
        query.execute(self.on()).await?;
        Ok(())
    }
}
