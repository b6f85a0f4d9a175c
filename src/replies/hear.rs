//! The walk of one reply: believed, understood, done in one commit.
//!
//! What is not acted on is refused where its reverse-path is one of us, so that its writer hears of it from
//! his own mail server; from anywhere else it is taken and dropped, because a report would go to
//! whoever was named there (backscatter).

use std::sync::Arc;

use super::{
    Addressed, Allowed, Deputy, HearError, Heard, ReplyAddress, Taken, Trust,
    believe::{Believed, read},
    outcome::Why,
    wish::{Wish, wish},
};
use crate::{
    decision::Organisation,
    hold::{AuditEvent, Change, Hold, HoldError, HoldStore, NewItem, State},
    mail::{Content, ForwardPath, HoldId, Origin, Reply, ReversePath, Timestamp},
    message::Language,
    notice::{
        Answer,
        reply::{Machine, Understood, machine, understand},
    },
    release::{ActError, Acted, Along, Desk, Keys},
    telemetry::replies as telemetry,
};

/// A larger reply is not read: a few words need no more, signatures with pictures included.
const MAX_REPLY_OCTETS: u64 = 10 << 20;
/// Answers to what could not be done, for one hold within [`HOUR_SECS`]; a person needs fewer, and two
/// machines that talk to each other stop here.
const MAX_ANSWERS: u64 = 4;
const HOUR_SECS: i64 = 3600;
/// Somebody else may decide between our look and our commit; twice in a row is no coincidence.
const MAX_TRIES: usize = 3;
/// Names the one note of an absence; no Message-ID is written so.
const ABSENCE: &[u8] = b"<absence>";
/// The name of our answers in the outbox.
pub const ANSWER: &str = "answer";

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
}

