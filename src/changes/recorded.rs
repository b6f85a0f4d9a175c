//! What a change would have done with recorded traffic.

use super::{Workshop, WorkshopError};
use crate::{
    mail::Timestamp,
    store::StoreError,
    traffic::{self, Change, Hasher, Log, Record, ScopeChange, Side},
    tuning::{Edit, Except},
};

/// Days of traffic that are looked at.
const DAYS: i64 = 28;
/// Records of a page, and pages at most: the newest mail of a large house is enough to judge by.
const PAGE: u32 = 5_000;
const MOST_PAGES: usize = 10;

/// Where recorded traffic is, and how its names are made.
#[derive(Clone)]
pub struct Recordings {
    /// The records.
    pub log: Log,
    /// Their names.
    pub hasher: Hasher,
}

/// The traffic of the last weeks that a policy came near to.
#[derive(Debug, Clone)]
pub struct Recorded {
    records: Vec<Record>,
    days: f64,
}

/// Holds a day by recorded traffic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    /// As things were.
    pub before: f64,
    /// With the change.
    pub after: f64,
    /// Whether that is an estimate: words are looked for by their names, without what stands around.
    pub is_estimate: bool,
}

impl Workshop {
    /// The traffic of the last weeks; `None` where none is recorded.
    ///
    /// # Errors
    /// The database.
    pub async fn recorded(&self, now: Timestamp) -> Result<Option<Recorded>, StoreError> {
        let Some(recordings) = self.recordings() else { return Ok(None) };
        let span = jiff::SignedDuration::from_hours(24 * DAYS);
        let since = now.checked_sub(span).unwrap_or(Timestamp::MIN);
        let (mut records, mut behind) = (Vec::new(), None);
        for _ in 0..MOST_PAGES {
            let page = recordings.log.near(since, behind.as_ref(), PAGE).await?;
            records.extend(page.records);
            behind = page.next;
            if behind.is_none() {
                break;
            }
        }
        let Some(first) = records.first() else { return Ok(None) };
        let hours = first.at.duration_until(now).as_hours();
        let days = (hours as f64 / 24.0).max(1.0);
        Ok(Some(Recorded { records, days }))
    }

    /// What a change would have done with it; `None` where it cannot be told: several policies at
    /// once, words with gaps, subjects.
    ///
    /// # Errors
    /// The files as they are are not good.
    pub fn projection(
        &self,
        recorded: &Recorded,
        edits: &[Edit],
        now: Timestamp,
    ) -> Result<Option<Projection>, WorkshopError> {
        let Some(recordings) = self.recordings() else { return Ok(None) };
        let mut real = edits.iter().filter(|edit| !matches!(edit, Edit::Test { .. }));
        let (Some(edit), None) = (real.next(), real.next()) else { return Ok(None) };
        let Some(change) = self.change(edit, &recordings.hasher, now)? else { return Ok(None) };
        let effect = traffic::rejudge(&recorded.records, &change);
        let a_day = |mails: u64| mails as f64 / recorded.days;
        Ok(Some(Projection {
            before: a_day(effect.before),
            after: a_day(effect.after),
            is_estimate: effect.estimate || effect.unseen || effect.uncertain > 0,
        }))
    }

    fn change(
        &self,
        edit: &Edit,
        hasher: &Hasher,
        now: Timestamp,
    ) -> Result<Option<Change>, WorkshopError> {
        Ok(match edit {
            Edit::Threshold { policy, to } => {
                Some(Change::Threshold { policy: policy.clone(), to: *to })
            }
            Edit::Adjust { policy, signal, by, .. } => {
                let sets = self.policies(now)?;
                let set = sets.written();
                let owner = policy.clone().or_else(|| Some(set.policies().first()?.id.clone()));
                let weight = owner.and_then(|owner| set.signal(&owner, signal));
                weight.map(|(weight, _)| Change::Weight {
                    policy: policy.clone(),
                    signal: signal.clone(),
                    to: weight + by,
                })
            }
            Edit::Signal(new) if new.weight < 0.0 => {
                let phrase = hasher.phrase(&new.pattern).ok();
                phrase.map(|phrase| Change::Phrase {
                    policy: new.policy.clone(),
                    phrase,
                    weight: new.weight,
                })
            }
            Edit::Except { policy, what, pattern } => {
                let scope = ScopeChange::default();
                let scope = match what {
                    Except::Senders => scope.senders(hasher, Side::Except, &[pattern]).ok(),
                    Except::Recipients => scope.recipients(hasher, Side::Except, &[pattern]).ok(),
                    Except::Headers => None,
                };
                scope.map(|scope| Change::Scope { policy: policy.clone(), scope })
            }
            Edit::Signal(_) | Edit::Test { .. } => None,
        })
    }
}
