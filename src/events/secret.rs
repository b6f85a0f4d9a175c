//! Signatures as Standard Webhooks has them: HMAC-SHA256 over id, time and body.
//!
//! A file may hold two secrets, a line each, while one takes the place of the other: then both sign.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::BadReceiver;

/// What stands before a secret.
const PREFIX: &str = "whsec_";
/// Octets of a secret.
const OCTETS: std::ops::RangeInclusive<usize> = 24..=64;
/// Secrets at a time.
const MOST: usize = 2;

/// The secrets of one receiver. They are never printed.
pub(super) struct Secrets(Vec<Vec<u8>>);

impl Secrets {
    pub(super) fn read(path: &Path) -> Result<Secrets, BadReceiver> {
        let unread = |source| BadReceiver::File { path: path.to_owned(), source };
        if fs::metadata(path).map_err(unread)?.permissions().mode() & 0o077 != 0 {
            return Err(BadReceiver::Open(path.to_owned()));
        }
        let text = fs::read_to_string(path).map_err(unread)?;
        Secrets::parse(&text).ok_or_else(|| BadReceiver::Secret(path.to_owned()))
    }

    fn parse(text: &str) -> Option<Secrets> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let octets = |line: &str| {
            let octets = BASE64.decode(line.strip_prefix(PREFIX)?).ok()?;
            OCTETS.contains(&octets.len()).then_some(octets)
        };
        let secrets = lines.map(octets).collect::<Option<Vec<_>>>()?;
        (1..=MOST).contains(&secrets.len()).then_some(Secrets(secrets))
    }

    /// The field `webhook-signature`.
    pub(super) fn sign(&self, id: &str, at_secs: i64, body: &str) -> String {
        let one = |secret: &Vec<u8>| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
            mac.update(format!("{id}.{at_secs}.{body}").as_bytes());
            Some(format!("v1,{}", BASE64.encode(mac.finalize().into_bytes())))
        };
        self.0.iter().filter_map(one).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_signed_as_it_says() {
        // The vector that the libraries of Standard Webhooks test themselves by.
        let secrets = Secrets::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
        let signed =
            secrets.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_sign_both_and_no_secret_is_weak() {
        let line = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";
        let two = Secrets::parse(&line.repeat(2)).unwrap().sign("a", 1, "b");
        assert_eq!(two.split(' ').count(), 2);
        for bad in ["", "secret", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert!(Secrets::parse(bad).is_none(), "{bad}");
        }
        assert!(Secrets::parse(&line.repeat(3)).is_none());
    }
}
