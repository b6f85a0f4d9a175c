//! Looks through the queue; changes nothing.
//!
//! A page is found in two steps: places of holds from narrow indexes, then the lines that are shown.
//! A word or a recipient that few holds have leads to them, or a sender; else each state is read in
//! its order by itself, and they are merged here.

use async_trait::async_trait;
use sqlx::{Row, any::AnyRow};

use super::{
    Fault, SqlStore,
    rows::{count, entry, entry_columns, hold_id, micros, summary, time},
    search::{
        FEW, Lead, STUCK, asked, behind, filter, from, may, of_senders, of_these, to_recipient,
        with_word,
    },
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
        let lead = self.lead(search).await?;
        let mut places = self.places(search, lead).await?;
        places.sort_by(|a, b| search.order.of(a, b));
        let is_more = places.len() > most;
        places.truncate(most);
        let next = places.last().filter(|_| is_more).cloned();
        Ok(Found { lines: self.lines(&places).await?, next })
    }

    /// What leads to the fewest holds, if that is few.
    async fn lead<'s>(&self, search: &'s Search) -> Result<Lead<'s>, Fault> {
        let mut fewest = (FEW, Lead::State);
        for word in &search.words {
            let number = self.count_few(with_word(word)).await?;
            if number <= fewest.0 {
                fewest = (number, Lead::Word(word));
            }
        }
        if let Some(recipient) = &search.recipient {
            let number = self.count_few(to_recipient(recipient)).await?;
            if number <= fewest.0 {
                fewest = (number, Lead::Recipient(recipient));
            }
        }
        if let Some(senders) = &search.senders
            && self.count_few(of_these(senders)).await? <= fewest.0
        {
            return Ok(Lead::Sender);
        }
        Ok(match fewest.1 {
            Lead::State if search.sender.is_some() => Lead::Sender,
            lead => lead,
        })
    }

    async fn count_few(&self, statement: Statement) -> Result<i64, Fault> {
        let row = statement.query().fetch_one(self.db.read()).await?;
        Ok(row.try_get("found")?)
    }

    /// One more than the page has, so that it is known whether there are more; of each state as many,
    /// where the states lead.
    async fn places(&self, search: &Search, lead: Lead<'_>) -> Result<Vec<Place>, Fault> {
        let mut statement = Statement::default();
        may(&mut statement, search.senders.as_deref());
        let states = asked(search);
        if states.is_empty() {
            return Ok(Vec::new());
        }
        let each = if matches!(lead, Lead::State) { 1 } else { states.len() };
        let mut and = "";
        for states in states.chunks(each) {
            statement.say(and).say("SELECT id, calm, created, ends_at FROM (");
            some_places(&mut statement, search, lead, states);
            statement.say(") AS part");
            and = " UNION ALL ";
        }
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
        let states: Vec<State> =
            State::ALL.into_iter().filter(|state| *state != State::Prepared).collect();
        let are_few = match senders {
            Some(senders) => self.count_few(of_these(senders)).await? <= FEW,
            None => false,
        };
        let mut statement = Statement::default();
        may(&mut statement, senders);
        let mut and = "";
        let each = states.iter().map(|state| (*state, ""));
        let more = [(State::Released, STUCK), (State::Held, " AND h.proposed = 1")];
        for (number, (state, condition)) in (0_i64..).zip(each.chain(more)) {
            statement
                .say(and)
                .say("SELECT ")
                .number(number)
                .say(" AS which, COUNT(*) AS found FROM (");
            statement.say("SELECT 1 AS one FROM holds h WHERE ");
            statement.say(if are_few { "(h.state || '') = " } else { "h.state = " });
            statement.text(state.as_str());
            of_senders(&mut statement, senders);
            statement.say(condition).say(" LIMIT ").number(i64::from(MAX_TALLY));
            statement.say(") AS counted");
            and = " UNION ALL ";
        }
        let rows = statement.query().fetch_all(self.db.read()).await?;
        let mut found = vec![0; rows.len()];
        for row in &rows {
            let which = usize::try_from(row.try_get::<i64, _>("which")?).unwrap_or(usize::MAX);
            if let Some(found) = found.get_mut(which) {
                *found = small_count(row.try_get("found")?)?;
            }
        }
        let proposed = found.pop().unwrap_or_default();
        let stuck = found.pop().unwrap_or_default();
        Ok(Tally { states: states.into_iter().zip(found).collect(), stuck, proposed })
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
        let rows = sqlx::query(concat!(
            "SELECT ",
            entry_columns!(),
            " FROM audit WHERE hold_id = $1 ORDER BY number DESC LIMIT $2"
        ))
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

/// Places of these states, in the order that is asked for, as many as a page has and one more.
fn some_places(statement: &mut Statement, search: &Search, lead: Lead<'_>, states: &[State]) {
    statement.say("SELECT h.id, h.calm, h.created, h.ends_at FROM ");
    from(statement, lead);
    // The concatenation keeps the planner from reading by state what something else leads to.
    let by_state = matches!(lead, Lead::State);
    statement.say(if by_state { "h.state IN " } else { "(h.state || '') IN " });
    statement.texts(states.iter().map(|state| state.as_str()));
    filter(statement, search);
    behind(statement, search);
    statement.say(match search.order {
        Order::Newest => " ORDER BY h.created DESC, h.id DESC",
        Order::Ending => " ORDER BY h.ends_at, h.id",
        Order::Urgent => " ORDER BY h.calm, h.ends_at, h.id",
    });
    statement.say(" LIMIT ").number(i64::from(search.most) + 1);
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
