//! The section `[attachments]` as written.

use std::time::Duration;

use crate::{attachments::Settings, policy::document::Table};

/// A message is judged in 20 s or answered 4xx; attachments may take the most of it, not all.
const MOST_TIME: Duration = Duration::from_secs(15);
/// A child has hardly memory for larger documents.
const MOST_OCTETS: u64 = 32 << 20;

/// `[attachments]`
pub(super) fn decode(t: &Table<'_>) -> Settings {
    let default = Settings::default();
    let octets = t.bytes("max_bytes").and_then(|octets| match octets {
        1..=MOST_OCTETS => Ok(octets),
        _ => Err((
            "`attachments.max_bytes` must be from 1 octet to 32 MiB".to_owned(),
            Some("`read = false` reads none".to_owned()),
        )),
    });
    let time = t.duration("time").and_then(|time| match time {
        time if time.is_zero() || time > MOST_TIME => Err((
            "`attachments.time` must be from 1 to 15 seconds".to_owned(),
            Some("such as \"10s\"; `read = false` reads none".to_owned()),
        )),
        time => Ok(time),
    });
    Settings {
        read: t.boolean("read").or(default.read),
        max_octets: octets
            .optional()
            .and_then(|octets| usize::try_from(octets).ok())
            .unwrap_or(default.max_octets),
        time: time.or(default.time),
        at_once: default.at_once,
    }
}
