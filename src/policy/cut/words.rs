//! Cuts a normalised sentence into words, one after the other, however long it is.

/// A word is a run of letters and digits; a number keeps its inner points and commas
/// (`1,250.00`); a currency or percent sign is a word of its own. Everything else divides, and
/// punctuation is remembered as a break behind the word before it.
pub(in crate::policy) fn each_word<'s>(normal: &'s str, mut take: impl FnMut(Word<'s>)) {
    let mut rest = normal;
    let mut pending: Option<&'s str> = None;
    let mut breaks = false;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_alphanumeric() { word_length(rest) } else { c.len_utf8() };
        let Some((piece, behind)) = rest.split_at_checked(length) else { break };
        rest = behind;
        if c.is_alphanumeric() || is_sign(c) {
            flush(&mut pending, &mut breaks, &mut take);
            pending = Some(piece);
        } else if matches!(c, ',' | ';' | ':' | '(' | ')' | '.' | '!' | '?')
            || c == '-' && behind.starts_with(' ')
        {
            breaks = true;
        }
    }
    flush(&mut pending, &mut breaks, &mut take);
}

/// The words of a sentence in its normal form.
pub fn words(normal: &str) -> Vec<&str> {
    let mut words = Vec::new();
    each_word(normal, |word| words.push(word.text));
    words
}

/// How many octets of a text that begins with a letter or digit are one word.
pub(super) fn word_length(text: &str) -> usize {
    let number = is_number(text);
    let mut rest = text;
    loop {
        // Nearly all letters of most mail, taken in runs.
        let plain = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        rest = rest.get(plain..).unwrap_or_default();
        let mut chars = rest.chars();
        let inner = match chars.next() {
            Some('.' | ',') => number && chars.as_str().starts_with(|c: char| c.is_ascii_digit()),
            Some(c) => c.is_alphanumeric(),
            None => false,
        };
        if !inner {
            return text.len() - rest.len();
        }
        rest = chars.as_str();
    }
}

/// One word of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) struct Word<'s> {
    pub(in crate::policy) text: &'s str,
    /// Punctuation stands behind it.
    pub(in crate::policy) breaks: bool,
}

/// Whether a word counts as a number: it begins with a digit.
pub(in crate::policy) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Signs that are words.
pub(in crate::policy) fn is_sign(c: char) -> bool {
    matches!(c, '£' | '$' | '€' | '%')
}

fn flush<'s>(pending: &mut Option<&'s str>, breaks: &mut bool, take: &mut impl FnMut(Word<'s>)) {
    if let Some(text) = pending.take() {
        take(Word { text, breaks: *breaks });
    }
    *breaks = false;
}
