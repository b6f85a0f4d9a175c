//! Reminders, warnings, expiry: what becomes of holds while nobody decides.

use std::collections::BTreeSet;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::{
    decision::ExpiryAction,
    hold::{Actor, AuditEvent, Change, Hold, HoldError, ItemKind, NewItem, Outcome, State, Watch},
    mail::Timestamp,
    team::Plan,
    telemetry::{self, letters::guarded},
};

use super::{
    Worker,
    next::{Next, Times, next},
};

impl Worker {
    /// Does what is due about holds that nobody decides. Returns how many were changed.
    pub(super) async fn attend_due_holds(&self, now: Timestamp) -> usize {
        let due = match self.store.due_holds(now, self.settings.batch).await {
            Ok(due) => due,
            Err(error) => {
                telemetry::worker::store_failed("looking for due holds", &error);
                return 0;
            }
        };
        self.attend(&due, now).await
    }

    /// The same for holds that were due when they were looked at.
    pub(super) async fn attend(&self, due: &[Hold], now: Timestamp) -> usize {
        let (mut changed, mut reminded) = (0, BTreeSet::new());
        for hold in due {
            let plan = self.plan(hold);
            let next = next(hold, &plan, now);
            changed += usize::from(self.do_next(hold, &plan, &next, now).await);
            let sender = hold.envelope.reverse_path();
            if next == Next::Remind && plan.week.is_open(now) && reminded.insert(sender.folded()) {
                changed += self.remind_along(hold, now).await;
            }
        }
        changed
    }

    /// What holds for this hold's time.
    pub(super) fn plan<'a>(&'a self, hold: &'a Hold) -> Plan<'a> {
        let (terms, urgent) = (&hold.dossier.decision.terms, hold.dossier.call.is_urgent());
        let above = self.above(hold).map(|(_, who)| who);
        self.settings.teams.plan(hold.envelope.reverse_path(), terms, urgent, above)
    }

    /// Does what is due; `false` where nothing was, or another node or a person was first.
    pub(super) async fn do_next(
        &self,
        hold: &Hold,
        plan: &Plan<'_>,
        next: &Next,
        now: Timestamp,
    ) -> bool {
        let done = match self.change(hold, plan, next, now).await {
            Ok(Some(change)) => self.store.change(&hold.id, change).await,
            Ok(None) => return false,
            Err(error) => Err(error),
        };
        match done {
            Ok(after) => {
                telemetry::worker::hold_fell_due(&hold.id, after.state.as_str());
                true
            }
            // Nothing is owed any more, or the next turn does it.
            Err(HoldError::Already(_) | HoldError::Repeated | HoldError::Overtaken) => false,
            Err(error) => {
                telemetry::worker::store_failed("attending a due hold", &error);
                false
            }
        }
    }

    async fn change(
        &self,
        hold: &Hold,
        plan: &Plan<'_>,
        next: &Next,
        now: Timestamp,
    ) -> Result<Option<Change>, HoldError> {
        Ok(Some(match next.clone() {
            Next::Nothing => return Ok(None),
            Next::Escalate => self.escalation(hold, now),
            Next::PutOff(times) => put_off(hold, times, now),
            Next::Remind => self.reminder(hold, plan, now),
            Next::Warn { expires_at } => self.warning(hold, plan, expires_at, now),
            Next::Expire => self.expiry(hold, now).await?,
        }))
    }

    fn reminder(&self, hold: &Hold, plan: &Plan<'_>, now: Timestamp) -> Change {
        let remind_at = reminds_again(hold, plan, now);
        // The mail says when the next one comes.
        let after = Hold { remind_at, ..hold.clone() };
        let letters = guarded(|| self.letters.reminder(&after, now)).unwrap_or_default();
        Change { reminded: true, remind_at, outbox: letters, ..stays(hold, "reminded", now) }
    }

    /// A reminder that says when it is the last.
    fn warning(
        &self,
        hold: &Hold,
        plan: &Plan<'_>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Change {
        // A time that somebody named stays.
        let named = hold.remind_at.filter(|at| *at > now && hold.is_asked_for());
        let remind_at = named.or_else(|| reminds_again(hold, plan, now));
        let watch = Watch { warn_at: None, warned_at: Some(now), ..hold.watch.clone() };
        let after = Hold { remind_at, expires_at, watch: watch.clone(), ..hold.clone() };
        let letters = guarded(|| self.letters.expires_soon(&after, now)).unwrap_or_default();
        Change {
            reminded: true,
            remind_at,
            expires_at: Some(expires_at),
            watch: Some(watch),
            outbox: letters,
            ..stays(hold, "warned", now)
        }
    }

    async fn expiry(&self, hold: &Hold, now: Timestamp) -> Result<Change, HoldError> {
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
        let release = NewItem { kind: ItemKind::Release, recipients: Vec::new(), due: now };
        let (to, release) = match hold.dossier.decision.terms.at_expiry() {
            ExpiryAction::Release => (State::Approved, Some(release)),
            // One that is kept has no end.
            ExpiryAction::Return | ExpiryAction::Keep => (State::Returned, None),
        };
        Ok(Change {
            to,
            outcome: Some(Outcome::Expired),
            outbox: release.into_iter().chain(letter).chain(others).collect(),
            ..stays(hold, "expired", now)
        })
    }
}

/// When the next reminder comes; none where nobody wants one.
fn reminds_again(hold: &Hold, plan: &Plan<'_>, now: Timestamp) -> Option<Timestamp> {
    hold.watch.muted_at.is_none().then(|| plan.remind_at(now))
}

fn put_off(hold: &Hold, times: Times, now: Timestamp) -> Change {
    let Times { remind_at, expires_at, watch } = times;
    Change { remind_at, expires_at, watch, ..stays(hold, "put_off", now) }
}

/// A change by the service that leaves the hold where it is, made once however many nodes see it
/// due.
pub(super) fn stays(hold: &Hold, event: &str, now: Timestamp) -> Change {
    let facts = vec![("reminders".to_owned(), hold.reminders.to_string())];
    Change {
        from: State::Held,
        to: State::Held,
        outcome: None,
        actor: Actor::service("worker", None),
        remind_at: None,
        reminded: false,
        expires_at: None,
        watch: None,
        outbox: Vec::new(),
        parties: Vec::new(),
        told: Some(hold.parties.len()),
        // What a person did since wins, and the next turn sees it.
        seen: Some(hold.outcomes.len()),
        event: AuditEvent { name: event.to_owned(), facts },
        once: Some(step_name(hold, event)),
        now,
    }
}

/// Names one step of one hold: whatever changes about it, the next step is another.
fn step_name(hold: &Hold, event: &str) -> String {
    let mut name = Sha256::new();
    name.update(event);
    name.update(hold.id.as_str());
    for time in [hold.remind_at, Some(hold.expires_at), hold.watch.warn_at, hold.watch.escalate_at]
    {
        name.update(time.map_or(i64::MIN, |time| time.as_microsecond()).to_be_bytes());
    }
    for count in [hold.reminders, hold.watch.escalated] {
        name.update(count.to_be_bytes());
    }
    name.update(hold.outcomes.len().to_be_bytes());
    name.finalize().iter().map(|octet| format!("{octet:02x}")).collect()
}
