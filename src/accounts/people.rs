//! Making, finding and changing accounts.

use super::{
    Account, AccountError, Accounts, NewPerson,
    account::login,
    error::Fault,
    rows::{account, account_columns},
};
use crate::{
    hold::{Actor, AuditEvent},
    mail::Timestamp,
    rights::PersonId,
};

/// No list of people is longer.
const MOST_LISTED: i64 = 5_000;

impl Accounts {
    /// Makes an account. It has no password yet: see [`Accounts::password_link`] and
    /// [`Accounts::set_password`].
    ///
    /// # Errors
    /// [`AccountError::Taken`] where somebody logs in by this name.
    pub async fn add(
        &self,
        new: NewPerson,
        by: Actor,
        now: Timestamp,
    ) -> Result<Account, AccountError> {
        let new = NewPerson { login: login(&new.login)?, ..new };
        self.db.within("adding a person", self.insert(&new, by, now)).await
    }

    async fn insert(&self, new: &NewPerson, by: Actor, now: Timestamp) -> Result<Account, Fault> {
        let roles: Vec<&str> = new.roles.iter().map(|role| role.as_str()).collect();
        let facts = [
            ("person", new.login.clone()),
            ("roles", roles.join(" ")),
            ("vouched_by", new.vouched_by.as_text()),
        ];
        let mut work = self.db.begin().await?;
        let made = work.insert_person(new, now).await?;
        work.audit(None, by, event("person_added", facts), now).await?;
        work.commit().await?;
        Ok(made)
    }

    /// Everybody with an account, by log-in name.
    pub async fn everybody(&self) -> Result<Vec<Account>, AccountError> {
        let query = concat!("SELECT ", account_columns!(), " FROM people ORDER BY login LIMIT $1");
        let read = async {
            let rows = sqlx::query(query).bind(MOST_LISTED).fetch_all(self.db.read()).await?;
            rows.iter().map(account).collect::<Result<_, Fault>>()
        };
        self.db.within("listing people", read).await
    }

    /// Whether anybody has an account.
    pub async fn are_any(&self) -> Result<bool, AccountError> {
        let read = async {
            let any: Option<String> =
                sqlx::query_scalar("SELECT id FROM people WHERE disabled IS NULL LIMIT 1")
                    .fetch_optional(self.db.read())
                    .await?;
            Ok::<_, Fault>(any.is_some())
        };
        self.db.within("looking for people", read).await
    }

    /// The account of this id.
    pub async fn find(&self, id: &PersonId) -> Result<Option<Account>, AccountError> {
        let query = concat!("SELECT ", account_columns!(), " FROM people WHERE id = $1");
        self.one(query, id.as_str()).await
    }

    /// The account that logs in by this name.
    pub async fn find_login(&self, typed: &str) -> Result<Option<Account>, AccountError> {
        let Ok(login) = login(typed) else { return Ok(None) };
        let query = concat!("SELECT ", account_columns!(), " FROM people WHERE login = $1");
        self.one(query, &login).await
    }

    async fn one(&self, query: &'static str, by: &str) -> Result<Option<Account>, AccountError> {
        let read = async {
            let row = sqlx::query(query).bind(by).fetch_optional(self.db.read()).await?;
            row.as_ref().map(account).transpose()
        };
        self.db.within("finding a person", read).await
    }
}

/// An event with its facts.
pub(super) fn event<const N: usize>(name: &str, facts: [(&str, String); N]) -> AuditEvent {
    let facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    AuditEvent { name: name.to_owned(), facts }
}

/// Who acts, where somebody acts in his own name: to log in, to set his password.
pub(super) fn oneself(account: &Account, via: &str, address: Option<&str>) -> Actor {
    Actor {
        role: account.person.roles.last().map_or("person", |role| role.as_str()).to_owned(),
        name: account.person.login.clone(),
        via: via.to_owned(),
        address: address.map(str::to_owned),
    }
}
