//! A hold as JSON and in words.

use serde::Serialize;

use crate::{
    cli::out::plain,
    hold::{Actor, Delivery, Dossier, Hold, Outcome, State},
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
    pub(super) fn of(hold: &'a Hold) -> HoldView<'a> {
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
        }
    }
}

/// All about a hold, for a terminal.
pub(super) fn in_words(hold: &Hold) -> String {
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
    text.pop();
    text
}

fn delivered(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Waiting => "not sent".to_owned(),
        Delivery::Delivered => "the next hop took it".to_owned(),
        Delivery::Refused(reply) => format!("the next hop refused it: {}", plain(reply)),
    }
}

fn happened(outcome: &Outcome) -> String {
    let with = |what: &str, more: &str| match more.trim() {
        "" => what.to_owned(),
        more => format!("{what}: {more}"),
    };
    match outcome {
        Outcome::Called { send, person, number, note } => {
            let next = if *send { "send it" } else { "do not send it" };
            let called = with("called", &[person.as_str(), number].join(" "));
            with(&format!("{called}; {next}"), note)
        }
        Outcome::NoAnswer { number, remind_at } => {
            format!("{}; remind at {remind_at}", with("no answer", number))
        }
        Outcome::Withdrawn { note } => with("withdrawn", note),
        Outcome::FalseAlarm { note } => with("false alarm", note),
        Outcome::SendAnyway { reason } => with("sent without a call", reason),
        Outcome::Expired => "nobody decided in time".to_owned(),
    }
}
