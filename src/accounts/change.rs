//! Changing what somebody is, and shutting somebody out.

use std::collections::BTreeSet;

use super::{Account, AccountError, Accounts, error::Fault, people::event};
use crate::{
    hold::Actor,
    mail::{Mailbox, Timestamp},
    rights::{PersonId, Role},
    store::rows::{json, micros},
};

/// What somebody is called and is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What people call him.
    pub name: String,
    /// His mailbox.
    pub address: Option<Mailbox>,
    /// What he is.
    pub roles: BTreeSet<Role>,
    /// The teams that he leads, beside those of the configuration.
    pub teams: BTreeSet<String>,
}

impl Accounts {
    /// Makes somebody what he is from now on. The audit tells what he was before.
    pub async fn change(
        &self,
        person: &PersonId,
        to: &Standing,
        by: Actor,
        now: Timestamp,
    ) -> Result<Account, AccountError> {
        let change = async {
            let mut work = self.db.begin().await?;
            let before = work.take_person(person).await?;
            let roles: Vec<&str> = to.roles.iter().map(|role| role.as_str()).collect();
            sqlx::query(
                "UPDATE people SET name = $2, address = $3, roles = $4, teams = $5 WHERE id = $1",
            )
            .bind(person.as_str())
            .bind(if to.name.is_empty() { &before.person.login } else { &to.name })
            .bind(to.address.as_ref().map(Mailbox::as_str))
            .bind(json(&roles)?)
            .bind(json(&to.teams)?)
            .execute(work.on())
            .await?;
            let after = work.take_person(person).await?;
            let told = |account: &Account| {
                let roles = account.person.roles.iter().map(|role| role.as_str());
                let teams = account.person.teams.iter().map(String::as_str);
                (roles.collect::<Vec<_>>().join(" "), teams.collect::<Vec<_>>().join(", "))
            };
            let ((roles_before, teams_before), (roles, teams)) = (told(&before), told(&after));
            let facts = [
                ("person", before.person.login),
                ("roles_before", roles_before),
                ("roles", roles),
                ("teams_before", teams_before),
                ("teams", teams),
            ];
            work.audit(None, by, event("person_changed", facts), now).await?;
            work.commit().await?;
            Ok::<_, Fault>(after)
        };
        self.db.within("changing a person", change).await
    }

    /// Shuts somebody out: his sessions and links end with the same commit.
    pub async fn disable(
        &self,
        person: &PersonId,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        self.shut(person, Some(now), by, now).await
    }

    /// Lets somebody in again.
    pub async fn enable(
        &self,
        person: &PersonId,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        self.shut(person, None, by, now).await
    }

    async fn shut(
        &self,
        person: &PersonId,
        since: Option<Timestamp>,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let shut = async {
            let mut work = self.db.begin().await?;
            let account = work.take_person(person).await?;
            if account.disabled.is_some() == since.is_some() {
                // Somebody was first: there is nothing to do and nothing to tell.
                work.abandon().await?;
                return Ok::<_, Fault>(());
            }
            sqlx::query("UPDATE people SET disabled = $2 WHERE id = $1")
                .bind(person.as_str())
                .bind(since.map(micros))
                .execute(work.on())
                .await?;
            work.end_links(person).await?;
            let ended = work.end_sessions(person, None).await?;
            let name = if since.is_some() { "person_disabled" } else { "person_enabled" };
            let facts = [("person", account.person.login), ("sessions_ended", ended.to_string())];
            work.audit(None, by, event(name, facts), now).await?;
            work.commit().await?;
            Ok(())
        };
        self.db.within("changing a person", shut).await
    }
}
