//! What people do with a hold.

use std::sync::Arc;

use super::{
    change::{change, without_wait},
    check::check,
    letters::Letters,
};
use crate::{
    hold::{Actor, Change, Hold, HoldError, HoldStore, Mood, NewItem, Outcome, State},
    mail::{HoldId, Mailbox, Timestamp},
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
    /// Nobody outside acts on held mail.
    #[error("the address is outside of the organisation")]
    Outside,
    /// It is that person's already.
    #[error("that person has it already")]
    SamePerson,
    /// It was handed over, proposed or taken back as often as may be.
    #[error("this was done often enough")]
    TooOften,
    /// It is proposed already, and a second person is asked.
    #[error("a second person is asked already")]
    Proposed,
    /// A second person is needed, and there is none but those who would send it.
    #[error("there is no second person to ask")]
    NobodyToAsk,
    /// What would be taken back is on its way.
    #[error("it is on its way already")]
    TooLate,
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
    /// Whether it goes out without the wait that its policy asks for.
    pub at_once: bool,
}

/// Where decisions about holds are made: page, mail and command line all come here.
#[derive(Clone)]
pub struct Desk {
    pub(super) store: Arc<dyn HoldStore>,
    pub(super) letters: Arc<dyn Letters>,
    pub(super) seconds: Vec<Mailbox>,
}

/// Others may become parties between our look and our commit; so often in a row is no coincidence.
const MAX_TRIES: usize = 3;

impl Desk {
    /// A desk over this store; the letters tell others what was decided.
    pub fn new(store: Arc<dyn HoldStore>, letters: Arc<dyn Letters>) -> Desk {
        Desk { store, letters, seconds: Vec::new() }
    }

    /// Who is asked where a policy wants a second person.
    pub fn with_seconds(self, seconds: Vec<Mailbox>) -> Desk {
        Desk { seconds, ..self }
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
        self.change(id, |hold| {
            if hold.state != State::Held {
                return Ok(without_wait(hold, &actor, &along, now));
            }
            check(hold, &actor, &outcome, now)?;
            if self.needs_second(hold, &actor, &outcome) {
                return self.propose(hold, &actor, &outcome, along.clone(), now).map(Some);
            }
            let change = change(hold, outcome.clone(), actor.clone(), along.clone(), now);
            Ok(Some(self.told(hold, change)))
        })
        .await
    }

    /// Makes a change of a hold as it stands; `make` gives none where somebody was first. Others may
    /// become parties meanwhile: then it is made anew.
    pub(super) async fn change(
        &self,
        id: &HoldId,
        make: impl Fn(&Hold) -> Result<Option<Change>, ActError>,
    ) -> Result<Acted, ActError> {
        for _ in 0..MAX_TRIES {
            let hold = self.look(id).await?;
            let Some(change) = make(&hold)? else {
                return Ok(Acted::Already(Box::new(hold)));
            };
            let is_news = change.outcome.is_some();
            match self.store.change(id, change).await {
                Ok(hold) => {
                    if is_news {
                        report(&hold);
                    }
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
    pub(super) fn told(&self, hold: &Hold, mut change: Change) -> Change {
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

/// Counts what came of a call: once, though it be proposed or told again.
fn report(hold: &Hold) {
    let Some(((_, _, last), before)) = hold.outcomes.split_last() else { return };
    let was_called =
        |o: &(Timestamp, Actor, Outcome)| matches!(o.2.meant(), Outcome::Called { .. });
    if before.iter().any(was_called) {
        return;
    }
    if let Outcome::Called { report, .. } = last.meant() {
        let mood = report.mood.map_or("not_said", Mood::as_str);
        telemetry::hold::call_ended(mood, report.follow_up.is_some());
    }
}
