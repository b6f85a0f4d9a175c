//! What several people do with one hold: hand it over, propose to send it and agree to that, take a
//! decision back.

use super::{
    ActError, Acted, Along, Desk,
    change::{OPERATOR, change, name},
};
use crate::{
    decision::SecondPerson,
    hold::{
        Actor, Change, Hold, Outcome, Party, PartyRole, State, is_plainly_written, is_same_person,
    },
    mail::{HoldId, Mailbox, Timestamp},
    telemetry::letters::guarded,
};

/// A hold that wanders further is called about by nobody.
pub const MAX_HAND_OVERS: usize = 5;
/// Proposals of one hold, and decisions taken back: each writes to others.
pub const MAX_TURNS: usize = 10;

impl Desk {
    /// Hands a hold over to somebody else in the house, who gets its notice and the reminders. The
    /// sender keeps his page.
    pub async fn hand_over(
        &self,
        id: &HoldId,
        actor: Actor,
        (to, words): (Mailbox, String),
        now: Timestamp,
    ) -> Result<Acted, ActError> {
        self.change(id, |hold| {
            if hold.state != State::Held {
                return Ok(None);
            }
            if !is_plainly_written(&to) {
                return Err(ActError::Incomplete("please write the address plainly: name@domain"));
            }
            if is_same_person(to.as_str(), &actor.name) {
                return Err(ActError::SamePerson);
            }
            if hold.hand_overs() >= MAX_HAND_OVERS {
                return Err(ActError::TooOften);
            }
            let (party, new) = match hold.is_sender(&to) {
                true => (None, None),
                false => {
                    let (party, new) = invited(hold, &to, PartyRole::Colleague, &actor, now)
                        .ok_or(ActError::TooOften)?;
                    (Some(party), new)
                }
            };
            if is_in_charge(hold, party.as_ref()) {
                return Err(ActError::SamePerson);
            }
            let letter = || self.letters.handed_over(hold, party.as_ref(), &actor, &words, now);
            let letter = guarded(letter).flatten().ok_or(ActError::Outside)?;
            let number = party.as_ref().map(|party| party.number);
            let outcome =
                Outcome::HandedOver { to: to.clone(), party: number, words: words.clone() };
            let facts = vec![("to".to_owned(), to.as_str().to_owned())];
            let along = Along { outbox: vec![letter], facts, ..Along::default() };
            let change = next(hold, outcome, actor.clone(), along, now);
            Ok(Some(Change { parties: new.into_iter().collect(), ..change }))
        })
        .await
    }

    /// Whether a second person has to agree before this outcome sends the mail. An operator needs
    /// none: he stands in the audit.
    pub fn needs_second(&self, hold: &Hold, actor: &Actor, outcome: &Outcome) -> bool {
        actor.role != OPERATOR && wants_second(hold, outcome)
    }

    /// The change that asks second persons, with their letters.
    pub(super) fn propose(
        &self,
        hold: &Hold,
        actor: &Actor,
        outcome: &Outcome,
        mut along: Along,
        now: Timestamp,
    ) -> Result<Change, ActError> {
        if hold.proposal().is_some() {
            return Err(ActError::Proposed);
        }
        if hold.turns() >= MAX_TURNS {
            return Err(ActError::TooOften);
        }
        let mut then = hold.clone();
        let mut asked = false;
        for second in self.seconds_for(hold, actor) {
            let invited = invited(&then, second, PartyRole::Second, actor, now);
            let Some((party, new)) = invited else { continue };
            let letter = || self.letters.second_asked(&then, &party, actor, outcome, now);
            let letter = guarded(letter).flatten();
            asked |= letter.is_some();
            along.outbox.extend(letter);
            along.facts.extend(new.iter().flat_map(Party::facts));
            then.parties.extend(new);
        }
        if !asked {
            return Err(ActError::NobodyToAsk);
        }
        along.facts.push(("proposed".to_owned(), name(outcome).to_owned()));
        let outcome = Outcome::Proposed { outcome: Box::new(outcome.clone()) };
        let change = next(hold, outcome, actor.clone(), along, now);
        let parties = then.parties.split_off(hold.parties.len());
        Ok(Change { parties, ..change })
    }

