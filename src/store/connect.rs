//! Connections whose commits are durable: set, then read back, on every connection.
//!
//! SQLite: WAL with `synchronous=FULL`; NORMAL may lose the last commits at a power cut, and releases
//! before 3.51.3 may lose them in WAL mode with two connections. PostgreSQL: `fsync`,
//! `full_page_writes` and `synchronous_commit` on.

use std::{
    path::Path,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{
    AnyConnection, ConnectOptions, Connection,
    any::{AnyConnectOptions, AnyPoolOptions},
    migrate::{Migrate, MigrateError, Migrator},
};

use super::{Database, Kind, Settings, StoreError, Unusable, fault::told};

const DOING: &str = "opening the store";
/// The first SQLite without the WAL-reset fault.
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);
/// A second process (the command line) waits so long for the writer: longer than any write takes.
pub(super) const BUSY: &str = "PRAGMA busy_timeout = 10000";
/// How long to wait before the file is tried again that another process is turning to WAL.
const SHUT_OUT: Duration = Duration::from_millis(20);
/// A node that vanished inside a transaction must not hold the audit's head for the others.
const IDLE_IN_TRANSACTION: &str = "60s";

/// The schema, step by step.
static SCHEMA: Migrator = sqlx::migrate!();

impl Database {
    /// The database in this file, which is there already.
    pub(super) async fn sqlite(file: &Path, settings: Settings) -> Result<Database, StoreError> {
        let url = format!("sqlite:{}?mode=rw", percent_encoded(file));
        let options = options(&url, &settings)?;
        first_sqlite(&options, &settings).await?;
        let fresh = Arc::new(AtomicBool::new(true));
        let opened = Arc::clone(&fresh);
        let write = pool(&settings, 1)
            .test_before_acquire(false)
            .after_connect(move |connection, _| {
                opened.store(true, Ordering::SeqCst);
                Box::pin(ready_sqlite(connection, true))
            })
            .connect_lazy_with(options.clone());
        let read = pool(&settings, settings.connections)
            .test_before_acquire(false)
            .after_connect(|connection, _| Box::pin(ready_sqlite(connection, false)))
            .connect_lazy_with(options);
        let (answer_within, unreadable) = (settings.answer_within, Arc::default());
        Ok(Database { kind: Kind::Sqlite, write, read, fresh, answer_within, unreadable })
    }

    /// The database on this server.
    pub(super) async fn postgres(url: &str, settings: Settings) -> Result<Database, StoreError> {
        let options = options(url, &settings)?;
        let limit = settings.answer_within;
        let mut first = connect(&options, &settings).await?;
        checked(ready_postgres(&mut first, None).await, &settings)?;
        migrate(&mut first, &settings).await?;
        checked(first.close().await, &settings)?;
        let both = pool(&settings, settings.connections)
            .after_connect(move |connection, _| Box::pin(ready_postgres(connection, Some(limit))))
            .connect_lazy_with(options);
        let (fresh, unreadable) = (Arc::default(), Arc::default());
        let (kind, write) = (Kind::Postgres, both.clone());
        Ok(Database { kind, write, read: both, fresh, answer_within: limit, unreadable })
    }
}

/// Opens once by itself, because a pool tries again and again and then only says "timed out".
/// Where several processes open a file at the same moment, the one that turns it to WAL shuts
/// the others out, and SQLite does not wait for that: so we do.
async fn first_sqlite(options: &AnyConnectOptions, settings: &Settings) -> Result<(), StoreError> {
    let patience = Instant::now() + settings.answer_within;
    loop {
        match try_first_sqlite(options, settings).await {
            Err(StoreError::Silent(_)) if Instant::now() < patience => {
                tokio::time::sleep(SHUT_OUT).await;
            }
            other => return other,
        }
    }
}

async fn try_first_sqlite(
    options: &AnyConnectOptions,
    settings: &Settings,
) -> Result<(), StoreError> {
    let mut first = connect(options, settings).await?;
    checked(ready_sqlite(&mut first, true).await, settings)?;
    migrate_sqlite(&mut first, settings).await?;
    checked(first.close().await, settings)
}

fn options(url: &str, settings: &Settings) -> Result<AnyConnectOptions, StoreError> {
    sqlx::any::install_default_drivers();
    // Statements carry no values, but nobody needs each of them in the log either.
    let quiet = AnyConnectOptions::from_str(url).map(ConnectOptions::disable_statement_logging);
    checked(quiet, settings)
}

async fn connect(
    options: &AnyConnectOptions,
    settings: &Settings,
) -> Result<AnyConnection, StoreError> {
    let connected = tokio::time::timeout(settings.answer_within, options.connect()).await;
    checked(connected.map_err(|_| StoreError::Silent(settings.answer_within))?, settings)
}

fn pool(settings: &Settings, connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections.max(1))
        .acquire_timeout(settings.answer_within)
        .max_lifetime(Duration::from_secs(3600))
}

fn checked<T>(result: Result<T, sqlx::Error>, settings: &Settings) -> Result<T, StoreError> {
    result.map_err(|error| told(DOING, settings.answer_within, error))
}

fn unusable(reason: Unusable) -> sqlx::Error {
    sqlx::Error::Configuration(Box::new(reason))
}

