//! Setting a password: by a link that works once, or over the one that is known.

use std::time::Duration;

use super::{
    Account, AccountError, Accounts, Secret,
    error::Fault,
    password,
    people::{event, oneself},
    rows::{account, account_columns},
};
use crate::{
    hold::Actor,
    mail::Timestamp,
    rights::PersonId,
    store::{Work, rows::micros},
};

/// How long a link opens.
const LINK_FOR: Duration = Duration::from_secs(48 * 3600);

impl Accounts {
    /// A link by which somebody sets his password, once. It replaces those that he had.
    pub async fn password_link(
        &self,
        person: &PersonId,
        by: Actor,
        now: Timestamp,
    ) -> Result<Secret, AccountError> {
        let make = async {
            let secret = Secret::new()?;
            let mut work = self.db.begin().await?;
            let account = work.take_person(person).await?;
            work.end_links(person).await?;
            sqlx::query(
                "INSERT INTO password_links (digest, person, created, expires) \
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(secret.digest())
            .bind(person.as_str())
            .bind(micros(now))
            .bind(micros(now.checked_add(LINK_FOR).unwrap_or(Timestamp::MAX)))
            .execute(work.on())
            .await?;
            let facts = [("person", account.person.login)];
            work.audit(None, by, event("password_link_made", facts), now).await?;
            work.commit().await?;
            Ok::<_, Fault>(secret)
        };
        self.db.within("making a link", make).await
    }

    /// Whose password a link sets; `None` where it was used or is too old.
    pub async fn link_opens(
        &self,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Option<Account>, AccountError> {
        let query = concat!(
            "SELECT ",
            account_columns!(),
            " FROM password_links JOIN people ON people.id = password_links.person \
             WHERE digest = $1 AND expires > $2 AND disabled IS NULL"
        );
        let read = async {
            let row = sqlx::query(query)
                .bind(secret.digest())
                .bind(micros(now))
                .fetch_optional(self.db.read())
                .await?;
            row.as_ref().map(account).transpose()
        };
        self.db.within("reading a link", read).await
    }

    /// Sets a password by a link, which is spent by it. False where it was spent before.
    pub async fn set_by_link(
        &self,
        secret: &Secret,
        password: &str,
        address: &str,
        now: Timestamp,
    ) -> Result<bool, AccountError> {
        let Some(account) = self.link_opens(secret, now).await? else { return Ok(false) };
        let hash = self.hashed(&account.person.login, password).await?;
        let set = async {
            let mut work = self.db.begin().await?;
            work.take_person(&account.person.id).await?;
            let spent = sqlx::query("DELETE FROM password_links WHERE digest = $1")
                .bind(secret.digest())
                .execute(work.on())
                .await?;
            if spent.rows_affected() == 0 {
                work.abandon().await?;
                return Ok::<_, Fault>(false);
            }
            let actor = oneself(&account, "desk", Some(address));
            work.put_password(&account, &hash, None, actor, now).await?;
            work.commit().await?;
            Ok(true)
        };
        self.db.within("setting a password", set).await
    }

    /// Sets a password at somebody's behest; all his sessions end, but one where one is to stay.
    pub async fn set_password(
        &self,
        account: &Account,
        password: &str,
        but: Option<&str>,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let hash = self.hashed(&account.person.login, password).await?;
        let set = async {
            let mut work = self.db.begin().await?;
            work.take_person(&account.person.id).await?;
            work.put_password(account, &hash, but, by, now).await?;
            work.commit().await?;
            Ok::<_, Fault>(())
        };
        self.db.within("setting a password", set).await
    }

    /// Whether a password will do for this name, before anything is made.
    ///
    /// # Errors
    /// [`AccountError::Unfit`] where it will not.
    pub fn will_do(login: &str, password: &str) -> Result<(), AccountError> {
        Ok(password::fit(password, login)?)
    }
}

impl Work {
    /// Takes the row of a person for a change.
    pub(super) async fn take_person(&mut self, person: &PersonId) -> Result<Account, Fault> {
        let query = concat!(
            "UPDATE people SET revision = revision + 1 WHERE id = $1 RETURNING ",
            account_columns!()
        );
        let row = sqlx::query(query).bind(person.as_str()).fetch_optional(self.on()).await?;
        account(&row.ok_or(AccountError::Unknown)?)
    }

    pub(super) async fn end_links(&mut self, person: &PersonId) -> Result<(), Fault> {
        sqlx::query("DELETE FROM password_links WHERE person = $1")
            .bind(person.as_str())
            .execute(self.on())
            .await?;
        Ok(())
    }

    async fn put_password(
        &mut self,
        account: &Account,
        hash: &str,
        but: Option<&str>,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let person = &account.person.id;
        sqlx::query("UPDATE people SET password = $2, password_set = $3 WHERE id = $1")
            .bind(person.as_str())
            .bind(hash)
            .bind(micros(now))
            .execute(self.on())
            .await?;
        self.end_links(person).await?;
        let ended = self.end_sessions(person, but).await?;
        let facts =
            [("person", account.person.login.clone()), ("sessions_ended", ended.to_string())];
        self.audit(None, by, event("password_set", facts), now).await
    }
}
