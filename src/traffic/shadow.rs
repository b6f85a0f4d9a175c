//! Where a shadow version of a policy and the one in force do not agree.

use serde::Serialize;

use crate::mail::Timestamp;

use super::{Record, RecordId};

/// A mail that one of the two would hold and the other not, or for another policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The record.
    pub id: RecordId,
    /// When it was judged.
    pub at: Timestamp,
    /// The sender's team.
    pub team: String,
    /// The policy in force that decides for holding, however far it goes.
    pub live: Option<String>,
    /// The policy that would with the shadow in its place.
    pub shadow: Option<String>,
}

impl Difference {
    /// Of one record, if there is one.
    pub fn of(record: &Record) -> Option<Difference> {
        let shadow = record.detail.shadow.as_ref()?.holds.clone();
        let live = record.detail.policy.clone().filter(|_| record.fate.is_hold());
        let Record { id, at, team, .. } = record;
        (live != shadow).then(|| Difference {
            id: id.clone(),
            at: *at,
            team: team.clone(),
            live,
            shadow,
        })
    }
}

/// The differences among these records.
pub fn shadow_differences<'r>(
    records: impl IntoIterator<Item = &'r Record>,
) -> impl Iterator<Item = Difference> {
    records.into_iter().filter_map(Difference::of)
}
