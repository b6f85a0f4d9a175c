//! The queue as people at the desk look through it: a search, page by page.
//!
//! Pages are found by place, not by number: the next one begins behind the last line of this one,
//! whatever came or went meanwhile, and costs the same however far down it is.

use std::{cmp::Ordering, collections::BTreeSet};

use async_trait::async_trait;
use unicode_segmentation::UnicodeSegmentation;

use super::{AuditEntry, Hold, HoldError, HoldSummary, State, steps::named};
use crate::{
    call::Urgency,
    mail::{HoldId, Timestamp},
    message,
};

/// Words of one subject that it is found by, and the characters of each.
const MAX_WORDS: usize = 40;
const MAX_WORD_CHARS: usize = 40;
/// A word is completed from so many characters on.
const MIN_BEGINNING_CHARS: usize = 3;
/// Words that one search asks for.
const MAX_ASKED: usize = 8;
/// Senders that one search may be bound to.
pub const MAX_SENDERS: usize = 20_000;
/// Nothing is counted further: "1,000+" says it all.
pub const MAX_TALLY: u32 = 1_000;

/// What is looked for; the default is every visible hold, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// Only these states; empty means all but `prepared`.
    pub states: Vec<State>,
    /// Only of this policy.
    pub policy: Option<String>,
    /// Only of this category.
    pub category: Option<String>,
    /// Only of this reverse-path.
    pub sender: Option<String>,
    /// Only to this forward-path. Mail to more than fifty is found by none of them.
    pub recipient: Option<String>,
    /// Only with these words in the subject: see [`asked_words`].
    pub words: Vec<AskedWord>,
    /// Held at this time or later.
    pub from: Option<Timestamp>,
    /// Held before this time.
    pub before: Option<Timestamp>,
    /// Only of these reverse-paths, in lower case: those whom whoever asks may see. None named: none
    /// found.
    pub senders: Option<Vec<String>>,
    /// Only where the next hop did not take it at the last attempt.
    pub stuck: bool,
    /// Only where a second person is asked.
    pub proposed: bool,
    /// In which order.
    pub order: Order,
    /// Behind this place.
    pub behind: Option<Place>,
    /// At most this many.
    pub most: u32,
}

/// A word of a subject that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedWord {
    /// This word.
    Whole(String),
    /// A word that begins so.
    Beginning(String),
}

/// The order of a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The one that was held last first.
    #[default]
    Newest,
    /// The one that ends next first; those that nothing ends are last.
    Ending,
    /// Urgent ones first, and of each kind the one that ends next.
    Urgent,
}

impl Order {
    /// Each of them.
    pub const ALL: [Order; 3] = [Order::Newest, Order::Ending, Order::Urgent];

    /// As addresses of pages spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Order::Newest => "newest",
            Order::Ending => "ending",
            Order::Urgent => "urgent",
        }
    }

    /// The reverse of [`Order::as_str`].
    pub fn from_text(text: &str) -> Option<Order> {
        Order::ALL.into_iter().find(|order| order.as_str() == text)
    }
}

/// Where a line stands in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Whether others come before it because they are urgent.
    pub calm: bool,
    /// When it was held.
    pub created: Timestamp,
    /// When it ends; the end of time where nothing ends it.
    pub ends_at: Timestamp,
    /// Its id.
    pub id: HoldId,
}

/// One line of a queue.
#[derive(Debug, Clone)]
pub struct Line {
    /// What `holds list` tells too.
    pub summary: HoldSummary,
    /// Where it stands.
    pub place: Place,
    /// Whether a second person is asked.
    pub is_proposed: bool,
}

/// A page of a queue.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Its lines, in order.
    pub lines: Vec<Line>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Place>,
}

/// How many there are of what a queue is looked through for; none above [`MAX_TALLY`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// In each visible state.
    pub states: Vec<(State, u32)>,
    /// Where the next hop did not take it.
    pub stuck: u32,
    /// Where a second person is asked.
    pub proposed: u32,
}

/// How the handing over of a release stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How many were begun.
    pub begun: u32,
    /// When the next is due.
    pub next: Timestamp,
}

/// The part of the hold store's contract by which people at the desk look through it. Changes nothing.
#[async_trait]
pub trait Queues: Send + Sync {
    /// A page of a search.
    async fn search(&self, search: &Search) -> Result<Found, HoldError>;

