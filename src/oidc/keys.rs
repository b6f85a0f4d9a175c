//! The provider's keys (RFC 7517), and whether one of them signed something.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde::Deserialize;

/// No provider has more keys at once.
const MAX_KEYS: usize = 64;

/// How something is signed. What is not here is refused: `none`, and whatever needs a shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rs256,
    Ps256,
    Es256,
    Es384,
    EdDsa,
}

impl Algorithm {
    pub(super) fn from_text(text: &str) -> Option<Algorithm> {
        match text {
            "RS256" => Some(Algorithm::Rs256),
            "PS256" => Some(Algorithm::Ps256),
            "ES256" => Some(Algorithm::Es256),
            "ES384" => Some(Algorithm::Es384),
            "EdDSA" => Some(Algorithm::EdDsa),
            _ => None,
        }
    }
}

/// The keys, as the provider tells them.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Keys {
    keys: Vec<Key>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: String,
    n: String,
    e: String,
    x: String,
    y: String,
}

impl Keys {
    /// Whether a key of this id is among them; without an id, whether any is.
    pub(super) fn knows(&self, id: Option<&str>) -> bool {
        self.fitting(id).next().is_some()
    }

    /// Whether one of the keys of this id signed it so.
    pub(super) fn signed(
        &self,
        (algorithm, id): (Algorithm, Option<&str>),
        text: &[u8],
        signature: &[u8],
    ) -> bool {
        self.fitting(id).any(|key| key.signed(algorithm, text, signature))
    }

    fn fitting(&self, id: Option<&str>) -> impl Iterator<Item = &Key> {
        let signs = |key: &&Key| key.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
        let is_it = move |key: &&Key| id.is_none() || key.kid.as_deref() == id;
        self.keys.iter().take(MAX_KEYS).filter(signs).filter(is_it)
    }
}

impl Key {
    /// The key's own kind must fit: an RSA key does not check what says it is ECDSA.
    fn signed(&self, algorithm: Algorithm, text: &[u8], signature: &[u8]) -> bool {
        let fits = match (algorithm, self.kty.as_str(), self.crv.as_str()) {
            (Algorithm::Rs256, "RSA", _) => self.rsa(&RSA_PKCS1_2048_8192_SHA256, text, signature),
            (Algorithm::Ps256, "RSA", _) => self.rsa(&RSA_PSS_2048_8192_SHA256, text, signature),
            (Algorithm::Es256, "EC", "P-256") => self.ec(&ECDSA_P256_SHA256_FIXED, text, signature),
            (Algorithm::Es384, "EC", "P-384") => self.ec(&ECDSA_P384_SHA384_FIXED, text, signature),
            (Algorithm::EdDsa, "OKP", "Ed25519") => octets(&self.x)
                .and_then(|x| UnparsedPublicKey::new(&ED25519, x).verify(text, signature).ok()),
            _ => None,
        };
        fits.is_some()
    }

    fn rsa(&self, how: &'static RsaParameters, text: &[u8], signature: &[u8]) -> Option<()> {
        let (n, e) = (octets(&self.n)?, octets(&self.e)?);
        RsaPublicKeyComponents { n, e }.verify(how, text, signature).ok()
    }

    fn ec(
        &self,
        how: &'static dyn VerificationAlgorithm,
        text: &[u8],
        signature: &[u8],
    ) -> Option<()> {
        // A point that is not compressed (SEC 1 §2.3.3).
        let point = [vec![4], octets(&self.x)?, octets(&self.y)?].concat();
        UnparsedPublicKey::new(how, point).verify(text, signature).ok()
    }
}

fn octets(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}
