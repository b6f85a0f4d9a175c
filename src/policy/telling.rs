//! A sentence as the words that a pattern would have to name.

use super::cut::words::{each_word, is_number, is_sign};
use crate::message::Sentence;

/// A word as phrase patterns compare it: lower case, no punctuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled {
    /// The word.
    pub word: String,
    /// Whether `#` stands for it.
    pub is_number: bool,
    /// Whether it is a currency or percent sign.
    pub is_sign: bool,
}

/// The words of a sentence, in order.
pub fn spelled(sentence: &Sentence) -> Vec<Spelled> {
    let mut words = Vec::new();
    each_word(sentence.normal(), |word| {
        words.push(Spelled {
            word: word.text.to_owned(),
            is_number: is_number(word.text),
            is_sign: word.text.starts_with(is_sign),
        });
    });
    words
}
