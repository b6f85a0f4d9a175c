//! Finds patterns in a sentence.

use super::{
    OVERLAP_WORDS, SPAN_WORDS,
    gate::Gate,
    lists::Lists,
    trie::{Packed, Set},
};
use crate::{
    message::Language,
    policy::cut::{
        Cutter, Word,
        words::{each_word, is_number},
    },
};

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

/// All patterns of a policy set.
#[derive(Debug, Clone)]
pub(in crate::policy) struct Phrases {
    pub(super) trie: Packed,
    pub(super) patterns: Vec<Pattern>,
    pub(super) gate: Gate,
    /// By symbol: the patterns that cannot match without it or its kin.
    pub(super) calls: Lists,
    /// The same of the cues, which count only beside another pattern.
    pub(super) cues: Lists,
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
    /// What the words of the mail stand for, by their number, and whether they call for a
    /// pattern; [`UNKNOWN`] until it is asked.
    sets: Vec<(Set, bool)>,
    /// The words of the span at hand.
    words: Vec<Placed>,
}

/// No set has this number.
const UNKNOWN: Set = Set::MAX;

/// A word of a span: what it stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub(super) set: Set,
    /// It calls for a pattern.
    pub(super) calls: bool,
    pub(super) is_number: bool,
    breaks: bool,
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
    /// its first place; and if there is one, every cue. `cutter` has cut the sentence, unless it
    /// is too long.
    pub(in crate::policy) fn find(
        &self,
        normal: &str,
        cutter: &Cutter,
        wanted: impl Fn(u32) -> bool,
        scratch: &mut Scratch,
        found: &mut Vec<Hit>,
    ) {
        scratch.places.numbers.resize(self.calls.len(), 0);
        scratch.tried.resize(self.patterns.len(), 0);
        found.clear();
        match cutter.sentence(normal).filter(|cut| cut.words().len() <= SPAN_WORDS) {
            Some(cut) => self.find_in_one(cut.words(), cutter, &wanted, scratch, found),
            None => {
                self.find_in_spans(normal, &self.calls, &wanted, scratch, found);
                if !found.is_empty() {
                    self.find_in_spans(normal, &self.cues, &|_| true, scratch, found);
                }
            }
        }
    }

    /// In a sentence that is one span, as nearly all are.
    fn find_in_one(
        &self,
        words: &[Word],
        cutter: &Cutter,
        wanted: &impl Fn(u32) -> bool,
        scratch: &mut Scratch,
        found: &mut Vec<Hit>,
    ) {
        scratch.sets.resize(cutter.vocabulary().len(), (UNKNOWN, false));
        scratch.words.clear();
        for &Word { number, is_number, breaks } in words {
            let Some((set, calls)) = scratch.sets.get_mut(usize::from(number)) else { continue };
            if *set == UNKNOWN {
                *set = self.trie.set_of(cutter.vocabulary().word(number));
                *calls = self.gate.calls(*set);
            }
            scratch.words.push(Placed { set: *set, calls: *calls, is_number, breaks });
        }
        let wants = |index| self.patterns.get(index as usize).is_some_and(|p| wanted(p.owner));
        if !self.gate.opens(&scratch.words, wants) {
            return;
        }
        let breaks = self.place(scratch);
        self.try_called((breaks, 0, true), &self.calls, wanted, scratch, found);
        if !found.is_empty() {
            self.try_called((breaks, 0, true), &self.cues, &|_| true, scratch, found);
        }
        scratch.places.clear();
    }

    /// In a sentence of any length, in spans that overlap.
    fn find_in_spans(
        &self,
        normal: &str,
        calls: &Lists,
        wanted: &impl Fn(u32) -> bool,
        scratch: &mut Scratch,
        found: &mut Vec<Hit>,
    ) {
        let mut offset = 0;
        let mut look = |scratch: &mut Scratch, last: bool, offset: usize| {
            let breaks = self.place(scratch);
            self.try_called((breaks, offset, last), calls, wanted, scratch, found);
            scratch.places.clear();
        };
        scratch.words.clear();
        each_word(normal, |word| {
            if scratch.words.len() == SPAN_WORDS {
                look(scratch, false, offset);
                offset += SPAN_WORDS - OVERLAP_WORDS;
                scratch.words.drain(..SPAN_WORDS - OVERLAP_WORDS);
            }
            let (set, is_number) = (self.trie.set_of(word.text), is_number(word.text));
            // Only the gate asks who calls.
            let calls = true;
            scratch.words.push(Placed { set, calls, is_number, breaks: word.breaks });
        });
        look(scratch, true, offset);
    }

    /// Tries the patterns that the symbols of a placed span call for. Of the span are given: where
    /// punctuation stands, how many words are before it, whether it is the last.
    fn try_called(
        &self,
        (breaks, offset, last): (Places, usize, bool),
        calls: &Lists,
        wanted: &impl Fn(u32) -> bool,
        scratch: &mut Scratch,
        found: &mut Vec<Hit>,
    ) {
        scratch.span += 1;
        let Scratch { places, tried, span: stamp, words, .. } = scratch;
        let span = Span { places, words: words.len(), offset, breaks, last };
        for &index in places.standing.iter().flat_map(|(symbol, _)| calls.of(*symbol)) {
            let Some(seen) = tried.get_mut(index as usize) else { continue };
            if std::mem::replace(seen, *stamp) != *stamp {
                found.extend(self.tried(index, &span, wanted));
            }
        }
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
    fn place(&self, scratch: &mut Scratch) -> Places {
        let mut breaks: Places = 0;
        let Scratch { places, words, .. } = scratch;
        for (position, word) in words.iter().enumerate() {
            let bit = 1 << position;
            for symbol in self.trie.symbols(word.set) {
                places.stand(*symbol, bit);
            }
            if word.is_number {
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
