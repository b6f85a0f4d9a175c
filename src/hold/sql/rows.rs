//! Rows as values, and back. What does not read is said to be corrupt, and never quoted.

use sqlx::{Row, any::AnyRow};

use super::Fault;
pub(super) use crate::store::rows::{corrupt, count, json, micros, time};
use crate::{
    hold::{AuditEntry, Hold, HoldSummary, Item, ItemId, ItemKind, Slip, State},
    mail::{Envelope, HoldId, Recipient, Timestamp},
    store::rows::{from_json, small_count},
};

/// The columns of a [`Hold`].
macro_rules! hold_columns {
    () => {
        "id, state, created, remind_at, expires_at, reminders, size_octets, trace, envelope, \
         deliveries, origin, dossier, outcomes, watch, parties"
    };
}
pub(super) use hold_columns;

/// The columns of an [`AuditEntry`].
macro_rules! entry_columns {
    () => {
        "number, at, hold_id, actor, event, previous, digest, slip, salt"
    };
}
pub(super) use entry_columns;

/// The columns of an [`Item`].
macro_rules! item_columns {
    () => {
        "id, hold_id, state, kind, name, octets, recipients, created, due, attempts, owner, \
         lease_until"
    };
}
pub(super) use item_columns;

/// The id of a column.
pub(super) fn hold_id(text: &str) -> Result<HoldId, Fault> {
    HoldId::parse(text).map_err(|_| corrupt("a hold id does not read").into())
}

/// The state of a column.
pub(super) fn state(text: &str) -> Result<State, Fault> {
    State::from_text(text).ok_or_else(|| corrupt("a state does not read").into())
}

/// A row of [`hold_columns`].
pub(super) fn hold(row: &AnyRow) -> Result<Hold, Fault> {
    let hold = Hold {
        id: hold_id(row.try_get("id")?)?,
        state: state(row.try_get("state")?)?,
        envelope: from_json(row, "envelope")?,
        deliveries: from_json(row, "deliveries")?,
        origin: from_json(row, "origin")?,
        trace: row.try_get("trace")?,
        dossier: from_json(row, "dossier")?,
        size_octets: count(row.try_get("size_octets")?)?,
        created: time(row.try_get("created")?)?,
        remind_at: row.try_get::<Option<i64>, _>("remind_at")?.map(time).transpose()?,
        expires_at: time(row.try_get("expires_at")?)?,
        reminders: small_count(row.try_get("reminders")?)?,
        outcomes: from_json(row, "outcomes")?,
        watch: from_json(row, "watch")?,
        parties: from_json(row, "parties")?,
    };
    if hold.deliveries.len() == hold.envelope.recipients().len() {
        Ok(hold)
    } else {
        Err(corrupt("a hold has not one delivery a recipient").into())
    }
}

/// A row of `holds list`.
pub(super) fn summary(row: &AnyRow) -> Result<HoldSummary, Fault> {
    let envelope: Envelope = from_json(row, "envelope")?;
    Ok(HoldSummary {
        id: hold_id(row.try_get("id")?)?,
        state: state(row.try_get("state")?)?,
        created: time(row.try_get("created")?)?,
        sender: row.try_get("reverse_path")?,
        recipients: envelope.recipients().iter().map(|r| r.path.as_str().to_owned()).collect(),
        subject: row.try_get("subject")?,
        policy: row.try_get("policy")?,
        category: row.try_get("category")?,
        message_id: row.try_get("message_id")?,
        due: time(row.try_get("expires_at")?)?,
    })
}

/// An outbox row, with who has it.
pub(super) struct Owed {
    pub(super) item: Item,
    pub(super) state: String,
    pub(super) owner: Option<String>,
    pub(super) lease_until: Option<Timestamp>,
}

/// A row of [`item_columns`].
pub(super) fn owed(row: &AnyRow) -> Result<Owed, Fault> {
    let kind = match row.try_get::<&str, _>("kind")? {
        "release" => ItemKind::Release,
        "notice" => ItemKind::Notice { name: row.try_get("name")?, bytes: row.try_get("octets")? },
        _ => return Err(corrupt("an outbox item is of no kind we know").into()),
    };
    let recipients: Vec<Recipient> = from_json(row, "recipients")?;
    let item = Item {
        id: ItemId(row.try_get("id")?),
        hold: hold_id(row.try_get("hold_id")?)?,
        kind,
        recipients,
        attempts: small_count(row.try_get("attempts")?)?,
        created: time(row.try_get("created")?)?,
    };
    Ok(Owed {
        item,
        state: row.try_get("state")?,
        owner: row.try_get("owner")?,
        lease_until: row.try_get::<Option<i64>, _>("lease_until")?.map(time).transpose()?,
    })
}

/// A row of the audit.
pub(super) fn entry(row: &AnyRow) -> Result<AuditEntry, Fault> {
    let hold: Option<String> = row.try_get("hold_id")?;
    let slip = match row.try_get::<Option<&str>, _>("slip")? {
        Some(_) => Some(Slip { salt: row.try_get("salt")?, ..from_json(row, "slip")? }),
        None => None,
    };
    Ok(AuditEntry {
        slip,
        number: count(row.try_get("number")?)?,
        at: time(row.try_get("at")?)?,
        hold: hold.as_deref().map(hold_id).transpose()?,
        actor: from_json(row, "actor")?,
        event: from_json(row, "event")?,
        previous: row.try_get("previous")?,
        digest: row.try_get("digest")?,
    })
}
