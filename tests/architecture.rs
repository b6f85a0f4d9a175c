//! Keeps the doors between the rooms (`ARCHITECTURE.md`).
//!
//! Reads every path in `src/`, `use` trees included, and fails where a room names a room that
//! its row does not allow, or where a pure room touches the world. Comments, strings and
//! `#[cfg(test)]` items do not count: what only tests see may look further.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A room, and the rooms that it may name. Each row names rows above it only: one-way doors.
const ROOMS: &[(&str, &[&str])] = &[
    ("mail", &[]),
    ("wire", &["mail"]),
    ("message", &["mail"]),
    ("policy", &["mail", "message"]),
    ("decision", &["mail", "message", "policy"]),
    ("call", &["mail", "message", "policy", "decision"]),
    ("calendar", &[]),
    ("preview", &["mail", "message", "decision"]),
    ("wording", &["mail", "message", "policy"]),
    ("notice", &["mail", "message", "decision", "call", "wording", "calendar"]),
    ("team", &["mail", "message", "decision", "calendar"]),
    ("extract", &[]),
    ("telemetry", &["mail"]),
    ("store", &["mail", "telemetry"]),
    ("attachments", &["mail", "message", "extract", "telemetry"]),
    ("opinion", &["mail", "message", "policy", "decision"]),
    ("tuning", &["mail", "message", "policy", "decision", "opinion"]),
    ("trust", &[]),
    ("limit", &[]),
    ("rights", &["mail"]),
    ("reach", &["trust"]),
    ("http", &["reach"]),
    ("oidc", &["mail", "reach", "http"]),
    ("hold", &["mail", "message", "decision", "call", "telemetry", "store"]),
    ("accounts", &["mail", "telemetry", "store", "rights", "hold"]),
    ("relay", &["mail", "wire", "telemetry", "trust", "limit"]),
    ("audit", &["mail", "telemetry", "store", "hold", "relay"]),
    ("events", &["mail", "telemetry", "store", "reach", "http", "hold"]),
    ("consult", &["opinion", "telemetry", "reach", "http"]),
    ("directory", &["mail", "message", "decision", "call", "telemetry", "reach", "http"]),
    ("release", &["mail", "decision", "hold", "telemetry"]),
    (
        "replies",
        &[
            "mail",
            "message",
            "decision",
            "call",
            "notice",
            "calendar",
            "team",
            "telemetry",
            "hold",
            "release",
        ],
    ),
    (
        "traffic",
        &["mail", "message", "policy", "decision", "team", "telemetry", "store", "hold", "relay"],
    ),
    (
        "changes",
        &[
            "mail",
            "message",
            "policy",
            "decision",
            "tuning",
            "telemetry",
            "store",
            "hold",
            "traffic",
        ],
    ),
    ("report", &["mail", "hold"]),
    ("chart", &[]),
    (
        "pipeline",
        &[
            "mail",
            "wire",
            "decision",
            "call",
            "telemetry",
            "hold",
            "relay",
            "release",
            "team",
            "replies",
            "traffic",
        ],
    ),
    ("intake", &["mail", "wire", "telemetry", "limit", "pipeline"]),
    ("worker", &["mail", "decision", "calendar", "team", "telemetry", "hold", "relay"]),
    (
        "web",
        &[
            "mail",
            "message",
            "decision",
            "call",
            "wording",
            "notice",
            "calendar",
            "team",
            "telemetry",
            "hold",
            "release",
        ],
    ),
    (
        "desk",
        &[
            "mail",
            "message",
            "policy",
            "decision",
            "call",
            "wording",
            "notice",
            "calendar",
            "team",
            "preview",
            "telemetry",
            "store",
            "rights",
            "http",
            "oidc",
            "hold",
            "accounts",
            "tuning",
            "changes",
            "release",
            "report",
            "chart",
            "web",
        ],
    ),
    ("config", ABOVE),
    ("app", ABOVE),
    ("cli", ABOVE),
];

/// Rooms that put the others together may name every row above their own.
const ABOVE: &[&str] = &["*"];

