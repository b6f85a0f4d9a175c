//! A search as conditions of a statement: what leads to the holds, what they must be, where a page begins.

use super::{rows::micros, statement::Statement};
use crate::{
    hold::{AskedWord, Order, Search, State, queue::MAX_SENDERS},
    mail::Timestamp,
};

/// The next hop did not take it at the last attempt: none is under way, or others were before.
pub(super) const STUCK: &str = " AND EXISTS (SELECT 1 FROM outbox o WHERE o.hold_id = h.id \
    AND o.kind = 'release' AND o.state = 'due' \
    AND o.attempts > CASE WHEN o.owner IS NULL THEN 0 ELSE 1 END)";

/// What leads to so many holds leads to them; more are sorted in more time than reading them in their
/// order takes.
pub(super) const FEW: i64 = 2_000;

/// What leads to the holds that are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lead<'s> {
    /// A word that few subjects have.
    Word(&'s AskedWord),
    /// A recipient of few.
    Recipient(&'s str),
    /// A sender.
    Sender,
    /// The state, in the order that is asked for.
    State,
}

/// The states to look at; what is stuck or proposed is in one state only.
pub(super) fn asked(search: &Search) -> Vec<State> {
    let wanted = |state: &State| {
        *state != State::Prepared
            && (search.states.is_empty() || search.states.contains(state))
            && (!search.stuck || *state == State::Released)
            && (!search.proposed || *state == State::Held)
    };
    State::ALL.into_iter().filter(wanted).collect()
}

/// The senders that may be seen, for [`of_senders`]: named once, however often they are asked for.
pub(super) fn may(statement: &mut Statement, senders: Option<&[String]>) {
    let Some(senders) = senders else { return };
    statement.say("WITH may (sender) AS (VALUES ");
    let mut comma = "(";
    for sender in senders.iter().take(MAX_SENDERS) {
        statement.say(comma).text(sender).say(")");
        comma = ", (";
    }
    // No sender whose mail is held has an empty name.
    statement.say(if senders.is_empty() { "('')) " } else { ") " });
}

/// Counts what a word leads to, as far as [`FEW`] and one more.
pub(super) fn with_word(word: &AskedWord) -> Statement {
    let mut statement = Statement::default();
    statement.say("SELECT COUNT(*) AS found FROM (SELECT 1 AS one FROM subject_words WHERE ");
    is_word(&mut statement, "word", word);
    statement.say(" LIMIT ").number(FEW + 1).say(") AS counted");
    statement
}

/// Counts the holds for a recipient, as far as [`FEW`] and one more.
pub(super) fn to_recipient(recipient: &str) -> Statement {
    let mut statement = Statement::default();
    statement.say("SELECT COUNT(*) AS found FROM (SELECT 1 AS one FROM held_for WHERE address = ");
    statement.text(&recipient.to_lowercase());
    statement.say(" LIMIT ").number(FEW + 1).say(") AS counted");
    statement
}

/// Counts the holds of these senders, as far as [`FEW`] and one more.
pub(super) fn of_these(senders: &[String]) -> Statement {
    let mut statement = Statement::default();
    may(&mut statement, Some(senders));
    statement.say("SELECT COUNT(*) AS found FROM (SELECT 1 AS one FROM may m JOIN holds h ON ");
    statement.say("h.sender = m.sender LIMIT ").number(FEW + 1).say(") AS counted");
    statement
}

/// What leads, up to the word in front of the first condition that all have.
pub(super) fn from(statement: &mut Statement, lead: Lead<'_>) {
    match lead {
        Lead::Word(word) => {
            statement.say("(SELECT DISTINCT hold_id FROM subject_words WHERE ");
            is_word(statement, "word", word);
            statement.say(") s JOIN holds h ON h.id = s.hold_id WHERE ");
        }
        Lead::Recipient(recipient) => {
            statement.say("held_for f JOIN holds h ON h.id = f.hold_id WHERE f.address = ");
            statement.text(&recipient.to_lowercase()).say(" AND ");
        }
        Lead::Sender | Lead::State => {
            statement.say("holds h WHERE ");
        }
    }
}

fn is_word(statement: &mut Statement, column: &'static str, word: &AskedWord) {
    match word {
        AskedWord::Whole(word) => {
            statement.say(column).say(" = ").octets(word.as_bytes());
        }
        AskedWord::Beginning(word) => begins(statement, column, word),
    }
}

fn begins(statement: &mut Statement, column: &'static str, word: &str) {
    // No character of UTF-8 has this octet.
    let behind = [word.as_bytes(), &[0xff]].concat();
    statement.say(column).say(" >= ").octets(word.as_bytes()).say(" AND ");
    statement.say(column).say(" < ").octets(&behind);
}

pub(super) fn filter(statement: &mut Statement, search: &Search) {
    let texts = [
        (" AND h.policy = ", search.policy.clone()),
        (" AND h.category = ", search.category.clone()),
        (" AND h.sender = ", search.sender.as_ref().map(|sender| sender.to_lowercase())),
    ];
    for (words, value) in texts {
        if let Some(value) = value {
            statement.say(words).text(&value);
        }
    }
    for (words, at) in [(" AND h.created >= ", search.from), (" AND h.created < ", search.before)] {
        if let Some(at) = at {
            statement.say(words).number(micros(at));
        }
    }
    if let Some(recipient) = &search.recipient {
        statement
            .say(" AND EXISTS (SELECT 1 FROM held_for r WHERE r.hold_id = h.id AND r.address = ");
        statement.text(&recipient.to_lowercase()).say(")");
    }
    for word in &search.words {
        // Not EXISTS: a planner would make a join of it and let the word lead all the same.
        statement.say(" AND (SELECT w.hold_id FROM subject_words w WHERE w.hold_id = h.id AND ");
        is_word(statement, "w.word", word);
        if matches!(word, AskedWord::Whole(_)) {
            // Holds are met in the order of their time, and so are the words beside them.
            statement.say(" AND w.created = h.created");
        }
        statement.say(" LIMIT 1) IS NOT NULL");
    }
    if search.proposed {
        statement.say(" AND h.proposed = 1");
    }
    if search.stuck {
        statement.say(STUCK);
    }
    of_senders(statement, search.senders.as_deref());
}

pub(super) fn of_senders(statement: &mut Statement, senders: Option<&[String]>) {
    if senders.is_some() {
        statement.say(" AND h.sender IN (SELECT sender FROM may)");
    }
}

/// Behind the last line of the page before.
pub(super) fn behind(statement: &mut Statement, search: &Search) {
    let Some(place) = &search.behind else { return };
    let (created, ends, id) = (micros(place.created), ends_of(place.ends_at), place.id.as_str());
    match search.order {
        Order::Newest => {
            statement.say(" AND h.created <= ").number(created);
            statement
                .say(" AND (h.created < ")
                .number(created)
                .say(" OR h.id < ")
                .text(id)
                .say(")");
        }
        Order::Ending => {
            statement.say(" AND h.ends_at >= ").number(ends);
            statement.say(" AND (h.ends_at > ").number(ends).say(" OR h.id > ").text(id).say(")");
        }
        Order::Urgent => {
            let calm = i64::from(place.calm);
            statement.say(" AND h.calm >= ").number(calm);
            statement.say(" AND (h.calm > ").number(calm).say(" OR h.ends_at > ").number(ends);
            statement.say(" OR (h.ends_at = ").number(ends).say(" AND h.id > ").text(id).say("))");
        }
    }
}

/// The end of time is that of the column, not of the calendar.
fn ends_of(at: Timestamp) -> i64 {
    if at == Timestamp::MAX { i64::MAX } else { micros(at) }
}
