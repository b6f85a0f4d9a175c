//! A sentence cut into words.

use super::{
    Vocabulary,
    vocabulary::KEY_OCTETS,
    words::{is_number, is_sign, word_length},
};

/// A word as the patterns see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) struct Word {
    /// Its number in the vocabulary.
    pub(in crate::policy) number: u16,
    /// It begins with a digit.
    pub(in crate::policy) is_number: bool,
    /// Punctuation stands behind it.
    pub(in crate::policy) breaks: bool,
}

/// A word as the model sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) struct Token {
    /// The number of its text in the vocabulary.
    pub(in crate::policy) number: u16,
    /// It is one of `$`, `%`, `?`, `!`.
    pub(in crate::policy) is_sign: bool,
    /// A clause begins with it.
    pub(in crate::policy) begins_clause: bool,
    /// Where it ends if all tokens are written behind each other, a blank around each.
    pub(in crate::policy) end: u32,
}

/// See the module. What could not be cut has no words and does not fit.
#[derive(Debug, Default)]
pub(in crate::policy) struct Cut {
    /// The sentence, and [`BEHIND`] it.
    of: String,
    fits: bool,
    words: Vec<Word>,
    tokens: Vec<Token>,
}

/// A longer sentence is a table or a list.
const MOST_OCTETS: usize = 1 << 10;

/// Stands behind a sentence while it is cut, so that its last words are looked at as quickly as
/// the others. It divides words and is nothing more.
const BEHIND: &str = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
const _: () = assert!(BEHIND.len() >= KEY_OCTETS);

/// What an octet is to a cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Divides words and is nothing more.
    Divides,
    /// `a` to `z`
    Low,
    /// A letter or digit that is no such one, or part of a character beyond ASCII.
    Other,
    /// Ends a clause: `,`, `;`, `:`, `(`, `)`.
    Clause,
    /// `.`
    Stop,
    /// `?`, `!`
    Asks,
    /// `$`, `%`
    Sign,
    /// `-`, which divides clauses where a blank follows.
    Hyphen,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Divides; 256];
    let mut octet = 0;
    while octet < 256 {
        #[expect(clippy::cast_possible_truncation, clippy::indexing_slicing, reason = "below 256")]
        {
            classes[octet] = match octet as u8 {
                b'a'..=b'z' => Class::Low,
                b'A'..=b'Z' | b'0'..=b'9' | 0x80.. => Class::Other,
                b',' | b';' | b':' | b'(' | b')' => Class::Clause,
                b'.' => Class::Stop,
                b'?' | b'!' => Class::Asks,
                b'$' | b'%' => Class::Sign,
                b'-' => Class::Hyphen,
                _ => Class::Divides,
            };
        }
        octet += 1;
    }
    classes
};

/// How many octets from the front are `a` to `z`; eight are looked at together.
#[inline]
fn low_run(octets: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    let mut run = 0;
    let mut rest = octets;
    while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
        let eight = u64::from_le_bytes(*eight);
        // The high bit of each octet says: not below `a`, not above `z`, ASCII.
        let from_a = (eight | HIGH) - u64::from(b'a') * EACH;
        let to_z = ((u64::from(b'z') * EACH) | HIGH) - (eight & !HIGH);
        let others = !(from_a & to_z & !eight) & HIGH;
        if others != 0 {
            return run + others.trailing_zeros() as usize / 8;
        }
        run += 8;
        rest = behind;
    }
    run + rest.iter().take_while(|octet| octet.is_ascii_lowercase()).count()
}

#[inline]
fn class(octet: u8) -> Class {
    CLASSES.get(usize::from(octet)).copied().unwrap_or(Class::Divides)
}

impl Cut {
    /// Whether it could be cut.
    pub(super) fn fits(&self) -> bool {
        self.fits
    }

    /// Whether it is a cut of this sentence.
    pub(super) fn is(&self, sentence: &str) -> bool {
        self.of.strip_suffix(BEHIND).unwrap_or_default() == sentence
    }

    /// The words for the patterns.
    pub(in crate::policy) fn words(&self) -> &[Word] {
        &self.words
    }

    /// The tokens for the model.
    pub(in crate::policy) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Cuts a sentence.
    pub(super) fn cut(&mut self, sentence: &str, vocabulary: &mut Vocabulary) {
        let Cut { of, fits, words, tokens } = self;
        of.clear();
        of.push_str(sentence);
        of.push_str(BEHIND);
        words.clear();
        tokens.clear();
        let mut cutting =
            Cutting { text: of, words, tokens, vocabulary, begins_clause: true, written: 0 };
        *fits = sentence.len() <= MOST_OCTETS && cutting.pieces(sentence.len()).is_some();
    }
}

/// A sentence while it is cut.
struct Cutting<'c> {
    /// The sentence, and [`BEHIND`] it.
    text: &'c str,
    words: &'c mut Vec<Word>,
    tokens: &'c mut Vec<Token>,
    vocabulary: &'c mut Vocabulary,
    /// With the next token.
    begins_clause: bool,
    /// Where the last token ends.
    written: usize,
}

