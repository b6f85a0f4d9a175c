//! A signed token (RFC 7515, compact): taken apart here, believed only once its signature is checked.

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

use super::keys::{Algorithm, Keys};

/// No token is longer.
const MAX_OCTETS: usize = 64 << 10;

/// A token whose signature was not looked at yet.
pub(super) struct Signed<'t> {
    pub(super) algorithm: Algorithm,
    pub(super) key: Option<String>,
    text: &'t str,
    payload: &'t str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    #[serde(default)]
    crit: Vec<String>,
}

impl<'t> Signed<'t> {
    /// Takes it apart; `None` where it does not read, or is signed in a way that we do not take.
    pub(super) fn read(token: &'t str) -> Option<Signed<'t>> {
        if token.len() > MAX_OCTETS {
            return None;
        }
        let (text, signature) = token.rsplit_once('.')?;
        let (header, payload) = text.split_once('.')?;
        let header = BASE64URL_NOPAD.decode(header.as_bytes()).ok()?;
        let header: Header = serde_json::from_slice(&header).ok()?;
        if !header.crit.is_empty() {
            return None;
        }
        Some(Signed {
            algorithm: Algorithm::from_text(&header.alg)?,
            key: header.kid,
            text,
            payload,
            signature: BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?,
        })
    }

    /// What it says, if one of these keys signed it.
    pub(super) fn payload(&self, keys: &Keys) -> Option<Vec<u8>> {
        let how = (self.algorithm, self.key.as_deref());
        let good = keys.signed(how, self.text.as_bytes(), &self.signature);
        good.then(|| BASE64URL_NOPAD.decode(self.payload.as_bytes()).ok()).flatten()
    }
}
