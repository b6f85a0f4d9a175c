//! Text → the form that is matched.
//!
//! Takes decoded text, gives it without characters that nobody sees, and the normal form:
//! NFKC, lower case, plain quotes and hyphens, single spaces, English contractions spelled
//! out. Letters of other scripts that look alike are not folded.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Characters that show nothing or turn the direction of writing.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// One line of printable text: control characters become a space or nothing, invisible ones go.
pub(super) fn printable(text: &str) -> String {
    // As nearly all of it is: nothing to leave out.
    if text.bytes().fold(true, |plain, b| plain & (0x20..0x7f).contains(&b)) {
        return text.trim_end().to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_control() || is_invisible(c) => {}
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Text of several lines without characters that nobody sees; whether some stood inside words.
pub(super) fn visible(text: &str) -> (Cow<'_, str>, bool) {
    // All octets are looked at, many at a time: no branch for each.
    let plain = |b: u8| (0x20..0x7f).contains(&b) | (b == b'\t') | (b == b'\r') | (b == b'\n');
    if text.bytes().fold(true, |all, b| all & plain(b)) {
        return (Cow::Borrowed(text), false);
    }
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut gap) = (false, false);
    for c in text.chars() {
        if is_invisible(c) {
            gap |= out.chars().next_back().is_some_and(char::is_alphanumeric);
            continue;
        }
        inside |= gap && c.is_alphanumeric();
        gap = false;
        match c {
            '\r' => {}
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => out.push('\n'),
            '\t' | '\n' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    (Cow::Owned(out), inside)
}

/// The form for matching of any text: see [`Sentence::normal`](super::Sentence::normal).
pub fn normal(text: &str) -> String {
    let folded = if text.is_ascii() { ascii(text) } else { unicode(text) };
    if has_apostrophe(&folded) { spelled_out(&folded) } else { folded }
}

fn has_apostrophe(text: &str) -> bool {
    memchr::memchr(b'\'', text.as_bytes()).is_some()
}

/// The same of text that [`is_printable`], with single spaces and none around it.
pub(super) fn push_plain(text: &str, to: &mut String) {
    if has_apostrophe(text) {
        to.push_str(&spelled_out(&text.to_ascii_lowercase()));
        return;
    }
    let from = to.len();
    to.push_str(text);
    if let Some(normal) = to.get_mut(from..) {
        normal.make_ascii_lowercase();
    }
}

fn ascii(text: &str) -> String {
    if is_plain(text) {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b' ' | b'\t' | b'\r' | b'\n' | 0xb | 0xc => space(&mut out),
            b'`' => out.push('\''),
            0..=0x1f | 0x7f => {}
            _ => out.push(char::from(b.to_ascii_lowercase())),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Printable ASCII without a grave accent.
pub(super) fn is_printable(text: &str) -> bool {
    text.bytes().fold(true, |all, b| all & (0x20..0x7f).contains(&b) & (b != b'`'))
}

/// Nothing to do but lower case, as in most sentences: single spaces, no controls.
fn is_plain(text: &str) -> bool {
    is_printable(text) && !text.starts_with(' ') && !text.ends_with(' ') && !has_double_space(text)
}

/// Two blanks in a row. A plain loop: for a line a searcher costs more to set up.
pub(super) fn has_double_space(text: &str) -> bool {
    let octets = text.as_bytes();
    let next = octets.get(1..).unwrap_or_default();
    octets.iter().zip(next).fold(false, |has, (a, b)| has | ((*a == b' ') & (*b == b' ')))
}

fn unicode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match c {
            c if c.is_whitespace() => space(&mut out),
            c if c.is_control() || is_invisible(c) => {}
            '‘' | '’' | '‚' | '‛' | '′' | '´' | '`' | 'ʼ' | '‹' | '›' => {
                out.push('\'')
            }
            '“' | '”' | '„' | '‟' | '″' | '«' | '»' => out.push('"'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹘' => out.push('-'),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// English contractions; `text` is lower case with plain quotes.
fn spelled_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for piece in text.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '\'')) {
        let word = piece.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '\''));
        let behind = piece.strip_prefix(word).unwrap_or_default();
        if word.contains('\'') {
            contraction(word, &mut out)
        } else {
            out.push_str(word)
        }
        out.push_str(behind);
    }
    out
}

fn contraction(word: &str, out: &mut String) {
    let whole = match word {
        "can't" => "cannot",
        "won't" => "will not",
        "shan't" => "shall not",
        "let's" => "let us",
        "it's" | "that's" | "there's" | "here's" | "what's" | "he's" | "she's" | "who's"
        | "where's" => {
            out.push_str(word.strip_suffix("'s").unwrap_or(word));
            " is"
        }
        _ => "",
    };
    if !whole.is_empty() {
        out.push_str(whole);
        return;
    }
    for (end, full) in [
        ("n't", " not"),
        ("'re", " are"),
        ("'ve", " have"),
        ("'ll", " will"),
        ("'d", " would"),
        ("'m", " am"),
    ] {
        if let Some(stem) = word.strip_suffix(end).filter(|s| !s.is_empty()) {
            out.push_str(stem);
            out.push_str(full);
            return;
        }
    }
    out.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_form_is_plain_lower_case() {
        assert_eq!(
            normal("  We   CAN’T\thonour\nyour “claim” – sorry…"),
            "we cannot honour your \"claim\" - sorry..."
        );
        assert_eq!(normal("ｆｕｌｌ width ﬁne"), "full width fine");
        assert_eq!(normal("re\u{200b}fu\u{ad}sed"), "refused");
    }

    #[test]
    fn contractions_are_spelled_out() {
        for (short, long) in [
            ("I'm", "i am"),
            ("it's", "it is"),
            ("We're", "we are"),
            ("we've", "we have"),
            ("we'll", "we will"),
            ("we'd", "we would"),
            ("won't", "will not"),
            ("don't", "do not"),
            ("couldn't.", "could not."),
            ("customer's", "customer's"),
            ("l'été", "l'été"),
            ("d'accord", "d'accord"),
        ] {
            assert_eq!(normal(short), long);
        }
    }

    #[test]
    fn what_nobody_sees_inside_a_word_is_told() {
        assert_eq!(visible("de\u{200b}nied"), (Cow::Owned("denied".into()), true));
        assert!(!visible("\u{feff}denied \u{200b} x").1);
        assert!(!visible("plain").1);
    }

    #[test]
    fn printable_text_has_one_line() {
        assert_eq!(printable("a\r\nb\u{2028}c\u{1b}[1m\u{202e}d"), "a b c[1md");
    }
}
