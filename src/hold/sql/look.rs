//! Reads holds; changes nothing.

use sqlx::{Row, any::AnyRow};

use super::{
    Fault, SqlStore,
    rows::{self, count, hold_columns, micros, summary},
};
use crate::{
    hold::{Hold, HoldFilter, HoldSummary, State},
    mail::{HoldId, Timestamp},
};

/// As many as there are states.
const STATES: usize = State::ALL.len();

impl SqlStore {
    /// A hold that is more than prepared.
    pub(super) async fn visible_hold(&self, id: &HoldId) -> Result<Option<Hold>, Fault> {
        let row = sqlx::query(concat!(
            "SELECT ",
            hold_columns!(),
            " FROM holds WHERE id = $1 AND state <> 'prepared'"
        ))
        .bind(id.as_str())
        .fetch_optional(self.db.read())
        .await?;
        row.as_ref().map(rows::hold).transpose()
    }

    /// Lines of `holds list`.
    pub(super) async fn summaries(&self, filter: &HoldFilter) -> Result<Vec<HoldSummary>, Fault> {
        let most = if filter.limit == 0 { i64::MAX } else { i64::from(filter.limit) };
        let sender = filter.sender.as_deref().map(|s| s.to_lowercase().replace('\0', ""));
        let mut query = sqlx::query(
            "SELECT id, state, created, reverse_path, subject, policy, category, message_id, \
             expires_at, envelope FROM holds \
             WHERE state IN ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             AND ($10 = 0 OR sender = $11) ORDER BY created DESC, id DESC LIMIT $12",
        );
        for state in asked(&filter.states) {
            query = query.bind(state);
        }
        let rows = query
            .bind(i64::from(sender.is_some()))
            .bind(sender.unwrap_or_default())
            .bind(most)
            .fetch_all(self.db.read())
            .await?;
        let mut summaries = Vec::with_capacity(rows.len());
        for row in &rows {
            summaries.extend(self.db.pass_over(row, summary)?);
        }
        Ok(summaries)
    }

    /// Held messages whose reminder or expiry is due; looks behind rows that do not read.
    pub(super) async fn awake(&self, now: Timestamp, most: u32) -> Result<Vec<Hold>, Fault> {
        let query = concat!(
            "SELECT ",
            hold_columns!(),
            " FROM holds WHERE state = 'held' AND wake_at <= $1 ORDER BY wake_at, id \
             LIMIT $2 OFFSET $3"
        );
        self.awake_rows(query, now, most, rows::hold).await
    }

    /// What `query` finds to be due, for a moment, at most so many, behind so many. A row that does
    /// not read takes nobody's place.
    pub(super) async fn awake_rows<T>(
        &self,
        query: &'static str,
        now: Timestamp,
        most: u32,
        read: impl Fn(&AnyRow) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let (most, mut looked_at, mut found) = (most as usize, 0, Vec::new());
        loop {
            let missing = most - found.len();
            let rows = sqlx::query(query)
                .bind(micros(now))
                .bind(missing as i64)
                .bind(looked_at)
                .fetch_all(self.db.read())
                .await?;
            looked_at += rows.len() as i64;
            for row in &rows {
                found.extend(self.db.pass_over(row, &read)?);
            }
            if rows.len() < missing || found.len() >= most {
                return Ok(found);
            }
        }
    }

    /// How many notices of this name were owed since then.
    pub(super) async fn count_notices(
        &self,
        id: &HoldId,
        name: &str,
        since: Timestamp,
    ) -> Result<u64, Fault> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS notices FROM outbox \
             WHERE hold_id = $1 AND kind = 'notice' AND name = $2 AND created >= $3",
        )
        .bind(id.as_str())
        .bind(name)
        .bind(micros(since))
        .fetch_one(self.db.read())
        .await?;
        Ok(count(row.try_get("notices")?)?)
    }

    /// How many holds are in each visible state; states with none are named too.
    pub(super) async fn count_states(&self) -> Result<Vec<(State, u64)>, Fault> {
        let rows = sqlx::query(
            "SELECT state, COUNT(*) AS holds FROM holds WHERE state <> 'prepared' GROUP BY state",
        )
        .fetch_all(self.db.read())
        .await?;
        let mut counts: Vec<(State, u64)> =
            State::ALL.into_iter().filter(|s| *s != State::Prepared).map(|s| (s, 0)).collect();
        for row in &rows {
            let state = rows::state(row.try_get("state")?)?;
            let holds = count(row.try_get("holds")?)?;
            if let Some((_, n)) = counts.iter_mut().find(|(s, _)| *s == state) {
                *n = holds;
            }
        }
        Ok(counts)
    }
}

/// The states asked for, as the statement's fixed number of values; never `prepared`.
fn asked(states: &[State]) -> impl Iterator<Item = &'static str> {
    let visible = |s: &State| *s != State::Prepared;
    let mut asked: Vec<&'static str> = if states.is_empty() {
        State::ALL.iter().filter(|s| visible(s)).map(|s| s.as_str()).collect()
    } else {
        states.iter().filter(|s| visible(s)).map(|s| s.as_str()).collect()
    };
    asked.sort_unstable();
    asked.dedup();
    // An empty text is no state: it fills up and matches nothing.
    asked.into_iter().chain(std::iter::repeat("")).take(STATES)
}
