//! What the model sees of a sentence: the same code when it is trained and when it serves.
//!
//! Takes a sentence in its `normal` form and the one before it, gives features one by one, each
//! with the text that names it in the file of weights and a hash of that text. Nothing is
//! allocated for a feature. Words, pairs and triples of words, the stems of long words, words in
//! the reach of a negation, and the frame of the sentence ([`super::frames`]); of the sentence
//! before only words and frame, under a mark of their own.
//!
//! Runs of three to five letters were tried and left out: four times the work, and on mail by
//! other writers they judged worse.
//!
//! Digits become `#` and currency signs `$`: a model must not learn amounts or order numbers.

use super::frames::{self, Frame, Marks};

/// Tokens of a sentence that are looked at: a bound on work. Longer sentences are lists and tables.
pub(super) const MOST_TOKENS: usize = 96;
/// The same for the sentence before.
pub(super) const MOST_TOKENS_BEFORE: usize = 32;
/// Octets a token has at most on average: bounds words without end.
pub(super) const MOST_TOKEN_OCTETS: usize = 12;
/// Letters of a word that are its stem; a word must be two letters longer to have one.
const STEM_LETTERS: usize = 5;
/// How far a negation reaches forwards and backwards within its clause, in tokens. Backwards
/// because German and Dutch put it after what it negates.
pub(super) const REACH: (usize, usize) = (4, 3);

/// What a feature is made of. The letter stands before its text in the file of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// One to three words in a row.
    Words,
    /// The first letters of a longer word.
    Stem,
    /// A word in the reach of a negation before it.
    Negated,
    /// A word in the reach of a negation after it.
    NegatedBehind,
    /// One or two marks of the sentence's frame.
    Frame,
    /// A word of the sentence before.
    WordBefore,
    /// A mark of the frame of the sentence before.
    FrameBefore,
}

impl Kind {
    /// The letter that stands for it in the file of weights.
    pub(super) fn letter(self) -> char {
        match self {
            Kind::Words => 'w',
            Kind::Stem => 's',
            Kind::Negated => 'n',
            Kind::NegatedBehind => 'm',
            Kind::Frame => 'f',
            Kind::WordBefore => 'p',
            Kind::FrameBefore => 'g',
        }
    }

    /// From its letter.
    pub(super) fn from_letter(letter: char) -> Option<Kind> {
        [
            Kind::Words,
            Kind::Stem,
            Kind::Negated,
            Kind::NegatedBehind,
            Kind::Frame,
            Kind::WordBefore,
            Kind::FrameBefore,
        ]
        .into_iter()
        .find(|k| k.letter() == letter)
    }

    /// Whether the choice of a category looks at it: what is told, not how.
    pub(super) fn names_category(self) -> bool {
        matches!(self, Kind::Words | Kind::WordBefore)
    }
}

/// A feature's hash, grown word by word: each word is hashed once and then counts in all the
/// runs it is part of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hash(u64);

/// An odd number without a pattern: the golden ratio's share of 2^64.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// One step of both hashes.
#[inline]
fn mixed(hash: u64, more: u64) -> u64 {
    let product = (hash.rotate_left(23) ^ more).wrapping_mul(ODD);
    product ^ (product >> 32)
}

/// A word's hash, eight octets at a time.
pub(super) fn word_hash(word: &str) -> u64 {
    word.as_bytes().chunks(8).fold(word.len() as u64, |hash, octets| {
        let number = match <[u8; 8]>::try_from(octets) {
            Ok(eight) => u64::from_le_bytes(eight),
            Err(_) => octets.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)),
        };
        mixed(hash, number)
    })
}

impl Hash {
    /// Starts with the kind, so that equal text of two kinds stays apart.
    #[inline]
    pub(super) fn of(kind: Kind) -> Hash {
        Hash(mixed(ODD, kind as u64))
    }

    /// With one word more, by its hash.
    #[inline]
    pub(super) fn word(self, word: u64) -> Hash {
        Hash(mixed(self.0, word))
    }

    /// The hash of a whole feature: words stand between blanks, marks of a frame between `+`.
    pub(super) fn feature(kind: Kind, text: &str) -> u64 {
        text.split([' ', '+']).map(word_hash).fold(Hash::of(kind), Hash::word).finish()
    }

