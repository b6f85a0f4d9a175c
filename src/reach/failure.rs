//! Why nothing is asked, why nobody is there, and why there is no client.

use std::{io, path::PathBuf};

use super::Whither;
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

/// Why there is no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// No address, or nobody there.
    Nobody,
    /// The name stands for none of these addresses.
    Beyond(Whither),
    /// No TLS, or a certificate that does not check out.
    Tls,
}

/// Why a service cannot be asked with these settings.
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
    /// Others may read the secret.
    #[error("the {name} file {path} may be read by others; `chmod 600` it")]
    Open {
        /// What it holds: a key, a password.
        name: &'static str,
        /// Which file.
        path: PathBuf,
    },
    /// Not one line of visible characters.
    #[error("the {name} file {path} does not hold one {name} on one line")]
    Secret {
        /// What it should hold.
        name: &'static str,
        /// Which file.
        path: PathBuf,
    },
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