/// What replies are heard with.
pub struct Parts {
    /// Where replies go.
    pub address: ReplyAddress,
    /// What they may ask for.
    pub allowed: Allowed,
    /// How they prove whose they are.
    pub trust: Trust,
    /// Who may answer for whom.
    pub deputies: Vec<Deputy>,
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
    parts: Parts,
    desk: Desk,
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
        Replies { desk: Desk::new(Arc::clone(&parts.store)), parts }
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
        match self.nothing(None, Why::BadToken, reverse_path) {
            Heard::Refused(reply) => Some(reply),
            Heard::Taken(_) => None,
        }
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
                self.note_absence(&hold, &believed, now).await?;
                no(Why::Machine)
            }
            (Some(_), _) => no(Why::Machine),
            (None, Err(why)) => no(why),
            (None, Ok(believed)) => {
                self.settle(hold, &believed, &understand(&read.reading), now).await?;
                Ok(Heard::Taken(Taken(())))
            }
        }
    }

    /// Nothing is done, and its writer hears of it if he is one of us. A null reverse-path is never
    /// told anything.
    fn nothing(&self, hold: Option<&HoldId>, why: Why, reverse_path: &ReversePath) -> Heard {
        telemetry::not_acted_on(hold, why.word());
        let inside = reverse_path.mailbox().is_some_and(|m| self.parts.inside.is_inside(m));
        match why.reply().filter(|_| inside) {
            Some(reply) => Heard::Refused(reply),
            None => Heard::Taken(Taken(())),
        }
    }

    /// Does what was asked for, or says why not. Whoever was faster changes the hold under us, so it is
    /// looked at anew.
    async fn settle(
        &self,
        mut hold: Hold,
        believed: &Believed,
        understood: &Understood,
        now: Timestamp,
    ) -> Result<(), HoldError> {
        for _ in 0..MAX_TRIES {
            let answer = match wish(understood, &self.parts.allowed, &hold, now) {
                Wish::Nothing => {
                    telemetry::not_acted_on(Some(&hold.id), "nothing_asked");
                    return Ok(());
                }
                Wish::Say(answer) => answer,
                Wish::Do(outcome, answer) => {
                    let along = self.along(&hold, believed, understood, &answer, now).await?;
                    let actor = believed.actor();
                    match self.desk.act_along(&hold.id, actor, outcome, along, now).await {
                        Ok(Acted::Done(_)) => {
                            let command = understood.command.as_str();
                            telemetry::acted(&hold.id, command, believed.proof.as_str());
                            return Ok(());
                        }
                        Ok(Acted::Already(other)) => {
                            hold = *other;
                            continue;
                        }
                        Err(ActError::NotAllowed) => Answer::CallFirst,
                        Err(ActError::Incomplete(_)) => Answer::ReasonMissing,
                        Err(ActError::Unknown) => return Err(HoldError::Unknown),
                        Err(ActError::Store(error)) => return self.repeated(&hold.id, Err(error)),
                    }
                }
            };
            let said = self.say(&hold, believed, understood, &answer, now).await;
            match said {
                Err(HoldError::Already(_)) => {
                    let found = self.parts.store.find(&hold.id).await?;
                    hold = found.ok_or(HoldError::Unknown)?;
                }
                said => return self.repeated(&hold.id, said),
            }
        }
        Err(HoldError::Already(hold.state))
    }

    /// What was heard before is done.
    fn repeated(&self, hold: &HoldId, done: Result<(), HoldError>) -> Result<(), HoldError> {
        match done {
            Err(HoldError::Repeated) => {
                telemetry::not_acted_on(Some(hold), "heard_before");
                Ok(())
            }
            done => done,
        }
    }

    /// What goes with a decision: the audit's facts, and the word that it was done.
    async fn along(
        &self,
        hold: &Hold,
        believed: &Believed,
        understood: &Understood,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<Along, HoldError> {
        // What ends a hold is said in any case: that happens once.
        let ends = !matches!(answer, Answer::Waits { .. });
        let owed = ends || self.may_answer(&hold.id, now).await?;
        let letter = || self.parts.letters.answer(hold, understood.language, answer, now);
        Ok(Along {
            outbox: owed.then(letter).flatten().into_iter().collect(),
            facts: believed.facts(),
            once: Some(believed.key.clone()),
        })
    }

    /// Changes nothing but the audit, and owes an answer.
    async fn say(
        &self,
        hold: &Hold,
        believed: &Believed,
        understood: &Understood,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<(), HoldError> {
        let owed = self.may_answer(&hold.id, now).await?;
        let letter = || self.parts.letters.answer(hold, understood.language, answer, now);
        let outbox: Vec<NewItem> = owed.then(letter).flatten().into_iter().collect();
        let (asked, answered) = (understood.command.as_str(), !outbox.is_empty());
        let mut facts = believed.facts();
        facts.push(("asked".to_owned(), asked.to_owned()));
        let key = believed.key.clone();
        let change = stays(hold, believed, ("reply_answered", facts), key, outbox, now);
        self.parts.store.change(&hold.id, change).await?;
        telemetry::answered(&hold.id, asked, answered);
        Ok(())
    }

    async fn may_answer(&self, hold: &HoldId, now: Timestamp) -> Result<bool, HoldError> {
        let since = now.as_second().saturating_sub(HOUR_SECS);
        let since = Timestamp::from_second(since).unwrap_or(Timestamp::MIN);
        Ok(self.parts.store.notices_since(hold, ANSWER, since).await? < MAX_ANSWERS)
    }

    /// "Not there": noted once a hold, for whoever wonders why nothing happens.
    async fn note_absence(
        &self,
        hold: &Hold,
        believed: &Believed,
        now: Timestamp,
    ) -> Result<(), HoldError> {
        let key = self.parts.keys.reply_key(&hold.id, ABSENCE);
        let change = stays(hold, believed, ("sender_absent", believed.facts()), key, vec![], now);
        match self.parts.store.change(&hold.id, change).await {
            Ok(_) | Err(HoldError::Repeated | HoldError::Already(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A change that leaves the hold where it is.
fn stays(
    hold: &Hold,
    believed: &Believed,
    (event, facts): (&str, Vec<(String, String)>),
    key: String,
    outbox: Vec<NewItem>,
    now: Timestamp,
) -> Change {
    Change {
        from: hold.state,
        to: hold.state,
        outcome: None,
        actor: believed.actor(),
        remind_at: None,
        reminded: false,
        outbox,
        event: AuditEvent { name: event.to_owned(), facts },
        once: Some(key),
        now,
    }
}
