//! What people called missed, kept as little as it takes to learn from it.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sqlx::Row;

use super::{Book, BookError, rows::Fault};
use crate::{
    mail::Timestamp,
    store::rows::{from_json, json, micros, time},
    tuning::{Mark, Marked},
};

/// Marks looked at: more in ninety days than any house gathers.
const MOST: i64 = 10_000;

impl Book {
    /// Keeps that a person called a mail missed; the same mail once a person.
    ///
    /// # Errors
    /// The database.
    pub async fn mark_missed(&self, content: &[u8], marked: &Marked) -> Result<(), BookError> {
        let work = async {
            sqlx::query(
                "INSERT INTO missed_marks (mail, person, at, policy, signals) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (mail, person) DO NOTHING",
            )
            .bind(HEXLOWER.encode(&Sha256::digest(content)))
            .bind(&marked.person)
            .bind(micros(marked.at))
            .bind(&marked.policy)
            .bind(json(&marked.signals)?)
            .execute(self.database().write())
            .await?;
            Ok::<(), Fault>(())
        };
        self.database().within("keeping a mark", work).await
    }

    /// What was called missed since then.
    ///
    /// # Errors
    /// The database.
    pub async fn missed_since(&self, since: Timestamp) -> Result<Vec<Marked>, BookError> {
        let work = async {
            let rows = sqlx::query(
                "SELECT person, at, policy, signals FROM missed_marks WHERE at >= $1 \
                 ORDER BY at DESC LIMIT $2",
            )
            .bind(micros(since))
            .bind(MOST)
            .fetch_all(self.database().read())
            .await?;
            let one = |row: &sqlx::any::AnyRow| {
                Ok(Marked {
                    at: time(row.try_get("at")?)?,
                    person: row.try_get("person")?,
                    mark: Mark::Missed,
                    policy: row.try_get("policy")?,
                    signals: from_json(row, "signals")?,
                })
            };
            rows.iter().map(one).collect::<Result<_, Fault>>()
        };
        self.database().within("reading marks", work).await
    }
}
