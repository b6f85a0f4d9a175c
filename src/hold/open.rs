//! Opens the hold store that a URL names: that of a database, or `memory:` for tests.

use std::{sync::Arc, time::Duration};

use super::{HoldError, HoldStore, MemoryStore, sql::SqlStore};
use crate::store::{self, Database};

/// How a hold store behaves, whatever it stands on.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long after a hold *ended* a retry of the same mail is still answered with it. While a
    /// hold is open every retry finds it, however old it is, so this need not span the five days a
    /// client may try (RFC 5321 §4.5.4.1): only the longest pause between two of its attempts,
    /// which is hours. A day leaves room and still lets somebody send the very same bytes again
    /// on another day and be judged anew.
    pub idempotency_window: Duration,
    /// How its database is used.
    pub database: store::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            idempotency_window: Duration::from_secs(24 * 3600),
            database: store::Settings::default(),
        }
    }
}

/// Opens the store, brings its schema up to date and checks that its commits are durable.
///
/// # Errors
/// [`HoldError::Failed`] with a [`store::Unusable`] as source where the operator can do something.
pub async fn open(url: &str, settings: Settings) -> Result<Arc<dyn HoldStore>, HoldError> {
    if url == "memory:" {
        return Ok(Arc::new(MemoryStore::new(settings)));
    }
    let database = store::open(url, &settings.database).await?;
    Ok(on(database, settings))
}

/// The hold store on a database that is open.
pub fn on(database: Database, settings: Settings) -> Arc<dyn HoldStore> {
    Arc::new(SqlStore::new(database, settings.idempotency_window))
}
