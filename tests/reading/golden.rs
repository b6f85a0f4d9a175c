//! Each folder of `tests/golden/reading` holds `message.eml`, written for this purpose, and
//! `expected.txt`, what we make of it. `BLESS=1` rewrites the second; read the diff.

use std::{fmt::Write, fs, path::Path};

use callfirst::message::{Limits, Reading, read};

fn shown(reading: &Reading) -> String {
    let mut out = String::new();
    let language = reading.language.map_or("-", |l| l.code());
    let _ = writeln!(out, "language {language}");
    for defect in &reading.defects {
        let _ = writeln!(out, "defect {defect:?}");
    }
    for passage in &reading.passages {
        let _ = writeln!(out, "[{:?}]", passage.kind);
        for sentence in &passage.sentences {
            let _ = writeln!(out, "  {}", sentence.text());
        }
    }
    for a in &reading.attachments {
        let _ = writeln!(out, "attachment {:?} {} {}", a.name, a.media_type, a.size_octets);
    }
    out
}

/// Messages lie in the repository with LF; on the way to us they have CRLF.
fn as_received(stored: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(stored.len() + stored.len() / 40);
    for line in stored.split_inclusive(|b| *b == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) => {
                wire.extend_from_slice(text.strip_suffix(b"\r").unwrap_or(text));
                wire.extend_from_slice(b"\r\n");
            }
            None => wire.extend_from_slice(line),
        }
    }
    wire
}

#[test]
fn golden_messages_are_read_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/reading");
    let bless = std::env::var_os("BLESS").is_some();
    let mut folders: Vec<_> = fs::read_dir(&root).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 40, "only {} golden messages", folders.len());
    let mut wrong = Vec::new();
    for folder in folders {
        let message = as_received(&fs::read(folder.join("message.eml")).unwrap());
        let got = shown(&read(&message, &Limits::default()));
        let place = folder.join("expected.txt");
        if bless {
            fs::write(&place, &got).unwrap();
        } else if fs::read_to_string(&place).unwrap_or_default() != got {
            wrong.push(format!("{}:\n{got}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn line_ends_do_not_change_what_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/reading");
    for entry in fs::read_dir(root).unwrap() {
        let stored = fs::read(entry.unwrap().path().join("message.eml")).unwrap();
        let limits = Limits::default();
        let bare: Vec<u8> = stored.iter().copied().filter(|b| *b != b'\r').collect();
        let (one, two) = (read(&as_received(&stored), &limits), read(&bare, &limits));
        assert_eq!(one.passages, two.passages);
        assert_eq!(one.defects, two.defects);
    }
}
