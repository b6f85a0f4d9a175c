//! Finds patterns in a sentence.

use super::{
    OVERLAP_WORDS, SPAN_WORDS,
    known::Known,
    trie::Packed,
    words::{self, Word},
};
use crate::message::Language;

/// How many languages have negations of their own: `no` denies in English and Spanish and is
/// an article in Portuguese.
pub(super) const LANGUAGES: usize = Language::ALL.len();

/// A class of words that a pattern asks for.
pub(super) type Symbol = u32;

/// A set of positions in a span: bit n is the place before word n.
type Places = u128;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Symbol(Symbol),
    Gap(u8),
    /// Only where one of its first words stands: spares most walks through a long list.
    Begins(Symbol, Box<Op>),
    Sequence(Vec<Op>),
    Either(Vec<Op>),
    Maybe(Box<Op>),
    Begin,
    End,
}

/// A pattern, its language, and whose it is.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) op: Op,
    pub(super) language: usize,
    pub(super) owner: u32,
    /// Of each of these one must stand somewhere, or it matches nowhere; the rarest first.
    pub(super) needs: Vec<Vec<Symbol>>,
}

/// By symbol: the patterns that cannot match without it or its kin.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls {
    /// By symbol: where its patterns begin among all; one more at the end.
    from: Vec<u32>,
    patterns: Vec<u32>,
}

impl Calls {
    /// From a list for each symbol.
    pub(super) fn new(by_symbol: &[Vec<u32>]) -> Calls {
        let mut calls = Calls::default();
        for patterns in by_symbol {
            calls.from.push(u32::try_from(calls.patterns.len()).unwrap_or(u32::MAX));
            calls.patterns.extend(patterns);
        }
        calls.from.push(u32::try_from(calls.patterns.len()).unwrap_or(u32::MAX));
        calls
    }

    fn of(&self, symbol: Symbol) -> &[u32] {
        let range = self.from.get(symbol as usize..).and_then(|from| from.first_chunk::<2>());
        let patterns = range.and_then(|[a, b]| self.patterns.get(*a as usize..*b as usize));
        patterns.unwrap_or_default()
    }

    fn symbols(&self) -> usize {
        self.from.len().saturating_sub(1)
    }
}

/// All patterns of a policy set.
#[derive(Debug, Clone)]
pub(in crate::policy) struct Phrases {
    pub(super) trie: Packed,
    pub(super) patterns: Vec<Pattern>,
    /// Of the patterns that are looked for in every sentence.
    pub(super) calls: Calls,
    /// Of the cues, which count only beside another pattern.
    pub(super) cues: Calls,
    pub(super) number: Symbol,
    /// By language.
    pub(super) negations: [Symbol; LANGUAGES],
}

/// A pattern found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) struct Hit {
    /// Whose pattern.
    pub(in crate::policy) owner: u32,
    /// A negation stands within three words before it, in the same clause.
    pub(in crate::policy) negated: bool,
    /// The clause that ends the sentence holds its end.
    pub(in crate::policy) in_last_clause: bool,
    /// First word.
    pub(in crate::policy) start: usize,
    /// The word behind the last.
    pub(in crate::policy) end: usize,
}

/// Memory reused from sentence to sentence of a mail.
#[derive(Debug, Default)]
pub(in crate::policy) struct Scratch {
    places: Board,
    /// By pattern: the span it was last tried in.
    tried: Vec<u32>,
    span: u32,
    /// What the words of the mail stand for.
    known: Known,
}

/// Where each symbol stands in a span.
#[derive(Debug, Default)]
struct Board {
    /// By symbol: its number among those that stand anywhere, from 1.
    numbers: Vec<u32>,
    /// By number, from 0: the symbol and its places.
    standing: Vec<(Symbol, Places)>,
}

impl Board {
    fn stand(&mut self, symbol: Symbol, at: Places) {
        let Some(number) = self.numbers.get_mut(symbol as usize) else { return };
        if let Some((_, places)) =
            (*number as usize).checked_sub(1).and_then(|n| self.standing.get_mut(n))
        {
            *places |= at;
            return;
        }
        self.standing.push((symbol, at));
        *number = u32::try_from(self.standing.len()).unwrap_or(0);
    }

    fn stands(&self, symbol: Symbol) -> bool {
        self.numbers.get(symbol as usize).is_some_and(|number| *number != 0)
    }

    fn places_of(&self, symbol: Symbol) -> Places {
        let number = self.numbers.get(symbol as usize).copied().unwrap_or(0) as usize;
        let standing = number.checked_sub(1).and_then(|n| self.standing.get(n));
        standing.map_or(0, |(_, places)| *places)
    }

    fn clear(&mut self) {
        for (symbol, _) in self.standing.drain(..) {
            if let Some(number) = self.numbers.get_mut(symbol as usize) {
                *number = 0;
            }
        }
    }
}

/// Words before a hit in which a negation turns it.
const NEGATION_REACH: usize = 3;

struct Span<'p> {
    places: &'p Board,
    words: usize,
    /// Words of the sentence before it.
    offset: usize,
    breaks: Places,
    last: bool,
}

impl Phrases {
    /// Finds every pattern that a normalised sentence holds and whose owner is `wanted`, each at
    /// its first place; and if there is one, every cue.
    pub(in crate::policy) fn find(
        &self,
        normal: &str,
        wanted: impl Fn(u32) -> bool,
        scratch: &mut Scratch,
        found: &mut Vec<Hit>,
    ) {
        scratch.places.numbers.resize(self.calls.symbols(), 0);
        scratch.tried.resize(self.patterns.len(), 0);
        found.clear();
        self.find_called(normal, &self.calls, &wanted, scratch, found);
        if !found.is_empty() {
            self.find_called(normal, &self.cues, &|_| true, scratch, found);
        }
    }

