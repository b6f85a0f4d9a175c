//! Messages in files: .eml, folders, Maildirs, mboxes.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{envelope::read_file, out::Failure};

/// Folders within folders.
const MAX_DEPTH: usize = 32;

/// Every message file below these paths, in a stable order. A path given is taken whatever its
/// name; within a folder only `.eml`, `.mbox` and the files of a Maildir's `cur` and `new`.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        let unreadable =
            |error: io::Error| Failure::Usage(format!("cannot read {}: {error}", path.display()));
        if path == Path::new("-") || !fs::metadata(path).map_err(unreadable)?.is_dir() {
            found.push(path.clone());
        } else {
            walk(path, 0, &mut found).map_err(unreadable)?;
        }
    }
    Ok(found)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && depth < MAX_DEPTH {
            walk(&path, depth + 1, found)?;
        } else if kind.is_file() && is_message_file(&path) {
            found.push(path);
        }
    }
    Ok(())
}

fn is_message_file(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).and_then(|f| f.to_str());
    ["eml", "mbox", "msg"].iter().any(|e| extension.eq_ignore_ascii_case(e))
        || matches!(folder, Some("cur" | "new"))
}

/// Calls `each` for every message of the file with a name for it. The inner error says that the
/// file could not be read; the outer one ends the command.
pub(super) fn each_message(
    file: &Path,
    mut each: impl FnMut(&str, &[u8]) -> Result<(), Failure>,
) -> Result<Result<(), String>, Failure> {
    let bytes = match read_file(file) {
        Ok(bytes) => bytes,
        Err(Failure::Usage(text)) => return Ok(Err(text)),
        Err(other) => return Err(other),
    };
    let name = file.display().to_string();
    if !bytes.starts_with(b"From ") {
        each(&name, &bytes)?;
        return Ok(Ok(()));
    }
    for (i, message) in split_mbox(&bytes).into_iter().enumerate() {
        each(&format!("{name}#{}", i + 1), &message)?;
    }
    Ok(Ok(()))
}

/// The messages of an mbox (RFC 4155): each begins behind a `From ` line at the file's start or
/// after an empty line; `>From ` lines are unquoted.
fn split_mbox(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut messages, mut current): (Vec<Vec<u8>>, Option<Vec<u8>>) = (Vec::new(), None);
    let mut after_blank = true;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if after_blank && line.starts_with(b"From ") {
            messages.extend(current.replace(Vec::new()));
        } else if let Some(message) = &mut current {
            message.extend_from_slice(unquoted(line));
        }
        after_blank = matches!(line, b"\n" | b"\r\n");
    }
    messages.extend(current);
    messages
}

fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|b| **b == b'>').count();
    let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|l| l.starts_with(b"From "));
    if is_quoted { line.get(1..).unwrap_or(line) } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mbox_is_split_at_from_lines_behind_empty_lines_only() {
        let mbox = b"From a Mon\nSubject: 1\n\nFrom here on:\n>From there\n\nFrom b Tue\nSubject: 2\n\nx\n";
        let texts: Vec<_> =
            split_mbox(mbox).into_iter().map(|m| String::from_utf8(m).unwrap()).collect();
        // A body line that begins with "From " behind an empty line is what mbox writers quote.
        assert_eq!(texts.len(), 3);
        assert_eq!(texts[2], "Subject: 2\n\nx\n");
    }

    #[test]
    fn quoted_from_lines_lose_one_mark() {
        assert_eq!(unquoted(b">From x\n"), b"From x\n");
        assert_eq!(unquoted(b">>From x\n"), b">From x\n");
        assert_eq!(unquoted(b"> From x\n"), b"> From x\n");
    }

    #[test]
    fn folders_are_walked_in_order_and_only_messages_are_taken() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.eml", "a.eml", "notes.txt", "box/cur/1:2,S"] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found = files(&[dir.path().to_path_buf()]).unwrap();
        let names: Vec<_> = found
            .iter()
            .map(|f| f.strip_prefix(dir.path()).unwrap().display().to_string())
            .collect();
        assert_eq!(names, ["a.eml", "b.eml", "box/cur/1:2,S"]);
    }
}
