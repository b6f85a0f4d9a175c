//! The configuration as written: which keys there are, which values will do.
//!
//! Relative paths are relative to the configuration file.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::tz::TimeZone;

use crate::{
    attachments::Settings,
    decision::{Mode, Organisation},
    mail::Mailbox,
    policy::{
        Diagnostic, Preset, Source,
        document::{Document, Table},
    },
};

use super::{
    CallSettings, Config, DeskSettings, LogFormat, LogSettings, PolicySettings, StoreSettings,
    WebSettings, attachments, call,
    desk::desk,
    directory::directory,
    doors::{lmtp, smtp},
    events,
    fields::{finished, optional},
    notice, records, replies,
    second_reader::second_reader,
    team, traffic,
};

/// Everything that is wrong, or the configuration.
pub(super) fn decode(source: &Source, folder: &Path) -> Result<Config, Vec<Diagnostic>> {
    let (document, errors) = Document::parse(source);
    let Some(document) = document else { return Err(errors) };
    let found = document.findings();
    let root = document.root(&found);
    let config = decode_root(&root, folder);
    root.finish();
    let diagnostics = found.into_diagnostics();
    match config {
        Some(config) if diagnostics.is_empty() => Ok(config),
        _ => Err(diagnostics),
    }
}

fn decode_root(root: &Table<'_>, folder: &Path) -> Option<Config> {
    let organisation = section(root, "organisation", organisation);
    let smtp = section(root, "smtp", |t| smtp(t, folder));
    let lmtp = root.table("lmtp").map(|t| finished(t, lmtp));
    if let Some(milter) = root.table("milter") {
        milter.add(
            milter.span(),
            "`milter`: this version has no milter door",
            Some("use the SMTP or the LMTP door, and remove this section".to_owned()),
        );
        milter.string("listen").optional();
        milter.finish();
    }
    let door = smtp.as_ref().and_then(|s| s.listen.first().copied());
    let store = section(root, "store", |t| store(t, folder, door));
    let web = section(root, "web", web);
    let desk =
        root.table("desk").map_or_else(DeskSettings::default, |t| finished(t, |t| desk(t, folder)));
    let notice = section(root, "notice", |t| notice::decode(t, organisation.as_ref()));
    let replies = root.table("replies");
    let replies = replies.map(|t| finished(t, |t| replies::replies(t, organisation.as_ref())));
    let policy = root.table("policy").map_or_else(
        || Some(PolicySettings::default()),
        |t| finished(t, |t| Some(policy(t, folder))),
    );
    let attachments = root
        .table("attachments")
        .map_or_else(Settings::default, |t| finished(t, attachments::decode));
    let traffic =
        root.table("traffic").map_or_else(Default::default, |t| finished(t, traffic::decode));
    let call = root.table("call").map_or_else(CallSettings::default, |t| {
        finished(t, |t| call::decode(t, folder, organisation.as_ref()))
    });
    let zone = notice.as_ref().and_then(|notice| TimeZone::get(&notice.time_zone).ok());
    let house = team::House {
        organisation: organisation.as_ref(),
        call: &call,
        time_zone: zone.unwrap_or(TimeZone::UTC),
    };
    let teams = team::teams(root, folder, &house);
    let directory = root.table("directory").map(|t| finished(t, |t| directory(t, folder)));
    let second = root.table("second_reader").map(|t| finished(t, |t| second_reader(t, folder)));
    let retention =
        root.table("retention").map_or_else(records::usual, |t| finished(t, records::retention));
    let store_key = store.as_ref().map(|store| store.key_file.as_path());
    let from = notice.as_ref().map(|notice| &notice.from);
    let audit = root.table("audit");
    let audit = audit.map(|t| finished(t, |t| records::audit(t, folder, store_key, from)));
    let hostname = smtp.as_ref().map(|smtp| smtp.hostname.as_str());
    let receivers = events::receivers(root, folder, hostname);
    let log = root.table("log").map_or_else(
        || Some(LogSettings { format: LogFormat::Text, level: "info".to_owned() }),
        |t| finished(t, |t| Some(log(t))),
    );
    Some(Config {
        organisation: organisation?,
        smtp: smtp?,
        lmtp: optional(lmtp)?,
        store: store?,
        web: web?,
        desk,
        notice: notice?,
        policy: policy?,
        attachments,
        traffic,
        replies: optional(replies)?,
        call,
        teams: Arc::new(teams),
        directory: optional(directory)?,
        second_reader: optional(second)?,
        retention,
        audit: optional(audit)?,
        receivers,
        log: log?,
    })
}

