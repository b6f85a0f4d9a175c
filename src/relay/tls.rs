//! TLS towards the next hop.
//!
//! RFC 3207; RFC 7435 for encryption without proof; certificates by `rustls` with `ring`.

use std::sync::Arc;

use rustls::{
    DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::TlsConnector;

use super::{BadSettings, Tls};
use crate::trust;

/// What the settings came to, once files were read and names parsed.
#[derive(Clone)]
pub(super) enum Encryption {
    Off,
    IfOffered(TlsConnector, ServerName<'static>),
    Always(TlsConnector, ServerName<'static>),
}

impl Encryption {
    /// Reads the CA file; the system's authorities if there is none.
    pub(super) fn prepare(tls: &Tls, host: &str) -> Result<Encryption, BadSettings> {
        match tls {
            Tls::Off => Ok(Encryption::Off),
            Tls::Opportunistic => {
                let name = parse_name(host)?;
                Ok(Encryption::IfOffered(unproven()?, name))
            }
            Tls::Required { ca_file, server_name } => {
                let name = parse_name(server_name.as_deref().unwrap_or(host))?;
                let roots = match ca_file {
                    Some(path) => {
                        let mut roots = RootCertStore::empty();
                        trust::add_file(&mut roots, path)?;
                        roots
                    }
                    None => system_roots()?,
                };
                let config = trust::client()?.with_root_certificates(roots).with_no_client_auth();
                Ok(Encryption::Always(TlsConnector::from(Arc::new(config)), name))
            }
        }
    }
}

fn parse_name(name: &str) -> Result<ServerName<'static>, BadSettings> {
    ServerName::try_from(name.to_owned())
        .map_err(|_| BadSettings::Tls(format!("{name:?} is no server name")))
}

fn system_roots() -> Result<RootCertStore, BadSettings> {
    let roots = trust::of_system();
    if roots.is_empty() {
        return Err(BadSettings::Tls("this system has no certificate authorities".to_owned()));
    }
    Ok(roots)
}

fn unproven() -> Result<TlsConnector, BadSettings> {
    let verifier = Arc::new(AnyCertificate(ring::default_provider()));
    let config = trust::client()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Takes any certificate whose key signs the handshake: opportunistic TLS keeps listeners out
/// and proves nothing (RFC 7435 §3).
#[derive(Debug)]
struct AnyCertificate(CryptoProvider);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
