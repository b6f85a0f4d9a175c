//! Turns a hold into the mails it causes: gathers what a notice says and hands it to `notice`.

mod others;
mod pacing;
mod preview;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, sync::Arc};

use crate::{
    call::CallSheet,
    config::ReplySettings,
    hold::{Dossier, Hold, ItemKind, LetterName, NewHold, NewItem, Party, Promise, SameCustomer},
    mail::{Content, Envelope, ForwardPath, HoldId, Mailbox, Recipient, Timestamp},
    message::Language,
    notice::{
        self, Answer, Before, ByMail, ComposedMail, Kind, Occasion, Plan, Planned, Promised,
        Refusal,
    },
    pipeline, release, replies,
    team::{Team, Teams},
    traffic,
    wording::Languages,
    worker,
};

use super::OwnInForce;

pub use preview::Sample;

/// What the letter about a mail that went out is called.
const WENT_OUT: &str = "went_out";

/// See the module.
#[derive(Clone)]
pub struct Letters {
    house: Arc<House>,
}

/// What every mail of ours has in common.
pub struct House {
    /// The organisation's name.
    pub organisation: String,
    /// Its mail domains: nobody else gets a mail of ours.
    pub inside: crate::decision::Organisation,
    /// Display name of our From field.
    pub from_name: String,
    /// Its mailbox.
    pub from: Mailbox,
    /// Where staff's pages are, without a slash at its end.
    pub public_url: String,
    /// Who works with whom, when, and in which language.
    pub teams: Arc<Teams>,
    /// When people may be called.
    pub hours: crate::call::Hours,
    /// Signs links and marks.
    pub keys: release::Keys,
    /// Whether and how notices are answered by mail.
    pub replies: Option<ReplySettings>,
    /// Its own lines, as they are in force.
    pub own: OwnInForce,
    /// Who reads which language.
    pub languages: Languages,
}

/// What a hold and a hold-to-be have in common.
struct Case<'a> {
    id: &'a HoldId,
    envelope: &'a Envelope,
    dossier: &'a Dossier,
    call: Cow<'a, CallSheet>,
    before: Option<&'a SameCustomer>,
    created: Timestamp,
    remind_at: Option<Timestamp>,
    expires_at: Timestamp,
    /// Whose mail it is.
    team: &'a Team,
    /// What it is written in, where that is not the reader's or the mail's language to say.
    language: Option<Language>,
    /// Which party it is written to; `None`: the sender.
    party: Option<u8>,
    /// How many outcomes the hold has: it counts how often a call was planned anew.
    outcomes: usize,
    /// When a promise is asked about next, and how often it was moved.
    follow_up: Option<(usize, Timestamp)>,
}

impl<'a> Case<'a> {
    fn to_be(new: &'a NewHold, before: &'a SameCustomer, team: &'a Team) -> Case<'a> {
        Case {
            team,
            id: &new.id,
            envelope: &new.envelope,
            dossier: &new.dossier,
            call: Cow::Borrowed(&new.dossier.call),
            before: Some(before).filter(|before| !before.is_empty()),
            created: new.created,
            remind_at: new.remind_at,
            expires_at: new.expires_at,
            language: None,
            party: None,
            outcomes: 0,
            follow_up: None,
        }
    }

    fn of(hold: &'a Hold, team: &'a Team) -> Case<'a> {
        Case {
            team,
            id: &hold.id,
            envelope: &hold.envelope,
            dossier: &hold.dossier,
            call: Cow::Owned(hold.call_sheet()),
            before: None,
            created: hold.created,
            remind_at: hold.remind_at,
            expires_at: hold.expires_at,
            language: None,
            party: None,
            outcomes: hold.outcomes.len(),
            follow_up: None,
        }
    }
}

impl Letters {
    /// A writer of mails for this house.
    pub fn new(house: House) -> Letters {
        Letters { house: Arc::new(house) }
    }

