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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Source;

    fn set() -> PolicySet {
        let text = "id = \"p\"\ntitle = \"p\"\ncategory = \"other\"\n\
            [[signal]]\nname = \"a\"\nweight = 4.0\nany = [\"a\"]\n\
            [[signal]]\nname = \"b\"\nweight = 4.0\nany = [\"b\"]\n\
            [[signal]]\nname = \"c\"\nweight = 4.0\nany = [\"c\"]\n";
        let source = Source { name: "p.toml".to_owned(), text: text.to_owned() };
        PolicySet::compile(&[source], None).unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    fn marks(signal: &str, people: &[&str], days_ago: i64) -> Vec<Marked> {
        let at = now() - jiff::SignedDuration::from_hours(24 * days_ago);
        let one = |person: &&str| Marked {
            at,
            person: (*person).to_owned(),
            mark: Mark::Wrong,
            policy: "p".to_owned(),
            signals: vec![("reader".to_owned(), 5.0), (signal.to_owned(), 4.0)],
        };
        people.iter().map(one).collect()
    }

    fn asked(marks: &[Marked]) -> Vec<(String, f64)> {
        standing(marks, &set(), now()).into_iter().map(|one| (one.signal, one.by)).collect()
    }

    #[test]
    fn it_takes_three_marks_by_two_people_within_ninety_days() {
        assert_eq!(asked(&marks("a", &["x", "x", "x"], 1)), []);
        assert_eq!(asked(&marks("a", &["x", "y"], 1)), []);
        assert_eq!(asked(&marks("a", &["x", "x", "y"], 91)), []);
        let found = asked(&marks("a", &["x", "x", "y"], 89));
        assert_eq!(found.len(), 1);
        assert!((found[0].1 - -0.3).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn no_signal_moves_by_more_than_a_half_and_all_by_no_more_than_one() {
        let many = ["x", "y", "x", "y", "x", "y", "x", "y"];
        let mut all = marks("a", &many, 1);
        all.extend(marks("b", &many, 1));
        all.extend(marks("c", &many[..4], 1));
        let found = asked(&all);
        assert_eq!(found, [("a".to_owned(), -0.5), ("b".to_owned(), -0.5)]);
    }
}
