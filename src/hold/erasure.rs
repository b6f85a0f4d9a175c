//! What is left of a hold once everything that names people or quotes them is erased: values only.
//!
//! What happened stays, for the figures and the audit: when, by which policy, what came of it, the
//! digest of the content. Who, to whom and in which words goes. Nothing here is undone.

use std::net::{IpAddr, Ipv4Addr};

use super::{
    Actor, Delivery, Dossier, Hold, Outcome, Party, Promise, PromiseStep, is_plainly_written,
    steps::code_of,
};
use crate::{
    call::CallSheet,
    decision::{Decision, Evidence, RecipientVerdict},
    mail::{Envelope, ForwardPath, Mailbox, Origin, Recipient, ReversePath, Xforward},
};

/// Stands where an address was. The domain is nobody's for ever (RFC 6761 §6.4).
pub const ERASED: &str = "erased@erased.invalid";

/// What names nobody any more, or `None` where [`ERASED`] would not read as an address.
pub(in crate::hold) fn nameless(hold: &Hold) -> Option<Hold> {
    let path = ForwardPath::parse(ERASED).ok()?;
    let mailbox = Mailbox::parse(ERASED).ok()?;
    let recipients = hold.envelope.recipients().iter();
    let recipients = recipients.map(|_| Recipient::plain(path.clone())).collect();
    let reverse_path = match hold.envelope.reverse_path() {
        ReversePath::Null => ReversePath::Null,
        _ => ReversePath::parse(ERASED).ok()?,
    };
    Some(Hold {
        envelope: Envelope::new(reverse_path, Vec::new(), recipients).ok()?,
        deliveries: hold.deliveries.iter().map(without_words).collect(),
        origin: Origin {
            client: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            helo: String::new(),
            xforward: Xforward::default(),
            ..hold.origin.clone()
        },
        trace: String::new(),
        dossier: nameless_dossier(&hold.dossier, &path),
        outcomes: hold
            .outcomes
            .iter()
            .map(|(at, by, outcome)| (*at, nobody(by), wordless(outcome, &mailbox)))
            .collect(),
        parties: hold
            .parties
            .iter()
            .map(|party| Party { address: mailbox.clone(), by: String::new(), ..party.clone() })
            .collect(),
        ..hold.clone()
    })
}

fn nameless_dossier(dossier: &Dossier, path: &ForwardPath) -> Dossier {
    let decision = &dossier.decision;
    let verdict = |v: &RecipientVerdict| RecipientVerdict { address: path.clone(), ..v.clone() };
    let evidence = |e: &Evidence| Evidence { text: String::new(), ..e.clone() };
    Dossier {
        subject: String::new(),
        message_id: None,
        references: Vec::new(),
        header_from_name: String::new(),
        decision: Decision {
            recipients: decision.recipients.iter().map(verdict).collect(),
            evidence: decision.evidence.iter().map(evidence).collect(),
            ..decision.clone()
        },
        call: CallSheet {
            amount: dossier.call.amount,
            urgency: dossier.call.urgency.clone(),
            ..CallSheet::default()
        },
    }
}

/// A reply often names its recipient.
fn without_words(delivery: &Delivery) -> Delivery {
    match delivery {
        Delivery::Refused(reply) => Delivery::Refused(code_of(reply)),
        Delivery::Waiting | Delivery::Delivered => delivery.clone(),
    }
}

/// In which role and by which way, not who.
fn nobody(actor: &Actor) -> Actor {
    Actor { name: String::new(), address: None, ..actor.clone() }
}

/// What was done, without a word that was typed and without the number that was called.
fn wordless(outcome: &Outcome, nobody: &Mailbox) -> Outcome {
    let none = String::new;
    match outcome {
        Outcome::Called { send, report, .. } => {
            let mut report = report.clone();
            report.remedy.clear();
            report.accountable.clear();
            Outcome::Called { send: *send, person: none(), number: none(), note: none(), report }
        }
        Outcome::NoAnswer { remind_at, .. } => {
            Outcome::NoAnswer { number: none(), remind_at: *remind_at }
        }
        Outcome::WrongNumber { .. } => Outcome::WrongNumber { number: none() },
        Outcome::CallBack { at, .. } => Outcome::CallBack { number: none(), at: *at },
        Outcome::Withdrawn { .. } => Outcome::Withdrawn { note: none() },
        Outcome::Rewritten { until, .. } => Outcome::Rewritten { note: none(), until: *until },
        Outcome::FalseAlarm { .. } => Outcome::FalseAlarm { note: none() },
        Outcome::SendAnyway { .. } => Outcome::SendAnyway { reason: none() },
        Outcome::HandedOver { party, .. } => {
            Outcome::HandedOver { to: nobody.clone(), party: *party, words: none() }
        }
        Outcome::Proposed { outcome } => {
            Outcome::Proposed { outcome: Box::new(wordless(outcome, nobody)) }
        }
        Outcome::Declined { .. } => Outcome::Declined { words: none() },
        Outcome::Muted
        | Outcome::Agreed
        | Outcome::Dropped
        | Outcome::TakenBack
        | Outcome::Expired => outcome.clone(),
    }
}

