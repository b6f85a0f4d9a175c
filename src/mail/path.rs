//! Reverse-path and forward-path as typed values that keep what was written.
//!
//! Takes what stood between the angle brackets, gives a value that can be sent
//! on unchanged. Source routes, control octets and over-long paths are refused:
//! a proxy never re-routes and never repairs.
//!
//! RFC 5321 §4.1.2, §4.5.3.1.3; RFC 6531 §3.3.

use std::fmt;

use serde::{Deserialize, Serialize};

/// RFC 5321 §4.5.3.1.3 allows 256 octets with the brackets; RFC 6531 mail in
/// the wild is longer in octets, so we take twice that.
const MAX_PATH_OCTETS: usize = 512;

/// Why a path was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPath {
    /// Nothing between the brackets where a mailbox must stand.
    #[error("the path is empty")]
    Empty,
    /// Longer than [`MAX_PATH_OCTETS`].
    #[error("the path is too long")]
    TooLong,
    /// `<@relay:user@host>` (RFC 5321 appendix C): we do not follow routes.
    #[error("source routes are not taken")]
    SourceRoute,
    /// A control octet, a blank outside quotes, an unbalanced quote or a bracket.
    #[error("the path holds an octet that must not stand there")]
    Octet,
    /// No local part, no domain where one must stand, or an empty label.
    #[error("the path is not a mailbox")]
    Shape,
}

/// One mailbox, exactly as written: `local-part@domain`, or a bare `postmaster`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mailbox(String);

impl Mailbox {
    /// Parses what stood between `<` and `>`.
    pub fn parse(text: &str) -> Result<Mailbox, BadPath> {
        if text.is_empty() {
            return Err(BadPath::Empty);
        }
        if text.len() > MAX_PATH_OCTETS {
            return Err(BadPath::TooLong);
        }
        if text.starts_with('@') {
            return Err(BadPath::SourceRoute);
        }
        let at = split_at_sign(text)?;
        match at {
            None if text.eq_ignore_ascii_case("postmaster") => Ok(Mailbox(text.to_owned())),
            None => Err(BadPath::Shape),
            Some(at) => {
                let (local, domain) = (text.get(..at), text.get(at + 1..));
                let (Some(local), Some(domain)) = (local, domain) else {
                    return Err(BadPath::Shape);
                };
                if local.is_empty() || !domain_has_shape(domain) {
                    return Err(BadPath::Shape);
                }
                Ok(Mailbox(text.to_owned()))
            }
        }
    }

    /// The one mailbox that every server has (RFC 5321 §4.5.1).
    pub fn postmaster() -> Mailbox {
        Mailbox("postmaster".to_owned())
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In lower case, for comparing and finding only: servers that tell cases of a local part apart
    /// (RFC 5321 §2.4) are not met, and people write their own address in both.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// What stands before the last `@` outside quotes; as written, quotes included.
    pub fn local_part(&self) -> &str {
        self.split().0
    }

    /// What stands behind it; `None` for the bare `postmaster`.
    pub fn domain(&self) -> Option<&str> {
        self.split().1
    }

    /// Whether any octet is outside ASCII, so that SMTPUTF8 is needed.
    pub fn is_internationalised(&self) -> bool {
        !self.0.is_ascii()
    }

    fn split(&self) -> (&str, Option<&str>) {
        match self.0.rsplit_once('@') {
            Some((local, domain)) => (local, Some(domain)),
            None => (&self.0, None),
        }
    }
}

/// Finds the `@` that ends the local part, and refuses octets that may not stand
/// where they stand.
fn split_at_sign(text: &str) -> Result<Option<usize>, BadPath> {
    let (mut quoted, mut escaped, mut at) = (false, false, None);
    for (i, c) in text.char_indices() {
        if c.is_control() {
            return Err(BadPath::Octet);
        }
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '@' if !quoted && at.is_some() => return Err(BadPath::Shape),
            '@' if !quoted => at = Some(i),
            ' ' | '<' | '>' | '\\' | '(' | ')' | ',' | ';' if !quoted => {
                return Err(BadPath::Octet);
            }
            _ => {}
        }
    }
    if quoted || escaped {
        return Err(BadPath::Octet);
    }
    Ok(at)
}