    fn find_called(
        &self,
        normal: &str,
        calls: &Calls,
        wanted: &impl Fn(u32) -> bool,
        scratch: &mut Scratch,
        found: &mut Vec<Hit>,
    ) {
        let mut words: Vec<Word<'_>> = Vec::with_capacity(SPAN_WORDS);
        let mut offset = 0;
        let mut look = |words: &[Word<'_>], last: bool, offset: usize| {
            let breaks = self.place(words, scratch);
            scratch.span += 1;
            let Scratch { places, tried, span: stamp, .. } = &mut *scratch;
            let span = Span { places, words: words.len(), offset, breaks, last };
            for &index in places.standing.iter().flat_map(|(symbol, _)| calls.of(*symbol)) {
                let Some(seen) = tried.get_mut(index as usize) else { continue };
                if std::mem::replace(seen, *stamp) != *stamp {
                    found.extend(self.tried(index, &span, wanted));
                }
            }
            places.clear();
        };
        words::each_word(normal, |word| {
            if words.len() == SPAN_WORDS {
                look(&words, false, offset);
                offset += SPAN_WORDS - OVERLAP_WORDS;
                words.drain(..SPAN_WORDS - OVERLAP_WORDS);
            }
            words.push(word);
        });
        look(&words, true, offset);
    }

    fn tried(&self, index: u32, span: &Span<'_>, wanted: &impl Fn(u32) -> bool) -> Option<Hit> {
        let pattern = self.patterns.get(index as usize)?;
        let stands = |symbols: &Vec<Symbol>| symbols.iter().any(|s| span.places.stands(*s));
        if !pattern.needs.iter().all(stands) || !wanted(pattern.owner) {
            return None;
        }
        let negation = self.negations.get(pattern.language).copied();
        let negations = negation.map_or(0, |n| span.places.places_of(n));
        span.find(&pattern.op, negations, pattern.owner)
    }

    /// Notes where each symbol stands; gives where punctuation does.
    fn place(&self, words: &[Word<'_>], scratch: &mut Scratch) -> Places {
        let mut breaks: Places = 0;
        let Scratch { places, known, .. } = scratch;
        for (position, word) in words.iter().enumerate() {
            let bit = 1 << position;
            let set = known.get_or(word.text, |text| self.trie.set_of(text));
            for symbol in self.trie.symbols(set) {
                places.stand(*symbol, bit);
            }
            if words::is_number(word.text) {
                places.stand(self.number, bit);
            }
            if word.breaks {
                breaks |= bit;
            }
        }
        breaks
    }
}

impl Span<'_> {
    /// The first place where a pattern matches, as short as it can.
    fn find(&self, op: &Op, negations: Places, owner: u32) -> Option<Hit> {
        let all: Places = (1 << self.words) - 1;
        if self.ends(op, all, negations) == 0 {
            return None;
        }
        // The hit without a negation before it is preferred: it says the thing plainly.
        let mut negated = None;
        for start in 0..self.words {
            let ends = self.ends(op, 1 << start, negations);
            if ends == 0 {
                continue;
            }
            let end = ends.trailing_zeros() as usize;
            let hit = Hit {
                owner,
                negated: self.negated_at(start, negations),
                in_last_clause: self.breaks
                    & (self.mask(self.words.saturating_sub(1)) & !self.mask(end.saturating_sub(1)))
                    == 0,
                start: start + self.offset,
                end: end + self.offset,
            };
            if !hit.negated {
                return Some(hit);
            }
            negated.get_or_insert(hit);
        }
        negated
    }

    /// Where `op` may end if it begins at one of `starts`.
    fn ends(&self, op: &Op, starts: Places, negations: Places) -> Places {
        if starts == 0 {
            return 0;
        }
        match op {
            Op::Symbol(symbol) => (starts & self.places.places_of(*symbol)) << 1,
            Op::Begins(first, op) => {
                self.ends(op, starts & self.places.places_of(*first), negations)
            }
            Op::Gap(words) => {
                let mut reached = starts;
                for _ in 0..*words {
                    let wider = reached | ((reached & !negations) << 1);
                    if wider == reached {
                        break;
                    }
                    reached = wider;
                }
                reached & self.mask(self.words + 1)
            }
            Op::Sequence(ops) => ops.iter().fold(starts, |at, op| self.ends(op, at, negations)),
            Op::Either(ops) => {
                ops.iter().fold(0, |ends, op| ends | self.ends(op, starts, negations))
            }
            Op::Maybe(op) => starts | self.ends(op, starts, negations),
            Op::Begin if self.offset == 0 => starts & 1,
            Op::End if self.last => starts & (1 << self.words),
            Op::Begin | Op::End => 0,
        }
    }

    fn negated_at(&self, start: usize, negations: Places) -> bool {
        for position in (start.saturating_sub(NEGATION_REACH)..start).rev() {
            if self.breaks & (1 << position) != 0 {
                return false;
            }
            if negations & (1 << position) != 0 {
                return true;
            }
        }
        false
    }

    /// The places before `end`.
    fn mask(&self, end: usize) -> Places {
        (1 << end) - 1
    }
}
