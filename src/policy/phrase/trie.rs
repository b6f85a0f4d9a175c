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

/// All terms of all patterns.
#[derive(Debug, Clone)]
pub(super) struct Trie {
    branches: Vec<Branch>,
    /// The root's branches by octet: most words end their walk here.
    root: Box<[u32; 256]>,
    terms: u32,
}

/// No branch.
const NONE: u32 = u32::MAX;

impl Trie {
    pub(super) fn new() -> Trie {
        Trie { branches: vec![Branch::default()], root: Box::new([NONE; 256]), terms: 0 }
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

    /// Gives every term that this word is or begins with.
    pub(super) fn terms_of(&self, word: &str, mut give: impl FnMut(Term)) {
        let mut octets = word.bytes();
        let Some(first) = octets.next() else { return };
        let Some(mut at) = self.root.get(usize::from(first)).copied() else { return };
        loop {
            let Some(branch) = self.branches.get(at as usize) else { return };
            if let Some(term) = branch.prefix {
                give(term);
            }
            let Some(octet) = octets.next() else {
                if let Some(term) = branch.word {
                    give(term);
                }
                return;
            };
            at = branch.next.iter().find(|(o, _)| *o == octet).map_or(NONE, |(_, to)| *to);
        }
    }

    /// Makes the branches of a text; gives the last one.
    fn insert(&mut self, text: &str) -> usize {
        let mut at = 0_usize;
        for (depth, octet) in text.bytes().enumerate() {
            let fresh = u32::try_from(self.branches.len()).unwrap_or(NONE);
            let known = self.branches.get(at).into_iter().flat_map(|b| &b.next);
            let known = known.into_iter().find(|(o, _)| *o == octet).map(|(_, to)| *to);
            if known.is_none() {
                self.branches.push(Branch::default());
                if let Some(branch) = self.branches.get_mut(at) {
                    branch.next.push((octet, fresh));
                }
            }
            let to = known.unwrap_or(fresh);
            if let (0, Some(slot)) = (depth, self.root.get_mut(usize::from(octet))) {
                *slot = to;
            }
            at = to as usize;
        }
        at
    }
}
