//! Words of a sentence, and patterns of words.
//!
//! A pattern is words with spaces between; `*` behind a word stands for any ending, `…` for up to
//! [`MAX_GAP`] words. Case does not matter, nor what stands between words. What is found is a
//! range of the sentence, so that the very words can be quoted.

use std::ops::Range;

/// Words of one sentence that are looked at; the news of a longer one stands at its beginning.
const MAX_WORDS: usize = 80;
/// Words that `…` may stand for.
const MAX_GAP: usize = 7;

/// A word and where it stands.
#[derive(Debug)]
pub(in crate::call) struct Word<'t> {
    /// Lower case.
    pub(in crate::call) lower: String,
    /// As written.
    pub(in crate::call) text: &'t str,
    /// Its octets in the sentence.
    pub(in crate::call) span: Range<usize>,
}

/// The words of a sentence: runs of letters and digits.
pub(in crate::call) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut begin = None;
    let ends = text.char_indices().map(|(at, c)| (at, c.is_alphanumeric()));
    for (at, inside) in ends.chain([(text.len(), false)]) {
        match (begin, inside) {
            (None, true) => begin = Some(at),
            (Some(from), false) => {
                begin = None;
                let span = from..at;
                if let Some(text) = text.get(span.clone()) {
                    words.push(Word { lower: text.to_lowercase(), text, span });
                }
                if words.len() == MAX_WORDS {
                    break;
                }
            }
            _ => {}
        }
    }
    words
}

/// Whether a word is a number and not too long for one.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Where the pattern stands in a sentence of these words: the places of its first and last word.
pub(in crate::call) fn find(words: &[Word<'_>], pattern: &str) -> Option<Range<usize>> {
    let pieces: Vec<&str> = pieces(pattern).collect();
    if !pieces.iter().any(|piece| *piece != GAP) {
        return None;
    }
    (0..words.len()).find_map(|from| Some(from..matched(words, from, &pieces)?))
}

/// Whether a pattern has a word to look for.
pub(in crate::call) fn has_words(pattern: &str) -> bool {
    pieces(pattern).any(|piece| piece != GAP)
}

const GAP: &str = "…";

/// The words of a pattern, `…` among them.
fn pieces(pattern: &str) -> impl Iterator<Item = &str> {
    let outside = |c: char| !c.is_alphanumeric() && c != '*' && c != '…';
    pattern.split(outside).filter(|piece| !piece.is_empty() && *piece != "*")
}

/// The place behind the last word, if the pieces match from here.
fn matched(words: &[Word<'_>], mut at: usize, pieces: &[&str]) -> Option<usize> {
    let mut rest = pieces.iter();
    while let Some(piece) = rest.next() {
        if *piece == GAP {
            let rest = rest.as_slice();
            return (at..=at + MAX_GAP).find_map(|from| matched(words, from, rest));
        }
        let word = &words.get(at)?.lower;
        let fits = match piece.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == piece,
        };
        if !fits {
            return None;
        }
        at += 1;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(text: &'t str, pattern: &str) -> Option<&'t str> {
        let words = words(text);
        let range = find(&words, pattern)?;
        text.get(words[range.start].span.start..words[range.end - 1].span.end)
    }

    #[test]
    fn words_stems_and_gaps() {
        let text = "We can’t repair it, but we’d like to offer you a NEW one.";
        for (pattern, expected) in [
            ("we can't", Some("We can’t")),
            ("repair", Some("repair")),
            ("pair", None),
            ("off*", Some("offer")),
            ("we … offer", Some("we’d like to offer")),
            ("new one", Some("NEW one")),
            ("we … nothing", None),
            ("…", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(found(text, pattern), expected, "{pattern}");
        }
        assert_eq!(found("Das tut uns sehr leid.", "tut … leid"), Some("tut uns sehr leid"));
    }

    #[test]
    fn a_sentence_without_end_is_bounded_work() {
        let text = "we ".repeat(100_000);
        assert_eq!(words(&text).len(), MAX_WORDS);
        assert_eq!(found(&text, "we … we … we … we … nothing"), None);
    }
}
