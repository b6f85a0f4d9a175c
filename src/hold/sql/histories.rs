//! Reads what became of holds, page by page; changes nothing.

use sqlx::{Row, any::AnyRow};

use super::{
    Fault, SqlStore,
    promises::promise,
    rows::{self, hold_columns, hold_id, micros, time},
};
use crate::{
    hold::{Behind, Histories, History},
    mail::{HoldId, Timestamp},
};

impl SqlStore {
    /// Up to `most` holds from `since` on, oldest first, behind the one named.
    pub(super) async fn histories_since(
        &self,
        since: Timestamp,
        behind: Option<&Behind>,
        most: u32,
    ) -> Result<Histories, Fault> {
        let begin = behind.map_or(since, |behind| behind.created.max(since));
        let rows = sqlx::query(concat!(
            "SELECT ",
            hold_columns!(),
            ", promise FROM holds LEFT JOIN (SELECT hold_id, promise FROM promises) AS made \
             ON made.hold_id = holds.id WHERE holds.state <> 'prepared' \
             AND (created > $1 OR (created = $1 AND id > $2)) ORDER BY created, id LIMIT $3"
        ))
        .bind(micros(begin))
        .bind(behind.map_or("", |behind| behind.id.as_str()))
        .bind(i64::from(most))
        .fetch_all(self.db.read())
        .await?;
        let mut histories = Vec::with_capacity(rows.len());
        for row in &rows {
            histories.extend(self.db.pass_over(row, history)?);
        }
        let last = rows.last().filter(|_| rows.len() >= most as usize);
        Ok(Histories { histories, next: last.map(place).transpose()? })
    }
}

fn history(row: &AnyRow) -> Result<History, Fault> {
    let made = row.try_get::<Option<&str>, _>("promise")?.is_some();
    let promise = if made { Some(promise(row)?) } else { None };
    Ok(History::of(rows::hold(row)?, promise))
}

fn place(row: &AnyRow) -> Result<Behind, Fault> {
    let id: HoldId = hold_id(row.try_get("id")?)?;
    Ok(Behind { created: time(row.try_get("created")?)?, id })
}
