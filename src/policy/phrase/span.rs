//! Matches a pattern in a span.

use super::{
    board::Board,
    find::{Hit, Op, Places},
};

/// Words before a hit in which a negation turns it.
const NEGATION_REACH: usize = 3;

/// Some words of a sentence, with their symbols placed.
pub(super) struct Span<'p> {
    pub(super) places: &'p Board,
    pub(super) words: usize,
    /// Words of the sentence before it.
    pub(super) offset: usize,
    /// Where punctuation stands.
    pub(super) breaks: Places,
    /// The sentence ends with it.
    pub(super) last: bool,
}

impl Span<'_> {
    /// The first place where a pattern matches, as short as it can.
    pub(super) fn find(&self, op: &Op, negations: Places, owner: u32) -> Option<Hit> {
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
