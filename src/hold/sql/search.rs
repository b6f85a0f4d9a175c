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

/// Whether something that few holds have leads to them.
pub(super) fn leads(search: &Search) -> bool {
    !search.words.is_empty() || search.recipient.is_some() || search.sender.is_some()
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

/// What leads, up to the word in front of the first condition that all have.
pub(super) fn from(statement: &mut Statement, search: &Search) {
    let whole = search.words.iter().filter(|word| matches!(word, AskedWord::Whole(_)));
    let leading = whole.max_by_key(|word| word_of(word).len());
    match (leading.or(search.words.first()), &search.recipient) {
        (Some(AskedWord::Whole(word)), _) => {
            statement.say("subject_words s JOIN holds h ON h.id = s.hold_id WHERE s.word = ");
            statement.octets(word.as_bytes()).say(" AND ");
        }
        (Some(AskedWord::Beginning(word)), _) => {
            statement.say("(SELECT DISTINCT hold_id FROM subject_words WHERE ");
            begins(statement, "word", word);
            statement.say(") s JOIN holds h ON h.id = s.hold_id WHERE ");
        }
        (None, Some(recipient)) => {
            statement.say("held_for f JOIN holds h ON h.id = f.hold_id WHERE f.address = ");
            statement.text(&recipient.to_lowercase()).say(" AND ");
        }
        (None, None) => {
            statement.say("holds h WHERE ");
        }
    }
}

fn word_of(word: &AskedWord) -> &str {
    match word {
        AskedWord::Whole(word) | AskedWord::Beginning(word) => word,
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
        statement.say(" AND EXISTS (SELECT 1 FROM subject_words w WHERE w.hold_id = h.id AND ");
        match word {
            AskedWord::Whole(word) => {
                statement.say("w.word = ").octets(word.as_bytes());
            }
            AskedWord::Beginning(word) => begins(statement, "w.word", word),
        }
        statement.say(")");
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
    if let Some(senders) = senders {
        statement.say(" AND h.sender IN ");
        statement.texts(senders.iter().take(MAX_SENDERS).map(String::as_str));
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
