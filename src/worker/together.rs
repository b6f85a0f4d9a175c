//! Reminders of one sender that fall due together come together: in one round, so that they become one
//! mail.
//!
//! Each is owed by its own hold in its own commit; one that is not reached comes at its own time.

use std::time::Duration;

use super::{
    Worker,
    next::{Next, next},
};
use crate::{hold::Hold, mail::Timestamp, telemetry};

/// A reminder due within this time comes now.
const TOGETHER: Duration = Duration::from_secs(15 * 60);
/// Holds of one sender looked at.
const MAX_ALONG: u32 = 500;

impl Worker {
    /// One hold of a sender reminds: so do his others whose reminder is near or which belong to the
    /// same conversation. Returns how many were changed.
    pub(super) async fn remind_along(&self, first: &Hold, now: Timestamp) -> usize {
        let sender = first.envelope.reverse_path();
        let held = match self.store.held_of(sender, None, MAX_ALONG).await {
            Ok(held) => held,
            Err(error) => {
                telemetry::worker::store_failed("looking for a sender's holds", &error);
                return 0;
            }
        };
        let mut changed = 0;
        for hold in held.iter().filter(|hold| hold.id != first.id) {
            let plan = self.plan(hold);
            let step = match next(hold, &plan, now) {
                Next::Nothing if comes_along(hold, first, now) => Next::Remind,
                Next::Remind => Next::Remind,
                _ => continue,
            };
            changed += usize::from(self.do_next(hold, &plan, &step, now).await);
        }
        changed
    }
}

/// A time that a person named stands.
fn comes_along(hold: &Hold, first: &Hold, now: Timestamp) -> bool {
    let Some(remind_at) = hold.remind_at.filter(|_| !hold.is_asked_for()) else { return false };
    let is_near =
        |from: Timestamp, to: Timestamp| from.checked_add(TOGETHER).is_ok_and(|t| to <= t);
    // Of what was held just now its notice has told.
    let is_told_of = is_near(hold.created, now);
    is_near(now, remind_at)
        || !is_told_of && first.is_same_conversation(&hold.envelope, &hold.dossier)
}
