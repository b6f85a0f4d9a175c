//! Somebody whom an identity provider vouches for.

use std::collections::BTreeSet;

use super::{
    Account, AccountError, Accounts, NewPerson, Secret,
    account::login,
    error::Fault,
    people::{event, oneself},
    rows::{account, account_columns},
    session::Begins,
};
use crate::{
    mail::Timestamp,
    rights::Role,
    store::{
        Work,
        rows::{json, micros},
    },
    telemetry,
};

/// Roles and teams that a provider's groups give.
pub type Given = (BTreeSet<Role>, BTreeSet<String>);

impl Accounts {
    /// Logs in whoever a provider vouches for, and makes the account where there is none. It is known
    /// by the provider's own name for him, never by a log-in name that somebody else may have.
    /// `given`: what his groups make him, now and at each log-in; `None` where roles are kept here.
    ///
    /// # Errors
    /// [`AccountError::Taken`] where somebody else has his log-in name, [`AccountError::Unknown`]
    /// where he was shut out.
    pub async fn log_in_vouched(
        &self,
        who: &NewPerson,
        given: Option<&Given>,
        (address, agent): (&str, &str),
        now: Timestamp,
    ) -> Result<Secret, AccountError> {
        let who = NewPerson { login: login(&who.login)?, ..who.clone() };
        let enter = async {
            let mut work = self.db.begin().await?;
            let found = work.take_vouched(&who.vouched_by.as_text()).await?;
            let account = match found {
                Some(account) => account,
                None => work.add_vouched(&who, address, now).await?,
            };
            if account.disabled.is_some() {
                work.abandon().await?;
                return Err(Fault::from(AccountError::Unknown));
            }
            let account = match given {
                Some(given) => work.give(account, given, address, now).await?,
                None => account,
            };
            let begins = Begins { person: &account.person.id, is_half: false, address, agent };
            let secret = self.begin_session(&mut work, &begins, now).await?;
            let actor = oneself(&account, "desk", Some(address));
            let facts = [("by", "identity provider".to_owned())];
            work.audit(None, actor, event("logged_in", facts), now).await?;
            work.commit().await?;
            Ok((secret, account.person.login))
        };
        let (secret, login) = self.db.within("logging in", enter).await?;
        telemetry::desk::logged_in(&login);
        Ok(secret)
    }
}

impl Work {
    async fn take_vouched(&mut self, by: &str) -> Result<Option<Account>, Fault> {
        let query = concat!(
            "UPDATE people SET revision = revision + 1 WHERE vouched_by = $1 RETURNING ",
            account_columns!()
        );
        let row = sqlx::query(query).bind(by).fetch_optional(self.on()).await?;
        row.as_ref().map(account).transpose()
    }

    async fn add_vouched(
        &mut self,
        who: &NewPerson,
        address: &str,
        now: Timestamp,
    ) -> Result<Account, Fault> {
        let made = self.insert_person(who, now).await?;
        let actor = oneself(&made, "desk", Some(address));
        let facts = [("person", who.login.clone()), ("vouched_by", who.vouched_by.as_text())];
        self.audit(None, actor, event("person_added", facts), now).await?;
        Ok(made)
    }

    /// Makes him what his groups say, if he is something else.
    async fn give(
        &mut self,
        mut account: Account,
        (roles, teams): &Given,
        address: &str,
        now: Timestamp,
    ) -> Result<Account, Fault> {
        let person = &mut account.person;
        if person.roles == *roles && person.teams == *teams {
            return Ok(account);
        }
        let names = |roles: &BTreeSet<Role>| roles.iter().map(|r| r.as_str()).collect::<Vec<_>>();
        sqlx::query("UPDATE people SET roles = $2, teams = $3 WHERE id = $1")
            .bind(person.id.as_str())
            .bind(json(&names(roles))?)
            .bind(json(teams)?)
            .execute(self.on())
            .await?;
        let facts = [
            ("person", person.login.clone()),
            ("roles_before", names(&person.roles).join(" ")),
            ("roles", names(roles).join(" ")),
            ("teams", teams.iter().cloned().collect::<Vec<_>>().join(", ")),
            ("by", "groups of the identity provider".to_owned()),
        ];
        (person.roles, person.teams) = (roles.clone(), teams.clone());
        let actor = oneself(&account, "desk", Some(address));
        self.audit(None, actor, event("person_changed", facts), now).await?;
        Ok(account)
    }

    /// Writes a new person's row.
    pub(super) async fn insert_person(
        &mut self,
        new: &NewPerson,
        now: Timestamp,
    ) -> Result<Account, Fault> {
        let id = uuid::Uuid::now_v7().simple().to_string();
        let roles: Vec<&str> = new.roles.iter().map(|role| role.as_str()).collect();
        let made = sqlx::query(concat!(
            "INSERT INTO people (id, login, name, address, roles, teams, vouched_by, created, \
             revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0) \
             ON CONFLICT DO NOTHING RETURNING ",
            account_columns!()
        ))
        .bind(&id)
        .bind(&new.login)
        .bind(if new.name.is_empty() { &new.login } else { &new.name })
        .bind(new.address.as_ref().map(|address| address.as_str()))
        .bind(json(&roles)?)
        .bind(json(&new.teams)?)
        .bind(new.vouched_by.as_text())
        .bind(micros(now))
        .fetch_optional(self.on())
        .await?;
        account(&made.ok_or_else(|| AccountError::Taken(new.login.clone()))?)
    }
}
