//! The names that a mail's header and text have told.

use std::collections::HashSet;

use super::words;
use crate::{
    mail::Envelope,
    message::{Address, Header},
};

/// A mail to more people than this is no letter; the names behind them are told by its text.
const MAX_NAMES: usize = 2_000;
/// Shorter pieces are initials, and stand for nobody.
const MIN_CHARS: usize = 2;

/// Words of names, lower case.
#[derive(Debug, Default)]
pub(super) struct Known {
    names: HashSet<String>,
    /// Those that their writer wrote small, as in "hi bob,".
    small: HashSet<String>,
}

impl Known {
    /// Those of display names and of the local parts of addresses.
    pub(super) fn of(header: &Header, envelope: &Envelope) -> Known {
        let mut known = Known::default();
        let all =
            [&header.from, &header.sender, &header.reply_to, &header.to, &header.cc, &header.bcc];
        for Address { name, address } in all.into_iter().flatten() {
            known.add_words(name);
            known.add_words(local_part(address));
        }
        known.add_words(local_part(envelope.reverse_path().as_str()));
        for recipient in envelope.recipients() {
            known.add_words(local_part(recipient.path.as_str()));
        }
        known
    }

    /// Adds each word of a text that may be of a name.
    pub(super) fn add_words(&mut self, text: &str) {
        for word in text.split(|c: char| !c.is_alphabetic()) {
            self.add(word, false);
        }
    }

    /// Adds a word of a name; `small` where it may be written without its capital.
    pub(super) fn add(&mut self, word: &str, small: bool) {
        let word = word.to_lowercase();
        let room = self.names.len() < MAX_NAMES;
        if room && word.chars().count() >= MIN_CHARS && !words::is_common(&word) {
            if small {
                self.small.insert(word.clone());
            }
            self.names.insert(word);
        }
    }

    /// Whether a word is of a name: with a capital, because *will*, *lee* and *mark* are words too.
    pub(super) fn has(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        // "Anns Vertrag", "Peters" in Dutch and German: a genitive without apostrophe.
        let bare = lower.strip_suffix('s').unwrap_or(&lower);
        let is_one = |name: &str| match word.starts_with(char::is_uppercase) {
            true => self.names.contains(name),
            false => self.small.contains(name),
        };
        is_one(&lower) || is_one(bare)
    }
}

fn local_part(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(local, _)| local)
}
