//! Rows of the book as values.

use sqlx::{Row, any::AnyRow};

use super::{BookError, Entry, NewEntry, State};
use crate::{
    hold::Actor,
    store::{
        self,
        rows::{corrupt, count, from_json, time},
    },
};

/// Why a statement of ours did not come to its end.
pub(super) type Fault = store::Fault<BookError>;

impl From<BookError> for Fault {
    fn from(error: BookError) -> Fault {
        Fault::Told(error)
    }
}

/// The columns of an entry.
macro_rules! columns {
    () => {
        "number, state, kind, title, why, hold_id, proposed, proposer, decided, decider, ruling, \
         live, undoes, files, effect"
    };
}
pub(super) use columns;

pub(super) fn entry(row: &AnyRow) -> Result<Entry, Fault> {
    let state: String = row.try_get("state")?;
    let state = State::ALL.into_iter().find(|known| known.as_str() == state);
    let decided: Option<i64> = row.try_get("decided")?;
    let live: Option<i64> = row.try_get("live")?;
    let undoes: Option<i64> = row.try_get("undoes")?;
    let decided = match decided {
        Some(at) => Some((time(at)?, from_json::<Actor, BookError>(row, "decider")?)),
        None => None,
    };
    let said = match row.try_get::<Option<String>, _>("effect")? {
        Some(_) => Some(from_json(row, "effect")?),
        None => None,
    };
    Ok(Entry {
        number: count(row.try_get("number")?)?,
        state: state.ok_or_else(|| corrupt("a change is in no known state"))?,
        proposed: (time(row.try_get("proposed")?)?, from_json(row, "proposer")?),
        decided,
        live: live.map(time).transpose()?,
        new: NewEntry {
            kind: row.try_get("kind")?,
            title: row.try_get("title")?,
            why: row.try_get("why")?,
            hold: row.try_get("hold_id")?,
            files: from_json(row, "files")?,
            said,
            overruled: row.try_get("ruling")?,
            undoes: undoes.map(count).transpose()?,
        },
    })
}
