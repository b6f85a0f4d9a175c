//! Words of the mail that are better left out when talking.

use super::file::Spoiler;
use crate::{
    call::{
        Dropped,
        said::{Word, news, quote, sentences, words_of},
    },
    decision::Decision,
    message::Reading,
};

/// More than this is not read before a call.
const MAX_DROPPED: usize = 5;

/// What was found.
pub(super) struct Found {
    /// Each kind once, in the list's order, quoted as it stands in the mail.
    pub(super) dropped: Vec<Dropped>,
    /// The first words that the confirmation can do without, and is whole.
    pub(super) take_out: Option<String>,
}

/// The phrases of the list that the sender newly wrote.
pub(super) fn find(spoilers: &[Spoiler], reading: &Reading, decision: &Decision) -> Found {
    let texts: Vec<&str> = sentences(reading).map(|s| s.text()).collect();
    let words = texts.iter().map(|text| (*text, words_of(text))).collect();
    let mail = Mail { news: news(&texts, decision), words };
    let one = |spoiler: &Spoiler| {
        let words = mail
            .first(&spoiler.take_out, spoiler.in_news)
            .or_else(|| mail.first(&spoiler.phrases, spoiler.in_news))?;
        Some(Dropped {
            words: words.to_owned(),
            why: spoiler.why.clone(),
            instead: spoiler.instead.clone(),
        })
    };
    let whole = |spoiler: &Spoiler| mail.first(&spoiler.take_out, spoiler.in_news);
    Found {
        dropped: spoilers.iter().filter_map(one).take(MAX_DROPPED).collect(),
        take_out: spoilers.iter().find_map(whole).map(str::to_owned),
    }
}

/// The sentences that the sender newly wrote, and which of them tell the news.
struct Mail<'t> {
    words: Vec<(&'t str, Vec<Word<'t>>)>,
    news: Vec<usize>,
}

impl<'t> Mail<'t> {
    /// The first of the phrases that the mail has.
    fn first(&self, phrases: &[String], in_news: bool) -> Option<&'t str> {
        let looked_at = |at: &usize| !in_news || self.news.contains(at);
        phrases.iter().find_map(|phrase| {
            let sentences = self.words.iter().enumerate();
            let mut sentences = sentences.filter(|(at, _)| looked_at(at));
            sentences.find_map(|(_, (text, words))| quote(text, words, phrase))
        })
    }
}
