//! Says quickly that no pattern can match in a sentence, as in most.
//!
//! A pattern is a row of parts, and of each part one word must stand (see
//! [`Pattern::needs`](super::find::Pattern)). The words that are its rarest part call for it; where
//! one of them stands, words are looked for that meet its other needs. Only where all are met the
//! places of words have to be looked at. The gate never shuts out a match: what it lets through is
//! looked at closely.

use std::collections::HashMap;

use super::{
    find::{Pattern, Placed, Symbol},
    lists::Lists,
    trie::{Packed, Set},
};

/// See the module.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate {
    /// By set of symbols: the patterns that a word calls for which stands for it.
    calls: Lists,
    /// The patterns that a number calls for.
    calls_of_numbers: Vec<u32>,
    /// By pattern: its other needs.
    others: Lists,
    /// How many numbers of 64 bits hold a bit for each set of symbols.
    width: usize,
    /// By need, so many numbers each: the sets that meet it. Equal needs of several patterns are
    /// one.
    met_by: Vec<u64>,
    /// By need: whether a number meets it.
    met_by_numbers: Vec<bool>,
}

impl Gate {
    /// For patterns whose `needs` are known. Cues, whose owners are below, call for nothing.
    pub(super) fn new(patterns: &[Pattern], cues: u32, words: &Packed, number: Symbol) -> Gate {
        let mut needs = Needs::default();
        let mut called_by: HashMap<Symbol, Vec<u32>> = HashMap::new();
        let mut others: Vec<Vec<u32>> = Vec::new();
        for (index, pattern) in (0..).zip(patterns) {
            let mut all = pattern.needs.iter().filter(|_| pattern.owner >= cues);
            for symbol in all.next().into_iter().flatten() {
                called_by.entry(*symbol).or_default().push(index);
            }
            others.push(all.map(|need| needs.number(need)).collect());
        }
        let calls = |symbols: &[Symbol]| once_each(symbols, &called_by);
        let count = needs.numbers.len();
        let width = words.each_set().count().div_ceil(64);
        let mut met_by = vec![0; count * width];
        for (set, symbols) in (0..).zip(words.each_set()) {
            for need in once_each(symbols, &needs.met_by) {
                if let Some(bits) = met_by.get_mut(need as usize * width + set as usize / 64) {
                    *bits |= 1_u64 << (set % 64);
                }
            }
        }
        let of_numbers = once_each(&[number], &needs.met_by);
        Gate {
            calls: Lists::new(words.each_set().map(calls)),
            calls_of_numbers: calls(&[number]),
            others: Lists::new(others),
            width,
            met_by,
            met_by_numbers: (0..).take(count).map(|need| of_numbers.contains(&need)).collect(),
        }
    }

    /// Whether a pattern that is `wanted` may match among these words.
    pub(super) fn opens(&self, words: &[Placed], wanted: impl Fn(u32) -> bool) -> bool {
        let may_match = |index: &u32| {
            let others = self.others.of(*index);
            others.iter().all(|need| self.is_met(*need, words)) && wanted(*index)
        };
        let any_word = words.iter().enumerate().filter(|(_, word)| word.calls).any(|(at, word)| {
            // A word that stands twice calls for nothing new.
            let again = words.iter().take(at).any(|before| before.set == word.set);
            !again && self.calls.of(word.set).iter().any(may_match)
        });
        let any_number = !self.calls_of_numbers.is_empty() && words.iter().any(|w| w.is_number);
        any_word || any_number && self.calls_of_numbers.iter().any(may_match)
    }

    /// Whether a word that stands for this set calls for a pattern.
    pub(super) fn calls(&self, set: Set) -> bool {
        !self.calls.of(set).is_empty()
    }

    #[inline]
    fn is_met(&self, need: u32, words: &[Placed]) -> bool {
        let need = need as usize;
        let row = self.met_by.get(need * self.width..).unwrap_or_default();
        let meets = |word: &Placed| {
            let bits = row.get(word.set as usize / 64).copied().unwrap_or_default();
            bits >> (word.set % 64) & 1 == 1
        };
        words.iter().any(meets)
            || self.met_by_numbers.get(need) == Some(&true) && words.iter().any(|w| w.is_number)
    }
}

/// The needs of all patterns, numbered from 0, equal ones once.
#[derive(Default)]
struct Needs<'p> {
    numbers: HashMap<&'p [Symbol], u32>,
    /// By symbol: the needs that it meets.
    met_by: HashMap<Symbol, Vec<u32>>,
}

impl<'p> Needs<'p> {
    fn number(&mut self, need: &'p [Symbol]) -> u32 {
        let fresh = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(need).or_insert(fresh);
        if number == fresh {
            for symbol in need {
                self.met_by.entry(*symbol).or_default().push(number);
            }
        }
        number
    }
}

/// What stands beside any of these symbols, each once.
fn once_each(symbols: &[Symbol], beside: &HashMap<Symbol, Vec<u32>>) -> Vec<u32> {
    let mut all: Vec<u32> =
        symbols.iter().filter_map(|s| beside.get(s)).flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