/// Values in, values out.
const PURE: &[&str] = &[
    "mail", "wire", "message", "policy", "decision", "call", "wording", "notice", "calendar",
    "team", "extract", "opinion", "chart", "preview", "rights", "tuning",
];

/// Where the world begins: files, sockets, clocks, chance, threads, logs, SQL, HTTP.
const WORLD: &[&str] = &[
    "axum",
    "getrandom",
    "metrics",
    "metrics_exporter_prometheus",
    "notify",
    "rustix",
    "rustls",
    "sd_notify",
    "sqlx",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "tempfile",
    "tokio",
    "tokio_rustls",
    "tokio_util",
    "tracing",
    "tracing_subscriber",
];

/// Values that happen to lie in a module of the world.
const VALUES: &[&str] = &[
    "std::net::AddrParseError",
    "std::net::IpAddr",
    "std::net::Ipv4Addr",
    "std::net::Ipv6Addr",
    "std::net::SocketAddr",
];

/// Calls that ask the clock or chance, by their last two words.
const ASKS: &[&str] = &[
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "Zoned::now",
];

#[test]
fn every_room_keeps_its_doors() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    let mut read = 0;
    for file in rust_files(&src) {
        let inside = file.strip_prefix(&src).expect("below src");
        if is_for_tests(inside) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("source is UTF-8");
        read += 1;
        let found = faults_in(&module_of(inside), &text);
        faults.extend(found.into_iter().map(|f| format!("{}: {f}", inside.display())));
    }
    assert!(read > ROOMS.len(), "only {read} files read: is this the right folder?");
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn doors_are_one_way() {
    for (row, (room, may)) in ROOMS.iter().enumerate() {
        for named in may.iter().filter(|named| **named != "*") {
            let above = ROOMS[..row].iter().any(|(other, _)| other == named);
            assert!(above, "{room} names {named}, which is not above it");
        }
    }
    for pure in PURE {
        let (_, may) = ROOMS.iter().find(|(room, _)| room == pure).expect("a room");
        assert!(may.iter().all(|named| PURE.contains(named)), "{pure} names an impure room");
    }
}

#[test]
fn a_forbidden_room_is_seen_however_it_is_named() {
    for text in [
        "use crate::hold::Hold;",
        "use crate::{mail::Reply, hold::{self, Hold}};",
        "use crate::{\n    hold,\n    mail::Reply,\n};",
        "fn f() -> crate::hold::Hold { todo() }",
        "use super::super::hold::Hold;",
        "pub use callfirst::hold;",
        "use crate::hold;",
        "mod imp { use crate::{mail::{Reply, Status}, hold::State as S}; }",
    ] {
        let faults = faults_in(&["wire", "smtp"], text);
        assert_eq!(faults, ["`wire` may not name `hold`"], "{text}");
    }
}

#[test]
fn an_allowed_room_its_own_and_foreign_crates_are_no_fault() {
    for text in [
        "use crate::mail::Reply; use crate::wire::smtp::Capabilities;",
        "use super::capabilities::Capabilities; use super::super::Fault;",
        "use std::{collections::HashMap, io, time::Duration};",
        "// use crate::hold::Hold;\n/* tokio::spawn /* nested */ */ fn f() {}",
        "/// See [`crate::hold::Hold`].\nfn f() -> &'static str { \"crate::hold \\\" tokio::x\" }",
        "const A: &str = r#\"crate::hold::\"Hold\" \"#; const Q: char = '\"'; use crate::mail;",
        "#[cfg(test)]\nmod tests { use crate::hold::Hold; fn f() { tokio::spawn(\"}\"); } }",
        "#[cfg(test)]\nuse crate::hold::Hold;\nfn f<'a>(x: &'a str) -> &'a str { x }",
        "fn f(a: std::net::IpAddr) {} use std::net::{Ipv4Addr, SocketAddr};",
    ] {
        assert_eq!(faults_in(&["wire", "smtp"], text), [""; 0], "{text}");
    }
}

