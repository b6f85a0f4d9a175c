//! Reminders and expiry.

use std::time::Duration;

use bytes::Bytes;

use crate::{
    decision::ExpiryAction,
    hold::{Actor, AuditEvent, Change, Hold, HoldError, ItemKind, NewItem, Outcome, State},
    mail::Timestamp,
    telemetry::{self, letters::guarded},
};

use super::Worker;

/// No policy is meant to remind more often.
const MIN_BETWEEN_REMINDERS: Duration = Duration::from_secs(15 * 60);

impl Worker {
    /// Reminds of, or ends, the holds that are due. Returns how many were changed.
    pub(super) async fn attend_due_holds(&self, now: Timestamp) -> usize {
        let due = match self.store.due_holds(now, self.settings.batch).await {
            Ok(due) => due,
            Err(error) => {
                telemetry::worker::store_failed("looking for due holds", &error);
                return 0;
            }
        };
        let mut changed = 0;
        for hold in due {
            let change = match hold.ends_at().is_some_and(|end| end <= now) {
                true => self.expiry(&hold, now).await,
                false => Ok(self.reminder(&hold, now)),
            };
            let done = match change {
                Ok(change) => self.store.change(&hold.id, change).await,
                Err(error) => Err(error),
            };
            match done {
                Ok(after) => {
                    changed += 1;
                    telemetry::worker::hold_fell_due(&hold.id, after.state.as_str());
                }
                // Another node, or a person, was first: nothing is owed any more, or the next turn
                // does it.
                Err(HoldError::Already(_) | HoldError::Overtaken) => {}
                Err(error) => telemetry::worker::store_failed("attending a due hold", &error),
            }
        }
        changed
    }

    fn reminder(&self, hold: &Hold, now: Timestamp) -> Change {
        let terms = &hold.dossier.decision.terms;
        // Counted from now, not from when it was due: a downtime causes no storm.
        let remind_at = later(now, terms.remind_after.max(MIN_BETWEEN_REMINDERS));
        // The mail says when the next one comes.
        let next = Hold { remind_at, ..hold.clone() };
        let letter = guarded(|| self.letters.reminder(&next, now)).flatten();
        Change {
            reminded: true,
            remind_at,
            outbox: letter.into_iter().collect(),
            ..stays(hold, "reminded", now)
        }
    }

    async fn expiry(&self, hold: &Hold, now: Timestamp) -> Result<Change, HoldError> {
        let terms = &hold.dossier.decision.terms;
        let content = match self.store.content(&hold.id).await {
            // Whoever waits for it hears that it did not go out, if without a copy of it.
            Err(error @ HoldError::Corrupt(_)) => {
                telemetry::worker::store_failed("reading an expired message", &error);
                Bytes::new()
            }
            content => content?,
        };
        let letter = guarded(|| self.letters.expired(hold, &content, now)).flatten();
        let others = guarded(|| self.letters.expired_for_others(hold, now)).unwrap_or_default();
        let ends = |to: State, extra: Option<NewItem>| Change {
            to,
            outcome: Some(Outcome::Expired),
            outbox: extra.into_iter().chain(letter.clone()).chain(others.clone()).collect(),
            told: Some(hold.parties.len()),
            ..stays(hold, "expired", now)
        };
        Ok(match terms.expiry_action {
            ExpiryAction::Return => ends(State::Returned, None),
            ExpiryAction::Release => {
                let release = NewItem { kind: ItemKind::Release, recipients: Vec::new(), due: now };
                ends(State::Approved, Some(release))
            }
            // Never asked for: a hold that is kept falls due for reminders only.
            ExpiryAction::Keep => self.reminder(hold, now),
        })
    }
}

/// A change by the service that leaves the hold where it is.
fn stays(hold: &Hold, event: &str, now: Timestamp) -> Change {
    let facts = vec![("reminders".to_owned(), hold.reminders.to_string())];
    Change {
        from: State::Held,
        to: State::Held,
        outcome: None,
        actor: Actor::service("worker", None),
        remind_at: None,
        reminded: false,
        outbox: Vec::new(),
        parties: Vec::new(),
        told: None,
        event: AuditEvent { name: event.to_owned(), facts },
        once: None,
        now,
    }
}

fn later(now: Timestamp, by: Duration) -> Option<Timestamp> {
    now.checked_add(by).ok()
}
