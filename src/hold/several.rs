//! What several people on one hold have done, and what follows from it: who is asked to call, what is
//! proposed, when it goes out.

use super::{Actor, Hold, Outcome, Party, PartyRole, State, is_same_person, steps::later};
use crate::mail::Timestamp;

/// A way to send the mail that a second person is to agree to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal<'a> {
    /// When it was made.
    pub at: Timestamp,
    /// Who would send it.
    pub by: &'a Actor,
    /// How.
    pub outcome: &'a Outcome,
}

impl Outcome {
    /// What was done or, as a proposal, would be.
    pub fn meant(&self) -> &Outcome {
        match self {
            Outcome::Proposed { outcome } => outcome,
            outcome => outcome,
        }
    }
}

impl Hold {
    /// Whom reminders go to: whom it was handed over to, or who tried to call since, or who stands in
    /// for a sender who is away; `None`: the sender.
    pub fn in_charge(&self) -> Option<&Party> {
        let acted = self.outcomes.iter().rev().find_map(|(_, actor, outcome)| match outcome {
            Outcome::HandedOver { party, .. } => Some(party.and_then(|number| self.party(number))),
            Outcome::NoAnswer { .. } | Outcome::CallBack { .. } | Outcome::WrongNumber { .. } => {
                Some(self.party_acting(actor))
            }
            _ => None,
        });
        acted.unwrap_or_else(|| self.stand_in())
    }

    /// Who stands in for a sender who is away: a deputy, or the lead, who became a party by the sender's
    /// own answer and not because nobody decided.
    pub fn stand_in(&self) -> Option<&Party> {
        let sender = self.envelope.reverse_path().as_str();
        let leads = |p: &Party| p.role == PartyRole::Lead && is_same_person(&p.by, sender);
        self.parties.iter().find(|party| party.role == PartyRole::Cover || leads(party))
    }

    /// Who handed it over last.
    pub fn handed_over_by(&self) -> Option<&Actor> {
        self.outcomes.iter().rev().find_map(|(_, actor, outcome)| {
            matches!(outcome, Outcome::HandedOver { .. }).then_some(actor)
        })
    }

    /// Who made the promise of its call.
    pub fn promised_by(&self) -> Option<&Actor> {
        self.outcomes.iter().rev().find_map(|(_, actor, outcome)| match outcome.meant() {
            Outcome::Called { report, .. } if report.follow_up.is_some() => Some(actor),
            _ => None,
        })
    }

    /// How often it was handed over.
    pub fn hand_overs(&self) -> usize {
        let handed = |o: &&(Timestamp, Actor, Outcome)| matches!(o.2, Outcome::HandedOver { .. });
        self.outcomes.iter().filter(handed).count()
    }

    /// How often it was proposed to send it, or a decision to send was taken back.
    pub fn turns(&self) -> usize {
        let turns = |o: &&(Timestamp, Actor, Outcome)| {
            matches!(o.2, Outcome::Proposed { .. } | Outcome::TakenBack)
        };
        self.outcomes.iter().filter(turns).count()
    }

    /// The party that an actor is.
    pub fn party_acting(&self, actor: &Actor) -> Option<&Party> {
        let acts = |party: &&Party| is_same_person(party.address.as_str(), &actor.name);
        self.parties.iter().find(acts).filter(|_| actor.role != "sender")
    }

    /// What a second person is asked to agree to, while it is held.
    pub fn proposal(&self) -> Option<Proposal<'_>> {
        if self.state != State::Held {
            return None;
        }
        let last = self.outcomes.iter().rev().find(|(_, _, outcome)| {
            matches!(
                outcome,
                Outcome::Proposed { .. }
                    | Outcome::Declined { .. }
                    | Outcome::Dropped
                    | Outcome::TakenBack
            )
        })?;
        match last {
            (at, by, Outcome::Proposed { outcome }) => Some(Proposal { at: *at, by, outcome }),
            _ => None,
        }
    }

    /// Before when no mail of this hold goes out, as its policy asks.
    pub fn not_before(&self) -> Timestamp {
        later(self.created, self.dossier.decision.terms.minimum_wait)
    }

    /// When it goes out, while it can still be taken back.
    pub fn waits_until(&self, now: Timestamp) -> Option<Timestamp> {
        let by_person = !matches!(self.outcomes.last(), Some((_, _, Outcome::Expired)));
        let at = Some(self.not_before()).filter(|at| *at > now);
        at.filter(|_| self.state == State::Approved && by_person)
    }
}
