//! The guide as a notice shows it: short. The page has the rest.

use super::{
    clean::line,
    guide_words::GuideWords,
    text::{Texts, fill},
};
use crate::call::Guide;

/// A line of the guide, words of the mail in it, an offer; in characters. A guide's line and a
/// policy's offer are no longer.
const MAX_LINE: usize = 260;
const MAX_WORDS: usize = 80;
const MAX_OFFER: usize = 120;
/// Words to leave out that are shown.
const MAX_DROPPED: usize = 2;
/// Offers that are shown; a policy has no more.
const MAX_OFFERS: usize = 8;

/// What stands below the three lines. Every text is clean.
#[derive(Debug)]
pub(super) struct Short<'a> {
    pub(super) words: GuideWords<'a>,
    /// What they will ask first; empty where a guide was stored without it.
    pub(super) question: String,
    pub(super) answer: Vec<String>,
    /// No news on voice mail, and the words to leave out.
    pub(super) avoid: Vec<String>,
    pub(super) offer: Vec<String>,
    pub(super) escalation: String,
}

impl<'a> Short<'a> {
    /// The short form of a guide.
    pub(super) fn of(guide: &Guide, texts: &Texts<'a>) -> Short<'a> {
        let words = texts.guide;
        let lines = |texts: &[String]| texts.iter().map(|t| line(t, MAX_LINE)).collect::<Vec<_>>();
        let dropped = guide.drop.iter().take(MAX_DROPPED).map(|dropped| {
            let values = [
                ("words", line(&dropped.words, MAX_WORDS)),
                ("instead", line(&dropped.instead, MAX_LINE)),
            ];
            fill(words.dropped, &values)
        });
        Short {
            words,
            question: line(&guide.first_question.question, MAX_LINE),
            answer: lines(&guide.first_question.answer),
            avoid: lines(&guide.avoid).into_iter().chain(dropped).collect(),
            offer: guide.offer.iter().take(MAX_OFFERS).map(|t| line(t, MAX_OFFER)).collect(),
            escalation: line(&guide.escalation, MAX_OFFER),
        }
    }
}
