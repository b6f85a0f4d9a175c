//! Answers that are still good, and that there was none: people write several times to one address.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::call::Known;

/// Beyond this many the old ones are forgotten; forgetting only means one more question.
const MAX_KEPT: usize = 10_000;

/// See the module.
#[derive(Debug)]
pub(super) struct Cache {
    good_for: Duration,
    kept: Mutex<HashMap<String, (Instant, Option<Known>)>>,
}

impl Cache {
    pub(super) fn new(good_for: Duration) -> Cache {
        Cache { good_for, kept: Mutex::default() }
    }

    /// The answer about an address, if one is kept: what is known, or that nothing is.
    pub(super) fn get(&self, address: &str, now: Instant) -> Option<Option<Known>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(address).filter(|(at, _)| self.is_good(*at, now)).map(|(_, known)| known.clone())
    }

    pub(super) fn put(&self, address: &str, known: Option<Known>, now: Instant) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT {
            kept.retain(|_, (at, _)| self.is_good(*at, now));
        }
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(address.to_owned(), (now, known));
    }

    fn is_good(&self, at: Instant, now: Instant) -> bool {
        now.saturating_duration_since(at) < self.good_for
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_its_time_and_none_is_an_answer_too() {
        let (cache, now) = (Cache::new(Duration::from_secs(60)), Instant::now());
        assert_eq!(cache.get("a@b.example", now), None);
        cache.put("a@b.example", None, now);
        assert_eq!(cache.get("a@b.example", now + Duration::from_secs(59)), Some(None));
        assert_eq!(cache.get("a@b.example", now + Duration::from_secs(60)), None);
    }

    #[test]
    fn it_does_not_grow_beyond_its_limit() {
        let (cache, now) = (Cache::new(Duration::from_secs(60)), Instant::now());
        (0..MAX_KEPT + 10).for_each(|n| cache.put(&n.to_string(), None, now));
        assert!(cache.kept.lock().unwrap().len() <= MAX_KEPT);
    }
}
