//! The letters to others than the sender, and to the sender about others.

use super::{Case, Letters};
use crate::{
    decision::ExpiryAction,
    hold::{Actor, Hold, LetterName, NewItem, Outcome, Party, PartyRole, is_same_person},
    mail::{ReversePath, Timestamp},
    notice::{Decided, Kind, Tidings, Told, Way},
    release,
};

impl Letters {
    /// A letter to the sender.
    fn to_sender(
        &self,
        hold: &Hold,
        told: Told<'_>,
        name: LetterName,
        now: Timestamp,
    ) -> Option<NewItem> {
        self.item(&self.case(hold), Kind::Told(told), name, now)
    }

    /// A letter to a party, with its own link. None to an address that is no longer inside.
    pub(super) fn write_to(
        &self,
        (hold, party): (&Hold, &Party),
        kind: Kind<'_>,
        name: LetterName,
        now: Timestamp,
    ) -> Option<NewItem> {
        let is_ours = self.house.inside.is_inside(&party.address);
        let case = Case { party: Some(party.number), ..self.case(hold) };
        is_ours.then(|| self.item_to(&party.address, &case, kind, name, now)).flatten()
    }

    /// The same about what somebody did.
    fn to_party(
        &self,
        about: (&Hold, &Party),
        told: Told<'_>,
        name: LetterName,
        now: Timestamp,
    ) -> Option<NewItem> {
        self.write_to(about, Kind::Told(told), name, now)
    }

    /// A letter to each party but the one that did it.
    fn to_parties(
        &self,
        hold: &Hold,
        told: &Told<'_>,
        name: LetterName,
        now: Timestamp,
    ) -> impl Iterator<Item = NewItem> {
        let others = hold.parties.iter().filter(|p| !is_same_person(p.address.as_str(), told.by));
        others.filter_map(move |party| self.to_party((hold, party), told.clone(), name, now))
    }

    /// A letter to everybody who was written to, but not to the one who did it.
    fn to_others(
        &self,
        hold: &Hold,
        told: &Told<'_>,
        name: LetterName,
        now: Timestamp,
    ) -> Vec<NewItem> {
        let parties = self.to_parties(hold, told, name, now);
        let is_sender = is_same_person(hold.envelope.reverse_path().as_str(), told.by);
        let sender = (!hold.parties.is_empty() && !is_sender)
            .then(|| self.to_sender(hold, told.clone(), name, now));
        sender.flatten().into_iter().chain(parties).collect()
    }

    /// The reminder of whom it was handed over to, or who stands in; `None` where that is the sender,
    /// or nobody of ours any more.
    pub(super) fn handed_over_still(
        &self,
        hold: &Hold,
        name: LetterName,
        now: Timestamp,
    ) -> Option<NewItem> {
        let party = hold.in_charge()?;
        let sender = hold.envelope.reverse_path().as_str();
        let kind = match hold.call_back_at() {
            Some(at) => Kind::CallBack { at },
            None if hold.stand_in() == Some(party) => Kind::Cover { sender },
            None => {
                let by = hold.handed_over_by().map_or(sender, |by| by.name.as_str());
                Kind::Told(Told { by, words: "", what: Tidings::HandedOverStill })
            }
        };
        self.write_to((hold, party), kind, name, now)
    }

    /// The reminders of the second persons who are asked, as far as they are at work themselves: the
    /// others' turn comes with a later one. `None` where nobody is asked.
    pub(super) fn asked_still(&self, hold: &Hold, now: Timestamp) -> Option<Vec<NewItem>> {
        let proposal = hold.proposal()?;
        let told = asked(proposal.by, proposal.outcome)?;
        let by = &proposal.by.name;
        let may_agree = |party: &&Party| {
            party.role == PartyRole::Second && !is_same_person(party.address.as_str(), by)
        };
        let seconds: Vec<&Party> = hold.parties.iter().filter(may_agree).collect();
        let remind = |party: &&Party| {
            let reader = ReversePath::Mailbox(party.address.clone());
            let is_at_work = self.house.teams.of(&reader).week.is_open(now);
            is_at_work
                .then(|| {
                    self.to_party((hold, party), told.clone(), LetterName::SecondReminder, now)
                })
                .flatten()
        };
        (!seconds.is_empty()).then(|| seconds.iter().filter_map(remind).collect())
    }

