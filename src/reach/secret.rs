//! What a service wants to see: one line of a file that only we may read.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::BadSettings;

/// The line, without what ends it. `name` says what it is: a key, a password.
pub fn secret(path: &Path, name: &'static str) -> Result<String, BadSettings> {
    let unread = |source| BadSettings::File { path: path.to_owned(), source };
    let facts = fs::metadata(path).map_err(unread)?;
    if facts.permissions().mode() & 0o077 != 0 {
        return Err(BadSettings::Open { name, path: path.to_owned() });
    }
    let text = fs::read_to_string(path).map_err(unread)?;
    let line = text.trim_end_matches(['\r', '\n']);
    if line.trim().is_empty() || line.chars().any(char::is_control) {
        return Err(BadSettings::Secret { name, path: path.to_owned() });
    }
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use super::*;

    #[test]
    fn one_line_that_only_we_may_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        let written = |text: &str, mode| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            secret(&path, "password")
        };
        assert_eq!(written(" with blänks \r\n", 0o600).unwrap(), " with blänks ");
        for text in ["", "\n", " \n", "two\nlines\n", "a\u{0}b\n"] {
            assert!(matches!(written(text, 0o600), Err(BadSettings::Secret { .. })), "{text:?}");
        }
        for mode in [0o640, 0o604, 0o644] {
            let told = written("s3cret\n", mode).unwrap_err().to_string();
            assert!(told.contains("password file") && told.contains("chmod 600"), "{told}");
            assert!(!told.contains("s3cret"), "{told}");
        }
    }
}
