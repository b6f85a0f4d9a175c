//! What people do with a promise: "I did it", another day, no longer needed.

use super::{ActError, Desk};
use crate::{
    hold::{Actor, FollowUp, HoldError, Promise, PromiseChange, PromiseState, PromiseStep},
    mail::{HoldId, Timestamp},
};

/// No day further away is promised: nobody would remember what it was about.
pub const MAX_FOLLOW_UP_DAYS: i32 = 366;
/// A promise may be put off so often; after that it is kept or dropped.
const MAX_MOVES: usize = 50;
/// So often is a step tried again that somebody else was quicker than: a reminder falls due once a
/// day, a person clicks once or twice.
const TRIES: usize = 4;

/// What a person says of a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Done.
    Kept,
    /// It needs another day.
    Moved(FollowUp),
    /// No longer needed.
    Dropped,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promised {
    /// It was done now.
    Done(Promise),
    /// It was done with before, or somebody was quicker: this is how it stands.
    Already(Promise),
}

impl Desk {
    /// The promise made in a hold's call, if one was.
    pub async fn promise(&self, hold: &HoldId) -> Result<Option<Promise>, ActError> {
        self.store.promise(hold).await.map_err(ActError::Store)
    }

    /// Does what a person says of a promise. Saying it twice does it once.
    pub async fn say_of_promise(
        &self,
        hold: &HoldId,
        actor: Actor,
        (word, note): (Word, String),
        now: Timestamp,
    ) -> Result<Promised, ActError> {
        let step = match word {
            Word::Kept => PromiseStep::Kept { note },
            Word::Dropped => PromiseStep::Dropped { note },
            Word::Moved(follow_up) => PromiseStep::Moved { follow_up, note },
        };
        let promise = self.promise(hold).await?.ok_or(ActError::Unknown)?;
        self.step(promise, actor, step, now).await
    }

    /// Takes a step of a promise, as it was read last. Where it changed since, it may only have been
    /// reminded of, and that must not swallow what was said.
    pub(super) async fn step(
        &self,
        mut promise: Promise,
        actor: Actor,
        step: PromiseStep,
        now: Timestamp,
    ) -> Result<Promised, ActError> {
        for _ in 0..TRIES {
            if promise.state != PromiseState::Open {
                return Ok(Promised::Already(promise));
            }
            check(&promise, &step, now)?;
            let change = PromiseChange {
                seen: promise.steps.len(),
                step: step.clone(),
                actor: actor.clone(),
                remind_at: None,
                outbox: Vec::new(),
                now,
            };
            match self.store.change_promise(&promise.hold, change).await {
                Ok(Some(promise)) => return Ok(Promised::Done(promise)),
                Ok(None) => {
                    promise = self.promise(&promise.hold).await?.ok_or(ActError::Unknown)?
                }
                Err(HoldError::Unknown) => return Err(ActError::Unknown),
                Err(error) => return Err(ActError::Store(error)),
            }
        }
        let source = "somebody was quicker each time".into();
        Err(ActError::Store(HoldError::Failed { doing: "changing a promise", source }))
    }
}

fn check(promise: &Promise, step: &PromiseStep, now: Timestamp) -> Result<(), ActError> {
    let PromiseStep::Moved { follow_up, .. } = step else { return Ok(()) };
    if moves(promise) >= MAX_MOVES {
        return Err(ActError::Incomplete(
            "it has been put off too often: please say that it is done, or no longer needed",
        ));
    }
    if !is_day_ahead(*follow_up, now) {
        return Err(ActError::Incomplete("please give a day within the next year"));
    }
    Ok(())
}

fn moves(promise: &Promise) -> usize {
    promise.steps.iter().filter(|(_, _, s)| matches!(s, PromiseStep::Moved { .. })).count()
}

/// A reminder in the future and within the longest time; the day itself the page has checked in
/// the house's zone.
pub(super) fn is_day_ahead(follow_up: FollowUp, now: Timestamp) -> bool {
    let wait_days = (follow_up.remind_at.as_second() - now.as_second()) / (24 * 3600);
    follow_up.remind_at > now && wait_days <= i64::from(MAX_FOLLOW_UP_DAYS)
}
