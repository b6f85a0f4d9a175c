//! What recorded mail would have come to under other thresholds and modes: by day, team and policy.

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;

use crate::{decision::Mode, policy::Preset};

use super::{Near, Record};

/// What is supposed; what it does not name is as it was. Nothing below [`NEAR`](super::NEAR) can be
/// supposed of a threshold: such mail is not told apart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlook {
    thresholds: BTreeMap<String, f64>,
    /// Added to every other threshold, in log-odds.
    shift: f64,
    /// By policy, and by team where one is named.
    modes: BTreeMap<(String, Option<String>), Mode>,
}

impl Outlook {
    /// A policy's threshold is this.
    #[must_use]
    pub fn threshold(mut self, policy: &str, threshold: f64) -> Outlook {
        self.thresholds.insert(policy.to_owned(), threshold);
        self
    }

    /// Every threshold is moved from one preset to another.
    #[must_use]
    pub fn preset(mut self, from: Preset, to: Preset) -> Outlook {
        self.shift = to.shift() - from.shift();
        self
    }

    /// A policy's mode is this, in one team or, where none is named, in all.
    #[must_use]
    pub fn mode(mut self, policy: &str, team: Option<&str>, mode: Mode) -> Outlook {
        self.modes.insert((policy.to_owned(), team.map(str::to_owned)), mode);
        self
    }

    /// The policy that decides, and how far it goes; `None` where the mail passes. The same order as
    /// where mail is judged: of those that are sure enough the one that goes furthest, then the surest.
    pub fn decides<'r>(&self, record: &'r Record) -> Option<(&'r Near, Mode)> {
        let sure = record.detail.near.iter().filter(|near| near.spared.is_none());
        let sure = sure.filter(|near| near.probability >= self.threshold_of(near));
        let modes = sure.map(|near| (near, self.mode_of(near, &record.team)));
        modes.max_by(|(a, x), (b, y)| x.cmp(y).then(a.probability.total_cmp(&b.probability)))
    }

    fn threshold_of(&self, near: &Near) -> f64 {
        match self.thresholds.get(&near.policy) {
            Some(threshold) => *threshold,
            // Only what moves is computed: 0.5 must stay 0.5 to the last digit.
            None if self.shift == 0.0 => near.threshold,
            None => probability(log_odds(near.threshold) + self.shift),
        }
    }

    fn mode_of(&self, near: &Near, team: &str) -> Mode {
        let named = |team: Option<&str>| {
            self.modes.get(&(near.policy.clone(), team.map(str::to_owned))).copied()
        };
        if self.modes.is_empty() {
            return near.mode;
        }
        named(Some(team)).or_else(|| named(None)).unwrap_or(near.mode)
    }
}

/// One day of one policy in one team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The day, in the house's zone.
    pub day: Date,
    /// The team; empty for the house itself.
    pub team: String,
    /// The policy that decides.
    pub policy: String,
    /// Mails that would be held.
    pub held: u64,
    /// Mails that would go out with a word to their sender.
    pub notified: u64,
    /// Mails that would only be noted.
    pub observed: u64,
}

impl Row {
    /// Mails that its policy decides about, however far it goes.
    pub fn all(&self) -> u64 {
        self.held + self.notified + self.observed
    }
}

/// Counts records as they come.
#[derive(Debug)]
pub struct Projected {
    outlook: Outlook,
    zone: TimeZone,
    rows: BTreeMap<(Date, String, String), [u64; 3]>,
}

impl Projected {
    /// Nothing counted yet.
    pub fn new(outlook: Outlook, zone: TimeZone) -> Projected {
        Projected { outlook, zone, rows: BTreeMap::new() }
    }

    /// Counts one.
    pub fn add(&mut self, record: &Record) {
        let Some((near, mode)) = self.outlook.decides(record) else { return };
        let day = record.at.to_zoned(self.zone.clone()).date();
        let key = (day, record.team.clone(), near.policy.clone());
        let [held, notified, observed] = self.rows.entry(key).or_default();
        *match mode {
            Mode::Enforce => held,
            Mode::Notify => notified,
            Mode::Observe => observed,
        } += 1;
    }

    /// The rows, by day, team and policy; days without any are not among them.
    pub fn rows(self) -> Vec<Row> {
        let row = |((day, team, policy), counted): (_, [u64; 3])| {
            let [held, notified, observed] = counted;
            Row { day, team, policy, held, notified, observed }
        };
        self.rows.into_iter().map(row).collect()
    }
}

/// The same of records that lie at hand.
pub fn projected<'r>(
    records: impl IntoIterator<Item = &'r Record>,
    outlook: Outlook,
    zone: TimeZone,
) -> Vec<Row> {
    let mut projected = Projected::new(outlook, zone);
    records.into_iter().for_each(|record| projected.add(record));
    projected.rows()
}

pub(super) fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

pub(super) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
