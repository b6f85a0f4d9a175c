//! Finds the terms that a word is or begins with, and what they stand for, in one walk over its
//! octets.

use super::find::Symbol;

/// A word or beginning of words, numbered from 0.
pub(super) type Term = u32;

#[derive(Debug, Default, Clone)]
struct Branch {
    /// Octet and branch.
    next: Vec<(u8, u32)>,
    word: Option<Term>,
    prefix: Option<Term>,
}

/// All terms of all patterns, while they are collected.
#[derive(Debug, Clone)]
pub(super) struct Trie {
    branches: Vec<Branch>,
    terms: u32,
}

/// The same, packed for finding: the branches of a knot are neighbours, and what the terms on the
/// way to it stand for is gathered there.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    knots: Vec<Knot>,
    /// By knot: the octet that leads to it.
    octets: Vec<u8>,
    /// The root's branches by octet: most words end their walk here.
    root: Box<[u32; 256]>,
    /// What words stand for: by set, a range of `symbols`. The first is empty.
    sets: Vec<(u32, u32)>,
    symbols: Vec<Symbol>,
}

#[derive(Debug, Clone, Copy)]
struct Knot {
    first: u32,
    branches: u32,
    /// What a word stands for that goes on behind this knot, and leaves the trie.
    through: Set,
    /// What the word stands for that ends here.
    whole: Set,
}

/// A set of symbols, numbered from 0, which is the empty one.
pub(super) type Set = u32;

/// No branch.
const NONE: u32 = u32::MAX;

impl Packed {
    /// What a word stands for.
    pub(super) fn set_of(&self, word: &str) -> Set {
        let mut octets = word.bytes();
        let first = octets.next().and_then(|o| self.root.get(usize::from(o)).copied());
        let Some(mut knot) = self.knots.get(first.unwrap_or(NONE) as usize) else {
            return 0;
        };
        loop {
            let Some(octet) = octets.next() else { return knot.whole };
            let branches = self.octets.get(knot.first as usize..).unwrap_or_default();
            let near = branches.iter().take(knot.branches as usize).position(|o| *o == octet);
            match near.and_then(|near| self.knots.get(knot.first as usize + near)) {
                Some(next) => knot = next,
                None => return knot.through,
            }
        }
    }

    /// The symbols of a set, each once.
    pub(super) fn symbols(&self, set: Set) -> &[Symbol] {
        let range = self.sets.get(set as usize);
        let symbols = range.and_then(|(from, to)| self.symbols.get(*from as usize..*to as usize));
        symbols.unwrap_or_default()
    }

    /// The symbols of every set, in the order of their numbers.
    pub(super) fn each_set(&self) -> impl Iterator<Item = &[Symbol]> {
        (0..).take(self.sets.len()).map(|set| self.symbols(set))
    }

    /// A set of these symbols, and of those of the terms' classes that are not among them.
    fn joined(&mut self, before: Set, more: Option<&Vec<Symbol>>) -> Set {
        let Some(more) = more else { return before };
        let mut all = self.symbols(before).to_vec();
        all.extend(more.iter().filter(|s| !self.symbols(before).contains(s)));
        let from = self.symbols.len();
        self.symbols.extend(all);
        let place = |n| u32::try_from(n).unwrap_or(NONE);
        self.sets.push((place(from), place(self.symbols.len())));
        place(self.sets.len() - 1)
    }
}

impl Trie {
    pub(super) fn new() -> Trie {
        Trie { branches: vec![Branch::default()], terms: 0 }
    }

    /// The term of a whole word.
    pub(super) fn word(&mut self, word: &str) -> Term {
        self.term(word, |branch| &mut branch.word)
    }

    /// The term of a beginning.
    pub(super) fn prefix(&mut self, stem: &str) -> Term {
        self.term(stem, |branch| &mut branch.prefix)
    }

    fn term(&mut self, text: &str, slot: impl Fn(&mut Branch) -> &mut Option<Term>) -> Term {
        let at = self.insert(text);
        let fresh = self.terms;
        let term = self.branches.get_mut(at).map_or(fresh, |b| *slot(b).get_or_insert(fresh));
        self.terms += u32::from(term == fresh);
        term
    }

    /// Makes the branches of a text; gives the last one.
    fn insert(&mut self, text: &str) -> usize {
        let mut at = 0_usize;
        for octet in text.bytes() {
            let fresh = u32::try_from(self.branches.len()).unwrap_or(NONE);
            let known = self.branches.get(at).into_iter().flat_map(|b| &b.next);
            let known = known.into_iter().find(|(o, _)| *o == octet).map(|(_, to)| *to);
            if known.is_none() {
                self.branches.push(Branch::default());
                if let Some(branch) = self.branches.get_mut(at) {
                    branch.next.push((octet, fresh));
                }
            }
            at = known.unwrap_or(fresh) as usize;
        }
        at
    }

    /// Numbers the branches anew, level by level, so that those of one are neighbours. `classes`
    /// says by term what it stands for.
    pub(super) fn packed(&self, classes: &[Vec<Symbol>]) -> Packed {
        let mut packed = Packed {
            knots: Vec::with_capacity(self.branches.len()),
            octets: vec![0],
            root: Box::new([NONE; 256]),
            sets: vec![(0, 0)],
            symbols: Vec::new(),
        };
        let class = |term: Option<Term>| classes.get(term? as usize);
        // The old numbers, in the order of the new ones, each with what leads to it stands for.
        let mut order: Vec<(u32, Set)> = vec![(0, 0)];
        while let Some(&(old, before)) = order.get(packed.knots.len()) {
            let Some(branch) = self.branches.get(old as usize) else { break };
            let first = u32::try_from(order.len()).unwrap_or(NONE);
            let through = packed.joined(before, class(branch.prefix));
            let whole = packed.joined(through, class(branch.word));
            let branches = u32::try_from(branch.next.len()).unwrap_or(0);
            packed.knots.push(Knot { first, branches, through, whole });
            order.extend(branch.next.iter().map(|(_, to)| (*to, through)));
            packed.octets.extend(branch.next.iter().map(|(octet, _)| *octet));
        }
        if let Some(root) = self.branches.first() {
            for ((octet, _), new) in root.next.iter().zip(1..) {
                if let Some(slot) = packed.root.get_mut(usize::from(*octet)) {
                    *slot = new;
                }
            }
        }
        packed
    }
}
