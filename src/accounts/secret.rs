//! Something that opens: 256 random bits, shown once, kept as a digest.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

use super::AccountError;

/// Octets of a secret.
const OCTETS: usize = 32;

/// The id of a session or of a link. Has no `Debug` on purpose.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub(super) fn new() -> Result<Secret, AccountError> {
        let mut octets = [0; OCTETS];
        getrandom::fill(&mut octets).map_err(|_| AccountError::NoRandomness)?;
        Ok(Secret(BASE64URL_NOPAD.encode(&octets)))
    }

    /// One that somebody brings; `None` where it cannot be one of ours.
    pub fn brought(text: &str) -> Option<Secret> {
        let octets = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (octets.len() == OCTETS).then(|| Secret(text.to_owned()))
    }

    /// As it stands in a cookie or a link.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it. It has 256 bits, so that a plain hash cannot be turned round.
    pub(super) fn digest(&self) -> String {
        digest("secret", &self.0)
    }

    /// Another secret that only this one gives: the forms' token of a session.
    pub fn derived(&self, purpose: &str) -> String {
        digest(purpose, &self.0)
    }
}

/// SHA-256 over purpose and text, hexadecimal.
pub(super) fn digest(purpose: &str, text: &str) -> String {
    let mut hash = Sha256::new_with_prefix(b"callfirst account 1\n");
    hash.update((purpose.len() as u64).to_be_bytes());
    hash.update(purpose);
    hash.update(text);
    HEXLOWER.encode(&hash.finalize())
}