fn domain_has_shape(domain: &str) -> bool {
    if let Some(literal) = domain.strip_prefix('[') {
        return literal.strip_suffix(']').is_some_and(|l| {
            !l.is_empty() && l.chars().all(|c| c.is_ascii_alphanumeric() || ".:-".contains(c))
        });
    }
    let name = domain.strip_suffix('.').unwrap_or(domain);
    !name.is_empty()
        && name.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && label
                    .chars()
                    .all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
}

impl TryFrom<String> for Mailbox {
    type Error = BadPath;
    fn try_from(text: String) -> Result<Self, BadPath> {
        Mailbox::parse(&text)
    }
}

impl From<Mailbox> for String {
    fn from(mailbox: Mailbox) -> String {
        mailbox.0
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where reports about a message go: the path of `MAIL FROM`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReversePath {
    /// `<>`: a report or notice; nobody answers it (RFC 5321 §4.5.5).
    Null,
    /// Somebody to answer to.
    Mailbox(Mailbox),
}

impl ReversePath {
    /// Parses what stood between the brackets; nothing there is [`ReversePath::Null`].
    pub fn parse(text: &str) -> Result<ReversePath, BadPath> {
        if text.is_empty() {
            return Ok(ReversePath::Null);
        }
        Mailbox::parse(text).map(ReversePath::Mailbox)
    }

    /// The mailbox, unless this is `<>`.
    pub fn mailbox(&self) -> Option<&Mailbox> {
        match self {
            ReversePath::Null => None,
            ReversePath::Mailbox(m) => Some(m),
        }
    }

    /// What stands between the brackets; empty for `<>`.
    pub fn as_str(&self) -> &str {
        self.mailbox().map_or("", Mailbox::as_str)
    }

    /// As [`Mailbox::folded`]; empty for `<>`.
    pub fn folded(&self) -> String {
        self.mailbox().map(Mailbox::folded).unwrap_or_default()
    }
}

/// Whom a message is for: the path of one `RCPT TO`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ForwardPath(Mailbox);

impl ForwardPath {
    /// Parses what stood between the brackets; empty is refused.
    pub fn parse(text: &str) -> Result<ForwardPath, BadPath> {
        Mailbox::parse(text).map(ForwardPath)
    }

    /// The mailbox.
    pub fn mailbox(&self) -> &Mailbox {
        &self.0
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// As [`Mailbox::folded`].
    pub fn folded(&self) -> String {
        self.0.folded()
    }
}

impl From<Mailbox> for ForwardPath {
    fn from(mailbox: Mailbox) -> Self {
        ForwardPath(mailbox)
    }
}

impl fmt::Display for ForwardPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_stay_as_written() {
        for text in [
            "a@b.example",
            "A+tag@B.example",
            "postmaster",
            "PostMaster",
            "\"john doe\"@b.example",
            "\"a@b\"@c.example",
            "\"a\\\"b\"@c.example",
            "u@[192.0.2.1]",
            "u@[IPv6:2001:db8::1]",
            "é@bücher.example",
            "a..b@c.example",
            "u@host.example.",
        ] {
            assert_eq!(Mailbox::parse(text).map(|m| m.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_mailbox_is_refused() {
        for text in [
            "",
            "@a:b@c",
            "nobody",
            "a@",
            "@b",
            "a@b@c",
            "a b@c",
            "a@b c",
            "a@b\r\nRCPT",
            "\"a@b",
            "a@b>",
            "a@.b",
            "a@b..c",
            "a@[",
            "a@[]",
            "a@-b",
            "a\0@b.example",
        ] {
            assert!(Mailbox::parse(text).is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn the_deserialiser_refuses_what_the_parser_refuses() {
        assert!(serde_json::from_str::<Mailbox>("\"a b@c\"").is_err());
    }

    #[test]
    fn null_is_not_a_mailbox() {
        assert_eq!(ReversePath::parse(""), Ok(ReversePath::Null));
        assert!(ForwardPath::parse("").is_err());
    }
}
