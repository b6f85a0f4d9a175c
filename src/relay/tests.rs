//! Stories of a next hop that is well, ill, poor or hostile.

use std::time::Duration;

use super::{scripted_hop::ScriptedHop, *};
use crate::mail::{
    Content, Envelope, ForwardPath, Octets, Parameter, Recipient, Reply, ReversePath, Xforward,
};

const OPEN: &str = "S: 220 hop\n C: EHLO us.example\n S: 250 hop\n";
const RICH: &str = "S: 220 hop\n C: EHLO us.example\n S: 250-hop\n S: 250-PIPELINING\n
    S: 250-DSN\n S: 250-XFORWARD ADDR IDENT\n S: 250 8BITMIME\n";

fn next_hop(hop: &ScriptedHop) -> NextHop {
    let mut settings = Settings::new(hop.address.clone(), "us.example");
    settings.limits.command = Duration::from_secs(5);
    NextHop::new(settings).expect("good settings")
}

fn envelope(parameters: &[&str], recipients: &[&str]) -> Envelope {
    let path = ReversePath::parse("a@us.example").expect("a path");
    let parameters = parameters.iter().map(|p| Parameter::parse(p).expect("parameter")).collect();
    let to = |r: &&str| Recipient::plain(ForwardPath::parse(r).expect("a path"));
    Envelope::new(path, parameters, recipients.iter().map(to).collect()).expect("an envelope")
}

async fn deliver(
    next_hop: &NextHop,
    envelope: &Envelope,
    content: &[u8],
) -> Result<Vec<u16>, RelayError> {
    let content = Content::from(content.to_vec());
    let replies = next_hop.deliver(envelope, &Xforward::default(), "", &content).await?;
    Ok(replies.iter().map(|(_, reply)| reply.code()).collect())
}

#[tokio::test]
async fn next_hop_refuses_one_of_three_recipients() {
    let hop = ScriptedHop::start(&[&format!(
        "{OPEN} C: MAIL FROM:<a@us.example>\n S: 250 ok\n
        C: RCPT TO:<x@c.example>\n S: 250 ok\n
        C: RCPT TO:<y@c.example>\n S: 550-5.1.1 who\n S: 550 5.1.1 is that\n
        C: RCPT TO:<z@c.example>\n S: 250 ok\n
        C: DATA\n S: 354 go\n DATA\n S: 250 2.0.0 taken as 17"
    )])
    .await;
    let client = next_hop(&hop);
    let to = ["x@c.example", "y@c.example", "z@c.example"];
    let content = Content::from(b"Subject: x\r\n\r\n.dot\r\n".to_vec());
    let replies = client
        .deliver(&envelope(&[], &to), &Xforward::default(), "X-Trace: 1\r\n", &content)
        .await
        .expect("an answer");
    let seen: Vec<_> = replies.iter().map(|(i, r)| (*i, r.code(), r.text().len())).collect();
    assert_eq!(seen, [(0, 250, 1), (1, 550, 2), (2, 250, 1)]);
    drop(client);
    assert_eq!(hop.data().await, [b"X-Trace: 1\r\nSubject: x\r\n\r\n..dot\r\n.\r\n"]);
}

#[tokio::test]
async fn a_rich_hop_gets_groups_parameters_and_xforward() {
    let hop = ScriptedHop::start(&[&format!(
        "{RICH} C: XFORWARD ADDR=192.0.2.1 IDENT=4X\n C: MAIL FROM:<a@us.example> BODY=8BITMIME RET=HDRS\n
        S: 250 ok\n S: 250 ok\n
        C: RCPT TO:<x@c.example>\n C: RCPT TO:<y@c.example>\n S: 250 ok\n S: 250 ok\n
        C: DATA\n S: 354 go\n DATA\n S: 250 taken"
    )])
    .await;
    let client = next_hop(&hop);
    let told = |(n, v): (&str, &str)| (n.to_owned(), v.to_owned());
    let xforward = Xforward {
        attributes: [("ADDR", "192.0.2.1"), ("HELO", "h"), ("IDENT", "4X")].map(told).to_vec(),
    };
    let envelope =
        envelope(&["SIZE=10", "BODY=8BITMIME", "RET=HDRS"], &["x@c.example", "y@c.example"]);
    let content = Content::from(b"hi".to_vec());
    let replies = client.deliver(&envelope, &xforward, "", &content).await.expect("an answer");
    assert!(replies.iter().all(|(_, r)| r.code() == 250));
    assert!(client.capabilities().is_some_and(|c| c.has("DSN")));
    drop(client);
    assert_eq!(hop.data().await, [b"hi\r\n.\r\n"]);
}