    pub(super) fn expired_to_parties(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem> {
        let Some(told) = expired(hold) else { return Vec::new() };
        self.to_parties(hold, &told, LetterName::Decided, now).collect()
    }
}

impl release::Letters for Letters {
    fn decided(&self, hold: &Hold, by: &Actor, outcome: &Outcome, now: Timestamp) -> Vec<NewItem> {
        let (what, words) = match decided(outcome) {
            Some((decided, words)) if waits_before(hold, decided, now) => {
                (Tidings::DecidedWaits(decided), words)
            }
            Some((decided, words)) => (Tidings::Decided(decided), words),
            None if *outcome == Outcome::TakenBack => (Tidings::TakenBack, ""),
            // It stays held, or the worker writes the letters.
            None => return Vec::new(),
        };
        let name = match what {
            Tidings::TakenBack => LetterName::TakenBack,
            Tidings::DecidedWaits(_) => LetterName::DecidedWaits,
            _ => LetterName::Decided,
        };
        self.to_others(hold, &Told { by: &by.name, words, what }, name, now)
    }

    fn handed_over(
        &self,
        hold: &Hold,
        to: Option<&Party>,
        by: &Actor,
        words: &str,
        now: Timestamp,
    ) -> Option<NewItem> {
        let told = Told { by: &by.name, words, what: Tidings::HandedOver };
        match to {
            Some(party) => self.to_party((hold, party), told, LetterName::HandedOver, now),
            None => self.to_sender(hold, told, LetterName::HandedOver, now),
        }
    }

    fn second_asked(
        &self,
        hold: &Hold,
        to: &Party,
        by: &Actor,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Option<NewItem> {
        self.to_party((hold, to), asked(by, outcome)?, LetterName::SecondAsked, now)
    }

    fn declined(
        &self,
        hold: &Hold,
        to: &Actor,
        by: &Actor,
        words: &str,
        now: Timestamp,
    ) -> Option<NewItem> {
        let told = Told { by: &by.name, words, what: Tidings::Declined };
        match hold.party_acting(to) {
            Some(party) => self.to_party((hold, party), told, LetterName::Declined, now),
            None => self.to_sender(hold, told, LetterName::Declined, now),
        }
    }
}

/// How an outcome decides a hold, with what was typed; `None` where it leaves it held, or is nobody's.
pub(super) fn decided(outcome: &Outcome) -> Option<(Decided, &str)> {
    Some(match outcome {
        Outcome::Called { send: true, note, .. } => (Decided::CalledSend, note),
        Outcome::Called { send: false, note, .. } => (Decided::CalledDontSend, note),
        Outcome::Withdrawn { note } => (Decided::Withdrawn, note),
        Outcome::Rewritten { note, .. } => (Decided::Rewritten, note),
        Outcome::FalseAlarm { note } => (Decided::FalseAlarm, note),
        Outcome::SendAnyway { reason } => (Decided::SendAnyway, reason),
        Outcome::Agreed => (Decided::Agreed, ""),
        Outcome::NoAnswer { .. }
        | Outcome::WrongNumber { .. }
        | Outcome::CallBack { .. }
        | Outcome::Muted
        | Outcome::HandedOver { .. }
        | Outcome::Proposed { .. }
        | Outcome::Declined { .. }
        | Outcome::Dropped
        | Outcome::TakenBack
        | Outcome::Expired => return None,
    })
}

/// That nobody decided in time; `None` where its policy keeps it.
pub(super) fn expired(hold: &Hold) -> Option<Told<'_>> {
    let decided = match hold.dossier.decision.terms.at_expiry() {
        ExpiryAction::Return => Decided::Returned,
        ExpiryAction::Release => Decided::SentUnasked,
        ExpiryAction::Keep => return None,
    };
    Some(Told { by: "", words: "", what: Tidings::Decided(decided) })
}

/// Whether what was decided now sends the mail, but not yet.
fn waits_before(hold: &Hold, decided: Decided, now: Timestamp) -> bool {
    let sends = match decided {
        Decided::CalledSend | Decided::FalseAlarm | Decided::SendAnyway | Decided::Agreed => true,
        Decided::CalledDontSend
        | Decided::Withdrawn
        | Decided::Rewritten
        | Decided::Returned
        | Decided::SentUnasked => false,
    };
    sends && hold.not_before() > now
}

/// What a second person is asked; `None` for what needs none.
fn asked<'a>(by: &'a Actor, outcome: &'a Outcome) -> Option<Told<'a>> {
    let (way, words) = match outcome {
        Outcome::FalseAlarm { note } => (Way::FalseAlarm, note),
        Outcome::SendAnyway { reason } => (Way::SendAnyway, reason),
        Outcome::Called { note, .. } => (Way::Called, note),
        _ => return None,
    };
    Some(Told { by: &by.name, words, what: Tidings::Asked(way) })
}
