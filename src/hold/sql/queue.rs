//! Looks through the queue; changes nothing.
//!
//! A page is found in two steps: places of holds from narrow indexes, then the lines that are shown.
//! Where a word, a recipient or a sender is asked for, that leads; else each state is read in its
//! order by itself, and they are merged here.

use async_trait::async_trait;
use sqlx::{Row, any::AnyRow};

use super::{
    Fault, SqlStore,
    rows::{count, entry, hold_id, micros, summary, time},
    search::{STUCK, asked, behind, filter, from, leads, of_senders},
    statement::Statement,
};
use crate::{
    hold::{
        Attempts, AuditEntry, Found, Hold, HoldError, Line, Order, Place, Queues, Search, State,
        Tally,
        queue::{MAX_TALLY, words_of},
    },
    mail::{HoldId, Timestamp},
    store::{Work, rows::small_count},
};

#[async_trait]
impl Queues for SqlStore {
    async fn search(&self, search: &Search) -> Result<Found, HoldError> {
        self.db.within("searching holds", self.page(search)).await
    }

    async fn tally(&self, senders: Option<&[String]>) -> Result<Tally, HoldError> {
        self.db.within("counting holds", self.tallied(senders)).await
    }

    async fn senders(&self) -> Result<Vec<String>, HoldError> {
        self.db.within("looking for senders", self.all_senders()).await
    }

    async fn audit_of(&self, hold: &HoldId, most: u32) -> Result<Vec<AuditEntry>, HoldError> {
        self.db.within("reading the audit", self.audit_about(hold, most)).await
    }

    async fn attempts(&self, hold: &HoldId) -> Result<Option<Attempts>, HoldError> {
        self.db.within("reading a release", self.attempts_of(hold)).await
    }
}

impl SqlStore {
    async fn page(&self, search: &Search) -> Result<Found, Fault> {
        let most = search.most as usize;
        let states: Vec<State> = asked(search);
        let mut places = Vec::new();
        if leads(search) {
            places = self.places(search, &states).await?;
        } else {
            for state in states {
                places.extend(self.places(search, &[state]).await?);
            }
            places.sort_by(|a, b| search.order.of(a, b));
        }
        let is_more = places.len() > most;
        places.truncate(most);
        let next = places.last().filter(|_| is_more).cloned();
        Ok(Found { lines: self.lines(&places).await?, next })
    }

    /// One more than the page has, so that it is known whether there are more.
    async fn places(&self, search: &Search, states: &[State]) -> Result<Vec<Place>, Fault> {
        let mut statement = Statement::default();
        statement.say("SELECT h.id, h.calm, h.created, h.ends_at FROM ");
        let is_led = leads(search);
        from(&mut statement, search);
        // The concatenation keeps the planner from reading by state what something else leads.
        statement.say(if is_led { "(h.state || '') IN " } else { "h.state IN " });
        statement.texts(states.iter().map(|state| state.as_str()));
        filter(&mut statement, search);
        behind(&mut statement, search);
        statement.say(match search.order {
            Order::Newest => " ORDER BY h.created DESC, h.id DESC",
            Order::Ending => " ORDER BY h.ends_at, h.id",
            Order::Urgent => " ORDER BY h.calm, h.ends_at, h.id",
        });
        statement.say(" LIMIT ").number(i64::from(search.most) + 1);
        let rows = statement.query().fetch_all(self.db.read()).await?;
        rows.iter().map(place).collect()
    }

