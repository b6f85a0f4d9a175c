mod after;
mod fake;
mod guides;
mod served;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use arc_swap::ArcSwap;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use jiff::tz::TimeZone;
use tower::ServiceExt;

use self::fake::{Fake, held, id};
use super::{CallTerms, WebState, router};
use crate::{
    calendar::Week,
    call::Hours,
    hold::{HoldStore, Outcome, State},
    mail::Timestamp,
    release::{Desk, Keys, in_tests::Silent},
    team::{Team, Teams},
    wording::{Languages, Own},
};

const NOW: &str = "2026-11-24T15:20:00Z";

struct Site {
    router: Router,
    store: Arc<Fake>,
    keys: Keys,
    /// Seconds that have passed since [`NOW`].
    passed: Arc<AtomicI64>,
    own: Arc<ArcSwap<Own>>,
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn site() -> Site {
    site_of(Languages::default())
}

fn site_of(languages: Languages) -> Site {
    let own = Arc::new(ArcSwap::from_pointee(Own::default()));
    let store = Arc::new(Fake::new(held()));
    let keys = Keys::new([7; 32]);
    let shared: Arc<dyn HoldStore> = store.clone();
    let passed = Arc::new(AtomicI64::new(0));
    let clock = passed.clone();
    let state = WebState {
        desk: Desk::new(shared.clone(), Arc::new(Silent)),
        keys: keys.clone(),
        store: shared,
        organisation: "Northwind HVAC".into(),
        public_url: "https://callfirst.example".into(),
        call_terms: CallTerms::default(),
        teams: Arc::new(Teams::of_house(Team {
            week: Week::default().in_zone(TimeZone::get("America/Chicago").unwrap()),
            ..Team::default()
        })),
        hours: Hours::default(),
        own: own.clone(),
        languages,
        clock: Arc::new(move || {
            now() + jiff::SignedDuration::from_secs(clock.load(Ordering::Relaxed))
        }),
        random: Arc::new(|| [3; 16]),
        metrics: Arc::new(|| "callfirst_up 1\n".into()),
    };
    Site { router: router(state), store, keys, passed, own }
}

impl Site {
    fn later(&self, secs: i64) {
        self.passed.fetch_add(secs, Ordering::Relaxed);
    }

    fn path(&self) -> String {
        format!("/h/{}", self.keys.link_token(&id()))
    }

