//! Says quickly which patterns may match in a sentence; in most none.
//!
//! A pattern is a row of parts, and of each part one word must stand (see [`needs`](super::needs)).
//! The words that are its rarest part call for it; where one of them stands, words are looked for that
//! meet its other needs, and whether they stand in order and near enough. Only where they do the
//! places of all words have to be looked at. The gate never shuts out a match: what it lets through
//! is looked at closely.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use super::{
    find::{Pattern, Placed, Places, Symbol},
    lists::Lists,
    needs::Step,
    trie::{Packed, Set},
};

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    /// By set of symbols: the patterns that a word calls for which stands for it.
    calls: Lists<Call>,
    /// The patterns that a number calls for.
    calls_of_numbers: Vec<Call>,
    /// By pattern: its needs but the rarest, the next rarest first.
    others: Lists,
    /// By pattern: the row of its needs.
    rows: Lists<Step>,
    /// How many [`Bits`] hold a bit for each need. Equal needs of several patterns are one.
    width: usize,
    /// By set of symbols, so many each: the needs that it meets.
    met_by: Vec<Bits>,
    /// The needs that a number meets.
    met_by_numbers: Vec<Bits>,
}

/// Bits of needs that are looked at together.
pub(super) type Bits = [u64; 4];
const BITS: usize = 256;

/// A pattern that is called for, and its rarest need but that one, or [`NOTHING`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Call {
    pattern: u32,
    need: u32,
}

/// The need that is always met.
const NOTHING: u32 = 0;

impl Gate {
    /// For patterns whose `needs` are known. Cues, whose owners are below, call for nothing.
    pub(super) fn new(patterns: &[Pattern], cues: u32, words: &Packed, number: Symbol) -> Gate {
        let mut needs = Needs::default();
        let mut called_by: HashMap<Symbol, Vec<Call>> = HashMap::new();
        let mut others: Vec<Vec<u32>> = Vec::new();
        for (index, pattern) in (0..).zip(patterns) {
            let mut all = pattern.needs.iter().filter(|_| pattern.owner >= cues);
            let rarest = all.next();
            let other: Vec<u32> = all.map(|need| needs.number(need)).collect();
            let call = Call { pattern: index, need: other.first().copied().unwrap_or(NOTHING) };
            for symbol in rarest.into_iter().flatten() {
                called_by.entry(*symbol).or_default().push(call);
            }
            others.push(other);
        }
        let calls = |symbols: &[Symbol]| once_each(symbols, &called_by);
        let width = (needs.numbers.len() + 1).div_ceil(BITS);
        let met_by = |symbols: &[Symbol]| {
            let mut row = vec![Bits::default(); width];
            for need in once_each(symbols, &needs.met_by) {
                if let Some(bits) = row.as_flattened_mut().get_mut(need as usize / 64) {
                    *bits |= 1_u64 << (need % 64);
                }
            }
            row
        };
        Gate {
            calls: Lists::new(words.each_set().map(calls)),
            calls_of_numbers: calls(&[number]),
            others: Lists::new(others),
            rows: Lists::new(patterns.iter().map(|pattern| pattern.row.iter().copied())),
            width,
            met_by: words.each_set().flat_map(met_by).collect(),
            met_by_numbers: met_by(&[number]),
        }
    }

    /// Gathers the patterns that are `wanted` and may match among these words, each once, in the
    /// order of the words that call for them. `met` is memory reused from sentence to sentence.
    pub(super) fn candidates(
        &self,
        words: &[Placed],
        met: &mut Vec<Bits>,
        wanted: impl Fn(u32) -> bool,
        candidates: &mut Vec<u32>,
    ) {
        candidates.clear();
        let mut number = !self.calls_of_numbers.is_empty() && words.iter().any(|w| w.is_number);
        if !number && !words.iter().any(|word| word.calls) {
            return;
        }
        self.meet(words, met);
        let mut ask = |called: &[Call]| {
            for &Call { pattern, need } in called {
                if has(met, need)
                    && self.others.of(pattern).iter().all(|need| has(met, *need))
                    && wanted(pattern)
                    && !candidates.contains(&pattern)
                {
                    candidates.push(pattern);
                }
            }
        };
        for word in words {
            if word.calls {
                ask(self.calls.of(word.set));
            }
            if word.is_number && std::mem::take(&mut number) {
                ask(&self.calls_of_numbers);
            }
        }
        candidates.retain(|pattern| self.stand_in_order(*pattern, words));
    }