#[test]
fn a_pure_room_that_meets_the_world_is_seen() {
    for (text, what) in [
        ("use tokio::net::TcpStream;", "tokio::net::TcpStream"),
        ("use std::{fs, io};", "std::fs"),
        ("use std::{io::{self, Read}, net::{IpAddr, TcpStream}};", "std::net::TcpStream"),
        ("fn f() { std::fs::read(\"x\"); }", "std::fs::read"),
        ("use std::time::{Duration, Instant};", "std::time::Instant"),
        ("fn f() { tracing::info!(\"x\"); }", "tracing::info"),
        ("fn f() { jiff::Timestamp::now(); }", "jiff::Timestamp::now"),
        ("fn f() { getrandom::fill(&mut b); }", "getrandom::fill"),
        ("use sqlx::Any;", "sqlx::Any"),
        ("use axum;", "axum"),
        ("use std::net;", "std::net"),
    ] {
        let faults = faults_in(&["message"], text);
        assert_eq!(faults, [format!("the pure room `message` meets the world: `{what}`")]);
        assert_eq!(faults_in(&["relay", "client"], text), [""; 0], "relay may: {text}");
    }
}

#[test]
fn a_room_without_a_row_is_a_fault() {
    let faults = faults_in(&["attic"], "use crate::mail::Reply;");
    assert_eq!(faults, ["`attic` has no row in the table"]);
}

/// What is wrong with one file of this module path.
fn faults_in(module: &[impl AsRef<str>], text: &str) -> Vec<String> {
    let module: Vec<&str> = module.iter().map(AsRef::as_ref).collect();
    let Some(room) = module.first() else { return Vec::new() };
    let Some(row) = ROOMS.iter().position(|(name, _)| name == room) else {
        return vec![format!("`{room}` has no row in the table")];
    };
    let mut faults = Vec::new();
    for path in paths(&without_tests(tokens(text))) {
        if let Some(named) = room_named(&module, &path) {
            let by_row = ROOMS[row].1.contains(&named.as_str());
            let above = ROOMS[row].1 == ABOVE && ROOMS[..row].iter().any(|(n, _)| *n == named);
            if named != *room && !by_row && !above {
                faults.push(format!("`{room}` may not name `{named}`"));
            }
        }
        let whole = path.join("::");
        if PURE.contains(room) && meets_the_world(&path, &whole) {
            faults.push(format!("the pure room `{room}` meets the world: `{whole}`"));
        }
    }
    faults.dedup();
    faults
}

/// The room that a path of this module leads into, if it leads into one.
fn room_named(module: &[&str], path: &[String]) -> Option<String> {
    let supers = path.iter().take_while(|word| *word == "super").count();
    let next = match path.first().map(String::as_str) {
        Some("crate" | "callfirst") => path.get(1),
        Some("super") if supers == module.len() => path.get(supers),
        _ => None,
    }?;
    ROOMS.iter().any(|(room, _)| room == next).then(|| next.clone())
}

fn meets_the_world(path: &[String], whole: &str) -> bool {
    let below = |name: &&str| {
        whole == *name || whole.strip_prefix(*name).is_some_and(|rest| rest.starts_with("::"))
    };
    let asks = path.len() > 1 && ASKS.contains(&path[path.len() - 2..].join("::").as_str());
    (WORLD.iter().any(below) && !VALUES.iter().any(below)) || asks
}

/// Every path with `::` in it, and every lone word behind `use`; trees taken apart.
fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let begins = is_word(&tokens[at]) && (at == 0 || tokens[at - 1] != "::");
        let used = at > 0 && tokens[at - 1] == "use";
        if begins && (used || tokens.get(at + 1).is_some_and(|t| t == "::")) {
            at = tree(tokens, at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads one path or tree from `at`; gives the place behind it.
fn tree(
    tokens: &[String],
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut path = prefix.to_vec();
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|t| t != "}") {
                    let next = tree(tokens, at, &path, found);
                    // Whatever stands behind a path in a tree (`as x`, a comma) is passed over.
                    at = next.max(at + 1);
                    while tokens.get(at).is_some_and(|t| t == "," || t == "as" || t == "_") {
                        at += if tokens[at] == "as" { 2 } else { 1 };
                    }
                }
                return at + 1;
            }
            Some("self") if !prefix.is_empty() => at += 1,
            Some(word) if is_word(word) => {
                path.push(word.to_owned());
                at += 1;
            }
            _ => {}
        }
        if tokens.get(at).is_some_and(|t| t == "::") {
            at += 1;
            continue;
        }
        found.push(path);
        return at;
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Drops every item under `#[cfg(test)]`: to its `;`, or to the end of its block.
fn without_tests(tokens: Vec<String>) -> Vec<String> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at..].iter().take(mark.len()).eq(mark.iter()) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let mut depth = 0;
        for token in &tokens[at + mark.len()..] {
            at += 1;
            match token.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 && (token == ";" || token == "}") {
                break;
            }
        }
        at += mark.len();
    }
    kept
}

