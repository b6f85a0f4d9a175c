//! A desk with a database of its own, and a browser for each of its people.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use callfirst::{
    accounts::{self, Accounts, NewPerson, Seal, VouchedBy},
    call::CallSheet,
    changes::{Checks, Folder, Workshop},
    decision::{Decision, Evidence, HoldTerms, Mode, Organisation, Reason, Verdict},
    desk::{DeskState, Proxy, Remembered, router},
    hold::{
        self, Actor, Dossier, Hold, HoldStore, ItemKind, NewHold, NewItem, Outcome, Party, Watch,
    },
    mail::{
        Content, Envelope, ForwardPath, HoldId, Mailbox, Origin, Protocol, Recipient, ReversePath,
        Timestamp, Xforward,
    },
    message,
    policy::{PolicySet, Preset},
    release::{Desk, Letters},
    rights::Role,
    store,
    team::{Member, Team, Teams},
};
use tower::ServiceExt;

const ORIGIN: &str = "http://desk.us.example";
const PASSWORD: &str = "correct horse battery";
const BEGIN: i64 = 1_795_514_400;

/// Who is asked where a policy wants a second person.
pub(crate) const SECOND: &str = "second@us.example";

/// Three parts: text, a web page, an attached web page.
pub(crate) const MAIL: &[u8] = b"From: Eva <eva@north.us.example>\r\nSubject: Our refusal\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
Dear Kim,\r\nwe cannot cover it. Sorry.\r\n\
--b\r\nContent-Type: text/html\r\n\r\n<p onclick=x()>We <b>cannot</b><script>alert(1)</script>\r\n\
--b\r\nContent-Type: text/html; name=\"x.html\"\r\nContent-Disposition: attachment\r\n\r\n<script>1</script>\r\n--b--\r\n";

/// Writes blank letters to whoever is asked or handed something.
struct Blank;

fn blank(to: &Mailbox, now: Timestamp) -> NewItem {
    let kind = ItemKind::Notice { name: "second_asked".to_owned(), bytes: b"x\r\n".to_vec() };
    let recipients = vec![Recipient::plain(ForwardPath::from(to.clone()))];
    NewItem { kind, recipients, due: now }
}

impl Letters for Blank {
    fn decided(&self, _: &Hold, _: &Actor, _: &Outcome, _: Timestamp) -> Vec<NewItem> {
        Vec::new()
    }
    fn handed_over(
        &self,
        _: &Hold,
        to: Option<&Party>,
        _: &Actor,
        _: &str,
        now: Timestamp,
    ) -> Option<NewItem> {
        to.map(|party| blank(&party.address, now))
    }
    fn second_asked(
        &self,
        _: &Hold,
        to: &Party,
        _: &Actor,
        _: &Outcome,
        now: Timestamp,
    ) -> Option<NewItem> {
        Some(blank(&to.address, now))
    }
    fn declined(&self, _: &Hold, _: &Actor, _: &Actor, _: &str, _: Timestamp) -> Option<NewItem> {
        None
    }
}

pub(crate) struct Site {
    store: Arc<dyn HoldStore>,
    accounts: Accounts,
    router: Router,
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }
}

