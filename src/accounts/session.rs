//! Being logged in: a random id in a cookie, its digest in the database.
//!
//! An id is made when somebody has proven who he is, never before, and never taken from the client.

use std::time::Duration;

use sqlx::Row;

use super::{
    Account, AccountError, Accounts, Secret,
    error::Fault,
    people::event,
    rows::{account, account_columns},
};
use crate::{
    hold::Actor,
    mail::Timestamp,
    rights::PersonId,
    store::{
        Work,
        rows::{micros, time},
    },
};

/// Using a session is written down once in this time.
const SEEN_TO: Duration = Duration::from_secs(60);
/// Between password and second factor.
const HALF_FOR: Duration = Duration::from_secs(300);
/// What is kept of a browser's name for itself.
const MAX_AGENT_CHARS: usize = 200;

/// Where somebody is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name in forms; it opens nothing.
    pub id: String,
    /// When he logged in.
    pub created: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// When it ends however much it is used.
    pub expires: Timestamp,
    /// The client's address then.
    pub address: String,
    /// The client's name for itself.
    pub agent: String,
}

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who.
    pub account: Account,
    /// Where.
    pub session: Session,
}

/// Whose and where a session begins.
pub(super) struct Begins<'a> {
    pub(super) person: &'a PersonId,
    pub(super) is_half: bool,
    pub(super) address: &'a str,
    pub(super) agent: &'a str,
}

fn later(at: Timestamp, span: Duration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}

impl Accounts {
    /// Who has this session; `None` where it is over, was ended, or never was.
    pub async fn visit(
        &self,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Option<Visit>, AccountError> {
        self.db.within("finding a session", self.find_session(secret, false, now)).await
    }

    pub(super) async fn find_session(
        &self,
        secret: &Secret,
        is_half: bool,
        now: Timestamp,
    ) -> Result<Option<Visit>, Fault> {
        let query = concat!(
            "SELECT ",
            account_columns!(),
            ", digest, sessions.created AS begun, seen, expires, sessions.address AS place, agent \
             FROM sessions JOIN people ON people.id = sessions.person \
             WHERE digest = $1 AND half = $2 AND expires > $3 AND seen > $4 AND disabled IS NULL"
        );
        let unused_since = now.checked_sub(self.settings.idle).unwrap_or(Timestamp::MIN);
        let row = sqlx::query(query)
            .bind(secret.digest())
            .bind(i64::from(is_half))
            .bind(micros(now))
            .bind(micros(unused_since))
            .fetch_optional(self.db.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut session = session(&row)?;
        if later(session.seen, SEEN_TO) <= now {
            sqlx::query("UPDATE sessions SET seen = $2 WHERE digest = $1 AND seen < $2")
                .bind(&session.id)
                .bind(micros(now))
                .execute(self.db.write())
                .await?;
            session.seen = now;
        }
        Ok(Some(Visit { account: account(&row)?, session }))
    }

    /// Where somebody is logged in, last used first.
    pub async fn sessions(
        &self,
        person: &PersonId,
        now: Timestamp,
    ) -> Result<Vec<Session>, AccountError> {
        let read = async {
            let unused_since = now.checked_sub(self.settings.idle).unwrap_or(Timestamp::MIN);
            let rows = sqlx::query(
                "SELECT digest, created AS begun, seen, expires, address AS place, agent \
                 FROM sessions WHERE person = $1 AND half = 0 AND expires > $2 AND seen > $3 \
                 ORDER BY seen DESC LIMIT 100",
            )
            .bind(person.as_str())
            .bind(micros(now))
            .bind(micros(unused_since))
            .fetch_all(self.db.read())
            .await?;
            rows.iter().map(session).collect::<Result<_, Fault>>()
        };
        self.db.within("listing sessions", read).await
    }

    /// Ends one session of somebody; false where it had ended.
    pub async fn end_session(
        &self,
        person: &PersonId,
        id: &str,
        by: Actor,
        now: Timestamp,
    ) -> Result<bool, AccountError> {
        let end = async {
            let mut work = self.db.begin().await?;
            let ended = sqlx::query("DELETE FROM sessions WHERE digest = $1 AND person = $2")
                .bind(id)
                .bind(person.as_str())
                .execute(work.on())
                .await?;
            if ended.rows_affected() == 0 {
                work.abandon().await?;
                return Ok::<_, Fault>(false);
            }
            work.audit(None, by, event("logged_out", []), now).await?;
            work.commit().await?;
            Ok(true)
        };
        self.db.within("ending a session", end).await
    }

    /// Ends all sessions of somebody but one, if one is to stay; gives how many.
    pub async fn end_sessions(
        &self,
        person: &PersonId,
        but: Option<&str>,
        by: Actor,
        now: Timestamp,
    ) -> Result<u64, AccountError> {
        let end = async {
            let mut work = self.db.begin().await?;
            let ended = work.end_sessions(person, but).await?;
            let facts = [("sessions", ended.to_string())];
            work.audit(None, by, event("logged_out_everywhere", facts), now).await?;
            work.commit().await?;
            Ok::<_, Fault>(ended)
        };
        self.db.within("ending sessions", end).await
    }

    /// Writes a session that begins now.
    pub(super) async fn begin_session(
        &self,
        work: &mut Work,
        begins: &Begins<'_>,
        now: Timestamp,
    ) -> Result<Secret, Fault> {
        let secret = Secret::new()?;
        let life = if begins.is_half { HALF_FOR } else { self.settings.longest };
        let agent: String = begins.agent.chars().take(MAX_AGENT_CHARS).collect();
        sqlx::query("DELETE FROM sessions WHERE expires <= $1")
            .bind(micros(now))
            .execute(work.on())
            .await?;
        sqlx::query(
            "INSERT INTO sessions (digest, person, half, created, seen, expires, address, agent) \
             VALUES ($1, $2, $3, $4, $4, $5, $6, $7)",
        )
        .bind(secret.digest())
        .bind(begins.person.as_str())
        .bind(i64::from(begins.is_half))
        .bind(micros(now))
        .bind(micros(later(now, life)))
        .bind(begins.address)
        .bind(agent)
        .execute(work.on())
        .await?;
        Ok(secret)
    }
}

impl Work {
    /// Ends all sessions of somebody but one, if one is to stay; gives how many.
    pub(super) async fn end_sessions(
        &mut self,
        person: &PersonId,
        but: Option<&str>,
    ) -> Result<u64, Fault> {
        let ended = sqlx::query("DELETE FROM sessions WHERE person = $1 AND digest <> $2")
            .bind(person.as_str())
            .bind(but.unwrap_or_default())
            .execute(self.on())
            .await?;
        Ok(ended.rows_affected())
    }
}

fn session(row: &sqlx::any::AnyRow) -> Result<Session, Fault> {
    Ok(Session {
        id: row.try_get("digest")?,
        created: time(row.try_get("begun")?)?,
        seen: time(row.try_get("seen")?)?,
        expires: time(row.try_get("expires")?)?,
        address: row.try_get("place")?,
        agent: row.try_get("agent")?,
    })
}
