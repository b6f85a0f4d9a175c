//! Mail that waits for its addressee's turn.

use async_trait::async_trait;
use sqlx::Row;

use super::{
    Fault, SqlStore,
    rows::{self, hold_columns, hold_id, json, micros, time},
};
use crate::{
    hold::{
        Hold, HoldError, ItemId, Pacing,
        pacing::{Join, MAX_GONE, MAX_QUEUE, Queue, Step, Waiting},
        steps::{event, item_words, worker},
    },
    mail::{ReversePath, Timestamp},
    store::Work,
};

#[async_trait]
impl Pacing for SqlStore {
    async fn addressees(&self, now: Timestamp, most: u32) -> Result<Vec<String>, HoldError> {
        self.db.within("looking for mail that waits", self.whose_turn(now, most)).await
    }

    async fn queue(&self, addressee: &str, since: Timestamp) -> Result<Queue, HoldError> {
        self.db.within("looking at mail that waits", self.queue_of(addressee, since)).await
    }

    async fn step(&self, node: &str, step: Step, now: Timestamp) -> Result<bool, HoldError> {
        self.db.within("pacing mail", self.take_step(node, &step, now)).await
    }

    async fn held_of(
        &self,
        sender: &ReversePath,
        to: Option<&str>,
        most: u32,
    ) -> Result<Vec<Hold>, HoldError> {
        self.db.within("looking for a sender's holds", self.waiting_of(sender, to, most)).await
    }
}

impl SqlStore {
    async fn whose_turn(&self, now: Timestamp, most: u32) -> Result<Vec<String>, Fault> {
        let whose = sqlx::query_scalar(
            "SELECT addressee FROM outbox \
             WHERE state = 'waiting' AND due <= $1 AND addressee IS NOT NULL \
             GROUP BY addressee ORDER BY MIN(due), addressee LIMIT $2",
        )
        .bind(micros(now))
        .bind(i64::from(most))
        .fetch_all(self.db.read())
        .await?;
        Ok(whose)
    }

    async fn queue_of(&self, addressee: &str, since: Timestamp) -> Result<Queue, Fault> {
        let rows = sqlx::query(
            "SELECT id, hold_id, name, created, due FROM outbox \
             WHERE addressee = $1 AND state = 'waiting' ORDER BY created, id LIMIT $2",
        )
        .bind(addressee)
        .bind(MAX_QUEUE as i64)
        .fetch_all(self.db.read())
        .await?;
        let mut queue = Queue::default();
        for row in &rows {
            queue.waiting.push(Waiting {
                item: ItemId(row.try_get("id")?),
                hold: hold_id(row.try_get("hold_id")?)?,
                name: row.try_get("name")?,
                created: time(row.try_get("created")?)?,
                due: time(row.try_get("due")?)?,
            });
        }
        let rows = sqlx::query(
            "SELECT let_go, name FROM outbox WHERE addressee = $1 AND let_go >= $2 \
             ORDER BY let_go DESC LIMIT $3",
        )
        .bind(addressee)
        .bind(micros(since))
        .bind(MAX_GONE as i64)
        .fetch_all(self.db.read())
        .await?;
        for row in &rows {
            queue.gone.push((time(row.try_get("let_go")?)?, row.try_get("name")?));
        }
        Ok(queue)
    }

    async fn waiting_of(
        &self,
        sender: &ReversePath,
        to: Option<&str>,
        most: u32,
    ) -> Result<Vec<Hold>, Fault> {
        let query = match to {
            None => sqlx::query(concat!(
                "SELECT ",
                hold_columns!(),
                " FROM holds WHERE sender = $1 AND state = 'held' ORDER BY created, id LIMIT $2"
            ))
            .bind(sender.folded())
            .bind(i64::from(most)),
            Some(to) => sqlx::query(concat!(
                "SELECT ",
                hold_columns!(),
                " FROM holds WHERE state = 'held' AND id IN (SELECT hold_id FROM held_for \
                 WHERE address = $3 AND sender = $1) ORDER BY created, id LIMIT $2"
            ))
            .bind(sender.folded())
            .bind(i64::from(most))
            .bind(to.to_lowercase()),
        };
        let rows = query.fetch_all(self.db.read()).await?;
        let mut holds = Vec::with_capacity(rows.len());
        for row in &rows {
            holds.extend(self.db.pass_over(row, rows::hold)?);
        }
        Ok(holds)
    }

