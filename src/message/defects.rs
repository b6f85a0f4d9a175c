//! The oddities met on the way, each once.

use std::collections::BTreeSet;

use super::Defect;

/// What was odd so far. Every step of reading notes into one of these.
#[derive(Debug, Default)]
pub(super) struct Met(BTreeSet<Defect>);

impl Met {
    pub(super) fn note(&mut self, defect: Defect) {
        self.0.insert(defect);
    }

    pub(super) fn note_if(&mut self, odd: bool, defect: Defect) {
        if odd {
            self.note(defect);
        }
    }

    /// Each once, sorted.
    pub(super) fn into_sorted(self) -> Vec<Defect> {
        self.0.into_iter().collect()
    }
}