    /// Some of its bits, for a set that may err on the side of having it.
    #[inline]
    pub(super) fn bits(self, count: u32) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "only so many bits are asked for")]
        let bits = (self.0 >> (64 - count)) as usize;
        bits
    }

    /// Mixes the bits: the table takes its slot from the low ones.
    #[inline]
    pub(super) fn finish(self) -> u64 {
        let h = (self.0 ^ (self.0 >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        h ^ (h >> 32)
    }
}

/// The text that names a feature, cut out only where somebody asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'t> {
    whole: &'t str,
    start: usize,
    end: usize,
}

impl<'t> Text<'t> {
    pub(super) fn as_str(self) -> &'t str {
        self.whole.get(self.start..self.end).unwrap_or_default()
    }
}

impl<'t> From<&'t str> for Text<'t> {
    fn from(whole: &'t str) -> Text<'t> {
        Text { whole, start: 0, end: whole.len() }
    }
}

/// A token: where it stands in the buffer, its hash, whether a clause begins with it, what it is
/// a cue for.
#[derive(Debug, Clone, Copy)]
struct Token {
    start: usize,
    end: usize,
    hash: u64,
    begins_clause: bool,
    cue: Option<Frame>,
}

/// A sentence cut into tokens, each between single blanks in one buffer, so that any run of
/// words is a slice of it.
#[derive(Debug, Default)]
struct Tokens {
    /// What was cut.
    of: String,
    text: String,
    tokens: Vec<Token>,
}

impl Tokens {
    /// Cuts a sentence; what lies behind `most` tokens is left out.
    fn cut(&mut self, sentence: &str, most: usize) {
        self.of.clear();
        self.of.push_str(sentence);
        self.tokens.clear();
        self.text.clear();
        self.text.push(' ');
        let mut start = None;
        let mut begins_clause = true;
        let mut rest = sentence;
        while let Some(c) = rest.chars().next() {
            let room = (most * MOST_TOKEN_OCTETS).saturating_sub(self.text.len());
            if self.tokens.len() >= most || room == 0 {
                break;
            }
            // Nearly all of nearly every sentence, taken in runs.
            let plain = rest.bytes().take(room).take_while(u8::is_ascii_lowercase).count();
            if let (1.., Some((run, behind))) = (plain, rest.split_at_checked(plain)) {
                start.get_or_insert(self.text.len());
                self.text.push_str(run);
                rest = behind;
                continue;
            }
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            let written = match c {
                ' ' => None,
                c if c.is_alphabetic() => Some(c),
                c if c.is_numeric() => Some('#'),
                _ => None,
            };
            if let Some(written) = written {
                start.get_or_insert(self.text.len());
                match written {
                    '#' if self.text.ends_with('#') => {}
                    ascii if ascii.is_ascii() => self.text.push(ascii.to_ascii_lowercase()),
                    other => self.text.extend(other.to_lowercase()),
                }
                continue;
            }
            begins_clause = self.close(&mut start, begins_clause);
            match c {
                '€' | '$' | '£' => begins_clause = self.single('$', begins_clause),
                '%' | '?' | '!' => begins_clause = self.single(c, begins_clause),
                ',' | ';' | ':' | '(' | ')' => begins_clause = true,
                _ => {}
            }
        }
        self.close(&mut start, begins_clause);
    }

    /// Whether these are the tokens of `sentence`, and the first `most` of them what
    /// [`cut`](Self::cut) gives with that bound. It gives one more where the last is a word and a
    /// sign follows it at once.
    fn serve(&self, sentence: &str, most: usize) -> bool {
        let last = self.tokens.get(..most).unwrap_or(&self.tokens).last();
        let short = last.is_none_or(|t| t.end + 1 < most * MOST_TOKEN_OCTETS);
        let behind = self.tokens.get(most).map(|t| self.slice(t.start, t.end).as_str());
        let sign = behind.is_some_and(|text| matches!(text, "$" | "%" | "?" | "!"));
        self.of == sentence && short && !sign
    }

    /// Ends the token that is open, if one is; says whether the next begins a clause.
    fn close(&mut self, start: &mut Option<usize>, begins_clause: bool) -> bool {
        let Some(start) = start.take() else { return begins_clause };
        let end = self.text.len();
        let hash = word_hash(self.slice(start, end).as_str());
        self.tokens.push(Token { start, end, hash, begins_clause, cue: frames::cue(hash) });
        self.text.push(' ');
        false
    }

