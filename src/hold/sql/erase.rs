//! Erases, in steps: each takes a bounded number of rows, and is one commit with its audit entry.

use sqlx::{Row, any::AnyRow};

use super::{
    Fault, SqlStore,
    promises::promise,
    rows::{self, corrupt, entry, entry_columns, hold_columns, hold_id, json, micros},
};
use crate::{
    hold::{
        Actor, AuditEvent, Hold,
        eraser::Erased,
        erasure::{mentions, nameless, nameless_promise, without_person},
        steps::event,
    },
    mail::{HoldId, Timestamp},
    store::Work,
};

/// Holds of one step: few enough that nobody waits for its commit.
const HOLDS: i64 = 50;
/// Audit entries of one step.
const ENTRIES: i64 = 500;

impl SqlStore {
    /// Erases the content of holds that ended by then.
    pub(in crate::hold) async fn erase_contents(
        &self,
        ended_by: Timestamp,
        (actor, now): (Actor, Timestamp),
    ) -> Result<Erased, Fault> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM holds WHERE content_erased_at IS NULL AND ended_at <= $1 \
             AND NOT EXISTS (SELECT 1 FROM rewrites WHERE hold_id = id AND open_until > $2) \
             AND NOT EXISTS (SELECT 1 FROM outbox WHERE hold_id = holds.id \
             AND state IN ('asleep', 'waiting', 'due')) ORDER BY ended_at LIMIT $3",
        )
        .bind(micros(ended_by))
        .bind(micros(now))
        .bind(HOLDS)
        .fetch_all(self.db.read())
        .await?;
        let ids = in_order(ids)?;
        if ids.is_empty() {
            return Ok(Erased::default());
        }
        let mut work = self.db.begin().await?;
        for id in &ids {
            work.clear_content(id, now).await?;
        }
        work.audit(None, actor, erased("content", &ids), now).await?;
        work.commit().await?;
        Ok(Erased { holds: ids.len() as u64, ..Erased::default() })
    }

    /// Erases what names people in holds that ended by then, and their content. Behind those that
    /// do not read, of which `passed` are known.
    pub(in crate::hold) async fn erase_names(
        &self,
        ended_by: Timestamp,
        passed: u64,
        (actor, now): (Actor, Timestamp),
    ) -> Result<Erased, Fault> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM holds WHERE erased_at IS NULL AND ended_at <= $1 \
             AND NOT EXISTS (SELECT 1 FROM promises WHERE hold_id = id AND promises.state = 'open') \
             AND NOT EXISTS (SELECT 1 FROM rewrites WHERE hold_id = id AND open_until > $2) \
             AND NOT EXISTS (SELECT 1 FROM outbox WHERE hold_id = holds.id \
             AND state IN ('asleep', 'waiting', 'due')) ORDER BY ended_at, id LIMIT $3 OFFSET $4",
        )
        .bind(micros(ended_by))
        .bind(micros(now))
        .bind(HOLDS)
        .bind(i64::try_from(passed).unwrap_or(i64::MAX))
        .fetch_all(self.db.read())
        .await?;
        self.erase_whole(&in_order(ids)?, "names", (actor, now)).await
    }

    /// Erases everything that names people in these holds, which have ended.
    pub(in crate::hold) async fn erase_whole(
        &self,
        ids: &[HoldId],
        what: &str,
        (actor, now): (Actor, Timestamp),
    ) -> Result<Erased, Fault> {
        if ids.is_empty() {
            return Ok(Erased::default());
        }
        let mut work = self.db.begin().await?;
        let (mut done, mut passed) = (Vec::new(), 0);
        for id in ids {
            let row = work.take_row(id).await?;
            let hold = row.map(|row| self.db.pass_over(&row, rows::hold)).transpose()?.flatten();
            match hold.filter(|hold| hold.state.is_ended()) {
                // A letter that brings the mail back may be among what is owed.
                Some(hold) if !work.still_owes(&hold.id).await? => {
                    work.clear_names(&hold, now).await?;
                    done.push(id.clone());
                }
                _ => passed += 1,
            }
        }
        if done.is_empty() {
            work.abandon().await?;
        } else {
            work.audit(None, actor, erased(what, &done), now).await?;
            work.commit().await?;
        }
        Ok(Erased { holds: done.len() as u64, passed, ..Erased::default() })
    }

    /// Erases one person's part in these holds, which are other people's.
    pub(in crate::hold) async fn erase_part(
        &self,
        ids: &[HoldId],
        address: &str,
        (actor, now): (Actor, Timestamp),
    ) -> Result<Erased, Fault> {
        let mut work = self.db.begin().await?;
        let mut done = Vec::new();
        for id in ids {
            let Some(row) = work.take_row(id).await? else { continue };
            let Some(hold) = self.db.pass_over(&row, rows::hold)? else { continue };
            let hold = without_person(&hold, address).ok_or_else(unfit)?;
            sqlx::query("UPDATE holds SET outcomes = $2, parties = $3 WHERE id = $1")
                .bind(id.as_str())
                .bind(json(&hold.outcomes)?)
                .bind(json(&hold.parties)?)
                .execute(work.on())
                .await?;
            if work.promise_names(id, address).await? {
                work.clear_promise(id).await?;
            }
            done.push(id.clone());
        }
        work.audit(None, actor, erased("part", &done), now).await?;
        work.commit().await?;
        Ok(Erased { holds: done.len() as u64, ..Erased::default() })
    }

    /// Erases who did it from the audit's entries of before then.
    pub(in crate::hold) async fn erase_actors(
        &self,
        before: Timestamp,
        by: (Actor, Timestamp),
    ) -> Result<Erased, Fault> {
        let numbers: Vec<i64> = sqlx::query_scalar(
            "SELECT number FROM audit WHERE salt IS NOT NULL AND at < $1 ORDER BY at, number \
             LIMIT $2",
        )
        .bind(micros(before))
        .bind(ENTRIES)
        .fetch_all(self.db.read())
        .await?;
        self.erase_slips(&numbers, by).await
    }

    /// Erases who did it from these entries.
    pub(in crate::hold) async fn erase_slips(
        &self,
        numbers: &[i64],
        (actor, now): (Actor, Timestamp),
    ) -> Result<Erased, Fault> {
        if numbers.is_empty() {
            return Ok(Erased::default());
        }
        let mut work = self.db.begin().await?;
        let mut entries = 0;
        for number in numbers {
            entries += u64::from(work.clear_slip(*number).await?);
        }
        let facts = [("what", "actors".to_owned()), ("entries", entries.to_string())];
        work.audit(None, actor, event("erased", facts), now).await?;
        work.commit().await?;
        Ok(Erased { entries, ..Erased::default() })
    }
}

