//! Why a receiver did not hear, and why there is none.

use std::{io, path::PathBuf};

use crate::{http, reach};

/// Why it did not hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deaf {
    /// It may hear later; in one word why not now.
    Later(&'static str),
    /// It will not take this one.
    Refused(u16),
}

impl Deaf {
    /// One word, for metrics and logs.
    pub fn word(self) -> &'static str {
        match self {
            Deaf::Later(why) => why,
            Deaf::Refused(_) => "refused",
        }
    }
}

/// Why there is no receiver.
#[derive(Debug, thiserror::Error)]
pub enum BadReceiver {
    /// Address, key or certificates are not in order.
    #[error(transparent)]
    Http(#[from] http::BadSettings),
    /// Name or certificates are not in order.
    #[error(transparent)]
    Reach(#[from] reach::BadSettings),
    /// Cannot be read.
    #[error("cannot read {path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read the secret.
    #[error("the secret file {0} may be read by others; `chmod 600` it")]
    Open(PathBuf),
    /// Not a secret as Standard Webhooks has it.
    #[error(
        "{0} holds no secret: one or two lines, each `whsec_` and 24 to 64 octets in base64 (openssl rand -base64 32)"
    )]
    Secret(PathBuf),
}
