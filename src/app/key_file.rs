//! The file with the secret that signs links and marks.
//!
//! 32 random octets as 64 hexadecimal digits, readable by its owner alone. Made at the first start;
//! a file that others may read is refused, because a copy of it opens every hold.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

use crate::release::Keys;

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
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
    #[error(
        "the key file {0} does not hold 64 hexadecimal digits; move it away and a new one is made, which ends all links in notices"
    )]
    Damaged(PathBuf),
}

/// Reads the secret, or makes the file if there is none.
pub fn load_or_make(path: &Path) -> Result<Keys, KeyFileError> {
    match read(path) {
        Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        read => return read,
    }
    match make(path) {
        // Another process made it in this moment: read that one.
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
            Err(KeyFileError::Io { path: path.to_owned(), source })
        }
        _ => read(path),
    }
}

/// Whether a start would find a secret or a folder to make it in. Makes nothing.
pub fn check_key(path: &Path) -> Result<(), KeyFileError> {
    match read(path) {
        Err(KeyFileError::Io { source, .. })
            if source.kind() == io::ErrorKind::NotFound && folder_of(path).is_dir() =>
        {
            Ok(())
        }
        read => read.map(drop),
    }
}

/// Reads the secret of a service that has run. Makes nothing: a file of another owner would stop
/// the service.
pub fn load_key(path: &Path) -> Result<Keys, KeyFileError> {
    read(path)
}

fn read(path: &Path) -> Result<Keys, KeyFileError> {
    let io = |source| KeyFileError::Io { path: path.to_owned(), source };
    let facts = fs::metadata(path).map_err(io)?;
    if facts.permissions().mode() & 0o077 != 0 {
        return Err(KeyFileError::Open(path.to_owned()));
    }
    let text = fs::read_to_string(path).map_err(io)?;
    let secret = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).unwrap_or_default();
    let secret = secret.try_into().map_err(|_| KeyFileError::Damaged(path.to_owned()))?;
    Ok(Keys::new(secret))
}

fn make(path: &Path) -> io::Result<()> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    let digits = HEXLOWER.encode(&secret);
    // Written beside and linked into place, so that nobody ever reads half a key.
    let folder = folder_of(path);
    let draft = folder.join(format!(".callfirst-key-{}", &digits.get(..8).unwrap_or_default()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = writeln!(file, "{digits}").and_then(|()| file.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    linked?;
    fs::File::open(folder)?.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::HoldId;

    #[test]
    fn the_first_start_makes_it_and_the_second_reads_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let hold = HoldId::from_octets([1; 16]);
        let token = load_or_make(&path).unwrap().link_token(&hold);
        assert_eq!(load_or_make(&path).unwrap().link_token(&hold), token);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "the draft is gone");
    }

    #[test]
    fn a_key_that_others_may_read_or_that_is_damaged_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        fs::write(&path, "0".repeat(64)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(load_or_make(&path), Err(KeyFileError::Open(_))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(load_or_make(&path).is_ok());
        for damaged in ["short", &"0".repeat(62), &"0".repeat(66), &"+f".repeat(32)] {
            fs::write(&path, damaged).unwrap();
            assert!(matches!(load_or_make(&path), Err(KeyFileError::Damaged(_))), "{damaged}");
        }
    }
}
