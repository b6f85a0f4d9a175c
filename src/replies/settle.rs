//! Does what a reply asks for, once, with the answer that it owes; or says why not.

use super::{
    Replies,
    believe::Believed,
    wish::{Wish, wish},
};
use crate::{
    calendar::Week,
    hold::{Actor, AuditEvent, Change, Hold, HoldError, NewItem, Outcome},
    mail::{HoldId, Timestamp},
    notice::{Answer, reply::Understood},
    release::{ActError, Acted, Along},
    telemetry::{self, letters::guarded},
};

/// Answers to what could not be done, for one hold within [`HOUR_SECS`]; a person needs fewer, and two
/// machines that talk to each other stop here.
const MAX_ANSWERS: u64 = 4;
const HOUR_SECS: i64 = 3600;
/// Somebody else may decide between our look and our commit; twice in a row is no coincidence.
const MAX_TRIES: usize = 3;
/// The name of our answers in the outbox.
pub const ANSWER: &str = "answer";

/// A reply that is believed, and what was understood of it.
pub(super) struct Asked<'a> {
    pub(super) believed: &'a Believed,
    pub(super) understood: &'a Understood,
    pub(super) now: Timestamp,
}

/// How far one try came.
enum Step {
    /// It is done, or was done before.
    Settled,
    /// It cannot be done; this is to be said.
    Say(Answer),
    /// Somebody else changed the hold meanwhile.
    Anew(Box<Hold>),
}

impl Replies {
    /// Whoever was faster changes the hold under us, so it is looked at anew.
    pub(super) async fn settle(&self, mut hold: Hold, asked: &Asked<'_>) -> Result<(), HoldError> {
        for _ in 0..MAX_TRIES {
            let step = match wish(
                asked.understood,
                &self.parts.allowed,
                (&hold, self.week_of(&hold)),
                asked.now,
            ) {
                Wish::Nothing => {
                    telemetry::replies::nothing_new(&hold.id, "nothing_asked");
                    return Ok(());
                }
                Wish::Say(answer) => Step::Say(answer),
                Wish::TakeBack(otherwise) => self.take_back(&hold, asked, otherwise).await?,
                Wish::Do(outcome, answer) => self.decide(&hold, asked, outcome, &answer).await?,
            };
            let step = match step {
                Step::Say(answer) => self.say(&hold, asked, &answer).await?,
                step => step,
            };
            match step {
                Step::Anew(other) => hold = *other,
                Step::Settled | Step::Say(_) => return Ok(()),
            }
        }
        Err(HoldError::Already(hold.state))
    }

    /// Has the desk decide, with the confirmation in the same commit.
    async fn decide(
        &self,
        hold: &Hold,
        asked: &Asked<'_>,
        outcome: Outcome,
        answer: &Answer,
    ) -> Result<Step, HoldError> {
        let Asked { believed, understood, now } = asked;
        let answer = &self.answer(hold, believed, &outcome, answer, *now);
        // What ends a hold is confirmed in any case: that happens once.
        let ends = !matches!(answer, Answer::Waits { .. } | Answer::SecondAsked);
        let owed = ends || self.may_write(&hold.id, *now).await?;
        let along = Along {
            outbox: self.letter(owed, hold, asked, answer),
            facts: believed.facts(),
            once: Some(believed.key.clone()),
            at_once: false,
        };
        match self.parts.desk.act_along(&hold.id, believed.actor(), outcome, along, *now).await {
            Ok(Acted::Done(_)) => {
                let (command, proof) = (understood.command.as_str(), believed.proof.as_str());
                telemetry::replies::acted(&hold.id, command, proof);
                Ok(Step::Settled)
            }
            Ok(Acted::Already(other)) => Ok(Step::Anew(other)),
            // A reply sends nothing that needs another; an operator does.
            Err(ActError::NotAllowed) => Ok(Step::Say(Answer::CallFirst)),
            Err(ActError::Proposed) => Ok(Step::Say(Answer::SecondAsked)),
            // The page says why.
            Err(ActError::NobodyToAsk | ActError::TooOften) => {
                Ok(Step::Say(Answer::OnThePage { asked: understood.command }))
            }
            Err(
                ActError::Incomplete(_)
                | ActError::Outside
                | ActError::SamePerson
                | ActError::TooLate,
            ) => Ok(Step::Say(Answer::ReasonMissing)),
            Err(ActError::Unknown) => Err(HoldError::Unknown),
            Err(ActError::Store(error)) => unless_repeated(&hold.id, error),
        }
    }