    fn team<'a>(&'a self, hold: &Hold) -> &'a Team {
        self.house.teams.of(hold.envelope.reverse_path())
    }

    fn case<'a>(&'a self, hold: &'a Hold) -> Case<'a> {
        Case::of(hold, self.team(hold))
    }

    /// The page of a hold for whom this is written to.
    fn link(&self, case: &Case<'_>) -> String {
        let token = match case.party {
            Some(party) => self.house.keys.party_token(case.id, party),
            None => self.house.keys.link_token(case.id),
        };
        format!("{}/h/{token}", self.house.public_url)
    }

    fn compose_to(
        &self,
        to: &Mailbox,
        case: &Case<'_>,
        kind: Kind<'_>,
        name: &str,
        now: Timestamp,
    ) -> ComposedMail {
        let house = &self.house;
        let recipients: Vec<String> =
            case.envelope.recipients().iter().map(|r| r.path.as_str().to_owned()).collect();
        let domain = house.from.domain().unwrap_or("localhost");
        // The same notice for the same hold at the same time has the same id: copies collapse.
        let whose = case.party.map(|party| format!(".{party}")).unwrap_or_default();
        let message_id = format!("{name}.{}.{}{whose}@{domain}", now.as_microsecond(), case.id);
        let numbers = case.before.map(numbers).unwrap_or_default();
        let own = case.party.is_none() && addressee(case, &house.inside) == Some(to);
        // Only the sender and the parties decide: to nobody else goes a link that does so in their
        // name, and only the sender answers by mail.
        let link = (own || case.party.is_some()).then(|| self.link(case));
        let replies = house.replies.as_ref().filter(|_| own);
        let reply_to = replies.and_then(|r| r.address.of(case.id, &house.keys));
        let allowed = replies.map(|r| r.allowed.commands()).unwrap_or_default();
        let lines = house.own.load_full();
        let language = case.language.unwrap_or_else(|| {
            house.languages.choose(Some(to), case.team.language, case.dossier.decision.language)
        });
        let planned = planned(&kind, case, &house.public_url);
        notice::compose(&Occasion {
            kind,
            language,
            own: &lines,
            organisation: &house.organisation,
            from_name: &house.from_name,
            from: &house.from,
            hold: case.id,
            sender: to,
            sender_name: if own { &case.dossier.header_from_name } else { "" },
            subject: &case.dossier.subject,
            in_reply_to: case.dossier.message_id.as_deref(),
            references: &case.dossier.references,
            recipients: &recipients,
            decision: &case.dossier.decision,
            call: &case.call,
            before: case.before.map(|b| told(b, &numbers)),
            hours: &house.hours,
            link: link.as_deref(),
            by_mail: reply_to.as_ref().map(|address| ByMail { address, allowed }),
            created: case.created,
            remind_at: case.remind_at,
            expires_at: case.expires_at,
            time_zone: case.team.week.zone(),
            message_id: &message_id,
            date: now,
            mark: None,
            planned,
        })
    }

    fn item(
        &self,
        case: &Case<'_>,
        kind: Kind<'_>,
        name: LetterName,
        now: Timestamp,
    ) -> Option<NewItem> {
        let to = addressee(case, &self.house.inside)?;
        self.item_to(to, case, kind, name, now)
    }

    fn item_to(
        &self,
        to: &Mailbox,
        case: &Case<'_>,
        kind: Kind<'_>,
        name: LetterName,
        now: Timestamp,
    ) -> Option<NewItem> {
        let mail = self.compose_to(to, case, kind, name.as_str(), now);
        let sender = to.clone();
        Some(NewItem {
            kind: ItemKind::Notice { name: name.as_str().to_owned(), bytes: mail.bytes },
            recipients: vec![Recipient::plain(ForwardPath::from(sender))],
            due: now,
        })
    }
}

/// What a mail of this kind puts into a calendar, as the page does.
fn planned<'a>(kind: &Kind<'_>, case: &Case<'_>, public_url: &'a str) -> Option<Planned<'a>> {
    let call = |at, sequence| Planned { plan: Plan::Call, at, sequence, public_url };
    match kind {
        Kind::CallBack { at } => Some(call(*at, case.outcomes)),
        // It is composed before what it confirms is written.
        Kind::Answer(Answer::Waits { remind_at }) => Some(call(*remind_at, case.outcomes + 1)),
        Kind::Promise(_) => case.follow_up.map(|(sequence, at)| Planned {
            plan: Plan::FollowUp,
            at,
            sequence,
            public_url,
        }),
        _ => None,
    }
}

