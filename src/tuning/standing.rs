//! What many marks say together: a signal that is wrong for several people, again and again.
//!
//! A mark alone changes nothing. Simulated with seventeen false alarms, a layer of corrections without
//! bounds unlearned the news itself (recall .954 → .011); each signal ≤ 0.5 log-odds and all ≤ 1.0 cost
//! two points of recall and took away six of ten false alarms. So: three marks by two people within
//! ninety days make a proposal, with these bounds, until a last day; an admin takes it or not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{Edit, Mark, wrong::twentieths_up};
use crate::policy::PolicySet;

/// Marks on one signal that make a proposal.
pub const LEAST_MARKS: usize = 3;
/// People who made them.
pub const LEAST_PEOPLE: usize = 2;
/// How long a mark counts.
pub const MARKS_COUNT_DAYS: i64 = 90;
/// Of a mail's signals the strongest are to blame.
const MOST_BLAMED: usize = 3;
/// What one mark moves; one of a missed mail more, because few are ever seen.
const BY_ONE_WRONG: f64 = 0.1;
const BY_ONE_MISSED: f64 = 0.15;
/// What all move one signal at most, and all signals of one policy.
const MOST_OF_ONE: f64 = 0.5;
const MOST_OF_ALL: f64 = 1.0;

/// What somebody said of a mail, and what had spoken for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// When.
    pub at: Timestamp,
    /// Who, so that nobody counts twice.
    pub person: String,
    /// What.
    pub mark: Mark,
    /// The policy that held it, or came nearest.
    pub policy: String,
    /// What spoke for and against, heaviest first: names and log-odds.
    pub signals: Vec<(String, f64)>,
}

/// A change that marks ask for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// Whose signal.
    pub policy: String,
    /// Which.
    pub signal: String,
    /// How many marks.
    pub marks: usize,
    /// By how many people.
    pub people: usize,
    /// What is proposed, in log-odds.
    pub by: f64,
    /// Whether it is everybody's.
    pub shared: bool,
}

impl Standing {
    /// As an edit, until that day.
    pub fn edit(&self, until: Date) -> Edit {
        let policy = (!self.shared).then(|| self.policy.clone());
        Edit::Adjust { policy, signal: self.signal.clone(), by: self.by, until: Some(until) }
    }
}

/// The changes that marks up to now ask for, the most asked for first.
pub fn standing(marks: &[Marked], set: &PolicySet, now: Timestamp) -> Vec<Standing> {
    let since = now.as_second().saturating_sub(MARKS_COUNT_DAYS * 24 * 3600);
    let mut by_signal: BTreeMap<(&str, &str, bool), (usize, BTreeSet<&str>)> = BTreeMap::new();
    for mark in marks.iter().filter(|mark| mark.at.as_second() >= since) {
        let blamed = mark.signals.iter().filter(|(_, weight)| *weight > 0.0).take(MOST_BLAMED);
        for (signal, _) in blamed {
            let key = (mark.policy.as_str(), signal.as_str(), mark.mark == Mark::Missed);
            let (marks, people) = by_signal.entry(key).or_default();
            *marks += 1;
            people.insert(&mark.person);
        }
    }
    let mut all: Vec<Standing> = by_signal
        .into_iter()
        .filter(|(_, (marks, people))| *marks >= LEAST_MARKS && people.len() >= LEAST_PEOPLE)
        .filter_map(|((policy, signal, missed), (marks, people))| {
            // The learned model's word is no signal of a file.
            let (weight, shared) = set.signal(policy, signal)?;
            let by_one = if missed { BY_ONE_MISSED } else { -BY_ONE_WRONG };
            let by = (by_one * marks as f64).clamp(-MOST_OF_ONE, MOST_OF_ONE);
            let by = twentieths_up(by.abs()).min(MOST_OF_ONE).copysign(by);
            (weight + by > 0.0).then(|| Standing {
                policy: policy.to_owned(),
                signal: signal.to_owned(),
                marks,
                people: people.len(),
                by,
                shared,
            })
        })
        .collect();
    all.sort_by(|a, b| b.marks.cmp(&a.marks).then_with(|| a.signal.cmp(&b.signal)));
    let mut used: BTreeMap<String, f64> = BTreeMap::new();
    all.retain(|one| {
        let sum = used.entry(one.policy.clone()).or_default();
        *sum += one.by.abs();
        *sum <= MOST_OF_ALL + 1e-9
    });
    all
}
