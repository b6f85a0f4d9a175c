//! Whoever tries to log in and fails must wait before the next try, longer each time.
//!
//! Three counts: of one address for one name, of an address, of a name. The last is slow to grow and
//! does not bind addresses from which its owner has logged in before, so that nobody can shut out
//! somebody else by trying his name. A try is counted before its password is looked at and taken back
//! if it was right: a thousand at once are a thousand.

use std::time::Duration;

use sqlx::Row;

use super::{Accounts, error::Fault};
use crate::{
    mail::Timestamp,
    store::{
        Work,
        rows::{micros, time},
    },
};

/// After so long without a try nothing is held against anybody.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(3600);
/// An address from which somebody logged in is his for so long.
const KNOWN_FOR: Duration = Duration::from_secs(30 * 24 * 3600);
/// A type that is tried out of habit is forgiven; a list of them is not.
const FREE_FOR_PAIR: u32 = 5;
/// A house behind one address has many who mistype.
const FREE_FOR_ADDRESS: u32 = 30;
/// Many addresses that try one name.
const FREE_FOR_LOGIN: u32 = 50;
/// The longest that anybody waits.
const LONGEST: Duration = Duration::from_secs(900);
/// The longest that a name waits for what others did.
const LONGEST_FOR_LOGIN: Duration = Duration::from_secs(60);

/// What is counted.
struct Count {
    subject: fn(&Who<'_>) -> String,
    free: u32,
    longest: Duration,
}

/// In the order in which the rows are taken, the same for everybody.
const COUNTS: [Count; 3] = [
    Count { subject: |who| who.place(), free: FREE_FOR_ADDRESS, longest: LONGEST },
    Count { subject: |who| who.name(), free: FREE_FOR_LOGIN, longest: LONGEST_FOR_LOGIN },
    Count { subject: |who| who.pair(), free: FREE_FOR_PAIR, longest: LONGEST },
];

/// Who tries: by which name, from where.
pub(super) struct Who<'a> {
    pub(super) login: &'a str,
    pub(super) address: &'a str,
}

impl Who<'_> {
    fn place(&self) -> String {
        format!("from {}", self.address)
    }

    fn name(&self) -> String {
        format!("as {}", self.login)
    }

    fn pair(&self) -> String {
        format!("as {} from {}", self.login, self.address)
    }

    /// Where it is kept that he has logged in from there.
    fn known(&self) -> String {
        format!("known {} from {}", self.login, self.address)
    }
}

/// How long to wait after so many failures.
fn delay(failed: u32, free: u32, longest: Duration) -> Duration {
    match failed.checked_sub(free) {
        None => Duration::ZERO,
        Some(over) => Duration::from_secs(1_u64.checked_shl(over).unwrap_or(u64::MAX)).min(longest),
    }
}

fn later(at: Timestamp, span: Duration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}

impl Accounts {
    /// Counts a try; `Some`: it is too soon, and was not counted.
    pub(super) async fn begin_try(
        &self,
        who: &Who<'_>,
        now: Timestamp,
    ) -> Result<Option<Duration>, Fault> {
        let mut work = self.db.begin().await?;
        let known = work.is_known(who, now).await?;
        for Count { subject, free, longest } in COUNTS {
            let subject = subject(who);
            let (failed, last) = work.take_tries(&subject, now).await?;
            // What others did by his name does not bind him where he is known.
            let excused = known && subject == who.name();
            let until = later(last, delay(failed, free, longest));
            if until > now && !excused {
                work.abandon().await?;
                let wait = Duration::try_from(until.duration_since(now)).unwrap_or(LONGEST);
                return Ok(Some(wait.max(Duration::from_secs(1))));
            }
            sqlx::query("UPDATE tries SET failed = $2, last = $3 WHERE subject = $1")
                .bind(&subject)
                .bind(i64::from(failed.saturating_add(1)))
                .bind(micros(now))
                .execute(work.on())
                .await?;
        }
        work.commit().await?;
        Ok(None)
    }
}

impl Work {
    async fn is_known(&mut self, who: &Who<'_>, now: Timestamp) -> Result<bool, Fault> {
        let since = now.checked_sub(KNOWN_FOR).unwrap_or(Timestamp::MIN);
        let row = sqlx::query("SELECT last FROM tries WHERE subject = $1 AND last > $2")
            .bind(who.known())
            .bind(micros(since))
            .fetch_optional(self.on())
            .await?;
        Ok(row.is_some())
    }

    /// What is held against this subject, its row taken.
    async fn take_tries(
        &mut self,
        subject: &str,
        now: Timestamp,
    ) -> Result<(u32, Timestamp), Fault> {
        let row = sqlx::query(
            "INSERT INTO tries (subject, failed, last) VALUES ($1, 0, $2) \
             ON CONFLICT (subject) DO UPDATE SET failed = tries.failed RETURNING failed, last",
        )
        .bind(subject)
        .bind(micros(now))
        .fetch_one(self.on())
        .await?;
        let last = time(row.try_get("last")?)?;
        let failed = u32::try_from(row.try_get::<i64, _>("failed")?).unwrap_or(u32::MAX);
        Ok((if later(last, FORGOTTEN_AFTER) <= now { 0 } else { failed }, last))
    }

    /// The try was right: nothing is held against this pair, and one less against the others.
    pub(super) async fn forgive(&mut self, who: &Who<'_>, now: Timestamp) -> Result<(), Fault> {
        for subject in [who.place(), who.name()] {
            sqlx::query("UPDATE tries SET failed = failed - 1 WHERE subject = $1 AND failed > 0")
                .bind(subject)
                .execute(self.on())
                .await?;
        }
        sqlx::query("DELETE FROM tries WHERE subject = $1")
            .bind(who.pair())
            .execute(self.on())
            .await?;
        sqlx::query(
            "INSERT INTO tries (subject, failed, last) VALUES ($1, 0, $2) \
             ON CONFLICT (subject) DO UPDATE SET last = $2",
        )
        .bind(who.known())
        .bind(micros(now))
        .execute(self.on())
        .await?;
        let old = now.checked_sub(KNOWN_FOR).unwrap_or(Timestamp::MIN);
        sqlx::query("DELETE FROM tries WHERE last < $1")
            .bind(micros(old))
            .execute(self.on())
            .await?;
        Ok(())
    }
}
