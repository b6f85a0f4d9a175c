//! The key that a server wants to see: one line of a file that only we may read.

use std::path::Path;

use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};

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

    fn read(path: &Path, name: HeaderName, scheme: &str) -> Result<Secret, BadSettings> {
        let key = reach::secret(path, KEY)?;
        let key = key.trim();
        let good = key.bytes().all(|octet| octet.is_ascii_graphic());
        let value = HeaderValue::try_from(format!("{scheme}{key}")).ok().filter(|_| good);
        let bad = || reach::BadSettings::Secret { name: KEY, path: path.to_owned() };
        let mut value = value.ok_or_else(bad)?;
        value.set_sensitive(true);
        Ok(Secret { name, value })
    }
}
