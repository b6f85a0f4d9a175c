//! Opens a session: connection, greeting, EHLO, TLS, sign-in.
//!
//! RFC 5321 §3.1, §3.2, §4.1.1.1; RFC 3207.

use std::{sync::Arc, time::Instant};

use tokio::{net::TcpStream, runtime, time::timeout};

use super::{
    RelayError, Session, Settings, auth::sign_in, connection::Connection, tls::Encryption,
};
use crate::{telemetry, wire::smtp::Capabilities};

impl Session {
    /// Connects, greets, encrypts and signs in.
    pub(super) async fn open(
        settings: Arc<Settings>,
        address: &(String, u16),
        encryption: &Encryption,
    ) -> Result<Session, RelayError> {
        let began = Instant::now();
        let mut connection = connect(&settings, address).await?;
        let limit = settings.limits.command;
        let greeting = connection.reply(limit).await.map_err(|e| at_step("greeting", e))?;
        if !greeting.is_positive() {
            return Err(RelayError::turned_away("greeting", &greeting));
        }
        let mut capabilities = hello(&mut connection, &settings).await?;
        let encrypted = match encryption {
            Encryption::Always(..) => true,
            Encryption::IfOffered(..) => capabilities.has("STARTTLS"),
            Encryption::Off => false,
        };
        if encrypted {
            connection = encrypt(connection, &settings, encryption).await?;
            capabilities = hello(&mut connection, &settings).await?;
        }
        if let Some(auth) = &settings.auth {
            sign_in(&mut connection, auth, &capabilities, limit).await?;
        }
        telemetry::relay::session_opened(&settings.address, encrypted, began.elapsed());
        Ok(Session {
            connection,
            settings,
            capabilities: Arc::new(capabilities),
            permit: None,
            usable: true,
            needs_reset: false,
            pooled: false,
            home: home(),
        })
    }
}

/// The runtime we are in.
pub(super) fn home() -> Option<runtime::Id> {
    runtime::Handle::try_current().ok().map(|handle| handle.id())
}

fn at_step(step: &'static str, error: RelayError) -> RelayError {
    match error {
        RelayError::Closed { .. } => RelayError::Connect { step, source: None },
        other => other,
    }
}

async fn connect(
    settings: &Settings,
    (host, port): &(String, u16),
) -> Result<Connection, RelayError> {
    let step = "connect";
    let connecting = TcpStream::connect((host.as_str(), *port));
    match timeout(settings.limits.connect, connecting).await {
        Ok(Ok(stream)) => {
            // Commands are small and each waits for its reply: Nagle would only delay them.
            let set = stream.set_nodelay(true);
            set.map_err(|e| RelayError::Connect { step, source: Some(e) })?;
            Ok(Connection::new(Box::new(stream)))
        }
        Ok(Err(e)) => Err(RelayError::Connect { step, source: Some(e) }),
        Err(_) => Err(RelayError::TimedOut { after_dot: false }),
    }
}

/// EHLO; HELO for a server that does not know it.
async fn hello(
    connection: &mut Connection,
    settings: &Settings,
) -> Result<Capabilities, RelayError> {
    let limit = settings.limits.command;
    let ehlo = format!("EHLO {}\r\n", settings.helo_name);
    let reply = connection.ask(ehlo.as_bytes(), limit).await.map_err(|e| at_step("EHLO", e))?;
    if reply.is_positive() {
        let keywords = reply.text().iter().skip(1).map(String::as_str);
        return Ok(Capabilities::from_lines(keywords));
    }
    if reply.is_permanent() {
        let helo = format!("HELO {}\r\n", settings.helo_name);
        let reply = connection.ask(helo.as_bytes(), limit).await.map_err(|e| at_step("HELO", e))?;
        if reply.is_positive() {
            return Ok(Capabilities::default());
        }
    }
    Err(RelayError::turned_away("EHLO", &reply))
}

async fn encrypt(
    mut connection: Connection,
    settings: &Settings,
    encryption: &Encryption,
) -> Result<Connection, RelayError> {
    let step = "STARTTLS";
    let (connector, name) = match encryption {
        Encryption::IfOffered(connector, name) | Encryption::Always(connector, name) => {
            (connector, name)
        }
        Encryption::Off => return Ok(connection),
    };
    let reply = connection.ask(b"STARTTLS\r\n", settings.limits.command).await?;
    if reply.code() != 220 {
        return Err(RelayError::turned_away(step, &reply));
    }
    let handshake = connector.connect(name.clone(), connection.into_clear_stream()?);
    match timeout(settings.limits.connect, handshake).await {
        Ok(Ok(stream)) => Ok(Connection::new(Box::new(stream))),
        Ok(Err(e)) => Err(RelayError::Connect { step, source: Some(e) }),
        Err(_) => Err(RelayError::TimedOut { after_dot: false }),
    }
}
