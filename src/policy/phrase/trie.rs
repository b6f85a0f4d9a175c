//! Finds the terms that a word is or begins with, in one walk over its octets.

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

/// The same, packed for finding: the branches of a knot are neighbours.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    knots: Vec<Knot>,
    /// By knot: the octet that leads to it.
    octets: Vec<u8>,
    /// The root's branches by octet: most words end their walk here.
    root: Box<[u32; 256]>,
}

#[derive(Debug, Clone, Copy)]
struct Knot {
    first: u32,
    branches: u32,
    word: Term,
    prefix: Term,
}

/// No branch, or no term.
const NONE: u32 = u32::MAX;

impl Packed {
    /// Gives every term that this word is or begins with.
    pub(super) fn terms_of(&self, word: &str, mut give: impl FnMut(Term)) {
        let mut octets = word.bytes();
        let Some(first) = octets.next() else { return };
        let Some(mut at) = self.root.get(usize::from(first)).copied() else { return };
        while let Some(knot) = self.knots.get(at as usize) {
            if knot.prefix != NONE {
                give(knot.prefix);
            }
            let Some(octet) = octets.next() else {
                if knot.word != NONE {
                    give(knot.word);
                }
                return;
            };
            let branches = self.octets.get(knot.first as usize..).unwrap_or_default();
            let near = branches.iter().take(knot.branches as usize).position(|o| *o == octet);
            at = near.and_then(|n| u32::try_from(n).ok()).map_or(NONE, |n| knot.first + n);
        }
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

    /// Numbers the branches anew, level by level, so that those of one are neighbours.
    pub(super) fn packed(&self) -> Packed {
        let mut packed = Packed {
            knots: Vec::with_capacity(self.branches.len()),
            octets: vec![0],
            root: Box::new([NONE; 256]),
        };
        // The old numbers, in the order of the new ones.
        let mut order = vec![0_u32];
        while let Some(&old) = order.get(packed.knots.len()) {
            let Some(branch) = self.branches.get(old as usize) else { break };
            let first = u32::try_from(order.len()).unwrap_or(NONE);
            packed.knots.push(Knot {
                first,
                branches: u32::try_from(branch.next.len()).unwrap_or(0),
                word: branch.word.unwrap_or(NONE),
                prefix: branch.prefix.unwrap_or(NONE),
            });
            order.extend(branch.next.iter().map(|(_, to)| *to));
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
