//! What was read lately. A letter that goes to a hundred customers comes as a hundred mails with
//! the same paragraphs; each is read once.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Cut, Logits};

/// Runs kept in each of two generations; the older one is dropped when the younger is full.
/// A run and what was said of it take two kilobytes at most.
const GENERATION: usize = 1_024;

type Known = HashMap<Vec<Cut>, Vec<Logits>>;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Memo(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: Known,
    old: Known,
}

impl Memo {
    pub(super) fn get(&self, run: &[Cut]) -> Option<Vec<Logits>> {
        let mut both = self.lock();
        if let Some(known) = both.young.get(run) {
            return Some(known.clone());
        }
        let (run, known) = both.old.remove_entry(run)?;
        both.keep(run, known.clone());
        Some(known)
    }

    pub(super) fn keep(&self, run: &[Cut], logits: &[Logits]) {
        self.lock().keep(run.to_vec(), logits.to_vec());
    }

    /// A thread that panicked while it held the lock left whole entries.
    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn keep(&mut self, run: Vec<Cut>, logits: Vec<Logits>) {
        if self.young.len() >= GENERATION {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(run, logits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(n: usize) -> Vec<Cut> {
        vec![vec![u32::try_from(n).unwrap()]]
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let memo = Memo::default();
        let said = vec![[1.0; 13]];
        memo.keep(&run(0), &said);
        for n in 1..3 * GENERATION {
            memo.keep(&run(n), &[[2.0; 13]]);
            assert_eq!(memo.get(&run(0)), Some(said.clone()), "after {n}");
        }
        assert_eq!(memo.get(&run(1)), None);
        let both = memo.lock();
        assert!(both.young.len() + both.old.len() <= 2 * GENERATION);
    }
}
