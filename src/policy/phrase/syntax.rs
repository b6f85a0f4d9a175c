//! Reads a phrase pattern.
//!
//! ```text
//! pattern  = item *(SP item)
//! item     = word | word"*" | "{list}" | "(" pattern *("|" pattern) ")" | "[" pattern "]"
//!          | "#"  any number          | ".." up to 6 words | "..." up to 14 words
//!          | "^"  the sentence begins | "$" its end
//! ```

use crate::policy::cut::words::is_sign;

/// Words that `..` skips at most.
const GAP: u8 = 6;
/// Words that `...` skips at most.
const LONG_GAP: u8 = 14;
/// The longest pattern, in octets.
const MAX_PATTERN_OCTETS: usize = 600;
/// The deepest nesting of brackets.
const MAX_DEPTH: usize = 6;

/// A pattern as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::policy) enum Node {
    /// A word.
    Word(String),
    /// A word that begins so.
    Prefix(String),
    /// Any number.
    Number,
    /// A word list.
    List(String),
    /// Up to so many words, none of them a negation.
    Gap(u8),
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of these.
    Either(Vec<Node>),
    /// This or nothing.
    Maybe(Box<Node>),
    /// The sentence begins.
    Begin,
    /// The sentence ends.
    End,
}

/// Reads a pattern; says what is wrong with it and what would do.
pub(in crate::policy) fn parse(pattern: &str) -> Result<Node, (String, Option<String>)> {
    if pattern.len() > MAX_PATTERN_OCTETS {
        let help = format!("split it: a pattern may have {MAX_PATTERN_OCTETS} octets");
        return Err(("the pattern is too long".to_owned(), Some(help)));
    }
    let mut reader = Reader { rest: pattern, depth: 0 };
    let node = reader.either()?;
    match reader.rest.chars().next() {
        Some(c) => Err((
            format!("`{c}` closes nothing"),
            Some(format!("remove it, or open it with `{}`", if c == ')' { '(' } else { '[' })),
        )),
        None if is_empty(&node) => Err((
            "the pattern can match nothing at all".to_owned(),
            Some("give it a word that must be there".to_owned()),
        )),
        None => Ok(node),
    }
}

/// Whether a pattern can match without a word.
fn is_empty(node: &Node) -> bool {
    match node {
        Node::Word(_) | Node::Prefix(_) | Node::Number | Node::List(_) => false,
        Node::Gap(_) | Node::Maybe(_) | Node::Begin | Node::End => true,
        Node::Sequence(nodes) => nodes.iter().all(is_empty),
        Node::Either(nodes) => nodes.iter().any(is_empty),
    }
}

struct Reader<'p> {
    rest: &'p str,
    depth: usize,
}

type Read<T> = Result<T, (String, Option<String>)>;

impl<'p> Reader<'p> {
    fn either(&mut self) -> Read<Node> {
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        let one = branches.len() == 1;
        Ok(if one { branches.remove(0) } else { Node::Either(branches) })
    }

    fn sequence(&mut self) -> Read<Node> {
        let mut items = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.chars().next() {
                None | Some('|' | ')' | ']') => break,
                Some(c) => items.push(self.item(c)?),
            }
        }
        Ok(if items.len() == 1 { items.remove(0) } else { Node::Sequence(items) })
    }

    fn item(&mut self, first: char) -> Read<Node> {
        match first {
            '(' => self.bracketed('(', ')'),
            '[' => Ok(Node::Maybe(Box::new(self.bracketed('[', ']')?))),
            '{' => self.list(),
            '.' => self.gap(),
            '#' => Ok(self.take('#', Node::Number)),
            '^' => Ok(self.take('^', Node::Begin)),
            '$' if self.rest.len() == 1 => Ok(self.take('$', Node::End)),
            c if is_sign(c) => Ok(self.take(c, Node::Word(c.to_string()))),
            c if c.is_alphanumeric() => self.word(),
            c => Err((
                format!("`{c}` has no meaning in a pattern"),
                Some(
                    "write words, {lists}, (a|b), [maybe], stem*, # for a number, .. for a gap"
                        .to_owned(),
                ),
            )),
        }
    }

    fn bracketed(&mut self, open: char, close: char) -> Read<Node> {
        self.eat(open);
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(("brackets are nested too deeply".to_owned(), None));
        }
        let inner = self.either()?;
        self.depth -= 1;
        if !self.eat(close) {
            return Err((
                format!("`{open}` is not closed"),
                Some(format!("close it with `{close}`")),
            ));
        }
        Ok(inner)
    }

    fn list(&mut self) -> Read<Node> {
        let unclosed = || ("`{` is not closed".to_owned(), Some("write {name}".to_owned()));
        let (name, rest) =
            self.rest.strip_prefix('{').and_then(|r| r.split_once('}')).ok_or_else(unclosed)?;
        self.rest = rest;
        Ok(Node::List(name.trim().to_owned()))
    }

    fn gap(&mut self) -> Read<Node> {
        let rest = self.rest.trim_start_matches('.');
        let dots = self.rest.len() - rest.len();
        self.rest = rest;
        match dots {
            2 => Ok(Node::Gap(GAP)),
            3 => Ok(Node::Gap(LONG_GAP)),
            _ => Err((
                "a gap has two or three dots".to_owned(),
                Some(format!("`..` skips up to {GAP} words, `...` up to {LONG_GAP}")),
            )),
        }
    }

    /// A word; hyphens and apostrophes inside divide it as they divide a sentence's words.
    fn word(&mut self) -> Read<Node> {
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '*');
        let end = self.rest.find(|c: char| !inside(c)).unwrap_or(self.rest.len());
        let (written, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        let mut words = Vec::new();
        for part in written.split(['-', '\'']).filter(|p| !p.is_empty()) {
            let lower = part.to_lowercase();
            words.push(match lower.split_once('*') {
                None => Node::Word(lower),
                Some((stem, "")) if stem.chars().count() >= 2 => Node::Prefix(stem.to_owned()),
                Some(_) => {
                    return Err((
                        format!("`{part}`: a star stands at the end of two letters or more"),
                        Some("write the beginning of a word and one star: `deni*`".to_owned()),
                    ));
                }
            });
        }
        Ok(if words.len() == 1 { words.remove(0) } else { Node::Sequence(words) })
    }

    fn take(&mut self, c: char, node: Node) -> Node {
        self.eat(c);
        node
    }

    fn eat(&mut self, c: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

impl Node {
    /// The same pattern with its lists' names changed; `name` gives `None` for a list that is
    /// not there.
    pub(in crate::policy) fn rename(&self, name: &mut impl FnMut(&str) -> Option<String>) -> Node {
        let mut all = |nodes: &[Node]| nodes.iter().map(|node| node.rename(name)).collect();
        match self {
            Node::List(list) => name(list).map_or(Node::Either(Vec::new()), Node::List),
            Node::Sequence(nodes) => Node::Sequence(all(nodes)),
            Node::Either(nodes) => Node::Either(all(nodes)),
            Node::Maybe(node) => Node::Maybe(Box::new(node.rename(name))),
            other => other.clone(),
        }
    }

    /// The lists it names.
    pub(in crate::policy) fn lists<'n>(&'n self, give: &mut impl FnMut(&'n str)) {
        match self {
            Node::List(list) => give(list),
            Node::Sequence(nodes) | Node::Either(nodes) => {
                nodes.iter().for_each(|node| node.lists(give));
            }
            Node::Maybe(node) => node.lists(give),
            _ => {}
        }
    }
}
