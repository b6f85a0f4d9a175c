//! Whose certificates are believed: those of the system's authorities, of a file, or of both.

mod expiry;

pub use expiry::ends_at;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier, crypto::ring};
use rustls_pki_types::{CertificateDer, pem::PemObject};

/// Why nobody can be believed.
#[derive(Debug, thiserror::Error)]
pub enum BadAuthorities {
    /// The file cannot be read.
    #[error("cannot read {path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds none, or this library refuses them.
    #[error("{0}")]
    Content(String),
}

/// The system's authorities; there may be none.
pub fn of_system() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Adds the authorities of a PEM file, at least one.
pub fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), BadAuthorities> {
    let pem = std::fs::read(path)
        .map_err(|source| BadAuthorities::File { path: path.to_owned(), source })?;
    let bad = |why: String| BadAuthorities::Content(format!("{}: {why}", path.display()));
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| bad(error.to_string()))?;
        roots.add(certificate).map_err(|error| bad(error.to_string()))?;
        found = true;
    }
    if found { Ok(()) } else { Err(bad("holds no certificate".to_owned())) }
}

/// A client's side of TLS, with the one provider that we have.
pub fn client() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, BadAuthorities> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| BadAuthorities::Content(error.to_string()))
}
