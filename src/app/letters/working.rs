//! The letters that the worker owes: nobody decides, a promise has its day, a release fails.

use super::{Case, Letters, pacing};
use crate::{
    hold::{Hold, LetterName, NewItem, Party, Promise},
    mail::{Content, ForwardPath, Mailbox, Timestamp},
    notice::{Kind, Promised, Refusal},
    pipeline, worker,
};

impl worker::Letters for Letters {
    fn reminder(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem> {
        if let Some(asked) = self.asked_still(hold, now) {
            return asked;
        }
        let name = pacing::name_of_reminder(hold, now);
        if let Some(item) = self.handed_over_still(hold, name, now) {
            return vec![item];
        }
        let kind = hold.call_back_at().map_or(Kind::Reminder, |at| Kind::CallBack { at });
        self.item(&self.case(hold), kind, name, now).into_iter().collect()
    }

    fn expires_soon(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem> {
        let in_charge = self.handed_over_still(hold, LetterName::ExpiresSoon, now);
        let calls_back = hold.call_back_at().filter(|_| in_charge.is_none());
        let kind = calls_back.map_or(Kind::ExpiresSoon, |at| Kind::CallBack { at });
        let sender = self.item(&self.case(hold), kind, LetterName::ExpiresSoon, now);
        let asked = self.asked_still(hold, now).unwrap_or_default();
        sender.into_iter().chain(in_charge).chain(asked).collect()
    }

    fn expired(&self, hold: &Hold, content: &[u8], now: Timestamp) -> Option<NewItem> {
        self.item(&self.case(hold), Kind::Expiry { original: content }, LetterName::Expiry, now)
    }

    fn escalated(&self, hold: &Hold, to: &Party, now: Timestamp) -> Option<NewItem> {
        let sender = hold.envelope.reverse_path().as_str();
        self.write_to((hold, to), Kind::Escalated { sender }, LetterName::Escalation, now)
    }

    fn expired_for_others(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem> {
        self.expired_to_parties(hold, now)
    }

    fn undeliverable(
        &self,
        hold: &Hold,
        refused: &[(ForwardPath, String)],
        content: &[u8],
        now: Timestamp,
    ) -> Option<NewItem> {
        let refusals = refused
            .iter()
            .map(|(path, reply)| Refusal { recipient: path.as_str(), reply })
            .collect();
        let kind = Kind::Undeliverable { refusals, original: content };
        self.item(&self.case(hold), kind, LetterName::Undeliverable, now)
    }

    fn delayed(
        &self,
        hold: &Hold,
        to: &[ForwardPath],
        until: Timestamp,
        now: Timestamp,
    ) -> Option<NewItem> {
        let kind = Kind::Delayed { to: to.iter().map(ForwardPath::as_str).collect(), until };
        self.item(&self.case(hold), kind, LetterName::Delayed, now)
    }

    fn arrived(&self, hold: &Hold, to: &[ForwardPath], now: Timestamp) -> Option<NewItem> {
        let kind = Kind::Arrived { to: to.iter().map(ForwardPath::as_str).collect() };
        self.item(&self.case(hold), kind, LetterName::Arrived, now)
    }

    fn promise(&self, hold: &Hold, promise: &Promise, now: Timestamp) -> Option<NewItem> {
        let what = promise.what();
        let promised = Promised {
            to: hold.spoken_with().unwrap_or_default(),
            what: &what,
            date: promise.date,
        };
        // It is written before the reminder is noted as a step.
        let follow_up = promise.remind_at.map(|at| (promise.sequence(hold) + 1, at));
        let case = Case { follow_up, ..self.case(hold) };
        let party = hold.promised_by().and_then(|by| hold.party_acting(by));
        match party.filter(|party| self.house.inside.is_inside(&party.address)) {
            Some(party) => {
                let case = Case { party: Some(party.number), ..case };
                self.item_to(
                    &party.address,
                    &case,
                    Kind::Promise(promised),
                    LetterName::Promise,
                    now,
                )
            }
            None => self.item(&case, Kind::Promise(promised), LetterName::Promise, now),
        }
    }

    fn overdue(&self, hold: &Hold, promise: &Promise, now: Timestamp) -> Option<NewItem> {
        let lead = self.house.teams.of(hold.envelope.reverse_path()).lead.as_ref()?;
        let sender = hold.envelope.reverse_path().as_str();
        let what = promise.what();
        let kind = Kind::Overdue {
            promised: Promised {
                to: hold.spoken_with().unwrap_or_default(),
                what: &what,
                date: promise.date,
            },
            by: hold.promised_by().map_or(sender, |by| by.name.as_str()),
            reminders: promise.reminders,
        };
        self.item_to(lead, &self.case(hold), kind, LetterName::Overdue, now)
    }

    fn digest(&self, to: &str, told: &[(Hold, String)], now: Timestamp) -> Option<NewItem> {
        self.to_one_as_one(to, told, now)
    }

    fn may_go_to(&self, addressee: &str) -> bool {
        // One that does not read was written by us, and is let go as it is.
        Mailbox::parse(addressee).map_or(true, |to| self.house.inside.is_inside(&to))
    }

    fn mark(&self, hold: &Hold, content: &Content) -> String {
        // A content without a header section has an empty line above it, and a mark that does not
        // stand directly on it proves nothing.
        if hold.trace.ends_with("\r\n\r\n") {
            return String::new();
        }
        // The content lies in memory here, so reading it cannot fail.
        pipeline::mark_field(&self.house.keys, &hold.id, content).unwrap_or_default()
    }
}
