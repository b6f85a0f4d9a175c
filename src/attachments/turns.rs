//! How many children there are at once.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::Instant,
};

/// Turns that can be taken; whoever finds none waits.
#[derive(Debug)]
pub(super) struct Turns {
    free: Mutex<usize>,
    given_back: Condvar,
}

/// One turn; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Turn<'t>(&'t Turns);

impl Turns {
    pub(super) fn new(turns: usize) -> Turns {
        Turns { free: Mutex::new(turns), given_back: Condvar::new() }
    }

    /// Waits for a turn, not beyond `until`.
    pub(super) fn take(&self, until: Instant) -> Option<Turn<'_>> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let left = until.checked_duration_since(Instant::now()).filter(|l| !l.is_zero())?;
            if let Some(fewer) = free.checked_sub(1) {
                *free = fewer;
                return Some(Turn(self));
            }
            let waited = self.given_back.wait_timeout(free, left);
            free = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.given_back.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;

    #[test]
    fn a_turn_that_is_given_back_goes_to_who_waits_and_nobody_waits_beyond_his_time() {
        let turns = Turns::new(1);
        let first = turns.take(Instant::now() + Duration::from_secs(1)).unwrap();
        assert!(turns.take(Instant::now() + Duration::from_millis(10)).is_none());
        assert!(turns.take(Instant::now()).is_none());
        thread::scope(|scope| {
            let waiting =
                scope.spawn(|| turns.take(Instant::now() + Duration::from_secs(60)).is_some());
            drop(first);
            assert!(waiting.join().unwrap());
        });
    }
}
