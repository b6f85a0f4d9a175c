//! A hold as JSON and in words.

use serde::Serialize;

use crate::{
    cli::out::plain,
    hold::{
        Actor, Amount, CallReport, Delivery, Dossier, Hold, Outcome, Party, Promise, PromiseStep,
        State,
    },
    mail::{HoldId, Timestamp},
};

/// One hold as `holds show --json` tells it.
#[derive(Serialize)]
pub(super) struct HoldView<'a> {
    id: &'a HoldId,
    state: State,
    created: Timestamp,
    due: Timestamp,
    sender: &'a str,
    recipients: Vec<RecipientView<'a>>,
    size_octets: u64,
    dossier: &'a Dossier,
    history: Vec<HistoryView<'a>>,
    parties: &'a [Party],
    promise: Option<&'a Promise>,
}

#[derive(Serialize)]
struct RecipientView<'a> {
    address: &'a str,
    delivery: &'a Delivery,
}

#[derive(Serialize)]
struct HistoryView<'a> {
    at: Timestamp,
    by: &'a Actor,
    outcome: &'a Outcome,
}

impl<'a> HoldView<'a> {
    pub(super) fn of(hold: &'a Hold, promise: Option<&'a Promise>) -> HoldView<'a> {
        let paths = hold.envelope.recipients().iter().map(|r| r.path.as_str());
        HoldView {
            id: &hold.id,
            state: hold.state,
            created: hold.created,
            due: hold.expires_at,
            sender: hold.envelope.reverse_path().as_str(),
            recipients: paths
                .zip(&hold.deliveries)
                .map(|(address, delivery)| RecipientView { address, delivery })
                .collect(),
            size_octets: hold.size_octets,
            dossier: &hold.dossier,
            history: hold
                .outcomes
                .iter()
                .map(|(at, by, outcome)| HistoryView { at: *at, by, outcome })
                .collect(),
            parties: &hold.parties,
            promise,
        }
    }
}

/// All about a hold, for a terminal.
pub(super) fn in_words(hold: &Hold, promise: Option<&Promise>) -> String {
    let decision = &hold.dossier.decision;
    let mut text = format!(
        "{}  {}\n  held  {}\n  due   {}\n  from  {}\n",
        hold.id,
        hold.state,
        hold.created,
        hold.expires_at,
        plain(hold.envelope.reverse_path().as_str()),
    );
    for (recipient, delivery) in hold.envelope.recipients().iter().zip(&hold.deliveries) {
        text.push_str(&format!(
            "  to    {}  ({})\n",
            plain(recipient.path.as_str()),
            delivered(delivery)
        ));
    }
    for party in &hold.parties {
        let (role, address) = (party.role.as_str(), plain(party.address.as_str()));
        text.push_str(&format!("  party {address}  ({role}, since {})\n", party.since));
    }
    text.push_str(&format!("  subject  {}\n", plain(&hold.dossier.subject)));
    let policy = decision.policy.as_deref().unwrap_or_default();
    text.push_str(&format!("  policy   {policy}, probability {:.2}\n", decision.probability));
    let mut told: Vec<&str> = Vec::new();
    for e in decision.evidence.iter().filter(|e| e.weight > 0.0 && !e.text.is_empty()) {
        // A sentence that several signals found is told once.
        if !told.contains(&e.text.as_str()) {
            told.push(&e.text);
            text.push_str(&format!("    “{}”\n", plain(&e.text)));
        }
    }
    for number in &hold.dossier.call.numbers {
        text.push_str(&format!(
            "  call  {}  ({})\n",
            plain(&number.national),
            number.source.word()
        ));
    }
    for (at, actor, outcome) in &hold.outcomes {
        let (who, what) = (plain(&actor.name), plain(&happened(outcome)));
        text.push_str(&format!("  {at}  {} {who}: {what}\n", actor.role));
    }
    if let Some(promise) = promise {
        text.push_str(&promised(promise));
    }
    text.pop();
    text
}

