//! Where a server is: a URL, taken apart once.

use std::str::FromStr;

use hyper::{Uri, http::uri::Scheme};

use crate::reach::is_near;

/// The ports of the two schemes (RFC 9110 §4.2).
const HTTP_PORT: u16 = 80;
const HTTPS_PORT: u16 = 443;

/// Why a URL will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    /// Neither http nor https, or no host.
    #[error("must be a URL that begins with http:// or https://")]
    NoUrl,
    /// A user or password in front of the host.
    #[error("must hold no user and no password; the key belongs into `key_file`")]
    UserInfo,
}

/// A URL of a server, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name or address, without the brackets of IPv6.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether it is spoken to under TLS.
    pub tls: bool,
    /// As the field `Host` has it.
    pub authority: String,
    /// Path and query.
    pub target: String,
}

impl FromStr for Endpoint {
    type Err = BadEndpoint;

    fn from_str(url: &str) -> Result<Endpoint, BadEndpoint> {
        let uri: Uri = url.trim().parse().map_err(|_| BadEndpoint::NoUrl)?;
        let tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(BadEndpoint::NoUrl),
        };
        let authority = uri.authority().ok_or(BadEndpoint::NoUrl)?;
        if authority.as_str().contains('@') {
            return Err(BadEndpoint::UserInfo);
        }
        let host = authority.host().trim_matches(['[', ']']);
        if host.is_empty() {
            return Err(BadEndpoint::NoUrl);
        }
        Ok(Endpoint {
            host: host.to_owned(),
            port: authority.port_u16().unwrap_or(if tls { HTTPS_PORT } else { HTTP_PORT }),
            tls,
            authority: authority.to_string(),
            target: uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
        })
    }
}

impl Endpoint {
    /// Whether its text would travel in clear to an address that is plainly none of the house's.
    /// What a name stands for is seen when it is connected to.
    pub fn is_plain_and_public(&self) -> bool {
        !self.tls && self.host.parse().is_ok_and(|address| !is_near(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let local: Endpoint = "http://[::1]:8080/v1/chat/completions".parse().unwrap();
        assert_eq!((local.host.as_str(), local.port, local.tls), ("::1", 8080, false));
        assert_eq!(local.authority, "[::1]:8080");
        let far: Endpoint = "https://llm.example/v1/chat/completions?x=1".parse().unwrap();
        assert_eq!((far.port, far.tls), (443, true));
        assert_eq!(far.target, "/v1/chat/completions?x=1");
        for bad in ["llm.example/v1", "ftp://llm.example/", "http://", "", "/v1"] {
            assert_eq!(bad.parse::<Endpoint>(), Err(BadEndpoint::NoUrl), "{bad}");
        }
        assert_eq!("https://u:p@x.example/".parse::<Endpoint>(), Err(BadEndpoint::UserInfo));
    }

    #[test]
    fn clear_text_to_the_world_is_seen() {
        for (url, public) in [
            ("http://127.0.0.1/", false),
            ("http://10.1.2.3:8000/", false),
            ("http://172.32.0.1/", true),
            ("http://[fd00::1]/", false),
            ("http://[::ffff:8.8.8.8]/", true),
            ("http://8.8.8.8/", true),
            ("https://8.8.8.8/", false),
            ("http://ollama/", false),
        ] {
            assert_eq!(url.parse::<Endpoint>().unwrap().is_plain_and_public(), public, "{url}");
        }
    }
}
