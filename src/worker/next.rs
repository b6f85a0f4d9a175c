//! What is to be done about a hold that nobody decides, at this moment.
//!
//! Values only. Nobody is written to when he is not at work; what fell due meanwhile is put off until
//! he is. Of all that a downtime left behind one letter comes, not one for each interval.

use std::time::Duration;

use crate::{
    calendar::Week,
    hold::{Hold, Watch},
    mail::Timestamp,
    team::{End, Plan},
};

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing is due.
    Nothing,
    /// Not now: the hold has other times from here on.
    PutOff(Times),
    /// Still waiting for the call.
    Remind,
    /// It soon expires, at this time.
    Warn { expires_at: Timestamp },
    /// The next one above the sender hears of it.
    Escalate,
    /// It ends.
    Expire,
}

/// Times of a hold that are changed; `None` leaves one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) remind_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) watch: Option<Watch>,
}

/// What of this hold is due.
pub(super) fn next(hold: &Hold, plan: &Plan<'_>, now: Timestamp) -> Next {
    let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    if is_due(hold.ends_at()) {
        return at_its_end(hold, plan, now);
    }
    let (reminds, warns) = (is_due(hold.remind_at), is_due(hold.warns_at()));
    let asked_for = reminds && hold.is_asked_for();
    let escalates = is_due(hold.watch.escalate_at);
    let follows_home = (reminds || warns) && !asked_for && !plan.week.is_open(now);
    if follows_home || escalates && !plan.above.is_open(now) {
        return Next::PutOff(until_work(hold, plan, follows_home, now));
    }
    if escalates && let Some(later) = escalated_later(hold, plan, now) {
        return Next::PutOff(later);
    }
    let told_at = told_at(hold, plan);
    if warns && !reminds && told_at > now {
        // A call back has moved the end since.
        let watch = Watch { warn_at: Some(told_at), ..hold.watch.clone() };
        return Next::PutOff(Times { watch: Some(watch), ..Times::default() });
    }
    if warns && told_at <= now || reminds && is_told_soon(hold, plan, now) {
        Next::Warn { expires_at: end_after(hold, plan, told_at, now) }
    } else if reminds {
        Next::Remind
    } else if escalates {
        Next::Escalate
    } else {
        Next::Nothing
    }
}

/// When a hold ends whose sender is warned now: as planned, or as long later as a word that comes late
/// has to leave him.
fn end_after(hold: &Hold, plan: &Plan<'_>, told_at: Timestamp, now: Timestamp) -> Timestamp {
    let late = told_at.checked_add(plan.terms.warn_before / 2).is_ok_and(|late| now > late);
    let least = plan.late_end(now).expires_at;
    if late { hold.expires_at.max(least) } else { hold.expires_at }
}

/// Nothing ends without a word before: where there was none it waits for that.
fn at_its_end(hold: &Hold, plan: &Plan<'_>, now: Timestamp) -> Next {
    if hold.watch.warned_at.is_some() || !plan.warns() {
        return Next::Expire;
    }
    let End { expires_at, warn_at } = plan.late_end(now);
    if plan.week.is_open(now) {
        return Next::Warn { expires_at };
    }
    let watch = Some(Watch { warn_at, ..hold.watch.clone() });
    Next::PutOff(Times { expires_at: Some(expires_at), watch, ..Times::default() })
}

/// Whatever is due comes when whom it is for is at work: the next one above the sender, and the sender
/// himself where it follows him home.
fn until_work(hold: &Hold, plan: &Plan<'_>, follows_home: bool, now: Timestamp) -> Times {
    let later = |due: Timestamp, week: &Week| if due <= now { week.at_work(now) } else { due };
    let his = |due: Timestamp| if follows_home { later(due, plan.week) } else { due };
    Times {
        remind_at: hold.remind_at.map(his).filter(|at| Some(*at) != hold.remind_at),
        expires_at: None,
        watch: Some(Watch {
            warn_at: hold.watch.warn_at.map(his),
            escalate_at: hold.watch.escalate_at.map(|due| later(due, plan.above)),
            ..hold.watch.clone()
        }),
    }
}

/// Those above the sender hear of nothing that is in hand.
fn escalated_later(hold: &Hold, plan: &Plan<'_>, now: Timestamp) -> Option<Times> {
    let at = plan.escalate_at(hold.in_hand_since()?, hold.expires_at)?;
    let watch = Watch { escalate_at: Some(at), ..hold.watch.clone() };
    (at > now).then(|| Times { watch: Some(watch), ..Times::default() })
}

/// When to tell of the end as it is now.
fn told_at(hold: &Hold, plan: &Plan<'_>) -> Timestamp {
    plan.week.ahead_of(hold.expires_at, plan.terms.warn_before)
}

/// Whether a warning would follow this reminder so soon that the reminder had better say it.
fn is_told_soon(hold: &Hold, plan: &Plan<'_>, now: Timestamp) -> bool {
    let soon: Duration = plan.terms.remind_after.min(plan.terms.warn_before) / 2;
    let soon = now.checked_add(soon).unwrap_or(Timestamp::MAX);
    hold.ends_at().is_some()
        && hold.watch.warn_at.is_some_and(|at| at <= soon)
        && told_at(hold, plan) <= soon
}
