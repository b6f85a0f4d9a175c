//! Tags with thousands of attributes → tags without any.
//!
//! Takes HTML, gives it with a bound on what stands in one tag outside of quotes. The tokenizer
//! compares each attribute with all before it, so that one tag could cost minutes. What such a
//! tag says about quoting or hiding is lost, and its text counts as shown and new.

use std::borrow::Cow;

/// Octets of one tag outside of quotes; mail has a hundred or two.
const MOST: usize = 2_048;

/// The same HTML where no tag is too long, which is nearly always.
pub fn bounded(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut out: Option<String> = None;
    let (mut kept, mut at) = (0, 0);
    while let Some(open) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        let begin = at + open;
        let inner = bytes.get(begin + 1..).unwrap_or_default();
        if !inner.first().is_some_and(u8::is_ascii_alphabetic) {
            at = begin + 1;
            continue;
        }
        let (len, unquoted) = tag(inner);
        if unquoted > MOST {
            let name = inner.iter().take(64).take_while(|b| b.is_ascii_alphanumeric()).count();
            let out = out.get_or_insert_default();
            out.push_str(html.get(kept..begin + 1 + name).unwrap_or_default());
            kept = begin + 1 + len;
        }
        at = begin + 1 + len;
    }
    match out {
        Some(mut out) => {
            out.push_str(html.get(kept..).unwrap_or_default());
            Cow::Owned(out)
        }
        None => Cow::Borrowed(html),
    }
}

/// Octets up to the `>` of a tag, and how many of them stand outside of quoted values.
fn tag(inner: &[u8]) -> (usize, usize) {
    let mut quote = None;
    let (mut unquoted, mut behind_equals) = (0, false);
    for (n, &b) in inner.iter().enumerate() {
        match quote {
            Some(q) if q == b => quote = None,
            Some(_) => continue,
            None if b == b'>' => return (n, unquoted),
            None if behind_equals && matches!(b, b'"' | b'\'') => quote = Some(b),
            None => {}
        }
        unquoted += 1;
        behind_equals = b == b'=' || (behind_equals && b.is_ascii_whitespace());
    }
    (inner.len(), unquoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_tags_stay_and_endless_ones_lose_their_attributes() {
        let plain = "<p class=\"a > b\">x</p> 1 < 2";
        assert!(matches!(bounded(plain), Cow::Borrowed(t) if t == plain));
        let image = format!("<img src=\"data:{}\">", "A".repeat(10_000));
        assert_eq!(bounded(&image), image);
        let many = format!("a<b {}>c</b>", "x=1 ".repeat(5_000));
        assert_eq!(bounded(&many), "a<b>c</b>");
    }
}
