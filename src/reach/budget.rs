//! Requests a minute and a day. Counted by this process, from the first request of each span.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What may still be asked.
#[derive(Debug)]
pub(super) struct Budget {
    spans: Mutex<[Span; 2]>,
}

#[derive(Debug)]
struct Span {
    length: Duration,
    most: u32,
    used: u32,
    began: Option<Instant>,
}

impl Span {
    fn new(length: Duration, most: u32) -> Span {
        Span { length, most, used: 0, began: None }
    }

    /// Begins anew where its time is over.
    fn turn(&mut self, now: Instant) {
        let over = |began: Instant| now.saturating_duration_since(began) >= self.length;
        if self.began.is_none_or(over) {
            self.began = Some(now);
            self.used = 0;
        }
    }
}

impl Budget {
    pub(super) fn new(per_minute: u32, per_day: u32) -> Budget {
        Budget { spans: Mutex::new([Span::new(MINUTE, per_minute), Span::new(DAY, per_day)]) }
    }

    /// Takes one request, if there is one left in both spans.
    pub(super) fn take(&self, now: Instant) -> bool {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.iter_mut().for_each(|span| span.turn(now));
        let left = spans.iter().all(|span| span.used < span.most);
        if left {
            spans.iter_mut().for_each(|span| span.used += 1);
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_and_a_day_have_their_ends() {
        let (budget, began) = (Budget::new(2, 3), Instant::now());
        let after = |secs| budget.take(began + Duration::from_secs(secs));
        assert_eq!([after(0), after(1), after(59)], [true, true, false]);
        assert_eq!([after(60), after(61), after(3600)], [true, false, false]);
        assert!(after(24 * 3600), "another day");
    }
}
