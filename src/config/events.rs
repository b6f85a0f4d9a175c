//! `[[webhook]]`, `[syslog]` and `[event_log]` as written: who hears of events.

use std::{collections::BTreeSet, path::Path, time::Duration};

use crate::{
    events::{Format, Include, Kind, Settings, SyslogSettings, Transport, Wanted, WebhookSettings},
    http::Endpoint,
    policy::document::Table,
};

use super::{ReceiverSettings, ReceiverWay, fields::limit};

/// What could not be told for so long is given up, unless said otherwise.
const GIVE_UP_AFTER: Duration = Duration::from_secs(3 * 24 * 3600);
/// Longer nobody mends a receiver.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);
/// The longest name of a receiver.
const MOST_OF_NAME: usize = 60;

/// Every receiver that the file names.
pub(super) fn receivers(
    root: &Table<'_>,
    folder: &Path,
    hostname: Option<&str>,
) -> Vec<ReceiverSettings> {
    let mut all: Vec<ReceiverSettings> = Vec::new();
    for table in root.tables("webhook") {
        if let Some(one) = webhook(&table, folder) {
            if all.iter().any(|other| other.told.name == one.told.name) {
                table.add(
                    table.span(),
                    "two webhooks have one name",
                    Some(
                        "the name says how far a receiver has heard: give each its own".to_owned(),
                    ),
                );
            }
            all.push(one);
        }
        table.finish();
    }
    if let Some(table) = root.table("syslog") {
        all.extend(syslog(&table, folder, hostname));
        table.finish();
    }
    if let Some(table) = root.table("event_log") {
        let file = table.string("file").required();
        let told = told(&table, "event_log".to_owned(), Wanted::Audit);
        let way = file.map(|file| ReceiverWay::File(folder.join(file)));
        all.extend(way.map(|way| ReceiverSettings { told, way }));
        table.finish();
    }
    all
}

fn webhook(t: &Table<'_>, folder: &Path) -> Option<ReceiverSettings> {
    let name = t.parsed("name", "a name of letters, digits and hyphens", |text| {
        let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let fits = (1..=MOST_OF_NAME).contains(&text.len()) && text.chars().all(good);
        fits.then(|| format!("webhook:{text}"))
    });
    let name = name.required();
    let url = t.string("url").and_then(|url| {
        url.parse::<Endpoint>().map_err(|error| {
            let wanted = "such as \"https://hooks.northwind.example/callfirst\"";
            (error.to_string(), Some(wanted.to_owned()))
        })
    });
    let endpoint = url.required_located();
    if let Some(endpoint) = endpoint.as_ref().filter(|e| !e.value.tls && !is_this_machine(&e.value))
    {
        let help = "use https; http is for this machine only";
        let message = "`webhook.url` would send events in clear";
        t.add(endpoint.span.clone(), message, Some(help.to_owned()));
    }
    let formats = [("json", Format::Json), ("slack", Format::Slack), ("teams", Format::Teams)];
    let format = t.choice("format", &formats).or(Format::Json);
    let secret_file = t.string("secret_file").optional().map(|file| folder.join(file));
    let ca_file = t.string("ca_file").optional().map(|file| folder.join(file));
    let allow_private = t.boolean("allow_private").or(false);
    if format == Format::Json && secret_file.is_none() {
        let help = "secret_file = \"webhook.secret\", made by: (umask 077; echo \"whsec_$(openssl rand -base64 32)\" > webhook.secret)";
        let message = "`webhook.secret_file` is missing: without it nobody can tell our events from forged ones";
        t.add(t.span(), message, Some(help.to_owned()));
    }
    let wanted = Wanted::Kinds(kinds(t));
    let told = told(t, name.clone().unwrap_or_default(), wanted);
    let _ = name?;
    let way = ReceiverWay::Webhook(WebhookSettings {
        endpoint: endpoint?.value,
        secret_file,
        ca_file,
        allow_private,
        format,
    });
    Some(ReceiverSettings { told, way })
}

