//! The example configuration is the manual: every key, at its true default. The page
//! `docs/configuration.md` is made from it; `BLESS=1` writes it anew. Tables that are off by default
//! stand there commented out; they are tested switched on. It speaks of a program with all features.
#![cfg(feature = "ldap")]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test may panic: that is how it fails"
)]

use std::{collections::BTreeSet, fs, path::Path};

use callfirst::config::Config;

/// Keys whose line shows an example, because without them there is nothing, or the machine decides.
const WITHOUT_DEFAULT: [&str; 39] = [
    "desk.proxy_networks",
    "desk.proxy_header",
    "desk.oidc.client_secret_file",
    "desk.oidc.ca_file",
    "desk.oidc.group.team",
    "call.causes",
    "call.lead",
    "call.admin",
    "call.second",
    "call.holidays",
    "call.holidays_file",
    "team.lead",
    "team.time_zone",
    "team.holidays",
    "team.holidays_file",
    "team.language",
    "team.mode",
    "smtp.tls_certificate",
    "smtp.tls_key",
    "notice.time_zone",
    "notice.languages",
    "store.node",
    "second_reader.key_file",
    "second_reader.ca_file",
    "directory.country",
    "directory.key_file",
    "directory.key_field",
    "directory.ca_file",
    "directory.ldap.ca_file",
    "directory.ldap.bind_dn",
    "directory.ldap.password_file",
    "retention.audit_days",
    "audit.heads_file",
    "audit.mail_to",
    "webhook.include",
    "webhook.ca_file",
    "syslog.ca_file",
    "syslog.include",
    "event_log.include",
];
/// Lines that switch on what is off: a table and the keys that it cannot do without.
const OFF: [&str; 31] = [
    "[desk.oidc]",
    "issuer = \"https://login.northwind-hvac.example/realms/staff\"",
    "client_id = \"callfirst\"",
    "[[desk.oidc.group]]",
    "name = \"callfirst-reviewers\"",
    "role = \"reviewer\"",
    "[replies]",
    "address = \"callfirst@northwind-hvac.example\"",
    "trusted = \"authentication_results\"",
    "authserv_id = \"mx.northwind-hvac.example\"",
    "[[team]]",
    "name = \"Service Lisbon\"",
    "members = [\"@lisboa.northwind-hvac.example\", \"kim@northwind-hvac.example\"]",
    "[directory]",
    "file = \"people.csv\"",
    "url = \"http://127.0.0.1:9000/people?address={address}\"",
    "[directory.ldap]",
    "url = \"ldaps://ldap.northwind-hvac.example\"",
    "base_dn = \"ou=customers,dc=northwind-hvac,dc=example\"",
    "[second_reader]",
    "url = \"http://127.0.0.1:8080/v1/chat/completions\"",
    "model = \"qwen2.5-7b-instruct\"",
    "[audit]",
    "[[webhook]]",
    "name = \"service-channel\"",
    "url = \"https://hooks.northwind-hvac.example/callfirst\"",
    "secret_file = \"webhook.secret\"",
    "[syslog]",
    "url = \"tls://siem.northwind-hvac.example\"",
    "[event_log]",
    "file = \"/var/log/callfirst/events.jsonl\"",
];
/// Keys that the example sets to something else than their default.
const SET_ON_PURPOSE: [&str; 3] = ["policy.dir", "directory.file", "directory.url"];

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The example with every table on.
fn example() -> String {
    let example = read("examples/callfirst.toml");
    OFF.iter().fold(example, |example, line| {
        let off = format!("\n#{line}\n");
        assert!(example.contains(&off), "{line} is not in the example");
        example.replace(&off, &format!("\n{line}\n"))
    })
}

/// The configuration as it is understood.
fn understood(text: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("callfirst.toml");
    fs::write(&file, text).unwrap();
    for holidays in ["holidays.txt", "feriados.txt"] {
        fs::write(folder.path().join(holidays), "2026-12-24 Christmas Eve\n").unwrap();
    }
    let shown = |text: String| text.replace(&folder.path().display().to_string(), "FOLDER");
    match Config::load(&file) {
        Ok(config) => Ok(shown(format!("{config:#?}"))),
        Err(mistakes) => Err(shown(mistakes.render(false))),
    }
}

