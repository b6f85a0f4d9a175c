//! Our queue id, shown everywhere.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

/// What was given is no id of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hold id: it is 32 hexadecimal digits")]
pub struct BadId;

/// The id of one held message: 32 lower-case hexadecimal digits (a UUID of version 7).
///
/// It names, it does not permit: whoever knows it can do nothing with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HoldId(String);

impl HoldId {
    /// From 16 octets that the caller made unique.
    pub fn from_octets(octets: [u8; 16]) -> HoldId {
        HoldId(HEXLOWER.encode(&octets))
    }

    /// Parses the 32 digits.
    pub fn parse(text: &str) -> Result<HoldId, BadId> {
        let good = text.len() == 32
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        good.then(|| HoldId(text.to_owned())).ok_or(BadId)
    }

    /// The 16 octets that it was made from.
    pub fn to_octets(&self) -> [u8; 16] {
        // Whatever made it looked that it is 32 digits, so that this cannot fail.
        let octets = HEXLOWER.decode(self.0.as_bytes()).unwrap_or_default();
        octets.try_into().unwrap_or_default()
    }

    /// The 32 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for HoldId {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        HoldId::parse(&text)
    }
}

impl From<HoldId> for String {
    fn from(id: HoldId) -> String {
        id.0
    }
}

impl fmt::Display for HoldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
