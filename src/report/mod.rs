//! What came of held mail, in figures: how often people called and how soon, what else they did,
//! which promises are open, where the news came from, and which policy was wrong how often.
//!
//! Counted are policies, categories, weeks, teams, causes and signals, never persons: who sent what,
//! or called how late, is nowhere in here. A team of whom fewer than three people had mail held is
//! counted with others.

mod figures;
mod median;
mod table;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::Serialize;

pub use figures::Figures;
pub use table::{harmless, table};

use crate::hold::{History, Outcome, State};

/// The most causes that are told; the rest were typed in one by one.
const MAX_CAUSES: usize = 50;
/// Figures of fewer people would be figures of persons: such teams are counted together.
const MIN_PEOPLE: usize = 3;
/// What teams of fewer people are called, and senders in no team.
const OTHERS: &str = "others";

/// What one row of figures is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Everything.
    Total,
    /// The policy that held.
    Policy,
    /// The kind of news.
    Category,
    /// The week in which mail was held, by the date of its Monday.
    Week,
    /// The sender's team.
    Team,
    /// The cause that was named after the call.
    Cause,
    /// A signal that spoke for holding: which words cause false alarms.
    Signal,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What it is about.
    pub group: Group,
    /// Which of them; `all` for the total.
    pub name: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Counts histories as they come.
pub struct Tally {
    zone: TimeZone,
    today: Date,
    groups: BTreeMap<(Group, String), figures::Counted>,
    customers: HashMap<String, u32>,
    people: HashMap<String, HashSet<String>>,
}

impl Tally {
    /// Nothing counted yet. Weeks begin on Mondays of this zone, promises are overdue by its days.
    pub fn new(zone: TimeZone, now: Timestamp) -> Tally {
        let today = now.to_zoned(zone.clone()).date();
        Tally {
            zone,
            today,
            groups: BTreeMap::new(),
            customers: HashMap::new(),
            people: HashMap::new(),
        }
    }

    /// Counts one, of a sender in this team (empty: in none). Mail that was never accepted was never
    /// held.
    pub fn add(&mut self, history: &History, team: &str) {
        if matches!(history.state, State::Prepared | State::Cancelled) {
            return;
        }
        let day = history.created.to_zoned(self.zone.clone()).date();
        let since_monday = i64::from(day.weekday().to_monday_zero_offset());
        let monday = day.saturating_sub(since_monday.days());
        let mut names = vec![
            (Group::Total, "all".to_owned()),
            (Group::Policy, history.policy.clone()),
            (Group::Category, history.category.clone()),
            (Group::Week, monday.to_string()),
            (Group::Team, team.to_owned()),
        ];
        self.people.entry(team.to_owned()).or_default().insert(history.sender.folded());
        names.extend(cause(history).map(|cause| (Group::Cause, cause)));
        let mut signals = history.signals.clone();
        signals.sort_unstable();
        signals.dedup();
        let of_policy = |signal| (Group::Signal, format!("{}/{signal}", history.policy));
        names.extend(signals.into_iter().map(of_policy));
        for name in names {
            self.groups.entry(name).or_default().add(history, self.today);
        }
        for recipient in &history.recipients {
            *self.customers.entry(recipient.clone()).or_default() += 1;
        }
    }

    /// The rows: the total first, then each group by its names; causes and signals by how often
    /// they came.
    pub fn rows(self) -> Vec<Row> {
        let again = self.customers.values().filter(|times| **times > 1).count() as u64;
        let mut groups = BTreeMap::<_, figures::Counted>::new();
        for ((group, name), counted) in self.groups {
            let few = |team: &str| self.people.get(team).is_none_or(|p| p.len() < MIN_PEOPLE);
            let joined = group == Group::Team && (name.is_empty() || few(&name));
            let name = if joined { OTHERS.to_owned() } else { name };
            groups.entry((group, name)).or_default().join(counted);
        }
        groups.entry((Group::Total, "all".to_owned())).or_default();
        let row = |((group, name), counted): ((Group, String), figures::Counted)| {
            let mut figures = counted.figures();
            if group == Group::Total {
                figures.customers = Some(self.customers.len() as u64);
                figures.customers_held_again = Some(again);
            }
            Row { group, name, figures }
        };
        let mut rows: Vec<Row> = groups.into_iter().map(row).collect();
        rows.sort_by(|a, b| a.group.cmp(&b.group).then_with(|| by_weight(a, b)));
        let (mut causes, mut told) = (0, rows);
        told.retain(|row| {
            causes += usize::from(row.group == Group::Cause);
            row.group != Group::Cause || causes <= MAX_CAUSES
        });
        told
    }
}

fn by_weight(a: &Row, b: &Row) -> std::cmp::Ordering {
    match a.group {
        Group::Cause | Group::Signal => b.figures.held.cmp(&a.figures.held),
        _ => std::cmp::Ordering::Equal,
    }
}

/// The cause that the last call named.
fn cause(history: &History) -> Option<String> {
    let mut calls = history.outcomes.iter().rev();
    calls.find_map(|(_, outcome)| match outcome.meant() {
        Outcome::Called { report, .. } if !report.cause.is_empty() => Some(report.cause.clone()),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
