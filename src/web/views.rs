//! Which views of a page go into the audit: the first of each person, hold and hour, on each node.
//!
//! Link scanners open a page several times; one line tells as much as ten. After a restart a view
//! may be written once more, never once less.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::mail::{HoldId, Timestamp};

const ONCE_IN_SECS: i64 = 3600;
/// Beyond this many the old ones are forgotten; forgetting only means a second line.
const MAX_REMEMBERED: usize = 10_000;

/// The views written in the last hour. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Views(Arc<Mutex<HashMap<Whose, Timestamp>>>);

/// A hold, and which party saw it; `None`: its sender.
type Whose = (HoldId, Option<u8>);

impl Views {
    /// Whether a view of this hold by its sender or a party is still to be written.
    pub(super) fn is_new(&self, hold: &HoldId, party: Option<u8>, now: Timestamp) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(&(hold.clone(), party)).is_none_or(|at| is_over(*at, now))
    }

    /// Remembers that it was written.
    pub(super) fn written(&self, hold: &HoldId, party: Option<u8>, now: Timestamp) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MAX_REMEMBERED {
            seen.retain(|_, at| !is_over(*at, now));
        }
        if seen.len() >= MAX_REMEMBERED {
            seen.clear();
        }
        seen.insert((hold.clone(), party), now);
    }
}

fn is_over(at: Timestamp, now: Timestamp) -> bool {
    now.as_second().saturating_sub(at.as_second()) >= ONCE_IN_SECS
}