/// A promise without its words and people.
pub(in crate::hold) fn nameless_promise(promise: &Promise) -> Promise {
    let none = String::new;
    let wordless = |step: &PromiseStep| match step {
        PromiseStep::Kept { .. } => PromiseStep::Kept { note: none() },
        PromiseStep::Dropped { .. } => PromiseStep::Dropped { note: none() },
        PromiseStep::Moved { follow_up, .. } => {
            PromiseStep::Moved { follow_up: *follow_up, note: none() }
        }
        PromiseStep::Reminded | PromiseStep::PutOff | PromiseStep::Overdue => step.clone(),
    };
    let steps = promise.steps.iter();
    Promise {
        remedy: none(),
        accountable: none(),
        steps: steps.map(|(at, by, step)| (*at, nobody(by), wordless(step))).collect(),
        ..promise.clone()
    }
}

/// What somebody did on other people's holds, without his address: his own words on them go too,
/// and theirs stay.
pub(in crate::hold) fn without_person(hold: &Hold, address: &str) -> Option<Hold> {
    let mailbox = Mailbox::parse(ERASED).ok()?;
    let outcomes = hold.outcomes.iter().map(|(at, by, outcome)| {
        let words = serde_json::to_string(outcome).unwrap_or_default();
        if is_him(&by.name, address) || mentions(&words, address) {
            (*at, nobody(by), wordless(outcome, &mailbox))
        } else {
            (*at, by.clone(), outcome.clone())
        }
    });
    let outcomes = outcomes.collect();
    let parties = hold.parties.iter().cloned().map(|mut party| {
        if is_him(party.address.as_str(), address) {
            party.address = mailbox.clone();
        }
        if is_him(&party.by, address) {
            party.by.clear();
        }
        party
    });
    Some(Hold { outcomes, parties: parties.collect(), ..hold.clone() })
}

fn is_him(name: &str, address: &str) -> bool {
    name.eq_ignore_ascii_case(address) || mentions(name, address)
}

/// Whether an address can be looked for: one that needs no quotes, or its name could stand in the
/// store in several spellings.
pub fn can_be_erased(address: &Mailbox) -> bool {
    is_plainly_written(address)
}

/// Whether a text names this address; `joakim@customer.example` is not `kim@customer.example`, nor
/// is `kim@customer.example.org`.
pub(in crate::hold) fn mentions(text: &str, address: &str) -> bool {
    let (text, address) = (text.to_lowercase(), address.to_lowercase());
    let in_name = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let mut rest = text.as_str();
    let mut before = None;
    while let Some((left, right)) = rest.split_once(&address) {
        let starts = left.chars().next_back().or(before).is_none_or(|c| !in_name(c));
        let mut behind = right.chars();
        let ends = match behind.next() {
            Some('.') => !behind.next().is_some_and(char::is_alphanumeric),
            Some(c) => !c.is_alphanumeric() && c != '-',
            None => true,
        };
        if starts && ends {
            return true;
        }
        before = address.chars().next_back();
        rest = right;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_as_itself_and_in_no_other() {
        let kim = "kim@customer.example";
        for text in [
            "kim@customer.example",
            "{\"to\":\"Kim@Customer.example\"}",
            "550 <kim@customer.example>: no such user",
            "ask kim@customer.example.",
            "joakim@customer.example, kim@customer.example",
        ] {
            assert!(mentions(text, kim), "{text}");
        }
        for text in [
            "joakim@customer.example",
            "kim@customer.example.org",
            "kim@customer.examples",
            "kim@customer.example-two.example",
            "a.kim@customer.example",
            "",
        ] {
            assert!(!mentions(text, kim), "{text}");
        }
    }
}
