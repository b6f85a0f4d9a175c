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
    /// How many numbers of 64 bits hold a bit for each need. Equal needs of several patterns are
    /// one.
    width: usize,
    /// By set of symbols, so many numbers each: the needs that it meets.
    met_by: Vec<u64>,
    /// The needs that a number meets.
    met_by_numbers: Vec<u64>,
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
        let width = needs.numbers.len().div_ceil(64);
        let met_by = |symbols: &[Symbol]| {
            let mut row = vec![0; width];
            for need in once_each(symbols, &needs.met_by) {
                if let Some(bits) = row.get_mut(need as usize / 64) {
                    *bits |= 1_u64 << (need % 64);
                }
            }
            row
        };
        Gate {
            calls: Lists::new(words.each_set().map(calls)),
            calls_of_numbers: calls(&[number]),
            others: Lists::new(others),
            width,
            met_by: words.each_set().flat_map(met_by).collect(),
            met_by_numbers: met_by(&[number]),
        }
    }

    /// Whether a pattern that is `wanted` may match among these words. `met` is memory reused from
    /// sentence to sentence.
    pub(super) fn opens(
        &self,
        words: &[Placed],
        met: &mut Vec<u64>,
        wanted: impl Fn(u32) -> bool,
    ) -> bool {
        let number = !self.calls_of_numbers.is_empty() && words.iter().any(|w| w.is_number);
        if !number && !words.iter().any(|word| word.calls) {
            return false;
        }
        self.meet(words, met);
        let is_met = |need: &u32| {
            let bits = met.get(*need as usize / 64).copied().unwrap_or_default();
            bits >> (need % 64) & 1 == 1
        };
        let may_match = |index: &u32| self.others.of(*index).iter().all(is_met) && wanted(*index);
        let any_word = words.iter().enumerate().filter(|(_, word)| word.calls).any(|(at, word)| {
            // A word that stands twice calls for nothing new.
            let again = words.iter().take(at).any(|before| before.set == word.set);
            !again && self.calls.of(word.set).iter().any(may_match)
        });
        any_word || number && self.calls_of_numbers.iter().any(may_match)
    }

    /// The needs that any of these words meets, a bit each.
    fn meet(&self, words: &[Placed], met: &mut Vec<u64>) {
        met.clear();
        met.resize(self.width, 0);
        let mut add = |row: &[u64]| {
            for (all, bits) in met.iter_mut().zip(row) {
                *all |= bits;
            }
        };
        for word in words {
            let row = word.set as usize * self.width;
            // The first set is empty and meets nothing.
            if row > 0 {
                add(self.met_by.get(row..row + self.width).unwrap_or_default());
            }
            if word.is_number {
                add(&self.met_by_numbers);
            }
        }
    }

    /// Whether a word that stands for this set calls for a pattern.
    pub(super) fn calls(&self, set: Set) -> bool {
        !self.calls.of(set).is_empty()
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
