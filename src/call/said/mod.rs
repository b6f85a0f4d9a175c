//! What a mail says already of regret, responsibility and remedy, and the facts of its news.
//!
//! Takes the sentences that the sender newly wrote; gives some of them back, never a word of its
//! own. Bounded: looked at only for mail that is held, and only this far.

mod amounts;
mod dates;
mod largest;
mod pattern;
mod words;

use std::ops::Range;

use crate::{
    decision::Decision,
    message::{Language, PassageKind, Reading, Sentence},
};
use pattern::find;
pub(super) use pattern::{Word, has_words, words as words_of};
use words::Vocabulary;

/// Sentences looked at; what is said behind them is not heard on the telephone either.
const MAX_SENTENCES: usize = 200;
/// Dates and amounts given at most, of each.
const MAX_FACTS: usize = 3;
/// Pieces of evidence whose sentence is looked for.
const MAX_NEWS: usize = 4;

/// In a mail of more sentences something may be said in words that we do not know.
const MAX_SHORT: usize = 8;

/// A sentence of the mail, and the octets of it that were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quote<'r> {
    pub(super) sentence: &'r str,
    pub(super) words: Range<usize>,
}

/// What was found, as the mail has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said<'r> {
    /// The sentence that says sorry plainly.
    pub(super) regret: Option<Quote<'r>>,
    /// The sentence that says it with an "if" or an "any", and these words.
    pub(super) condition: Option<(Quote<'r>, &'r str)>,
    /// The sentence in which the sender's side owns it.
    pub(super) ownership: Option<Quote<'r>>,
    /// The sentence that gives a reason.
    pub(super) reason: Option<Quote<'r>>,
    /// The sentence that offers something.
    pub(super) remedy: Option<Quote<'r>>,
    /// Whether the mail is so short that what was not found is not there.
    pub(super) short: bool,
    /// Whether any word may say sorry.
    pub(super) hint_of_regret: bool,
    /// Whether any word may own it, or deny it.
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
    /// Whether the mail says "you" as to a friend.
    pub(super) familiar: bool,
}

/// Reads a mail that is held.
pub(super) fn said<'r>(reading: &'r Reading, decision: &Decision, language: Language) -> Said<'r> {
    let vocabulary = Vocabulary::of(language);
    let all: Vec<&str> = sentences(reading).map(|s| s.text()).collect();
    let mut said = Said { short: all.len() <= MAX_SHORT, ..Said::default() };
    let news = news(&all, decision);
    for (at, text) in all.iter().enumerate() {
        let near = news.iter().any(|of| of.abs_diff(at) <= 1);
        said.hear(text, near, vocabulary);
    }
    said.familiar = is_familiar(&all, vocabulary);
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

