//! Holds that somebody called a false alarm, for tuning; changes nothing.

use super::{
    Fault,
    rows::{self, hold_columns, micros},
};
use crate::{
    hold::{FalseAlarm, HoldError, Outcome},
    mail::Timestamp,
    store::Database,
};

/// Looked at at most, the newest first.
const MOST: i64 = 5_000;

/// The false alarms of mail that was held since then, the newest first. Reads all holds of that time:
/// for a page that is seldom seen.
///
/// # Errors
/// The database.
pub async fn false_alarms(
    database: &Database,
    since: Timestamp,
) -> Result<Vec<FalseAlarm>, HoldError> {
    let work = async {
        let rows = sqlx::query(concat!(
            "SELECT ",
            hold_columns!(),
            " FROM holds WHERE created >= $1 AND outcomes LIKE '%\"false_alarm\"%' \
             ORDER BY created DESC LIMIT $2"
        ))
        .bind(micros(since))
        .bind(MOST)
        .fetch_all(database.read())
        .await?;
        let mut found = Vec::new();
        for row in &rows {
            let Some(hold) = database.pass_over(row, rows::hold)? else { continue };
            let decision = &hold.dossier.decision;
            let signals: Vec<(String, f64)> =
                decision.evidence.iter().map(|e| (e.signal.clone(), e.weight)).collect();
            let marks = hold.outcomes.iter().filter(|(_, _, outcome)| is_false_alarm(outcome));
            found.extend(marks.map(|(at, actor, _)| FalseAlarm {
                at: *at,
                person: actor.name.to_lowercase(),
                hold: hold.id.clone(),
                policy: decision.policy.clone().unwrap_or_default(),
                signals: signals.clone(),
            }));
        }
        Ok::<_, Fault>(found)
    };
    database.within("reading false alarms", work).await
}

fn is_false_alarm(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::FalseAlarm { .. } => true,
        Outcome::Proposed { outcome } => is_false_alarm(outcome),
        _ => false,
    }
}
