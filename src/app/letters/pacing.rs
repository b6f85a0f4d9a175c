//! Several mails of ours to one address as one.

use super::{
    Letters,
    others::{decided, expired},
};
use crate::{
    hold::{AsksFor, Hold, ItemKind, LetterName, NewItem, Outcome, State, is_same_person},
    mail::{ForwardPath, HoldId, Mailbox, Recipient, ReversePath, Timestamp},
    message::Language,
    notice::{self, ComposedMail, Digest, Entry, Matter, Tidings, Told},
};

/// A call back is for now, so long.
const CALL_BACK_SECS: i64 = 15 * 60;

impl Letters {
    /// `None` for an address that is no longer inside, or is none.
    pub(super) fn to_one_as_one(
        &self,
        to: &str,
        told: &[(Hold, String)],
        now: Timestamp,
    ) -> Option<NewItem> {
        let (first, _) = told.first()?;
        let to = addressee(to, first)?;
        let house = &self.house;
        if !house.inside.is_inside(&to) {
            return None;
        }
        let calls: Vec<_> = told.iter().map(|(hold, _)| hold.call_sheet()).collect();
        let entries = told.iter().zip(&calls).map(|((hold, name), call)| Entry {
            matter: matter(hold, name),
            subject: &hold.dossier.subject,
            recipients: hold.envelope.recipients().iter().map(|r| r.path.as_str()).collect(),
            of: (!hold.is_sender(&to)).then(|| hold.envelope.reverse_path().as_str()),
            decision: &hold.dossier.decision,
            call,
            created: hold.created,
            ends_at: hold.ends_at(),
            link: self.page_of(hold, &to),
        });
        let mails = (&first.id, first.dossier.decision.language);
        let mail = self.as_one(&to, mails, entries.collect(), None, now);
        let name = LetterName::Digest.as_str().to_owned();
        Some(NewItem {
            kind: ItemKind::Notice { name, bytes: mail.bytes },
            recipients: vec![Recipient::plain(ForwardPath::from(to))],
            due: now,
        })
    }

    /// A digest for this reader, by his clock and in his language; `mails` are the hold that owes it and
    /// what its mail is written in.
    pub(super) fn as_one(
        &self,
        to: &Mailbox,
        (hold, mails): (&HoldId, Option<Language>),
        entries: Vec<Entry<'_>>,
        language: Option<Language>,
        now: Timestamp,
    ) -> ComposedMail {
        let house = &self.house;
        let team = house.teams.of(&ReversePath::Mailbox(to.clone()));
        let domain = house.from.domain().unwrap_or("localhost");
        let name = LetterName::Digest.as_str();
        let reads = || house.languages.choose(Some(to), team.language, mails);
        notice::compose_digest(Digest {
            language: language.unwrap_or_else(reads),
            own: &house.own.load_full(),
            organisation: &house.organisation,
            from_name: &house.from_name,
            from: &house.from,
            to,
            hold,
            entries,
            time_zone: team.week.zone(),
            message_id: &format!("{name}.{}.{hold}@{domain}", now.as_microsecond()),
            date: now,
        })
    }

    /// The page of a hold for one who may act on it; nobody else gets a link.
    fn page_of(&self, hold: &Hold, reader: &Mailbox) -> Option<String> {
        let keys = &self.house.keys;
        let token = match hold.party_at(reader) {
            Some(party) => keys.party_token(&hold.id, party.number),
            None if hold.is_sender(reader) => keys.link_token(&hold.id),
            None => return None,
        };
        Some(format!("{}/h/{token}", self.house.public_url))
    }
}

/// A reminder of a call back for this very moment waits for no turn; one that is asked for before does.
pub(super) fn name_of_reminder(hold: &Hold, now: Timestamp) -> LetterName {
    let is_now = |at: Timestamp| (0..CALL_BACK_SECS).contains(&(now.as_second() - at.as_second()));
    if hold.call_back_at().is_some_and(is_now) {
        LetterName::CallBack
    } else {
        LetterName::Reminder
    }
}

/// The address as the hold writes it, else as the store does.
fn addressee(to: &str, hold: &Hold) -> Option<Mailbox> {
    let sender = hold.envelope.reverse_path().mailbox().into_iter();
    let known = sender.chain(hold.parties.iter().map(|party| &party.address));
    let same = known.into_iter().find(|known| is_same_person(known.as_str(), to));
    same.cloned().or_else(|| Mailbox::parse(to).ok())
}

/// What a mail by this name is about.
fn matter<'a>(hold: &'a Hold, name: &str) -> Matter<'a> {
    let Some(name) = LetterName::from_text(name) else { return Matter::Other };
    match (name, name.asks_for()) {
        (LetterName::Overdue, _) => {
            Matter::Overdue { sender: hold.envelope.reverse_path().as_str() }
        }
        (LetterName::Decided | LetterName::DecidedWaits, _) => {
            how_decided(hold).map_or(Matter::Other, Matter::Told)
        }
        (LetterName::Declined, _) => how_declined(hold).map_or(Matter::Other, Matter::Told),
        (LetterName::Arrived, _) => Matter::Arrived,
        (_, AsksFor::Patience) => Matter::Delayed,
        (_, AsksFor::Word) => Matter::Promise,
        (_, AsksFor::Agreement) => Matter::Asked,
        (_, AsksFor::Decision) if hold.state == State::Held => Matter::Held,
        (_, AsksFor::Decision | AsksFor::Nothing) => Matter::Other,
    }
}

/// By whom it was decided and how, or that nobody did.
fn how_decided(hold: &Hold) -> Option<Told<'_>> {
    hold.outcomes.iter().rev().find_map(|(_, by, outcome)| match outcome {
        Outcome::Expired => expired(hold),
        outcome => {
            let (decided, words) = decided(outcome)?;
            Some(Told { by: &by.name, words, what: Tidings::Decided(decided) })
        }
    })
}

/// Who did not agree, and why.
fn how_declined(hold: &Hold) -> Option<Told<'_>> {
    hold.outcomes.iter().rev().find_map(|(_, by, outcome)| match outcome {
        Outcome::Declined { words } => Some(Told { by: &by.name, words, what: Tidings::Declined }),
        _ => None,
    })
}
