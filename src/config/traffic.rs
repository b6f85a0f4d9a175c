//! The section `[traffic]` as written.

use std::time::Duration;

use crate::{policy::document::Table, traffic::Settings};

/// Longer than this nobody tunes by; it is people's mail, after all.
const MOST_DAYS: i64 = 366;
const DAY_SECS: u64 = 24 * 3600;
/// The fewest and the most records.
const ROWS: std::ops::RangeInclusive<i64> = 1_000..=50_000_000;

/// `[traffic]`
pub(super) fn decode(t: &Table<'_>) -> Settings {
    let default = Settings::default();
    let days = t.integer("days", 1..=MOST_DAYS).optional();
    let days = days.and_then(|days| u64::try_from(days).ok());
    let rows = t.integer("max_rows", ROWS).optional();
    Settings {
        record: t.boolean("record").or(default.record),
        keep: days.map_or(default.keep, |days| Duration::from_secs(days * DAY_SECS)),
        rows: rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or(default.rows),
    }
}
