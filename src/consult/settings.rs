//! What a second reader is built from.

use std::{path::PathBuf, time::Duration};

use crate::{http::Endpoint, reach::Limits};

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
    /// How much may be asked.
    pub limits: Limits,
}
