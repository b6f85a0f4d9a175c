//! What people do with a hold.

use std::sync::Arc;

use super::{letters::Letters, promise::is_day_ahead};
use crate::{
    hold::{
        Actor, AuditEvent, Change, Hold, HoldError, HoldStore, ItemKind, Mood, NewItem, Outcome,
        State,
    },
    mail::{HoldId, Timestamp},
    telemetry::{self, letters::guarded},
};

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// No such hold.
    #[error("there is no such held message")]
    Unknown,
    /// The policy does not allow sending without a call.
    #[error("the policy asks for a call first")]
    NotAllowed,
    /// A reason, a number or a time is missing or will not do.
    #[error("{0}")]
    Incomplete(&'static str),
    /// The store failed; nothing was changed.
    #[error(transparent)]
    Store(HoldError),
}

/// What came of it.
#[derive(Debug)]
pub enum Acted {
    /// It was done now.
    Done(Box<Hold>),
    /// Somebody had decided before: this is how it stands.
    Already(Box<Hold>),
}

/// What goes into the same commit as a decision.
#[derive(Debug, Clone, Default)]
pub struct Along {
    /// Mail that is owed by it.
    pub outbox: Vec<NewItem>,
    /// Facts for the audit: which checks it passed.
    pub facts: Vec<(String, String)>,
    /// Names what asked for it, where the same may be asked twice: see [`Change::once`].
    pub once: Option<String>,
}

/// Where decisions about holds are made: page, mail and command line all come here.
#[derive(Clone)]
pub struct Desk {
    pub(super) store: Arc<dyn HoldStore>,
    pub(super) letters: Arc<dyn Letters>,
}

/// No reminder is put off for longer, and no expiry by a call back.
pub const MAX_REMIND_SECS: u32 = 14 * 24 * 3600;
/// No new text is waited for longer.
const MAX_REWRITE_SECS: i64 = 31 * 24 * 3600;
/// Others may become parties between our look and our commit; so often in a row is no coincidence.
const MAX_TRIES: usize = 3;
/// A reason needs a word or two.
const MIN_REASON_CHARS: usize = 5;

impl Desk {
    /// A desk over this store; the letters tell others what was decided.
    pub fn new(store: Arc<dyn HoldStore>, letters: Arc<dyn Letters>) -> Desk {
        Desk { store, letters }
    }

    /// The store it stands on.
    pub fn store(&self) -> Arc<dyn HoldStore> {
        Arc::clone(&self.store)
    }

    /// The hold as it stands.
    pub async fn look(&self, id: &HoldId) -> Result<Hold, ActError> {
        self.store.find(id).await.map_err(ActError::Store)?.ok_or(ActError::Unknown)
    }

