//! What is recorded of one person's mail, found by the name of his address and erased on his demand.

use super::log::{Fault, Log, MAX_DELETED};
use crate::{
    hold::{Actor, AuditEvent},
    mail::{Mailbox, Timestamp},
    store::StoreError,
};

use super::Hasher;

impl Log {
    /// How many records are of mail from this address. Reads every record.
    pub async fn count_of(&self, from: &Mailbox, hasher: &Hasher) -> Result<u64, StoreError> {
        let work = async {
            let records: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM traffic WHERE detail LIKE $1")
                    .bind(pattern(from, hasher))
                    .fetch_one(self.db.read())
                    .await?;
            Ok::<u64, Fault>(records.unsigned_abs())
        };
        self.db.within("looking for an address in recorded traffic", work).await
    }

    /// Erases the records of mail from this address, and that letters about mail went there, step by
    /// step, each with its entry in the audit. A letter that is still to go out stays until it has.
    pub async fn erase_of(
        &self,
        from: &Mailbox,
        hasher: &Hasher,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let pattern = pattern(from, hasher);
        let mut gone = 0;
        loop {
            let work = self.erase_some(&pattern, from, (actor.clone(), now));
            let some = self.db.within("erasing recorded traffic", work).await?;
            gone += some;
            if some < MAX_DELETED.unsigned_abs() {
                return Ok(gone);
            }
        }
    }

    async fn erase_some(
        &self,
        pattern: &str,
        from: &Mailbox,
        (actor, now): (Actor, Timestamp),
    ) -> Result<u64, Fault> {
        let mut work = self.db.begin().await?;
        let records = sqlx::query(
            "DELETE FROM traffic WHERE id IN \
             (SELECT id FROM traffic WHERE detail LIKE $1 ORDER BY at, id LIMIT $2)",
        )
        .bind(pattern)
        .bind(MAX_DELETED)
        .execute(work.on())
        .await?
        .rows_affected();
        let letters =
            sqlx::query("DELETE FROM passing_letters WHERE due IS NULL AND addressee = $1")
                .bind(from.folded())
                .execute(work.on())
                .await?
                .rows_affected();
        if records + letters == 0 {
            work.abandon().await?;
            return Ok(0);
        }
        let facts = [("what", "traffic".to_owned()), ("records", records.to_string())];
        let facts = facts.map(|(name, value)| (name.to_owned(), value)).into();
        let event = AuditEvent { name: "erased".to_owned(), facts };
        work.audit(None, actor, event, now).await?;
        work.commit().await?;
        Ok(records)
    }
}

/// A name is hexadecimal, and a quote within a value is escaped: nothing else looks like this.
fn pattern(from: &Mailbox, hasher: &Hasher) -> String {
    format!("%\"sender\":\"{}\"%", hasher.address(from.as_str()))
}
