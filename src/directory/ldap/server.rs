//! Where a directory is, and how the way there is kept private.

use std::str::FromStr;

use hyper::Uri;

use crate::reach::Whither;

/// The ports of the two schemes (RFC 4516, and IANA's list for `ldaps`).
const LDAP_PORT: u16 = 389;
const LDAPS_PORT: u16 = 636;

/// A URL of a server: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Host name or address, without the brackets of IPv6.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether it is spoken to under TLS from the first octet.
    pub tls: bool,
}

/// Why a URL will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// Another scheme, or no host.
    #[error("must be a URL that begins with ldaps:// or ldap://")]
    NoUrl,
    /// A user or password in front of the host.
    #[error("must hold no user and no password")]
    UserInfo,
    /// A base, a filter or attributes behind the host.
    #[error("must end with the host, or its port")]
    More,
}

impl FromStr for Server {
    type Err = BadUrl;

    fn from_str(url: &str) -> Result<Server, BadUrl> {
        let uri: Uri = url.parse().map_err(|_| BadUrl::NoUrl)?;
        let tls = match uri.scheme_str() {
            Some("ldaps") => true,
            Some("ldap") => false,
            _ => return Err(BadUrl::NoUrl),
        };
        let authority = uri.authority().ok_or(BadUrl::NoUrl)?;
        if authority.as_str().contains('@') {
            return Err(BadUrl::UserInfo);
        }
        if uri.path_and_query().is_some_and(|behind| !matches!(behind.as_str(), "" | "/")) {
            return Err(BadUrl::More);
        }
        let host = authority.host().trim_matches(['[', ']']);
        if host.is_empty() {
            return Err(BadUrl::NoUrl);
        }
        let port = authority.port_u16().unwrap_or(if tls { LDAPS_PORT } else { LDAP_PORT });
        Ok(Server { host: host.to_owned(), port, tls })
    }
}

impl Server {
    /// Whether it is this machine by its name.
    pub fn is_here(&self) -> bool {
        let address = self.host.parse();
        self.host.eq_ignore_ascii_case("localhost")
            || address.is_ok_and(|a| Whither::ThisMachine.allows(a))
    }
}

/// How the way to a directory is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first octet.
    Tls,
    /// TLS before anything else is said (RFC 4511 §4.14).
    StartTls,
    /// Clear text, on this machine only.
    ClearHere,
    /// Clear text, to wherever it is.
    Clear,
}

impl Security {
    /// Which addresses one may connect to.
    pub(super) fn whither(self) -> Whither {
        match self {
            Security::Tls | Security::StartTls | Security::Clear => Whither::Anywhere,
            Security::ClearHere => Whither::ThisMachine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let far: Server = "ldaps://ldap.hall.example".parse().unwrap();
        assert_eq!((far.host.as_str(), far.port, far.tls), ("ldap.hall.example", 636, true));
        let near: Server = "ldap://[::1]:3890/".parse().unwrap();
        assert_eq!((near.host.as_str(), near.port, near.tls), ("::1", 3890, false));
        for (bad, why) in [
            ("ldap.hall.example", BadUrl::NoUrl),
            ("https://ldap.hall.example", BadUrl::NoUrl),
            ("ldapi:///", BadUrl::NoUrl),
            ("ldap://", BadUrl::NoUrl),
            ("ldap://cn:secret@h", BadUrl::UserInfo),
            ("ldap://h/dc=hall,dc=example?cn?sub", BadUrl::More),
            ("ldap://h/?x", BadUrl::More),
        ] {
            assert_eq!(bad.parse::<Server>(), Err(why), "{bad}");
        }
    }

    #[test]
    fn clear_text_stays_on_this_machine() {
        for (url, here) in [
            ("ldap://127.0.0.1", true),
            ("ldap://[::1]:389", true),
            ("ldap://LocalHost", true),
            ("ldap://10.0.0.1", false),
            ("ldap://ldap.localhost.example", false),
        ] {
            assert_eq!(url.parse::<Server>().unwrap().is_here(), here, "{url}");
        }
        let lets = |address: &str| Security::ClearHere.whither().allows(address.parse().unwrap());
        assert!(lets("127.0.0.1") && lets("::1") && lets("::ffff:127.0.0.1"));
        assert!(!lets("10.0.0.1") && !lets("192.168.1.1") && !lets("fd00::1"));
    }
}