    /// How many there are, for whoever may see these senders' only (as in [`Search::senders`]).
    async fn tally(&self, senders: Option<&[String]>) -> Result<Tally, HoldError>;

    /// The reverse-paths of all holds, each once, in lower case, in order.
    async fn senders(&self) -> Result<Vec<String>, HoldError>;

    /// The audit of one hold, newest first, at most `most`.
    async fn audit_of(&self, hold: &HoldId, most: u32) -> Result<Vec<AuditEntry>, HoldError>;

    /// How the release that a hold owes stands; `None` where it owes none.
    async fn attempts(&self, hold: &HoldId) -> Result<Option<Attempts>, HoldError>;
}

impl Hold {
    /// Where it stands in a queue.
    pub fn place(&self) -> Place {
        Place {
            calm: self.dossier.call.urgency.is_empty(),
            created: self.created,
            ends_at: self.ends_at().unwrap_or(Timestamp::MAX),
            id: self.id.clone(),
        }
    }

    /// Why its call comes before others.
    pub fn urgency(&self) -> &[Urgency] {
        &self.dossier.call.urgency
    }

    /// The policy and category that held it; empty where none is told.
    pub fn policy_and_category(&self) -> (&str, &str) {
        named(&self.dossier)
    }
}

/// The words by which a subject is found: in the form for matching, each once.
pub(in crate::hold) fn words_of(subject: &str) -> BTreeSet<String> {
    let normal = message::normal(subject);
    let short = |word: &str| word.chars().take(MAX_WORD_CHARS).collect();
    normal.unicode_words().map(short).take(MAX_WORDS).collect()
}

/// What somebody typed as words that are asked for; `warrant*` is the beginning of a word.
pub fn asked_words(typed: &str) -> Vec<AskedWord> {
    let normal = message::normal(typed);
    let mut asked = Vec::new();
    for piece in normal.split_whitespace() {
        let is_open = piece.ends_with('*');
        let words: Vec<&str> = piece.unicode_words().collect();
        let last = words.len().saturating_sub(1);
        for (at, word) in words.into_iter().enumerate() {
            let word: String = word.chars().take(MAX_WORD_CHARS).collect();
            let is_beginning = is_open && at == last && word.chars().count() >= MIN_BEGINNING_CHARS;
            asked.push(if is_beginning {
                AskedWord::Beginning(word)
            } else {
                AskedWord::Whole(word)
            });
        }
    }
    asked.truncate(MAX_ASKED);
    asked
}

impl AskedWord {
    /// Whether a word of a subject is meant.
    pub(in crate::hold) fn is(&self, word: &str) -> bool {
        match self {
            AskedWord::Whole(asked) => word == asked,
            AskedWord::Beginning(asked) => word.starts_with(asked.as_str()),
        }
    }
}

impl Order {
    /// Which of two lines stands first.
    pub(in crate::hold) fn of(self, a: &Place, b: &Place) -> Ordering {
        match self {
            Order::Newest => (b.created, &b.id).cmp(&(a.created, &a.id)),
            Order::Ending => (a.ends_at, &a.id).cmp(&(b.ends_at, &b.id)),
            Order::Urgent => (a.calm, a.ends_at, &a.id).cmp(&(b.calm, b.ends_at, &b.id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_found_by_its_words_however_they_are_written() {
        let words = words_of("Re: Ihre GARANTIE — wir können’s nicht (Fall 4711)");
        for word in ["garantie", "4711", "nicht", "re"] {
            assert!(words.contains(word), "{word}: {words:?}");
        }
        assert!(words_of(&"wort ".repeat(900)).len() <= MAX_WORDS);
    }

    #[test]
    fn what_is_typed_becomes_whole_words_and_beginnings() {
        use AskedWord::{Beginning, Whole};
        let told = asked_words("Garantie warrant* x* a-b");
        let whole = |w: &str| Whole(w.into());
        assert_eq!(
            told,
            [whole("garantie"), Beginning("warrant".into()), whole("x"), whole("a"), whole("b")]
        );
        assert!(asked_words("'; DROP TABLE holds; --").iter().all(|w| matches!(w, Whole(_))));
        assert_eq!(asked_words(" %_* "), []);
        assert_eq!(asked_words(&"a ".repeat(99)).len(), MAX_ASKED);
    }
}
