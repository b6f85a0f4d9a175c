//! A decision as a change of the hold.

use super::Along;
use crate::{
    hold::{Actor, AuditEvent, Change, Hold, ItemKind, NewItem, Outcome, State},
    mail::Timestamp,
};

/// The role of whoever decides at the command line: above a policy's terms, and audited.
pub(super) const OPERATOR: &str = "operator";

/// What the audit calls an outcome.
pub(super) fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Called { send: true, .. } => "called_send",
        Outcome::Called { send: false, .. } => "called_dont_send",
        Outcome::NoAnswer { .. } => "no_answer",
        Outcome::WrongNumber { .. } => "wrong_number",
        Outcome::CallBack { .. } => "call_back",
        Outcome::Rewritten { .. } => "rewritten",
        Outcome::Withdrawn { .. } => "withdrawn",
        Outcome::FalseAlarm { .. } => "false_alarm",
        Outcome::SendAnyway { .. } => "send_anyway",
        Outcome::HandedOver { .. } => "handed_over",
        Outcome::Proposed { .. } => "proposed",
        Outcome::Agreed => "agreed",
        Outcome::Declined { .. } => "declined",
        Outcome::Dropped => "proposal_dropped",
        Outcome::TakenBack => "taken_back",
        Outcome::Expired => "expired",
    }
}

/// Where a hold stands after it.
pub(super) fn state_after(outcome: &Outcome) -> State {
    match outcome {
        Outcome::Called { send: true, .. }
        | Outcome::FalseAlarm { .. }
        | Outcome::SendAnyway { .. }
        | Outcome::Agreed => State::Approved,
        Outcome::Called { send: false, .. }
        | Outcome::Rewritten { .. }
        | Outcome::Withdrawn { .. } => State::Withdrawn,
        Outcome::NoAnswer { .. }
        | Outcome::WrongNumber { .. }
        | Outcome::CallBack { .. }
        | Outcome::HandedOver { .. }
        | Outcome::Proposed { .. }
        | Outcome::Declined { .. }
        | Outcome::Dropped
        | Outcome::TakenBack => State::Held,
        Outcome::Expired => State::Returned,
    }
}

/// The change that an outcome makes of a hold as it stands.
pub(super) fn change(
    hold: &Hold,
    outcome: Outcome,
    actor: Actor,
    along: Along,
    now: Timestamp,
) -> Change {
    let to = state_after(&outcome);
    let (mut outbox, mut told) = (along.outbox, along.facts);
    told.extend(facts(outcome.meant()));
    if to == State::Approved {
        if along.at_once {
            told.push(wait_skipped());
        }
        let due = if along.at_once { now } else { now.max(hold.not_before()) };
        outbox.push(NewItem { kind: ItemKind::Release, recipients: Vec::new(), due });
    }
    Change {
        from: hold.state,
        to,
        remind_at: match &outcome {
            Outcome::NoAnswer { remind_at: at, .. } | Outcome::CallBack { at, .. } => Some(*at),
            _ => None,
        },
        reminded: false,
        expires_at: None,
        watch: None,
        outbox,
        parties: Vec::new(),
        told: None,
        seen: None,
        event: AuditEvent { name: name(&outcome).to_owned(), facts: told },
        once: along.once,
        outcome: Some(outcome),
        actor,
        now,
    }
}

/// The change that lets what is decided and waits go at once, where that is asked for.
pub(super) fn without_wait(
    hold: &Hold,
    actor: &Actor,
    along: &Along,
    now: Timestamp,
) -> Option<Change> {
    hold.waits_until(now).filter(|_| along.at_once)?;
    let release = NewItem { kind: ItemKind::Release, recipients: Vec::new(), due: now };
    let facts = along.facts.iter().cloned().chain([wait_skipped()]).collect();
    Some(Change {
        from: State::Approved,
        to: State::Approved,
        outcome: None,
        actor: actor.clone(),
        remind_at: None,
        reminded: false,
        expires_at: None,
        watch: None,
        outbox: vec![release],
        parties: Vec::new(),
        told: None,
        seen: Some(hold.outcomes.len()),
        event: AuditEvent { name: "hastened".to_owned(), facts },
        once: along.once.clone(),
        now,
    })
}

fn wait_skipped() -> (String, String) {
    ("wait".to_owned(), "skipped".to_owned())
}

/// What the audit tells of an outcome: never a word that was typed.
fn facts(outcome: &Outcome) -> Vec<(String, String)> {
    let Outcome::Called { report, .. } = outcome else { return Vec::new() };
    let yes_no = |yes: bool| (if yes { "yes" } else { "no" }).to_owned();
    [
        report.mood.map(|mood| ("mood", mood.as_str().to_owned())),
        report.justified.map(|justified| ("justified", yes_no(justified))),
        report.follow_up.map(|day| ("promised_for", day.date.to_string())),
    ]
    .into_iter()
    .flatten()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
