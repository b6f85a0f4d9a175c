//! Signs in at the next hop: AUTH PLAIN, or LOGIN where only that is offered.
//!
//! Only ever inside required TLS ([`Settings`](super::Settings) refuses anything else). The
//! secret is read from its file each time and never kept, printed or logged.
//!
//! RFC 4954, RFC 4616.

use std::{io, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Auth, RelayError, connection::Connection};
use crate::wire::smtp::Capabilities;

pub(super) async fn sign_in(
    connection: &mut Connection,
    auth: &Auth,
    offered: &Capabilities,
    limit: Duration,
) -> Result<(), RelayError> {
    let secret = tokio::fs::read(&auth.secret_file).await.map_err(|e| failed(Some(e)))?;
    let secret = secret.split(|octet| matches!(octet, b'\r' | b'\n')).next().unwrap_or_default();
    let mechanisms = offered.arguments("AUTH").unwrap_or_default();
    let has = |name: &str| mechanisms.split_whitespace().any(|m| m.eq_ignore_ascii_case(name));
    let reply = if has("PLAIN") {
        let identity = [b"\0", auth.user.as_bytes(), b"\0", secret].concat();
        connection.ask(&line("AUTH PLAIN ", &identity), limit).await?
    } else if has("LOGIN") {
        for step in [b"AUTH LOGIN\r\n".to_vec(), line("", auth.user.as_bytes())] {
            if connection.ask(&step, limit).await?.code() != 334 {
                return Err(failed(None));
            }
        }
        connection.ask(&line("", secret), limit).await?
    } else {
        return Err(failed(Some(io::Error::other("the next hop offers neither PLAIN nor LOGIN"))));
    };
    if reply.is_positive() { Ok(()) } else { Err(failed(None)) }
}

fn line(verb: &str, octets: &[u8]) -> Vec<u8> {
    format!("{verb}{}\r\n", STANDARD.encode(octets)).into_bytes()
}

fn failed(source: Option<io::Error>) -> RelayError {
    RelayError::Connect { step: "AUTH", source }
}
