//! Writes holds: new ones, retries of old ones, and the way from prepared to in force.

use sqlx::Row;

use super::{
    Fault, SqlStore,
    queue::calm_ends_proposed,
    rows::{hold_id, json, micros, state, time},
};
use crate::{
    hold::{
        Actor, Committed, Hold, HoldError, NewHold, Prepared, State,
        steps::{adopts, event, hold_from, named, wake_at, written_event},
    },
    mail::{HoldId, Timestamp},
    store::{Kind, Work},
    telemetry,
};

/// How often a key is tried that others write and sweep at the same moment.
const CLAIMS: u32 = 5;

/// Whose the idempotency key is.
enum Claim {
    /// This hold's, from now on.
    Ours,
    /// That of a hold which is there.
    Theirs(HoldId, State),
}

impl SqlStore {
    /// Holds a message, or finds the hold that is there and sees that it is in force.
    pub(super) async fn hold_new(&self, new: &NewHold) -> Result<Committed, Fault> {
        let mut work = self.db.begin().await?;
        let (id, there) = match work.claim(new, self.idempotency_window).await? {
            Claim::Ours => {
                work.write_hold(new, State::Held).await?;
                (new.id.clone(), None)
            }
            Claim::Theirs(id, state) => (id, Some(state)),
        };
        let done = match there {
            // Nothing to write.
            Some(state) if state != State::Prepared => work.abandon().await,
            Some(_) => {
                work.wake(&id, new.created).await?;
                work.commit().await
            }
            None => work.commit().await,
        };
        if let Err(fault) = done {
            self.settle_doubt(new, &id, fault.into()).await?;
        }
        let again = there.is_some();
        if again {
            telemetry::hold::adopted(&id);
        } else {
            let (policy, category) = named(&new.dossier);
            let recipients = new.envelope.recipients().len();
            telemetry::hold::held(&id, policy, category, recipients, new.content.len());
        }
        Ok(Committed::new(id, again))
    }

    /// A commit that failed may have been done: the connection broke before the answer came.
    /// PostgreSQL shows a row to others only once its commit is on disk, so a row that is seen in
    /// force is held. SQLite may show what a failed fsync has not written: there a failed commit
    /// has failed.
    async fn settle_doubt(&self, new: &NewHold, id: &HoldId, fault: Fault) -> Result<(), Fault> {
        if self.db.kind() != Kind::Postgres {
            return Err(fault);
        }
        let found = sqlx::query(
            "SELECT h.state FROM retries r JOIN holds h ON h.id = r.hold_id \
             WHERE r.idempotency_key = $1 AND h.id = $2",
        )
        .bind(&new.idempotency_key)
        .bind(id.as_str())
        .fetch_optional(self.db.write())
        .await;
        match found {
            Ok(Some(row)) if state(row.try_get("state")?)? != State::Prepared => Ok(()),
            Ok(_) | Err(_) => Err(fault),
        }
    }

    /// Writes a hold that is not in force, or finds the one that is there.
    pub(super) async fn prepare_new(&self, new: &NewHold) -> Result<Prepared, Fault> {
        let mut work = self.db.begin().await?;
        match work.claim(new, self.idempotency_window).await? {
            Claim::Ours => {
                work.write_hold(new, State::Prepared).await?;
                work.commit().await?;
                Ok(Prepared::new(new.id.clone()))
            }
            Claim::Theirs(id, _) => {
                work.abandon().await?;
                telemetry::hold::adopted(&id);
                Ok(Prepared::new(id))
            }
        }
    }

    /// Puts a prepared hold in force.
    pub(super) async fn put_in_force(
        &self,
        id: &HoldId,
        now: Timestamp,
    ) -> Result<Committed, Fault> {
        let mut work = self.db.begin().await?;
        let hold = work.take_hold(id).await?.ok_or(HoldError::Unknown)?;
        match hold.state {
            State::Prepared => {}
            State::Cancelled => {
                work.abandon().await?;
                return Err(HoldError::Already(State::Cancelled).into());
            }
            _ => {
                work.abandon().await?;
                return Ok(Committed::new(id.clone(), true));
            }
        }
        let hold = work.wake_taken(hold, now).await?;
        work.commit().await?;
        let (policy, category) = named(&hold.dossier);
        telemetry::hold::held(id, policy, category, hold.deliveries.len(), hold.size_octets);
        Ok(Committed::new(id.clone(), false))
    }

