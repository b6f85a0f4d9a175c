//! The sections `[smtp]` and `[lmtp]` as written: the doors, their limits and the next hop.

use std::{net::SocketAddr, path::Path, time::Duration};

use crate::{
    intake::{Network, TlsFiles},
    mail::Mailbox,
    policy::document::Table,
};

use super::{BareNewlines, LmtpDoor, NextHopTls, OnError, SmtpSettings};

const MIB: u64 = 1 << 20;

/// `[smtp]`
pub(super) fn smtp(t: &Table<'_>, folder: &Path) -> Option<SmtpSettings> {
    let hostname = t.parsed("hostname", "a host name such as \"relay.example\"", host_name);
    let hostname = hostname.required();
    let listen = addresses(t);
    let next_hop = t.parsed("next_hop", "host and port such as \"127.0.0.1:10026\"", host_and_port);
    let next_hop = next_hop.required();
    let next_hop_tls = t.choice(
        "next_hop_tls",
        &[
            ("off", NextHopTls::Off),
            ("opportunistic", NextHopTls::Opportunistic),
            ("required", NextHopTls::Required),
        ],
    );
    let helo = t.parsed("next_hop_helo", "a host name such as \"relay.example\"", host_name);
    let max_connections = count(t, "max_connections", 1000, 100_000);
    let settings = SmtpSettings {
        next_hop_helo: helo.optional().or_else(|| hostname.clone()).unwrap_or_default(),
        hostname: hostname.unwrap_or_default(),
        next_hop: next_hop.unwrap_or_default(),
        next_hop_tls: next_hop_tls.or(NextHopTls::Off),
        trusted_networks: trusted_networks(t, &listen),
        listen,
        max_message_bytes: t.bytes("max_message_bytes").or(35 * MIB),
        max_connections,
        max_connections_per_client: count(
            t,
            "max_connections_per_client",
            max_connections,
            100_000,
        ),
        max_recipients: count(t, "max_recipients", 1000, 50_000),
        max_received_fields: count(t, "max_received_fields", 100, 1000),
        memory_bytes: t.bytes("memory_bytes").or(64 * MIB),
        command_timeout: seconds(t, "command_timeout", 300),
        data_timeout: seconds(t, "data_timeout", 180),
        next_hop_command_timeout: seconds(t, "next_hop_command_timeout", 60),
        next_hop_data_timeout: seconds(t, "next_hop_data_timeout", 600),
        bare_newlines: t
            .choice(
                "bare_newlines",
                &[("reject", BareNewlines::Reject), ("normalize", BareNewlines::Normalize)],
            )
            .or(BareNewlines::Reject),
        on_error: t
            .choice("on_error", &[("tempfail", OnError::TempFail), ("pass", OnError::Pass)])
            .or(OnError::TempFail),
        tls: tls_files(t, folder),
        drain_timeout: seconds(t, "drain_timeout", 30),
    };
    let complete = !settings.hostname.is_empty() && !settings.next_hop.is_empty();
    complete.then_some(settings)
}

fn addresses(t: &Table<'_>) -> Vec<SocketAddr> {
    let listen = t.parsed_list("listen", "addresses such as \"127.0.0.1:10025\"", |text| {
        text.parse::<SocketAddr>().ok()
    });
    if listen.is_empty() {
        t.add(
            t.span(),
            format!("`{}` must name at least one address", t.path_of("listen")),
            Some("such as [\"127.0.0.1:10025\"]".to_owned()),
        );
    }
    listen.into_iter().map(|l| l.value).collect()
}

fn trusted_networks(t: &Table<'_>, listen: &[SocketAddr]) -> Vec<Network> {
    let given = t.parsed_list("trusted_networks", "networks such as \"127.0.0.0/8\"", |text| {
        text.parse().ok()
    });
    let networks: Vec<Network> = given.into_iter().map(|n| n.value).collect();
    let open = listen.iter().any(|l| !l.ip().is_loopback());
    if networks.is_empty() && open {
        t.add(
            t.span(),
            "`smtp.trusted_networks` is missing, and a door listens on more than loopback",
            Some("name the mail servers that hand us mail, such as [\"192.0.2.0/28\"]".to_owned()),
        );
    }
    if networks.is_empty() {
        return Network::loopback();
    }
    networks
}

fn tls_files(t: &Table<'_>, folder: &Path) -> Option<TlsFiles> {
    let certificate = t.string("tls_certificate").optional();
    let key = t.string("tls_key").optional();
    match (certificate, key) {
        (Some(certificate), Some(key)) => {
            Some(TlsFiles { certificate: folder.join(certificate), key: folder.join(key) })
        }
        (None, None) => None,
        _ => {
            t.add(
                t.span(),
                "`smtp.tls_certificate` and `smtp.tls_key` go together",
                Some("name both files, or neither".to_owned()),
            );
            None
        }
    }
}

/// `[lmtp]`
pub(super) fn lmtp(t: &Table<'_>) -> Option<LmtpDoor> {
    let listen = addresses(t);
    (!listen.is_empty()).then_some(LmtpDoor { listen })
}

fn count(t: &Table<'_>, key: &'static str, default: usize, most: i64) -> usize {
    let number = t.integer(key, 1..=most).optional();
    number.and_then(|n| usize::try_from(n).ok()).unwrap_or(default)
}

fn seconds(t: &Table<'_>, key: &'static str, default_secs: u64) -> Duration {
    let positive = t.duration(key).and_then(|d| match d.is_zero() {
        false => Ok(d),
        true => Err(("must be longer than nothing".to_owned(), None)),
    });
    positive.or(Duration::from_secs(default_secs))
}

fn host_name(text: &str) -> Option<String> {
    let mailbox = Mailbox::parse(&format!("x@{text}")).ok()?;
    (text.is_ascii() && mailbox.domain() == Some(text)).then(|| text.to_owned())
}

fn host_and_port(text: &str) -> Option<String> {
    let (host, port) = text.rsplit_once(':')?;
    let good_port = port.parse::<u16>().is_ok_and(|p| p > 0);
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    let good_host = bare.parse::<std::net::IpAddr>().is_ok() || host_name(host).is_some();
    (good_port && good_host).then(|| text.to_owned())
}
