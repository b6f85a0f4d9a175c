//! Address fields → addresses.
//!
//! Takes the raw value of From, To and their kin, gives display names and addresses.
//! Groups, comments, quoted names and source routes are understood; anything else is
//! read as what stands between two commas. One pass, no recursion, a bound on how many.
//!
//! RFC 5322 §3.4, §4.4. Encoded words are decoded in names only: an address is what it
//! is written as.

use super::{Address, Defect, Met, words};

/// More than this in one field is a list, not correspondence.
const MOST: usize = 1_000;

/// Appends the addresses of one field.
pub(super) fn read(value: &[u8], list: &mut Vec<Address>, met: &mut Met) {
    let mut one = Draft::default();
    let mut bytes = value.iter().copied();
    while let Some(b) = bytes.next() {
        match b {
            b'(' => comment(&mut bytes, &mut one.comment),
            b'"' => quoted(&mut bytes, &mut one),
            b'<' => one.angle = Some(until_angle(&mut bytes)),
            b',' | b';' => one.finish(list, met),
            // `Team: a@x, b@x;`: the name of a group is nobody's name.
            b':' if one.angle.is_none() && !one.phrase.contains(&b'@') => one = Draft::default(),
            _ => one.phrase.push(b),
        }
    }
    one.finish(list, met);
}

#[derive(Default)]
struct Draft {
    phrase: Vec<u8>,
    angle: Option<Vec<u8>>,
    comment: Vec<u8>,
    quoted: bool,
}

impl Draft {
    fn finish(&mut self, list: &mut Vec<Address>, met: &mut Met) {
        let draft = std::mem::take(self);
        let phrase = draft.phrase.trim_ascii();
        let (name, address) = match &draft.angle {
            Some(angle) => (phrase, angle.as_slice()),
            None if draft.quoted && !phrase.contains(&b'@') => (phrase, &b""[..]),
            None => (&b""[..], phrase),
        };
        let name = if name.is_empty() { draft.comment.trim_ascii() } else { name };
        if name.is_empty() && address.is_empty() {
            return;
        }
        if list.len() >= MOST {
            met.note(Defect::Limit);
            return;
        }
        let address = super::normal::printable(&super::charset::undeclared(address, met));
        list.push(Address {
            name: words::decode_words(name, met),
            address: address.trim().to_owned(),
        });
    }
}

/// A comment, nested ones within it, without its brackets.
fn comment(bytes: &mut impl Iterator<Item = u8>, into: &mut Vec<u8>) {
    let mut depth = 1usize;
    while let Some(b) = bytes.next() {
        match b {
            b'(' => depth += 1,
            b')' if depth == 1 => return,
            b')' => depth -= 1,
            b'\\' => into.extend(bytes.next()),
            _ => into.push(b),
        }
    }
}

/// A quoted string. It is a name, or the local part of an address if `@` follows: then the
/// quotes belong to the address. Both cases are kept apart by what stands around it.
fn quoted(bytes: &mut impl Iterator<Item = u8>, one: &mut Draft) {
    one.quoted = true;
    while let Some(b) = bytes.next() {
        match b {
            b'"' => return,
            b'\\' => one.phrase.extend(bytes.next()),
            _ => one.phrase.push(b),
        }
    }
}

/// What stands between angle brackets, without a source route.
fn until_angle(bytes: &mut impl Iterator<Item = u8>) -> Vec<u8> {
    let mut inner = Vec::new();
    let mut in_quotes = false;
    for b in bytes {
        match b {
            b'>' if !in_quotes => break,
            b'"' => {
                in_quotes = !in_quotes;
                inner.push(b);
            }
            // `<@a,@b:c@d>` (RFC 5322 §4.4)
            b':' if !in_quotes && inner.first() == Some(&b'@') => inner.clear(),
            b' ' | b'\t' if !in_quotes => {}
            _ => inner.push(b),
        }
    }
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(value: &str) -> Vec<(String, String)> {
        let mut list = Vec::new();
        read(value.as_bytes(), &mut list, &mut Met::default());
        list.into_iter().map(|a| (a.name, a.address)).collect()
    }

    fn pair(name: &str, address: &str) -> (String, String) {
        (name.to_owned(), address.to_owned())
    }

    #[test]
    fn the_ways_to_write_an_address() {
        assert_eq!(all("a@b.example"), [pair("", "a@b.example")]);
        assert_eq!(all("Ann Lee <a@b.example>"), [pair("Ann Lee", "a@b.example")]);
        assert_eq!(
            all("\"Lee, Ann\" <a@b.example>, c@d"),
            [pair("Lee, Ann", "a@b.example"), pair("", "c@d")]
        );
        assert_eq!(
            all("a@b.example (Ann (at work) Lee)"),
            [pair("Ann at work Lee", "a@b.example")]
        );
        assert_eq!(all("<@x,@y:a@b.example>"), [pair("", "a@b.example")]);
        assert_eq!(all("=?utf-8?q?J=C3=BCrgen?= <j@b.example>"), [pair("Jürgen", "j@b.example")]);
        assert_eq!(
            all("Team: a@x, B <b@x>;, c@x"),
            [pair("", "a@x"), pair("B", "b@x"), pair("", "c@x")]
        );
        assert_eq!(all("undisclosed-recipients:;"), []);
        assert_eq!(all("me"), [pair("", "me")]);
    }

    #[test]
    fn an_encoded_address_is_not_decoded_into_another_domain() {
        assert_eq!(
            all("=?utf-8?q?x=40evil?=@good.example"),
            [pair("", "=?utf-8?q?x=40evil?=@good.example")]
        );
    }

    #[test]
    fn unclosed_brackets_lose_nothing() {
        assert_eq!(all("Ann <a@b.example"), [pair("Ann", "a@b.example")]);
        assert_eq!(all("\"Ann a@b.example"), [pair("", "Ann a@b.example")]);
    }

    #[test]
    fn a_list_has_an_end() {
        let mut list = Vec::new();
        let mut met = Met::default();
        read("a@b,".repeat(5_000).as_bytes(), &mut list, &mut met);
        assert_eq!((list.len(), met.into_sorted()), (MOST, vec![Defect::Limit]));
    }
}