/// One key of the example, with its explanation.
struct Key<'a> {
    section: &'a str,
    name: &'a str,
    value: &'a str,
    commented: bool,
    line: usize,
    words: String,
}

impl Key<'_> {
    fn full_name(&self) -> String {
        format!("{}.{}", bare(self.section), self.name)
    }
}

/// `[team]`, of which there may be several, is asked for as `team`.
fn bare(section: &str) -> &str {
    section.trim_matches(['[', ']'])
}

/// The words in front of a section belong to it; `sections` gets them.
fn keys<'a>(example: &'a str, sections: &mut Vec<(&'a str, String)>) -> Vec<Key<'a>> {
    let (mut keys, mut words, mut section) = (Vec::new(), String::new(), "");
    for (line, text) in example.lines().enumerate() {
        let bare = text.strip_prefix('#').filter(|t| !t.starts_with(' ') && !t.is_empty());
        if let Some(comment) = text.strip_prefix("# ") {
            words = format!("{words} {}", comment.trim()).trim().to_owned();
        } else if let Some(name) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            section = name;
            sections.push((section, std::mem::take(&mut words)));
        } else if let Some((name, value)) = bare.unwrap_or(text).split_once(" = ") {
            let (commented, words) = (bare.is_some(), std::mem::take(&mut words));
            keys.push(Key { section, name, value, commented, line, words });
        } else {
            // What stands in front of an empty line is about the file.
            words.clear();
        }
    }
    keys
}

fn with_line(example: &str, line: usize, change: impl Fn(&str) -> String) -> String {
    let changed = |(n, text): (usize, &str)| if n == line { change(text) } else { text.to_owned() };
    example.lines().enumerate().map(changed).collect::<Vec<_>>().join("\n")
}

/// Whether the value shown is what holds without the line.
fn has_default(example: &str, key: &Key<'_>) -> bool {
    let off = with_line(example, key.line, |text| format!("# {text}"));
    let needless = understood(&off).is_ok();
    needless
        && !WITHOUT_DEFAULT.contains(&key.full_name().as_str())
        && !SET_ON_PURPOSE.contains(&key.full_name().as_str())
}

#[test]
fn what_is_off_in_the_example_is_off() {
    let config = understood(&read("examples/callfirst.toml")).unwrap();
    for table in [
        "second_reader: None",
        "replies: None",
        "directory: None",
        "members: {}",
        "audit: None",
        "receivers: []",
    ] {
        assert!(config.contains(table), "{config}");
    }
}

#[test]
fn a_key_shown_at_its_default_changes_nothing() {
    let example = example();
    let plain = understood(&example).unwrap();
    for key in keys(&example, &mut Vec::new()) {
        if key.commented && !WITHOUT_DEFAULT.contains(&key.full_name().as_str()) {
            let on = with_line(&example, key.line, |text| text.replacen('#', "", 1));
            assert_eq!(understood(&on).as_ref(), Ok(&plain), "{}", key.full_name());
        } else if !key.commented {
            let off = with_line(&example, key.line, |text| format!("#{text}"));
            match understood(&off) {
                Ok(without) if SET_ON_PURPOSE.contains(&key.full_name().as_str()) => {
                    assert_ne!(without, plain, "{} is at its default", key.full_name());
                }
                Ok(without) => assert_eq!(without, plain, "{}", key.full_name()),
                Err(said) => assert!(said.contains(key.name), "{}:\n{said}", key.full_name()),
            }
        }
    }
}

