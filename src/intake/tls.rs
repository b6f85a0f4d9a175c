//! The certificate that STARTTLS shows, read from files and read again on reload.
//!
//! A pair that does not load never replaces one that works. Sessions under TLS keep what they
//! began with.

use std::{path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use rustls::{ServerConfig, crypto::ring, server::ServerConfig as Config};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio_rustls::TlsAcceptor;

use crate::telemetry::smtp as telemetry;

/// Where certificate and key lie.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificate and its intermediates, PEM, leaf first.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file could not be read as PEM.
    #[error("{} cannot be read as PEM: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// The cause.
        source: rustls_pki_types::pem::Error,
    },
    /// The file holds no certificate.
    #[error("{} holds no certificate", .0.display())]
    NoCertificate(PathBuf),
    /// Certificate and key do not go together, or rustls does not take them.
    #[error("certificate and key are not accepted: {0}")]
    Pair(#[from] rustls::Error),
}

/// A certificate in use.
pub struct Tls {
    files: TlsFiles,
    config: ArcSwap<ServerConfig>,
}

impl Tls {
    /// Reads both files.
    pub fn load(files: TlsFiles) -> Result<Tls, TlsError> {
        let config = ArcSwap::new(read(&files)?);
        Ok(Tls { files, config })
    }

    /// Reads both files again. On an error the old pair stays.
    pub fn reload(&self) -> Result<(), TlsError> {
        match read(&self.files) {
            Ok(config) => {
                self.config.store(config);
                telemetry::tls_reloaded(Ok(()));
                Ok(())
            }
            Err(cause) => {
                telemetry::tls_reloaded(Err(&cause));
                Err(cause)
            }
        }
    }

    /// What takes the next handshake.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config.load_full())
    }
}

fn read(files: &TlsFiles) -> Result<Arc<ServerConfig>, TlsError> {
    let at = |path: &PathBuf| {
        let path = path.clone();
        move |source| TlsError::File { path, source }
    };
    let certificates: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(&files.certificate)
            .and_then(Iterator::collect)
            .map_err(at(&files.certificate))?;
    if certificates.is_empty() {
        return Err(TlsError::NoCertificate(files.certificate.clone()));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(at(&files.key))?;
    // Named here and not taken from the process: two providers in one program make rustls panic.
    let config = Config::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write_pair(files: &TlsFiles) {
        let pair = rcgen::generate_simple_self_signed(vec!["relay.example".to_owned()])
            .expect("a certificate");
        fs::write(&files.certificate, pair.cert.pem()).expect("written");
        fs::write(&files.key, pair.signing_key.serialize_pem()).expect("written");
    }

    #[test]
    fn a_bad_pair_never_replaces_a_good_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = TlsFiles {
            certificate: folder.path().join("cert.pem"),
            key: folder.path().join("key.pem"),
        };
        assert!(matches!(Tls::load(files.clone()), Err(TlsError::File { .. })));
        write_pair(&files);
        let tls = Tls::load(files.clone()).expect("a pair");
        let before = tls.config.load_full();
        fs::write(&files.certificate, "").expect("written");
        assert!(matches!(tls.reload(), Err(TlsError::NoCertificate(_))));
        assert!(Arc::ptr_eq(&before, &tls.config.load_full()));
        write_pair(&files);
        tls.reload().expect("a new pair");
        assert!(!Arc::ptr_eq(&before, &tls.config.load_full()));
    }
}
