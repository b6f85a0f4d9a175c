//! The records in the database: written in batches, read page by page, forgotten after a while.

use std::time::Duration;

use sqlx::{Row, any::AnyRow};

use super::{Detail, Fate, NEAR, Record, RecordId};
use crate::{
    mail::{HoldId, Timestamp},
    store::{
        self, Database, StoreError, Work,
        rows::{corrupt, count, from_json, json, micros, time},
    },
};

/// Why a statement of ours did not come to its end.
pub(super) type Fault = store::Fault<StoreError>;

/// Records are counted by quarters of an hour: every time zone's days are made of them.
const QUARTER_MICROS: i64 = 15 * 60 * 1_000_000;
/// Rows that go in one commit, so that a hold never waits long for it.
pub(super) const MAX_DELETED: i64 = 2_000;

/// The records.
#[derive(Debug, Clone)]
pub struct Log {
    pub(super) db: Database,
}

/// The place behind the last record of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    at: Timestamp,
    id: RecordId,
}

/// Some records, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Those that read.
    pub records: Vec<Record>,
    /// Where the next page begins; `None` behind the last.
    pub next: Option<Behind>,
}

/// How many mails were judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Of which team; empty for the house itself.
    pub team: String,
    /// Within the quarter of an hour that begins then.
    pub since: Timestamp,
    /// How many.
    pub mails: u64,
}

/// Which records.
#[derive(Clone, Copy)]
enum Which {
    Near,
    Exempt,
}

impl Log {
    /// On a database that is open.
    pub fn new(db: Database) -> Log {
        Log { db }
    }

    /// Records since then that say more than that a mail passed, oldest first: those that a policy
    /// came near to, were held or observed, or are exempt, or of which a shadow thought otherwise.
    pub async fn near(
        &self,
        since: Timestamp,
        behind: Option<&Behind>,
        most: u32,
    ) -> Result<Page, StoreError> {
        let page = self.page(Which::Near, since, behind, most);
        self.db.within("reading recorded traffic", page).await
    }

    /// Records since then of mail that is exempt and would have been held.
    pub async fn exempt(
        &self,
        since: Timestamp,
        behind: Option<&Behind>,
        most: u32,
    ) -> Result<Page, StoreError> {
        let page = self.page(Which::Exempt, since, behind, most);
        self.db.within("reading exempt mail", page).await
    }

    /// How many mails were judged since then.
    pub async fn counted(&self, since: Timestamp) -> Result<Vec<Counted>, StoreError> {
        self.db.within("counting recorded traffic", self.count(since)).await
    }

    /// One record.
    pub async fn find(&self, id: &RecordId) -> Result<Option<Record>, StoreError> {
        let work = async {
            let row = sqlx::query(
                "SELECT id, at, team, fate, hold_id, detail FROM traffic WHERE id = $1",
            )
            .bind(&id.0)
            .fetch_optional(self.db.read())
            .await?;
            row.as_ref().map(record).transpose()
        };
        self.db.within("reading a record", work).await
    }

    /// The record of a hold.
    pub async fn of_hold(&self, hold: &HoldId) -> Result<Option<Record>, StoreError> {
        let work = async {
            let row = sqlx::query(
                "SELECT id, at, team, fate, hold_id, detail FROM traffic WHERE hold_id = $1",
            )
            .bind(hold.as_str())
            .fetch_optional(self.db.read())
            .await?;
            row.as_ref().map(record).transpose()
        };
        self.db.within("reading the record of a hold", work).await
    }

    /// Forgets what is older than `keep`, and the oldest beyond `most`; gives how many.
    pub async fn forget(
        &self,
        now: Timestamp,
        keep: Duration,
        most: u64,
    ) -> Result<u64, StoreError> {
        let oldest = micros(now.checked_sub(keep).unwrap_or(Timestamp::MIN));
        let mut gone = 0;
        loop {
            let work = self.forget_some(oldest, most);
            let some = self.db.within("forgetting recorded traffic", work).await?;
            gone += some;
            if some < MAX_DELETED.unsigned_abs() {
                return Ok(gone);
            }
        }
    }

