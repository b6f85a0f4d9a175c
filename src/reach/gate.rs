//! Whether a question may be put now: questions in flight, a minute and a day, and a server that
//! failed lately. Nobody waits here: what may not be asked now is not asked.

use std::time::Instant;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    Refusal,
    breaker::{Attempt, Breaker, Turn},
    budget::Budget,
};

/// How much may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Questions at a time.
    pub at_once: usize,
    /// Requests a minute.
    pub per_minute: u32,
    /// Requests a day.
    pub per_day: u32,
}

/// See the module. Shared by all who ask one server.
#[derive(Debug)]
pub struct Gate {
    slots: Semaphore,
    budget: Budget,
    breaker: Breaker,
}

/// Leave to ask once. Dropped without a word, the question has failed.
#[derive(Debug)]
#[must_use = "dropped, it counts as a failure"]
pub struct Entry<'g> {
    attempt: Attempt<'g>,
    _slot: SemaphorePermit<'g>,
}

impl Gate {
    /// `tell` hears when the server is left alone, and when it answers again.
    pub fn new(limits: Limits, tell: fn(Turn)) -> Gate {
        Gate {
            slots: Semaphore::new(limits.at_once.min(Semaphore::MAX_PERMITS)),
            budget: Budget::new(limits.per_minute, limits.per_day),
            breaker: Breaker::new(tell),
        }
    }

    /// Leave to ask now, or the limit that forbids it.
    pub fn enter(&self) -> Result<Entry<'_>, Refusal> {
        let slot = self.slots.try_acquire().map_err(|_| Refusal::Busy)?;
        let attempt = self.breaker.attempt(Instant::now()).ok_or(Refusal::Resting)?;
        if !self.budget.take(Instant::now()) {
            attempt.withdraw();
            return Err(Refusal::OverBudget);
        }
        Ok(Entry { attempt, _slot: slot })
    }

    /// Whether the same question may be put once more, in other words.
    pub fn may_repeat(&self) -> bool {
        self.budget.take(Instant::now())
    }
}

impl Entry<'_> {
    /// A usable answer came.
    pub fn succeeded(self) {
        self.attempt.succeeded();
    }
}
