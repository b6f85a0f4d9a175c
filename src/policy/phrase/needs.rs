//! What must stand in a sentence for a pattern to match.
//!
//! A pattern is a row of parts. Of each part that cannot match without a word, the symbols of which
//! one must stand are a need. A match has a word for each of them, in the order of the parts, and no
//! further from each other than the parts and gaps between them are long.

use super::{
    SPAN_WORDS,
    find::{Op, Symbol},
};

/// One need of a pattern, in the order of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Which of the needs, the rarest being 0.
    pub(super) need: usize,
    /// How many words behind the step before a word for this one stands at most.
    pub(super) reach: usize,
}

/// The needs of a pattern, the rarest first, and the row that they stand in. `common` says by symbol
/// how common it probably is.
pub(super) fn needs(op: &Op, common: &[u32]) -> (Vec<Vec<Symbol>>, Vec<Step>) {
    let parts = match op {
        Op::Sequence(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut found = Vec::new();
    // Words since the part before that had a need began; what stands between them included.
    let mut since = 0;
    for part in parts {
        let (symbols, common) = anchors(part, common);
        since += longest(part);
        if !symbols.is_empty() {
            let reach = since.saturating_sub(1).min(SPAN_WORDS);
            found.push((symbols, common, reach));
            since = longest(part);
        }
    }
    let mut rarest_first: Vec<usize> = (0..found.len()).collect();
    rarest_first.sort_by_key(|at| found.get(*at).map(|(_, common, _)| *common));
    let step = |(at, (_, _, reach)): (usize, &(_, _, usize))| Step {
        need: rarest_first.iter().position(|other| *other == at).unwrap_or_default(),
        reach: *reach,
    };
    let row = found.iter().enumerate().map(step).collect();
    let symbols = |at: &usize| found.get(*at).map(|(symbols, ..)| symbols.clone());
    (rarest_first.iter().filter_map(symbols).collect(), row)
}

/// The symbols of which one must be there for `op` to match, and how common they are.
fn anchors(op: &Op, common: &[u32]) -> (Vec<Symbol>, u32) {
    match op {
        Op::Symbol(symbol) => (vec![*symbol], common.get(*symbol as usize).copied().unwrap_or(0)),
        Op::Begins(_, op) => anchors(op, common),
        Op::Sequence(ops) => {
            let all = ops.iter().map(|op| anchors(op, common)).filter(|(a, _)| !a.is_empty());
            all.min_by_key(|(_, common)| *common).unwrap_or_default()
        }
        Op::Either(ops) => {
            let (mut symbols, mut sum) = (Vec::new(), 0);
            for op in ops {
                let (more, count) = anchors(op, common);
                if more.is_empty() {
                    return (Vec::new(), 0);
                }
                symbols.extend(more);
                sum += count;
            }
            symbols.sort_unstable();
            symbols.dedup();
            (symbols, sum)
        }
        Op::Maybe(_) | Op::Gap(_) | Op::Begin | Op::End => (Vec::new(), 0),
    }
}

/// How many words `op` takes at most.
fn longest(op: &Op) -> usize {
    match op {
        Op::Symbol(_) => 1,
        Op::Gap(words) => usize::from(*words),
        Op::Begins(_, op) | Op::Maybe(op) => longest(op),
        Op::Sequence(ops) => ops.iter().map(longest).sum(),
        Op::Either(ops) => ops.iter().map(longest).max().unwrap_or(0),
        Op::Begin | Op::End => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_need_comes_first_and_the_row_keeps_the_order() {
        let common = [10, 1, 5];
        let op = Op::Sequence(vec![
            Op::Symbol(0),
            Op::Gap(6),
            Op::Maybe(Box::new(Op::Symbol(2))),
            Op::Either(vec![Op::Symbol(1), Op::Sequence(vec![Op::Symbol(1), Op::Symbol(0)])]),
            Op::End,
            Op::Symbol(2),
        ]);
        let (needs, row) = needs(&op, &common);
        assert_eq!(needs, [vec![1], vec![2], vec![0]]);
        let row: Vec<(usize, usize)> = row.iter().map(|s| (s.need, s.reach)).collect();
        assert_eq!(row, [(2, 0), (0, 1 + 6 + 1 + 2 - 1), (1, 2 + 1 - 1)]);
    }
}
