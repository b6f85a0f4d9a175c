//! What a second reader is built from, and what can be wrong with it.

use std::{io, path::PathBuf, time::Duration};

use super::Endpoint;
use crate::trust::BadAuthorities;

/// Where it is, and what it may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where it is asked.
    pub endpoint: Endpoint,
    /// The model's name, as the server knows it.
    pub model: String,
    /// The file with the server's key; without it none is sent.
    pub key_file: Option<PathBuf>,
    /// Certificate authorities beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// Whether clear text may go to an address that is not private.
    pub plain_http: bool,
    /// From the connection to the last octet of the answer.
    pub timeout: Duration,
    /// Questions at a time.
    pub at_once: usize,
    /// Requests a minute.
    pub per_minute: u32,
    /// Requests a day.
    pub per_day: u32,
}

/// Why there is no second reader.
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
