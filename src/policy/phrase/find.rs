//! Finds patterns in a sentence.

use super::{
    OVERLAP_WORDS, SPAN_WORDS,
    board::Board,
    gate::{Bits, Gate},
    lists::Lists,
    needs::Step,
    span::Span,
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
pub(super) type Places = u128;

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
    /// The same in the order of its parts.
    pub(super) row: Vec<Step>,
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

/// Memory reused from sentence to sentence of a mail, whose cutter is always the same.
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
    /// What they meet; the gate's.
    met: Vec<Bits>,
    /// The patterns that may match in it.
    candidates: Vec<u32>,
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
        let Scratch { met, candidates, .. } = scratch;
        self.gate.candidates(&scratch.words, met, wants, candidates);
        if candidates.is_empty() {
            return;
        }
        let breaks = self.place(scratch);
        let Scratch { places, words, candidates, .. } = scratch;
        let span = Span { places, words: words.len(), offset: 0, breaks, last: true };
        found.extend(candidates.iter().filter_map(|index| self.tried(*index, &span)));
        if !found.is_empty() {
            let may_match = |index, board: &Board| self.may_match(index, board);
            self.try_called((breaks, 0, true), &self.cues, may_match, scratch, found);
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
        let wants = |index| self.patterns.get(index as usize).is_some_and(|p| wanted(p.owner));
        let may_match = |index, board: &Board| self.may_match(index, board) && wants(index);
        let mut offset = 0;
        let mut look = |scratch: &mut Scratch, last: bool, offset: usize| {
            let breaks = self.place(scratch);
            self.try_called((breaks, offset, last), calls, may_match, scratch, found);
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
        may_match: impl Fn(u32, &Board) -> bool,
        scratch: &mut Scratch,
        found: &mut Vec<Hit>,
    ) {
        scratch.span += 1;
        scratch.tried.resize(self.patterns.len(), 0);
        let Scratch { places, tried, span: stamp, words, .. } = scratch;
        let span = Span { places, words: words.len(), offset, breaks, last };
        for &index in places.standing.iter().flat_map(|(symbol, _)| calls.of(*symbol)) {
            let Some(seen) = tried.get_mut(index as usize) else { continue };
            if std::mem::replace(seen, *stamp) != *stamp && may_match(index, places) {
                found.extend(self.tried(index, &span));
            }
        }
    }

    /// Whether what a pattern needs stands somewhere.
    fn may_match(&self, index: u32, board: &Board) -> bool {
        let stands = |symbols: &Vec<Symbol>| symbols.iter().any(|s| board.stands(*s));
        self.patterns.get(index as usize).is_some_and(|p| p.needs.iter().all(stands))
    }

    fn tried(&self, index: u32, span: &Span<'_>) -> Option<Hit> {
        let pattern = self.patterns.get(index as usize)?;
        let negation = self.negations.get(pattern.language).copied();
        let negations = negation.map_or(0, |n| span.places.places_of(n));
        span.find(&pattern.op, negations, pattern.owner)
    }

    /// Notes where each symbol stands; gives where punctuation does.
    fn place(&self, scratch: &mut Scratch) -> Places {
        let mut breaks: Places = 0;
        let Scratch { places, words, .. } = scratch;
        places.widen(self.calls.len());
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
