//! What went wrong, in the store's words: full, silent, unreadable, or ours to repair.

use std::time::Duration;

use super::SqlStore;
use crate::{hold::HoldError, telemetry};

/// Inside this folder: what the caller is told, or what the driver said.
#[derive(Debug)]
pub(super) enum Fault {
    Told(HoldError),
    Driver(sqlx::Error),
}

impl From<HoldError> for Fault {
    fn from(error: HoldError) -> Fault {
        Fault::Told(error)
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Fault {
        Fault::Driver(error)
    }
}

/// Something in the store that does not read; `what` never quotes it.
pub(super) fn corrupt(what: impl Into<String>) -> Fault {
    Fault::Told(HoldError::Corrupt(what.into()))
}

impl SqlStore {
    /// Does it in time, and says what failed in the contract's words. The time covers everything:
    /// waiting for a connection, for a lock, for the disk.
    pub(super) async fn within<T>(
        &self,
        doing: &'static str,
        work: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, HoldError> {
        let limit = self.settings.answer_within;
        let error = match tokio::time::timeout(limit, work).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(Fault::Told(error))) => error,
            Ok(Err(Fault::Driver(error))) => told(doing, limit, error),
            Err(_) => HoldError::Silent(limit),
        };
        match &error {
            HoldError::Unknown
            | HoldError::Already(_)
            | HoldError::Repeated
            | HoldError::Overtaken => {}
            HoldError::Full => telemetry::hold::store_failure(doing, "full", &error),
            HoldError::Silent(_) => telemetry::hold::store_failure(doing, "silent", &error),
            HoldError::Corrupt(_) => telemetry::hold::store_failure(doing, "corrupt", &error),
            HoldError::Failed { .. } => telemetry::hold::store_failure(doing, "failed", &error),
        }
        Err(error)
    }
}

/// The driver's error in the contract's words.
pub(super) fn told(doing: &'static str, limit: Duration, error: sqlx::Error) -> HoldError {
    match &error {
        sqlx::Error::PoolTimedOut => HoldError::Silent(limit),
        sqlx::Error::ColumnDecode { index, .. } => {
            HoldError::Corrupt(format!("column {index} has another type than it should"))
        }
        sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => HoldError::Full,
        sqlx::Error::Database(said) => match said.code().as_deref().map(class) {
            Some(Class::Full) => HoldError::Full,
            Some(Class::Busy) => HoldError::Silent(limit),
            Some(Class::Corrupt) => {
                HoldError::Corrupt("the database says that its file is damaged".to_owned())
            }
            Some(Class::Other) | None => HoldError::Failed { doing, source: Box::new(error) },
        },
        _ => HoldError::Failed { doing, source: Box::new(error) },
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
