//! What a browser must bring back: random values that tie the answer to it.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

/// Octets of each random value.
const OCTETS: usize = 32;

/// A log-in that has begun. It travels in a cookie of the browser that began it.
#[derive(Clone, PartialEq, Eq)]
pub struct Begun {
    /// Comes back in the address.
    pub state: String,
    /// Stands in the token.
    pub(super) nonce: String,
    /// Only whoever has it may use the code.
    pub(super) verifier: String,
}

impl Begun {
    /// With new random values; `None` where the machine gives none.
    pub(super) fn new() -> Option<Begun> {
        let random = || {
            let mut octets = [0; OCTETS];
            getrandom::fill(&mut octets).ok()?;
            Some(BASE64URL_NOPAD.encode(&octets))
        };
        Some(Begun { state: random()?, nonce: random()?, verifier: random()? })
    }

    /// As it stands in a cookie.
    pub fn in_cookie(&self) -> String {
        format!("{}.{}.{}", self.state, self.nonce, self.verifier)
    }

    /// From a cookie; `None` where it is none of ours.
    pub fn from_cookie(text: &str) -> Option<Begun> {
        let good = |part: &str| BASE64URL_NOPAD.decode_len(part.len()) == Ok(OCTETS);
        let mut parts = text.split('.').filter(|part| good(part)).map(str::to_owned);
        let begun = Begun { state: parts.next()?, nonce: parts.next()?, verifier: parts.next()? };
        (text == begun.in_cookie()).then_some(begun)
    }

    /// The challenge of PKCE (RFC 7636 §4.2).
    pub(super) fn challenge(&self) -> String {
        BASE64URL_NOPAD.encode(&Sha256::digest(self.verifier.as_bytes()))
    }
}
