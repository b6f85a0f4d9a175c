//! TLS towards a service: the system's authorities, and those of a file.

use std::{path::Path, sync::Arc};

use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{BadSettings, Unreached};
use crate::trust;

/// A connector and the name that its certificate must have.
#[derive(Clone)]
pub struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    /// Reads the authorities.
    pub fn new(host: &str, ca_file: Option<&Path>) -> Result<Tls, BadSettings> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| BadSettings::Name(host.to_owned()))?;
        let mut roots = trust::of_system();
        if let Some(path) = ca_file {
            trust::add_file(&mut roots, path)?;
        }
        if roots.is_empty() {
            return Err(BadSettings::NoAuthorities);
        }
        let config = trust::client()?.with_root_certificates(roots).with_no_client_auth();
        Ok(Tls { connector: TlsConnector::from(Arc::new(config)), name })
    }

    /// TLS on a connection, with a certificate that checks out.
    pub async fn over<S>(&self, stream: S) -> Result<TlsStream<S>, Unreached>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.connector.connect(self.name.clone(), stream).await.map_err(|_| Unreached::Tls)
    }
}
