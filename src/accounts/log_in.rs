//! Proving who one is, with a password.

use std::time::Duration;

use super::{
    Account, AccountError, Accounts, Secret,
    account::login,
    error::Fault,
    people::{event, oneself},
    rows::{account, account_columns, hash},
    session::Begins,
    tries::Who,
};
use crate::{mail::Timestamp, telemetry};

/// What somebody typed, and where he sits.
#[derive(Clone, Copy)]
pub struct Tried<'a> {
    /// The log-in name.
    pub login: &'a str,
    /// The password.
    pub password: &'a str,
    /// The client's address.
    pub address: &'a str,
    /// The client's name for itself.
    pub agent: &'a str,
}

/// What came of a try to log in.
#[derive(Clone)]
pub enum Entered {
    /// He is in: the id of his session.
    In(Secret),
    /// The password was right; a code of the second factor is still to come.
    Half(Secret),
    /// Name or password is wrong: which, is not told.
    Refused,
    /// Too many tries failed: the next is looked at after this.
    Wait(Duration),
}

/// What came of asking somebody who is logged in for his password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is his.
    Right,
    /// It is not.
    Wrong,
    /// Too many were wrong: the next is looked at after this.
    Wait(Duration),
}

impl Accounts {
    /// Asks somebody who is logged in for his password, before he changes how he logs in: a browser
    /// that was left open must not be enough.
    pub async fn check_password(
        &self,
        account: &Account,
        password: &str,
        address: &str,
        now: Timestamp,
    ) -> Result<Checked, AccountError> {
        let login = &account.person.login;
        let who = Who { login, address };
        let waits = self.db.within("counting a try to log in", self.begin_try(&who, now)).await?;
        if let Some(wait) = waits {
            return Ok(Checked::Wait(wait));
        }
        let found = self.db.within("finding a person", self.with_hash(login)).await?;
        if !self.is_password(found.and_then(|(_, hash)| hash), password).await? {
            return Ok(Checked::Wrong);
        }
        let forgive = async {
            let mut work = self.db.begin().await?;
            work.forgive(&who, now).await?;
            work.commit().await?;
            Ok::<_, Fault>(())
        };
        self.db.within("counting a try to log in", forgive).await?;
        Ok(Checked::Right)
    }

    /// Tries a name and a password. Nothing tells whether there is such a name.
    pub async fn log_in(&self, tried: Tried<'_>, now: Timestamp) -> Result<Entered, AccountError> {
        // A name that nobody can have takes the same way: it counts against its address.
        let name = login(tried.login).unwrap_or_default();
        let who = Who { login: &name, address: tried.address };
        let waits = self.db.within("counting a try to log in", self.begin_try(&who, now)).await?;
        if let Some(wait) = waits {
            telemetry::desk::must_wait(wait);
            return Ok(Entered::Wait(wait));
        }
        let found = self.db.within("finding a person", self.with_hash(&name)).await?;
        let (account, hash) = match found {
            Some((account, hash)) if account.disabled.is_none() => (Some(account), hash),
            _ => (None, None),
        };
        let is_it = self.is_password(hash, tried.password).await?;
        let Some(account) = account.filter(|_| is_it) else {
            telemetry::desk::refused();
            return Ok(Entered::Refused);
        };
        let entered = self.db.within("logging in", self.enter(&account, &who, tried.agent, now));
        let entered = entered.await?;
        if matches!(entered, Entered::In(_)) {
            telemetry::desk::logged_in(&account.person.login);
        }
        Ok(entered)
    }

    async fn with_hash(&self, login: &str) -> Result<Option<(Account, Option<String>)>, Fault> {
        let query = concat!("SELECT ", account_columns!(), " FROM people WHERE login = $1");
        let row = sqlx::query(query).bind(login).fetch_optional(self.db.read()).await?;
        row.map(|row| Ok((account(&row)?, hash(&row)?))).transpose()
    }

    /// The password was right.
    async fn enter(
        &self,
        account: &Account,
        who: &Who<'_>,
        agent: &str,
        now: Timestamp,
    ) -> Result<Entered, Fault> {
        let begins = Begins {
            person: &account.person.id,
            is_half: account.has_factor,
            address: who.address,
            agent,
        };
        let mut work = self.db.begin().await?;
        let secret = self.begin_session(&mut work, &begins, now).await?;
        if account.has_factor {
            work.commit().await?;
            return Ok(Entered::Half(secret));
        }
        work.forgive(who, now).await?;
        let actor = oneself(account, "desk", Some(who.address));
        work.audit(None, actor, event("logged_in", [("by", "password".to_owned())]), now).await?;
        work.commit().await?;
        Ok(Entered::In(secret))
    }
}