    /// Takes back the decision to send a mail that waits; what was asked for is done with it then.
    async fn take_back(
        &self,
        hold: &Hold,
        asked: &Asked<'_>,
        otherwise: Answer,
    ) -> Result<Step, HoldError> {
        let desk = &self.parts.desk;
        match desk.take_back(&hold.id, asked.believed.actor(), asked.now).await {
            Ok(Acted::Done(other) | Acted::Already(other)) => Ok(Step::Anew(other)),
            Err(ActError::TooLate) => {
                let found = self.parts.store.find(&hold.id).await?;
                Ok(Step::Anew(Box::new(found.ok_or(HoldError::Unknown)?)))
            }
            Err(ActError::Unknown) => Err(HoldError::Unknown),
            Err(ActError::Store(error)) => Err(error),
            Err(_) => Ok(Step::Say(otherwise)),
        }
    }

    /// What is said once it is done: it may go out later, or a second person is asked.
    fn answer(
        &self,
        hold: &Hold,
        believed: &Believed,
        outcome: &Outcome,
        answer: &Answer,
        now: Timestamp,
    ) -> Answer {
        let sends = matches!(answer, Answer::Called | Answer::NoBadNews | Answer::Anyway);
        let at = hold.not_before();
        match answer {
            _ if self.parts.desk.needs_second(hold, &believed.actor(), outcome) => {
                Answer::SecondAsked
            }
            _ if sends && at > now => Answer::Later { at },
            answer => answer.clone(),
        }
    }

    /// Changes nothing but the audit, and owes an answer.
    async fn say(
        &self,
        hold: &Hold,
        asked: &Asked<'_>,
        answer: &Answer,
    ) -> Result<Step, HoldError> {
        let Asked { believed, understood, now } = asked;
        let owed = self.may_write(&hold.id, *now).await?;
        let outbox = self.letter(owed, hold, asked, answer);
        let (command, written) = (understood.command.as_str(), !outbox.is_empty());
        let mut facts = believed.facts();
        facts.push(("asked".to_owned(), command.to_owned()));
        let change = Change {
            outbox,
            event: AuditEvent { name: "reply_answered".to_owned(), facts },
            once: Some(believed.key.clone()),
            ..stays(hold, believed.actor(), *now)
        };
        match self.parts.store.change(&hold.id, change).await {
            Ok(_) => {
                telemetry::replies::answered(&hold.id, command, written);
                Ok(Step::Settled)
            }
            Err(HoldError::Already(_)) => {
                let found = self.parts.store.find(&hold.id).await?;
                Ok(Step::Anew(Box::new(found.ok_or(HoldError::Unknown)?)))
            }
            Err(error) => unless_repeated(&hold.id, error),
        }
    }

    /// The letter, where one is owed.
    fn letter(&self, owed: bool, hold: &Hold, asked: &Asked<'_>, answer: &Answer) -> Vec<NewItem> {
        let language = asked.understood.language;
        let compose = || self.parts.letters.answer(hold, language, answer, asked.now);
        owed.then(|| guarded(compose)).flatten().flatten().into_iter().collect()
    }

    /// When the hold's sender is at work.
    fn week_of(&self, hold: &Hold) -> &Week {
        &self.parts.teams.of(hold.envelope.reverse_path()).week
    }

    async fn may_write(&self, hold: &HoldId, now: Timestamp) -> Result<bool, HoldError> {
        let since = now.as_second().saturating_sub(HOUR_SECS);
        let since = Timestamp::from_second(since).unwrap_or(Timestamp::MIN);
        Ok(self.parts.store.notices_since(hold, ANSWER, since).await? < MAX_ANSWERS)
    }
}

/// What was heard before is done.
fn unless_repeated(hold: &HoldId, error: HoldError) -> Result<Step, HoldError> {
    match error {
        HoldError::Repeated => {
            telemetry::replies::nothing_new(hold, "heard_before");
            Ok(Step::Settled)
        }
        error => Err(error),
    }
}

/// A change that leaves the hold where it is.
pub(super) fn stays(hold: &Hold, actor: Actor, now: Timestamp) -> Change {
    Change {
        from: hold.state,
        to: hold.state,
        outcome: None,
        actor,
        remind_at: None,
        reminded: false,
        expires_at: None,
        watch: None,
        outbox: Vec::new(),
        parties: Vec::new(),
        told: None,
        seen: None,
        event: AuditEvent { name: String::new(), facts: Vec::new() },
        once: None,
        now,
    }
}
