//! What people did about a held message, as it is kept, and what follows from it for the next call.
//!
//! Rows of earlier releases must read for ever: a new field has a default, a variant is never
//! renamed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{AboutCustomer, Actor, Amount, Hold, State};
use crate::{
    call::CallSheet,
    mail::{Mailbox, Timestamp},
};

/// What the people did, kept for reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// Reached by telephone; `send`: the mail goes out as the written confirmation.
    Called {
        /// Whether the mail goes out.
        send: bool,
        /// Whom they spoke to.
        person: String,
        /// Which number they called.
        number: String,
        /// What was agreed.
        note: String,
        /// What came of the call, as far as they said.
        #[serde(default, skip_serializing_if = "CallReport::is_empty")]
        report: Box<CallReport>,
    },
    /// Nobody answered; it stays held.
    NoAnswer {
        /// Which number they called.
        number: String,
        /// When to remind.
        remind_at: Timestamp,
    },
    /// Somebody else answered; it stays held, and this number is not offered for it again.
    WrongNumber {
        /// Which number they called.
        number: String,
    },
    /// The customer asked to be called back; it stays held until then.
    CallBack {
        /// Which number they called.
        number: String,
        /// When the customer wants the call, and we remind.
        at: Timestamp,
    },
    /// Taken back.
    Withdrawn {
        /// Why, if they said.
        note: String,
    },
    /// Taken back for a new text: the next mail to the same recipients about the same thing passes.
    Rewritten {
        /// Why, if they said.
        note: String,
        /// Until when the new text is waited for.
        until: Timestamp,
    },
    /// It was no bad news; it goes out and feeds tuning.
    FalseAlarm {
        /// What was wrong, if they said.
        note: String,
    },
    /// Sent without a call.
    SendAnyway {
        /// Why; never empty.
        reason: String,
    },
    /// No more reminders of it, please; it stays held.
    Muted,
    /// Handed over to somebody else in the house; it stays held.
    HandedOver {
        /// To whom.
        to: Mailbox,
        /// The number of the party that this is; `None`: back to its sender.
        party: Option<u8>,
        /// A line with it, if there was one.
        words: String,
    },
    /// Would be sent so, if a second person agrees; it stays held.
    Proposed {
        /// How: what would send it at once were there no second person.
        outcome: Box<Outcome>,
    },
    /// A second person agreed; it goes out.
    Agreed,
    /// A second person did not; it stays held.
    Declined {
        /// Why not.
        words: String,
    },
    /// The proposal was taken back; it stays held.
    Dropped,
    /// The decision to send was taken back before it went out; it is held again.
    TakenBack,
    /// Nobody decided in time.
    Expired,
}

/// What came of a call. Everything may be left out: it is told in a hurry, on a telephone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallReport {
    /// What was promised: a refund, a new part, a visit.
    pub remedy: String,
    /// What it is worth.
    pub amount: Option<Amount>,
    /// By when; this makes it a promise that we remind of.
    pub follow_up: Option<FollowUp>,
    /// Who sees to it.
    pub accountable: String,
    /// Why it happened, of the house's own list.
    pub cause: String,
    /// Whether the customer stays.
    pub mood: Option<Mood>,
    /// Whether the complaint was justified.
    pub justified: Option<bool>,
}

/// The day something was promised for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The day, in the house's zone.
    pub date: Date,
    /// When the first reminder is due.
    pub remind_at: Timestamp,
}

/// How the customer left the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Stays with us.
    Kept,
    /// May leave.
    AtRisk,
    /// Has left.
    Lost,
}

impl Mood {
    /// Each of them.
    pub const ALL: [Mood; 3] = [Mood::Kept, Mood::AtRisk, Mood::Lost];

    /// As stored, in forms, in the audit and as a metric's label.
    pub fn as_str(self) -> &'static str {
        match self {
            Mood::Kept => "kept",
            Mood::AtRisk => "at_risk",
            Mood::Lost => "lost",
        }
    }

    /// The reverse of [`Mood::as_str`].
    pub fn from_text(text: &str) -> Option<Mood> {
        Mood::ALL.into_iter().find(|mood| mood.as_str() == text)
    }
}

