//! What went wrong, in one word: full, silent, unreadable, or ours to repair.

use std::time::Duration;

use super::Database;
use crate::telemetry;

/// Why the database could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room left.
    #[error("the store is full")]
    Full,
    /// Ours to repair, and someone is told.
    #[error("the store failed while {doing}")]
    Failed {
        /// What was being done, without content.
        doing: &'static str,
        /// The driver's error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No answer in time; whether it was committed is unknown.
    #[error("the store gave no answer within {0:?}")]
    Silent(Duration),
    /// What lies in the store cannot be read; it is left as it is.
    #[error("the store holds something unreadable: {0}")]
    Corrupt(String),
}

impl StoreError {
    fn kind(&self) -> &'static str {
        match self {
            StoreError::Full => "full",
            StoreError::Failed { .. } => "failed",
            StoreError::Silent(_) => "silent",
            StoreError::Corrupt(_) => "corrupt",
        }
    }
}

/// Why a piece of work did not come to its end: what its room tells its caller (`E`), what does not
/// read, or what the driver said.
#[derive(Debug)]
pub(crate) enum Fault<E> {
    /// The room's own word: nothing is wrong with the database.
    Told(E),
    /// What this room found.
    Store(StoreError),
    /// What the driver said.
    Driver(sqlx::Error),
}

impl<E> From<StoreError> for Fault<E> {
    fn from(error: StoreError) -> Fault<E> {
        Fault::Store(error)
    }
}

impl<E> From<sqlx::Error> for Fault<E> {
    fn from(error: sqlx::Error) -> Fault<E> {
        Fault::Driver(error)
    }
}

impl Database {
    /// Does it in time, and says what failed in the room's words. The time covers everything:
    /// waiting for a connection, for a lock, for the disk.
    pub(crate) async fn within<T, E: From<StoreError>>(
        &self,
        doing: &'static str,
        work: impl Future<Output = Result<T, Fault<E>>> + Send,
    ) -> Result<T, E> {
        let limit = self.answer_within;
        let error = match tokio::time::timeout(limit, work).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(Fault::Told(error))) => return Err(error),
            Ok(Err(Fault::Store(error))) => error,
            Ok(Err(Fault::Driver(error))) => told(doing, limit, error),
            Err(_) => StoreError::Silent(limit),
        };
        telemetry::hold::store_failure(doing, error.kind(), &error);
        Err(error.into())
    }
}

/// The driver's error in our words.
pub(super) fn told(doing: &'static str, limit: Duration, error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::PoolTimedOut => StoreError::Silent(limit),
        sqlx::Error::ColumnDecode { index, .. } => {
            StoreError::Corrupt(format!("column {index} has another type than it should"))
        }
        sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => StoreError::Full,
        sqlx::Error::Database(said) => match said.code().as_deref().map(class) {
            Some(Class::Full) => StoreError::Full,
            Some(Class::Busy) => StoreError::Silent(limit),
            Some(Class::Corrupt) => {
                StoreError::Corrupt("the database says that its file is damaged".to_owned())
            }
            Some(Class::Other) | None => StoreError::Failed { doing, source: Box::new(error) },
        },
        _ => StoreError::Failed { doing, source: Box::new(error) },
    }
}

enum Class {
    Full,
    Busy,
    Corrupt,
    Other,
}

/// SQLite gives its extended result code as a number, PostgreSQL its five-character SQLSTATE.
fn class(code: &str) -> Class {
    match code {
        "53100" => Class::Full,
        // Statement or lock time limit.
        "57014" | "55P03" => Class::Busy,
        "XX001" | "XX002" => Class::Corrupt,
        _ if code.len() == 5 => Class::Other,
        _ => match code.parse::<u32>().map(|extended| extended & 0xff) {
            Ok(13) => Class::Full,
            Ok(5 | 6) => Class::Busy,
            Ok(11 | 26) => Class::Corrupt,
            _ => Class::Other,
        },
    }
}
