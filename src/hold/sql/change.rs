//! One hold's row: taken, changed, put back.

use sqlx::Row;

use super::{
    Fault, SqlStore,
    queue::calm_ends_proposed,
    rows::{self, hold_columns, json, micros},
};
use crate::{
    hold::{
        Change, Hold, HoldError, NewItem, Promise, State,
        pacing::waits_for,
        steps::{apply, item_words, recalls, wake_at},
    },
    mail::{HoldId, Timestamp},
    store::Work,
    telemetry,
};

impl SqlStore {
    /// Makes a change, with its audit entry and what it owes.
    pub(super) async fn change_hold(&self, id: &HoldId, change: &Change) -> Result<Hold, Fault> {
        let mut work = self.db.begin().await?;
        if recalls(change) {
            work.close_release(id).await?;
        }
        let Some(mut hold) = work.take_hold(id).await? else {
            work.abandon().await?;
            return Err(HoldError::Unknown.into());
        };
        if let Err(refused) = apply(&mut hold, change) {
            work.abandon().await?;
            return Err(refused.into());
        }
        if let Some(once) = &change.once
            && !work.is_first(once, id).await?
        {
            work.abandon().await?;
            return Err(HoldError::Repeated.into());
        }
        work.save_hold(&hold, change.now).await?;
        if let Some(promise) = Promise::made_by(&hold, change) {
            work.insert_promise(promise).await?;
        }
        work.open_rewrite(&hold, change).await?;
        work.owe(&hold, &change.outbox, change.now).await?;
        work.audit(Some(id), change.actor.clone(), change.event.clone(), change.now).await?;
        work.commit().await?;
        telemetry::hold::changed(id, &change.event.name, hold.state.as_str());
        Ok(hold)
    }
}

impl Work {
    /// Takes a hold's row, so that nobody else changes it until this transaction ends.
    pub(super) async fn take_hold(&mut self, id: &HoldId) -> Result<Option<Hold>, Fault> {
        let taken = sqlx::query(concat!(
            "UPDATE holds SET revision = revision + 1 WHERE id = $1 RETURNING ",
            hold_columns!()
        ))
        .bind(id.as_str())
        .fetch_optional(self.on())
        .await?;
        taken.as_ref().map(rows::hold).transpose()
    }

    /// Closes the release that a hold owes. Items come before their hold, as where an attempt
    /// begins.
    async fn close_release(&mut self, id: &HoldId) -> Result<(), Fault> {
        sqlx::query(
            "UPDATE outbox SET state = 'failed', note = 'taken back', owner = NULL, \
             lease_until = NULL WHERE hold_id = $1 AND kind = 'release' AND state = 'due'",
        )
        .bind(id.as_str())
        .execute(self.on())
        .await?;
        Ok(())
    }

    /// Notes what asks for a change; `false` if it asked before.
    async fn is_first(&mut self, once: &str, id: &HoldId) -> Result<bool, Fault> {
        let noted = sqlx::query(
            "INSERT INTO retries (idempotency_key, hold_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(once)
        .bind(id.as_str())
        .execute(self.on())
        .await?;
        Ok(noted.rows_affected() > 0)
    }

    /// Puts back what can change of a hold.
    pub(super) async fn save_hold(&mut self, hold: &Hold, now: Timestamp) -> Result<(), Fault> {
        let (_, ends_at, proposed) = calm_ends_proposed(hold);
        let ended = hold.state.is_ended().then(|| micros(now));
        sqlx::query(
            "UPDATE holds SET state = $2, remind_at = $3, wake_at = $4, \
             ended_at = COALESCE(ended_at, $5), reminders = $6, deliveries = $7, outcomes = $8, \
             expires_at = $9, watch = $10, parties = $11, ends_at = $12, proposed = $13 \
             WHERE id = $1",
        )
        .bind(hold.id.as_str())
        .bind(hold.state.as_str())
        .bind(hold.remind_at.map(micros))
        .bind(wake_at(hold).map(micros))
        .bind(ended)
        .bind(i64::from(hold.reminders))
        .bind(json(&hold.deliveries)?)
        .bind(json(&hold.outcomes)?)
        .bind(micros(hold.expires_at))
        .bind(json(&hold.watch)?)
        .bind(json(&hold.parties)?)
        .bind(ends_at)
        .bind(proposed)
        .execute(self.on())
        .await?;
        Ok(())
    }

    /// Writes what a hold owes; it sleeps while the hold is only prepared.
    pub(super) async fn owe(
        &mut self,
        hold: &Hold,
        items: &[NewItem],
        now: Timestamp,
    ) -> Result<(), Fault> {
        for item in items {
            let addressee = waits_for(item);
            let state = match &addressee {
                _ if hold.state == State::Prepared => "asleep",
                Some(_) => "waiting",
                None => "due",
            };
            let (kind, name, octets) = item_words(item);
            sqlx::query(
                "INSERT INTO outbox (id, hold_id, state, kind, name, octets, recipients, \
                 created, due, attempts, addressee) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)",
            )
            .bind(uuid::Uuid::now_v7().simple().to_string())
            .bind(hold.id.as_str())
            .bind(state)
            .bind(kind)
            .bind(name)
            .bind(octets.to_vec())
            .bind(json(&item.recipients)?)
            .bind(micros(now))
            .bind(micros(item.due))
            .bind(addressee)
            .execute(self.on())
            .await?;
        }
        Ok(())
    }
}

impl SqlStore {
    /// Writes, durably, to the row that is there for this.
    pub(super) async fn beat(&self) -> Result<(), Fault> {
        let mut work = self.db.begin().await?;
        let row = sqlx::query("UPDATE pulse SET beats = beats + 1 WHERE id = 1 RETURNING beats")
            .fetch_optional(work.on())
            .await?;
        let Some(row) = row else {
            return Err(HoldError::Corrupt("the row to write to is gone".to_owned()).into());
        };
        let _beats: i64 = row.try_get("beats")?;
        Ok(work.commit().await?)
    }
}