    fn single(&mut self, c: char, begins_clause: bool) -> bool {
        let start = self.text.len();
        self.text.push(c);
        self.close(&mut Some(start), begins_clause)
    }

    fn slice(&self, start: usize, end: usize) -> Text<'_> {
        Text { whole: &self.text, start, end }
    }

    /// Each word with its hash.
    fn words(&self) -> impl Iterator<Item = (Text<'_>, u64)> {
        self.tokens.iter().map(|t| (self.slice(t.start, t.end), t.hash))
    }

    fn marks(&self) -> Marks {
        let mut marks = Marks::default();
        self.tokens.iter().filter_map(|t| t.cue).for_each(|frame| marks.insert(frame));
        marks
    }
}

/// A sentence and the one before it, cut. Whoever judges a mail keeps it from sentence to
/// sentence, so that each is cut once, and its buffers are used again.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    sentence: Tokens,
    before: Tokens,
}

impl Cuts {
    /// Gives each feature of a sentence to `see`: kind, text and hash. Features that occur twice
    /// are given twice. Returns how many there were.
    pub(super) fn visit(
        &mut self,
        before: Option<&str>,
        sentence: &str,
        see: &mut impl FnMut(Kind, Text<'_>, u64),
    ) -> usize {
        self.turn(before, sentence);
        let mut count = 0;
        let mut see = |kind: Kind, text: Text<'_>, hash: Hash| {
            count += 1;
            see(kind, text, hash.finish());
        };
        words(&self.sentence, &mut see);
        stems(&self.sentence, &mut see);
        negated(&self.sentence, &mut see);
        let mut marks = self.sentence.marks();
        if before.is_none() {
            marks.insert(Frame::First);
        } else {
            for (word, hash) in self.before.words() {
                see(Kind::WordBefore, word, Hash::of(Kind::WordBefore).word(hash));
            }
            for mark in self.before.marks().iter() {
                let hash = Hash::of(Kind::FrameBefore).word(mark.hash());
                see(Kind::FrameBefore, mark.name().into(), hash);
            }
        }
        frame(marks, &mut see);
        count
    }

    /// Cuts what is not cut yet: mostly the sentence before is the one that was visited last.
    fn turn(&mut self, before: Option<&str>, sentence: &str) {
        std::mem::swap(&mut self.sentence, &mut self.before);
        self.sentence.cut(sentence, MOST_TOKENS);
        let Some(before) = before else { return };
        if self.before.serve(before, MOST_TOKENS_BEFORE) {
            self.before.tokens.truncate(MOST_TOKENS_BEFORE);
        } else {
            self.before.cut(before, MOST_TOKENS_BEFORE);
        }
    }
}

