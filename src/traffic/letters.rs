//! Letters about mail that went out, in the database: owed, sent, counted, forgotten.

use std::time::Duration;

use sqlx::{Row, any::AnyRow};

use super::log::{Fault, Log};
use crate::{
    mail::{ForwardPath, HoldId, Timestamp},
    store::{
        StoreError, Work,
        rows::{corrupt, micros, small_count, time},
    },
};

/// So long a letter is counted after it was written.
const COUNTED: Duration = Duration::from_secs(24 * 3600);

/// A letter to one address.
#[derive(Debug, Clone)]
pub(super) struct Owed {
    pub(super) id: String,
    pub(super) to: ForwardPath,
    pub(super) created: Timestamp,
    /// Attempts before this one.
    pub(super) attempts: u32,
    pub(super) octets: Vec<u8>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    /// Sent, or given up.
    Settled,
    /// Tried again then.
    Again(Timestamp),
}

/// Owes one.
pub(super) async fn owe(work: &mut Work, id: &HoldId, owed: &Owed) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO passing_letters \
         (id, addressee, recipient, created, due, attempts, lease_until, octets) \
         VALUES ($1, $2, $3, $4, $4, 0, NULL, $5)",
    )
    .bind(id.as_str())
    .bind(owed.to.folded())
    .bind(owed.to.as_str())
    .bind(micros(owed.created))
    .bind(owed.octets.as_slice())
    .execute(work.on())
    .await?;
    Ok(())
}

impl Log {
    /// When letters were written to this address since then.
    pub(super) async fn written_to(
        &self,
        to: &ForwardPath,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        let work = async {
            let times: Vec<i64> = sqlx::query_scalar(
                "SELECT created FROM passing_letters WHERE addressee = $1 AND created >= $2",
            )
            .bind(to.folded())
            .bind(micros(since))
            .fetch_all(self.db.read())
            .await?;
            times.into_iter().map(|at| Ok(time(at)?)).collect::<Result<_, Fault>>()
        };
        self.db.within("counting letters about mail that went out", work).await
    }

    /// Takes letters that are due for so long; whoever takes one and dies loses it to the next.
    pub(super) async fn take(
        &self,
        now: Timestamp,
        lease: Duration,
        most: u32,
    ) -> Result<Vec<Owed>, StoreError> {
        let doing = "taking letters about mail that went out";
        self.db.within(doing, self.take_some(now, lease, most)).await
    }

    async fn take_some(
        &self,
        now: Timestamp,
        lease: Duration,
        most: u32,
    ) -> Result<Vec<Owed>, Fault> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM passing_letters WHERE due <= $1 \
             AND (lease_until IS NULL OR lease_until <= $1) ORDER BY id LIMIT $2",
        )
        .bind(micros(now))
        .bind(i64::from(most))
        .fetch_all(self.db.read())
        .await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let until = micros(now.checked_add(lease).unwrap_or(Timestamp::MAX));
        let mut work = self.db.begin().await?;
        let mut taken = Vec::with_capacity(ids.len());
        for id in ids {
            let row = sqlx::query(
                "UPDATE passing_letters SET lease_until = $2, attempts = attempts + 1 \
                 WHERE id = $1 AND due <= $3 AND (lease_until IS NULL OR lease_until <= $3) \
                 RETURNING id, recipient, created, attempts, octets",
            )
            .bind(id)
            .bind(until)
            .bind(micros(now))
            .fetch_optional(work.on())
            .await?;
            let read = row.map(|row| self.db.pass_over(&row, owed)).transpose()?;
            taken.extend(read.flatten());
        }
        work.commit().await?;
        Ok(taken)
    }

    /// Says how an attempt ended. What is settled keeps no octets: they quote the mail.
    pub(super) async fn settle(&self, id: &str, end: End) -> Result<(), StoreError> {
        let work = async {
            let mut work = self.db.begin().await?;
            let query = match end {
                End::Settled => sqlx::query(
                    "UPDATE passing_letters SET due = NULL, lease_until = NULL, octets = $2 \
                     WHERE id = $1",
                )
                .bind(id)
                .bind(Vec::<u8>::new()),
                End::Again(at) => sqlx::query(
                    "UPDATE passing_letters SET due = $2, lease_until = NULL WHERE id = $1",
                )
                .bind(id)
                .bind(micros(at)),
            };
            query.execute(work.on()).await?;
            work.commit().await?;
            Ok(())
        };
        self.db.within("settling a letter about mail that went out", work).await
    }

    /// Forgets those that are settled and no longer counted.
    pub(super) async fn forget_letters(&self, now: Timestamp) -> Result<(), StoreError> {
        let work = async {
            let mut work = self.db.begin().await?;
            sqlx::query("DELETE FROM passing_letters WHERE due IS NULL AND created < $1")
                .bind(micros(now.checked_sub(COUNTED).unwrap_or(Timestamp::MIN)))
                .execute(work.on())
                .await?;
            work.commit().await?;
            Ok(())
        };
        self.db.within("forgetting letters about mail that went out", work).await
    }
}

fn owed(row: &AnyRow) -> Result<Owed, Fault> {
    let to = ForwardPath::parse(row.try_get("recipient")?);
    Ok(Owed {
        id: row.try_get("id")?,
        to: to.map_err(|_| corrupt("a letter goes to no address"))?,
        created: time(row.try_get("created")?)?,
        attempts: small_count(row.try_get("attempts")?)?.saturating_sub(1),
        octets: row.try_get("octets")?,
    })
}
