//! The file of signed heads: a line each, only ever longer. Best on another machine or a medium that
//! is written once.
//!
//! A line break goes before each head as well as behind the last: so half a line, of a process that
//! died while it wrote, spoils nothing behind it.

use std::{
    fs,
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::SignedHead;

/// No file of heads is larger: one a day is a few hundred octets.
const MOST_OCTETS: u64 = 64 << 20;
/// The last line lies within so much.
const TAIL: u64 = 4 << 10;

/// Why a file of heads cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadHeads {
    /// Cannot be read.
    #[error("cannot read {path}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Too large to be one.
    #[error("{0} is too large to be a file of signed heads")]
    TooLarge(PathBuf),
    /// A line that begins like a head and is none.
    #[error("{path}, line {line}: this is no signed head")]
    Line {
        /// Which file.
        path: PathBuf,
        /// Which line.
        line: usize,
    },
    /// None at all.
    #[error("there is no signed head in {0}")]
    None(PathBuf),
}

/// Every head of a file. Lines that do not begin with `{` and end with `}` are passed over: so half a line
/// spoils nothing, and saved mails will do as well.
pub fn read_heads(path: &Path) -> Result<Vec<SignedHead>, BadHeads> {
    let io = |source| BadHeads::Io { path: path.to_owned(), source };
    if fs::metadata(path).map_err(io)?.len() > MOST_OCTETS {
        return Err(BadHeads::TooLarge(path.to_owned()));
    }
    let text = String::from_utf8_lossy(&fs::read(path).map_err(io)?).into_owned();
    let mut heads = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| is_meant(line)) {
        let head = serde_json::from_str(line);
        let path = || path.to_owned();
        heads.push(head.map_err(|_| BadHeads::Line { path: path(), line: n + 1 })?);
    }
    if heads.is_empty() { Err(BadHeads::None(path.to_owned())) } else { Ok(heads) }
}

fn is_meant(line: &str) -> bool {
    line.starts_with('{') && line.ends_with('}')
}

/// The number of the last head in the file; 0 where there is none.
pub(super) fn last_number(path: &Path) -> io::Result<u64> {
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let tail = String::from_utf8_lossy(&tail);
    // Half a line, of a process that died while it wrote, is no head: it is written again, and read over.
    let whole = |line: &str| serde_json::from_str::<SignedHead>(line).ok();
    Ok(tail.lines().rev().find_map(whole).map_or(0, |head| head.number))
}

/// Adds heads, durably.
pub(super) fn append(path: &Path, heads: &[SignedHead]) -> io::Result<()> {
    let mut lines = String::new();
    for head in heads {
        // A line of its own, whatever half a line stands before it.
        lines.push('\n');
        lines.push_str(&serde_json::to_string(head)?);
    }
    lines.push('\n');
    let options = fs::OpenOptions::new().append(true).create(true).mode(0o640).to_owned();
    let mut file = options.open(path)?;
    file.write_all(lines.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audit::Key, hold::AuditHead, mail::Timestamp};

    #[test]
    fn the_file_grows_past_half_a_line_and_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heads.jsonl");
        let key = Key::load_or_make(&folder.path().join("key")).unwrap();
        let signed = |number| {
            let head = AuditHead { number, digest: "0".repeat(64) };
            SignedHead::sign(&key, &head, "one", Timestamp::from_second(1_800_000_000).unwrap())
        };
        assert_eq!(last_number(&path).unwrap(), 0);
        append(&path, &[signed(3), signed(9)]).unwrap();
        assert_eq!(last_number(&path).unwrap(), 9);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 40]).unwrap();
        assert_eq!(last_number(&path).unwrap(), 3);
        append(&path, &[signed(9), signed(12)]).unwrap();
        let mut text = fs::read_to_string(&path).unwrap();
        let heads = read_heads(&path).unwrap();
        assert_eq!(heads.iter().map(|h| h.number).collect::<Vec<_>>(), [3, 9, 12]);
        let keys = [key.public()];
        assert!(heads.iter().all(|head| head.check(&keys).is_ok()));
        let other = Key::load_or_make(&folder.path().join("other")).unwrap();
        assert_eq!(heads[0].check(&[other.public()]), Err(crate::audit::Untrue::Key));
        let forged = SignedHead { number: 4, ..heads[0].clone() };
        assert_eq!(forged.check(&keys), Err(crate::audit::Untrue::Signature));
        text.push_str("{\"number\": 13}\n");
        fs::write(&path, text).unwrap();
        assert!(matches!(read_heads(&path), Err(BadHeads::Line { line: 6, .. })));
    }
}
