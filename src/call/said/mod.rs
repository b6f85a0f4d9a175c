//! What a mail says already of regret, responsibility and remedy, and the facts of its news.
//!
//! Takes the sentences that the sender newly wrote; gives some of them back, never a word of its
//! own. Bounded: looked at only for mail that is held, and only this far.

mod amounts;
mod dates;
mod largest;
mod pattern;
mod words;

use crate::{
    decision::Decision,
    message::{Language, PassageKind, Reading, Sentence},
};
use pattern::{Word, find};
pub(super) use pattern::{has_words, words as words_of};
use words::Vocabulary;

/// Sentences looked at; what is said behind them is not heard on the telephone either.
const MAX_SENTENCES: usize = 200;
/// Dates and amounts given at most, of each.
const MAX_FACTS: usize = 3;
/// Pieces of evidence whose sentence is looked for.
const MAX_NEWS: usize = 4;

/// What was found, as the mail has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said<'r> {
    /// The sentence that says sorry plainly.
    pub(super) regret: Option<&'r str>,
    /// The sentence that says it with an "if" or an "any", and these words.
    pub(super) condition: Option<(&'r str, &'r str)>,
    /// The sentence in which the sender's side owns it.
    pub(super) ownership: Option<&'r str>,
    /// The sentence that gives a reason.
    pub(super) reason: Option<&'r str>,
    /// The sentence that offers something.
    pub(super) remedy: Option<&'r str>,
    /// Whether any word may own it.
    pub(super) hint_of_ownership: bool,
    /// Whether any word may give a reason.
    pub(super) hint_of_reason: bool,
    /// Whether any word may offer something.
    pub(super) hint_of_remedy: bool,
    /// Whether any word says when.
    pub(super) time: bool,
    /// Dates in the sentences of the news.
    pub(super) dates: Vec<&'r str>,
    /// Amounts in them.
    pub(super) amounts: Vec<&'r str>,
}

/// Reads a mail that is held.
pub(super) fn said<'r>(reading: &'r Reading, decision: &Decision, language: Language) -> Said<'r> {
    let vocabulary = Vocabulary::of(language);
    let mut said = Said::default();
    let all: Vec<&str> = sentences(reading).map(|s| s.text()).collect();
    let news = news(&all, decision);
    for (at, text) in all.iter().enumerate() {
        let near = news.iter().any(|of| of.abs_diff(at) <= 1);
        said.hear(text, near, vocabulary);
    }
    for text in news.iter().filter_map(|at| all.get(*at)) {
        keep(&mut said.dates, dates::dates(text, vocabulary));
        keep(&mut said.amounts, amounts::amounts(text));
    }
    said
}

/// The sentences that the sender newly wrote.
pub(super) fn sentences(reading: &Reading) -> impl Iterator<Item = &Sentence> {
    reading.of_kind(PassageKind::New).flat_map(|p| &p.sentences).take(MAX_SENTENCES)
}

/// The largest amount of money that the mail names: in its subject, in what the sender newly wrote,
/// in what is attached; whatever the currency.
/// `unheard` are the passages that are none of our own words.
pub(super) fn largest_amount(reading: &Reading, unheard: &[usize]) -> Option<u64> {
    let passages = reading.passages.iter().enumerate();
    let ours: Vec<_> = passages.filter(|(at, _)| !unheard.contains(at)).map(|(_, p)| p).collect();
    [PassageKind::Subject, PassageKind::New, PassageKind::Attachment]
        .into_iter()
        .flat_map(|kind| {
            let of_kind = ours.iter().filter(move |passage| passage.kind == kind);
            of_kind.flat_map(|passage| &passage.sentences).take(MAX_SENTENCES)
        })
        .filter_map(|sentence| largest::largest(sentence.text()))
        .max()
}

/// Which of the sentences stopped the mail, heaviest first.
pub(super) fn news(all: &[&str], decision: &Decision) -> Vec<usize> {
    let mut news = Vec::new();
    for evidence in decision.evidence.iter().filter(|e| e.weight > 0.0).take(MAX_NEWS) {
        let text = evidence.text.trim().trim_end_matches('…').trim();
        let whole = all.iter().position(|s| !text.is_empty() && s.contains(text));
        news.extend(whole.filter(|at| !news.contains(at)));
    }
    news
}

fn keep<'r>(kept: &mut Vec<&'r str>, found: Vec<&'r str>) {
    for fact in found {
        if kept.len() < MAX_FACTS && !kept.contains(&fact) {
            kept.push(fact);
        }
    }
}

/// The words of the sentence that meet a pattern, as they are written.
pub(super) fn quote<'t>(text: &'t str, words: &[Word<'t>], pattern: &str) -> Option<&'t str> {
    let found = words.get(find(words, pattern)?)?;
    text.get(found.first()?.span.start..found.last()?.span.end)
}

impl<'r> Said<'r> {
    /// The first sentence of each kind is the one that is quoted; a reason is one only in or
    /// beside the news.
    fn hear(&mut self, text: &'r str, near: bool, vocabulary: &Vocabulary) {
        let words = words_of(text);
        let has = |patterns: &[&str]| patterns.iter().any(|p| find(&words, p).is_some());
        // Negated beside the words found, not by them: "we did not keep our date" owns it.
        let plainly = |patterns: &[&str]| {
            patterns.iter().filter_map(|p| find(&words, p)).any(|place| {
                let beside = |at: usize| !place.contains(&at);
                !words.iter().enumerate().any(|(at, w)| beside(at) && vocabulary.negates(w))
            })
        };
        // A question asks for something; it gives nothing.
        let asks = text.trim_end().ends_with('?');
        if self.regret.is_none() && has(vocabulary.regret) && !has(vocabulary.trifle) {
            let found = vocabulary.condition.iter().find_map(|p| quote(text, &words, p));
            match found {
                Some(condition) => self.condition = self.condition.or(Some((text, condition))),
                None => self.regret = Some(text),
            }
        }
        if self.ownership.is_none() && plainly(vocabulary.ownership) && !asks {
            self.ownership = Some(text);
        }
        if self.reason.is_none() && near && has(vocabulary.reason) && !asks {
            self.reason = Some(text);
        }
        if self.remedy.is_none() && plainly(vocabulary.remedy) && !asks {
            self.remedy = Some(text);
        }
        self.hint_of_ownership |=
            self.ownership.is_some() || plainly(vocabulary.hints_of_ownership);
        self.hint_of_reason |= has(vocabulary.reason) || has(vocabulary.hints_of_reason);
        self.hint_of_remedy |= self.remedy.is_some() || plainly(vocabulary.hints_of_remedy);
        let dated = || dates::has_date(text, vocabulary);
        self.time = self.time || has(vocabulary.time) || has(vocabulary.months) || dated();
    }
}
