//! A head with its signature, as it is carried outside: one line of JSON.

use serde::{Deserialize, Serialize};

use super::{Key, PublicKey};
use crate::{hold::AuditHead, mail::Timestamp};

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedHead {
    /// The number of the last entry.
    pub number: u64,
    /// Its digest, hexadecimal.
    pub digest: String,
    /// When it was signed.
    pub at: Timestamp,
    /// By which node.
    pub node: String,
    /// The public key, hexadecimal.
    pub key: String,
    /// Ed25519 over [`SignedHead::text`], hexadecimal.
    pub signature: String,
}

/// Why a head is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untrue {
    /// Signed by somebody else.
    #[error("it is signed with another key")]
    Key,
    /// Not what was signed.
    #[error("its signature does not fit")]
    Signature,
}

impl SignedHead {
    /// Signs a head.
    pub(super) fn sign(key: &Key, head: &AuditHead, node: &str, at: Timestamp) -> SignedHead {
        let mut signed = SignedHead {
            number: head.number,
            digest: head.digest.clone(),
            at: Timestamp::from_second(at.as_second()).unwrap_or(at),
            node: node.to_owned(),
            key: key.public().digits(),
            signature: String::new(),
        };
        signed.signature = key.sign(&signed.text());
        signed
    }

    /// What is signed. The node stands last, so that nothing in it reads as another line.
    pub fn text(&self) -> String {
        let SignedHead { number, digest, at, node, .. } = self;
        format!("callfirst audit head 1\n{number}\n{digest}\n{at}\n{node}\n")
    }

    /// Whether one of these keys signed it.
    pub fn check(&self, keys: &[PublicKey]) -> Result<(), Untrue> {
        let mut known = keys.iter().filter(|key| key.digits() == self.key);
        let key = known.next().ok_or(Untrue::Key)?;
        key.has_signed(&self.text(), &self.signature).then_some(()).ok_or(Untrue::Signature)
    }

    /// The head itself.
    pub fn head(&self) -> AuditHead {
        AuditHead { number: self.number, digest: self.digest.clone() }
    }
}