    async fn take_step(&self, node: &str, step: &Step, now: Timestamp) -> Result<bool, Fault> {
        let mut work = self.db.begin().await?;
        if !work.end_waiting(node, step, now).await? {
            work.abandon().await?;
            return Ok(false);
        }
        if let Some(until) = step.put_off {
            sqlx::query(
                "UPDATE outbox SET due = $2 \
                 WHERE addressee = $1 AND state = 'waiting'",
            )
            .bind(&step.addressee)
            .bind(micros(until))
            .execute(work.on())
            .await?;
        }
        work.commit().await?;
        Ok(true)
    }
}

impl Work {
    /// Takes every mail of the step out of the queue, in the order of their ids; `false` where one
    /// waits no more.
    async fn end_waiting(
        &mut self,
        node: &str,
        step: &Step,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let joined = step.join.iter().flat_map(|join| &join.items);
        let mut ends: Vec<(&ItemId, &str)> = (step.let_go.iter().map(|id| (id, "due")))
            .chain(step.dropped.iter().map(|id| (id, "done")))
            .chain(joined.map(|id| (id, "joined")))
            .collect();
        // Two nodes that take several rows each must take them in one order.
        ends.sort_unstable_by(|(a, _), (b, _)| a.0.cmp(&b.0));
        let digest = uuid::Uuid::now_v7().simple().to_string();
        for (id, end) in ends {
            let Some(owed_by) = self.take_turn(id, step, end, now).await? else {
                return Ok(false);
            };
            if end == "joined" {
                self.note_digest(id, &digest).await?;
            }
            if end != "due" {
                let name = if end == "joined" { "notice_joined" } else { "notice_dropped" };
                let hold = hold_id(&owed_by)?;
                self.audit(Some(&hold), worker(node), event(name, []), now).await?;
            }
        }
        if let Some(join) = &step.join {
            self.owe_digest(join, step, &digest, now).await?;
        }
        Ok(true)
    }

    /// Ends the waiting of one; gives whose it is. What is not sent keeps no bytes: they quote the
    /// mail.
    async fn take_turn(
        &mut self,
        id: &ItemId,
        step: &Step,
        end: &str,
        now: Timestamp,
    ) -> Result<Option<String>, Fault> {
        let query = if end == "due" {
            sqlx::query_scalar(
                "UPDATE outbox SET state = 'due', due = $3, let_go = $3 \
                 WHERE id = $1 AND addressee = $2 AND state = 'waiting' RETURNING hold_id",
            )
            .bind(&id.0)
            .bind(&step.addressee)
            .bind(micros(now))
        } else {
            sqlx::query_scalar(
                "UPDATE outbox SET state = $3, octets = $4 \
                 WHERE id = $1 AND addressee = $2 AND state = 'waiting' RETURNING hold_id",
            )
            .bind(&id.0)
            .bind(&step.addressee)
            .bind(end)
            .bind(Vec::<u8>::new())
        };
        Ok(query.fetch_optional(self.on()).await?)
    }

    async fn note_digest(&mut self, id: &ItemId, digest: &str) -> Result<(), Fault> {
        sqlx::query("UPDATE outbox SET note = $2 WHERE id = $1")
            .bind(&id.0)
            .bind(digest)
            .execute(self.on())
            .await?;
        Ok(())
    }

    /// The digest has had its turn.
    async fn owe_digest(
        &mut self,
        join: &Join,
        step: &Step,
        id: &str,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let (kind, name, octets) = item_words(&join.digest);
        sqlx::query(
            "INSERT INTO outbox (id, hold_id, state, kind, name, octets, recipients, created, \
             due, attempts, addressee, let_go) \
             VALUES ($1, $2, 'due', $3, $4, $5, $6, $7, $7, 0, $8, $7)",
        )
        .bind(id)
        .bind(join.hold.as_str())
        .bind(kind)
        .bind(name)
        .bind(octets.to_vec())
        .bind(json(&join.digest.recipients)?)
        .bind(micros(now))
        .bind(&step.addressee)
        .execute(self.on())
        .await?;
        Ok(())
    }
}
