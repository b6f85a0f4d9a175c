//! An address as a person may trust his eyes with it.

use crate::message::Address;

/// The most characters that are shown of a name or an address.
const MAX_CHARS: usize = 200;

/// A name and the address beside it; never a name alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownAddress {
    /// The display name; may be empty.
    pub name: String,
    /// The address as written.
    pub address: String,
    /// Its domain as the network knows it, where that reads otherwise: letters of other scripts look
    /// alike.
    pub ascii_domain: Option<String>,
}

/// An address to show.
pub fn shown(address: &Address) -> ShownAddress {
    let domain = address.address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let ascii = if domain.is_ascii() { None } else { idna::domain_to_ascii(domain).ok() };
    ShownAddress {
        name: cut(&address.name),
        address: cut(&address.address),
        ascii_domain: ascii.map(|domain| cut(&domain)),
    }
}

/// The beginning of what is long.
pub(super) fn cut(text: &str) -> String {
    cut_at(text, MAX_CHARS)
}

/// At most so many characters.
pub(super) fn cut_at(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_that_only_looks_like_another_is_shown_as_the_network_knows_it() {
        let address = |a: &str| Address { name: "Bank".into(), address: a.into() };
        assert_eq!(shown(&address("a@bank.example")).ascii_domain, None);
        let fake = shown(&address("a@bаnk.example"));
        assert_eq!(fake.ascii_domain.as_deref(), Some("xn--bnk-6cd.example"));
        assert_eq!(shown(&address("no address")).ascii_domain, None);
        assert!(shown(&address(&"x".repeat(9_000))).address.chars().count() <= MAX_CHARS + 1);
    }
}
