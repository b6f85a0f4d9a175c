//! The words by which a mail says the three Rs, one file a language.
//!
//! Patterns of [`super::pattern`]. A word too many only quotes a sentence that says less than it
//! should; a word too few has the guide ask for what is there: so the lists are wide.

mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod pt;

use super::pattern::Word;
use crate::message::Language;

/// What one language says it with.
#[derive(Debug)]
pub(in crate::call) struct Vocabulary {
    /// Words with which a sentence begins that only supposes.
    pub(super) supposing: &'static [&'static str],
    /// Names of months, lower case, January first; short forms behind them.
    pub(super) months: &'static [&'static str],
    /// No and not, refused and denied: a sentence with one of these beside the words found offers
    /// nothing and owns nothing. Single words, `*` for any ending.
    pub(super) negation: &'static [&'static str],
    /// Sorry.
    pub(super) regret: &'static [&'static str],
    /// Sorry, but with "if", "any", "may have".
    pub(super) condition: &'static [&'static str],
    /// Sorry for a trifle, as a late answer is, or only to inform.
    pub(super) trifle: &'static [&'static str],
    /// It was us.
    pub(super) ownership: &'static [&'static str],
    /// Why.
    pub(super) reason: &'static [&'static str],
    /// Words that may own it: too weak to quote, strong enough not to say that nobody does.
    pub(super) hints_of_ownership: &'static [&'static str],
    /// The same for reasons.
    pub(super) hints_of_reason: &'static [&'static str],
    /// What we do about it.
    pub(super) remedy: &'static [&'static str],
    /// The same for offers.
    pub(super) hints_of_remedy: &'static [&'static str],
    /// Any word that says when; a day, a week, a month.
    pub(super) time: &'static [&'static str],
    /// You, to a friend; none where a language has one word for all.
    pub(super) familiar: &'static [&'static str],
    /// You, to anybody else.
    pub(super) formal: &'static [&'static str],
}

impl Vocabulary {
    /// Whether a word says no.
    pub(super) fn negates(&self, word: &Word<'_>) -> bool {
        self.negation.iter().any(|negation| match negation.strip_suffix('*') {
            Some(stem) => word.lower.starts_with(stem),
            None => word.lower == *negation,
        })
    }

    /// A language's.
    pub(in crate::call) fn of(language: Language) -> &'static Vocabulary {
        match language {
            Language::En => &en::WORDS,
            Language::De => &de::WORDS,
            Language::Fr => &fr::WORDS,
            Language::Es => &es::WORDS,
            Language::It => &it::WORDS,
            Language::Nl => &nl::WORDS,
            Language::Pt => &pt::WORDS,
        }
    }
}
