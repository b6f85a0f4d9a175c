//! Whether a word of a sentence names somebody who does not take part in the letter.

use super::{
    labels::is_label,
    lexicon::cue,
    whose::{People, Word},
};
use crate::message::Language;

/// Short forms of titles, with a full stop behind; a name follows.
const TITLES: &str = "m mr mrs ms dr prof fr hr sr sra dott rag geom ing avv arch sig mme mlle";
/// Capitals that are no names, of languages that write few.
const NO_NAMES: &str = "sie ihnen uhr montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz \
    mai juni juli oktober dezember anfang mitte ende früh vormittag nachmittag mittag abend i monday tuesday wednesday thursday friday saturday sunday january february march april \
    may june july august september october november december english ok pm am ps";

/// What a sentence says of its subject.
const IS: &str = "is was has will can ll s ist hat kann est sera peut es está tiene puede è ha sarà può heeft kan é tem \
    pode erreichen";
/// Beginnings of sentences that are nobody.
const STARTERS: &str = "it this that there here what who where when how everything nothing all let best es das dies hier da wer was wo \
    alles nichts ce ça cela il on qui où tout eso esto aquí quien todo questo quello qui chi tutto het dit dat er \
    hier wie alles isto isso aqui quem tudo si se que y e et en";

/// A short form of a title; a name follows.
pub(super) fn is_title(word: &Word<'_>) -> bool {
    word.raw.ends_with('.') && TITLES.split(' ').any(|title| title == word.lower)
}

/// A word in capitals that is no beginning, no label and nobody's who takes part. German writes
/// all its nouns so: there a name is all capitals, or has another beside it: "Sepp Maier".
pub(super) fn is_name(words: &[Word<'_>], at: usize, people: People<'_>) -> bool {
    let Some(word) = words.get(at) else { return false };
    let capital = |word: &Word<'_>| word.raw.starts_with(char::is_uppercase);
    let known = |word: &Word<'_>| {
        is_label(&word.lower)
            || people.own.has(&word.lower)
            || cue(&word.lower, people.language).is_some()
            || NO_NAMES.split_whitespace().any(|one| one == word.lower)
    };
    if !capital(word) || known(word) {
        return false;
    }
    let shouted = word.raw.chars().filter(|c| c.is_alphabetic()).count() > 1
        && word.raw.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let before = at.checked_sub(1).and_then(|n| words.get(n));
    let pair = |other: &Word<'_>| capital(other) && !known(other) && !other.lower.is_empty();
    let double = !word.begins
        && word.raw.len() > 2
        && before.is_some_and(|b| b.touches && b.raw.len() > 2 && pair(b));
    // "Dave is reachable on": what somebody is or has is told of him.
    let is = |next: &Word<'_>| one_of(IS, &next.lower);
    let subject = word.begins
        && word.raw.chars().nth(1).is_some()
        && !one_of(STARTERS, &word.lower)
        && words.get(at + 1).is_some_and(is);
    shouted || subject || if people.language == Language::De { double } else { !word.begins }
}

/// Whether a word is in a list, words between spaces.
pub(super) fn one_of(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}