/// Makes a connection to SQLite durable and strict, and proves it.
async fn ready_sqlite(connection: &mut AnyConnection, writes: bool) -> Result<(), sqlx::Error> {
    let version: String =
        sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut *connection).await?;
    if parsed(&version) < Some(SQLITE_FLOOR) {
        return Err(unusable(Unusable::Version(version)));
    }
    for pragma in [
        // Two connections that turn a file to WAL may wait for each other: not for long.
        "PRAGMA busy_timeout = 100",
        "PRAGMA journal_mode = WAL",
        BUSY,
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        // What is deleted is overwritten: held mail does not stay in free pages.
        "PRAGMA secure_delete = ON",
        "PRAGMA trusted_schema = OFF",
        "PRAGMA cell_size_check = ON",
        // A burst must not leave a huge log behind.
        "PRAGMA journal_size_limit = 67108864",
    ] {
        sqlx::query(pragma).fetch_all(&mut *connection).await?;
    }
    let journal: String =
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    if journal != "wal" {
        return Err(wrong("journal_mode", journal, "wal"));
    }
    for (pragma, setting, wanted, word) in [
        ("PRAGMA synchronous", "synchronous", 2, "2 (FULL)"),
        ("PRAGMA foreign_keys", "foreign_keys", 1, "1 (ON)"),
        ("PRAGMA secure_delete", "secure_delete", 1, "1 (ON)"),
        ("PRAGMA busy_timeout", "busy_timeout", 10_000, "10000"),
    ] {
        let found: i64 = sqlx::query_scalar(pragma).fetch_one(&mut *connection).await?;
        if found != wanted {
            return Err(wrong(setting, found.to_string(), word));
        }
    }
    if !writes {
        sqlx::query("PRAGMA query_only = ON").fetch_all(&mut *connection).await?;
    }
    Ok(())
}

/// Makes a session of PostgreSQL durable, whatever the server's default, and refuses a server
/// that is not. No statement takes longer than `limit`; a schema step may.
async fn ready_postgres(
    connection: &mut AnyConnection,
    limit: Option<Duration>,
) -> Result<(), sqlx::Error> {
    for (show, setting) in [("SHOW fsync", "fsync"), ("SHOW full_page_writes", "full_page_writes")]
    {
        let found: String = sqlx::query_scalar(show).fetch_one(&mut *connection).await?;
        if found != "on" {
            return Err(wrong(setting, found, "on"));
        }
    }
    // `remote_apply` and `remote_write` are the operator's choice and no weaker on this server.
    let commit: String =
        sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut *connection).await?;
    if matches!(commit.as_str(), "off" | "local") {
        set(connection, "synchronous_commit", "on").await?;
    }
    if let Some(limit) = limit {
        let millis = limit.as_millis().max(1).to_string();
        set(connection, "statement_timeout", &millis).await?;
    }
    set(connection, "idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION).await?;
    // Our transactions count on seeing what the one they waited for has written.
    set(connection, "default_transaction_isolation", "read committed").await?;
    let commit: String =
        sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut *connection).await?;
    if matches!(commit.as_str(), "off" | "local") {
        return Err(wrong("synchronous_commit", commit, "on"));
    }
    Ok(())
}

async fn set(
    connection: &mut AnyConnection,
    name: &'static str,
    value: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT set_config($1, $2, false)")
        .bind(name)
        .bind(value)
        .fetch_all(connection)
        .await
        .map(|_| ())
}

fn wrong(setting: &'static str, found: String, wanted: &'static str) -> sqlx::Error {
    unusable(Unusable::Setting { setting, found, wanted })
}

/// SQLite has no lock for migrations of its own: two processes that start at once would both
/// begin. One transaction around all of them is that lock, and a kill leaves all or nothing.
async fn migrate_sqlite(
    connection: &mut AnyConnection,
    settings: &Settings,
) -> Result<(), StoreError> {
    let mut all = checked(connection.begin_with("BEGIN IMMEDIATE").await, settings)?;
    migrate(&mut all, settings).await?;
    checked(all.commit().await, settings)
}

async fn migrate(connection: &mut AnyConnection, settings: &Settings) -> Result<(), StoreError> {
    // What `run` does, but for one connection: its own signature cannot be awaited in a task that
    // moves between threads ("implementation of `Acquire` is not general enough").
    match SCHEMA.run_direct(None, &mut *connection, false).await {
        Ok(()) => Ok(()),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(told(DOING, settings.answer_within, error))
        }
        Err(MigrateError::VersionMissing(found)) => {
            let known = SCHEMA.iter().map(|step| step.version).max().unwrap_or_default();
            let newest = connection.list_applied_migrations(&SCHEMA.table_name).await;
            let newest = newest.ok().and_then(|all| all.iter().map(|step| step.version).max());
            let found = newest.unwrap_or(found);
            Err(StoreError::Failed {
                doing: DOING,
                source: Box::new(Unusable::Newer { found, known }),
            })
        }
        Err(error) => Err(StoreError::Failed { doing: DOING, source: Box::new(error) }),
    }
}

/// `3.51.3` as numbers.
fn parsed(version: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch))) => Some((major, minor, patch)),
        _ => None,
    }
}

/// A path as it may stand in a URL.
fn percent_encoded(path: &Path) -> String {
    let octets = path.as_os_str().as_encoded_bytes().iter();
    octets
        .map(|o| match o {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                char::from(*o).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
