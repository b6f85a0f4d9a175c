//! Stories that need more than text: limits, time, large content, TLS.

use std::{path::PathBuf, sync::Arc, time::Duration};

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::TlsConnector;

use super::{
    script::{Script, session, settings},
    talk::Talk,
};
use crate::{
    intake::{
        doors::Door,
        settings::Settings,
        smtp::House,
        tls::{Tls, TlsFiles},
    },
    mail::Protocol,
    wire::smtp::LineEnds,
};

const SOON: Duration = Duration::from_millis(30);

fn contents(script: &Script) -> Vec<Vec<u8>> {
    script.heard.lock().expect("unpoisoned").contents.clone()
}

#[tokio::test]
async fn a_large_mail_arrives_byte_for_byte_with_our_received_field_beside_it() {
    let script = Script::default();
    let house = script.house(settings());
    let (mut talk, serving) = Talk::in_data(&house).await;
    let mut content = b"Subject: large\r\n\r\n".to_vec();
    for number in 0..40_000u32 {
        content.extend_from_slice(format!("line {number} \u{e9}\r\n").as_bytes());
    }
    talk.send(&content).await;
    talk.says(".", "250 2.0.0 taken").await;
    talk.says("QUIT", "221 ").await;
    serving.await.expect("no panic");
    let heard = script.heard.lock().expect("unpoisoned");
    assert!(heard.contents == [content], "the content changed");
    let (trace, origin) = (&heard.traces[0], &heard.origins[0]);
    assert!(trace.starts_with("Received: from client.example ([127.0.0.1])\r\n\tby relay.example"));
    assert!(trace.contains(&origin.transaction_id) && trace.ends_with(" +0000\r\n"), "{trace}");
    assert!(!trace.contains("c@d.example"));
    assert_eq!(origin.protocol, Protocol::Smtp);
}

#[tokio::test]
async fn content_without_a_header_gets_an_empty_line_behind_our_field() {
    for (content, empty_line) in [("just text\r\n", true), ("Subject: x\r\n", false), ("", false)] {
        let script = Script::default();
        let (mut talk, _) = Talk::in_data(&script.house(settings())).await;
        talk.send(content).await;
        talk.says(".", "250 ").await;
        let trace = script.heard.lock().expect("unpoisoned").traces[0].clone();
        assert_eq!(trace.ends_with("\r\n\r\n"), empty_line, "{content:?}");
    }
}

#[tokio::test]
async fn before_the_next_hop_was_ever_reached_nothing_is_offered_that_it_may_lack() {
    let script = Script { hop: None, ..Script::default() };
    let house = script.house(Settings { next_hop_wait: SOON, ..settings() });
    let (mut talk, _) = Talk::begin(&house).await;
    talk.says("EHLO client.example", "421 4.4.1").await;
    talk.hears_end().await;
}

#[tokio::test]
async fn too_large_is_said_at_the_true_end_and_the_session_goes_on() {
    let script = Script::default();
    let house = script.house(Settings { max_message_octets: 1000, ..settings() });
    let (mut talk, _) = Talk::in_data(&house).await;
    for _ in 0..100 {
        talk.send("0123456789012345678901234567890123456789\r\n").await;
    }
    talk.send("MAIL FROM:<inside@data.example>\r\n").await;
    talk.says(".", "552 5.3.4").await;
    talk.says("NOOP", "250 ").await;
    talk.reaches_data().await;
    talk.says(".", "250 ").await;
    assert_eq!(contents(&script), [Vec::<u8>::new()]);
}

#[tokio::test]
async fn one_recipient_too_many_is_452_and_the_others_get_the_mail() {
    let script = Script::default();
    let house = script.house(Settings { max_recipients: 2, ..settings() });
    let (mut talk, _) = Talk::begin(&house).await;
    talk.says("HELO client.example", "250 ").await;
    talk.says("MAIL FROM:<a@b.example>", "250 ").await;
    for (address, front) in
        [("c", "250 "), ("refuse550", "550 "), ("d", "250 "), ("e", "452 4.5.3")]
    {
        talk.says(&format!("RCPT TO:<{address}@d.example>"), front).await;
    }
    talk.says("DATA", "354 ").await;
    talk.says(".", "250 ").await;
    assert_eq!(script.log().last().map(String::as_str), Some("content 0 octets"));
}

#[tokio::test]
async fn errors_and_commands_that_move_no_mail_have_an_end() {
    let script = Script::default();
    let house = script.house(Settings { max_errors: 2, max_idle_commands: 5, ..settings() });
    let (mut talk, _) = Talk::begin(&house).await;
    talk.says("JUNK", "500 ").await;
    talk.says("JUNK", "500 ").await;
    talk.says("JUNK", "421 4.7.0 too many errors").await;
    talk.hears_end().await;
    let (mut talk, _) = Talk::begin(&house).await;
    for _ in 0..5 {
        talk.says("NOOP", "250 ").await;
    }
    talk.says("NOOP", "421 4.7.0 too many commands").await;
    talk.hears_end().await;
}