fn is_this_machine(endpoint: &Endpoint) -> bool {
    let address = endpoint.host.parse::<std::net::IpAddr>();
    endpoint.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The kinds that are asked for; all of them by default.
fn kinds(t: &Table<'_>) -> BTreeSet<Kind> {
    if !t.has("events") {
        drop(t.strings("events").optional());
        return Kind::ALL.into_iter().collect();
    }
    let known = |text: &str| Kind::ALL.into_iter().find(|kind| kind.as_str() == text);
    let kinds = t.parsed_list("events", EVENTS, known);
    if kinds.is_empty() {
        let help = format!("leave the key out to hear all, or name {EVENTS}");
        t.add(t.span(), "`webhook.events` names no event", Some(help));
    }
    kinds.into_iter().map(|kind| kind.value).collect()
}

/// What may stand there.
const EVENTS: &str = "some of hold.held, hold.decided, hold.taken_back, hold.released, hold.delivered, \
    hold.undeliverable, hold.expired, promise.open, promise.kept, promise.late, policies.reloaded";

fn syslog(t: &Table<'_>, folder: &Path, hostname: Option<&str>) -> Option<ReceiverSettings> {
    let wanted = "a place such as \"tls://siem.northwind.example:6514\", or tcp:// or udp://";
    let place = t.parsed("url", wanted, place).required();
    let ca_file = t.string("ca_file").optional().map(|file| folder.join(file));
    let told = told(t, "syslog".to_owned(), Wanted::Audit);
    let (transport, host, port) = place?;
    let hostname = hostname?.to_owned();
    let way = ReceiverWay::Syslog(SyslogSettings { transport, host, port, ca_file, hostname });
    Some(ReceiverSettings { told, way })
}

/// Ports by default: RFC 5425, RFC 6587 (as it is used), RFC 5426.
fn place(text: &str) -> Option<(Transport, String, u16)> {
    let (scheme, rest) = text.split_once("://")?;
    let (transport, usual) = match scheme {
        "tls" => (Transport::Tls, 6514),
        "tcp" => (Transport::Tcp, 601),
        "udp" => (Transport::Udp, 514),
        _ => return None,
    };
    let rest = rest.trim_end_matches('/');
    let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, usual),
        Some((host, port)) => (host, port.strip_prefix(':')?.parse().ok()?),
        None => match rest.split_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (rest, usual),
        },
    };
    let good = |c: char| c.is_ascii_alphanumeric() || ".-_:".contains(c);
    (!host.is_empty() && host.chars().all(good)).then(|| (transport, host.to_owned(), port))
}

fn told(t: &Table<'_>, name: String, wanted: Wanted) -> Settings {
    let mut include = Include::default();
    let known = |text: &str| ["sender", "subject", "recipients"].into_iter().find(|w| *w == text);
    for word in t.parsed_list("include", "\"sender\", \"subject\" and \"recipients\" only", known) {
        match word.value {
            "sender" => include.sender = true,
            "subject" => include.subject = true,
            _ => include.recipients = true,
        }
    }
    let help = "choose a time up to \"30d\"";
    let give_up_after = limit(t, "give_up_after", GIVE_UP_AFTER, LONGEST, help);
    Settings { name, wanted, include, give_up_after }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Source, document::Document};

    fn read(text: &str) -> Result<Vec<ReceiverSettings>, String> {
        let source = Source { name: "callfirst.toml".to_owned(), text: text.to_owned() };
        let (document, _) = Document::parse(&source);
        let document = document.unwrap();
        let found = document.findings();
        let root = document.root(&found);
        let all = receivers(&root, Path::new("/etc/callfirst"), Some("relay.example"));
        root.finish();
        let told = found.into_diagnostics();
        let told: Vec<String> =
            told.iter().map(|d| d.render(std::slice::from_ref(&source))).collect();
        if told.is_empty() { Ok(all) } else { Err(told.join("\n")) }
    }

    const GOOD: &str = "[[webhook]]\nname = \"erp\"\nurl = \"https://erp.example/hook\"\n\
                        secret_file = \"s\"\n";

    #[test]
    fn a_webhook_hears_all_by_default_and_no_word_of_mail() {
        let all =
            read(&format!("{GOOD}[syslog]\nurl = \"udp://[::1]\"\n[event_log]\nfile = \"e\""));
        let all = all.unwrap();
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].told.include, Include::default());
        assert_eq!(all[0].told.wanted, Wanted::Kinds(Kind::ALL.into_iter().collect()));
        let ReceiverWay::Syslog(syslog) = &all[1].way else { panic!() };
        assert_eq!((syslog.host.as_str(), syslog.port), ("::1", 514));
        assert_eq!(all[2].told.wanted, Wanted::Audit);
    }

    #[test]
    fn mistakes_name_the_key_and_what_would_do() {
        for (text, wanted) in [
            ("[[webhook]]".to_owned(), "`webhook[0].url` is missing"),
            (GOOD.replace("https", "http"), "use https"),
            (GOOD.replace("secret_file = \"s\"\n", ""), "forged"),
            (GOOD.replace("erp.example", "u:p@erp.example"), "no password"),
            (format!("{GOOD}events = [\"held\"]"), "hold.held"),
            (format!("{GOOD}events = []"), "names no event"),
            (format!("{GOOD}include = [\"body\"]"), "\"recipients\" only"),
            (format!("{GOOD}{GOOD}"), "two webhooks have one name"),
            (format!("{GOOD}give_up_after = \"31d\""), "up to \"30d\""),
            ("[syslog]\nurl = \"siem:514\"".to_owned(), "tls://siem"),
            ("[event_log]".to_owned(), "`event_log.file` is missing"),
        ] {
            let told = read(&text).unwrap_err();
            assert!(told.contains(wanted), "{wanted} is not in:\n{told}");
        }
        let local = GOOD.replace("https://erp.example", "http://127.0.0.1:9000");
        assert!(read(&local).is_ok());
        assert!(read(&GOOD.replace("secret_file = \"s\"", "format = \"slack\"")).is_ok());
    }
}