    /// The needs that any of these words meets, a bit each.
    fn meet(&self, words: &[Placed], met: &mut Vec<Bits>) {
        met.clear();
        met.resize(self.width, Bits::default());
        if let Some([first, ..]) = met.first_mut() {
            *first |= 1 << NOTHING;
        }
        let mut add = |row: &[Bits]| {
            for (all, bits) in met.iter_mut().zip(row) {
                all.iter_mut().zip(bits).for_each(|(all, bits)| *all |= bits);
            }
        };
        for word in words {
            // The first set is empty and meets nothing.
            if word.set > 0 {
                add(self.met_by(word.set));
            }
            if word.is_number {
                add(&self.met_by_numbers);
            }
        }
    }

    /// The needs that a word meets which stands for this set, a bit each.
    fn met_by(&self, set: Set) -> &[Bits] {
        let row = set as usize * self.width;
        self.met_by.get(row..row + self.width).unwrap_or_default()
    }

    /// Whether words that meet the needs of a pattern stand in the order of its parts, no further
    /// from each other than these reach.
    fn stand_in_order(&self, pattern: u32, words: &[Placed]) -> bool {
        let mut steps = self.rows.of(pattern).iter();
        let Some(first) = steps.next() else { return true };
        let mut stand = self.places(pattern, first, words);
        for step in steps {
            stand = behind(stand, step.reach) & self.places(pattern, step, words);
            if stand == 0 {
                return false;
            }
        }
        true
    }

    /// Where words stand that meet a need of a pattern.
    fn places(&self, pattern: u32, step: &Step, words: &[Placed]) -> Places {
        let calls = |called: &[Call]| called.iter().any(|call| call.pattern == pattern);
        let other = step.need.checked_sub(1);
        let other = other.and_then(|other| self.others.of(pattern).get(other).copied());
        let meets = |word: &Placed| match other {
            Some(need) => {
                has(self.met_by(word.set), need)
                    || word.is_number && has(&self.met_by_numbers, need)
            }
            None => {
                word.calls && calls(self.calls.of(word.set))
                    || word.is_number && calls(&self.calls_of_numbers)
            }
        };
        let all = words.iter().enumerate().filter(|(_, word)| meets(word));
        all.fold(0, |places, (at, _)| places | 1 << at)
    }

    /// Whether a word that stands for this set calls for a pattern.
    pub(super) fn calls(&self, set: Set) -> bool {
        !self.calls.of(set).is_empty()
    }
}

/// Whether the bit of a need is set.
#[inline]
fn has(bits: &[Bits], need: u32) -> bool {
    let bits = bits.as_flattened().get(need as usize / 64);
    bits.is_some_and(|bits| bits >> (need % 64) & 1 == 1)
}

/// The places up to `reach` words behind these.
fn behind(places: Places, reach: usize) -> Places {
    let mut wide = places << 1;
    let mut words = 1;
    while words < reach {
        let more = words.min(reach - words);
        wide |= wide << more;
        words += more;
    }
    wide
}

/// The needs of all patterns, numbered from 1, equal ones once.
#[derive(Default)]
struct Needs<'p> {
    numbers: HashMap<&'p [Symbol], u32>,
    /// By symbol: the needs that it meets.
    met_by: HashMap<Symbol, Vec<u32>>,
}

impl<'p> Needs<'p> {
    fn number(&mut self, need: &'p [Symbol]) -> u32 {
        let fresh = u32::try_from(self.numbers.len() + 1).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(need).or_insert(fresh);
        if number == fresh {
            for symbol in need {
                self.met_by.entry(*symbol).or_default().push(number);
            }
        }
        number
    }
}

/// What stands beside any of these symbols, each once, in the order of the symbols.
fn once_each<T: Copy + Eq + Hash>(symbols: &[Symbol], beside: &HashMap<Symbol, Vec<T>>) -> Vec<T> {
    let mut seen = HashSet::new();
    let all = symbols.iter().filter_map(|s| beside.get(s)).flatten().copied();
    all.filter(|one| seen.insert(*one)).collect()
}
