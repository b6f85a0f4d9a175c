//! A desk for tests: a database of its own, people, and a browser for each.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use jiff::tz::TimeZone;
use tempfile::TempDir;
use tower::ServiceExt;

use super::{DeskState, Proxy, router};
use crate::{
    accounts::{self, Accounts, NewPerson, Seal, VouchedBy},
    hold::{self, Actor, AuditEntry},
    mail::{Mailbox, Timestamp},
    release::{Desk, in_tests::Silent},
    rights::Role,
    store,
    team::Teams,
    web::Peer,
};

/// Where the tests' pages are.
pub(crate) const ORIGIN: &str = "https://desk.us.example";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// When the tests begin: 2026-11-24T10:00:00Z.
const BEGIN: i64 = 1_795_514_400;

/// A desk.
pub(crate) struct Site {
    pub(crate) state: DeskState,
    pub(crate) router: Router,
    clock: Arc<AtomicI64>,
    _folder: TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// Where it sends the browser; empty where nowhere.
    pub(crate) fn to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    /// The session that it gives.
    pub(crate) fn cookie(&self) -> Option<String> {
        let field = self.headers.get(header::SET_COOKIE)?.to_str().unwrap();
        Some(field.split(';').next().unwrap().to_owned())
    }

    /// The value of a form's hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Site {
    pub(crate) async fn new() -> Site {
        Site::with(|_| ()).await
    }

    /// A desk with something else than the tests' usual.
    pub(crate) async fn with(change: impl FnOnce(&mut DeskState)) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("desk.db").display());
        let database = store::open(&url, &store::Settings::default()).await.unwrap();
        let seal = Seal::new(&[7; 32]).unwrap();
        let clock = Arc::new(AtomicI64::new(BEGIN));
        let time = Arc::clone(&clock);
        let now = move || Timestamp::from_second(time.load(Ordering::SeqCst)).unwrap();
        let holds = hold::on(database.clone(), hold::Settings::default());
        let mut state = DeskState {
            accounts: Accounts::new(database.clone(), accounts::Settings::default(), seal),
            store: Arc::clone(&holds),
            database,
            decisions: Desk::new(holds, Arc::new(Silent)),
            organisation: "Us".to_owned(),
            public_url: ORIGIN.to_owned(),
            proxy: Proxy::none(),
            #[cfg(feature = "oidc")]
            provider: None,
            form_key: [9; 32],
            teams: Arc::new(Teams::default()),
            zone: TimeZone::UTC,
            clock: Arc::new(now),
        };
        change(&mut state);
        Site { router: router(state.clone()), state, clock, _folder: folder }
    }

    /// Time goes by.
    pub(crate) fn wait_secs(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Makes an account with [`PASSWORD`].
    pub(crate) async fn person(&self, login: &str, roles: &[Role]) -> crate::accounts::Account {
        let new = NewPerson {
            login: login.to_owned(),
            name: String::new(),
            address: Mailbox::parse(&format!("{login}@us.example")).ok(),
            roles: roles.iter().copied().collect(),
            teams: [].into(),
            vouched_by: VouchedBy::Us,
        };
        let (accounts, by) = (&self.state.accounts, || Actor::service("test", None));
        let made = accounts.add(new, by(), self.state.now()).await.unwrap();
        accounts.set_password(&made, PASSWORD, None, by(), self.state.now()).await.unwrap();
        made
    }

    /// A browser that is logged in as somebody new with these roles.
    pub(crate) async fn visitor(&self, login: &str, roles: &[Role]) -> Browser<'_> {
        self.person(login, roles).await;
        let mut browser = self.browser();
        let answer = browser.log_in(login, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }

    /// A browser that is logged in nowhere.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { site: self, cookie: None, peer: [192, 0, 2, 1].into() }
    }

    /// A browser with this cookie.
    pub(crate) fn browser_with(&self, cookie: Option<String>) -> Browser<'_> {
        Browser { cookie, ..self.browser() }
    }

    /// The whole audit.
    pub(crate) async fn audit(&self) -> Vec<AuditEntry> {
        self.state.store.audit(1, 10_000).await.unwrap()
    }
}

/// One browser.
pub(crate) struct Browser<'a> {
    site: &'a Site,
    /// `name=value`.
    pub(crate) cookie: Option<String>,
    pub(crate) peer: std::net::IpAddr,
}

impl Browser<'_> {
    /// Sends a request as it is.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        let peer = Extension(Peer(SocketAddr::new(self.peer, 40_000)));
        let router = self.site.router.clone().layer(peer);
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 10 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form of one of our pages, with the token of the session.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut all = vec![("csrf", token.as_str())];
        all.extend(fields);
        self.send(form(path, &all)).await
    }

    /// The token of the session's forms; empty where there is none.
    pub(crate) async fn token(&self) -> String {
        let page = self.get("/desk").await;
        if page.status == StatusCode::OK { page.hidden("csrf") } else { String::new() }
    }

    /// Logs in with a password, and keeps the cookie.
    pub(crate) async fn log_in(&mut self, login: &str, password: &str) -> Answer {
        let answer =
            self.send(form("/desk/log-in", &[("login", login), ("password", password)])).await;
        if let Some(cookie) = answer.cookie() {
            self.cookie = Some(cookie);
        }
        answer
    }
}

/// A form as a browser sends it from a page of ours.
pub(crate) fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let encoded = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(pairs.collect::<Vec<_>>().join("&")))
        .unwrap()
}
