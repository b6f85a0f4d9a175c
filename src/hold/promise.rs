//! A promise made to a customer on the telephone, until somebody says that it is kept.
//!
//! It is made by the same commit as the outcome that names a day. Each thing that happens to it is
//! one step; a change says how many steps it has seen, so of two that come at once one counts.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Actor, Amount, AuditEvent, Change, FollowUp, Hold, NewItem, Outcome, outcome::in_short,
    steps::whole_micros,
};
use crate::mail::{HoldId, Timestamp};

/// Whether there is still something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseState {
    /// To be done.
    Open,
    /// Done.
    Kept,
    /// No longer needed.
    Dropped,
}

impl PromiseState {
    /// As stored and as shown by `holds show --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            PromiseState::Open => "open",
            PromiseState::Kept => "kept",
            PromiseState::Dropped => "dropped",
        }
    }
}

/// What happened to a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PromiseStep {
    /// The sender was reminded.
    Reminded,
    /// The reminder waits until its sender is at work.
    PutOff,
    /// The reminders are used up: the lead was told, if there is one.
    Overdue,
    /// Done.
    Kept {
        /// A word about it.
        note: String,
    },
    /// It needs another day.
    Moved {
        /// Which, and when to remind.
        follow_up: FollowUp,
        /// A word about it.
        note: String,
    },
    /// No longer needed.
    Dropped {
        /// A word about it.
        note: String,
    },
}

/// A promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The hold whose call it was made in; a hold has one call that counts, so one promise.
    pub hold: HoldId,
    /// Whether there is still something to do.
    pub state: PromiseState,
    /// When it was made.
    pub made: Timestamp,
    /// What was promised; may be empty.
    pub remedy: String,
    /// What it is worth.
    pub amount: Option<Amount>,
    /// Who sees to it; empty means the sender.
    pub accountable: String,
    /// For which day.
    pub date: Date,
    /// When the next reminder is due; none once it is done with, or was given up.
    pub remind_at: Option<Timestamp>,
    /// How many reminders went out since the day was last set.
    pub reminders: u32,
    /// What happened, oldest first.
    pub steps: Vec<(Timestamp, Actor, PromiseStep)>,
}

/// What changes of a promise, all of it in one commit with its audit entry and what it owes.
#[derive(Debug, Clone)]
pub struct PromiseChange {
    /// How many steps the caller has seen; with any other number nothing changes.
    pub seen: usize,
    /// What happens.
    pub step: PromiseStep,
    /// Who.
    pub actor: Actor,
    /// When the next reminder is due after [`PromiseStep::Reminded`] and [`PromiseStep::PutOff`]; a new day brings its own.
    pub remind_at: Option<Timestamp>,
    /// Mail that is owed by this change.
    pub outbox: Vec<NewItem>,
    /// When.
    pub now: Timestamp,
}

impl Promise {
    /// The promise that a change of a hold makes, if it is a call in which one was made.
    pub(crate) fn made_by(hold: &Hold, change: &Change) -> Option<Promise> {
        let Some(Outcome::Called { report, .. }) = change.outcome.as_ref().map(Outcome::meant)
        else {
            return None;
        };
        let follow_up = report.follow_up?;
        Some(Promise {
            hold: hold.id.clone(),
            state: PromiseState::Open,
            made: whole_micros(change.now),
            remedy: report.remedy.clone(),
            amount: report.amount.clone(),
            accountable: report.accountable.clone(),
            date: follow_up.date,
            remind_at: Some(whole_micros(follow_up.remind_at)),
            reminders: 0,
            steps: Vec::new(),
        })
    }

    /// Counts how often its day was set: it rises with every step and, because a call is an outcome of
    /// its hold, with every promise that takes the place of another.
    pub fn sequence(&self, hold: &Hold) -> usize {
        hold.outcomes.len() + self.steps.len()
    }

    /// The promise that takes the place of an earlier one about the same mail: what happened stays, so
    /// that whoever has seen less comes too late.
    pub(in crate::hold) fn instead_of(self, earlier: Option<Promise>) -> Promise {
        Promise { steps: earlier.map(|earlier| earlier.steps).unwrap_or_default(), ..self }
    }

    /// Makes the change; `false` where somebody was first.
    pub(crate) fn apply(&mut self, change: &PromiseChange) -> bool {
        if self.state != PromiseState::Open || self.steps.len() != change.seen {
            return false;
        }
        match &change.step {
            PromiseStep::Reminded => {
                self.reminders = self.reminders.saturating_add(1);
                self.remind_at = change.remind_at.map(whole_micros);
            }
            PromiseStep::PutOff => self.remind_at = change.remind_at.map(whole_micros),
            PromiseStep::Overdue => self.remind_at = None,
            PromiseStep::Kept { .. } => self.end(PromiseState::Kept),
            PromiseStep::Dropped { .. } => self.end(PromiseState::Dropped),
            PromiseStep::Moved { follow_up, .. } => {
                self.date = follow_up.date;
                self.remind_at = Some(whole_micros(follow_up.remind_at));
                self.reminders = 0;
            }
        }
        let step = (whole_micros(change.now), change.actor.clone(), change.step.clone());
        self.steps.push(step);
        true
    }

    fn end(&mut self, state: PromiseState) {
        self.state = state;
        self.remind_at = None;
    }

    /// When the worker must look at it.
    pub(in crate::hold) fn wake_at(&self) -> Option<Timestamp> {
        self.remind_at.filter(|_| self.state == PromiseState::Open)
    }

    /// What was promised, in as few words as were said: `a refund, 120 EUR`; may be empty.
    pub fn what(&self) -> String {
        in_short(&self.remedy, self.amount.as_ref())
    }
}

impl PromiseStep {
    /// The audit's event: which step, never a word of it.
    pub(in crate::hold) fn event(&self) -> AuditEvent {
        let name = match self {
            PromiseStep::Reminded => "promise_reminded",
            PromiseStep::PutOff => "promise_put_off",
            PromiseStep::Overdue => "promise_overdue",
            PromiseStep::Kept { .. } => "promise_kept",
            PromiseStep::Moved { .. } => "promise_moved",
            PromiseStep::Dropped { .. } => "promise_dropped",
        };
        let facts = match self {
            PromiseStep::Moved { follow_up, .. } => {
                vec![("date".to_owned(), follow_up.date.to_string())]
            }
            _ => Vec::new(),
        };
        AuditEvent { name: name.to_owned(), facts }
    }
}