impl Cutting<'_> {
    fn pieces(&mut self, length: usize) -> Option<()> {
        let octets = self.text.as_bytes();
        let mut at = 0;
        while at < length {
            let start = at;
            at += 1;
            match class(*octets.get(start)?) {
                Class::Divides => {}
                Class::Low => {
                    at = start + low_run(octets.get(start..).unwrap_or_default());
                    let behind = octets.get(at).copied().unwrap_or_default();
                    if behind != b' ' && class(behind) == Class::Other {
                        at = self.other(start)?;
                    } else {
                        self.word(start, at)?;
                        at += usize::from(behind == b' ');
                    }
                }
                Class::Other => at = self.other(start)?,
                Class::Sign => self.sign(start, at)?,
                Class::Asks => {
                    let number = self.vocabulary.number(self.text, start, at)?;
                    self.token(number, 1, true);
                    self.breaks();
                }
                Class::Clause => {
                    self.begins_clause = true;
                    self.breaks();
                }
                Class::Stop => self.breaks(),
                Class::Hyphen if octets.get(at) == Some(&b' ') => self.breaks(),
                Class::Hyphen => {}
            }
        }
        Some(())
    }

    /// A word of `a` to `z`, the same for patterns and model.
    #[inline]
    fn word(&mut self, start: usize, end: usize) -> Option<()> {
        let number = self.vocabulary.number(self.text, start, end)?;
        self.words.push(Word { number, is_number: false, breaks: false });
        self.token(number, end - start, false);
        Some(())
    }

    /// What begins with a character beyond ASCII, a digit or a capital, or goes on with one.
    /// Gives where it ends.
    fn other(&mut self, start: usize) -> Option<usize> {
        let rest = self.text.get(start..)?;
        let first = rest.chars().next()?;
        if !first.is_alphanumeric() {
            let end = start + first.len_utf8();
            if is_sign(first) {
                self.sign(start, end)?;
            }
            return Some(end);
        }
        let word = rest.get(..word_length(rest))?;
        let number = self.vocabulary.number(rest, 0, word.len())?;
        self.words.push(Word { number, is_number: is_number(word), breaks: false });
        let mut token = String::with_capacity(word.len());
        for c in word.chars() {
            match c {
                c if c.is_alphabetic() => token.extend(c.to_lowercase()),
                c if c.is_numeric() => {
                    if !token.ends_with('#') {
                        token.push('#');
                    }
                }
                // Inside of a number.
                divider => {
                    self.written(&token)?;
                    token.clear();
                    self.begins_clause |= divider == ',';
                }
            }
        }
        self.written(&token)?;
        Some(start + word.len())
    }

    /// A currency or `%`: a word of its own; currencies are all one to the model.
    fn sign(&mut self, start: usize, end: usize) -> Option<()> {
        let number = self.vocabulary.number(self.text, start, end)?;
        self.words.push(Word { number, is_number: false, breaks: false });
        let sign = if self.text.get(start..end) == Some("%") { "%" } else { "$" };
        let number = self.vocabulary.number(sign, 0, 1)?;
        self.token(number, 1, true);
        Some(())
    }

    fn written(&mut self, token: &str) -> Option<()> {
        if !token.is_empty() {
            let number = self.vocabulary.number(token, 0, token.len())?;
            self.token(number, token.len(), false);
        }
        Some(())
    }

    #[inline]
    fn token(&mut self, number: u16, octets: usize, is_sign: bool) {
        let begins_clause = std::mem::take(&mut self.begins_clause);
        self.written += 1 + octets;
        // Of at most MOST_OCTETS octets.
        let end = u32::try_from(self.written).unwrap_or(u32::MAX);
        self.tokens.push(Token { number, is_sign, begins_clause, end });
    }

    #[inline]
    fn breaks(&mut self) {
        if let Some(word) = self.words.last_mut() {
            word.breaks = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::words::each_word, *};

    /// What a cut gives for the patterns, in words.
    fn cut(sentence: &str) -> Vec<(String, bool)> {
        let (mut cut, mut vocabulary) = (Cut::default(), Vocabulary::default());
        cut.cut(sentence, &mut vocabulary);
        assert!(cut.fits());
        cut.words().iter().map(|w| (vocabulary.word(w.number).to_owned(), w.breaks)).collect()
    }

    #[test]
    fn the_words_are_those_of_the_patterns() {
        for sentence in [
            "pay £1,250.50, not 3% (or so).",
            "",
            "?! a -b - c",
            "können wir das 2026? ja; nein",
            "12a a12 1.2.3 1,a é1 ½ x² a_b a.b",
            "“quoted” – and… so",
            "it's 5€!",
        ] {
            let mut words = Vec::new();
            each_word(sentence, |w| words.push((w.text.to_owned(), w.breaks)));
            assert_eq!(cut(sentence), words, "{sentence}");
        }
    }

    #[test]
    fn runs_of_letters_end_where_they_end() {
        for length in 0..20 {
            for other in ["", "`", "{", "A", "é", " ", "\u{7f}", "\0"] {
                let text = format!("{}{other}abcdefghijk", "az".repeat(10).get(..length).unwrap());
                let run = text.bytes().take_while(u8::is_ascii_lowercase).count();
                assert_eq!(low_run(text.as_bytes()), run, "{text}");
            }
        }
    }

    #[test]
    fn a_sentence_without_end_does_not_fit() {
        let (mut cut, mut vocabulary) = (Cut::default(), Vocabulary::default());
        cut.cut(&"word ".repeat(1_000), &mut vocabulary);
        assert!(!cut.fits());
        cut.cut("short again", &mut vocabulary);
        assert!(cut.fits() && cut.is("short again"));
    }
}
