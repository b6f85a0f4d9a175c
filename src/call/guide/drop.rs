//! Words of the mail that are better left out when talking.

use super::file::Spoiler;
use crate::{
    call::{
        Dropped,
        said::{quote as in_sentence, sentences, words_of},
    },
    message::Reading,
};

/// More than this is not read before a call.
const MAX_DROPPED: usize = 5;

/// The phrases of the list that the sender newly wrote, each kind once, in the list's order. They
/// are quoted as they stand in the mail.
pub(super) fn find(spoilers: &[Spoiler], reading: &Reading) -> Vec<Dropped> {
    let texts: Vec<&str> = sentences(reading).map(|s| s.text.as_str()).collect();
    let words: Vec<_> = texts.iter().map(|text| words_of(text)).collect();
    let quote = |phrase: &String| {
        texts.iter().zip(&words).find_map(|(text, words)| in_sentence(text, words, phrase))
    };
    let one = |spoiler: &Spoiler| {
        let words = spoiler.phrases.iter().find_map(quote)?;
        Some(Dropped {
            words: words.to_owned(),
            why: spoiler.why.clone(),
            instead: spoiler.instead.clone(),
        })
    };
    spoilers.iter().filter_map(one).take(MAX_DROPPED).collect()
}