    async fn forget_some(&self, oldest: i64, most: u64) -> Result<u64, Fault> {
        let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM traffic WHERE at >= $1")
            .bind(oldest)
            .fetch_one(self.db.read())
            .await?;
        let beyond = count(kept)?.saturating_sub(most);
        let beyond = i64::try_from(beyond).unwrap_or(i64::MAX).min(MAX_DELETED);
        let mut work = self.db.begin().await?;
        let old = sqlx::query(
            "DELETE FROM traffic WHERE id IN \
             (SELECT id FROM traffic WHERE at < $1 ORDER BY at, id LIMIT $2)",
        )
        .bind(oldest)
        .bind(MAX_DELETED)
        .execute(work.on())
        .await?
        .rows_affected();
        let many = sqlx::query(
            "DELETE FROM traffic WHERE id IN (SELECT id FROM traffic ORDER BY at, id LIMIT $1)",
        )
        // What was too old is not what is too many.
        .bind(if old == 0 { beyond } else { 0 })
        .execute(work.on())
        .await?
        .rows_affected();
        work.commit().await?;
        Ok(old.max(many))
    }

    async fn page(
        &self,
        which: Which,
        since: Timestamp,
        behind: Option<&Behind>,
        most: u32,
    ) -> Result<Page, Fault> {
        let begin = behind.map_or(since, |behind| behind.at.max(since));
        // In so many words, so that each finds its index.
        let text = match which {
            Which::Near => {
                "SELECT id, at, team, fate, hold_id, detail FROM traffic WHERE near = 1 \
                 AND (at > $1 OR (at = $1 AND id > $2)) ORDER BY at, id LIMIT $3"
            }
            Which::Exempt => {
                "SELECT id, at, team, fate, hold_id, detail FROM traffic WHERE fate = 'exempt' \
                 AND (at > $1 OR (at = $1 AND id > $2)) ORDER BY at, id LIMIT $3"
            }
        };
        let rows = sqlx::query(text)
            .bind(micros(begin))
            .bind(behind.map_or("", |behind| behind.id.0.as_str()))
            .bind(i64::from(most))
            .fetch_all(self.db.read())
            .await?;
        let mut records = Vec::with_capacity(rows.len());
        for row in &rows {
            records.extend(self.db.pass_over(row, record)?);
        }
        let last = rows.last().filter(|_| rows.len() >= most as usize);
        Ok(Page { records, next: last.map(place).transpose()? })
    }

    async fn count(&self, since: Timestamp) -> Result<Vec<Counted>, Fault> {
        let rows = sqlx::query(
            "SELECT team, at / $2 AS quarter, COUNT(*) AS mails FROM traffic WHERE at >= $1 \
             GROUP BY team, at / $2 ORDER BY quarter, team",
        )
        .bind(micros(since))
        .bind(QUARTER_MICROS)
        .fetch_all(self.db.read())
        .await?;
        let counted = rows.iter().map(|row| {
            Ok(Counted {
                team: row.try_get("team")?,
                since: time(row.try_get::<i64, _>("quarter")? * QUARTER_MICROS)?,
                mails: count(row.try_get("mails")?)?,
            })
        });
        counted.collect()
    }
}

/// Adds one.
pub(super) async fn insert(work: &mut Work, record: &Record) -> Result<(), Fault> {
    let near = is_near(record);
    sqlx::query(
        "INSERT INTO traffic (id, at, team, fate, near, hold_id, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&record.id.0)
    .bind(micros(record.at))
    .bind(&record.team)
    .bind(record.fate.as_str())
    .bind(i64::from(near))
    .bind(record.hold.as_ref().map(HoldId::as_str))
    .bind(json(&record.detail)?)
    .execute(work.on())
    .await?;
    Ok(())
}

fn is_near(record: &Record) -> bool {
    record.fate != Fate::Passed
        || record.detail.shadow.is_some()
        || record.detail.near.iter().any(|near| near.probability >= NEAR)
}

fn record(row: &AnyRow) -> Result<Record, Fault> {
    let fate = Fate::from_text(row.try_get("fate")?);
    let hold: Option<String> = row.try_get("hold_id")?;
    let hold = hold.map(|id| HoldId::parse(&id)).transpose();
    let detail: Detail = from_json(row, "detail")?;
    Ok(Record {
        id: RecordId(row.try_get("id")?),
        at: time(row.try_get("at")?)?,
        team: row.try_get("team")?,
        fate: fate.ok_or_else(|| corrupt("a record has a fate that we do not know"))?,
        hold: hold.map_err(|_| corrupt("a record names no hold"))?,
        detail,
    })
}

fn place(row: &AnyRow) -> Result<Behind, Fault> {
    Ok(Behind { at: time(row.try_get("at")?)?, id: RecordId(row.try_get("id")?) })
}
