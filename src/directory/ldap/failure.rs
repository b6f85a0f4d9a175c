//! Why the directory gave no answer.

use crate::reach::Unreached;

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// No address, or nobody there.
    Unreachable,
    /// The name stands for another machine, and clear text may not go there.
    Public,
    /// No TLS, or a certificate that does not check out.
    Tls,
    /// It closed the connection, or spoke something that is not LDAP.
    Broken,
    /// More octets than an answer has.
    TooLarge,
    /// A result code that is no success (RFC 4511 Appendix A).
    Result(u32),
}

impl Failure {
    /// One word, for metrics and logs; the same as for the customer system where it means the same.
    pub(super) fn word(self) -> &'static str {
        match self {
            Failure::Unreachable => "unreachable",
            Failure::Public => "public_address",
            Failure::Tls => "tls",
            Failure::Broken => "broken",
            Failure::TooLarge => "too_large",
            // It wants another way of saying who we are, or does not let this one read.
            Failure::Result(7 | 8 | 13 | 48 | 49 | 50 | 53) => "not_allowed",
            Failure::Result(10) => "referred",
            // Its own limits, its own trouble.
            Failure::Result(1 | 3 | 11 | 51 | 52 | 80) => "server_error",
            // There is no such base, no such attribute, or the filter does not fit them.
            Failure::Result(_) => "client_error",
        }
    }
}

impl From<Unreached> for Failure {
    fn from(why: Unreached) -> Failure {
        match why {
            Unreached::Nobody => Failure::Unreachable,
            Unreached::Beyond(_) => Failure::Public,
            Unreached::Tls => Failure::Tls,
        }
    }
}
