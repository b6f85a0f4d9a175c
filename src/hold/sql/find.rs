//! Where an address is found: in which holds, in which entries of the audit. Changes nothing.

use sqlx::{Row, any::AnyRow};

use super::{
    Fault, SqlStore,
    rows::{self, hold_id, micros, time},
};
use crate::hold::{Behind, Traces, erasure::mentions};

/// Holds read at a time.
const PAGE: i64 = 200;
/// Audit entries read at a time.
const ENTRIES: i64 = 500;

impl SqlStore {
    /// Looks through a page of holds for an address; gives where the next page begins.
    pub(in crate::hold) async fn find_in_holds(
        &self,
        address: &str,
        behind: Option<&Behind>,
        found: &mut Traces,
    ) -> Result<Option<Behind>, Fault> {
        let rows = sqlx::query(
            "SELECT id, state, created, envelope, dossier, trace, deliveries, outcomes, parties, \
             (SELECT COUNT(*) FROM outbox WHERE hold_id = holds.id \
             AND outbox.state IN ('asleep', 'waiting', 'due')) + (SELECT COUNT(*) FROM promises \
             WHERE hold_id = id AND promises.state = 'open') AS owes, \
             COALESCE((SELECT promise FROM promises WHERE hold_id = id), '') AS promise \
             FROM holds WHERE created > $1 OR (created = $1 AND id > $2) \
             ORDER BY created, id LIMIT $3",
        )
        .bind(behind.map_or(i64::MIN, |behind| micros(behind.created)))
        .bind(behind.map_or("", |behind| behind.id.as_str()))
        .bind(PAGE)
        .fetch_all(self.db.read())
        .await?;
        for row in &rows {
            let names = |column: &str| -> Result<bool, Fault> {
                Ok(mentions(row.try_get::<&str, _>(column)?, address))
            };
            let is_his = names("envelope")? || names("dossier")? || names("trace")?;
            let has_part = names("outcomes")? || names("parties")? || names("promise")?;
            let owes = row.try_get::<i64, _>("owes")? > 0;
            let ended = rows::state(row.try_get("state")?)?.is_ended() && !owes;
            let id = hold_id(row.try_get("id")?)?;
            match (is_his || names("deliveries")?, has_part) {
                (true, _) if ended => found.his.push(id),
                (true, _) | (_, true) if !ended => found.open.push(id),
                (false, true) => found.part.push(id),
                _ => {}
            }
        }
        let last = rows.last().filter(|_| rows.len() as i64 == PAGE);
        last.map(place).transpose()
    }

    /// Looks through a page of the audit for an address; gives where the next page begins.
    pub(in crate::hold) async fn find_in_audit(
        &self,
        address: &str,
        from: i64,
        found: &mut Traces,
    ) -> Result<Option<i64>, Fault> {
        let rows = sqlx::query(
            "SELECT number, actor, event, salt FROM audit WHERE number >= $1 ORDER BY number LIMIT $2",
        )
        .bind(from)
        .bind(ENTRIES)
        .fetch_all(self.db.read())
        .await?;
        for row in &rows {
            let named = mentions(row.try_get("actor")?, address)
                || mentions(row.try_get("event")?, address);
            let number: i64 = row.try_get("number")?;
            match row.try_get::<Option<&str>, _>("salt")? {
                _ if !named => {}
                Some(_) => found.entries.push(number),
                None => found.fixed += 1,
            }
        }
        let last = rows.last().filter(|_| rows.len() as i64 == ENTRIES);
        last.map(|row| Ok(row.try_get::<i64, _>("number")?.saturating_add(1))).transpose()
    }
}

fn place(row: &AnyRow) -> Result<Behind, Fault> {
    Ok(Behind { created: time(row.try_get("created")?)?, id: hold_id(row.try_get("id")?)? })
}