#[tokio::test]
async fn a_hop_without_extensions_is_spoken_to_plainly() {
    let hop = ScriptedHop::start(&[
        "S: 220 hop\n C: EHLO us.example\n S: 502 what\n C: HELO us.example\n S: 250 hop\n
        C: MAIL FROM:<a@us.example>\n S: 250 ok\n C: RCPT TO:<x@c.example>\n S: 250 ok\n
        C: DATA\n S: 354 go\n DATA\n S: 250 taken",
    ])
    .await;
    let client = next_hop(&hop);
    let envelope = envelope(&["SIZE=10", "BODY=8BITMIME", "ENVID=x"], &["x@c.example"]);
    assert_eq!(deliver(&client, &envelope, b"\xc3\xa9\r\n").await.expect("an answer"), [250]);
    drop(client);
    assert_eq!(hop.data().await, [b"\xc3\xa9\r\n.\r\n"]);
}

#[tokio::test]
async fn smtputf8_that_the_hop_lacks_is_refused_by_us() {
    let hop = ScriptedHop::start(&[OPEN]).await;
    let client = next_hop(&hop);
    let envelope = envelope(&["SMTPUTF8"], &["x@c.example"]);
    let content = Content::from(b"x\r\n".to_vec());
    let replies = client.deliver(&envelope, &Xforward::default(), "", &content).await.expect("one");
    assert_eq!(replies[0].1.to_string().split_at(9).0, "550 5.6.7");
    drop(client);
    hop.data().await;
}

#[tokio::test]
async fn a_session_is_used_again_and_reset_only_after_a_refusal() {
    let mail = "C: MAIL FROM:<a@us.example>\n S: 250 ok\n C: RCPT TO:<x@c.example>\n S: 250 ok\n
        C: DATA\n S: 354 go\n DATA\n";
    let hop = ScriptedHop::start(&[&format!(
        "{OPEN} {mail} S: 250 taken\n {mail} S: 554 5.7.1 no\n C: RSET\n S: 250 ok"
    )])
    .await;
    let client = next_hop(&hop);
    let envelope = envelope(&[], &["x@c.example"]);
    assert_eq!(deliver(&client, &envelope, b"1\r\n").await.expect("an answer"), [250]);
    assert_eq!(deliver(&client, &envelope, b"2\r\n").await.expect("an answer"), [554]);
    // The RSET goes out in the background; the script fails if the connection ends before it.
    let data = tokio::spawn(hop.data());
    while client.is_idle_empty() {
        tokio::task::yield_now().await;
    }
    drop(client);
    assert_eq!(data.await.expect("the script"), [b"1\r\n.\r\n", b"2\r\n.\r\n"]);
}

#[tokio::test]
async fn a_session_that_died_in_the_pool_is_replaced_once() {
    let mail = "C: MAIL FROM:<a@us.example>\n S: 250 ok\n C: RCPT TO:<x@c.example>\n S: 250 ok\n
        C: DATA\n S: 354 go\n DATA\n S: 250 taken\n";
    for death in ["CLOSE", "S: 421 4.4.2 idle for too long\n CLOSE"] {
        let hop =
            ScriptedHop::start(&[&format!("{OPEN} {mail} {death}"), &format!("{OPEN} {mail}")])
                .await;
        let client = next_hop(&hop);
        let envelope = envelope(&[], &["x@c.example"]);
        assert_eq!(deliver(&client, &envelope, b"1\r\n").await.expect("an answer"), [250]);
        assert_eq!(deliver(&client, &envelope, b"2\r\n").await.expect("an answer"), [250]);
        drop(client);
        assert_eq!(hop.data().await.len(), 2, "{death}");
    }
}