impl Site {
    pub(crate) async fn new() -> Site {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("desk.db").display());
        Site::on(&url, folder).await
    }

    /// On the database that this URL names.
    pub(crate) async fn on(url: &str, folder: tempfile::TempDir) -> Site {
        let database = store::open(url, &store::Settings::default()).await.unwrap();
        let clock = Arc::new(AtomicI64::new(BEGIN));
        let time = Arc::clone(&clock);
        let holds = hold::on(database.clone(), hold::Settings::default());
        let seal = Seal::new(&[7; 32]).unwrap();
        let accounts = Accounts::new(database.clone(), accounts::Settings::default(), seal);
        let seconds = vec![Mailbox::parse(SECOND).unwrap()];
        // No policy files: what is tuned has tests of its own.
        let checks = Checks {
            folder: Folder::new(None),
            read_files: Arc::new(|| Ok(Vec::new())),
            lacks: Arc::new(|_| Vec::new()),
            read_mail: Arc::new(|bytes| message::read(bytes, &message::Limits::default())),
            organisation: Organisation { name: "Us".to_owned(), domains: vec![] },
            model: None,
            preset: Preset::Balanced,
            second_person: false,
            layer_days: 90,
            zone: jiff::tz::TimeZone::UTC,
            recordings: None,
        };
        let state = DeskState {
            accounts: accounts.clone(),
            store: Arc::clone(&holds),
            database,
            decisions: Desk::new(Arc::clone(&holds), Arc::new(Blank)).with_seconds(seconds),
            organisation: "Us".to_owned(),
            public_url: ORIGIN.to_owned(),
            proxy: Proxy::none(),
            #[cfg(feature = "oidc")]
            provider: None,
            form_key: [9; 32],
            teams: Arc::new(teams()),
            policies: Arc::new(ArcSwap::from_pointee(PolicySet::compile(&[], None).unwrap())),
            held: Remembered::default(),
            workshop: Workshop::new(checks, None),
            previews: Arc::new(|_, _| None),
            zone: jiff::tz::TimeZone::UTC,
            clock: Arc::new(move || Timestamp::from_second(time.load(Ordering::SeqCst)).unwrap()),
        };
        Site { store: holds, accounts, router: router(state), clock, _folder: folder }
    }

    pub(crate) async fn hold(&self, mut new: NewHold) -> HoldId {
        new.created = Timestamp::from_second(self.clock.load(Ordering::SeqCst)).unwrap();
        self.store.hold(new).await.unwrap().id().clone()
    }

    pub(crate) async fn find(&self, id: &HoldId) -> Hold {
        self.store.find(id).await.unwrap().unwrap()
    }

    /// How often this is in the audit of a hold.
    pub(crate) async fn audited(&self, id: &HoldId, name: &str) -> usize {
        let entries = self.store.audit_of(id, 1_000).await.unwrap();
        entries.iter().filter(|entry| entry.event.name == name).count()
    }

    pub(crate) async fn wait_secs(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) async fn visitor(&self, login: &str, roles: &[Role]) -> Browser<'_> {
        self.visitor_at(login, &format!("{login}@us.example"), roles).await
    }

    /// A browser that is logged in as somebody new with this mailbox. A lead leads the north.
    pub(crate) async fn visitor_at(&self, login: &str, at: &str, roles: &[Role]) -> Browser<'_> {
        let new = NewPerson {
            login: login.to_owned(),
            name: String::new(),
            address: Mailbox::parse(at).ok(),
            roles: roles.iter().copied().collect(),
            teams: roles.contains(&Role::Lead).then(|| "north".to_owned()).into_iter().collect(),
            vouched_by: VouchedBy::Us,
        };
        let now = Timestamp::from_second(self.clock.load(Ordering::SeqCst)).unwrap();
        let by = || Actor::service("test", None);
        let made = self.accounts.add(new, by(), now).await.unwrap();
        self.accounts.set_password(&made, PASSWORD, None, by(), now).await.unwrap();
        let mut browser = Browser { site: self, cookie: String::new() };
        let fields = [("login", login), ("password", PASSWORD)];
        let answer = browser.send(Method::POST, "/desk/log-in", Some(&form(&fields))).await;
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        browser
    }

    /// The page of a job once it is over.
    pub(crate) async fn over(&self, visitor: &Browser<'_>, path: &str) -> String {
        for _ in 0..600 {
            let page = visitor.get(path).await;
            if !page.headers.contains_key("refresh") {
                return page.body;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the job has no end");
    }

    /// Whatever this visitor began with many is over when another may begin.
    pub(crate) async fn settled(&self, visitor: &Browser<'_>) {
        let nobody = HoldId::from_octets([9; 16]);
        for _ in 0..600 {
            let fields = [("deed", "remind"), ("id", nobody.as_str())];
            let answer = visitor.post("/desk/holds/bulk/do", &fields).await;
            if answer.status == StatusCode::SEE_OTHER {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the job has no end");
    }
}

fn teams() -> Teams {
    let mut teams = Teams::default();
    for name in ["north", "south"] {
        let team = Team { name: name.to_owned(), ..Team::default() };
        teams.add(team, Member::parse(&format!("@{name}.us.example")));
    }
    teams
}

pub(crate) struct Browser<'a> {
    site: &'a Site,
    cookie: String,
}

impl Browser<'_> {
    /// As a browser sends it from a page of ours; the token is not added.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&str>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ORIGIN, ORIGIN)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_owned())))
            .unwrap();
        let answer = self.site.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, 10 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Sends a form with the session's token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get("/desk").await.body;
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        let token = rest.split('"').next().unwrap();
        let body = form(&[&[("csrf", token)], fields].concat());
        self.send(Method::POST, path, Some(&body)).await
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A hold with the mail above.
pub(crate) fn new_hold(sender: &str, subject: &str) -> NewHold {
    static COUNT: AtomicI64 = AtomicI64::new(1);
    let mut octets = [0; 16];
    octets[..8].copy_from_slice(&COUNT.fetch_add(1, Ordering::SeqCst).to_be_bytes());
    let id = HoldId::from_octets(octets);
    let begin = Timestamp::from_second(BEGIN).unwrap();
    let end = Timestamp::from_second(BEGIN + 48 * 3600).unwrap();
    let to = Recipient::plain(ForwardPath::parse("kim@customer.example").unwrap());
    NewHold {
        idempotency_key: format!("key-of-{id}"),
        id,
        envelope: Envelope::new(ReversePath::parse(sender).unwrap(), Vec::new(), vec![to]).unwrap(),
        origin: Origin {
            session_id: "s1".to_owned(),
            transaction_id: "t1".to_owned(),
            client: "192.0.2.7".parse().unwrap(),
            helo: "mta.us.example".to_owned(),
            protocol: Protocol::Esmtp,
            xforward: Xforward::default(),
        },
        content: Content::from(MAIL.to_vec()),
        trace: "Received: from mta by relay with ESMTP id t1;\r\n\tThu, 1 Jan 2026\r\n".to_owned(),
        dossier: Dossier {
            subject: subject.to_owned(),
            message_id: None,
            references: Vec::new(),
            header_from_name: "Eva".to_owned(),
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
                evidence: vec![Evidence {
                    text: "we cannot cover it.".to_owned(),
                    place: "new".to_owned(),
                    signal: "refusal".to_owned(),
                    weight: 4.2,
                }],
                terms: HoldTerms::default(),
                would_hold: false,
            },
            call: CallSheet::default(),
        },
        created: begin,
        remind_at: None,
        expires_at: end,
        watch: Watch::default(),
        outbox: Vec::new(),
    }
}
