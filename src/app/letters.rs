//! Turns a hold into the mails it causes: gathers what a notice says and hands it to `notice`.

mod before;
mod case;
mod others;
mod pacing;
mod preview;
#[cfg(test)]
mod tests;
mod working;

use std::{borrow::Cow, sync::Arc};

use crate::{
    config::ReplySettings,
    hold::{Dossier, Hold, ItemKind, LetterName, NewHold, NewItem, Party, SameCustomer},
    mail::{Envelope, ForwardPath, HoldId, Mailbox, Recipient, Timestamp},
    message::Language,
    notice::{self, Answer, ByMail, ComposedMail, Kind, Occasion},
    pipeline, release, replies,
    team::Teams,
    traffic,
    wording::Languages,
};

use self::case::{Case, addressee, planned};
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

impl Letters {
    /// A writer of mails for this house.
    pub fn new(house: House) -> Letters {
        Letters { house: Arc::new(house) }
    }

    fn case<'a>(&self, hold: &'a Hold) -> Case<'a> {
        Case::of(hold)
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
        let numbers = case.before.map(before::numbers).unwrap_or_default();
        let own = case.party.is_none() && addressee(case, &house.inside) == Some(to);
        // Only the sender and the parties decide: to nobody else goes a link that does so in their
        // name, and only the sender answers by mail.
        let link = (own || case.party.is_some()).then(|| self.link(case));
        let replies = house.replies.as_ref().filter(|_| own);
        let reply_to = replies.and_then(|r| r.address.of(case.id, &house.keys));
        let allowed = replies.map(|r| r.allowed.commands()).unwrap_or_default();
        let lines = house.own.load_full();
        let team = house.teams.of_reader(to, case.envelope.reverse_path());
        let language = case.language.unwrap_or_else(|| {
            house.languages.choose(Some(to), team.language, case.dossier.decision.language)
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
            before: case.before.map(|b| before::told(b, &numbers)),
            hours: &house.hours,
            link: link.as_deref(),
            by_mail: reply_to.as_ref().map(|address| ByMail { address, allowed }),
            created: case.created,
            remind_at: case.remind_at,
            expires_at: case.expires_at,
            time_zone: team.week.zone(),
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

impl pipeline::Prompter for Letters {
    fn hold_notice(
        &self,
        new: &NewHold,
        before: &SameCustomer,
        waiting: Option<&Hold>,
    ) -> Vec<NewItem> {
        let case = Case::to_be(new, before);
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
