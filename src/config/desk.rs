//! The section `[desk]` as written.

use std::time::Duration;

use crate::policy::document::Table;

use super::{DeskSettings, fields::limit};

/// Nobody stays logged in for longer.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

/// What people's marks ask for is looked at again within a year.
const MOST_LAYER_DAYS: i64 = 366;

/// `[desk]`
pub(super) fn desk(t: &Table<'_>) -> DeskSettings {
    let default = DeskSettings::default();
    let help = "such as \"30min\" or \"12h\"; at most 30 days";
    let mut sessions = default.sessions;
    sessions.idle = limit(t, "idle", sessions.idle, LONGEST, help);
    sessions.longest = limit(t, "longest", sessions.longest, LONGEST, help);
    let days = t.integer("local_layer_days", 1..=MOST_LAYER_DAYS);
    let days = days.optional().and_then(|days| u32::try_from(days).ok());
    let second = t.boolean("second_person_for_policies");
    DeskSettings {
        enabled: t.boolean("enabled").or(default.enabled),
        sessions,
        second_person_for_policies: second.or(default.second_person_for_policies),
        local_layer_days: days.unwrap_or(default.local_layer_days),
    }
}