/// Words, `::` and single marks; comments, strings, characters and lifetimes left out.
fn tokens(text: &str) -> Vec<String> {
    let text: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (c, next) = (text[at], text.get(at + 1).copied().unwrap_or('\0'));
        match c {
            '/' if next == '/' => at = find(&text, at, |c| c == '\n'),
            '/' if next == '*' => at = behind_comment(&text, at),
            '"' => at = behind_string(&text, at),
            'r' | 'b' | 'c' if let Some(end) = behind_raw_string(&text, at) => at = end,
            '\'' => at = behind_quote(&text, at),
            ':' if next == ':' => {
                tokens.push("::".to_owned());
                at += 2;
            }
            _ if c.is_alphanumeric() || c == '_' => {
                let end = find(&text, at, |c| !c.is_alphanumeric() && c != '_');
                tokens.push(text[at..end].iter().collect());
                at = end;
            }
            _ if c.is_whitespace() => at += 1,
            _ => {
                tokens.push(c.to_string());
                at += 1;
            }
        }
    }
    tokens
}

fn find(text: &[char], from: usize, what: impl Fn(char) -> bool) -> usize {
    text[from..].iter().position(|c| what(*c)).map_or(text.len(), |n| from + n)
}

fn behind_comment(text: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < text.len() {
        match (text[at], text.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn behind_string(text: &[char], mut at: usize) -> usize {
    at += 1;
    while at < text.len() && text[at] != '"' {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// `r"…"`, `br#"…"#` and the like; `None` where only a word begins.
fn behind_raw_string(text: &[char], at: usize) -> Option<usize> {
    let r = at + usize::from(text[at] != 'r');
    if text.get(r) != Some(&'r') {
        return None;
    }
    let quote = find(text, r + 1, |c| c != '#');
    if text.get(quote) != Some(&'"') {
        return None;
    }
    let hashes = quote - r - 1;
    let mut end = quote + 1;
    while end < text.len() {
        let closes = text[end] == '"'
            && text.len() - end > hashes
            && text[end + 1..=end + hashes].iter().all(|c| *c == '#');
        if closes {
            return Some(end + 1 + hashes);
        }
        end += 1;
    }
    Some(text.len())
}

/// A character literal, or the tick of a lifetime.
fn behind_quote(text: &[char], at: usize) -> usize {
    match (text.get(at + 1), text.get(at + 2)) {
        (Some('\\'), _) => find(text, at + 3, |c| c == '\'') + 1,
        (_, Some('\'')) => at + 3,
        _ => find(text, at + 1, |c| !c.is_alphanumeric() && c != '_'),
    }
}

/// `smtp/reply.rs` is the module `smtp`, `reply`; `smtp/mod.rs` is `smtp`.
fn module_of(file: &Path) -> Vec<String> {
    let words = file.with_extension("");
    let words = words.components().map(|c| c.as_os_str().to_string_lossy().into_owned());
    words.filter(|word| !["mod", "lib", "main"].contains(&word.as_str())).collect()
}

/// Modules that exist only for tests are files or folders called `tests` or `…_tests`.
fn is_for_tests(file: &Path) -> bool {
    let file = file.with_extension("");
    file.iter().any(|part| part == "tests" || part.to_string_lossy().ends_with("_tests"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
