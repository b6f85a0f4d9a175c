//! Compiles patterns and lists into one [`Phrases`].

use std::collections::HashMap;

use super::{
    Node,
    find::{LANGUAGES, Op, Pattern, Phrases, Symbol},
    gate::Gate,
    lists::Lists,
    needs::needs,
    trie::Trie,
};
use crate::message::Language;

/// Collects lists and patterns.
#[derive(Debug)]
pub(in crate::policy) struct Builder {
    trie: Trie,
    /// What a term stands for, besides itself.
    classes: Vec<Vec<Symbol>>,
    symbols: u32,
    words: HashMap<Node, Symbol>,
    lists: HashMap<String, Op>,
    /// The classes of alternatives, by their words: patterns repeat them.
    eithers: HashMap<Vec<Node>, Symbol>,
    /// The words that the entries of a list begin with.
    firsts: HashMap<String, Vec<Node>>,
    patterns: Vec<Pattern>,
    number: Symbol,
    negations: [Symbol; LANGUAGES],
    /// How common a symbol probably is in mail; the rarest one of a pattern calls for it.
    common: Vec<u32>,
}

impl Default for Builder {
    fn default() -> Builder {
        Builder {
            trie: Trie::new(),
            classes: Vec::new(),
            symbols: 1 + LANGUAGES as u32,
            words: HashMap::new(),
            lists: HashMap::new(),
            eithers: HashMap::new(),
            firsts: HashMap::new(),
            patterns: Vec::new(),
            number: 0,
            negations: std::array::from_fn(|n| n as Symbol + 1),
            common: [60].into_iter().chain([20; LANGUAGES]).collect(),
        }
    }
}

impl Builder {
    /// Whether a list of this name is there already.
    pub(in crate::policy) fn has_list(&self, name: &str) -> bool {
        self.lists.contains_key(name)
    }

    /// Adds a list. The lists it names come before it. Single words become one class, so that a
    /// long list costs no more than a word.
    pub(in crate::policy) fn list(&mut self, name: &str, entries: &[Node]) {
        let class = self.fresh_symbol();
        let mut common = 0;
        let mut branches = vec![Op::Symbol(class)];
        for entry in entries {
            match entry {
                Node::Word(_) | Node::Prefix(_) => {
                    common += self.join(entry, class);
                }
                longer => branches.push(self.compile(longer)),
            }
        }
        self.set_common(class, common);
        let op = match (branches.len(), self.firsts_of(entries)) {
            (1, _) => Op::Symbol(class),
            (_, None) => Op::Either(branches),
            (_, Some(firsts)) => {
                let first = self.fresh_symbol();
                let common = firsts.iter().map(|node| self.join(node, first)).sum();
                self.set_common(first, common);
                self.firsts.insert(name.to_owned(), firsts);
                Op::Begins(first, Box::new(Op::Either(branches)))
            }
        };
        if branches_are_words(entries) {
            self.firsts.insert(name.to_owned(), entries.to_vec());
        }
        self.lists.insert(name.to_owned(), op);
    }

    /// These words are negations of a language: no gap in its patterns skips them.
    pub(in crate::policy) fn negation(&mut self, language: Language, entries: &[Node]) {
        let Some(symbol) = self.negations.get(language as usize).copied() else { return };
        for entry in entries {
            if matches!(entry, Node::Word(_) | Node::Prefix(_)) {
                self.join(entry, symbol);
            }
        }
    }

    /// Adds a pattern of a language that stands for `owner`.
    pub(in crate::policy) fn pattern(&mut self, node: &Node, language: Language, owner: u32) {
        let op = self.compile(node);
        let (needs, row) = (Vec::new(), Vec::new());
        self.patterns.push(Pattern { op, language: language as usize, owner, needs, row });
    }

    /// All of it, ready to find. Owners below `cues` are cues.
    pub(in crate::policy) fn build(mut self, cues: u32) -> Phrases {
        let mut of_patterns: Vec<Vec<u32>> = vec![Vec::new(); self.symbols as usize];
        let mut of_cues = of_patterns.clone();
        let mut patterns = std::mem::take(&mut self.patterns);
        for (index, pattern) in (0..).zip(&mut patterns) {
            (pattern.needs, pattern.row) = needs(&pattern.op, &self.common);
            let calls = if pattern.owner < cues { &mut of_cues } else { &mut of_patterns };
            for anchor in pattern.needs.first().into_iter().flatten() {
                if let Some(called) = calls.get_mut(*anchor as usize) {
                    called.push(index);
                }
            }
        }
        let trie = self.trie.packed(&self.classes);
        Phrases {
            gate: Gate::new(&patterns, cues, &trie, self.number),
            trie,
            patterns,
            calls: Lists::new(of_patterns),
            cues: Lists::new(of_cues),
            number: self.number,
            negations: self.negations,
        }
    }

