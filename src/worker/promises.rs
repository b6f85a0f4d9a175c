//! Reminds of promises: in the morning of the day, then every other working day, so many times;
//! then the lead hears of it, once, when he is at work.
//!
//! In business hours only. What fell due by night, on a weekend or in a downtime of days is put off,
//! and causes one reminder when people are back at work.

use crate::{
    calendar::Week,
    hold::{Actor, Hold, HoldError, Promise, PromiseChange, PromiseStep},
    mail::Timestamp,
    telemetry::{self, letters::guarded},
};

use super::Worker;

/// Between two reminders of one promise.
const WORKING_DAYS_BETWEEN: u32 = 2;

impl Worker {
    /// Reminds of the promises that are due. Returns how many were changed.
    pub(super) async fn attend_due_promises(&self, now: Timestamp) -> usize {
        let due = match self.store.due_promises(now, self.settings.batch).await {
            Ok(due) => due,
            Err(error) => {
                telemetry::worker::store_failed("looking for due promises", &error);
                return 0;
            }
        };
        let mut changed = 0;
        for (hold, promise) in due {
            match self.attend_promise(&hold, &promise, now).await {
                Ok(done) => changed += usize::from(done),
                Err(error) => telemetry::worker::store_failed("attending a due promise", &error),
            }
        }
        changed
    }

    /// `false` where another node, or the sender himself, was first.
    async fn attend_promise(
        &self,
        hold: &Hold,
        promise: &Promise,
        now: Timestamp,
    ) -> Result<bool, HoldError> {
        let change = self.step(hold, promise, now);
        let step = match change.step {
            PromiseStep::Reminded => Some("reminded"),
            PromiseStep::Overdue => Some("overdue"),
            _ => None,
        };
        let done = self.store.change_promise(&hold.id, change).await?.is_some();
        if done && let Some(step) = step {
            telemetry::worker::promise_fell_due(&hold.id, step);
        }
        Ok(done)
    }

    /// When whoever hears of it next is at work: the sender or, once his reminders are used up, his lead.
    fn week_of(&self, hold: &Hold, overdue: bool) -> &Week {
        let (teams, sender) = (&self.settings.teams, hold.envelope.reverse_path());
        let team = teams.of(sender);
        let lead = team.lead.as_ref().filter(|_| overdue);
        &lead.map_or(team, |lead| teams.of_reader(lead, sender)).week
    }

    fn step(&self, hold: &Hold, promise: &Promise, now: Timestamp) -> PromiseChange {
        let overdue = promise.reminders >= self.settings.promise_reminders;
        let week = self.week_of(hold, overdue);
        if !week.is_open(now) {
            return PromiseChange {
                seen: promise.steps.len(),
                step: PromiseStep::PutOff,
                actor: Actor::service("worker", None),
                remind_at: Some(week.at_work(now)),
                outbox: Vec::new(),
                now,
            };
        }
        // Counted from now, not from when it was due: a downtime causes no storm.
        let remind_at = Some(week.morning_after(now, WORKING_DAYS_BETWEEN));
        let next = Promise { remind_at, ..promise.clone() };
        let letter = guarded(|| match overdue {
            true => self.letters.overdue(hold, promise, now),
            false => self.letters.promise(hold, &next, now),
        });
        PromiseChange {
            seen: promise.steps.len(),
            step: if overdue { PromiseStep::Overdue } else { PromiseStep::Reminded },
            actor: Actor::service("worker", None),
            remind_at,
            outbox: letter.flatten().into_iter().collect(),
            now,
        }
    }
}
