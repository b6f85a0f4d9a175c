//! What the decoders of several sections read alike.

use std::time::Duration;

use crate::policy::document::Table;

/// A whole number from one up.
pub(super) fn number<N: TryFrom<i64>>(
    t: &Table<'_>,
    key: &'static str,
    default: N,
    most: i64,
) -> N {
    let number = t.integer(key, 1..=most).optional();
    number.and_then(|n| N::try_from(n).ok()).unwrap_or(default)
}

/// A time that something is waited for: more than none, and no more than `most`.
pub(super) fn limit(
    t: &Table<'_>,
    key: &'static str,
    default: Duration,
    most: Duration,
    help: &str,
) -> Duration {
    let time = t.duration(key).and_then(|time| match time {
        time if time.is_zero() || time > most => {
            Err(("is out of range".to_owned(), Some(help.to_owned())))
        }
        time => Ok(time),
    });
    time.or(default)
}

/// A section that may be left out: `None` where it is there and does not read.
pub(super) fn optional<T>(section: Option<Option<T>>) -> Option<Option<T>> {
    match section {
        Some(None) => None,
        read => Some(read.flatten()),
    }
}

/// What `read` makes of a table; keys that it did not ask for are told.
pub(super) fn finished<T>(table: Table<'_>, read: impl FnOnce(&Table<'_>) -> T) -> T {
    let value = read(&table);
    table.finish();
    value
}
