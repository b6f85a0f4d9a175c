use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio_rustls::TlsAcceptor;

use super::*;
use crate::{
    http::{
        BadSettings, Failure,
        scripted::{Act, Scripted},
    },
    opinion::{Invalid, Question, in_tests::question},
    reach::{self, Limits, Refusal},
};

const TIMEOUT: Duration = Duration::from_millis(400);
const LIMITS: Limits = Limits { at_once: 2, per_minute: 100, per_day: 100 };

fn settings(server: &Scripted) -> Settings {
    Settings {
        endpoint: format!("http://{}/v1/chat/completions", server.address).parse().unwrap(),
        model: "small".to_owned(),
        key_file: None,
        ca_file: None,
        plain_http: false,
        timeout: TIMEOUT,
        limits: LIMITS,
    }
}

fn with(server: &Scripted, limits: Limits) -> Settings {
    Settings { limits, ..settings(server) }
}

fn asked() -> Question {
    question(&["Your order", "Your pump will be late."])
}

fn good() -> Act {
    Act::answer("delivery_delay", "Your pump will be late.", 0.9)
}

async fn outcome(acts: impl IntoIterator<Item = Act>) -> Outcome {
    let server = Scripted::start(acts).await;
    let reader = SecondReader::new(settings(&server)).unwrap();
    let began = Instant::now();
    let asked = reader.ask(&asked()).await;
    assert!(began.elapsed() < TIMEOUT * 2, "{:?}", began.elapsed());
    asked.outcome
}

