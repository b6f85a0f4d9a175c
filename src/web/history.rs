//! What happened to a hold so far, for its page: what people decided, and what they said of the
//! promise.

use super::{
    after::{Beside, said},
    asking::Asking,
};
use crate::{
    hold::{Actor, CallReport, Hold, Outcome},
    mail::Timestamp,
    notice::fill,
};

/// The most that is shown, newest first.
const MAX_SHOWN: usize = 20;

/// One line of what happened so far.
pub(super) struct Event {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) said: String,
}

/// What was decided and what was said of the promise, newest first.
pub(super) fn history(
    hold: &Hold,
    beside: &Beside,
    asking: &Asking<'_>,
    say: &dyn Fn(Timestamp) -> String,
) -> Vec<Event> {
    let decided = hold
        .outcomes
        .iter()
        .map(|(at, actor, outcome)| (*at, event(*at, actor, outcome, asking, say)));
    let promised = beside.promise.iter().flat_map(|promise| said(promise, asking));
    let promised = promised.map(|(at, actor, what, note)| {
        (at, Event { when: say(at), who: named(actor), what, said: note.to_owned() })
    });
    let mut events: Vec<(Timestamp, Event)> = decided.chain(promised).collect();
    // Of one moment, what came last stands first.
    events.reverse();
    events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    events.into_iter().take(MAX_SHOWN).map(|(_, event)| event).collect()
}

fn event(
    at: Timestamp,
    actor: &Actor,
    outcome: &Outcome,
    asking: &Asking<'_>,
    say: &dyn Fn(Timestamp) -> String,
) -> Event {
    let (what, said) = told_of(outcome, asking, say);
    Event { when: say(at), who: named(actor), what, said }
}

/// What an outcome was, and what was said with it.
fn told_of(
    outcome: &Outcome,
    asking: &Asking<'_>,
    say: &dyn Fn(Timestamp) -> String,
) -> (String, String) {
    let (history, after, others) = (&asking.words.history, asking.after, asking.others);
    match outcome {
        Outcome::Called { send, person, number, note, report } => {
            let whom = [person.as_str(), number.as_str()];
            let whom: Vec<&str> = whom.into_iter().filter(|w| !w.is_empty()).collect();
            let text = if *send { history.called_send } else { history.called_dont_send };
            (fill(text, &[("whom", whom.join(", "))]), told(note, report, asking))
        }
        Outcome::WrongNumber { number } => (after.did_wrong_number.to_owned(), number.clone()),
        Outcome::CallBack { number, at } => {
            (fill(after.did_call_back, &[("when", say(*at))]), number.clone())
        }
        Outcome::Rewritten { note, .. } => (after.did_rewrite.to_owned(), note.clone()),
        Outcome::NoAnswer { number, remind_at } => {
            (fill(history.no_answer, &[("when", say(*remind_at))]), number.clone())
        }
        Outcome::Withdrawn { note } => (history.withdrawn.to_owned(), note.clone()),
        Outcome::FalseAlarm { note } => (history.false_alarm.to_owned(), note.clone()),
        Outcome::SendAnyway { reason } => (history.send_anyway.to_owned(), reason.clone()),
        Outcome::Muted => (asking.words.mute.did.to_owned(), String::new()),
        Outcome::HandedOver { to, words, .. } => {
            (fill(others.did_hand_over, &[("to", to.as_str().to_owned())]), words.clone())
        }
        Outcome::Proposed { outcome } => {
            let (what, said) = told_of(outcome, asking, say);
            (fill(others.did_propose, &[("what", what)]), said)
        }
        Outcome::Agreed => (others.did_agree.to_owned(), String::new()),
        Outcome::Declined { words } => (others.did_decline.to_owned(), words.clone()),
        Outcome::Dropped => (others.did_drop.to_owned(), String::new()),
        Outcome::TakenBack => (others.did_take_back.to_owned(), String::new()),
        Outcome::Expired => (history.expired.to_owned(), String::new()),
    }
}

fn named(actor: &Actor) -> String {
    if actor.name.is_empty() { actor.role.clone() } else { actor.name.clone() }
}

/// What was agreed, what was promised, who sees to it and why it happened: a line each.
fn told(note: &str, report: &CallReport, asking: &Asking<'_>) -> String {
    let after = asking.after;
    let line = |label: &str, text: &str| match text {
        "" => String::new(),
        text => format!("{label} {text}"),
    };
    let promised = format!("{}{}", after.remedy, asking.words.shared.colon);
    let lines = [
        note.to_owned(),
        line(&promised, &report.what()),
        line(after.accountable, &report.accountable),
        line(after.cause, &report.cause),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