impl Work {
    /// The row of a hold, taken.
    async fn take_row(&mut self, id: &HoldId) -> Result<Option<AnyRow>, Fault> {
        let taken = sqlx::query(concat!(
            "UPDATE holds SET revision = revision + 1 WHERE id = $1 RETURNING ",
            hold_columns!()
        ));
        Ok(taken.bind(id.as_str()).fetch_optional(self.on()).await?)
    }

    /// Whether mail of a hold is still to go out.
    async fn still_owes(&mut self, id: &HoldId) -> Result<bool, Fault> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS items FROM outbox WHERE hold_id = $1 \
             AND state IN ('asleep', 'waiting', 'due')",
        )
        .bind(id.as_str())
        .fetch_one(self.on())
        .await?;
        Ok(row.try_get::<i64, _>("items")? > 0)
    }

    async fn clear_content(&mut self, id: &HoldId, now: Timestamp) -> Result<(), Fault> {
        sqlx::query(
            "UPDATE holds SET content_erased_at = COALESCE(content_erased_at, $2) WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(micros(now))
        .execute(self.on())
        .await?;
        self.erase_content(id).await?;
        sqlx::query("UPDATE outbox SET octets = $2 WHERE hold_id = $1")
            .bind(id.as_str())
            .bind(Vec::<u8>::new())
            .execute(self.on())
            .await?;
        Ok(())
    }

    async fn clear_names(&mut self, hold: &Hold, now: Timestamp) -> Result<(), Fault> {
        let id = hold.id.as_str();
        self.clear_content(&hold.id, now).await?;
        let hold = nameless(hold).ok_or_else(unfit)?;
        let reverse_path = hold.envelope.reverse_path();
        sqlx::query(
            "UPDATE holds SET erased_at = $2, reverse_path = $3, sender = $3, subject = '', \
             message_id = NULL, trace = '', envelope = $4, deliveries = $5, origin = $6, \
             dossier = $7, outcomes = $8, parties = $9 WHERE id = $1",
        )
        .bind(id)
        .bind(micros(now))
        .bind(reverse_path.as_str())
        .bind(json(&hold.envelope)?)
        .bind(json(&hold.deliveries)?)
        .bind(json(&hold.origin)?)
        .bind(json(&hold.dossier)?)
        .bind(json(&hold.outcomes)?)
        .bind(json(&hold.parties)?)
        .execute(self.on())
        .await?;
        self.clear_promise(&hold.id).await?;
        for statement in [
            "UPDATE outbox SET recipients = '[]', addressee = NULL, note = NULL WHERE hold_id = $1",
            "DELETE FROM held_for WHERE hold_id = $1",
            "DELETE FROM rewrites WHERE hold_id = $1",
            "DELETE FROM retries WHERE hold_id = $1",
            "DELETE FROM subject_words WHERE hold_id = $1",
        ] {
            sqlx::query(statement).bind(id).execute(self.on()).await?;
        }
        Ok(())
    }

    async fn promise_names(&mut self, id: &HoldId, address: &str) -> Result<bool, Fault> {
        let row = sqlx::query("SELECT promise FROM promises WHERE hold_id = $1")
            .bind(id.as_str())
            .fetch_optional(self.on())
            .await?;
        Ok(row.is_some_and(|row| row.try_get("promise").is_ok_and(|p| mentions(p, address))))
    }

    async fn clear_promise(&mut self, id: &HoldId) -> Result<(), Fault> {
        let row = sqlx::query("SELECT promise FROM promises WHERE hold_id = $1")
            .bind(id.as_str())
            .fetch_optional(self.on())
            .await?;
        let Some(row) = row else { return Ok(()) };
        sqlx::query("UPDATE promises SET promise = $2 WHERE hold_id = $1")
            .bind(id.as_str())
            .bind(json(&nameless_promise(&promise(&row)?))?)
            .execute(self.on())
            .await?;
        Ok(())
    }

    /// Takes the words off one entry; `false` where they were gone.
    async fn clear_slip(&mut self, number: i64) -> Result<bool, Fault> {
        let row = sqlx::query(concat!(
            "SELECT ",
            entry_columns!(),
            " FROM audit WHERE number = $1 AND salt IS NOT NULL"
        ))
        .bind(number)
        .fetch_optional(self.on())
        .await?;
        let Some(mut entry) = row.as_ref().map(entry).transpose()? else { return Ok(false) };
        let Some(mut slip) = entry.slip.take() else { return Ok(false) };
        slip.erase(&mut entry.actor, &mut entry.event);
        sqlx::query("UPDATE audit SET actor = $2, event = $3, salt = NULL WHERE number = $1")
            .bind(number)
            .bind(json(&entry.actor)?)
            .bind(json(&entry.event)?)
            .execute(self.on())
            .await?;
        Ok(true)
    }
}

/// The audit's event for one step: which holds, never whose.
fn erased(what: &str, ids: &[HoldId]) -> AuditEvent {
    let facts = [("what", what.to_owned()), ("holds", ids.len().to_string())];
    event("erased", facts.into_iter().chain(ids.iter().map(|id| ("hold", id.to_string()))))
}

/// Rows are taken in one order, so that no two wait for each other.
fn in_order(mut ids: Vec<String>) -> Result<Vec<HoldId>, Fault> {
    ids.sort_unstable();
    ids.iter().map(|id| hold_id(id)).collect()
}

fn unfit() -> Fault {
    corrupt("what stands where an address was is no address").into()
}