/// Whom a mail of ours goes to: the reverse-path, if it is one of us. A null or an outside one would
/// make it backscatter (RFC 3834 §2).
fn addressee<'a>(case: &Case<'a>, inside: &crate::decision::Organisation) -> Option<&'a Mailbox> {
    case.envelope.reverse_path().mailbox().filter(|sender| inside.is_inside(sender))
}

/// What is said of a customer's past: the open promise in words, the rest as two numbers.
#[derive(Default)]
struct Numbers {
    what: String,
    own: String,
    others: String,
}

fn numbers(before: &SameCustomer) -> Numbers {
    Numbers {
        what: before.promises.first().map(Promise::what).unwrap_or_default(),
        own: before.own_in_words(),
        others: before.others_in_words(),
    }
}

fn told<'a>(before: &SameCustomer, numbers: &'a Numbers) -> Before<'a> {
    let promise = before.promises.first();
    Before {
        promise: promise.map(|p| Promised { to: "", what: &numbers.what, date: p.date }),
        own: &numbers.own,
        others: &numbers.others,
    }
}

impl pipeline::Prompter for Letters {
    fn hold_notice(
        &self,
        new: &NewHold,
        before: &SameCustomer,
        waiting: Option<&Hold>,
    ) -> Vec<NewItem> {
        let case = Case::to_be(new, before, self.house.teams.of(new.envelope.reverse_path()));
        let kind = waiting
            .map_or(Kind::Hold, |first| Kind::HeldToo { first: self.link(&self.case(first)) });
        self.item(&case, kind, LetterName::Hold, new.created).into_iter().collect()
    }
}

impl traffic::Letters for Letters {
    fn went_out(
        &self,
        reference: &HoldId,
        envelope: &Envelope,
        dossier: &Dossier,
        at: Timestamp,
    ) -> Option<NewItem> {
        let case = Case {
            team: self.house.teams.of(envelope.reverse_path()),
            id: reference,
            envelope,
            dossier,
            call: Cow::Borrowed(&dossier.call),
            before: None,
            created: at,
            remind_at: None,
            expires_at: at,
            language: None,
            party: None,
            outcomes: 0,
            follow_up: None,
        };
        let to = addressee(&case, &self.house.inside)?;
        let mail = self.compose_to(to, &case, Kind::WentOut, WENT_OUT, at);
        Some(NewItem {
            kind: ItemKind::Notice { name: WENT_OUT.to_owned(), bytes: mail.bytes },
            recipients: vec![Recipient::plain(ForwardPath::from(to.clone()))],
            due: at,
        })
    }
}

impl replies::Letters for Letters {
    fn answer(
        &self,
        hold: &Hold,
        language: Option<Language>,
        answer: &Answer,
        now: Timestamp,
    ) -> Option<NewItem> {
        let mut case = self.case(hold);
        case.language = language;
        self.item(&case, Kind::Answer(answer.clone()), LetterName::Answer, now)
    }

    fn cover(&self, hold: &Hold, to: &Party, now: Timestamp) -> Option<NewItem> {
        let sender = hold.envelope.reverse_path().as_str();
        self.write_to((hold, to), Kind::Cover { sender }, LetterName::Cover, now)
    }
}

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

    fn promise(&self, hold: &Hold, promise: &Promise, now: Timestamp) -> Option<NewItem> {
        let what = promise.what();
        let promised = Promised {
            to: hold.spoken_with().unwrap_or_default(),
            what: &what,
            date: promise.date,
        };
        // It is written before the reminder is noted as a step.
        let follow_up = promise.remind_at.map(|at| (promise.steps.len() + 1, at));
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
        let lead = self.team(hold).lead.as_ref()?;
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
