//! Cuts a normalised sentence into words.

/// A word is a run of letters and digits; a number keeps its inner points and commas
/// (`1,250.00`); a currency or percent sign is a word of its own. Everything else divides, and
/// punctuation is remembered as a break behind the word before it.
pub(super) fn each_word<'s>(normal: &'s str, mut take: impl FnMut(Word<'s>)) {
    let mut chars = normal.char_indices().peekable();
    let mut start: Option<usize> = None;
    let mut pending: Option<&'s str> = None;
    let mut breaks = false;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let inner = matches!(c, '.' | ',')
            && start.is_some_and(|s| normal.get(s..at).is_some_and(is_number))
            && next.is_some_and(|n| n.is_ascii_digit());
        if c.is_alphanumeric() || inner {
            start.get_or_insert(at);
            continue;
        }
        if let Some(s) = start.take() {
            flush(&mut pending, &mut breaks, &mut take);
            pending = normal.get(s..at);
        }
        if is_sign(c) {
            flush(&mut pending, &mut breaks, &mut take);
            pending = normal.get(at..at + c.len_utf8());
        } else if matches!(c, ',' | ';' | ':' | '(' | ')' | '.' | '!' | '?')
            || c == '-' && next == Some(' ')
        {
            breaks = true;
        }
    }
    if let Some(s) = start {
        flush(&mut pending, &mut breaks, &mut take);
        pending = normal.get(s..);
    }
    flush(&mut pending, &mut breaks, &mut take);
}

/// One word of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'s> {
    pub(super) text: &'s str,
    /// Punctuation stands behind it.
    pub(super) breaks: bool,
}

/// Whether a word counts as a number: it begins with a digit.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Signs that are words.
pub(super) fn is_sign(c: char) -> bool {
    matches!(c, '£' | '$' | '€' | '%')
}

fn flush<'s>(pending: &mut Option<&'s str>, breaks: &mut bool, take: &mut impl FnMut(Word<'s>)) {
    if let Some(text) = pending.take() {
        take(Word { text, breaks: *breaks });
    }
    *breaks = false;
}
