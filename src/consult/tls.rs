//! TLS towards a second reader: the system's authorities, and those of a file.

use std::{path::Path, sync::Arc};

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::TlsConnector;

use super::BadSettings;

/// A connector and the name that its certificate must have.
#[derive(Clone)]
pub(super) struct Tls {
    pub(super) connector: TlsConnector,
    pub(super) name: ServerName<'static>,
}

impl Tls {
    /// Reads the authorities.
    pub(super) fn new(host: &str, ca_file: Option<&Path>) -> Result<Tls, BadSettings> {
        let bad = |why: String| BadSettings::Tls(why);
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| bad(format!("{host:?} is no server name")))?;
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = ca_file {
            add(&mut roots, path)?;
        }
        if roots.is_empty() {
            return Err(bad("there are no certificate authorities; name a `ca_file`".to_owned()));
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| bad(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Tls { connector: TlsConnector::from(Arc::new(config)), name })
    }
}

fn add(roots: &mut RootCertStore, path: &Path) -> Result<(), BadSettings> {
    let pem = std::fs::read(path)
        .map_err(|source| BadSettings::File { path: path.to_owned(), source })?;
    let bad = |why: String| BadSettings::Tls(format!("{}: {why}", path.display()));
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| bad(error.to_string()))?;
        roots.add(certificate).map_err(|error| bad(error.to_string()))?;
        found = true;
    }
    if found { Ok(()) } else { Err(bad("holds no certificate".to_owned())) }
}
