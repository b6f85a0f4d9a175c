//! One transaction that writes.
//!
//! Dropped before it ended, by an error, by the time limit or by a caller that went away, its
//! connection is closed and not used again: after a failed fsync or a lost answer nobody knows what
//! it still has in hand. The database then takes back what was not committed.
//!
//! BEGIN and COMMIT are said in so many words: `sqlx::Transaction` over a pool gives its connection
//! back whatever happened, and takes a plain BEGIN for granted.

use std::sync::atomic::Ordering;

use sqlx::{Any, AnyConnection, pool::PoolConnection};

use super::{Database, Kind};

/// A transaction that has begun.
pub(crate) struct Work {
    connection: PoolConnection<Any>,
    ended: bool,
}

impl Database {
    /// Begins a transaction that writes: IMMEDIATE on SQLite, so that it waits its turn here and
    /// nowhere later.
    pub(crate) async fn begin(&self) -> Result<Work, sqlx::Error> {
        let mut work = Work { connection: self.write.acquire().await?, ended: false };
        if self.fresh.swap(false, Ordering::SeqCst) {
            work.settle_log().await?;
        }
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN",
        };
        sqlx::query(begin).execute(work.on()).await?;
        Ok(work)
    }
}

impl Work {
    /// A writer of SQLite opens after a failure too. Whatever a failed fsync left in the log goes to
    /// the database file and is synced there, or this connection is not used: only so may a retry
    /// be answered with a hold that is read, not written. PASSIVE waits for nobody; a reader that
    /// is just then at work leaves the rest to the next checkpoint. Done here and not as the pool
    /// connects, because a pool hides the reason: it tries until the time is up, and a full disk
    /// would be silence.
    async fn settle_log(&mut self) -> Result<(), sqlx::Error> {
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_all(self.on()).await?;
        Ok(())
    }

    /// Where the transaction's statements go.
    pub(crate) fn on(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }

    /// Durable when this returns without error.
    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::query("COMMIT").execute(self.on()).await?;
        self.ended = true;
        Ok(())
    }

    /// Nothing was changed; the connection is good.
    pub(crate) async fn abandon(mut self) -> Result<(), sqlx::Error> {
        sqlx::query("ROLLBACK").execute(self.on()).await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if !self.ended {
            self.connection.close_on_drop();
        }
    }
}
