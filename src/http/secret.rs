//! The key that a server wants to see: one line of a file that only we may read.

use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::BadSettings;
use crate::reach;

/// What the file holds.
const KEY: &str = "key";

/// A field that proves who asks; its value is marked as sensitive, so that it is never printed.
#[derive(Debug, Clone)]
pub struct Secret {
    pub(super) name: HeaderName,
    pub(super) value: HeaderValue,
}

impl Secret {
    /// `Authorization: Bearer` and the key (RFC 6750 §2.1).
    pub fn bearer(path: &Path) -> Result<Secret, BadSettings> {
        Secret::read(path, AUTHORIZATION, "Bearer ")
    }

    /// The key alone, in a field of this name.
    pub fn in_field(field: &str, path: &Path) -> Result<Secret, BadSettings> {
        let name = field.parse().map_err(|_| BadSettings::Field(field.to_owned()))?;
        Secret::read(path, name, "")
    }

    /// `Authorization: Basic` with this name and the key, as OAuth writes them (RFC 6749 §2.3.1).
    pub fn basic(user: &str, path: &Path) -> Result<Secret, BadSettings> {
        let key = line_of(path)?;
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pair = STANDARD.encode(format!("{}:{}", encoded(user), encoded(&key)));
        Secret::sensitive(AUTHORIZATION, &format!("Basic {pair}"), path)
    }

    fn read(path: &Path, name: HeaderName, scheme: &str) -> Result<Secret, BadSettings> {
        let key = line_of(path)?;
        Secret::sensitive(name, &format!("{scheme}{key}"), path)
    }

    fn sensitive(name: HeaderName, value: &str, path: &Path) -> Result<Secret, BadSettings> {
        let mut value = HeaderValue::try_from(value).map_err(|_| bad(path))?;
        value.set_sensitive(true);
        Ok(Secret { name, value })
    }
}

/// The key: graphic characters of ASCII, as fields are made of.
fn line_of(path: &Path) -> Result<String, BadSettings> {
    let key = reach::secret(path, KEY)?;
    let key = key.trim();
    let good = key.bytes().all(|octet| octet.is_ascii_graphic());
    good.then(|| key.to_owned()).ok_or_else(|| bad(path))
}

fn bad(path: &Path) -> BadSettings {
    reach::BadSettings::Secret { name: KEY, path: path.to_owned() }.into()
}