#[test]
fn keys_without_a_default_are_taken_too() {
    let example = example();
    let keys = keys(&example, &mut Vec::new());
    let mut on = example.clone();
    for name in WITHOUT_DEFAULT {
        let key = keys.iter().find(|key| key.full_name() == name);
        let key = key.unwrap_or_else(|| panic!("{name} is not in the example"));
        on = with_line(&on, key.line, |text| text.replacen('#', "", 1));
    }
    let on = understood(&on).unwrap();
    for value in [
        "fullchain.pem",
        "key.pem",
        "Europe/Berlin",
        "second-reader.key",
        "crm.key",
        "ldap.password",
    ] {
        assert!(on.contains(value), "{value} is not in\n{on}");
    }
}

/// The decoder asks for each key by a literal: `t.string("name")`, `count(t, "name", ...)`.
#[test]
fn every_key_that_the_decoder_knows_is_in_the_example() {
    let without_tests = |name: String| {
        read(&name).split("#[cfg(test)]").next().map(str::to_owned).unwrap_or_default()
    };
    let files = [
        "attachments",
        "call",
        "desk",
        "directory",
        "doors",
        "events",
        "file",
        "holidays",
        "hours",
        "ldap",
        "oidc",
        "records",
        "replies",
        "second_reader",
        "team",
    ];
    let code: String = files.map(|file| without_tests(format!("src/config/{file}.rs"))).concat();
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let mut known = BTreeSet::new();
    for call in [
        "(t,",
        "section(root,",
        "t.string(",
        "t.parsed(",
        "t.parsed_list(",
        "t.choice(",
        "t.boolean(",
        "t.bytes(",
        "t.duration(",
        "t.float(",
        "root.table(",
        "root.tables(",
        "t.strings(",
    ] {
        for (at, _) in code.match_indices(call) {
            let rest = &code[at + call.len()..];
            known.extend(rest.strip_prefix('"').and_then(|r| r.split('"').next()));
        }
    }
    assert!(known.len() > 50, "only {known:?}");
    known.remove("milter");
    let example = example();
    let mut sections = Vec::new();
    let shown: BTreeSet<&str> = keys(&example, &mut sections).iter().map(|k| k.name).collect();
    let shown: BTreeSet<&str> =
        shown.into_iter().chain(sections.iter().map(|s| bare(s.0))).collect();
    let missing: Vec<_> = known.difference(&shown).collect();
    assert!(missing.is_empty(), "not in examples/callfirst.toml: {missing:?}");
}

#[test]
fn the_page_says_what_the_example_says() {
    let example = example();
    let mut sections = Vec::new();
    let keys = keys(&example, &mut sections);
    let mut page = String::from(
        "# Configuration\n\nMade from `examples/callfirst.toml`, the file that `callfirst init` \
         writes (`BLESS=1 cargo test --test configuration` makes this page anew).\n\n\
         `callfirst check -c FILE` tells every mistake at once, with file, line and what would do; \
         `serve` starts on\nnothing that `check` refuses. Unknown keys are errors. Relative paths count \
         from the folder of the file. Sizes are octets,\nor `\"35MiB\"`; times are `\"90s\"`, `\"15m\"`, \
         `\"4h\"` or `\"2d\"`. SIGHUP, and a change in the policy folder, reads policies and the\n\
         certificate again, and so it is with the directory's file; the keys of this file are read at the start only. How to write a policy is \
         in [policies.md](policies.md).\n",
    );
    for (section, words) in &sections {
        page.push_str(&format!("\n## `[{section}]`\n\n"));
        if !words.is_empty() {
            page.push_str(&format!("{words}\n\n"));
        }
        page.push_str("| key | value | what it is for |\n| --- | --- | --- |\n");
        for key in keys.iter().filter(|k| k.section == *section) {
            let said = if has_default(&example, key) { "default" } else { "such as" };
            assert!(!key.words.is_empty(), "{} has no explanation", key.full_name());
            page.push_str(&format!(
                "| `{}` | {said} `{}` | {} |\n",
                key.name, key.value, key.words
            ));
        }
    }
    if std::env::var_os("BLESS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
        return fs::write(path, page).unwrap();
    }
    assert!(read("docs/configuration.md") == page, "BLESS=1 cargo test --test configuration");
}
