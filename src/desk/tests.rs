//! What the door lets in, whoever comes by whatever way.

mod doors;
mod log_in;
mod people;
#[cfg(feature = "oidc")]
mod provider;