/// Whether more than once, and more often than not, the word for "you" is the one for a friend.
fn is_familiar(all: &[&str], vocabulary: &Vocabulary) -> bool {
    let words: Vec<Word<'_>> = all.iter().flat_map(|text| words_of(text)).collect();
    let count = |patterns: &[&str]| {
        let one = |word: &&Word<'_>| {
            patterns.iter().any(|pattern| find(std::slice::from_ref(*word), pattern).is_some())
        };
        words.iter().filter(one).count()
    };
    let familiar = count(vocabulary.familiar);
    familiar > 1 && familiar > count(vocabulary.formal)
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
    fn hear(&mut self, text: &'r str, near: bool, vocabulary: &'static Vocabulary) {
        let heard = Heard { text, words: words_of(text), vocabulary };
        // A question asks for something, a heading only leads to it, "if I was wrong" owns nothing.
        let states = !text.trim_end().ends_with(['?', ':']);
        self.hear_regret(&heard);
        if self.ownership.is_none() && states && !heard.supposes() {
            self.ownership = heard.plainly(vocabulary.ownership);
        }
        if self.reason.is_none() && near && states {
            self.reason = heard.any(vocabulary.reason);
        }
        if self.remedy.is_none() && states {
            self.remedy = heard.plainly(vocabulary.remedy);
        }
        let has = |patterns| heard.any(patterns).is_some();
        self.hint_of_regret |= has(vocabulary.regret);
        self.hint_of_ownership |= has(vocabulary.ownership) || has(vocabulary.hints_of_ownership);
        self.hint_of_reason |= has(vocabulary.reason) || has(vocabulary.hints_of_reason);
        self.hint_of_remedy |= heard.in_its_clause(vocabulary.remedy)
            || heard.in_its_clause(vocabulary.hints_of_remedy);
        let dated = || dates::has_date(text, vocabulary);
        self.time = self.time || has(vocabulary.time) || has(vocabulary.months) || dated();
    }

    fn hear_regret(&mut self, heard: &Heard<'r>) {
        let vocabulary = heard.vocabulary;
        if self.regret.is_some() || heard.any(vocabulary.trifle).is_some() {
            return;
        }
        let Some(sorry) = heard.any(vocabulary.regret) else { return };
        let condition = vocabulary.condition.iter();
        match condition.copied().find_map(|pattern| quote(heard.text, &heard.words, pattern)) {
            Some(condition) => {
                self.condition.get_or_insert((sorry, condition));
            }
            None => self.regret = Some(sorry),
        }
    }
}

/// One sentence, in words.
struct Heard<'r> {
    text: &'r str,
    words: Vec<Word<'r>>,
    vocabulary: &'static Vocabulary,
}

impl<'r> Heard<'r> {
    /// The places of what the patterns find, in their order.
    fn places<'h>(&'h self, patterns: &'h [&'h str]) -> impl Iterator<Item = Range<usize>> + 'h {
        patterns.iter().filter_map(|pattern| find(&self.words, pattern))
    }

    fn quote(&self, place: &Range<usize>) -> Option<Quote<'r>> {
        let found = self.words.get(place.clone())?;
        let words = found.first()?.span.start..found.last()?.span.end;
        Some(Quote { sentence: self.text, words })
    }

    fn any(&self, patterns: &[&str]) -> Option<Quote<'r>> {
        let place = self.places(patterns).next()?;
        self.quote(&place)
    }

    /// Negated beside the words found, not by them: "we did not keep our date" owns it.
    fn negated(&self, place: &Range<usize>, within: Range<usize>) -> bool {
        let beside = |at: &usize| !place.contains(at);
        let words = within.filter(beside).filter_map(|at| self.words.get(at));
        words.into_iter().any(|word| self.vocabulary.negates(word))
    }

    fn plainly(&self, patterns: &[&str]) -> Option<Quote<'r>> {
        let place =
            self.places(patterns).find(|place| !self.negated(place, 0..self.words.len()))?;
        self.quote(&place)
    }

    /// Whether the words are there, and no word of the same clause says no to them.
    fn in_its_clause(&self, patterns: &[&str]) -> bool {
        self.places(patterns).any(|place| !self.negated(&place, self.clause(&place)))
    }

    /// From one comma, or what parts as well, to the next.
    fn clause(&self, place: &Range<usize>) -> Range<usize> {
        let parted = |at: &usize| {
            let (Some(word), Some(next)) = (self.words.get(*at), self.words.get(at + 1)) else {
                return true;
            };
            let between = self.text.get(word.span.end..next.span.start).unwrap_or_default();
            between.contains([',', ';', ':', '.', '–', '—', '(', ')', '!', '?'])
        };
        let begin = (0..place.start).rev().find(parted).map_or(0, |at| at + 1);
        let end = (place.end.saturating_sub(1)..self.words.len()).find(parted);
        begin..end.map_or(self.words.len(), |at| at + 1)
    }

    /// Whether the sentence begins with an "if".
    fn supposes(&self) -> bool {
        self.words
            .first()
            .is_some_and(|word| self.vocabulary.supposing.contains(&word.lower.as_str()))
    }
}