#[tokio::test]
async fn a_silent_client_is_hung_up_on_in_command_and_in_data() {
    let script = Script::default();
    let house = script.house(Settings { command_time: SOON, ..settings() });
    let (mut talk, _) = Talk::begin(&house).await;
    talk.hears("421 4.4.2").await;
    talk.hears_end().await;
    for (data_time, message_time) in [(SOON, settings().message_time), (settings().data_time, SOON)]
    {
        let house = script.house(Settings { data_time, message_time, ..settings() });
        let (mut talk, _) = Talk::in_data(&house).await;
        talk.send("half a ").await;
        talk.hears("421 4.4.2").await;
        talk.hears_end().await;
    }
    assert!(contents(&script).is_empty());
}

#[tokio::test]
async fn a_client_that_goes_away_inside_data_has_sent_nothing() {
    for tail in ["", "line\r\n", "line\r\n.", "line\r\n.\r", "line\n.\n"] {
        let script = Script::default();
        let (mut talk, serving) = Talk::in_data(&script.house(settings())).await;
        talk.send(tail).await;
        talk.half_close().await;
        talk.hears_end().await;
        serving.await.expect("no panic");
        assert!(contents(&script).is_empty(), "{tail:?}");
        assert_eq!(script.log().last().map(String::as_str), Some("abandoned"));
    }
}

#[tokio::test]
async fn a_mail_that_goes_round_is_stopped() {
    let script = Script::default();
    let house = script.house(settings());
    let other = "Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000\r\n";
    let ours = "Received: from a\r\n\tby relay.example (callfirst) with ESMTP id 1; now\r\n";
    for (header, front) in [
        (other.repeat(100), "250 "),
        (other.repeat(101), "554 5.4.6"),
        (ours.repeat(2), "250 "),
        (ours.repeat(3), "554 5.4.6"),
        (format!("\r\n{}", other.repeat(101)), "250 "),
    ] {
        let (mut talk, _) = Talk::in_data(&house).await;
        talk.send(&header).await;
        talk.says(".", front).await;
    }
}

#[tokio::test]
async fn lone_line_ends_are_made_crlf_where_the_operator_says_so_and_nul_is_refused_even_then() {
    let script = Script::default();
    let house = script.house(Settings { line_ends: LineEnds::Normalise, ..settings() });
    let (mut talk, _) = Talk::in_data(&house).await;
    talk.send("a\nb\rc\n.\r\nd\r\n.\r\n").await;
    talk.hears("250 ").await;
    assert_eq!(contents(&script), [b"a\r\nb\r\nc\r\n.\r\nd\r\n".to_vec()]);
    talk.reaches_data().await;
    talk.send("a\0b\r\n.\r\n").await;
    talk.hears("554 5.6.0").await;
    assert_eq!(contents(&script).len(), 1);
}

#[tokio::test]
async fn without_room_to_spool_the_client_keeps_the_mail() {
    let script = Script::default();
    let folder = PathBuf::from("/nonexistent/callfirst");
    let house =
        script.house(Settings { spool_folder: folder, message_memory_octets: 10, ..settings() });
    let (mut talk, _) = Talk::in_data(&house).await;
    talk.send("more than ten octets\r\n").await;
    talk.says(".", "452 4.3.1").await;
    assert!(contents(&script).is_empty());
}

#[tokio::test]
async fn xforward_belongs_to_one_transaction_and_to_trusted_peers() {
    let script = Script::default();
    let house = script.house(settings());
    let (mut talk, _) = Talk::begin(&house).await;
    talk.ehlo().await;
    talk.says("XFORWARD NAME=a.example ADDR=192.0.2.7", "250 ").await;
    talk.says("XFORWARD ADDR=192.0.2.8 IDENT=4711", "250 ").await;
    talk.reaches_data().await;
    talk.says(".", "250 ").await;
    talk.reaches_data().await;
    talk.says(".", "250 ").await;
    let origins = script.heard.lock().expect("unpoisoned").origins.clone();
    assert_eq!(origins[0].xforward.get("ADDR"), Some("192.0.2.8"));
    assert_eq!(origins[0].xforward.attributes.len(), 3);
    assert!(origins[1].xforward.attributes.is_empty());
    assert_ne!(origins[0].transaction_id, origins[1].transaction_id);

    let house = script.house(Settings { xforward_networks: vec![], ..settings() });
    let (mut talk, _) = Talk::begin(&house).await;
    assert!(!talk.ehlo().await.iter().any(|k| k.starts_with("XFORWARD")));
    talk.says("XFORWARD ADDR=192.0.2.7", "550 5.7.1").await;
}

