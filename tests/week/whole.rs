//! That the week is a whole one: every way that a hold can go was gone, every letter was written, and
//! nobody was written to when he was not at work, but about what he asked for or what had come to its end.

use std::collections::BTreeSet;

use callfirst::hold::{LetterName, Outcome, PromiseStep, State};

use crate::{golden::is_at_work, play::Player};

/// What comes unasked and may wait, or only tells.
const MAY_WAIT: [&str; 7] =
    ["reminder", "promise", "overdue", "escalation", "decided", "delayed", "arrived"];

pub(crate) async fn every_way_was_gone(week: &Player) {
    let (mut outcomes, mut states) = (BTreeSet::new(), BTreeSet::new());
    let mut steps = BTreeSet::new();
    for number in week.holds.keys() {
        let hold = week.hold(number).await;
        states.insert(hold.state.as_str());
        outcomes.extend(hold.outcomes.iter().map(|(_, _, outcome)| name(outcome)));
        let promise = week.promise(number).await;
        steps.extend(promise.iter().flat_map(|p| &p.steps).map(|(_, _, step)| step_name(step)));
    }
    assert!(week.holds.len() >= 40);
    assert_eq!(outcomes.len(), 17, "{outcomes:?}");
    assert_eq!(steps.len(), 5, "{steps:?}");
    let ends = [State::Delivered, State::Held, State::Returned, State::Undeliverable];
    assert!(ends.iter().all(|state| states.contains(state.as_str())), "{states:?}");
    let kinds: BTreeSet<&str> = week.book.sent.iter().map(|sent| sent.kind.as_str()).collect();
    for kind in LetterName::ALL.map(LetterName::as_str).into_iter().chain(["released"]) {
        assert!(kinds.contains(kind), "no {kind}");
    }
}

/// A time that a person named is kept by night too.
pub(crate) async fn nobody_was_disturbed(week: &Player) {
    let untimely = |kind: &str| MAY_WAIT.contains(&kind);
    let sent = week.book.sent.iter().filter(|sent| untimely(&sent.kind));
    for sent in sent.filter(|sent| !is_at_work(sent, &week.house.config)) {
        let hold = week.hold(&sent.hold).await;
        let asked = hold.outcomes.iter().any(|(_, _, outcome)| match outcome {
            Outcome::CallBack { at, .. } | Outcome::NoAnswer { remind_at: at, .. } => {
                *at == sent.at
            }
            _ => false,
        });
        assert!(asked, "{sent:?}");
    }
}

fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Called { send: true, .. } => "called, sent",
        Outcome::Called { send: false, .. } => "called, not sent",
        Outcome::NoAnswer { .. } => "no answer",
        Outcome::WrongNumber { .. } => "wrong number",
        Outcome::CallBack { .. } => "call back",
        Outcome::Withdrawn { .. } => "withdrawn",
        Outcome::Rewritten { .. } => "rewritten",
        Outcome::FalseAlarm { .. } => "false alarm",
        Outcome::SendAnyway { .. } => "send anyway",
        Outcome::HandedOver { .. } => "handed over",
        Outcome::Proposed { .. } => "proposed",
        Outcome::Agreed => "agreed",
        Outcome::Declined { .. } => "declined",
        Outcome::Dropped => "dropped",
        Outcome::TakenBack => "taken back",
        Outcome::Muted => "muted",
        Outcome::Expired => "expired",
    }
}

fn step_name(step: &PromiseStep) -> &'static str {
    match step {
        PromiseStep::Reminded => "reminded",
        PromiseStep::PutOff => "put off",
        PromiseStep::Overdue => "overdue",
        PromiseStep::Kept { .. } => "kept",
        PromiseStep::Moved { .. } => "moved",
        PromiseStep::Dropped { .. } => "dropped",
    }
}