fn words(tokens: &Tokens, see: &mut impl FnMut(Kind, Text<'_>, Hash)) {
    for (at, first) in tokens.tokens.iter().enumerate() {
        let mut hash = Hash::of(Kind::Words);
        for last in tokens.tokens.iter().skip(at).take(3) {
            hash = hash.word(last.hash);
            see(Kind::Words, tokens.slice(first.start, last.end), hash);
        }
    }
}

/// Long words by their beginning: "delayed" and "delays", "abgelehnt" and "abgelehnte".
fn stems(tokens: &Tokens, see: &mut impl FnMut(Kind, Text<'_>, Hash)) {
    for token in &tokens.tokens {
        if let Some(stem) = stem(tokens.slice(token.start, token.end).as_str()) {
            see(Kind::Stem, stem.into(), Hash::of(Kind::Stem).word(word_hash(stem)));
        }
    }
}

/// The beginning of a word that is long enough to have one.
pub(super) fn stem(word: &str) -> Option<&str> {
    // Letters have an octet at least.
    if word.len() <= STEM_LETTERS + 1 {
        return None;
    }
    let mut letters = word.char_indices().map(|(at, _)| at).skip(STEM_LETTERS);
    let end = letters.next()?;
    letters.next().and_then(|_| word.get(..end))
}

fn negated(tokens: &Tokens, see: &mut impl FnMut(Kind, Text<'_>, Hash)) {
    let (forwards, backwards) = REACH;
    for (at, token) in tokens.tokens.iter().enumerate() {
        if token.cue != Some(Frame::Negated) {
            continue;
        }
        let same_clause = |t: &&Token| !t.begins_clause;
        for t in tokens.tokens.iter().skip(at + 1).take(forwards).take_while(same_clause) {
            let word = tokens.slice(t.start, t.end);
            see(Kind::Negated, word, Hash::of(Kind::Negated).word(t.hash));
        }
        let mut clause_began = token.begins_clause;
        for t in tokens.tokens.iter().take(at).rev().take(backwards) {
            if clause_began {
                break;
            }
            clause_began = t.begins_clause;
            let word = tokens.slice(t.start, t.end);
            see(Kind::NegatedBehind, word, Hash::of(Kind::NegatedBehind).word(t.hash));
        }
    }
}

/// Each mark, and each two together: "we" and "negated" say more than either.
fn frame(marks: Marks, see: &mut impl FnMut(Kind, Text<'_>, Hash)) {
    for (at, one) in marks.iter().enumerate() {
        let hash = Hash::of(Kind::Frame).word(one.hash());
        see(Kind::Frame, one.name().into(), hash);
        for other in marks.iter().skip(at + 1) {
            see(Kind::Frame, frames::both(one, other).into(), hash.word(other.hash()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(before: Option<&str>, sentence: &str) -> Vec<String> {
        let mut all = Vec::new();
        let count = Cuts::default().visit(before, sentence, &mut |kind, text, hash| {
            let text = text.as_str();
            assert_eq!(hash, Hash::feature(kind, text), "grown and whole hash agree: {text:?}");
            all.push(format!("{}:{text}", kind.letter()));
        });
        assert_eq!(count, all.len());
        all
    }

    #[test]
    fn words_come_alone_in_pairs_and_in_threes_with_numbers_masked() {
        let all = seen(None, "claim 4711 costs €20,50");
        for want in ["w:claim", "w:claim #", "w:claim # costs", "w:costs $ #"] {
            assert!(all.iter().any(|f| f == want), "{want} in {all:?}");
        }
        assert!(!all.iter().any(|f| f.contains('4')), "{all:?}");
    }

    #[test]
    fn a_negation_marks_the_words_of_its_clause_and_no_others() {
        let all = seen(None, "we are not denying it, payment follows");
        assert!(all.contains(&"n:denying".to_owned()), "{all:?}");
        assert!(all.contains(&"m:we".to_owned()), "{all:?}");
        assert!(!all.contains(&"n:payment".to_owned()), "{all:?}");
        assert!(all.contains(&"f:negated".to_owned()), "{all:?}");
    }

    #[test]
    fn the_order_of_sentences_makes_a_difference() {
        let one = seen(Some("as discussed on the phone"), "the claim is refused");
        let two = seen(Some("the claim is refused"), "as discussed on the phone");
        assert!(one.contains(&"p:phone".to_owned()) && one.contains(&"w:refused".to_owned()));
        assert!(two.contains(&"p:refused".to_owned()) && two.contains(&"w:phone".to_owned()));
        assert!(!one.contains(&"w:phone".to_owned()));
    }

    #[test]
    fn a_sentence_without_a_word_has_no_word_features() {
        assert!(seen(Some(""), " -- ").iter().all(|f| !f.starts_with("w:")));
        assert!(seen(None, "").contains(&"f:first".to_owned()));
    }

    #[test]
    fn a_sentence_seen_before_is_the_same_as_one_cut_anew() {
        let long = "a word and another, ".repeat(40);
        let endless = "wordwithoutend".repeat(40);
        let mut cuts = Cuts::default();
        let mut before = None;
        let asked = format!("{}why? what then", "word ".repeat(31));
        let asked_apart = format!("{}why ? what then", "word ".repeat(31));
        for sentence in [
            &asked,
            &asked_apart,
            "we cannot pay",
            "no?",
            &long,
            "is it 4711?",
            &endless,
            "",
            "good",
        ] {
            let mut kept = Vec::new();
            cuts.visit(before, sentence, &mut |kind, text, _| {
                kept.push(format!("{}:{}", kind.letter(), text.as_str()));
            });
            assert_eq!(kept, seen(before, sentence));
            before = Some(sentence);
        }
    }

    #[test]
    fn work_is_bounded_for_a_sentence_that_never_ends() {
        for endless in ["word ".repeat(100_000), "word".repeat(100_000)] {
            assert!(seen(Some(&endless), &endless).len() < 4_000);
        }
    }
}
