//! Replies to a notice as mail programs write them, and what each asks for: `tests/replies/`.

use std::{collections::BTreeMap, fs, path::Path};

use callfirst::{
    message::{self, Limits},
    notice::reply::understand,
};
use serde::Deserialize;

/// What a reply is expected to ask for.
#[derive(Deserialize)]
struct Expected {
    command: String,
    reason: Option<String>,
}

/// As many as the mail programs in use need; fewer would be an accident.
const LEAST: usize = 100;

#[test]
fn replies_of_mail_programs_are_understood() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies");
    let table = fs::read_to_string(folder.join("expected.toml")).unwrap();
    let table: BTreeMap<String, Expected> = toml::from_str(&table).unwrap();
    let mut files: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".eml").map(str::to_owned))
        .collect();
    files.sort();
    let named: Vec<&String> = table.keys().collect();
    assert_eq!(files.iter().collect::<Vec<_>>(), named, "the table and the folder differ");
    assert!(files.len() >= LEAST, "only {} replies", files.len());
    let mut wrong = Vec::new();
    for (name, expected) in &table {
        let octets = fs::read(folder.join(format!("{name}.eml"))).unwrap();
        let understood = understand(&message::read(&octets, &Limits::default()));
        let reason_differs = expected.reason.is_some() && expected.reason != understood.reason;
        if understood.command.as_str() != expected.command || reason_differs {
            let asked = understood.command.as_str();
            wrong
                .push(format!("{name}: {asked} {:?}, not {}", understood.reason, expected.command));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
