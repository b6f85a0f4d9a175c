//! One transaction that writes.
//!
//! Dropped before it ended, by an error, by the time limit or by a caller that went away, its
//! connection is closed and not used again: after a failed fsync or a lost answer nobody knows what
//! it still has in hand. The database then takes back what was not committed.
//!
//! BEGIN and COMMIT are said in so many words: `sqlx::Transaction` over a pool gives its connection
//! back whatever happened, and takes a plain BEGIN for granted.

use std::sync::atomic::Ordering;

use sqlx::{Any, AnyConnection, Row, pool::PoolConnection};

use super::{Database, Fault, Kind, connect::BUSY};

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

impl Database {
    /// Takes what was deleted out of the log as well: everything in it goes to the database file,
    /// where deleted octets are overwritten, and the log is cut to nothing. `false` where a reader is
    /// at work in it. PostgreSQL keeps its log by its own rules.
    pub(crate) async fn empty_log<E>(&self) -> Result<bool, Fault<E>> {
        if self.kind != Kind::Sqlite {
            return Ok(true);
        }
        let mut connection = self.write.acquire().await?;
        // Nobody's mail waits for a reader that takes its time.
        sqlx::query("PRAGMA busy_timeout = 200").fetch_all(&mut *connection).await?;
        let cut = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
        sqlx::query(BUSY).fetch_all(&mut *connection).await?;
        Ok(cut?.try_get::<i64, _>(0)? == 0)
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
