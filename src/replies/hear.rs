//! The walk of one reply: read, believed, understood, and settled.
//!
//! What is not acted on is refused where its reverse-path is one of us, so that its writer hears of it from
//! his own mail server; from anywhere else it is taken and dropped, because a report would go to
//! whoever was named there (backscatter).

use std::sync::Arc;

use super::{
    Addressed, Allowed, Deputy, HearError, Heard, ReplyAddress, Taken, Trust,
    believe::{Believed, read},
    outcome::Why,
    settle::Asked,
};
use crate::{
    decision::Organisation,
    hold::{Hold, HoldStore, NewItem, Party, State},
    mail::{Content, ForwardPath, HoldId, Origin, Reply, ReversePath, Timestamp},
    message::Language,
    notice::{
        Answer,
        reply::{Machine, machine, understand},
    },
    release::{Desk, Keys},
    team::Teams,
    telemetry::replies as telemetry,
};

/// A larger reply is not read: a few words need no more, signatures with pictures included.
const MAX_REPLY_OCTETS: u64 = 10 << 20;

/// Writes the answers; composed elsewhere, so that this room knows no wording.
pub trait Letters: Send + Sync {
    /// The answer for the hold's sender; `None` where he may not be written to.
    fn answer(
        &self,
        hold: &Hold,
        language: Option<Language>,
        answer: &Answer,
        now: Timestamp,
    ) -> Option<NewItem>;
    /// "The sender is away": for who stands in for him and becomes a party by it.
    fn cover(&self, hold: &Hold, to: &Party, now: Timestamp) -> Option<NewItem>;
}

/// What replies are heard with.
pub struct Parts {
    /// Where decisions are made.
    pub desk: Desk,
    /// Where replies go.
    pub address: ReplyAddress,
    /// What they may ask for.
    pub allowed: Allowed,
    /// How they prove whose they are.
    pub trust: Trust,
    /// Who may answer for whom.
    pub deputies: Vec<Deputy>,
    /// Who leads whom, and when they are at work.
    pub teams: Arc<Teams>,
    /// Who is one of us.
    pub inside: Organisation,
    /// Reads tokens and names replies.
    pub keys: Keys,
    /// Where the holds are.
    pub store: Arc<dyn HoldStore>,
    /// Writes the answers.
    pub letters: Arc<dyn Letters>,
}

/// Hears replies; shared by all doors.
pub struct Replies {
    pub(super) parts: Parts,
}

/// A reply as it came in.
#[derive(Debug, Clone)]
pub struct ReplyMail {
    /// The address of ours that it was for.
    pub addressed: Addressed,
    /// Who handed it to us.
    pub origin: Origin,
    /// MAIL FROM.
    pub reverse_path: ReversePath,
    /// The mail.
    pub content: Content,
}

impl Replies {
    /// Built once.
    pub fn new(parts: Parts) -> Replies {
        Replies { parts }
    }

    /// Whether a forward-path is for us to hear.
    pub fn addressed(&self, path: &ForwardPath) -> Option<Addressed> {
        self.parts.address.read(path, &self.parts.keys)
    }

    /// Why RCPT is refused at once: a token that is none of ours, and one of us to hear it.
    pub fn refusal(&self, addressed: &Addressed, reverse_path: &ReversePath) -> Option<Reply> {
        if addressed.is_genuine() {
            return None;
        }
        let reply = self.told(Why::BadToken, reverse_path)?;
        telemetry::not_acted_on(None, Why::BadToken.word());
        Some(reply)
    }

    /// Hears a reply to its end. The caller keeps a time limit.
    pub async fn hear(&self, reply: ReplyMail, now: Timestamp) -> Result<Heard, HearError> {
        let Some(id) = reply.addressed.hold.clone() else {
            return Ok(self.nothing(None, Why::BadToken, &reply.reverse_path));
        };
        let no = |why| Ok(self.nothing(Some(&id), why, &reply.reverse_path));
        if reply.content.len() > MAX_REPLY_OCTETS {
            return no(Why::TooLarge);
        }
        let read = read(reply.content.clone()).await?;
        let Some(hold) = self.parts.store.find(&id).await? else { return no(Why::NoHold) };
        let believed = Believed::of(&self.parts, &reply, &read, &hold);
        let null = reply.reverse_path == ReversePath::Null;
        let machine = machine(&read.reading).or(null.then_some(Machine::Other));
        match (machine, believed) {
            (Some(Machine::Absence), Ok(believed)) if hold.state == State::Held => {
                self.note_absence(hold, &believed, now).await?;
                no(Why::Machine)
            }
            (Some(_), _) => no(Why::Machine),
            (None, Err(why)) => no(why),
            (None, Ok(believed)) => {
                let understood = understand(&read.reading);
                let asked = Asked { believed: &believed, understood: &understood, now };
                self.settle(hold, &asked).await?;
                Ok(Heard::Taken(Taken(())))
            }
        }
    }

    /// Nothing is done.
    fn nothing(&self, hold: Option<&HoldId>, why: Why, reverse_path: &ReversePath) -> Heard {
        telemetry::not_acted_on(hold, why.word());
        self.told(why, reverse_path).map_or(Heard::Taken(Taken(())), Heard::Refused)
    }

    /// What its writer hears of it if he is one of us. A null reverse-path is never told anything.
    fn told(&self, why: Why, reverse_path: &ReversePath) -> Option<Reply> {
        let inside = reverse_path.mailbox().is_some_and(|m| self.parts.inside.is_inside(m));
        why.reply().filter(|_| inside)
    }
}