/// A section that must be there.
fn section<T>(
    root: &Table<'_>,
    name: &'static str,
    read: impl FnOnce(&Table<'_>) -> Option<T>,
) -> Option<T> {
    let Some(table) = root.table(name) else {
        root.add(
            root.span(),
            format!("the section `[{name}]` is missing"),
            Some("`callfirst init` writes a configuration with every section".to_owned()),
        );
        return None;
    };
    finished(table, read)
}

fn organisation(t: &Table<'_>) -> Option<Organisation> {
    let name = t.string("name").required();
    let domains = t.parsed_list("domains", "mail domains such as \"northwind.example\"", |text| {
        let domain = text.trim_end_matches('.').to_ascii_lowercase();
        Mailbox::parse(&format!("x@{domain}")).is_ok().then_some(domain)
    });
    if domains.is_empty() {
        t.add(
            t.span(),
            "`organisation.domains` must name at least one domain",
            Some("without it nobody is inside and every mail would go to outsiders".to_owned()),
        );
    }
    Some(Organisation { name: name?, domains: domains.into_iter().map(|d| d.value).collect() })
}

fn store(t: &Table<'_>, folder: &Path, door: Option<SocketAddr>) -> Option<StoreSettings> {
    let url = t.string("url").and_then(|url| match url.split_once(':') {
        Some(("sqlite" | "postgres" | "postgresql", rest)) if !rest.is_empty() => Ok(url),
        _ => Err((
            format!("\"{}\" is no store", without_password(&url)),
            Some("sqlite:/var/lib/callfirst/callfirst.db or postgres://user@host/db".to_owned()),
        )),
    });
    let url = url.required();
    let key_file = t.string("key_file").optional();
    let node = t.string("node").optional();
    let url = url?;
    let sqlite = sqlite_path(&url).map(|path| folder.join(path));
    let key_file = match (key_file, &sqlite) {
        (Some(file), _) => folder.join(file),
        (None, Some(path)) => PathBuf::from(format!("{}.key", path.display())),
        (None, None) => folder.join("callfirst.key"),
    };
    let url = sqlite.map_or(url, |path| format!("sqlite:{}", path.display()));
    Some(StoreSettings { url, key_file, node: node.unwrap_or_else(|| this_node(door)) })
}

/// The same at every start of this node, and another for every other: two nodes with one name would
/// take each other's work for their own.
fn this_node(door: Option<SocketAddr>) -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}/{}", machine.trim(), door.map(|d| d.to_string()).unwrap_or_default())
}

fn sqlite_path(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(path.split('?').next().unwrap_or(path))
}

fn without_password(url: &str) -> &str {
    url.split("://").next().unwrap_or_default()
}

fn web(t: &Table<'_>) -> Option<WebSettings> {
    let listen = t.parsed("listen", "an address such as \"127.0.0.1:8025\"", |text| {
        text.parse::<SocketAddr>().ok()
    });
    let listen = listen.required();
    let url = t.string("public_url").and_then(|url| {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        match rest.filter(|r| !r.is_empty() && !r.contains(['"', '<', '>', ' ', '?', '#'])) {
            Some(_) => Ok(url.trim_end_matches('/').to_owned()),
            None => Err((
                "must be a URL that begins with https:// or http://".to_owned(),
                Some(
                    "how staff's browsers reach us: https://callfirst.northwind.example".to_owned(),
                ),
            )),
        }
    });
    let public_url = url.required();
    Some(WebSettings { listen: listen?, public_url: public_url? })
}

fn policy(t: &Table<'_>, folder: &Path) -> PolicySettings {
    let dir = t.string("dir").optional().map(|dir| folder.join(dir));
    let preset = t.choice("preset", &Preset::ALL).or(Preset::Balanced);
    let reader = t.boolean("reader").or(true);
    PolicySettings { dir, mode: t.choice("mode", &Mode::ALL).or(Mode::Enforce), preset, reader }
}

