//! A narrower scope, as far as recorded names can tell.

use crate::message::Language;

use super::{Detail, Hasher};

/// Whom a policy would no longer concern. Nobody can be added: mail that no policy was asked about is
/// recorded without its word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeChange {
    senders: Vec<(Side, Whom)>,
    recipients: Vec<(Side, String)>,
    languages: Vec<Language>,
}

/// What a list of names is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Only these.
    Only,
    /// Not these.
    Except,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Whom {
    Address(String),
    Domain(String),
}

/// A pattern that recorded names cannot be compared with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// Neither an address nor a domain.
    #[error("\"{0}\" cannot be looked for: senders are recorded as addresses and as `*@domain`")]
    Sender(String),
    /// No domain.
    #[error("\"{0}\" cannot be looked for: recipients are recorded as `*@domain` only")]
    Recipient(String),
}

impl ScopeChange {
    /// With these senders: addresses, or `*@domain`.
    pub fn senders(
        mut self,
        hasher: &Hasher,
        side: Side,
        patterns: &[impl AsRef<str>],
    ) -> Result<ScopeChange, NotFound> {
        for pattern in patterns.iter().map(AsRef::as_ref) {
            let whom = match domain(pattern) {
                Some(domain) => Whom::Domain(hasher.domain(domain)),
                None if pattern.contains(['*', '?']) || !pattern.contains('@') => {
                    return Err(NotFound::Sender(pattern.to_owned()));
                }
                None => Whom::Address(hasher.address(pattern)),
            };
            self.senders.push((side, whom));
        }
        Ok(self)
    }

    /// With recipients of these domains: `*@domain`.
    pub fn recipients(
        mut self,
        hasher: &Hasher,
        side: Side,
        patterns: &[impl AsRef<str>],
    ) -> Result<ScopeChange, NotFound> {
        for pattern in patterns.iter().map(AsRef::as_ref) {
            let domain = domain(pattern).ok_or_else(|| NotFound::Recipient(pattern.to_owned()))?;
            self.recipients.push((side, hasher.domain(domain)));
        }
        Ok(self)
    }

    /// Only with mail in these languages, and mail of unknown language.
    #[must_use]
    pub fn languages(mut self, languages: &[Language]) -> ScopeChange {
        self.languages.extend_from_slice(languages);
        self
    }

    /// Whether this mail would no longer be the policy's.
    pub(super) fn spares(&self, mail: &Detail) -> bool {
        let is = |whom: &Whom| match whom {
            Whom::Address(name) => *name == mail.sender,
            Whom::Domain(name) => *name == mail.from,
        };
        let is_sender = |side: Side| {
            let mut named = self.senders.iter().filter(move |(s, _)| *s == side).peekable();
            let any = named.peek().is_some();
            any.then(|| named.any(|(_, whom)| is(whom)))
        };
        let to = |side: Side| {
            let named: Vec<_> = self.recipients.iter().filter(|(s, _)| *s == side).collect();
            let is_named = |domain: &String| named.iter().any(|(_, name)| name == domain);
            let hits = mail.to.iter().filter(|domain| is_named(domain)).count();
            (!named.is_empty()).then_some(hits)
        };
        let spoken = mail.language.is_none_or(|language| self.languages.contains(&language));
        is_sender(Side::Only) == Some(false)
            || is_sender(Side::Except) == Some(true)
            || to(Side::Only) == Some(0)
            || to(Side::Except).is_some_and(|hits| hits > 0 && hits == mail.to.len())
            || !self.languages.is_empty() && !spoken
    }
}

fn domain(pattern: &str) -> Option<&str> {
    let domain = pattern.strip_prefix("*@")?;
    (!domain.is_empty() && !domain.contains(['*', '?', '@'])).then_some(domain)
}