#[tokio::test]
async fn a_421_to_a_new_mail_in_an_old_session_is_no_answer_to_it() {
    let hop = ScriptedHop::start(&[
        &format!(
            "{OPEN} C: MAIL FROM:<a@us.example>\n S: 250 ok\n C: RCPT TO:<x@c.example>\n S: 250 ok\n
            C: DATA\n S: 354 go\n DATA\n S: 250 taken\n C: MAIL FROM:<a@us.example>\n S: 421 bye\n CLOSE"
        ),
        &format!("{OPEN} C: MAIL FROM:<a@us.example>\n S: 550 5.7.1 no"),
    ])
    .await;
    let client = next_hop(&hop);
    let envelope = envelope(&[], &["x@c.example"]);
    assert_eq!(deliver(&client, &envelope, b"1\r\n").await.expect("an answer"), [250]);
    assert_eq!(deliver(&client, &envelope, b"2\r\n").await.expect("an answer"), [550]);
    drop(client);
    hop.data().await;
}

#[tokio::test]
async fn hop_down_is_no_answer_and_service_returns() {
    let hop =
        ScriptedHop::start(&[&format!("{OPEN} C: MAIL FROM:<a@us.example>\n S: 450 4.0.0 x")])
            .await;
    let absent = ScriptedHop::start(&[]).await;
    let mut settings = Settings::new(absent.address.clone(), "us.example");
    absent.data().await;
    let envelope = envelope(&[], &["x@c.example"]);
    let down = NextHop::new(settings.clone()).expect("good settings");
    let error = deliver(&down, &envelope, b"x\r\n").await.expect_err("nobody is there");
    assert!(matches!(error, RelayError::Connect { step: "connect", .. }), "{error:?}");
    assert!(!error.is_ambiguous());
    settings.address = hop.address.clone();
    let up = NextHop::new(settings).expect("good settings");
    assert_eq!(deliver(&up, &envelope, b"x\r\n").await.expect("an answer"), [450]);
    drop(up);
    hop.data().await;
}

async fn failure(script: &str, content: &[u8]) -> RelayError {
    let hop = ScriptedHop::start(&[&format!(
        "{OPEN} C: MAIL FROM:<a@us.example>\n S: 250 ok\n C: RCPT TO:<x@c.example>\n {script}"
    )])
    .await;
    let mut settings = Settings::new(hop.address.clone(), "us.example");
    settings.limits.command = Duration::from_secs(5);
    settings.limits.dot = Duration::from_millis(50);
    let client = NextHop::new(settings).expect("good settings");
    let error = deliver(&client, &envelope(&[], &["x@c.example"]), content).await;
    drop(client);
    let error = error.expect_err("no answer");
    if !matches!(error, RelayError::Content(_)) {
        hop.data().await;
    }
    error
}

#[tokio::test]
async fn what_happens_before_the_dot_is_certain_and_behind_it_is_not() {
    let go = "S: 250 ok\n C: DATA\n S: 354 go\n DATA\n";
    for (script, ambiguous, kind) in [
        ("CLOSE".to_owned(), false, "closed"),
        ("S: 250 ok\n C: DATA\n CLOSE".to_owned(), false, "closed"),
        ("ENDLESS".to_owned(), false, "protocol"),
        ("S: 354 what".to_owned(), false, "protocol"),
        ("S: 250 ok\n C: DATA\n S: 250 ok".to_owned(), false, "protocol"),
        (format!("{go} CLOSE"), true, "closed"),
        (format!("{go} SILENT"), true, "timed_out"),
        (format!("{go} S: 354 more"), true, "protocol"),
        (format!("{go} S: hello"), true, "protocol"),
    ] {
        let error = failure(&script, b"x\r\n").await;
        assert_eq!((error.is_ambiguous(), error.kind()), (ambiguous, kind), "{script}: {error:?}");
    }
}