    /// Does what a person chose, if nobody decided before. Doing it twice does it once.
    pub async fn act(
        &self,
        id: &HoldId,
        actor: Actor,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<Acted, ActError> {
        self.act_along(id, actor, outcome, Along::default(), now).await
    }

    /// The same, with what must not come without it. What was asked for before under this name is
    /// [`HoldError::Repeated`].
    pub async fn act_along(
        &self,
        id: &HoldId,
        actor: Actor,
        outcome: Outcome,
        along: Along,
        now: Timestamp,
    ) -> Result<Acted, ActError> {
        for _ in 0..MAX_TRIES {
            let hold = self.look(id).await?;
            if hold.state != State::Held {
                return Ok(Acted::Already(Box::new(hold)));
            }
            check(&hold, &actor, &outcome, now)?;
            let change = change(&outcome, actor.clone(), along.clone(), now);
            match self.store.change(id, self.told(&hold, change)).await {
                Ok(hold) => {
                    report(&hold);
                    return Ok(Acted::Done(Box::new(hold)));
                }
                Err(HoldError::Overtaken) => {}
                Err(HoldError::Already(_)) => {
                    return Ok(Acted::Already(Box::new(self.look(id).await?)));
                }
                Err(HoldError::Unknown) => return Err(ActError::Unknown),
                Err(error) => return Err(ActError::Store(error)),
            }
        }
        Err(ActError::Store(HoldError::Overtaken))
    }

    /// First decision wins; everybody else who was written to hears of it in the same commit.
    fn told(&self, hold: &Hold, mut change: Change) -> Change {
        let Some(outcome) = change.outcome.as_ref().filter(|_| change.to != change.from) else {
            return change;
        };
        let compose = || self.letters.decided(hold, &change.actor, outcome, change.now);
        let letters = guarded(compose).unwrap_or_default();
        change.outbox.extend(letters);
        change.told = Some(hold.parties.len());
        change
    }
}

fn check(hold: &Hold, actor: &Actor, outcome: &Outcome, now: Timestamp) -> Result<(), ActError> {
    match outcome {
        Outcome::SendAnyway { reason } => {
            if !hold.dossier.decision.terms.send_anyway && actor.role == "sender" {
                return Err(ActError::NotAllowed);
            }
            if reason.trim().chars().count() < MIN_REASON_CHARS {
                return Err(ActError::Incomplete("please say in a few words why it must go now"));
            }
        }
        Outcome::Called { number, person, report, .. } => {
            if number.trim().is_empty() && person.trim().is_empty() {
                return Err(ActError::Incomplete(
                    "please say whom you spoke to, or which number you called",
                ));
            }
            if report.follow_up.is_some_and(|day| !is_day_ahead(day, now)) {
                return Err(ActError::Incomplete("please promise a day within the next year"));
            }
        }
        Outcome::WrongNumber { number } => {
            if number.trim().is_empty() {
                return Err(ActError::Incomplete("please say which number was wrong"));
            }
        }
        Outcome::NoAnswer { remind_at, .. } => {
            if hold.ends_at().is_some_and(|end| *remind_at >= end) {
                return Err(ActError::Incomplete(
                    "please choose an earlier time: the message's own time runs out before it",
                ));
            }
            return check_wait(*remind_at, now);
        }
        // It puts the expiry off, so that it is not void.
        Outcome::CallBack { at, .. } => return check_wait(*at, now),
        Outcome::Rewritten { until, .. } => {
            let wait_secs = until.as_second() - now.as_second();
            if !(1..=MAX_REWRITE_SECS).contains(&wait_secs) {
                return Err(ActError::Incomplete("a new text is waited for a month at most"));
            }
        }
        // Nobody says so but the worker, who also writes the letter that goes with it.
        Outcome::Expired => return Err(ActError::NotAllowed),
        // Where nothing ends it, reminders are all that keeps it from being forgotten.
        Outcome::Muted if hold.ends_at().is_none() => return Err(ActError::NotAllowed),
        Outcome::Withdrawn { .. } | Outcome::FalseAlarm { .. } | Outcome::Muted => {}
    }
    Ok(())
}

fn check_wait(at: Timestamp, now: Timestamp) -> Result<(), ActError> {
    let wait_secs = at.as_second() - now.as_second();
    if (1..=i64::from(MAX_REMIND_SECS)).contains(&wait_secs) {
        return Ok(());
    }
    Err(ActError::Incomplete("please choose when to be reminded, within the next two weeks"))
}

fn change(outcome: &Outcome, actor: Actor, along: Along, now: Timestamp) -> Change {
    let (to, event) = match outcome {
        Outcome::Called { send: true, .. } => (State::Approved, "called_send"),
        Outcome::Called { send: false, .. } => (State::Withdrawn, "called_dont_send"),
        Outcome::NoAnswer { .. } => (State::Held, "no_answer"),
        Outcome::WrongNumber { .. } => (State::Held, "wrong_number"),
        Outcome::CallBack { .. } => (State::Held, "call_back"),
        Outcome::Rewritten { .. } => (State::Withdrawn, "rewritten"),
        Outcome::Withdrawn { .. } => (State::Withdrawn, "withdrawn"),
        Outcome::FalseAlarm { .. } => (State::Approved, "false_alarm"),
        Outcome::SendAnyway { .. } => (State::Approved, "send_anyway"),
        Outcome::Muted => (State::Held, "muted"),
        Outcome::Expired => (State::Returned, "expired"),
    };
    let (mut outbox, mut told) = (along.outbox, along.facts);
    told.extend(facts(outcome));
    if to == State::Approved {
        outbox.push(NewItem { kind: ItemKind::Release, recipients: Vec::new(), due: now });
    }
    Change {
        from: State::Held,
        to,
        remind_at: match outcome {
            Outcome::NoAnswer { remind_at: at, .. } | Outcome::CallBack { at, .. } => Some(*at),
            _ => None,
        },
        reminded: false,
        expires_at: None,
        watch: None,
        outbox,
        parties: Vec::new(),
        told: None,
        event: AuditEvent { name: event.to_owned(), facts: told },
        once: along.once,
        outcome: Some(outcome.clone()),
        actor,
        now,
    }
}

/// What the audit tells of an outcome: never a word that was typed.
fn facts(outcome: &Outcome) -> Vec<(String, String)> {
    let Outcome::Called { report, .. } = outcome else { return Vec::new() };
    let yes_no = |yes: bool| (if yes { "yes" } else { "no" }).to_owned();
    [
        report.mood.map(|mood| ("mood", mood.as_str().to_owned())),
        report.justified.map(|justified| ("justified", yes_no(justified))),
        report.follow_up.map(|day| ("promised_for", day.date.to_string())),
    ]
    .into_iter()
    .flatten()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// Counts what came of a call.
fn report(hold: &Hold) {
    if let Some((_, _, Outcome::Called { report, .. })) = hold.outcomes.last() {
        let mood = report.mood.map_or("not_said", Mood::as_str);
        telemetry::hold::call_ended(mood, report.follow_up.is_some());
    }
}