#[tokio::test]
async fn a_good_answer_is_heard_and_the_request_says_what_is_wanted() {
    let server = Scripted::start([good()]).await;
    let reader = SecondReader::new(settings(&server)).unwrap();
    let Outcome::Said(answer) = reader.ask(&asked()).await.outcome else { panic!() };
    assert_eq!((answer.category, answer.sure), (Some("delivery_delay"), 0.9));
    let heard = server.heard().remove(0);
    assert!(heard.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", heard.head);
    assert!(heard.head.contains(&format!("host: {}\r\n", server.address)), "{}", heard.head);
    assert!(!heard.head.contains("authorization"));
    assert_eq!(heard.body["model"], "small");
    assert_eq!(heard.body["response_format"]["type"], "json_schema");
    assert!(heard.body["messages"][1]["content"].as_str().unwrap().contains("pump will be late"));
}

#[tokio::test]
async fn whatever_else_a_server_does_is_no_opinion_and_in_time() {
    let html = || "<!doctype html><h1>Bad gateway</h1>".to_owned();
    let rambling = "Let me think about this mail. ".repeat(50);
    for (act, wanted) in [
        (Act::Say(rambling), Outcome::Invalid(Invalid::NoAnswer)),
        (Act::answer("horoscope", "Your order", 1.0), Outcome::Invalid(Invalid::Category)),
        (Act::answer("other", "We blew it up.", 1.0), Outcome::Invalid(Invalid::Sentence)),
        (Act::Status(200, html()), Outcome::Invalid(Invalid::NoCompletion)),
        (Act::Status(502, html()), Outcome::Failed(Failure::Status(502))),
        (Act::Status(500, "{}".into()), Outcome::Failed(Failure::Status(500))),
        (Act::Status(429, "{}".into()), Outcome::Failed(Failure::Status(429))),
        (Act::Redirect, Outcome::Failed(Failure::Status(307))),
        (Act::Stall, Outcome::Failed(Failure::TimedOut)),
        (Act::Drip, Outcome::Failed(Failure::TimedOut)),
        (Act::HalfAnAnswer, Outcome::Failed(Failure::Broken)),
        (Act::Close, Outcome::Failed(Failure::Broken)),
        (Act::Noise, Outcome::Failed(Failure::Broken)),
        (Act::Large(10 << 20), Outcome::Failed(Failure::TooLarge)),
    ] {
        let shown = format!("{act:?}").chars().take(60).collect::<String>();
        assert_eq!(outcome([act]).await, wanted, "{shown}");
    }
}

#[tokio::test]
async fn nobody_there_is_no_opinion() {
    let server = Scripted::start([]).await;
    let settings = settings(&server);
    drop(server);
    tokio::task::yield_now().await;
    let asked = SecondReader::new(settings).unwrap().ask(&asked()).await;
    assert_eq!(asked.outcome, Outcome::Failed(Failure::Unreachable));
}

#[tokio::test]
async fn a_server_that_does_not_know_the_form_is_asked_without_it_from_then_on() {
    let refusal = Act::Status(400, "{\"error\":\"response_format is not supported\"}".into());
    let server = Scripted::start([refusal, good(), good()]).await;
    let reader = SecondReader::new(settings(&server)).unwrap();
    for _ in 0..2 {
        assert!(matches!(reader.ask(&asked()).await.outcome, Outcome::Said(_)));
    }
    let forms: Vec<bool> =
        server.heard().iter().map(|h| h.body.get("response_format").is_some()).collect();
    assert_eq!(forms, [true, false, false]);
}

#[tokio::test]
async fn a_400_for_another_reason_is_a_failure_and_the_form_stays() {
    let wrong = || Act::Status(400, "{\"error\":\"no such model\"}".into());
    let server = Scripted::start([wrong(), wrong(), good()]).await;
    let reader = SecondReader::new(settings(&server)).unwrap();
    let first = reader.ask(&asked()).await.outcome;
    assert_eq!(first, Outcome::Failed(Failure::Status(400)));
    assert!(matches!(reader.ask(&asked()).await.outcome, Outcome::Said(_)));
    assert!(server.heard()[2].body.get("response_format").is_some());
}

#[tokio::test]
async fn a_connection_is_used_again_and_one_that_was_closed_is_replaced() {
    let server = Scripted::start([good(), good(), Act::Close]).await;
    let reader = SecondReader::new(settings(&server)).unwrap();
    for _ in 0..2 {
        assert!(matches!(reader.ask(&asked()).await.outcome, Outcome::Said(_)));
    }
    assert!(matches!(reader.ask(&asked()).await.outcome, Outcome::Failed(_)));
    server.also(good());
    assert!(matches!(reader.ask(&asked()).await.outcome, Outcome::Said(_)));
    let connections: Vec<usize> = server.heard().iter().map(|h| h.connection).collect();
    assert_eq!(connections, [0, 0, 0, 1]);
}

#[tokio::test]
async fn a_server_that_hangs_up_between_two_questions_costs_none() {
    let Act::Say(content) = good() else { unreachable!() };
    let server = Scripted::start([Act::SayAndClose(content), good()]).await;
    let reader = SecondReader::new(settings(&server)).unwrap();
    for _ in 0..2 {
        assert!(matches!(reader.ask(&asked()).await.outcome, Outcome::Said(_)));
        // The end of the connection comes a moment behind the answer.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let connections: Vec<usize> = server.heard().iter().map(|h| h.connection).collect();
    assert_eq!(connections, [0, 1]);
}

#[tokio::test]
async fn limits_are_kept_without_waiting() {
    let server = Scripted::start([Act::Stall, good()]).await;
    let reader =
        Arc::new(SecondReader::new(with(&server, Limits { at_once: 1, ..LIMITS })).unwrap());
    let stalls = tokio::spawn({
        let reader = reader.clone();
        async move { reader.ask(&asked()).await }
    });
    while server.heard().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(reader.ask(&asked()).await.outcome, Outcome::Refused(Refusal::Busy));
    assert_eq!(stalls.await.unwrap().outcome, Outcome::Failed(Failure::TimedOut));
    assert!(matches!(reader.ask(&asked()).await.outcome, Outcome::Said(_)), "the slot is free");

    let server = Scripted::start([good()]).await;
    let reader = SecondReader::new(with(&server, Limits { per_minute: 1, ..LIMITS })).unwrap();
    assert!(matches!(reader.ask(&asked()).await.outcome, Outcome::Said(_)));
    assert_eq!(reader.ask(&asked()).await.outcome, Outcome::Refused(Refusal::OverBudget));
}

#[tokio::test]
async fn a_server_that_fails_again_and_again_is_left_alone() {
    let fails = || Act::Status(503, String::new());
    let server = Scripted::start((0..5).map(|_| fails())).await;
    let reader = SecondReader::new(settings(&server)).unwrap();
    for _ in 0..5 {
        assert_eq!(reader.ask(&asked()).await.outcome, Outcome::Failed(Failure::Status(503)));
    }
    assert_eq!(reader.ask(&asked()).await.outcome, Outcome::Refused(Refusal::Resting));
    assert_eq!(server.heard().len(), 5);
}

fn key_file(folder: &tempfile::TempDir, key: &str, mode: u32) -> PathBuf {
    let path = folder.path().join("key");
    fs::write(&path, key).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    path
}

#[tokio::test]
async fn the_key_is_sent_from_a_file_that_only_we_may_read() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start([good()]).await;
    let with_key = |path| Settings { key_file: Some(path), ..settings(&server) };
    let path = key_file(&folder, "sk-123\n", 0o600);
    let reader = SecondReader::new(with_key(path.clone())).unwrap();
    reader.ask(&asked()).await;
    assert!(server.heard()[0].head.contains("authorization: Bearer sk-123\r\n"));
    key_file(&folder, "sk-123", 0o640);
    let refused = |path| SecondReader::new(with_key(path)).err().map(|e| e.to_string()).unwrap();
    assert!(refused(path.clone()).contains("chmod 600"));
    for bad in ["", "two\nlines", "two words"] {
        key_file(&folder, bad, 0o600);
        assert!(refused(path.clone()).contains("one key on one line"), "{bad:?}");
    }
    fs::remove_file(&path).unwrap();
    assert!(refused(path).contains("cannot read"));
}

#[tokio::test]
async fn https_needs_a_certificate_of_an_authority_that_is_known() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls_pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(vec![made.cert.der().clone()], key)
    .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let server = Scripted::with([good(), good()], Some(acceptor)).await;
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    fs::write(&ca_file, made.cert.pem()).unwrap();
    let url = format!("https://localhost:{}/v1/chat/completions", server.address.port());
    let https = Settings {
        endpoint: url.parse().unwrap(),
        timeout: Duration::from_secs(5),
        ca_file: Some(ca_file.clone()),
        ..settings(&server)
    };
    let reader = SecondReader::new(https.clone()).unwrap();
    assert!(matches!(reader.ask(&asked()).await.outcome, Outcome::Said(_)));
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(&ca_file, other.cert.pem()).unwrap();
    let reader = SecondReader::new(https.clone()).unwrap();
    assert_eq!(reader.ask(&asked()).await.outcome, Outcome::Failed(Failure::Tls));
    fs::write(&ca_file, "nothing").unwrap();
    assert!(matches!(
        SecondReader::new(https),
        Err(BadSettings::Reach(reach::BadSettings::Authorities(_)))
    ));
}
