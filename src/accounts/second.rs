//! Asking for the second factor, setting it up, taking it away.

use sqlx::Row;

use super::{
    Account, AccountError, Accounts, Entered, Secret,
    error::Fault,
    factor::{Seal, Seed, is_by_time, recovery_codes, typed},
    people::{event, oneself},
    secret::digest,
    session::Begins,
    tries::Who,
};
use crate::{
    hold::Actor,
    mail::Timestamp,
    rights::PersonId,
    store::{Work, rows::micros},
    telemetry,
};

/// What came of setting up a second factor.
pub enum SetUp {
    /// It is asked for from now on. These are the codes for the day on which it is lost.
    Done(Vec<String>),
    /// The code was not that of the seed: nothing was changed.
    WrongCode,
}

/// By what a code was right.
enum By {
    Time,
    Recovery,
}

impl Accounts {
    /// Who has given a right password and owes a code.
    pub async fn half_in(
        &self,
        half: &Secret,
        now: Timestamp,
    ) -> Result<Option<Account>, AccountError> {
        let visit = self.db.within("finding a session", self.find_session(half, true, now)).await?;
        Ok(visit.map(|visit| visit.account))
    }

    /// Tries a code. A right one ends the half session and begins a whole one, with another id.
    pub async fn second_factor(
        &self,
        half: &Secret,
        code: &str,
        (address, agent): (&str, &str),
        now: Timestamp,
    ) -> Result<Entered, AccountError> {
        let Some(account) = self.half_in(half, now).await? else { return Ok(Entered::Refused) };
        let who = Who { login: &account.person.login, address };
        let waits = self.db.within("counting a try to log in", self.begin_try(&who, now)).await?;
        if let Some(wait) = waits {
            telemetry::desk::must_wait(wait);
            return Ok(Entered::Wait(wait));
        }
        let enter = async {
            let begins = Begins { person: &account.person.id, is_half: false, address, agent };
            let mut work = self.db.begin().await?;
            work.take_person(&account.person.id).await?;
            let Some(by) = work.spend_code(&self.seal, &account.person.id, code, now).await? else {
                work.abandon().await?;
                return Ok::<_, Fault>(Entered::Refused);
            };
            sqlx::query("DELETE FROM sessions WHERE digest = $1")
                .bind(half.digest())
                .execute(work.on())
                .await?;
            let secret = self.begin_session(&mut work, &begins, now).await?;
            work.forgive(&who, now).await?;
            let by = match by {
                By::Time => "password and code",
                By::Recovery => "password and recovery code",
            };
            let actor = oneself(&account, "desk", Some(address));
            work.audit(None, actor, event("logged_in", [("by", by.to_owned())]), now).await?;
            work.commit().await?;
            Ok(Entered::In(secret))
        };
        let entered = self.db.within("logging in", enter).await?;
        match &entered {
            Entered::In(_) => telemetry::desk::logged_in(&account.person.login),
            Entered::Half(_) | Entered::Refused | Entered::Wait(_) => telemetry::desk::refused(),
        }
        Ok(entered)
    }

    /// A new seed, and as it may travel through a form until its first code came.
    pub fn new_factor(&self, person: &PersonId) -> Result<(Seed, String), AccountError> {
        let seed = Seed::new()?;
        let closed = self.seal.close(&seed, person)?;
        Ok((seed, closed))
    }

    /// The seed of such a form.
    pub fn offered_factor(&self, closed: &str, person: &PersonId) -> Option<Seed> {
        self.seal.open(closed, person)
    }

