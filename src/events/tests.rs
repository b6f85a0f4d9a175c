//! Receivers that stall, answer 500, redirect, disappear; and nodes that die in between.

use std::{
    collections::BTreeSet,
    fs,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::{io::AsyncReadExt, net::TcpListener, time::timeout};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    hold::{Actor, AuditEvent, HoldStore},
    http::scripted::{Act, Scripted},
    mail::Timestamp,
    store::{self, Database},
};

/// Long enough for what happens within milliseconds.
const SOON: Duration = Duration::from_secs(20);

struct House {
    db: Database,
    store: Arc<dyn HoldStore>,
    folder: tempfile::TempDir,
    now: Arc<AtomicI64>,
}

impl House {
    async fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/store.db", folder.path().display());
        let db = store::open(&url, &store::Settings::default()).await.unwrap();
        let store = crate::hold::on(db.clone(), crate::hold::Settings::default());
        let now = Arc::new(AtomicI64::new(1_800_000_000));
        House { db, store, folder, now }
    }

    async fn happens(&self, name: &str, facts: &[(&str, &str)]) {
        let facts = facts.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let event = AuditEvent { name: name.to_owned(), facts };
        let actor = Actor {
            role: "sender".to_owned(),
            name: "clerk@northwind.example".to_owned(),
            via: "page".to_owned(),
            address: Some("192.0.2.9".to_owned()),
        };
        let at = Timestamp::from_second(self.now.load(Ordering::SeqCst)).unwrap();
        self.store.record(None, actor, event, at).await.unwrap();
    }

    /// Tells this receiver while the test goes on; the clock runs a minute a tick, so that no pause is
    /// waited for.
    fn telling(&self, node: &str, receiver: Box<dyn Receiver>, wanted: Wanted) -> Telling {
        let settings = Settings {
            name: "one".to_owned(),
            wanted,
            include: Include::default(),
            give_up_after: Duration::from_secs(24 * 3600),
        };
        let tellers =
            Tellers::new(vec![(settings, receiver)], node, (self.db.clone(), self.store.clone()));
        let (stop, now) = (CancellationToken::new(), Arc::clone(&self.now));
        let clock = Arc::new(move || Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap());
        let work = tokio::spawn(tellers.run(clock, stop.clone()));
        Telling { stop, work }
    }

    fn later(&self, secs: i64) {
        self.now.fetch_add(secs, Ordering::SeqCst);
    }
}

struct Telling {
    stop: CancellationToken,
    work: tokio::task::JoinHandle<()>,
}

impl Telling {
    async fn stop(self) {
        self.stop.cancel();
        self.work.await.unwrap();
    }

    /// As `kill -9` does it: in the middle of whatever it is.
    fn kill(self) {
        self.work.abort();
    }
}

fn all_kinds() -> Wanted {
    Wanted::Kinds(Kind::ALL.into_iter().collect::<BTreeSet<_>>())
}

