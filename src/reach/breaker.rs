//! Leaves a failing server alone: after failures in a row a pause, then one question to see; each
//! pause longer than the last, until an answer comes.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Failures in a row before the first pause.
const FAILURES: u32 = 5;
/// The first pause; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// No pause is longer: an operator who has mended the server should not wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// What the breaker tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The server is left alone for so long.
    Rests(Duration),
    /// It answers again.
    IsBack,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Breaker {
    tell: fn(Turn),
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// The last pause and its end; `None` while all is well.
    pause: Option<(Duration, Instant)>,
    /// The one question after a pause is on its way.
    trying: bool,
}

/// One question on its way. Dropped without a word it has failed.
#[derive(Debug)]
#[must_use = "dropped, it counts as a failure"]
pub(super) struct Attempt<'b> {
    breaker: &'b Breaker,
    ended: bool,
}

impl Breaker {
    pub(super) fn new(tell: fn(Turn)) -> Breaker {
        Breaker { tell, state: Mutex::default() }
    }

    /// Leave to ask, if the server is not being left alone.
    pub(super) fn attempt(&self, now: Instant) -> Option<Attempt<'_>> {
        let mut state = self.state();
        if let Some((_, end)) = state.pause {
            if now < end || state.trying {
                return None;
            }
            state.trying = true;
        }
        Some(Attempt { breaker: self, ended: false })
    }

    fn failed(&self, now: Instant) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        let pause = match state.pause {
            Some((last, _)) if state.trying => (last * 2).min(LONGEST_PAUSE),
            // One that was on its way when the pause began.
            Some(_) => return,
            None if state.failures >= FAILURES => FIRST_PAUSE,
            None => return,
        };
        state.trying = false;
        state.pause = Some((pause, now + pause));
        (self.tell)(Turn::Rests(pause));
    }

    fn succeeded(&self) {
        let mut state = self.state();
        if state.pause.is_some() {
            (self.tell)(Turn::IsBack);
        }
        *state = State::default();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// A usable answer came.
    pub(super) fn succeeded(mut self) {
        self.ended = true;
        self.breaker.succeeded();
    }

    /// It was not asked after all.
    pub(super) fn withdraw(mut self) {
        self.ended = true;
        self.breaker.state().trying = false;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.breaker.failed(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Failures are told by the real clock; questions are put ahead of it.
    fn may(breaker: &Breaker, ahead: Duration) -> bool {
        breaker.attempt(Instant::now() + ahead).map(Attempt::withdraw).is_some()
    }

    fn fail(breaker: &Breaker, ahead: Duration) {
        drop(breaker.attempt(Instant::now() + ahead).unwrap());
    }

    const NOW: Duration = Duration::ZERO;

    #[test]
    fn five_failures_give_a_pause_and_then_one_may_try() {
        let breaker = Breaker::new(|_| ());
        (0..FAILURES).for_each(|_| fail(&breaker, NOW));
        assert!(!may(&breaker, NOW) && !may(&breaker, FIRST_PAUSE / 2));
        let trial = breaker.attempt(Instant::now() + FIRST_PAUSE).unwrap();
        assert!(!may(&breaker, FIRST_PAUSE), "one at a time");
        drop(trial);
        assert!(!may(&breaker, FIRST_PAUSE), "the second pause is longer");
        breaker.attempt(Instant::now() + FIRST_PAUSE * 2).unwrap().succeeded();
        (1..FAILURES).for_each(|_| fail(&breaker, NOW));
        assert!(may(&breaker, NOW), "it counts from the beginning");
    }

    #[test]
    fn late_failures_and_long_pauses_stay_bounded() {
        let breaker = Breaker::new(|_| ());
        let late: Vec<_> = (0..9).map(|_| breaker.attempt(Instant::now()).unwrap()).collect();
        drop(late);
        assert!(may(&breaker, FIRST_PAUSE), "failures of before the pause do not lengthen it");
        (0..12).for_each(|_| fail(&breaker, LONGEST_PAUSE));
        assert!(!may(&breaker, LONGEST_PAUSE / 2) && may(&breaker, LONGEST_PAUSE));
    }
}
