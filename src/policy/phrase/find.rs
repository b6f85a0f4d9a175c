//! Finds patterns in a sentence.

use super::{
    OVERLAP_WORDS, SPAN_WORDS,
    trie::{Packed, Term},
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
}

/// All patterns of a policy set.
#[derive(Debug, Clone)]
pub(in crate::policy) struct Phrases {
    pub(super) trie: Packed,
    pub(super) classes: Vec<Vec<Symbol>>,
    pub(super) patterns: Vec<Pattern>,
    /// By symbol: the patterns that cannot match without it or its kin.
    pub(super) calls: Vec<Vec<u32>>,
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

/// Memory reused from sentence to sentence.
#[derive(Debug, Default)]
pub(in crate::policy) struct Scratch {
    /// By symbol: where it stands.
    at: Vec<Places>,
    /// The symbols that stand anywhere.
    touched: Vec<Symbol>,
    /// By pattern: the span it was last tried in.
    tried: Vec<u64>,
    span: u64,
}

/// Words before a hit in which a negation turns it.
const NEGATION_REACH: usize = 3;

struct Span<'p> {
    at: &'p [Places],
    words: usize,
    breaks: Places,
    first: bool,
    last: bool,
}

impl Phrases {
    /// Gives every pattern that a normalised sentence holds, each owner at its first place per
    /// pattern.
    pub(in crate::policy) fn find(
        &self,
        normal: &str,
        scratch: &mut Scratch,
        mut give: impl FnMut(Hit),
    ) {
        scratch.at.resize(self.calls.len(), 0);
        scratch.tried.resize(self.patterns.len(), 0);
        let mut span: Vec<Word<'_>> = Vec::with_capacity(SPAN_WORDS);
        let mut offset = 0;
        words::each_word(normal, |word| {
            if span.len() == SPAN_WORDS {
                self.find_in(&span, (offset == 0, false), offset, scratch, &mut give);
                offset += SPAN_WORDS - OVERLAP_WORDS;
                span.drain(..SPAN_WORDS - OVERLAP_WORDS);
            }
            span.push(word);
        });
        self.find_in(&span, (offset == 0, true), offset, scratch, &mut give);
    }

    fn find_in(
        &self,
        span: &[Word<'_>],
        (first, last): (bool, bool),
        offset: usize,
        scratch: &mut Scratch,
        give: &mut impl FnMut(Hit),
    ) {
        let breaks = self.place(span, scratch);
        scratch.span += 1;
        let negations = self.negations.map(|n| scratch.at.get(n as usize).copied().unwrap_or(0));
        let Scratch { at, touched, tried, span: stamp } = scratch;
        let text = Span { at, words: span.len(), breaks, first, last };
        for symbol in touched.iter() {
            for &index in self.calls.get(*symbol as usize).into_iter().flatten() {
                let Some(seen) = tried.get_mut(index as usize) else { continue };
                if *seen == *stamp {
                    continue;
                }
                *seen = *stamp;
                let Some(pattern) = self.patterns.get(index as usize) else { continue };
                let negations = negations.get(pattern.language).copied().unwrap_or(0);
                if let Some(mut hit) = text.find(&pattern.op, negations, pattern.owner) {
                    hit.start += offset;
                    hit.end += offset;
                    give(hit);
                }
            }
        }
        for symbol in touched.drain(..) {
            if let Some(places) = at.get_mut(symbol as usize) {
                *places = 0;
            }
        }
    }

    /// Notes where each symbol stands; gives where punctuation does.
    fn place(&self, span: &[Word<'_>], scratch: &mut Scratch) -> Places {
        let mut breaks: Places = 0;
        let Scratch { at, touched, .. } = scratch;
        for (position, word) in span.iter().enumerate() {
            let bit = 1 << position;
            let mut stand = |symbol: Symbol| {
                if let Some(places) = at.get_mut(symbol as usize) {
                    if *places == 0 {
                        touched.push(symbol);
                    }
                    *places |= bit;
                }
            };
            self.trie.terms_of(word.text, |term: Term| {
                self.classes.get(term as usize).into_iter().flatten().for_each(|s| stand(*s));
            });
            if words::is_number(word.text) {
                stand(self.number);
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
                start,
                end,
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
            Op::Symbol(symbol) => {
                (starts & self.at.get(*symbol as usize).copied().unwrap_or(0)) << 1
            }
            Op::Begins(first, op) => {
                let here = starts & self.at.get(*first as usize).copied().unwrap_or(0);
                self.ends(op, here, negations)
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
            Op::Begin if self.first => starts & 1,
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