    fn nonce(&self) -> String {
        self.keys.nonce(&id(), [1; 16], now())
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A form of the page, sent by its browser, with a good nonce unless the fields bring one.
    async fn post(&self, fields: &str) -> Answer {
        let nonce = if fields.contains("nonce=") {
            String::new()
        } else {
            format!("&nonce={}", self.nonce())
        };
        self.post_with(&format!("{fields}{nonce}"), &[("sec-fetch-site", "same-origin")]).await
    }

    async fn post_with(&self, body: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(self.path())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    fn state(&self) -> State {
        self.store.hold().state
    }

    fn outcome(&self) -> Option<Outcome> {
        self.store.hold().outcomes.last().map(|(_, _, outcome)| outcome.clone())
    }
}

fn look(name: &str, html: &str) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/looks/static");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("style.css"), include_str!("static/style.css")).unwrap();
    let html = html.replace("../static/", "static/");
    std::fs::write(folder.with_file_name(format!("page-{name}.html")), html).unwrap();
}

#[tokio::test]
async fn the_page_says_whom_to_call_and_how() {
    let site = site();
    let answer = site.get(&site.path()).await;
    look("held", &answer.body);
    assert_eq!(answer.status, StatusCode::OK);
    for said in [
        "Not delivered yet",
        "Susan Hall",
        "href=\"tel:+15124780143\"",
        "How to say it",
        "not covered by your warranty",
        "On Thursday 26 November at 09:10, your mail comes back to you, undelivered.",
        "This afternoon at 15:00",
    ] {
        assert!(answer.body.contains(said), "not said: {said}\n{}", answer.body);
    }
}

#[tokio::test]
async fn the_page_says_who_that_is_whence_a_number_and_what_time_it_is_there() {
    let site = site();
    let said = |page: &str, words: &str| assert!(page.contains(words), "{words}: {page}");
    let page = site.get(&site.path()).await.body;
    said(&page, "Facilities Manager");
    said(
        &page,
        "from the signature in their mail of 3 November and from your directory (reliable)",
    );
    said(&page, "In Chicago it is now 09:20: a good time to call.");
    site.later(12 * 3600);
    let page = site.get(&site.path()).await.body;
    said(&page, "In Chicago it is now 21:20. Better call tomorrow after 09:00.");
    site.store.edit(|hold| hold.dossier.call.zone = None);
    assert!(!site.get(&site.path()).await.body.contains("it is now"));
}

#[tokio::test]
async fn a_page_is_in_its_readers_language_and_in_the_organisations_own_words() {
    use crate::{message::Language, policy::Source};
    let languages = Languages {
        domains: [("northwind-hvac.example".to_owned(), Language::De)].into(),
        ..Languages::default()
    };
    let site = site_of(languages);
    let page = site.get(&site.path()).await.body;
    assert!(page.contains("<html lang=\"de\">") && page.contains("Ich habe angerufen"));
    let text =
        "page.called.title = \"Ich habe <dort> angerufen\"\nnotice.call_title = \"Ruf an\"\n";
    let file = Source { name: "de.toml".into(), text: text.into() };
    let ships = |language| {
        let mails = crate::notice::Texts::lines(language);
        mails.into_iter().chain(super::shipped_lines(language)).collect()
    };
    site.own.store(Arc::new(Own::compile(&[file], &ships).unwrap()));
    let page = site.get(&site.path()).await.body;
    assert!(page.contains("Ich habe &#60;dort&#62; angerufen"), "{page}");
    assert!(page.contains("Ruf an") && page.contains("Niemand"));
    let missing = site.post("action=no_answer").await.body;
    assert!(missing.contains("<html lang=\"de\">"));
}

#[tokio::test]
async fn the_page_is_in_the_language_of_the_mail() {
    use crate::message::Language;
    let english = ["Please", "your mail", "Nobody", "number", "deliver", "Send it"];
    for (language, said) in [
        (Language::De, ["Bitte anrufen", "Ich habe angerufen", "am Dienstag, 24. November"]),
        (Language::Fr, ["À appeler", "J’ai appelé", "mardi 24 novembre à"]),
        (Language::Es, ["Llame", "He llamado", "martes 24 de noviembre"]),
        (Language::It, ["Non ancora consegnata", "Ho telefonato", "martedì 24 novembre"]),
        (Language::Nl, ["Bel", "Ik heb gebeld", "dinsdag 24 november"]),
        (Language::Pt, ["Telefone", "Já telefonei", "24 de novembro"]),
    ] {
        let site = site();
        site.store.edit(|hold| {
            hold.dossier.decision.language = Some(language);
            hold.dossier.decision.evidence.clear();
            hold.dossier.call.guide = crate::call::Guide::default();
            hold.dossier.subject.clear();
        });
        let held = site.get(&site.path()).await.body;
        look(language.code(), &held);
        let unsaid = site.post("action=call_back").await.body;
        let missing = site.post("action=no_answer").await.body;
        site.post("action=no_answer&when=tomorrow").await;
        let waiting = site.get(&site.path()).await.body;
        site.post("action=withdraw&sure=yes").await;
        let taken_back = site.get(&site.path()).await.body;
        for said in said {
            assert!(held.contains(said), "{language:?}: {said} is not in\n{held}");
        }
        for page in [held, missing, unsaid, waiting, taken_back] {
            assert!(page.contains(&format!("<html lang=\"{}\">", language.code())));
            for word in english {
                let text = page.split('<').filter_map(|t| t.split_once('>')).map(|(_, text)| text);
                let strays: Vec<&str> = text.filter(|t| t.contains(word)).collect();
                assert!(strays.is_empty(), "{language:?}: {strays:?}");
            }
        }
    }
}

#[tokio::test]
async fn looking_changes_nothing_and_is_noted_once() {
    let site = site();
    for _ in 0..3 {
        site.get(&site.path()).await;
    }
    let head = Request::head(site.path()).body(Body::empty()).unwrap();
    assert_eq!(site.send(head).await.body, "");
    assert_eq!(site.state(), State::Held);
    assert_eq!(site.store.changes(), 0);
    assert_eq!(site.store.views(), 1);
}

#[tokio::test]
async fn called_and_send_approves_the_mail_and_says_so() {
    let site = site();
    let answer =
        site.post("action=called&then=send&number=%2B15124780143&note=New+date+agreed").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let token = site.keys.link_token(&id());
    assert_eq!(answer.headers[header::LOCATION], token.as_str());
    assert_eq!(site.state(), State::Approved);
    let expected = Outcome::Called {
        send: true,
        person: String::new(),
        number: "+15124780143".into(),
        note: "New date agreed".into(),
        report: Box::default(),
    };
    assert_eq!(site.outcome(), Some(expected));
    let page = site.get(&site.path()).await;
    look("approved", &page.body);
    assert!(page.body.contains("It goes out") && page.body.contains("New date agreed"));
    assert!(!page.body.contains("<form"), "a decided hold still offered a form");
}

#[tokio::test]
async fn each_form_does_what_it_says() {
    for (fields, state) in [
        ("action=called&then=dont_send&person=Susan+Hall", State::Withdrawn),
        ("action=called&then=send&other_number=512+1234567", State::Approved),
        ("action=no_answer&when=hour", State::Held),
        ("action=no_answer&when=afternoon", State::Held),
        ("action=no_answer&when=tomorrow", State::Held),
        ("action=no_answer&when=at&at=2026-11-25T10:30", State::Held),
        ("action=withdraw&sure=yes", State::Withdrawn),
        ("action=false_alarm&sure=yes&note=good+news", State::Approved),
        ("action=send_anyway&reason=She+is+deaf", State::Approved),
    ] {
        let site = site();
        let answer = site.post(fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{fields}\n{}", answer.body);
        assert_eq!(site.state(), state, "{fields}");
        assert!(site.outcome().is_some(), "{fields}");
    }
}

#[tokio::test]
async fn no_answer_reminds_when_it_was_asked_to() {
    let expected = [
        ("hour", "2026-11-24T16:20:00Z"),
        ("afternoon", "2026-11-24T21:00:00Z"),
        ("tomorrow", "2026-11-25T15:00:00Z"),
        ("at&at=2026-11-25T10:30", "2026-11-25T16:30:00Z"),
    ];
    for (when, at) in expected {
        let site = site();
        site.post(&format!("action=no_answer&when={when}")).await;
        assert_eq!(site.store.hold().remind_at, Some(at.parse().unwrap()), "{when}");
        let page = site.get(&site.path()).await;
        assert!(page.body.contains("No answer yet") && page.body.contains("<form"), "{when}");
        look("no-answer", &page.body);
    }
}

#[tokio::test]
async fn what_is_missing_is_said_and_what_was_typed_is_kept() {
    for (fields, said, kept) in [
        ("action=called&then=send&note=Agreed", "which number you called", "Agreed"),
        ("action=called&number=%2B15124780143&note=Agreed", "whether your mail goes out", "Agreed"),
        ("action=called&then=send&number=other&note=Agreed", "which number you called", "Agreed"),
        ("action=no_answer", "when we should remind you", ""),
        ("action=no_answer&when=at&at=2020-01-01T00:00", "in the future", "2020-01-01T00:00"),
        ("action=no_answer&when=at&at=2026-11-26T09:10", "time runs out", "2026-11-26T09:10"),
        ("action=withdraw&note=Later", "tick the box", "Later"),
        ("action=false_alarm&note=Good", "tick the box", "Good"),
        ("action=send_anyway&reason=ok", "in a few words why", "ok"),
        ("action=&note=x", "choose what happened", ""),
        ("action=called&then=send&person=Ann&nonce=AAAA", "was open for a long time", "Ann"),
    ] {
        let site = site();
        let answer = site.post(fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        assert!(answer.body.contains(said), "{fields}: not said: {said}\n{}", answer.body);
        assert!(answer.body.contains(kept), "{fields}: not kept: {kept}");
        assert!(answer.body.contains("role=\"alert\""), "{fields}");
        let of_no_field = ["whether your mail", "when we should", "choose what", "was open for"];
        let of_a_field = !of_no_field.iter().any(|text| said.contains(text));
        let marked = "aria-invalid=\"true\" aria-describedby=\"problem\"";
        let marked = answer.body.matches(marked).count();
        assert_eq!(marked, usize::from(of_a_field), "{fields}\n{}", answer.body);
        assert_eq!(site.store.changes(), 0, "{fields}");
        if fields.starts_with("action=called&then=send&note") {
            look("missing", &answer.body);
        }
    }
}

#[tokio::test]
async fn a_mail_that_is_kept_may_be_reminded_of_within_two_weeks() {
    let site = site();
    site.store.edit(|hold| {
        hold.dossier.decision.terms.expiry_action = crate::decision::ExpiryAction::Keep;
    });
    let far = site.post("action=no_answer&when=at&at=2030-01-01T00:00").await;
    assert!(far.body.contains("next two weeks"), "{}", far.body);
    let after = site.post("action=no_answer&when=at&at=2026-11-27T09:00").await;
    assert_eq!(after.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_machine_that_presses_every_button_decides_nothing() {
    let site = site();
    let page = site.get(&site.path()).await.body;
    for form in page.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap();
        // Every field as the page fills it in, and every button once.
        let values = form.split("<input").skip(1).filter(|i| i.contains("type=\"hidden\""));
        let attribute = |tag: &str, name: &str| {
            let rest = tag.split_once(&format!("{name}=\"")).map(|(_, rest)| rest);
            rest.and_then(|r| r.split('"').next()).unwrap_or_default().to_owned()
        };
        let hidden: Vec<String> = values
            .map(|tag| format!("{}={}", attribute(tag, "name"), attribute(tag, "value")))
            .collect();
        assert_eq!(hidden.len(), 2);
        for button in form.split("<button").skip(1) {
            let button = button.split('>').next().unwrap();
            let fields = format!("{}&then={}", hidden.join("&"), attribute(button, "value"));
            let answer = site.post(&fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        }
    }
    assert_eq!(site.store.changes(), 0);
}

/// HTML Living Standard, "Implicit submission": Enter presses the first button, unless it is
/// disabled.
#[tokio::test]
async fn enter_in_a_field_does_not_send_the_mail() {
    let site = site();
    let page = site.get(&site.path()).await.body;
    let form = page.split("<form").find(|form| form.contains("value=\"called\"")).unwrap();
    let first = form.split("<button").nth(1).unwrap().split('>').next().unwrap();
    assert!(first.contains("hidden") && first.contains("disabled"), "<button{first}>");
}

#[tokio::test]
async fn the_first_decision_stands() {
    let site = site();
    site.post("action=withdraw&sure=yes").await;
    let answer = site.post("action=send_anyway&reason=She+is+deaf").await;
    assert!(answer.headers[header::LOCATION].to_str().unwrap().ends_with("?already=1"));
    assert_eq!(site.state(), State::Withdrawn);
    let page = site.get(&format!("{}?already=1", site.path())).await;
    look("already", &page.body);
    assert!(page.body.contains("Somebody had already decided"));
}

#[tokio::test]
async fn where_the_policy_asks_for_a_call_nothing_is_sent_without_one() {
    let site = site();
    site.store.edit(|hold| hold.dossier.decision.terms.send_anyway = false);
    assert!(!site.get(&site.path()).await.body.contains("Send it without a call"));
    let answer = site.post("action=send_anyway&reason=I+am+in+a+hurry").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.state(), State::Held);
}

#[tokio::test]
async fn every_wrong_link_opens_the_same_page() {
    let site = site();
    let token = site.keys.link_token(&id());
    let stranger = Keys::new([8; 32]).link_token(&id());
    let gone = site.keys.link_token(&crate::mail::HoldId::from_octets([9; 16]));
    let first = site.get("/nothing/here").await;
    assert_eq!(first.status, StatusCode::NOT_FOUND);
    look("unknown", &first.body);
    for path in [
        "/h/".to_owned(),
        "/h/x".to_owned(),
        format!("/h/{stranger}"),
        format!("/h/{gone}"),
        format!("/h/{}", "A".repeat(5_000)),
        format!("/h/{token}x"),
        format!("/h/{}", token.to_lowercase()),
        "/h/%00%ff".to_owned(),
        "/h/../static/style.css".to_owned(),
    ] {
        let answer = site.get(&path).await;
        assert_eq!(
            (answer.status, answer.body),
            (StatusCode::NOT_FOUND, first.body.clone()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    let good = format!("action=withdraw&sure=yes&nonce={}", site().nonce());
    for headers in [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "https://evil.example")],
        vec![("origin", "http://callfirst.example")],
    ] {
        let site = site();
        let answer = site.post_with(&good, &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(site.state(), State::Held);
    }
    // A page without referrer sends `Origin: null`; an old browser sends nothing.
    for headers in [
        vec![("origin", "null"), ("sec-fetch-site", "same-origin")],
        vec![("origin", "https://CallFirst.example")],
        vec![],
    ] {
        let site = site();
        assert_eq!(site.post_with(&good, &headers).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_nonce_is_for_one_hold_and_for_one_morning() {
    let other = crate::mail::HoldId::from_octets([9; 16]);
    let early = "2026-11-24T02:00:00Z".parse().unwrap();
    let keys = Keys::new([7; 32]);
    for nonce in [keys.nonce(&other, [1; 16], now()), keys.nonce(&id(), [1; 16], early)] {
        let site = site();
        let answer = site.post(&format!("action=withdraw&sure=yes&nonce={nonce}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(site.state(), State::Held);
    }
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let site = site();
    for path in [&site.path(), "/healthz", "/readyz", "/metrics", "/static/style.css", "/no"] {
        let answer = site.get(path).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert!(header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("cache-control"), "no-store");
        assert!(answer.headers.contains_key("strict-transport-security"));
        assert!(!answer.body.contains("<script"));
    }
}

#[tokio::test]
async fn hostile_words_are_shown_as_words() {
    let site = site();
    let hostile = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}";
    site.store.edit(|hold| {
        hold.dossier.subject = hostile.into();
        let person = hold.dossier.call.person.as_mut().unwrap();
        person.name = hostile.into();
        person.address = hostile.into();
        hold.dossier.decision.evidence[0].text = hostile.into();
        hold.dossier.decision.title = Some(hostile.into());
        hold.dossier.call.guide.lines = vec![hostile.into()];
    });
    let answer = site.get(&site.path()).await;
    assert!(!answer.body.contains("<script") && !answer.body.contains("<img"));
    let answer = site
        .post("action=called&note=%3Cscript%3E&person=%22%3E%3Cimg%3E&other_number=%22onfocus%3D")
        .await;
    assert!(!answer.body.contains("<script") && !answer.body.contains("<img"));
    assert!(!answer.body.contains("value=\"\"onfocus"));
}

#[tokio::test]
async fn a_body_too_large_or_of_another_type_changes_nothing() {
    let site = site();
    let large = format!("action=withdraw&sure=yes&note={}", "x".repeat(100_000));
    assert_eq!(site.post(&large).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let json = Request::post(site.path())
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{\"action\":\"withdraw\"}"))
        .unwrap();
    assert_eq!(site.send(json).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let put = Request::put(site.path()).body(Body::empty()).unwrap();
    assert_eq!(site.send(put).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(site.store.changes(), 0);
}

#[tokio::test]
async fn when_the_store_fails_the_page_says_whose_fault_it_is() {
    let site = site();
    site.store.fail(true);
    let answer = site.get(&site.path()).await;
    look("trouble", &answer.body);
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("The fault is ours"));
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(site.post("action=withdraw&sure=yes").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.get("/metrics").await.body, "callfirst_up 1\n");
}

#[tokio::test]
async fn however_many_ask_whether_we_are_ready_the_store_writes_once_in_a_while() {
    let site = site();
    for _ in 0..50 {
        assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
    }
    assert_eq!(site.store.asked(), 1);
    site.store.fail(true);
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
    site.later(4);
    assert_eq!(site.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    site.store.fail(false);
    site.later(4);
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
    assert_eq!(site.store.asked(), 3);
}