fn log(t: &Table<'_>) -> LogSettings {
    let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    let levels = ["error", "warn", "info", "debug"].map(|l| (l, l.to_owned()));
    LogSettings {
        format: t.choice("format", &formats).or(LogFormat::Text),
        level: t.choice("level", &levels).or("info".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: &str = r#"
        [organisation]
        name = "Northwind HVAC"
        domains = ["Northwind-HVAC.example"]
        [smtp]
        hostname = "relay.northwind-hvac.example"
        listen = ["127.0.0.1:10025"]
        next_hop = "127.0.0.1:10026"
        [lmtp]
        listen = ["127.0.0.1:10024"]
        [store]
        url = "sqlite:/var/lib/callfirst/callfirst.db"
        [web]
        listen = "127.0.0.1:8025"
        public_url = "https://callfirst.northwind-hvac.example/"
        [notice]
        from = "Call First <callfirst@northwind-hvac.example>"
        [policy]
        dir = "policies"
        mode = "observe"
    "#;

    fn decode(text: &str) -> Result<Config, Vec<String>> {
        let source = Source { name: "callfirst.toml".into(), text: text.into() };
        super::decode(&source, Path::new("/etc/callfirst"))
            .map_err(|all| all.into_iter().map(|d| d.message).collect())
    }

    #[test]
    fn the_contracts_keys_are_read() {
        let config = decode(COMPLETE).unwrap();
        assert_eq!(config.organisation.domains, ["northwind-hvac.example"]);
        assert_eq!(config.smtp.next_hop, "127.0.0.1:10026");
        assert_eq!(config.smtp.max_message_bytes, 36_700_160);
        assert_eq!(config.web.public_url, "https://callfirst.northwind-hvac.example");
        assert_eq!(config.notice.from_name, "Call First");
        assert_eq!(config.policy.dir.as_deref(), Some(Path::new("/etc/callfirst/policies")));
        assert_eq!(config.policy.mode, Mode::Observe);
        let key = Path::new("/var/lib/callfirst/callfirst.db.key");
        assert_eq!(config.store.key_file, key);
    }

    #[test]
    fn a_door_to_the_world_needs_a_list_of_who_may_come_in() {
        let open = COMPLETE.replace("127.0.0.1:10025", "0.0.0.0:25");
        let told = decode(&open).unwrap_err();
        assert!(told[0].contains("trusted_networks"), "{told:?}");
        let listed =
            open.replace("next_hop =", "trusted_networks = [\"192.0.2.0/28\"]\nnext_hop =");
        assert!(decode(&listed).is_ok());
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let told = decode("[smtp]\nhostnam = \"x\"\nlisten = [\"nowhere\"]\n[web]\nlisten = 1\n");
        let told = told.unwrap_err().join("\n");
        for part in
            ["organisation", "hostname", "hostnam", "listen", "next_hop", "store", "notice", "web"]
        {
            assert!(told.contains(part), "{part} is not in:\n{told}");
        }
    }

    #[test]
    fn attachments_have_bounds() {
        let with = |line: &str| decode(&format!("{COMPLETE}\n[attachments]\n{line}\n"));
        let config = with("max_bytes = \"2MiB\"\ntime = \"4s\"\nread = false").unwrap();
        let read = config.attachments;
        assert_eq!((read.read, read.max_octets, read.time.as_secs()), (false, 2 << 20, 4));
        for line in ["max_bytes = 0", "max_bytes = \"1GiB\"", "time = \"16s\"", "time = \"0s\""] {
            let told = with(line).unwrap_err().join("\n");
            assert!(told.contains("attachments."), "{line}: {told}");
        }
    }

    #[test]
    fn a_password_in_a_store_url_is_not_told() {
        let bad =
            COMPLETE.replace("sqlite:/var/lib/callfirst/callfirst.db", "mysql://u:secret@h/d");
        assert!(!decode(&bad).unwrap_err().join("\n").contains("secret"));
    }
}
