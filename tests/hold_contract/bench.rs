//! A fresh store for one scenario, and mail to put into it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use callfirst::{
    call::CallSheet,
    decision::{Decision, ExpiryAction, HoldTerms, Mode, Reason, Verdict},
    hold::{
        Actor, AuditEvent, Change, Dossier, HoldStore, ItemKind, MemoryStore, NewHold, NewItem,
        Outcome, Settings, State, Watch, open,
    },
    mail::{
        Content, Envelope, ForwardPath, HoldId, Origin, Protocol, Recipient, ReversePath,
        Timestamp, Xforward,
    },
};
use sqlx::{AssertSqlSafe, Connection};

/// Where `CALLFIRST_TEST_POSTGRES` points to a server.
const POSTGRES: &str = "CALLFIRST_TEST_POSTGRES";

/// A store of its own for one scenario.
pub(crate) struct Bench {
    pub(crate) store: Arc<dyn HoldStore>,
    url: Option<String>,
    folder: Option<tempfile::TempDir>,
}

impl Bench {
    pub(crate) fn memory() -> Bench {
        let store = Arc::new(MemoryStore::new(Settings::default()));
        Bench { store, url: None, folder: None }
    }

    pub(crate) async fn sqlite() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/held mail.db", folder.path().display());
        let store = open(&url, Settings::default()).await.unwrap();
        Bench { store, url: Some(url), folder: Some(folder) }
    }

    /// A schema of its own; `None`, and it says so, where there is no server.
    pub(crate) async fn postgres() -> Option<Bench> {
        let Ok(server) = std::env::var(POSTGRES) else {
            println!("SKIPPED: {POSTGRES} names no server");
            return None;
        };
        let schema =
            format!("t{}", number_octets().iter().map(|o| format!("{o:02x}")).collect::<String>());
        sqlx::any::install_default_drivers();
        let mut raw = sqlx::AnyConnection::connect(&server).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE SCHEMA {schema}")))
            .execute(&mut raw)
            .await
            .unwrap();
        let mark = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{mark}options[search_path]={schema}");
        let store = open(&url, Settings::default()).await.unwrap();
        Some(Bench { store, url: Some(url), folder: None })
    }

    /// A second handle on the same store, as another node or the command line has it.
    pub(crate) async fn second(&self) -> Arc<dyn HoldStore> {
        match &self.url {
            Some(url) => open(url, Settings::default()).await.unwrap(),
            None => self.store.clone(),
        }
    }

    pub(crate) fn url(&self) -> &str {
        self.url.as_deref().unwrap()
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.as_ref().unwrap().path()
    }

    /// Does to the database what callfirst never does; `false` where there is none.
    pub(crate) async fn raw(&self, sql: &str) -> bool {
        let Some(url) = &self.url else { return false };
        let url = url.replace(' ', "%20");
        let mut raw = sqlx::AnyConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut raw).await.unwrap();
        raw.close().await.unwrap();
        true
    }
}

/// 16 octets that no other test uses, in this process or the next one.
pub(crate) fn number_octets() -> [u8; 16] {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut octets = [0; 16];
    octets[..8].copy_from_slice(&std::process::id().to_be_bytes().repeat(2));
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    octets[4..12].copy_from_slice(&(nanos.as_nanos() as u64).to_be_bytes());
    octets[12..].copy_from_slice(&(count as u32).to_be_bytes());
    octets
}

/// Seconds after the scenario began.
pub(crate) fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + secs).unwrap()
}

pub(crate) const HOUR: i64 = 3600;
pub(crate) const DAY: i64 = 24 * HOUR;
pub(crate) const LEASE: Duration = Duration::from_secs(60);

pub(crate) fn to(address: &str) -> Recipient {
    Recipient::plain(ForwardPath::parse(address).unwrap())
}

pub(crate) fn envelope(sender: &str, recipients: &[&str]) -> Envelope {
    let recipients = recipients.iter().map(|r| to(r)).collect();
    Envelope::new(ReversePath::parse(sender).unwrap(), Vec::new(), recipients).unwrap()
}

pub(crate) fn notice(due: Timestamp) -> NewItem {
    NewItem {
        kind: ItemKind::Notice {
            name: "hold".to_owned(),
            bytes: b"Subject: Please call first\r\n\r\nNot delivered yet.\r\n".to_vec(),
        },
        recipients: vec![to("clerk@northwind-hvac.example")],
        due,
    }
}

