//! The database under everything that is kept: SQLite or PostgreSQL, one schema and one SQL text.
//!
//! A room that keeps something writes its own statements; what they stand on is here: connections
//! whose commits are durable, transactions that write ([`Work`]), a time limit and one word for
//! whatever goes wrong ([`Database::within`]).
//!
//! Every change is one transaction that takes its own row first and the audit's head last, so that
//! no two wait for each other in a circle. On SQLite it begins IMMEDIATE: a transaction that reads
//! first and then wants to write fails at once when another wrote meanwhile.

mod connect;
mod fault;
mod open;
pub(crate) mod rows;
mod unreadable;
mod work;

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use sqlx::AnyPool;

use self::unreadable::Unreadable;
pub(crate) use self::{fault::Fault, work::Work};
pub use self::{
    fault::StoreError,
    open::{Unusable, open},
};

/// How a database is used.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long one operation may take before it counts as failed. Well below the ten minutes a
    /// client waits for the answer to its data (RFC 5321 §4.5.3.2.6).
    pub answer_within: Duration,
    /// How many connections at most: readers beside the one writer of SQLite, all of PostgreSQL's.
    pub connections: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { answer_within: Duration::from_secs(20), connections: 8 }
    }
}

/// Which database it is, where that makes a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// An open database; clones share its connections.
#[derive(Debug, Clone)]
pub struct Database {
    kind: Kind,
    /// SQLite: one connection, because it has one writer at a time anyway and waiting for ours in
    /// a queue is fair, which its own lock is not. PostgreSQL: the same pool as `read`.
    write: AnyPool,
    read: AnyPool,
    /// Whether `write` has a connection that no transaction has used yet; see `begin`.
    fresh: Arc<AtomicBool>,
    answer_within: Duration,
    unreadable: Arc<Unreadable>,
}

impl Database {
    /// Which database it is.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Where statements go that only read.
    pub(crate) fn read(&self) -> &AnyPool {
        &self.read
    }

    /// Where a statement goes that writes and is a transaction by itself.
    pub(crate) fn write(&self) -> &AnyPool {
        &self.write
    }
}