/// What was promised and what it is worth.
pub(in crate::hold) fn in_short(remedy: &str, amount: Option<&Amount>) -> String {
    let amount = amount.map(Amount::to_string);
    let parts = [Some(remedy.to_owned()).filter(|remedy| !remedy.is_empty()), amount];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

impl CallReport {
    /// Whether nothing was told.
    pub fn is_empty(&self) -> bool {
        *self == CallReport::default()
    }

    /// What was promised, in as few words as were said: `a refund, 120 EUR`; may be empty.
    pub fn what(&self) -> String {
        in_short(&self.remedy, self.amount.as_ref())
    }
}

impl Hold {
    /// Whom to call and how, without the numbers that turned out to be wrong.
    pub fn call_sheet(&self) -> CallSheet {
        let mut sheet = self.dossier.call.clone();
        let wrong = |number: &str| {
            self.outcomes.iter().any(
                |(_, _, o)| matches!(o, Outcome::WrongNumber { number: wrong } if wrong == number),
            )
        };
        sheet.numbers.retain(|number| !wrong(&number.e164));
        sheet
    }

    /// What was said last of the mail. That somebody wants no more reminders says nothing of it.
    pub(in crate::hold) fn last_word(&self) -> Option<(&Actor, &Outcome)> {
        let mut said = self.outcomes.iter().rev().map(|(_, by, outcome)| (by, outcome));
        said.find(|(_, outcome)| !matches!(outcome, Outcome::Muted))
    }

    /// When the customer is to be called back, where that is what the hold waits for.
    pub fn call_back_at(&self) -> Option<Timestamp> {
        match self.last_word() {
            Some((_, Outcome::CallBack { at, .. })) if self.state == State::Held => Some(*at),
            _ => None,
        }
    }

    /// From when the time of those above the sender counts, where somebody did right meanwhile: the
    /// time of the call back that is agreed, or when it was last handed over.
    pub fn in_hand_since(&self) -> Option<Timestamp> {
        let handed = self.outcomes.iter().rev().find_map(|(at, _, outcome)| {
            matches!(outcome, Outcome::HandedOver { .. }).then_some(*at)
        });
        self.call_back_at().max(handed)
    }

    /// Whom the hold's call is for, to ask what there was before; `None` where nobody is named.
    pub fn call_about(&self) -> Option<AboutCustomer<'_>> {
        let person = self.dossier.call.person.as_ref()?;
        let sender = self.envelope.reverse_path();
        Some(AboutCustomer { address: &person.address, sender, but: &self.id })
    }

    /// What came of the call, where somebody called.
    pub fn report(&self) -> Option<&CallReport> {
        self.outcomes.iter().rev().find_map(|(_, _, outcome)| match outcome.meant() {
            Outcome::Called { report, .. } => Some(&**report),
            _ => None,
        })
    }

    /// Who answered the call, where the sender said so.
    pub fn spoken_with(&self) -> Option<&str> {
        self.outcomes.iter().rev().find_map(|(_, _, outcome)| match outcome.meant() {
            Outcome::Called { person, .. } if !person.is_empty() => Some(person.as_str()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_stored_by_the_first_release_reads_and_is_written_as_it_was() {
        let stored = r#"{"kind":"called","send":true,"person":"Kim","number":"+4930","note":"ok"}"#;
        let read: Outcome = serde_json::from_str(stored).unwrap();
        let Outcome::Called { send: true, report, .. } = &read else { panic!("{read:?}") };
        assert!(report.is_empty());
        assert_eq!(serde_json::to_string(&read).unwrap(), stored);
    }

    #[test]
    fn a_report_comes_back_as_it_was_told() {
        let report = CallReport {
            remedy: "a new compressor".into(),
            amount: Amount::parse("1.250,50 €"),
            follow_up: Some(FollowUp {
                date: "2026-12-01".parse().unwrap(),
                remind_at: "2026-12-01T08:00:00Z".parse().unwrap(),
            }),
            mood: Some(Mood::AtRisk),
            justified: Some(false),
            ..CallReport::default()
        };
        let outcome = Outcome::Called {
            send: false,
            person: String::new(),
            number: "+4930".into(),
            note: String::new(),
            report: Box::new(report),
        };
        let stored = serde_json::to_string(&outcome).unwrap();
        assert_eq!(serde_json::from_str::<Outcome>(&stored).unwrap(), outcome);
    }
}
