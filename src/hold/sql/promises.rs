//! Rows of promises.

use sqlx::{Row, any::AnyRow};

use super::{
    Fault, SqlStore,
    rows::{self, count, hold_columns, json, micros},
};
use crate::{
    hold::{Hold, HoldError, Promise, PromiseChange},
    mail::{HoldId, Timestamp},
    store::{Work, rows::from_json},
    telemetry,
};

impl SqlStore {
    /// The promise made in a hold's call.
    pub(super) async fn promise_of(&self, hold: &HoldId) -> Result<Option<Promise>, Fault> {
        let row = sqlx::query("SELECT promise FROM promises WHERE hold_id = $1")
            .bind(hold.as_str())
            .fetch_optional(self.db.read())
            .await?;
        row.as_ref().map(promise).transpose()
    }

    /// Promises whose reminder is due, with their holds; looks behind rows that do not read.
    pub(super) async fn promises_awake(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<(Hold, Promise)>, Fault> {
        let query = concat!(
            "SELECT ",
            hold_columns!(),
            ", promise FROM (SELECT hold_id, promise, wake_at AS due_at FROM promises \
             WHERE state = 'open' AND wake_at <= $1) AS due JOIN holds ON id = hold_id \
             ORDER BY due_at, id LIMIT $2 OFFSET $3"
        );
        self.awake_rows(query, now, most, |row| Ok((rows::hold(row)?, promise(row)?))).await
    }

    /// Makes a change, with its audit entry and what it owes; `None` where somebody was first.
    pub(super) async fn step_promise(
        &self,
        id: &HoldId,
        change: &PromiseChange,
    ) -> Result<Option<Promise>, Fault> {
        let mut work = self.db.begin().await?;
        // The hold's row comes first, as in every transaction: its lock guards the promise too.
        let hold = work.take_hold(id).await?.ok_or(HoldError::Unknown)?;
        let Some(mut promise) = work.promise_of(id).await? else {
            work.abandon().await?;
            return Ok(None);
        };
        if !promise.apply(change) {
            work.abandon().await?;
            return Ok(None);
        }
        sqlx::query(
            "UPDATE promises SET state = $2, wake_at = $3, day = $4, promise = $5 \
             WHERE hold_id = $1",
        )
        .bind(id.as_str())
        .bind(promise.state.as_str())
        .bind(promise.wake_at().map(micros))
        .bind(promise.date.to_string())
        .bind(json(&promise)?)
        .execute(work.on())
        .await?;
        work.owe(&hold, &change.outbox, change.now).await?;
        let event = change.step.event();
        work.audit(Some(id), change.actor.clone(), event.clone(), change.now).await?;
        work.commit().await?;
        telemetry::hold::changed(id, &event.name, hold.state.as_str());
        Ok(Some(promise))
    }

    /// How many promises are open.
    pub(super) async fn count_open_promises(&self) -> Result<u64, Fault> {
        let row = sqlx::query("SELECT COUNT(*) AS promises FROM promises WHERE state = 'open'")
            .fetch_one(self.db.read())
            .await?;
        Ok(count(row.try_get("promises")?)?)
    }
}

impl Work {
    /// The promise of a hold whose row is taken.
    async fn promise_of(&mut self, hold: &HoldId) -> Result<Option<Promise>, Fault> {
        let row = sqlx::query("SELECT promise FROM promises WHERE hold_id = $1")
            .bind(hold.as_str())
            .fetch_optional(self.on())
            .await?;
        row.as_ref().map(promise).transpose()
    }

    /// Writes a promise that was just made, in place of one of an earlier call about the same mail.
    pub(super) async fn insert_promise(&mut self, promise: Promise) -> Result<(), Fault> {
        let earlier = self.promise_of(&promise.hold).await?;
        let promise = &promise.instead_of(earlier);
        sqlx::query(
            "INSERT INTO promises (hold_id, state, wake_at, day, promise) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hold_id) DO UPDATE SET state = $2, \
             wake_at = $3, day = $4, promise = $5",
        )
        .bind(promise.hold.as_str())
        .bind(promise.state.as_str())
        .bind(promise.wake_at().map(micros))
        .bind(promise.date.to_string())
        .bind(json(promise)?)
        .execute(self.on())
        .await?;
        Ok(())
    }
}

/// A row of `promise`.
pub(super) fn promise(row: &AnyRow) -> Result<Promise, Fault> {
    from_json(row, "promise")
}
