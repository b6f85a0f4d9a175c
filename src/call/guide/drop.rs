//! Words of the mail that are better left out when talking.

use super::file::Spoiler;
use crate::{
    call::{
        Dropped,
        said::{news, quote as in_sentence, sentences, words_of},
    },
    decision::Decision,
    message::Reading,
};

/// More than this is not read before a call.
const MAX_DROPPED: usize = 5;

/// The phrases of the list that the sender newly wrote, each kind once, in the list's order. They
/// are quoted as they stand in the mail.
pub(super) fn find(spoilers: &[Spoiler], reading: &Reading, decision: &Decision) -> Vec<Dropped> {
    let texts: Vec<&str> = sentences(reading).map(|s| s.text()).collect();
    let words: Vec<_> = texts.iter().map(|text| words_of(text)).collect();
    let news = news(&texts, decision);
    let quote = |phrase: &String, in_news: bool| {
        let looked_at = texts.iter().zip(&words).enumerate();
        let mut looked_at = looked_at.filter(|(at, _)| !in_news || news.contains(at));
        looked_at.find_map(|(_, (text, words))| in_sentence(text, words, phrase))
    };
    let one = |spoiler: &Spoiler| {
        let words = spoiler.phrases.iter().find_map(|p| quote(p, spoiler.in_news))?;
        Some(Dropped {
            words: words.to_owned(),
            why: spoiler.why.clone(),
            instead: spoiler.instead.clone(),
        })
    };
    spoilers.iter().filter_map(one).take(MAX_DROPPED).collect()
}