    /// The words that any of these nodes begins with; `None` where that may be anything.
    fn firsts_of(&self, nodes: &[Node]) -> Option<Vec<Node>> {
        let mut firsts = Vec::new();
        for node in nodes {
            match node {
                Node::Word(_) | Node::Prefix(_) => firsts.push(node.clone()),
                Node::List(name) => firsts.extend(self.firsts.get(name)?.iter().cloned()),
                Node::Either(nodes) => firsts.extend(self.firsts_of(nodes)?),
                Node::Sequence(nodes) => firsts.extend(self.firsts_of(nodes.get(..1)?)?),
                Node::Maybe(_) | Node::Number | Node::Gap(_) | Node::Begin | Node::End => {
                    return None;
                }
            }
        }
        Some(firsts)
    }

    fn compile(&mut self, node: &Node) -> Op {
        match node {
            Node::Word(_) | Node::Prefix(_) => Op::Symbol(self.symbol(node)),
            Node::Number => Op::Symbol(self.number),
            // A list that is not there was reported before; it matches nothing.
            Node::List(name) => self.lists.get(name).cloned().unwrap_or(Op::Either(Vec::new())),
            Node::Gap(words) => Op::Gap(*words),
            Node::Sequence(nodes) => {
                Op::Sequence(nodes.iter().map(|node| self.compile(node)).collect())
            }
            Node::Either(nodes) => self.either(nodes),
            Node::Maybe(node) => Op::Maybe(Box::new(self.compile(node))),
            Node::Begin => Op::Begin,
            Node::End => Op::End,
        }
    }

    /// Alternatives; the single words among them become one class.
    fn either(&mut self, nodes: &[Node]) -> Op {
        let single = |n: &&Node| matches!(n, Node::Word(_) | Node::Prefix(_));
        // A class costs at each of its words in a mail; a branch only where its pattern is tried.
        if nodes.iter().filter(single).count() < WORDS_OF_A_CLASS {
            return Op::Either(nodes.iter().map(|node| self.compile(node)).collect());
        }
        let mut words: Vec<Node> = nodes.iter().filter(single).cloned().collect();
        words.sort();
        let class = match self.eithers.get(&words) {
            Some(class) => *class,
            None => {
                let class = self.fresh_symbol();
                let common = words.iter().map(|node| self.join(node, class)).sum();
                self.set_common(class, common);
                self.eithers.insert(words, class);
                class
            }
        };
        let mut branches = vec![Op::Symbol(class)];
        let longer = nodes.iter().filter(|n| !single(n));
        branches.extend(longer.map(|node| self.compile(node)).collect::<Vec<_>>());
        Op::Either(branches)
    }

    /// The symbol of a word or beginning.
    fn symbol(&mut self, node: &Node) -> Symbol {
        if let Some(symbol) = self.words.get(node) {
            return *symbol;
        }
        let symbol = self.fresh_symbol();
        self.words.insert(node.clone(), symbol);
        let common = self.join(node, symbol);
        self.set_common(symbol, common);
        symbol
    }

    /// Makes a word or beginning stand for `symbol` too; gives how common it probably is.
    fn join(&mut self, node: &Node, symbol: Symbol) -> u32 {
        let (term, text) = match node {
            Node::Word(word) => (self.trie.word(word), word),
            Node::Prefix(stem) => (self.trie.prefix(stem), stem),
            _ => return 0,
        };
        let term = term as usize;
        if self.classes.len() <= term {
            self.classes.resize(term + 1, Vec::new());
        }
        if let Some(symbols) = self.classes.get_mut(term)
            && !symbols.contains(&symbol)
        {
            symbols.push(symbol);
        }
        // Short words are the common ones in every language we know.
        match text.chars().count() {
            0..=2 => 30,
            3 => 15,
            4 => 6,
            5 => 3,
            _ => 1,
        }
    }

    fn fresh_symbol(&mut self) -> Symbol {
        self.symbols += 1;
        self.common.push(1);
        self.symbols - 1
    }

    fn set_common(&mut self, symbol: Symbol, common: u32) {
        if let Some(slot) = self.common.get_mut(symbol as usize) {
            *slot = common;
        }
    }
}

/// Alternatives of fewer words than this stay apart.
const WORDS_OF_A_CLASS: usize = 4;

/// Whether a list holds single words only.
fn branches_are_words(entries: &[Node]) -> bool {
    entries.iter().all(|e| matches!(e, Node::Word(_) | Node::Prefix(_)))
}