    /// Cancels a hold that is prepared; gives whether it was. Its content and its notices go:
    /// nobody accepted them.
    pub(super) async fn drop_prepared(
        &self,
        id: &HoldId,
        why: &'static str,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let mut work = self.db.begin().await?;
        let Some(mut hold) = work.take_hold(id).await? else {
            work.abandon().await?;
            return Err(HoldError::Unknown.into());
        };
        if hold.state != State::Prepared {
            work.abandon().await?;
            return Ok(false);
        }
        hold.state = State::Cancelled;
        work.save_hold(&hold, now).await?;
        work.erase_content(id).await?;
        for statement in
            ["DELETE FROM outbox WHERE hold_id = $1", "DELETE FROM retries WHERE hold_id = $1"]
        {
            sqlx::query(statement).bind(id.as_str()).execute(work.on()).await?;
        }
        sqlx::query("UPDATE holds SET content_erased_at = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(micros(now))
            .execute(work.on())
            .await?;
        let event = event("cancelled", [("by", why.to_owned())]);
        work.audit(Some(id), Actor::service(why, None), event, now).await?;
        work.commit().await?;
        telemetry::hold::changed(id, "cancelled", State::Cancelled.as_str());
        Ok(true)
    }
}

impl Work {
    /// Takes the idempotency key, or finds who has it. On PostgreSQL the insert waits for another
    /// node that is just writing the same key.
    async fn claim(&mut self, new: &NewHold, window: std::time::Duration) -> Result<Claim, Fault> {
        for _ in 0..CLAIMS {
            let inserted = sqlx::query(
                "INSERT INTO retries (idempotency_key, hold_id) VALUES ($1, $2) \
                 ON CONFLICT (idempotency_key) DO NOTHING",
            )
            .bind(&new.idempotency_key)
            .bind(new.id.as_str())
            .execute(self.on())
            .await?;
            if inserted.rows_affected() == 1 {
                return Ok(Claim::Ours);
            }
            let row = sqlx::query(
                "SELECT h.id, h.state, h.ended_at FROM retries r JOIN holds h ON h.id = r.hold_id \
                 WHERE r.idempotency_key = $1",
            )
            .bind(&new.idempotency_key)
            .fetch_optional(self.on())
            .await?;
            // Swept between the two statements.
            let Some(row) = row else { continue };
            let (id, state) = (hold_id(row.try_get("id")?)?, state(row.try_get("state")?)?);
            let ended = row.try_get::<Option<i64>, _>("ended_at")?.map(time).transpose()?;
            if adopts(state, ended, new.created, window) {
                return Ok(Claim::Theirs(id, state));
            }
            let moved = sqlx::query(
                "UPDATE retries SET hold_id = $2 WHERE idempotency_key = $1 AND hold_id = $3",
            )
            .bind(&new.idempotency_key)
            .bind(new.id.as_str())
            .bind(id.as_str())
            .execute(self.on())
            .await?;
            if moved.rows_affected() == 1 {
                return Ok(Claim::Ours);
            }
        }
        Err(Fault::Driver(sqlx::Error::PoolTimedOut))
    }

    /// Writes content, hold, notices and audit.
    async fn write_hold(&mut self, new: &NewHold, state: State) -> Result<(), Fault> {
        let digest = self.write_content(&new.id, &new.content).await?;
        let hold = hold_from(new, state);
        self.insert_hold(&hold, &digest).await?;
        self.insert_recipients(&hold).await?;
        self.insert_words(&hold).await?;
        self.owe(&hold, &new.outbox, new.created).await?;
        let actor = Actor::service("smtp", Some(new.origin.client.to_string()));
        self.audit(Some(&hold.id), actor, written_event(&hold), new.created).await
    }

    async fn insert_hold(&mut self, hold: &Hold, digest: &str) -> Result<(), Fault> {
        let reverse_path = hold.envelope.reverse_path();
        let (policy, category) = named(&hold.dossier);
        let (calm, ends_at, proposed) = calm_ends_proposed(hold);
        sqlx::query(
            "INSERT INTO holds (id, state, created, remind_at, expires_at, wake_at, reminders, \
             revision, reverse_path, sender, subject, message_id, policy, category, size_octets, \
             content_digest, trace, envelope, deliveries, origin, dossier, outcomes, \
             watch, calm, ends_at, proposed) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
             $16, $17, $18, $19, '[]', $20, $21, $22, $23)",
        )
        .bind(hold.id.as_str())
        .bind(hold.state.as_str())
        .bind(micros(hold.created))
        .bind(hold.remind_at.map(micros))
        .bind(micros(hold.expires_at))
        .bind(wake_at(hold).map(micros))
        .bind(reverse_path.as_str())
        .bind(reverse_path.folded())
        .bind(without_nul(&hold.dossier.subject))
        .bind(hold.dossier.message_id.as_deref().map(without_nul))
        .bind(policy)
        .bind(category)
        .bind(i64::try_from(hold.size_octets).unwrap_or(i64::MAX))
        .bind(digest)
        .bind(hold.trace.as_str())
        .bind(json(&hold.envelope)?)
        .bind(json(&hold.deliveries)?)
        .bind(json(&hold.origin)?)
        .bind(json(&hold.dossier)?)
        .bind(json(&hold.watch)?)
        .bind(calm)
        .bind(ends_at)
        .bind(proposed)
        .execute(self.on())
        .await?;
        Ok(())
    }

    /// Puts a prepared hold in force that a retry came back for.
    async fn wake(&mut self, id: &HoldId, now: Timestamp) -> Result<(), Fault> {
        let hold = self.take_hold(id).await?.ok_or(HoldError::Unknown)?;
        match hold.state {
            State::Prepared => self.wake_taken(hold, now).await.map(|_| ()),
            // Another node dropped it meanwhile: the retry after this one finds the key free.
            State::Cancelled => Err(HoldError::Already(State::Cancelled).into()),
            _ => Ok(()),
        }
    }

    async fn wake_taken(&mut self, mut hold: Hold, now: Timestamp) -> Result<Hold, Fault> {
        hold.state = State::Held;
        self.save_hold(&hold, now).await?;
        sqlx::query(
            "UPDATE outbox SET state = CASE WHEN addressee IS NULL THEN 'due' ELSE 'waiting' END \
             WHERE hold_id = $1 AND state = 'asleep'",
        )
        .bind(hold.id.as_str())
        .execute(self.on())
        .await?;
        let actor = Actor::service("smtp", Some(hold.origin.client.to_string()));
        self.audit(Some(&hold.id), actor, written_event(&hold), now).await?;
        Ok(hold)
    }
}

/// PostgreSQL's TEXT takes no NUL. The whole truth is in the dossier's JSON, which escapes it.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}
