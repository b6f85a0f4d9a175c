//! What came of the holds of each policy, in three figures; changes nothing.

use sqlx::Row;

use super::{
    Fault,
    rows::{count, micros},
};
use crate::{
    hold::{HoldError, PolicyFigures},
    mail::Timestamp,
    store::Database,
};

/// The figures of each policy that held mail since then.
///
/// # Errors
/// The database.
pub async fn policy_figures(
    database: &Database,
    since: Timestamp,
) -> Result<Vec<PolicyFigures>, HoldError> {
    let work = async {
        let rows = sqlx::query(
            "SELECT policy, COUNT(*) AS held, \
             SUM(CASE WHEN outcomes LIKE '%\"false_alarm\"%' THEN 1 ELSE 0 END) AS alarms, \
             SUM(CASE WHEN outcomes LIKE '%\"send_anyway\"%' THEN 1 ELSE 0 END) AS anyway \
             FROM holds WHERE created >= $1 AND state <> 'prepared' GROUP BY policy",
        )
        .bind(micros(since))
        .fetch_all(database.read())
        .await?;
        let one = |row: &sqlx::any::AnyRow| {
            Ok(PolicyFigures {
                policy: row.try_get("policy")?,
                held: count(row.try_get("held")?)?,
                false_alarms: count(row.try_get("alarms")?)?,
                sent_anyway: count(row.try_get("anyway")?)?,
            })
        };
        rows.iter().map(one).collect::<Result<Vec<_>, Fault>>()
    };
    database.within("counting holds by policy", work).await
}
