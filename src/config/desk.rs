//! The section `[desk]` as written.

use std::time::Duration;

use crate::policy::document::Table;

use super::{DeskSettings, fields::limit};

/// Nobody stays logged in for longer.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

/// `[desk]`
pub(super) fn desk(t: &Table<'_>) -> DeskSettings {
    let default = DeskSettings::default();
    let help = "such as \"30min\" or \"12h\"; at most 30 days";
    let mut sessions = default.sessions;
    sessions.idle = limit(t, "idle", sessions.idle, LONGEST, help);
    sessions.longest = limit(t, "longest", sessions.longest, LONGEST, help);
    DeskSettings { enabled: t.boolean("enabled").or(default.enabled), sessions }
}