    async fn lines(&self, places: &[Place]) -> Result<Vec<Line>, Fault> {
        let mut statement = Statement::default();
        statement.say(
            "SELECT id, state, created, reverse_path, subject, policy, category, message_id, \
             expires_at, envelope, proposed FROM holds WHERE id IN ",
        );
        statement.texts(places.iter().map(|place| place.id.as_str()));
        let rows = statement.query().fetch_all(self.db.read()).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            lines.extend(self.db.pass_over(row, |row| line(row, places))?.flatten());
        }
        lines.sort_by_key(|line| places.iter().position(|place| *place == line.place));
        Ok(lines)
    }

    async fn tallied(&self, senders: Option<&[String]>) -> Result<Tally, Fault> {
        let mut tally = Tally::default();
        for state in State::ALL.into_iter().filter(|state| *state != State::Prepared) {
            tally.states.push((state, self.number_of(state, senders, "").await?));
        }
        tally.stuck = self.number_of(State::Released, senders, STUCK).await?;
        tally.proposed = self.number_of(State::Held, senders, " AND h.proposed = 1").await?;
        Ok(tally)
    }

    async fn number_of(
        &self,
        state: State,
        senders: Option<&[String]>,
        and: &'static str,
    ) -> Result<u32, Fault> {
        let mut statement = Statement::default();
        statement
            .say("SELECT COUNT(*) AS found FROM (SELECT 1 AS one FROM holds h WHERE h.state = ");
        statement.text(state.as_str());
        of_senders(&mut statement, senders);
        statement.say(and).say(" LIMIT ").number(i64::from(MAX_TALLY)).say(") AS counted");
        let row = statement.query().fetch_one(self.db.read()).await?;
        Ok(small_count(row.try_get("found")?)?)
    }

    /// From one sender to the next by the index: the cost is that of the senders, not of their mail.
    async fn all_senders(&self) -> Result<Vec<String>, Fault> {
        let rows = sqlx::query(
            "WITH RECURSIVE each (sender) AS (SELECT MIN(sender) FROM holds UNION ALL \
             SELECT (SELECT MIN(sender) FROM holds WHERE holds.sender > each.sender) FROM each \
             WHERE each.sender IS NOT NULL) \
             SELECT sender FROM each WHERE sender IS NOT NULL ORDER BY sender",
        )
        .fetch_all(self.db.read())
        .await?;
        rows.iter().map(|row| Ok(row.try_get("sender")?)).collect()
    }

    async fn audit_about(&self, hold: &HoldId, most: u32) -> Result<Vec<AuditEntry>, Fault> {
        let rows = sqlx::query(
            "SELECT number, at, hold_id, actor, event, previous, digest FROM audit \
             WHERE hold_id = $1 ORDER BY number DESC LIMIT $2",
        )
        .bind(hold.as_str())
        .bind(i64::from(most))
        .fetch_all(self.db.read())
        .await?;
        rows.iter().map(entry).collect()
    }

    async fn attempts_of(&self, hold: &HoldId) -> Result<Option<Attempts>, Fault> {
        let row = sqlx::query(
            "SELECT attempts, due FROM outbox \
             WHERE hold_id = $1 AND kind = 'release' AND state = 'due' LIMIT 1",
        )
        .bind(hold.as_str())
        .fetch_optional(self.db.read())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let begun = small_count(row.try_get("attempts")?)?;
        Ok(Some(Attempts { begun, next: time(row.try_get("due")?)? }))
    }
}

impl Work {
    /// Makes a hold one that is found by the words of its subject.
    pub(super) async fn insert_words(&mut self, hold: &Hold) -> Result<(), Fault> {
        let words = words_of(&hold.dossier.subject);
        if words.is_empty() {
            return Ok(());
        }
        let mut statement = Statement::default();
        statement.say("INSERT INTO subject_words (word, created, hold_id) VALUES ");
        let mut comma = "(";
        for word in &words {
            statement.say(comma).octets(word.as_bytes()).say(", ").number(micros(hold.created));
            statement.say(", ").text(hold.id.as_str()).say(")");
            comma = ", (";
        }
        statement.query().execute(self.on()).await?;
        Ok(())
    }
}

/// The values of the columns that a queue is ordered and filtered by.
pub(super) fn calm_ends_proposed(hold: &Hold) -> (i64, i64, i64) {
    let place = hold.place();
    let ends_at = hold.ends_at().map_or(i64::MAX, micros);
    (i64::from(place.calm), ends_at, i64::from(hold.proposal().is_some()))
}

fn place(row: &AnyRow) -> Result<Place, Fault> {
    let ends_at = match row.try_get("ends_at")? {
        i64::MAX => Timestamp::MAX,
        at => time(at)?,
    };
    Ok(Place {
        calm: row.try_get::<i64, _>("calm")? != 0,
        created: time(row.try_get("created")?)?,
        ends_at,
        id: hold_id(row.try_get("id")?)?,
    })
}

/// `None` for a line that nobody asked for.
fn line(row: &AnyRow, places: &[Place]) -> Result<Option<Line>, Fault> {
    let summary = summary(row)?;
    let is_proposed = count(row.try_get("proposed")?)? != 0;
    let place = places.iter().find(|place| place.id == summary.id).cloned();
    Ok(place.map(|place| Line { summary, place, is_proposed }))
}