    /// Who may agree to what this person proposes: never he, never whose mail it is.
    fn seconds_for<'a>(
        &'a self,
        hold: &'a Hold,
        actor: &'a Actor,
    ) -> impl Iterator<Item = &'a Mailbox> {
        self.seconds.iter().filter(|second| {
            !is_same_person(second.as_str(), &actor.name) && !hold.is_sender(second)
        })
    }

    /// Whether this person may agree to what is proposed, or decline it.
    pub fn may_agree(&self, hold: &Hold, actor: &Actor) -> bool {
        let Some(party) = hold.party_acting(actor) else { return false };
        let is_second = party.role == PartyRole::Second
            || self.seconds.iter().any(|s| is_same_person(s.as_str(), party.address.as_str()));
        let other = |by: &Actor| !is_same_person(&by.name, &actor.name);
        is_second && hold.proposal().is_some_and(|proposal| other(proposal.by))
    }

    /// A second person agrees to what was proposed then: it goes out.
    pub async fn agree(
        &self,
        id: &HoldId,
        actor: Actor,
        proposed: Timestamp,
        now: Timestamp,
    ) -> Result<Acted, ActError> {
        self.change(id, |hold| {
            if hold.proposal().is_none_or(|proposal| proposal.at != proposed) {
                return Ok(None);
            }
            if !self.may_agree(hold, &actor) {
                return Err(ActError::NotAllowed);
            }
            let change = next(hold, Outcome::Agreed, actor.clone(), Along::default(), now);
            Ok(Some(self.told(hold, change)))
        })
        .await
    }

    /// A second person does not: whoever proposed it then hears why.
    pub async fn decline(
        &self,
        id: &HoldId,
        actor: Actor,
        (proposed, words): (Timestamp, String),
        now: Timestamp,
    ) -> Result<Acted, ActError> {
        self.change(id, |hold| {
            let proposal = hold.proposal().filter(|proposal| proposal.at == proposed);
            let Some(proposal) = proposal else { return Ok(None) };
            if !self.may_agree(hold, &actor) {
                return Err(ActError::NotAllowed);
            }
            if words.trim().is_empty() {
                return Err(ActError::Incomplete("please say in a line why not"));
            }
            let letter = || self.letters.declined(hold, proposal.by, &actor, &words, now);
            let outbox = guarded(letter).flatten().into_iter().collect();
            let along = Along { outbox, ..Along::default() };
            let outcome = Outcome::Declined { words: words.clone() };
            Ok(Some(next(hold, outcome, actor.clone(), along, now)))
        })
        .await
    }

    /// Whoever proposed it, or whose mail it is, takes the proposal back.
    pub async fn drop_proposal(
        &self,
        id: &HoldId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Acted, ActError> {
        self.change(id, |hold| {
            let Some(proposal) = hold.proposal() else { return Ok(None) };
            if actor.role != "sender" && !is_same_person(&proposal.by.name, &actor.name) {
                return Err(ActError::NotAllowed);
            }
            Ok(Some(next(hold, Outcome::Dropped, actor.clone(), Along::default(), now)))
        })
        .await
    }

    /// Takes a decision to send back, as long as the policy's wait lasts.
    pub async fn take_back(
        &self,
        id: &HoldId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Acted, ActError> {
        self.change(id, |hold| {
            if !matches!(hold.state, State::Approved | State::Released) {
                return Ok(None);
            }
            if hold.waits_until(now).is_none() {
                return Err(ActError::TooLate);
            }
            if hold.turns() >= MAX_TURNS {
                return Err(ActError::TooOften);
            }
            let change = next(hold, Outcome::TakenBack, actor.clone(), Along::default(), now);
            let remind_at = Some(hold.reminded_next(now));
            Ok(Some(self.told(hold, Change { remind_at, ..change })))
        })
        .await
    }
}

/// The change that an outcome makes of a hold as it was seen: where others may do something meanwhile,
/// each of them must have seen what he answers to.
fn next(hold: &Hold, outcome: Outcome, actor: Actor, along: Along, now: Timestamp) -> Change {
    Change { seen: Some(hold.outcomes.len()), ..change(hold, outcome, actor, along, now) }
}

/// Whether a hold's policy wants a second person for this way to send it.
fn wants_second(hold: &Hold, outcome: &Outcome) -> bool {
    let terms = &hold.dossier.decision.terms;
    let is_large = |over| hold.dossier.call.amount.is_some_and(|amount: u64| amount >= over);
    if !terms.second_person_over.is_none_or(is_large) {
        return false;
    }
    match (terms.second_person, outcome) {
        (Some(_), Outcome::SendAnyway { .. } | Outcome::FalseAlarm { .. }) => true,
        (Some(SecondPerson::Always), Outcome::Called { send, .. }) => *send,
        _ => false,
    }
}

/// Somebody as a party of a hold, known or new; `None` where there are too many.
fn invited(
    hold: &Hold,
    address: &Mailbox,
    role: PartyRole,
    by: &Actor,
    now: Timestamp,
) -> Option<(Party, Option<Party>)> {
    if let Some(known) = hold.party_at(address) {
        return Some((known.clone(), None));
    }
    let new = hold.new_party(address, role, by, now)?;
    Some((new.clone(), Some(new)))
}

/// Whether it is with this party, or the sender, already.
fn is_in_charge(hold: &Hold, party: Option<&Party>) -> bool {
    hold.in_charge().map(|party| party.number) == party.map(|party| party.number)
}