pub(crate) fn release(due: Timestamp) -> NewItem {
    NewItem { kind: ItemKind::Release, recipients: Vec::new(), due }
}

/// A hold with a key of its own, one notice, a reminder after 4 h and expiry after 48 h.
pub(crate) fn new_hold() -> NewHold {
    let id = HoldId::from_octets(number_octets());
    NewHold {
        idempotency_key: format!("key-of-{id}"),
        id,
        envelope: envelope("Clerk@northwind-hvac.example", &["kim@customer.example"]),
        origin: Origin {
            session_id: "s1".to_owned(),
            transaction_id: "t1".to_owned(),
            client: "192.0.2.7".parse().unwrap(),
            helo: "mta.northwind-hvac.example".to_owned(),
            protocol: Protocol::Esmtp,
            xforward: Xforward::default(),
        },
        content: Content::from(b"Subject: Your claim\r\n\r\nWe cannot cover it.\r\n".to_vec()),
        trace: "Received: from mta by relay with ESMTP id t1;\r\n\tThu, 1 Jan 2026\r\n".to_owned(),
        dossier: dossier("Your claim"),
        created: at(0),
        remind_at: Some(at(4 * HOUR)),
        expires_at: at(48 * HOUR),
        watch: Watch::default(),
        outbox: vec![notice(at(0))],
    }
}

pub(crate) fn dossier(subject: &str) -> Dossier {
    Dossier {
        subject: subject.to_owned(),
        message_id: Some("claim-1@northwind-hvac.example".to_owned()),
        references: vec!["ask@customer.example".to_owned()],
        header_from_name: "Claims desk".to_owned(),
        decision: Decision {
            verdict: Verdict::Hold,
            reason: Reason::Policy,
            policy: Some("warranty".to_owned()),
            category: Some("warranty_denial".to_owned()),
            title: Some("a warranty denial".to_owned()),
            probability: 0.875,
            threshold: 0.5,
            language: None,
            mode: Mode::Enforce,
            recipients: Vec::new(),
            evidence: Vec::new(),
            terms: HoldTerms { expiry_action: ExpiryAction::Return, ..HoldTerms::default() },
            would_hold: false,
        },
        call: CallSheet::default(),
    }
}

pub(crate) fn sender() -> Actor {
    Actor {
        role: "sender".to_owned(),
        name: "clerk@northwind-hvac.example".to_owned(),
        via: "page".to_owned(),
        address: Some("192.0.2.9".to_owned()),
    }
}

pub(crate) fn event(name: &str) -> AuditEvent {
    AuditEvent { name: name.to_owned(), facts: vec![("policy".to_owned(), "warranty".to_owned())] }
}

/// A change from one state to another that owes nothing.
pub(crate) fn change(from: State, to: State, now: Timestamp) -> Change {
    Change {
        from,
        to,
        outcome: None,
        actor: sender(),
        remind_at: None,
        reminded: false,
        expires_at: None,
        watch: None,
        outbox: Vec::new(),
        parties: Vec::new(),
        told: None,
        seen: None,
        event: event(to.as_str()),
        once: None,
        now,
    }
}

/// "I called": approved, and its release is owed.
pub(crate) fn approve(now: Timestamp) -> Change {
    Change {
        outcome: Some(Outcome::Called {
            send: true,
            person: "Kim".to_owned(),
            number: "+4930123456".to_owned(),
            note: "half the price off".to_owned(),
            report: Box::default(),
        }),
        outbox: vec![release(now)],
        ..change(State::Held, State::Approved, now)
    }
}

/// Puts a hold through to `approved` and leases its release to `node`; the notice is out.
pub(crate) async fn approved_and_leased(
    store: &dyn HoldStore,
    new: NewHold,
    node: &str,
) -> (HoldId, callfirst::hold::ItemId) {
    let mut new = new;
    new.outbox.clear();
    let id = store.hold(new).await.unwrap().id().clone();
    store.change(&id, approve(at(10))).await.unwrap();
    let items = store.lease_items(node, at(20), LEASE, 10).await.unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].kind, ItemKind::Release);
    (id, items[0].id.clone())
}