fn promised(promise: &Promise) -> String {
    let what = match promise.what() {
        empty if empty.is_empty() => "no words".to_owned(),
        what => plain(&what).to_string(),
    };
    let next = match promise.remind_at {
        Some(at) => format!(", remind at {at}"),
        None => String::new(),
    };
    let state = promise.state.as_str();
    let mut text = format!(
        "  promise  {state}: {what}, by {}; {} reminders{next}\n",
        promise.date, promise.reminders
    );
    for (at, actor, step) in &promise.steps {
        let who = plain(&actor.name);
        text.push_str(&format!("    {at}  {} {who}: {}\n", actor.role, plain(&went(step))));
    }
    text
}

fn went(step: &PromiseStep) -> String {
    match step {
        PromiseStep::Reminded => "reminded".to_owned(),
        PromiseStep::PutOff => "put off until people are at work".to_owned(),
        PromiseStep::Overdue => "overdue; no more reminders".to_owned(),
        PromiseStep::Kept { note } => with("kept", note),
        PromiseStep::Moved { follow_up, note } => {
            with(&format!("moved to {}", follow_up.date), note)
        }
        PromiseStep::Dropped { note } => with("no longer needed", note),
    }
}

fn delivered(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Waiting => "not sent".to_owned(),
        Delivery::Delivered => "the next hop took it".to_owned(),
        Delivery::Refused(reply) => format!("the next hop refused it: {}", plain(reply)),
    }
}

fn with(what: &str, more: &str) -> String {
    match more.trim() {
        "" => what.to_owned(),
        more => format!("{what}: {more}"),
    }
}

/// What came of a call, as far as it was said.
fn told(report: &CallReport) -> String {
    let amount = report.amount.as_ref().map(Amount::to_string);
    let justified = report.justified.map(|yes| if yes { "justified" } else { "not justified" });
    let said = |name: &str, text: &str| Some(format!("{name} {text}")).filter(|_| !text.is_empty());
    [
        said("promised", &report.remedy),
        amount,
        report.follow_up.map(|day| format!("by {}", day.date)),
        said("accountable", &report.accountable),
        said("cause", &report.cause),
        report.mood.map(|mood| format!("customer {}", mood.as_str())),
        justified.map(str::to_owned),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

fn happened(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Called { send, person, number, note, report } => {
            let next = if *send { "send it" } else { "do not send it" };
            let called = with("called", &[person.as_str(), number].join(" "));
            let noted = with(&format!("{called}; {next}"), note);
            let told = told(report);
            if told.is_empty() { noted } else { format!("{noted}; {told}") }
        }
        Outcome::WrongNumber { number } => with("wrong number", number),
        Outcome::CallBack { number, at } => {
            format!("{}; call back at {at}", with("reached", number))
        }
        Outcome::Rewritten { note, until } => {
            format!("{}; new text until {until}", with("taken back to be written anew", note))
        }
        Outcome::NoAnswer { number, remind_at } => {
            format!("{}; remind at {remind_at}", with("no answer", number))
        }
        Outcome::Withdrawn { note } => with("withdrawn", note),
        Outcome::FalseAlarm { note } => with("false alarm", note),
        Outcome::SendAnyway { reason } => with("sent without a call", reason),
        Outcome::Muted => "wants no more reminders".to_owned(),
        Outcome::HandedOver { to, words, .. } => with(&format!("handed over to {to}"), words),
        Outcome::Proposed { outcome } => format!("would send it: {}", happened(outcome)),
        Outcome::Agreed => "agreed that it goes out".to_owned(),
        Outcome::Declined { words } => with("did not agree", words),
        Outcome::Dropped => "took the proposal back".to_owned(),
        Outcome::TakenBack => "took back the decision to send".to_owned(),
        Outcome::Expired => "nobody decided in time".to_owned(),
    }
}