#[tokio::test]
async fn told_to_stop_idle_sessions_hear_421_and_a_message_under_way_is_finished() {
    let script = Script::default();
    let house = script.house(settings());
    let (mut idle, idle_serving) = Talk::begin(&house).await;
    let (mut busy, busy_serving) = Talk::in_data(&house).await;
    busy.send("Subject: x\r\n").await;
    house.shutdown.cancel();
    idle.hears("421 4.3.2").await;
    idle.hears_end().await;
    idle_serving.await.expect("no panic");
    busy.says(".", "250 2.0.0 taken").await;
    busy.hears("421 4.3.2").await;
    busy.hears_end().await;
    busy_serving.await.expect("no panic");
    assert_eq!(contents(&script).len(), 1);
}

#[tokio::test]
async fn a_reply_that_was_cut_short_by_our_end_is_finished_and_not_begun_again() {
    let script = Script::default();
    let house = script.house(settings());
    let (client, server) = tokio::io::duplex(8);
    tokio::spawn(session(&house, Door::Smtp, server).run());
    let mut talk = Talk::over(client);
    talk.hears_octets("220 re").await;
    house.shutdown.cancel();
    talk.hears("lay.example ESMTP callfirst").await;
    talk.hears("421 4.3.2").await;
    talk.hears_end().await;
}

/// A house with a certificate, and a client that trusts it.
fn with_tls(script: &Script) -> (Arc<House<Script>>, TlsConnector) {
    let folder = tempfile::tempdir().expect("a folder");
    let files = TlsFiles {
        certificate: folder.path().join("cert.pem"),
        key: folder.path().join("key.pem"),
    };
    let pair = rcgen::generate_simple_self_signed(vec!["relay.example".to_owned()])
        .expect("a certificate");
    std::fs::write(&files.certificate, pair.cert.pem()).expect("written");
    std::fs::write(&files.key, pair.signing_key.serialize_pem()).expect("written");
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(&files.certificate).expect("a certificate");
    roots.add(certificate).expect("a root");
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tls = Some(Arc::new(Tls::load(files).expect("a pair")));
    let plain = Arc::into_inner(script.house(settings())).expect("one owner");
    (Arc::new(House { tls, ..plain }), TlsConnector::from(Arc::new(client)))
}

fn name() -> ServerName<'static> {
    ServerName::try_from("relay.example").expect("a name")
}

#[tokio::test]
async fn starttls_forgets_what_was_said_before_and_is_not_offered_twice() {
    let script = Script::default();
    let (house, connector) = with_tls(&script);
    let (mut talk, _) = Talk::begin(&house).await;
    assert!(talk.ehlo().await.contains(&"STARTTLS".to_owned()));
    talk.says("STARTTLS now", "501 ").await;
    talk.says("MAIL FROM:<plain@b.example>", "250 ").await;
    talk.says("STARTTLS", "220 ").await;
    let stream = connector.connect(name(), talk.into_stream()).await.expect("TLS");
    let mut talk = Talk::over(stream);
    talk.says("RCPT TO:<c@d.example>", "503 ").await;
    talk.says("MAIL FROM:<a@b.example>", "503 ").await;
    assert!(!talk.ehlo().await.contains(&"STARTTLS".to_owned()));
    talk.says("STARTTLS", "503 ").await;
    talk.reaches_data().await;
    talk.says(".", "250 ").await;
    talk.says("QUIT", "221 ").await;
    talk.hears_end().await;
    let heard = script.heard.lock().expect("unpoisoned");
    assert_eq!(heard.log[..2], ["mail <plain@b.example>", "abandoned"]);
    assert_eq!(heard.origins[1].protocol, Protocol::Esmtps);
}

#[tokio::test]
async fn plain_text_behind_starttls_is_never_heard() {
    let script = Script::default();
    let (house, connector) = with_tls(&script);
    let (mut talk, _) = Talk::begin(&house).await;
    talk.ehlo().await;
    talk.send("STARTTLS\r\nEHLO injected.example\r\nMAIL FROM:<injected@b.example>\r\n").await;
    talk.hears("220 ").await;
    let stream = connector.connect(name(), talk.into_stream()).await.expect("TLS");
    let mut talk = Talk::over(stream);
    talk.says("QUIT", "221 ").await;
    talk.hears_end().await;
    assert!(script.log().is_empty());
}

#[tokio::test]
async fn garbage_instead_of_tls_ends_the_session_and_a_tls_close_is_no_end_of_data() {
    let script = Script::default();
    let (house, connector) = with_tls(&script);
    let (mut talk, serving) = Talk::begin(&house).await;
    talk.says("STARTTLS", "220 ").await;
    talk.send("GET / HTTP/1.0\r\n\r\n").await;
    serving.await.expect("no panic");

    let (mut talk, serving) = Talk::begin(&house).await;
    talk.says("STARTTLS", "220 ").await;
    let stream = connector.connect(name(), talk.into_stream()).await.expect("TLS");
    let mut talk = Talk::over(stream);
    talk.ehlo().await;
    talk.reaches_data().await;
    talk.send("Subject: half\r\n").await;
    talk.half_close().await;
    serving.await.expect("no panic");
    assert!(contents(&script).is_empty());
}