    /// Asks for this factor from now on, if the code is its own. It replaces one that there was.
    pub async fn set_factor(
        &self,
        person: &PersonId,
        closed: &str,
        code: &str,
        by: Actor,
        now: Timestamp,
    ) -> Result<SetUp, AccountError> {
        let step = self.seal.open(closed, person).and_then(|s| s.step_of(&typed(code), now));
        let Some(step) = step else { return Ok(SetUp::WrongCode) };
        let codes = recovery_codes()?;
        let set = async {
            let mut work = self.db.begin().await?;
            let account = work.take_person(person).await?;
            sqlx::query("UPDATE people SET factor = $2, factor_used = $3 WHERE id = $1")
                .bind(person.as_str())
                .bind(closed)
                .bind(step)
                .execute(work.on())
                .await?;
            work.end_recovery(person).await?;
            for code in &codes {
                sqlx::query("INSERT INTO recovery_codes (person, digest) VALUES ($1, $2)")
                    .bind(person.as_str())
                    .bind(digest("recovery code", &typed(code)))
                    .execute(work.on())
                    .await?;
            }
            let facts = [("person", account.person.login)];
            work.audit(None, by, event("second_factor_set", facts), now).await?;
            work.commit().await?;
            Ok::<_, Fault>(())
        };
        self.db.within("setting a second factor", set).await?;
        Ok(SetUp::Done(codes))
    }

    /// Asks for no second factor any more.
    pub async fn end_factor(
        &self,
        person: &PersonId,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let end = async {
            let mut work = self.db.begin().await?;
            let account = work.take_person(person).await?;
            sqlx::query("UPDATE people SET factor = NULL, factor_used = NULL WHERE id = $1")
                .bind(person.as_str())
                .execute(work.on())
                .await?;
            work.end_recovery(person).await?;
            let facts = [("person", account.person.login)];
            work.audit(None, by, event("second_factor_removed", facts), now).await?;
            work.commit().await?;
            Ok::<_, Fault>(())
        };
        self.db.within("removing a second factor", end).await
    }

    /// How many codes are left for the day on which the second factor is lost.
    pub async fn recovery_left(&self, person: &PersonId) -> Result<u64, AccountError> {
        let read = async {
            let left: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM recovery_codes WHERE person = $1 AND used IS NULL",
            )
            .bind(person.as_str())
            .fetch_one(self.db.read())
            .await?;
            Ok::<_, Fault>(u64::try_from(left).unwrap_or_default())
        };
        self.db.within("counting codes", read).await
    }
}

impl Work {
    /// Spends a code of somebody whose row is taken; `None` where it is none, or was spent.
    async fn spend_code(
        &mut self,
        seal: &Seal,
        person: &PersonId,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<By>, Fault> {
        let code = typed(code);
        if !is_by_time(&code) {
            let spent = sqlx::query(
                "UPDATE recovery_codes SET used = $3 \
                 WHERE person = $1 AND digest = $2 AND used IS NULL",
            )
            .bind(person.as_str())
            .bind(digest("recovery code", &code))
            .bind(micros(now))
            .execute(self.on())
            .await?;
            return Ok((spent.rows_affected() > 0).then_some(By::Recovery));
        }
        let row = sqlx::query("SELECT factor, factor_used FROM people WHERE id = $1")
            .bind(person.as_str())
            .fetch_one(self.on())
            .await?;
        let closed: Option<String> = row.try_get("factor")?;
        let used: Option<i64> = row.try_get("factor_used")?;
        let seed = closed.and_then(|closed| seal.open(&closed, person));
        let step = seed.and_then(|seed| seed.step_of(&code, now));
        let Some(step) = step.filter(|step| used.is_none_or(|used| used < *step)) else {
            return Ok(None);
        };
        sqlx::query("UPDATE people SET factor_used = $2 WHERE id = $1")
            .bind(person.as_str())
            .bind(step)
            .execute(self.on())
            .await?;
        Ok(Some(By::Time))
    }

    async fn end_recovery(&mut self, person: &PersonId) -> Result<(), Fault> {
        sqlx::query("DELETE FROM recovery_codes WHERE person = $1")
            .bind(person.as_str())
            .execute(self.on())
            .await?;
        Ok(())
    }
}
