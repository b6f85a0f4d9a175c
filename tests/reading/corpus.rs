//! Public collections of hostile mail, which lie beside the checkout and are never part of it.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use callfirst::message::{Defect, Limits, PassageKind, Reading, attached, read};

use super::md5::md5;

fn shared() -> Option<PathBuf> {
    let place = std::env::var_os("CALLFIRST_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let place = place.join("hostile");
    if !place.is_dir() {
        eprintln!("SKIPPED: no collection of hostile mail at {}", place.display());
        return None;
    }
    Some(place)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "eml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_hostile_mail_is_read_within_its_bounds() {
    let Some(place) = shared() else { return };
    let limits = Limits::default();
    let mut slowest = (Duration::ZERO, PathBuf::new());
    let all = files(&place);
    for path in &all {
        let mail = fs::read(path).unwrap();
        let begun = Instant::now();
        let reading = read(&mail, &limits);
        let took = begun.elapsed();
        // Generous: an unoptimised build on a busy machine. Quadratic work breaks it by far.
        let bound = Duration::from_secs(3) + Duration::from_micros(5) * mail.len() as u32;
        assert!(took < bound, "{}: {took:?}", path.display());
        let sentences: usize = reading.passages.iter().map(|p| p.sentences.len()).sum();
        let text: usize = reading.passages.iter().map(|p| p.text.len()).sum();
        assert!(sentences <= limits.sentences, "{}", path.display());
        assert!(text <= 2 * limits.text_octets, "{}: {text}", path.display());
        assert!(reading.header.fields.len() <= limits.fields, "{}", path.display());
        let clean = |text: &str| !text.chars().any(|c| c.is_control());
        assert!(reading.header.fields.iter().all(|(_, v)| clean(v)), "{}", path.display());
        assert!(clean(&reading.header.subject), "{}", path.display());
        let names = [&reading.header.from, &reading.header.to, &reading.header.reply_to];
        assert!(names.into_iter().flatten().all(|a| clean(&a.name) && clean(&a.address)));
        assert!(reading.attachments.iter().all(|a| clean(&a.name)), "{}", path.display());
        slowest = slowest.max((took, path.clone()));
    }
    println!("{} mails; slowest {:?} {}", all.len(), slowest.0, slowest.1.display());
    assert!(all.len() > 1_000);
}

fn is_flagged(reading: &Reading) -> bool {
    let telling = [
        Defect::HeaderLine,
        Defect::DuplicateField,
        Defect::Multipart,
        Defect::Encoding,
        Defect::Charset,
        Defect::AmbiguousPart,
    ];
    reading.defects.iter().any(|d| telling.contains(d))
}

fn field<'a>(mail: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    mail.split_once(begin)?.1.split_once(end).map(|(value, _)| value)
}

/// The test virus in its archive, which every mail of the collection carries.
const PAYLOAD: &str = "gG+xF9ijaNgcYT8PgbuZ9Q";

/// Prints the rate; what is neither found nor flagged must not become more.
#[test]
fn payloads_hidden_by_ambiguous_mime_are_found_or_flagged() {
    let Some(place) = shared() else { return };
    let limits = Limits::default();
    let (mut valid, mut valid_found, mut odd, mut odd_seen) = (0, 0, 0, 0);
    let mut missed = Vec::new();
    for path in files(&place.join("eml/noxxi-hide-content")) {
        let mail = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&mail);
        let id = field(&text, "X-Payload-Id: ", "\n").unwrap_or_default();
        if id.is_empty() {
            continue;
        }
        let found = attached(&mail, &limits)
            .iter()
            .any(|a| STANDARD_NO_PAD.encode(md5(&a.content)) == PAYLOAD);
        let flagged = is_flagged(&read(&mail, &limits));
        if id.contains("valid(0)") {
            odd += 1;
            odd_seen += usize::from(found || flagged);
            if !found && !flagged {
                missed.push(id.to_owned());
            }
        } else {
            valid += 1;
            valid_found += usize::from(found);
            if !found {
                missed.push(format!("{id} (flagged: {flagged})"));
            }
        }
    }
    println!(
        "content: valid {valid_found}/{valid} found, invalid {odd_seen}/{odd} found or flagged"
    );
    println!("missed:\n{}", missed.join("\n"));
    assert!(valid_found >= VALID_FOUND && odd_seen >= ODD_SEEN, "fell behind");
}

const VALID_FOUND: usize = 61;
const ODD_SEEN: usize = 208;

#[test]
fn names_hidden_by_ambiguous_mime_are_found_or_flagged() {
    let Some(place) = shared() else { return };
    let limits = Limits::default();
    let (mut valid, mut valid_found, mut odd, mut odd_seen) = (0, 0, 0, 0);
    let mut missed = Vec::new();
    for path in files(&place.join("eml/noxxi-hide-filename")) {
        let mail = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&mail);
        let Some(id) = field(&text, "X-Payload-Id: ", "\n") else { continue };
        let reading = read(&mail, &limits);
        let found = reading
            .attachments
            .iter()
            .any(|a| a.name.ends_with(".zip") || a.name.ends_with(".png"));
        let flagged = is_flagged(&reading);
        if id.contains("valid(0)") {
            odd += 1;
            odd_seen += usize::from(found || flagged);
            if !found && !flagged {
                missed.push(id.to_owned());
            }
        } else {
            valid += 1;
            valid_found += usize::from(found);
            if !found {
                missed.push(format!("{id} {:?}", reading.attachments));
            }
        }
    }
    println!("names: valid {valid_found}/{valid} found, invalid {odd_seen}/{odd} found or flagged");
    println!("missed:\n{}", missed.join("\n"));
    assert!(valid_found >= NAMES_FOUND && odd_seen >= NAMES_SEEN, "fell behind");
}

const NAMES_FOUND: usize = 55;
const NAMES_SEEN: usize = 80;

#[test]
fn words_that_evade_are_found_or_flagged() {
    let Some(place) = shared() else { return };
    let mut blind = Vec::new();
    let mut seen = 0;
    for path in files(&place.join("generated")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("evade__") {
            continue;
        }
        let reading = read(&fs::read(&path).unwrap(), &Limits::default());
        let readable =
            |k| matches!(k, PassageKind::New | PassageKind::Attachment | PassageKind::Subject);
        let found =
            reading.passages.iter().filter(|p| readable(p.kind)).flat_map(|p| &p.sentences).any(
                |s| {
                    s.normal().contains("secret-word")
                        || s.normal().contains("confidential-project-x")
                },
            );
        let named =
            reading.attachments.iter().any(|a| a.name == "malware.exe" || a.name == "evil.exe");
        let unreadable = reading.defects.iter().any(|d| *d != Defect::HiddenText);
        // A reference to a file elsewhere says nothing; it must only not be followed.
        if found || named || unreadable {
            seen += 1;
        } else {
            blind.push(name);
        }
    }
    println!("evasions: {seen} found or flagged; missed: {blind:?}");
    assert!(blind.is_empty() && seen >= 30, "{blind:?}");
}
