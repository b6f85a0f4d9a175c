//! Where a transaction came from: what the trace field and the audit need.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// The protocol word of the Received field (RFC 3848, RFC 6531 §4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protocol {
    /// HELO.
    Smtp,
    /// EHLO.
    Esmtp,
    /// EHLO under TLS.
    Esmtps,
    /// LHLO.
    Lmtp,
    /// LHLO under TLS.
    Lmtps,
}

/// The attributes of one XFORWARD, decoded and as written (Postfix XFORWARD_README).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Xforward {
    /// Attribute name in upper case and value in xtext, in the order received.
    pub attributes: Vec<(String, String)>,
}

impl Xforward {
    /// The value of an attribute, as written; `None` where it is absent or `[UNAVAILABLE]`.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().rev().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, v)| v.as_str()).filter(|v| !v.eq_ignore_ascii_case("[UNAVAILABLE]"))
    }
}

/// Who handed us a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The session it came in, as logged.
    pub session_id: String,
    /// The transaction, as logged and as the `id` of the Received field.
    pub transaction_id: String,
    /// The peer's address.
    pub client: IpAddr,
    /// What it said in HELO, EHLO or LHLO; printable.
    pub helo: String,
    /// How it spoke.
    pub protocol: Protocol,
    /// What a trusted peer told about its own client.
    pub xforward: Xforward,
}
