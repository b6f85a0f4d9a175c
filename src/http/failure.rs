//! Why there is no answer, and why there is no client.

use crate::reach::{self, Unreached, Whither};

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No address, or nobody there.
    Unreachable,
    /// The name stands for a public address, and clear text may not go there.
    Public,
    /// The name stands for an address that this client is not to reach.
    OutOfReach,
    /// No TLS, or a certificate that does not check out.
    Tls,
    /// It closed the connection, or spoke something that is not HTTP.
    Broken,
    /// Not done in time.
    TimedOut,
    /// More octets than an answer has.
    TooLarge,
    /// A status that is no success; redirects are among them.
    Status(u16),
}

impl Failure {
    /// One word, for metrics and logs.
    pub fn word(self) -> &'static str {
        match self {
            Failure::Unreachable => "unreachable",
            Failure::Public => "public_address",
            Failure::OutOfReach => "private_address",
            Failure::Tls => "tls",
            Failure::Broken => "broken",
            Failure::TimedOut => "timed_out",
            Failure::TooLarge => "too_large",
            Failure::Status(401 | 403) => "not_allowed",
            Failure::Status(429) => "rate_limited",
            Failure::Status(400..=499) => "client_error",
            Failure::Status(500..=599) => "server_error",
            Failure::Status(_) => "other_status",
        }
    }
}

impl From<Unreached> for Failure {
    fn from(why: Unreached) -> Failure {
        match why {
            Unreached::Nobody => Failure::Unreachable,
            Unreached::Beyond(Whither::Near) => Failure::Public,
            Unreached::Beyond(_) => Failure::OutOfReach,
            Unreached::Tls => Failure::Tls,
        }
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// Its secret, its name or its certificates are not in order.
    #[error(transparent)]
    Reach(#[from] reach::BadSettings),
    /// Not the name of a header field.
    #[error("{0:?} cannot be the name of a header field")]
    Field(String),
}