#[tokio::test]
async fn a_reply_nobody_asked_for_ends_the_session() {
    let error = failure("S: 250 ok\\n250 and one more\n SILENT", b"x\r\n").await;
    assert!(matches!(error, RelayError::Protocol { fault: Fault::Unasked, .. }), "{error:?}");
}

#[tokio::test]
async fn bad_content_is_never_ended() {
    for content in [&b"a\nb\r\n"[..], b"a\rb\r\n", b"a\0\r\n"] {
        let error = failure("S: 250 ok\n C: DATA\n S: 354 go\n SILENT", content).await;
        assert!(matches!(error, RelayError::Content(_)), "{error:?}");
        assert!(!error.is_ambiguous());
    }
}

#[tokio::test]
async fn a_421_reaches_the_client_as_451_with_its_text() {
    let hop = ScriptedHop::start(&[&format!(
        "{OPEN} C: MAIL FROM:<a@us.example>\n S: 250 ok\n C: RCPT TO:<x@c.example>\n
        S: 421 4.3.2 going down\n CLOSE"
    )])
    .await;
    let client = next_hop(&hop);
    let path = ReversePath::parse("a@us.example").expect("a path");
    let begun = client.begin(&path, &[], &Xforward::default()).await;
    let (mut session, _) = begun.expect("a session");
    let to = Recipient::plain(ForwardPath::parse("x@c.example").expect("a path"));
    let reply = session.rcpt(&to).await.expect("a reply");
    assert_eq!(reply, Reply::received(451, &["4.3.2 going down"]).expect("a reply"));
    client.recycle(session);
    assert!(client.is_idle_empty(), "a closed session went back to the pool");
    drop(client);
    hop.data().await;
}

/// Content that lies elsewhere, larger than one piece.
struct Spool(Vec<u8>);
impl Octets for Spool {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let rest = self.0.get(offset as usize..).unwrap_or_default();
        let n = rest.len().min(buffer.len()).min(7000);
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }
}

#[tokio::test]
async fn a_large_mail_from_a_file_arrives_octet_by_octet() {
    let hop = ScriptedHop::start(&[&format!(
        "{OPEN} C: MAIL FROM:<a@us.example>\n S: 250 ok\n C: RCPT TO:<x@c.example>\n S: 250 ok\n
        C: DATA\n S: 354 go\n DATA\n S: 250 taken"
    )])
    .await;
    let client = next_hop(&hop);
    let line = b"0123456789 abcdefghij\r\n";
    let content = Content::elsewhere(std::sync::Arc::new(Spool(line.repeat(20_000))));
    let sent =
        client.deliver(&envelope(&[], &["x@c.example"]), &Xforward::default(), "", &content).await;
    assert_eq!(sent.expect("an answer")[0].1.code(), 250);
    drop(client);
    let mut expected = line.repeat(20_000);
    expected.extend_from_slice(b".\r\n");
    assert!(hop.data().await == [expected]);
}

#[tokio::test]
async fn a_hop_that_refuses_within_the_content_and_closes_is_heard() {
    let hop = ScriptedHop::start(&[&format!(
        "{OPEN} C: MAIL FROM:<a@us.example>\n S: 250 ok\n C: RCPT TO:<x@c.example>\n S: 250 ok\n
        C: DATA\n S: 354 go\\n552 5.3.4 too large\n CLOSE"
    )])
    .await;
    let client = next_hop(&hop);
    let large = b"0123456789\r\n".repeat(1_000_000);
    let envelope = envelope(&[], &["x@c.example"]);
    assert_eq!(deliver(&client, &envelope, &large).await.expect("an answer"), [552]);
    assert!(client.is_idle_empty(), "a session out of step went back to the pool");
    drop(client);
    hop.data().await;
}

