//! The key that signs heads: Ed25519 (RFC 8032), its seed in a file that only we may read, the public
//! half beside it for whoever checks.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

/// Octets of a seed and of a public key.
const OCTETS: usize = 32;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Cannot be read or written.
    #[error("cannot use the key file {path}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read it.
    #[error("the key file {0} may be read by others; `chmod 600` it")]
    Open(PathBuf),
    /// Not 64 hexadecimal digits.
    #[error("{0} does not hold a key: 64 hexadecimal digits")]
    Damaged(PathBuf),
}

/// A key that signs. It is never printed.
pub struct Key {
    pair: Ed25519KeyPair,
}

impl Key {
    /// Reads the key, or makes one where there is none, and its public half in a file of the same name
    /// with `.pub` behind it.
    pub fn load_or_make(path: &Path) -> Result<Key, KeyError> {
        let key = match Key::load(path) {
            Err(KeyError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                match make(path) {
                    // Another process made it in this moment.
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(KeyError::Io { path: path.to_owned(), source: error });
                    }
                    _ => Key::load(path)?,
                }
            }
            loaded => loaded?,
        };
        let public = public_file(path);
        let text = format!("{}\n", key.public().digits());
        if fs::read_to_string(&public).ok().as_deref() != Some(&text) {
            fs::write(&public, text).map_err(|source| KeyError::Io { path: public, source })?;
        }
        Ok(key)
    }

    /// Reads the key of a service that has run. Makes nothing.
    pub fn load(path: &Path) -> Result<Key, KeyError> {
        let io = |source| KeyError::Io { path: path.to_owned(), source };
        if fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyError::Open(path.to_owned()));
        }
        let text = fs::read_to_string(path).map_err(io)?;
        let damaged = || KeyError::Damaged(path.to_owned());
        let seed = HEX.decode(text.trim().as_bytes()).map_err(|_| damaged())?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| damaged())?;
        Ok(Key { pair })
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.pair.public_key().as_ref().to_vec())
    }

    pub(super) fn sign(&self, text: &str) -> String {
        HEX.encode(self.pair.sign(text.as_bytes()).as_ref()).to_lowercase()
    }
}

/// The half of a key that checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

impl PublicKey {
    /// From 64 hexadecimal digits.
    pub fn parse(digits: &str) -> Option<PublicKey> {
        let octets = HEX.decode(digits.trim().as_bytes()).ok()?;
        (octets.len() == OCTETS).then_some(PublicKey(octets))
    }

    /// From a file that holds them.
    pub fn read(path: &Path) -> Result<PublicKey, KeyError> {
        let text = fs::read_to_string(path)
            .map_err(|source| KeyError::Io { path: path.to_owned(), source })?;
        PublicKey::parse(&text).ok_or_else(|| KeyError::Damaged(path.to_owned()))
    }

    /// As 64 hexadecimal digits.
    pub fn digits(&self) -> String {
        HEX.encode(&self.0).to_lowercase()
    }

    pub(super) fn has_signed(&self, text: &str, signature: &str) -> bool {
        let Ok(signature) = HEX.decode(signature.as_bytes()) else { return false };
        UnparsedPublicKey::new(&ED25519, &self.0).verify(text.as_bytes(), &signature).is_ok()
    }
}

fn public_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    PathBuf::from(name)
}

/// Written beside and linked into place, so that nobody ever reads half a key.
fn make(path: &Path) -> io::Result<()> {
    let mut seed = [0; OCTETS];
    getrandom::fill(&mut seed).map_err(io::Error::other)?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = folder.join(format!(".callfirst-audit-{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file
        .write_all(format!("{}\n", HEX.encode(&seed).to_lowercase()).as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    written?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_private_and_checks_what_it_signed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.key");
        let key = Key::load_or_make(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let public = PublicKey::read(&folder.path().join("audit.key.pub")).unwrap();
        assert_eq!(public, Key::load_or_make(&path).unwrap().public());
        let signature = key.sign("a head");
        assert!(public.has_signed("a head", &signature));
        assert!(!public.has_signed("another", &signature) && !public.has_signed("a head", "00"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Key::load_or_make(&path), Err(KeyError::Open(_))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "abc\n").unwrap();
        assert!(matches!(Key::load_or_make(&path), Err(KeyError::Damaged(_))));
    }
}
