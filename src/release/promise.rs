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
        let promise = self.promise(hold).await?.ok_or(ActError::Unknown)?;
        if promise.state != PromiseState::Open {
            return Ok(Promised::Already(promise));
        }
        let step = match word {
            Word::Kept => PromiseStep::Kept { note },
            Word::Dropped => PromiseStep::Dropped { note },
            Word::Moved(follow_up) => {
                if moves(&promise) >= MAX_MOVES || !is_day_ahead(follow_up, now) {
                    return Err(ActError::Incomplete("please give a day within the next year"));
                }
                PromiseStep::Moved { follow_up, note }
            }
        };
        let seen = promise.steps.len();
        let change = PromiseChange { seen, step, actor, remind_at: None, outbox: Vec::new(), now };
        match self.store.change_promise(hold, change).await {
            Ok(Some(promise)) => Ok(Promised::Done(promise)),
            Ok(None) => {
                let promise = self.promise(hold).await?.ok_or(ActError::Unknown)?;
                Ok(Promised::Already(promise))
            }
            Err(HoldError::Unknown) => Err(ActError::Unknown),
            Err(error) => Err(ActError::Store(error)),
        }
    }
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
