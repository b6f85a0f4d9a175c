//! Originals that were taken back for a new text.

use super::{
    Fault, SqlStore,
    rows::{self, hold_columns, micros},
};
use crate::{
    hold::{
        Actor, Change, Hold, Outcome,
        afterwards::MAX_REWRITES,
        steps::{event, whole_micros},
    },
    mail::{HoldId, ReversePath, Timestamp},
    store::Work,
    telemetry,
};

impl Work {
    /// Opens the way for a new text, where a change takes a mail back for one.
    pub(super) async fn open_rewrite(&mut self, hold: &Hold, change: &Change) -> Result<(), Fault> {
        let Some(Outcome::Rewritten { until, .. }) = &change.outcome else { return Ok(()) };
        sqlx::query("INSERT INTO rewrites (hold_id, sender, open_until) VALUES ($1, $2, $3)")
            .bind(hold.id.as_str())
            .bind(hold.envelope.reverse_path().folded())
            .bind(micros(whole_micros(*until)))
            .execute(self.on())
            .await?;
        Ok(())
    }
}

impl SqlStore {
    /// Originals that a sender's mail with this key may be the new text of, newest first.
    pub(super) async fn rewrites_of(
        &self,
        sender: &ReversePath,
        key: &str,
        now: Timestamp,
    ) -> Result<Vec<Hold>, Fault> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            hold_columns!(),
            " FROM holds WHERE id IN (SELECT hold_id FROM rewrites \
             WHERE sender = $1 AND open_until > $2 AND (used_by IS NULL OR used_by = $3)) \
             ORDER BY created DESC, id DESC LIMIT $4"
        ))
        .bind(sender.folded())
        .bind(micros(now))
        .bind(key)
        .bind(i64::from(MAX_REWRITES))
        .fetch_all(self.db.read())
        .await?;
        let mut holds = Vec::with_capacity(rows.len());
        for row in &rows {
            holds.extend(self.db.pass_over(row, rows::hold)?);
        }
        Ok(holds)
    }

    /// Lets the mail with this key be the new text, once.
    pub(super) async fn close_rewrite(
        &self,
        original: &HoldId,
        key: &str,
        actor: Actor,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let mut work = self.db.begin().await?;
        let taken = sqlx::query(
            "UPDATE rewrites SET used_by = $2 WHERE hold_id = $1 AND open_until > $3 \
             AND (used_by IS NULL OR used_by = $2)",
        )
        .bind(original.as_str())
        .bind(key)
        .bind(micros(now))
        .execute(work.on())
        .await?;
        if taken.rows_affected() != 1 {
            work.abandon().await?;
            return Ok(false);
        }
        work.audit(Some(original), actor, event("rewritten_passed", []), now).await?;
        work.commit().await?;
        telemetry::hold::changed(original, "rewritten_passed", "withdrawn");
        Ok(true)
    }
}
