//! What is being done with many holds, and what came of each: one commit a hold, one after the other,
//! whoever goes away meanwhile. Kept in memory for a while; the audit keeps it for good.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::deed::{Came, Deed};
use crate::{
    mail::{HoldId, Timestamp},
    rights::PersonId,
};

/// The most holds of one job.
pub(super) const MAX_HOLDS: usize = 500;
/// Jobs that are remembered, and for how long after their beginning.
const MAX_JOBS: usize = 200;
const KEPT_SECS: i64 = 24 * 3600;

/// All jobs of this node; clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Jobs(Arc<Mutex<HashMap<String, Job>>>);

/// One job.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) by: PersonId,
    pub(super) deed: Deed,
    pub(super) total: usize,
    /// What came of each so far, with what to call it by.
    pub(super) came: Vec<Line>,
    pub(super) is_over: bool,
    begun: Timestamp,
}

/// What came of one hold.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) id: HoldId,
    pub(super) subject: String,
    pub(super) sender: String,
    pub(super) came: Came,
}

impl Jobs {
    /// Begins one, by its name; `None` while this person has one under way, or there are too many.
    pub(super) fn begin(
        &self,
        (name, by): (&str, PersonId),
        deed: Deed,
        total: usize,
        now: Timestamp,
    ) -> bool {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |job: &Job| now.as_second().saturating_sub(job.begun.as_second());
        jobs.retain(|_, job| !job.is_over || age(job) < KEPT_SECS);
        if jobs.len() >= MAX_JOBS {
            let oldest = jobs.iter().filter(|(_, job)| job.is_over).min_by_key(|(_, j)| j.begun);
            if let Some(name) = oldest.map(|(name, _)| name.clone()) {
                jobs.remove(&name);
            }
        }
        if jobs.len() >= MAX_JOBS || jobs.values().any(|job| job.by == by && !job.is_over) {
            return false;
        }
        let job = Job { by, deed, total, came: Vec::new(), is_over: false, begun: now };
        jobs.insert(name.to_owned(), job).is_none()
    }

    /// Notes what came of one hold.
    pub(super) fn note(&self, name: &str, line: Line) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = jobs.get_mut(name) {
            job.came.push(line);
        }
    }

    /// Ends it.
    pub(super) fn end(&self, name: &str) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = jobs.get_mut(name) {
            job.is_over = true;
        }
    }

    /// How it stands; only whoever began it may know.
    pub(super) fn look(&self, name: &str, by: &PersonId) -> Option<Job> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.get(name).filter(|job| job.by == *by).cloned()
    }
}