#[tokio::test]
async fn sessions_in_use_are_bounded_and_the_pool_too() {
    let mail = format!("{OPEN} C: MAIL FROM:<a@us.example>\n S: 250 ok\n");
    let hop = ScriptedHop::start(&[
        &mail,
        &mail,
        "S: 220 hop\n C: EHLO us.example\n S: 250 hop\n C: QUIT",
    ])
    .await;
    let mut settings = Settings::new(hop.address.clone(), "us.example");
    (settings.max_sessions, settings.pool_size) = (2, 1);
    settings.limits.connect = Duration::from_millis(50);
    let client = NextHop::new(settings).expect("good settings");
    let path = ReversePath::parse("a@us.example").expect("a path");
    let nothing = Xforward::default();
    let (one, _) = client.begin(&path, &[], &nothing).await.expect("a session");
    let (two, _) = client.begin(&path, &[], &nothing).await.expect("a session");
    let third = client.begin(&path, &[], &nothing).await;
    assert!(matches!(third, Err(RelayError::Busy)));
    drop((one, two));
    client.probe().await.expect("room again");
    assert!(!client.is_idle_empty());
    client.close().await;
    assert!(client.is_idle_empty());
    hop.data().await;
}

#[tokio::test]
async fn a_session_nobody_needs_is_closed_with_quit() {
    let hop = ScriptedHop::start(&["S: 220 hop\n C: EHLO us.example\n S: 250 hop\n C: QUIT"]).await;
    let mut settings = Settings::new(hop.address.clone(), "us.example");
    settings.pool_idle = Duration::from_millis(20);
    let client = NextHop::new(settings).expect("good settings");
    client.probe().await.expect("a session");
    // The script ends with QUIT, which comes although nobody drops the client.
    hop.data().await;
    assert!(client.is_idle_empty());
}

#[tokio::test]
async fn a_421_to_the_content_is_a_refusal_and_the_end_of_the_session() {
    for at in ["S: 421 4.3.2 bye", "S: 354 go\n DATA\n S: 421 4.3.2 bye"] {
        let hop = ScriptedHop::start(&[&format!(
            "{OPEN} C: MAIL FROM:<a@us.example>\n S: 250 ok\n C: RCPT TO:<x@c.example>\n
            S: 250 ok\n C: DATA\n {at}"
        )])
        .await;
        let client = next_hop(&hop);
        let sent = deliver(&client, &envelope(&[], &["x@c.example"]), b"x\r\n").await;
        assert_eq!(sent.expect("an answer"), [451], "{at}");
        assert!(client.is_idle_empty(), "{at}");
        drop(client);
        hop.data().await;
    }
}

#[tokio::test]
async fn without_pipelining_each_command_waits_for_its_reply() {
    let hop = ScriptedHop::start(&[&format!(
        "{OPEN} C: MAIL FROM:<a@us.example>\n S: 250 ok\n
        C: RCPT TO:<x@c.example>\n S: 250 ok\n C: RCPT TO:<y@c.example>\n S: 250 ok\n
        C: DATA\n S: 354 go\n DATA\n S: 250 taken"
    )])
    .await;
    let client = next_hop(&hop);
    let envelope = envelope(&[], &["x@c.example", "y@c.example"]);
    assert_eq!(deliver(&client, &envelope, b"x\r\n").await.expect("an answer"), [250, 250]);
    drop(client);
    hop.data().await;
}

#[tokio::test]
async fn what_the_hop_offers_is_known_once_it_answers() {
    let hop = ScriptedHop::start(&["S: 421 4.3.2 starting", RICH]).await;
    let client = next_hop(&hop);
    assert!(client.capabilities().is_none());
    let probing = tokio::spawn(client.clone().keep_probing(Duration::from_millis(10)));
    while client.capabilities().is_none() {
        tokio::task::yield_now().await;
    }
    assert!(client.capabilities().is_some_and(|c| c.has("DSN")));
    probing.abort();
    assert!(probing.await.is_err_and(|e| e.is_cancelled()));
    client.close().await;
    hop.data().await;
}
