//! The facts of a hold, as its page lists them.

use super::told;
use crate::{
    decision::{ExpiryAction, Verdict},
    desk::DeskState,
    hold::{Attempts, Delivery, Hold, State},
    mail::{Mailbox, Timestamp},
    message::Address,
    preview::{ShownAddress, shown},
};

/// Recipients that are named.
const MAX_RECIPIENTS: usize = 50;

/// A recipient and how it stands with him.
pub(super) struct To {
    pub(super) address: ShownAddress,
    pub(super) stands: String,
}

/// Everybody who is to get it, or got it at once where it was held for some only.
pub(super) fn recipients(hold: &Hold) -> (Vec<To>, usize) {
    let held = hold.envelope.recipients().iter().zip(&hold.deliveries);
    let held = held.map(|(recipient, delivery)| To {
        address: plain(recipient.path.as_str()),
        stands: match delivery {
            Delivery::Waiting if hold.state == State::Held => "waits".to_owned(),
            Delivery::Waiting => String::new(),
            Delivery::Delivered => "has it".to_owned(),
            Delivery::Refused(reply) => format!("was refused: {reply}"),
        },
    });
    let decision = &hold.dossier.decision;
    let passed = decision.recipients.iter().filter(|r| r.verdict == Verdict::Pass);
    let passed = passed.filter(|_| decision.terms.split).map(|recipient| To {
        address: plain(recipient.address.as_str()),
        stands: "got it at once".to_owned(),
    });
    let mut all: Vec<To> = held.chain(passed).collect();
    let more = all.len().saturating_sub(MAX_RECIPIENTS);
    all.truncate(MAX_RECIPIENTS);
    (all, more)
}

/// An address of the envelope.
pub(super) fn plain(address: &str) -> ShownAddress {
    shown(&Address { name: String::new(), address: address.to_owned() })
}

/// Who sent it: the name of the From field beside the reverse-path.
pub(super) fn sender(hold: &Hold) -> ShownAddress {
    let address = hold.envelope.reverse_path().as_str().to_owned();
    shown(&Address { name: hold.dossier.header_from_name.clone(), address })
}

/// One thing after the other: what stands, what comes next.
pub(super) fn facts(
    state: &DeskState,
    hold: &Hold,
    attempts: Option<Attempts>,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let say = |at: Timestamp| state.say(at);
    let decision = &hold.dossier.decision;
    let whose = state.whose(hold);
    let team = if whose.team.is_empty() { "none" } else { whose.team };
    let mut facts = vec![
        ("Held since", say(hold.created)),
        ("Team", team.to_owned()),
        ("Policy", decision.policy.clone().unwrap_or_default()),
        ("Kind of news", decision.title.clone().unwrap_or_default()),
        ("Size", told::size(hold.size_octets)),
        ("Came from", format!("{} ({})", hold.origin.client, hold.origin.helo)),
    ];
    if hold.state == State::Held {
        facts.extend(hold.remind_at.map(|at| ("Next reminder", say(at))));
        facts.push(("Reminders so far", hold.reminders.to_string()));
        facts.extend(hold.watch.escalate_at.map(|at| ("Goes up", say(at))));
        facts.push(("If nobody decides", end(state, hold)));
        if hold.not_before() > now {
            facts.push(("Not before", say(hold.not_before())));
        }
    }
    let second = decision.terms.second_person;
    if second.is_some() {
        facts.push(("Wants one more word", told::second(second).to_owned()));
    }
    if let Some(attempts) = attempts {
        facts.push(("Attempts to hand it on", attempts.begun.to_string()));
        facts.push(("Next attempt", say(attempts.next)));
    }
    facts.extend(hold.dossier.message_id.clone().map(|id| ("Message-ID", id)));
    facts
}

fn end(state: &DeskState, hold: &Hold) -> String {
    let at = state.say(hold.expires_at);
    match hold.dossier.decision.terms.at_expiry() {
        ExpiryAction::Return => format!("it goes back to its sender on {at}"),
        ExpiryAction::Release => format!("it goes out on {at}"),
        ExpiryAction::Keep => "it stays held".to_owned(),
    }
}

/// Everybody who may act on it.
pub(super) fn parties(state: &DeskState, hold: &Hold) -> Vec<(String, &'static str, String)> {
    let told = |address: &Mailbox| address.as_str().to_owned();
    let parties = hold.parties.iter();
    parties.map(|p| (told(&p.address), p.role.as_str(), state.say(p.since))).collect()
}
