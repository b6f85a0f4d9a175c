//! Rows of people as values.

use std::collections::BTreeSet;

use sqlx::{Row, any::AnyRow};

use super::{Account, VouchedBy, error::Fault};
use crate::{
    mail::Mailbox,
    rights::{Person, PersonId, Role},
    store::rows::{corrupt, from_json, time},
};

/// The columns of an [`Account`], and its password's hash.
macro_rules! account_columns {
    () => {
        "people.id, login, name, people.address, roles, teams, vouched_by, password, \
         password_set, factor, people.created, disabled"
    };
}
pub(super) use account_columns;

/// A row of [`account_columns`].
pub(super) fn account(row: &AnyRow) -> Result<Account, Fault> {
    let moment = |column: &str| -> Result<_, Fault> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(time).transpose()?)
    };
    let address: Option<String> = row.try_get("address")?;
    let address = address.as_deref().map(Mailbox::parse).transpose();
    let roles: Vec<String> = from_json(row, "roles")?;
    let teams: BTreeSet<String> = from_json(row, "teams")?;
    let vouched_by: String = row.try_get("vouched_by")?;
    let person = Person {
        id: PersonId::new(row.try_get::<String, _>("id")?),
        login: row.try_get("login")?,
        name: row.try_get("name")?,
        address: address.map_err(|_| corrupt("an address does not read"))?,
        // A role of a later release gives no right here.
        roles: roles.iter().filter_map(|role| Role::from_text(role)).collect(),
        teams,
    };
    Ok(Account {
        person,
        vouched_by: VouchedBy::from_text(&vouched_by)
            .ok_or_else(|| corrupt("who vouches for a person does not read"))?,
        has_password: hash(row)?.is_some(),
        password_set: moment("password_set")?,
        has_factor: row.try_get::<Option<String>, _>("factor")?.is_some(),
        created: time(row.try_get("created")?)?,
        disabled: moment("disabled")?,
    })
}

/// The hash of the password of such a row.
pub(super) fn hash(row: &AnyRow) -> Result<Option<String>, Fault> {
    Ok(row.try_get("password")?)
}