fn webhook(server: &Scripted, format: Format, house: &House) -> Box<dyn Receiver> {
    use std::os::unix::fs::PermissionsExt;
    let secret = house.folder.path().join("secret");
    fs::write(&secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    let settings = WebhookSettings {
        endpoint: format!("http://{}/hook", server.address).parse().unwrap(),
        secret_file: Some(secret),
        ca_file: None,
        allow_private: false,
        format,
    };
    Box::new(Webhook::new(&settings).unwrap())
}

fn taken() -> Act {
    Act::Status(204, String::new())
}

/// Waits until the receiver has heard so many requests.
async fn heard(server: &Scripted, requests: usize) -> Vec<crate::http::scripted::Heard> {
    let waiting = async {
        while server.heard().len() < requests {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server.heard()
    };
    timeout(SOON, waiting).await.unwrap_or_else(|_| panic!("{:#?}", server.heard()))
}

fn field(head: &str, name: &str) -> String {
    let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    found.unwrap_or_else(|| panic!("{name} is not in {head}")).to_owned()
}

#[tokio::test]
async fn whatever_a_receiver_does_it_hears_everything_in_order_under_one_id() {
    let house = House::new().await;
    let server = Scripted::start([
        Act::Status(500, String::new()),
        Act::Redirect,
        Act::Close,
        Act::Noise,
        Act::Status(401, String::new()),
        Act::HalfAnAnswer,
        taken(),
        taken(),
    ])
    .await;
    let telling = house.telling("a", webhook(&server, Format::Json, &house), all_kinds());
    // It begins at the end of the audit as it is when it first looks.
    tokio::time::sleep(Duration::from_millis(300)).await;
    house.happens("viewed", &[]).await;
    house.happens("called_send", &[("mood", "kept"), ("to", "kim@customer.example")]).await;
    house.happens("promise_kept", &[]).await;
    for attempts in 1..=7 {
        heard(&server, attempts).await;
        // The next attempt is hours away by the clock; the clock is ours.
        tokio::time::sleep(Duration::from_millis(50)).await;
        house.later(7_200);
    }
    let heard = heard(&server, 8).await;
    telling.stop().await;
    let ids: Vec<String> = heard.iter().map(|h| field(&h.head, "webhook-id")).collect();
    assert!(ids[..7].iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(ids[0].starts_with("evt_2_") && ids[7].starts_with("evt_3_"), "{ids:?}");
    assert_eq!(heard[0].body["type"], "hold.decided");
    assert_eq!(heard[0].body["data"]["facts"]["mood"], "kept");
    assert_eq!(heard[7].body["type"], "promise.kept");
    let told = heard.iter().map(|h| h.body.to_string()).collect::<String>();
    assert!(!told.contains("customer.example") && !told.contains("clerk@"), "{told}");
    assert!(field(&heard[0].head, "webhook-signature").starts_with("v1,"));
}

#[tokio::test]
async fn a_node_that_dies_after_the_answer_tells_it_again_under_the_same_id() {
    let house = House::new().await;
    let server = Scripted::start([Act::Stall, taken(), taken()]).await;
    let telling = house.telling("a", webhook(&server, Format::Json, &house), all_kinds());
    tokio::time::sleep(Duration::from_millis(300)).await;
    house.happens("expired", &[]).await;
    heard(&server, 1).await;
    // It was heard, and nothing is noted.
    telling.kill();
    let telling = house.telling("a", webhook(&server, Format::Json, &house), all_kinds());
    let told = heard(&server, 2).await;
    assert_eq!(field(&told[0].head, "webhook-id"), field(&told[1].head, "webhook-id"));
    house.happens("expired", &[]).await;
    let told = heard(&server, 3).await;
    assert_ne!(field(&told[1].head, "webhook-id"), field(&told[2].head, "webhook-id"));
    telling.stop().await;
}

#[tokio::test]
async fn another_node_goes_on_when_the_first_is_silent_and_not_before() {
    let house = House::new().await;
    let server = Scripted::start([Act::Stall, taken()]).await;
    let first = house.telling("a", webhook(&server, Format::Json, &house), all_kinds());
    tokio::time::sleep(Duration::from_millis(300)).await;
    house.happens("expired", &[]).await;
    heard(&server, 1).await;
    first.kill();
    let second = house.telling("b", webhook(&server, Format::Json, &house), all_kinds());
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(server.heard().len(), 1, "the first may be at it");
    house.later(61);
    heard(&server, 2).await;
    second.stop().await;
}

#[tokio::test]
async fn what_is_refused_for_good_or_too_old_does_not_keep_the_rest() {
    let house = House::new().await;
    let refusals = (0..5).map(|_| Act::Status(422, String::new()));
    let server = Scripted::start(refusals.chain([taken(), Act::Close, taken()])).await;
    let telling = house.telling("a", webhook(&server, Format::Slack, &house), all_kinds());
    tokio::time::sleep(Duration::from_millis(300)).await;
    house.happens("expired", &[]).await;
    house.happens("delivered", &[]).await;
    for attempts in 1..=5 {
        heard(&server, attempts).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        house.later(601);
    }
    let told = heard(&server, 6).await;
    assert!(told[5].body["text"].as_str().unwrap().contains("is delivered"), "{:?}", told[5]);
    house.happens("undeliverable", &[]).await;
    house.later(2 * 24 * 3600);
    house.happens("delivered", &[]).await;
    // One attempt is made however old it is, then the next one's turn comes.
    let told = heard(&server, 8).await;
    assert!(told[7].body["text"].as_str().unwrap().contains("is delivered"));
    telling.stop().await;
}

#[tokio::test]
async fn a_name_that_leads_into_the_house_is_not_followed() {
    let settings = WebhookSettings {
        endpoint: "https://localhost:9/".parse().unwrap(),
        secret_file: None,
        ca_file: None,
        allow_private: false,
        format: Format::Json,
    };
    let house = House::new().await;
    house.happens("expired", &[]).await;
    let entry = house.store.audit(1, 1).await.unwrap().remove(0);
    let event = Event::new(&entry, Some(Kind::Expired), None);
    let told = Webhook::new(&settings).unwrap().tell(&[event]).await;
    assert_eq!(told, Err(Deaf::Later("private_address")));
}

#[tokio::test]
async fn the_file_and_syslog_hear_the_whole_audit_and_who_did_it() {
    let house = House::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = SyslogSettings {
        transport: Transport::Tcp,
        host: "127.0.0.1".to_owned(),
        port: listener.local_addr().unwrap().port(),
        ca_file: None,
        hostname: "relay.northwind.example".to_owned(),
    };
    let syslog = Box::new(Syslog::new(settings).unwrap());
    let telling = house.telling("a", syslog, Wanted::Audit);
    tokio::time::sleep(Duration::from_millis(300)).await;
    house.happens("viewed", &[("reply", "550 a \"quote\" ] and \\\nline")]).await;
    let (mut stream, _) = timeout(SOON, listener.accept()).await.unwrap().unwrap();
    let mut octets = vec![0; 4096];
    let read = timeout(SOON, stream.read(&mut octets)).await.unwrap().unwrap();
    let text = String::from_utf8(octets[..read].to_vec()).unwrap();
    let (length, message) = text.split_once(' ').unwrap();
    assert_eq!(length.parse::<usize>().unwrap(), message.len());
    assert!(message.starts_with("<109>1 2027-01-15T08:00:00Z relay.northwind.example callfirst "));
    assert!(message.contains(" viewed [callfirst@32473 id=\"evt_1_"), "{message}");
    assert!(message.contains("who=\"clerk@northwind.example\""), "{message}");
    assert!(message.contains("reply=\"550 a \\\"quote\\\" \\] and \\\\ line\"]"), "{message}");
    // It hangs up: the next one comes over a new connection.
    drop(stream);
    tokio::time::sleep(Duration::from_millis(50)).await;
    house.happens("exported", &[]).await;
    timeout(SOON, listener.accept()).await.unwrap().unwrap();
    telling.stop().await;
    let path = house.folder.path().join("events.jsonl");
    let entries = house.store.audit(1, 10).await.unwrap();
    let events: Vec<Event> = entries.iter().map(|e| Event::new(e, None, None)).collect();
    EventFile::new(path.clone()).tell(&events).await.unwrap();
    let lines = fs::read_to_string(path).unwrap();
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(
        (first["type"].as_str(), first["who"].as_str()),
        (Some("viewed"), Some("clerk@northwind.example"))
    );
    assert_eq!(lines.lines().count(), 2);
}
