//! Clears what nobody comes back for. Erasing the content of ended holds has its place here too:
//! `ended_at` says since when, `content_erased_at` remembers it.

use super::{
    Fault, SqlStore,
    rows::{hold_id, micros},
};
use crate::{hold::steps::prepared_horizon, mail::Timestamp};

/// Holds cancelled in one go; the next sweep takes the rest.
const MOST: i64 = 200;

impl SqlStore {
    /// Cancels old prepared holds, one transaction each, and forgets old keys.
    pub(super) async fn sweep_old(&self, now: Timestamp) -> Result<u64, Fault> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM holds WHERE state = 'prepared' AND created < $1 \
             ORDER BY created LIMIT $2",
        )
        .bind(micros(prepared_horizon(now)))
        .bind(MOST)
        .fetch_all(self.db.read())
        .await?;
        let mut cancelled = 0;
        for id in ids {
            if self.drop_prepared(&hold_id(&id)?, "sweep", now).await? {
                cancelled += 1;
            }
        }
        let horizon = now.checked_sub(self.idempotency_window).unwrap_or(Timestamp::MIN);
        let mut work = self.db.begin().await?;
        sqlx::query(
            "DELETE FROM retries WHERE hold_id IN (SELECT id FROM holds WHERE ended_at <= $1)",
        )
        .bind(micros(horizon))
        .execute(work.on())
        .await?;
        work.commit().await?;
        Ok(cancelled)
    }
}
