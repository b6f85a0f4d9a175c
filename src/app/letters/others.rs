//! The letters to others than the sender, and to the sender about others.

use super::{Case, Letters};
use crate::{
    decision::ExpiryAction,
    hold::{Actor, Hold, NewItem, Outcome, Party, PartyRole, is_same_person},
    mail::Timestamp,
    notice::{Decided, Kind, Tidings, Told},
    release,
};

/// The name of these letters in the outbox.
const DECIDED: &str = "decided";
/// Of those to who is above the sender, and to who stands in for him.
const ESCALATION: &str = "escalation";
const COVER: &str = "cover";

impl Letters {
    /// A letter to the sender.
    fn to_sender(
        &self,
        hold: &Hold,
        told: Told<'_>,
        name: &str,
        now: Timestamp,
    ) -> Option<NewItem> {
        self.item(&self.case(hold), Kind::Told(told), name, now)
    }

    /// A letter to a party, with its own link. None to an address that is no longer inside.
    fn to_party(
        &self,
        (hold, party): (&Hold, &Party),
        told: Told<'_>,
        name: &str,
        now: Timestamp,
    ) -> Option<NewItem> {
        let is_ours = self.house.inside.is_inside(&party.address);
        let case = Case { party: Some(party.number), ..self.case(hold) };
        is_ours.then(|| self.item_to(&party.address, &case, Kind::Told(told), name, now)).flatten()
    }

    /// A letter to each party but the one that did it.
    fn to_parties(
        &self,
        hold: &Hold,
        told: &Told<'_>,
        name: &str,
        now: Timestamp,
    ) -> impl Iterator<Item = NewItem> {
        let others = hold.parties.iter().filter(|p| !is_same_person(p.address.as_str(), told.by));
        others.filter_map(move |party| self.to_party((hold, party), told.clone(), name, now))
    }

    /// A letter to everybody who was written to, but not to the one who did it.
    fn to_others(&self, hold: &Hold, told: &Told<'_>, name: &str, now: Timestamp) -> Vec<NewItem> {
        let parties = self.to_parties(hold, told, name, now);
        let is_sender = is_same_person(hold.envelope.reverse_path().as_str(), told.by);
        let sender = (!hold.parties.is_empty() && !is_sender)
            .then(|| self.to_sender(hold, told.clone(), name, now));
        sender.flatten().into_iter().chain(parties).collect()
    }

    /// A letter that asks a new party to see to a hold of somebody else.
    pub(super) fn to_new_party(
        &self,
        hold: &Hold,
        party: &Party,
        why: PartyRole,
        now: Timestamp,
    ) -> Option<NewItem> {
        let sender = hold.envelope.reverse_path().as_str();
        let (kind, name) = match why {
            PartyRole::Cover => (Kind::Cover { sender }, COVER),
            _ => (Kind::Escalated { sender }, ESCALATION),
        };
        let is_ours = self.house.inside.is_inside(&party.address);
        let case = Case { party: Some(party.number), ..self.case(hold) };
        is_ours.then(|| self.item_to(&party.address, &case, kind, name, now)).flatten()
    }

    pub(super) fn expired_to_parties(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem> {
        let decided = match hold.dossier.decision.terms.expiry_action {
            ExpiryAction::Return => Decided::Returned,
            ExpiryAction::Release => Decided::SentUnasked,
            ExpiryAction::Keep => return Vec::new(),
        };
        let told = Told { by: "", words: "", what: Tidings::Decided(decided) };
        self.to_parties(hold, &told, DECIDED, now).collect()
    }
}

impl release::Letters for Letters {
    fn decided(&self, hold: &Hold, by: &Actor, outcome: &Outcome, now: Timestamp) -> Vec<NewItem> {
        let (decided, words) = match outcome {
            Outcome::Called { send: true, note, .. } => (Decided::CalledSend, note),
            Outcome::Called { send: false, note, .. } => (Decided::CalledDontSend, note),
            Outcome::Withdrawn { note } => (Decided::Withdrawn, note),
            Outcome::Rewritten { note, .. } => (Decided::Rewritten, note),
            Outcome::FalseAlarm { note } => (Decided::FalseAlarm, note),
            Outcome::SendAnyway { reason } => (Decided::SendAnyway, reason),
            // These leave it held, or the worker writes the letters.
            Outcome::NoAnswer { .. }
            | Outcome::WrongNumber { .. }
            | Outcome::CallBack { .. }
            | Outcome::Muted
            | Outcome::Expired => return Vec::new(),
        };
        let told = Told { by: &by.name, words, what: Tidings::Decided(decided) };
        self.to_others(hold, &told, DECIDED, now)
    }
}
