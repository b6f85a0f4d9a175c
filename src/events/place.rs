//! How far each receiver has heard: a row each. While a node tells one, the others leave it alone.

use std::time::Duration;

use sqlx::Row;

use crate::{
    hold::HoldError,
    mail::Timestamp,
    store::{
        self, Database,
        rows::{count, micros, small_count, time},
    },
};

type Fault = store::Fault<HoldError>;

/// Where a receiver stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The last entry that it has heard, or needs not hear.
    pub(super) heard: u64,
    /// How often it was tried to tell it the next one.
    pub(super) attempts: u32,
    /// When the next attempt is due.
    pub(super) due: Timestamp,
}

/// The receivers' rows.
#[derive(Debug, Clone)]
pub(super) struct Places {
    db: Database,
    node: String,
}

impl Places {
    pub(super) fn new(db: Database, node: &str) -> Places {
        Places { db, node: node.to_owned() }
    }

    /// A receiver's place. One that is new begins at the end of the audit: what was before it came is
    /// none of its business.
    pub(super) async fn of(&self, name: &str) -> Result<Place, HoldError> {
        let work = async {
            let there = sqlx::query("SELECT heard, attempts, due FROM hearers WHERE name = $1")
                .bind(name)
                .fetch_optional(self.db.read())
                .await?;
            if let Some(row) = there {
                return read(&row);
            }
            let mut work = self.db.begin().await?;
            sqlx::query(
                "INSERT INTO hearers (name, heard, attempts, due) \
                 SELECT $1, number, 0, 0 FROM audit_head WHERE id = 1 ON CONFLICT DO NOTHING",
            )
            .bind(name)
            .execute(work.on())
            .await?;
            let row = sqlx::query("SELECT heard, attempts, due FROM hearers WHERE name = $1")
                .bind(name)
                .fetch_one(work.on())
                .await?;
            let place = read(&row)?;
            work.commit().await?;
            Ok::<Place, Fault>(place)
        };
        self.db.within("looking where a receiver of events stands", work).await
    }

    /// Takes the receiver for so long, if no other node has it; gives its place.
    pub(super) async fn take(
        &self,
        name: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<Place>, HoldError> {
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        let work = async {
            let mut work = self.db.begin().await?;
            let row = sqlx::query(
                "UPDATE hearers SET owner = $2, lease_until = $3 WHERE name = $1 \
                 AND (owner IS NULL OR owner = $2 OR lease_until <= $4) \
                 RETURNING heard, attempts, due",
            )
            .bind(name)
            .bind(&self.node)
            .bind(micros(until))
            .bind(micros(now))
            .fetch_optional(work.on())
            .await?;
            let place = row.as_ref().map(read).transpose()?;
            work.commit().await?;
            Ok::<Option<Place>, Fault>(place)
        };
        self.db.within("taking a receiver of events", work).await
    }

    /// Notes how far it is; `false` where another node has taken it over meanwhile.
    pub(super) async fn note(&self, name: &str, place: &Place) -> Result<bool, HoldError> {
        let work = async {
            let mut work = self.db.begin().await?;
            let noted = sqlx::query(
                "UPDATE hearers SET heard = $3, attempts = $4, due = $5 \
                 WHERE name = $1 AND owner = $2 AND heard <= $3",
            )
            .bind(name)
            .bind(&self.node)
            .bind(i64::try_from(place.heard).unwrap_or(i64::MAX))
            .bind(i64::from(place.attempts))
            .bind(micros(place.due))
            .execute(work.on())
            .await?;
            work.commit().await?;
            Ok::<bool, Fault>(noted.rows_affected() > 0)
        };
        self.db.within("noting what a receiver of events has heard", work).await
    }

    /// Gives it back.
    pub(super) async fn leave(&self, name: &str) -> Result<(), HoldError> {
        let work = async {
            let mut work = self.db.begin().await?;
            sqlx::query(
                "UPDATE hearers SET owner = NULL, lease_until = NULL WHERE name = $1 AND owner = $2",
            )
            .bind(name)
            .bind(&self.node)
            .execute(work.on())
            .await?;
            Ok::<(), Fault>(work.commit().await?)
        };
        self.db.within("leaving a receiver of events", work).await
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Place, Fault> {
    Ok(Place {
        heard: count(row.try_get("heard")?)?,
        attempts: small_count(row.try_get("attempts")?)?,
        due: time(row.try_get("due")?)?,
    })
}
