//! What happened to a hold, in one row: what people did, the promise of its call, our letters and
//! what the service did, as the audit tells.

use super::told;
use crate::{
    desk::DeskState,
    hold::{Actor, AuditEntry, Hold, Promise, PromiseStep},
    mail::Timestamp,
};

/// One line.
pub(super) struct Event {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) role: String,
    pub(super) what: String,
    pub(super) said: String,
}

/// What people did and said, newest first.
pub(super) fn timeline(state: &DeskState, hold: &Hold, promise: Option<&Promise>) -> Vec<Event> {
    let say = |at: Timestamp| state.say(at);
    let mut events: Vec<(Timestamp, Event)> = Vec::new();
    for (at, actor, outcome) in &hold.outcomes {
        let (what, said) = told::outcome(outcome, &say);
        events.push((*at, event(state, *at, actor, what, said)));
    }
    for (at, actor, step) in promise.iter().flat_map(|promise| &promise.steps) {
        let (what, said) = promised(step);
        events.push((*at, event(state, *at, actor, what, said)));
    }
    events.reverse();
    events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    events.into_iter().map(|(_, event)| event).collect()
}

/// The audit of a hold, newest first.
pub(super) fn audit(state: &DeskState, entries: &[AuditEntry]) -> Vec<Event> {
    let told = |entry: &AuditEntry| {
        let facts = entry.event.facts.iter().map(|(name, value)| format!("{name}: {value}"));
        let said = facts.collect::<Vec<_>>().join("\n");
        event(state, entry.at, &entry.actor, entry.event.name.replace('_', " "), said)
    };
    entries.iter().map(told).collect()
}

fn event(state: &DeskState, at: Timestamp, actor: &Actor, what: String, said: String) -> Event {
    let who = if actor.name.is_empty() { actor.role.clone() } else { actor.name.clone() };
    let role = format!("{}, by {}", actor.role, actor.via);
    Event { when: state.say(at), who, role, what, said }
}

fn promised(step: &PromiseStep) -> (String, String) {
    match step {
        PromiseStep::Reminded => ("the promise was reminded of".to_owned(), String::new()),
        PromiseStep::PutOff => ("the promise's reminder waits".to_owned(), String::new()),
        PromiseStep::Overdue => ("the promise is overdue".to_owned(), String::new()),
        PromiseStep::Kept { note } => ("kept the promise".to_owned(), note.clone()),
        PromiseStep::Moved { follow_up, note } => {
            (format!("moved the promise to {}", follow_up.date), note.clone())
        }
        PromiseStep::Dropped { note } => ("dropped the promise".to_owned(), note.clone()),
    }
}
