//! How the next hop is reached, with the defaults and their reasons.

use std::{path::PathBuf, time::Duration};

use super::BadSettings;

/// The next hop as configured.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `host:port`; the name is resolved at every connect.
    pub address: String,
    /// What we say in EHLO.
    pub helo_name: String,
    /// Whether the session is encrypted.
    pub tls: Tls,
    /// Sign-in, if the next hop wants it.
    pub auth: Option<Auth>,
    /// How long we wait for what.
    pub limits: TimeLimits,
    /// How many sessions are kept open while nobody needs them.
    pub pool_size: usize,
    /// How long a session nobody needs is kept. Shorter than the idle limit of common servers
    /// (Postfix closes after 300 s, after 10 s under load).
    pub pool_idle: Duration,
    /// How many sessions are in use at once.
    pub max_sessions: usize,
}

impl Settings {
    /// A next hop at this address, in clear, with the default limits.
    pub fn new(address: impl Into<String>, helo_name: impl Into<String>) -> Settings {
        Settings {
            address: address.into(),
            helo_name: helo_name.into(),
            tls: Tls::Off,
            auth: None,
            limits: TimeLimits::default(),
            pool_size: 20,
            pool_idle: Duration::from_secs(30),
            max_sessions: 1000,
        }
    }

    /// Host and port apart, or what is wrong with the settings.
    pub(super) fn checked(&self) -> Result<(String, u16), BadSettings> {
        let bad_address = || BadSettings::Address(self.address.clone());
        let (host, port) = self.address.rsplit_once(':').ok_or_else(bad_address)?;
        let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(bad_address)?;
        let host = match bare {
            Some(literal) => literal,
            None if host.contains(':') => return Err(bad_address()),
            None => host,
        };
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(bad_address());
        }
        let word = |c: char| c.is_ascii_graphic();
        if self.helo_name.is_empty() || !self.helo_name.chars().all(word) {
            return Err(BadSettings::HeloName(self.helo_name.clone()));
        }
        if self.max_sessions == 0 {
            return Err(BadSettings::Zero("the number of sessions to the next hop"));
        }
        if self.auth.is_some() && !matches!(self.tls, Tls::Required { .. }) {
            return Err(BadSettings::AuthWithoutTls);
        }
        Ok((host.to_owned(), port))
    }
}

/// Whether the session with the next hop is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// In clear: the next hop is on this machine or on a network that is safe by itself.
    Off,
    /// Encrypted where offered, whoever it is: against listeners, not against impostors
    /// (RFC 7435). If the handshake fails, there is no session.
    Opportunistic,
    /// Encrypted and proven, or there is no session.
    Required {
        /// The authorities to trust; `None` means those of the system.
        ca_file: Option<PathBuf>,
        /// The name in the certificate; `None` means the host of the address.
        server_name: Option<String>,
    },
}

/// Sign-in by PLAIN or LOGIN, whichever is offered first in this order.
#[derive(Debug, Clone)]
pub struct Auth {
    /// Whom we sign in as.
    pub user: String,
    /// A file whose first line is the secret; read at every sign-in, so that it can be changed.
    pub secret_file: PathBuf,
}

/// How long we wait. RFC 5321 §4.5.3.2 gives a server minutes; the next hop is ours and near,
/// and our own client waits for us meanwhile.
#[derive(Debug, Clone)]
pub struct TimeLimits {
    /// To resolve, connect and for TLS; also for a free session.
    pub connect: Duration,
    /// For the greeting and for each reply but the last.
    pub command: Duration,
    /// For each piece of content to leave.
    pub data: Duration,
    /// For the reply to the end of data: the server stores the mail meanwhile. Giving up early
    /// makes duplicates (RFC 1047), hence ten minutes.
    pub dot: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        TimeLimits {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(60),
            data: Duration::from_secs(180),
            dot: Duration::from_secs(600),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_host_and_port() {
        let checked = |address: &str| Settings::new(address, "us.example").checked().ok();
        assert_eq!(checked("127.0.0.1:25"), Some(("127.0.0.1".into(), 25)));
        assert_eq!(checked("[::1]:10026"), Some(("::1".into(), 10026)));
        assert_eq!(checked("hop.example:25"), Some(("hop.example".into(), 25)));
        for bad in ["", "hop", "hop:", ":25", "hop:0", "hop:65536", "::1:25", "a b:25"] {
            assert_eq!(checked(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_secret_never_goes_out_in_clear() {
        let mut settings = Settings::new("hop.example:587", "us.example");
        settings.auth = Some(Auth { user: "u".into(), secret_file: "secret".into() });
        for tls in [Tls::Off, Tls::Opportunistic] {
            settings.tls = tls;
            assert!(matches!(settings.checked(), Err(BadSettings::AuthWithoutTls)));
        }
        settings.tls = Tls::Required { ca_file: None, server_name: None };
        assert!(settings.checked().is_ok());
    }

    #[test]
    fn a_name_for_ehlo_is_one_word() {
        for bad in ["", "a b", "a\r\nMAIL", "é"] {
            assert!(Settings::new("h:25", bad).checked().is_err(), "{bad:?}");
        }
    }
}
