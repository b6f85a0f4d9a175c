//! What a decision must say, and within which bounds.

use super::{ActError, change::OPERATOR, promise::is_day_ahead};
use crate::{
    hold::{Actor, Hold, Outcome, PartyRole},
    mail::Timestamp,
};

/// No reminder is put off for longer, and no expiry by a call back.
pub const MAX_REMIND_SECS: u32 = 14 * 24 * 3600;
/// No new text is waited for longer.
const MAX_REWRITE_SECS: i64 = 31 * 24 * 3600;
/// A reason needs a word or two.
const MIN_REASON_CHARS: usize = 5;

/// Who may send without a call whatever the policy says.
fn is_above(actor: &Actor) -> bool {
    let above = [OPERATOR, PartyRole::Lead.as_str(), PartyRole::Admin.as_str()];
    above.contains(&actor.role.as_str())
}

/// Whether a person may decide so, and has said what it takes.
pub(super) fn check(
    hold: &Hold,
    actor: &Actor,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), ActError> {
    match outcome {
        Outcome::SendAnyway { reason } => {
            if !hold.dossier.decision.terms.send_anyway && !is_above(actor) {
                return Err(ActError::NotAllowed);
            }
            if reason.trim().chars().count() < MIN_REASON_CHARS {
                return Err(ActError::Incomplete("please say in a few words why it must go now"));
            }
        }
        Outcome::Called { number, person, report, .. } => {
            if number.trim().is_empty() && person.trim().is_empty() {
                return Err(ActError::Incomplete(
                    "please say whom you spoke to, or which number you called",
                ));
            }
            if report.follow_up.is_some_and(|day| !is_day_ahead(day, now)) {
                return Err(ActError::Incomplete("please promise a day within the next year"));
            }
        }
        Outcome::WrongNumber { number } => {
            if number.trim().is_empty() {
                return Err(ActError::Incomplete("please say which number was wrong"));
            }
        }
        Outcome::NoAnswer { remind_at, .. } => {
            if hold.ends_at().is_some_and(|end| *remind_at >= end) {
                return Err(ActError::Incomplete(
                    "please choose an earlier time: the message's own time runs out before it",
                ));
            }
            return check_wait(*remind_at, now);
        }
        // It puts the expiry off, so that it is not void.
        Outcome::CallBack { at, .. } => return check_wait(*at, now),
        Outcome::Rewritten { until, .. } => {
            let wait_secs = until.as_second() - now.as_second();
            if !(1..=MAX_REWRITE_SECS).contains(&wait_secs) {
                return Err(ActError::Incomplete("a new text is waited for a month at most"));
            }
        }
        // The worker says so, or the desk itself in [`several`](super::several): each with the
        // letters that go with it.
        Outcome::Expired
        | Outcome::HandedOver { .. }
        | Outcome::Proposed { .. }
        | Outcome::Agreed
        | Outcome::Declined { .. }
        | Outcome::Dropped
        | Outcome::TakenBack => return Err(ActError::NotAllowed),
        // Where nothing ends it, reminders are all that keeps it from being forgotten.
        Outcome::Muted if hold.ends_at().is_none() => return Err(ActError::NotAllowed),
        // The reminders are another's: whoever is in charge, or who is asked to agree.
        Outcome::Muted
            if hold.proposal().is_some() || hold.party_acting(actor) != hold.in_charge() =>
        {
            return Err(ActError::NotAllowed);
        }
        Outcome::Withdrawn { .. } | Outcome::FalseAlarm { .. } | Outcome::Muted => {}
    }
    Ok(())
}

fn check_wait(at: Timestamp, now: Timestamp) -> Result<(), ActError> {
    let wait_secs = at.as_second() - now.as_second();
    if (1..=i64::from(MAX_REMIND_SECS)).contains(&wait_secs) {
        return Ok(());
    }
    Err(ActError::Incomplete("please choose when to be reminded, within the next two weeks"))
}
