//! Why there is no answer, and why there is no client.

use std::{io, path::PathBuf};

use crate::trust::BadAuthorities;

/// Which limit kept us from asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// As many questions are in flight as may be.
    Busy,
    /// The requests of this minute or day are used up.
    OverBudget,
    /// It failed lately, and is left alone for a while.
    Resting,
}

impl Refusal {
    /// One word, for metrics and logs.
    pub fn word(self) -> &'static str {
        match self {
            Refusal::Busy => "busy",
            Refusal::OverBudget => "over_budget",
            Refusal::Resting => "resting",
        }
    }
}

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

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// Cannot be read.
    #[error("cannot read {path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read the key.
    #[error("the key file {0} may be read by others; `chmod 600` it")]
    Open(PathBuf),
    /// Not one line of visible characters.
    #[error("the key file {0} does not hold one key on one line")]
    Key(PathBuf),
    /// Not the name of a header field.
    #[error("{0:?} cannot be the name of a header field")]
    Field(String),
    /// The host's name cannot stand in a certificate.
    #[error("{0:?} is no server name")]
    Name(String),
    /// Neither the system nor `ca_file` has any.
    #[error("there are no certificate authorities; name a `ca_file`")]
    NoAuthorities,
    /// The file of authorities is not in order.
    #[error("cannot use `ca_file`")]
    Authorities(#[from] BadAuthorities),
}
