//! The audit's rows. The head's row is taken last in each transaction: from there to the commit
//! one writes at a time, which gives the chain its order on several nodes.

use sqlx::Row;

use super::{
    Fault, SqlStore,
    rows::{count, entry, entry_columns, json, micros},
};
use crate::{
    hold::{Actor, AuditEntry, AuditEvent, AuditHead, chain::link},
    mail::{HoldId, Timestamp},
    store::{self, Work},
};

impl Work {
    /// Adds an entry to the chain: the last thing that a transaction does before its commit. Other
    /// rooms keep their audit in the same chain, in the commit of what it tells.
    pub(crate) async fn audit<E>(
        &mut self,
        hold: Option<&HoldId>,
        actor: Actor,
        event: AuditEvent,
        now: Timestamp,
    ) -> Result<(), store::Fault<E>> {
        let raised =
            "UPDATE audit_head SET number = number + 1 WHERE id = 1 RETURNING number, digest";
        let row = sqlx::query(raised).fetch_one(self.on()).await?;
        let head = AuditHead {
            number: count(row.try_get("number")?)?.saturating_sub(1),
            digest: row.try_get("digest")?,
        };
        let entry = link(&head, hold, actor, event, now);
        sqlx::query("UPDATE audit_head SET digest = $1 WHERE id = 1")
            .bind(&entry.digest)
            .execute(self.on())
            .await?;
        sqlx::query(
            "INSERT INTO audit (number, at, hold_id, actor, event, previous, digest, slip, salt) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(i64::try_from(entry.number).unwrap_or(i64::MAX))
        .bind(micros(entry.at))
        .bind(entry.hold.as_ref().map(HoldId::as_str))
        .bind(json(&entry.actor)?)
        .bind(json(&entry.event)?)
        .bind(&entry.previous)
        .bind(&entry.digest)
        .bind(entry.slip.as_ref().map(json).transpose()?)
        .bind(entry.slip.as_ref().and_then(|slip| slip.salt.as_deref()))
        .execute(self.on())
        .await?;
        Ok(())
    }
}

impl SqlStore {
    /// One entry by itself.
    pub(super) async fn record_event(
        &self,
        hold: Option<&HoldId>,
        actor: Actor,
        event: AuditEvent,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let mut work = self.db.begin().await?;
        work.audit(hold, actor, event, now).await?;
        Ok(work.commit().await?)
    }

    /// Entries in order.
    pub(super) async fn audit_page(&self, from: u64, most: u32) -> Result<Vec<AuditEntry>, Fault> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            entry_columns!(),
            " FROM audit WHERE number >= $1 ORDER BY number LIMIT $2"
        ))
        .bind(i64::try_from(from).unwrap_or(i64::MAX))
        .bind(i64::from(most))
        .fetch_all(self.db.read())
        .await?;
        rows.iter().map(entry).collect()
    }

    /// The head's row.
    pub(super) async fn chain_end(&self) -> Result<AuditHead, Fault> {
        let row = sqlx::query("SELECT number, digest FROM audit_head WHERE id = 1")
            .fetch_one(self.db.read())
            .await?;
        Ok(AuditHead { number: count(row.try_get("number")?)?, digest: row.try_get("digest")? })
    }
}
