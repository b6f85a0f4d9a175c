//! The queue and a hold at the desk, over its router and a database of its own: who sees what, what is
//! in the audit, and that what is done there keeps the rules of every other way.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[path = "desk_holds/site.rs"]
mod site;

use axum::http::{Method, StatusCode, header};
use callfirst::{
    decision::SecondPerson,
    hold::{Outcome, State},
    mail::HoldId,
    rights::Role,
};

use site::{Site, new_hold};

const NORTH: &str = "eva@north.us.example";
const SOUTH: &str = "tom@south.us.example";

#[tokio::test]
async fn a_list_has_what_its_reader_may_see_and_counts_nothing_else() {
    let site = Site::new().await;
    site.hold(new_hold(NORTH, "Our northern refusal")).await;
    site.hold(new_hold(SOUTH, "Our southern refusal")).await;
    let reviewer = site.visitor("rae", &[Role::Reviewer]).await;
    let lead = site.visitor("lea", &[Role::Lead]).await;
    let own = site.visitor_at("eva", NORTH, &[Role::Sender]).await;
    let nobody = site.visitor("nob", &[]).await;
    let page = reviewer.get("/desk/holds").await.body;
    assert!(page.contains("northern") && page.contains("southern") && page.contains("With many"));
    for visitor in [&lead, &own] {
        let page = visitor.get("/desk/holds").await.body;
        assert!(page.contains("northern") && !page.contains("southern"), "{page}");
        assert!(page.contains("Held <span class=\"count\">1</span>"), "{page}");
        let page = visitor.get("/desk/holds?q=southern").await.body;
        assert!(page.contains("Nothing is found"));
        let page = visitor.get(&format!("/desk/holds?sender={SOUTH}")).await.body;
        assert!(page.contains("Nothing is found"));
    }
    assert!(!own.get("/desk/holds").await.body.contains("With many"));
    assert_eq!(nobody.get("/desk/holds").await.status, StatusCode::FORBIDDEN);
    let team = reviewer.get("/desk/holds?team=south").await.body;
    assert!(!team.contains("northern") && team.contains("southern"));
}

#[tokio::test]
async fn a_hold_out_of_reach_is_not_there() {
    let site = Site::new().await;
    let id = site.hold(new_hold(SOUTH, "Our southern refusal")).await;
    let lead = site.visitor("lea", &[Role::Lead]).await;
    let sender = site.visitor_at("eva", NORTH, &[Role::Sender]).await;
    for visitor in [&lead, &sender] {
        for path in ["", "/mail.eml", "/parts/0", "/frame/1"] {
            let answer = visitor.get(&format!("/desk/holds/{id}{path}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!answer.body.contains("southern"));
        }
    }
    let fields = [("deed", "withdraw"), ("reason", "it is not mine")];
    let answer = lead.post(&format!("/desk/holds/{id}"), &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let bulk = [&fields[..], &[("id", id.as_str())]].concat();
    let asked = lead.post("/desk/holds/bulk", &bulk).await;
    assert!(!asked.body.contains("southern"), "the question does not name it either");
    lead.post("/desk/holds/bulk/do", &bulk).await;
    site.settled(&lead).await;
    assert_eq!(site.find(&id).await.state, State::Held);
    let reviewer = site.visitor("rae", &[Role::Reviewer]).await;
    for path in ["x", "00000000000000000000000000000000", "..%2f..", "%00"] {
        let answer = reviewer.get(&format!("/desk/holds/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn whoever_reads_a_mail_is_in_the_audit_once_an_hour() {
    let site = Site::new().await;
    let id = site.hold(new_hold(NORTH, "Our refusal")).await;
    let reviewer = site.visitor("rae", &[Role::Reviewer]).await;
    let auditor = site.visitor("aud", &[Role::Auditor]).await;
    let path = format!("/desk/holds/{id}");
    let page = auditor.get(&path).await.body;
    assert!(page.contains("may not read held mail") && !page.contains("cannot cover it"), "{page}");
    for part in ["/mail.eml", "/parts/0", "/frame/1"] {
        assert_eq!(auditor.get(&format!("{path}{part}")).await.status, StatusCode::FORBIDDEN);
    }
    reviewer.send(Method::HEAD, &path, None).await;
    assert_eq!(site.audited(&id, "content_viewed").await, 0, "nothing was shown yet");
    let page = reviewer.get(&path).await.body;
    assert!(page.contains("<mark>we cannot cover it.</mark>"), "{page}");
    reviewer.get(&path).await;
    reviewer.get(&format!("{path}/frame/1")).await;
    assert_eq!(site.audited(&id, "content_viewed").await, 1);
    site.wait_secs(1_700).await;
    reviewer.get(&path).await;
    assert_eq!(site.audited(&id, "content_viewed").await, 1);
    site.wait_secs(1_790).await;
    reviewer.get(&path).await;
    site.wait_secs(200).await;
    reviewer.get(&path).await;
    assert_eq!(site.audited(&id, "content_viewed").await, 2);
    reviewer.get(&format!("{path}/mail.eml")).await;
    assert_eq!(site.audited(&id, "content_taken").await, 1);
}

#[tokio::test]
async fn what_a_mail_brings_is_a_file_or_stands_in_a_sandbox() {
    let site = Site::new().await;
    let id = site.hold(new_hold(NORTH, "Our refusal")).await;
    let reviewer = site.visitor("rae", &[Role::Reviewer]).await;
    let whole = reviewer.get(&format!("/desk/holds/{id}/mail.eml")).await;
    assert_eq!(whole.body.as_bytes(), site::MAIL);
    for part in ["mail.eml", "parts/1", "parts/2"] {
        let answer = reviewer.get(&format!("/desk/holds/{id}/{part}")).await;
        let field = |name| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!(field(header::CONTENT_TYPE), "application/octet-stream", "{part}");
        assert!(field(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\""));
        assert_eq!(field(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert!(field(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
    }
    let frame = reviewer.get(&format!("/desk/holds/{id}/frame/1")).await;
    let policy = frame.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
    assert!(frame.body.contains("<b>cannot</b>") && !frame.body.contains("script"));
    for part in ["frame/0", "frame/2", "frame/9", "frame/x", "parts/9"] {
        let answer = reviewer.get(&format!("/desk/holds/{id}/{part}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{part}");
    }
    let page = reviewer.get(&format!("/desk/holds/{id}")).await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("frame-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(
        page.body.contains("<iframe class=\"mail\" sandbox src="),
        "no word loosens the sandbox"
    );
}

#[tokio::test]
async fn a_decision_needs_its_reason_and_is_made_once() {
    let site = Site::new().await;
    let id = site.hold(new_hold(NORTH, "Our refusal")).await;
    let reviewer = site.visitor("rae", &[Role::Reviewer]).await;
    let path = format!("/desk/holds/{id}");
    for fields in [&[("deed", "withdraw")][..], &[("deed", "nothing")], &[]] {
        let answer = reviewer.post(&path, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.body.contains("Nothing was changed"));
    }
    assert_eq!(site.find(&id).await.state, State::Held);
    let fields = [("deed", "withdraw"), ("reason", "the customer has called us")];
    let answer = reviewer.post(&path, &fields).await;
    assert_eq!((answer.status, answer.to()), (StatusCode::SEE_OTHER, &*format!("{path}?done=1")));
    let hold = site.find(&id).await;
    let (_, by, outcome) = hold.outcomes.last().unwrap();
    assert_eq!(
        (by.role.as_str(), by.name.as_str(), by.via.as_str()),
        ("reviewer", "rae@us.example", "desk")
    );
    assert_eq!(*outcome, Outcome::Withdrawn { note: "the customer has called us".to_owned() });
    let answer = reviewer.post(&path, &[("deed", "false_alarm"), ("reason", "no bad news")]).await;
    assert!(answer.body.contains("somebody was first"), "{}", answer.body);
    // No right, no token, or from elsewhere: nothing.
    let auditor = site.visitor("aud", &[Role::Auditor]).await;
    assert_eq!(auditor.post(&path, &fields).await.status, StatusCode::FORBIDDEN);
    let foreign =
        reviewer.send(Method::POST, &path, Some("deed=withdraw&reason=because+of+it")).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_second_person_agrees_at_the_desk_and_nobody_agrees_with_himself() {
    let site = Site::new().await;
    let mut new = new_hold(NORTH, "Our refusal");
    new.dossier.decision.terms.second_person = Some(SecondPerson::Always);
    let id = site.hold(new).await;
    let path = format!("/desk/holds/{id}");
    let one = site.visitor_at("ann", "ann@us.example", &[Role::Reviewer]).await;
    let two = site.visitor_at("two", site::SECOND, &[Role::Reviewer]).await;
    let third = site.visitor("rae", &[Role::Reviewer]).await;
    one.post(&path, &[("deed", "false_alarm"), ("reason", "it is an invitation")]).await;
    let hold = site.find(&id).await;
    assert!(hold.proposal().is_some() && hold.state == State::Held);
    let at = hold.proposal().unwrap().at.as_microsecond().to_string();
    let agree = [("deed", "agree"), ("proposed", at.as_str())];
    for visitor in [&one, &third] {
        let answer = visitor.post(&path, &agree).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let early = [("deed", "agree"), ("proposed", "17")];
    assert_eq!(two.post(&path, &early).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.find(&id).await.state, State::Held);
    assert_eq!(two.post(&path, &agree).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.find(&id).await.state, State::Approved);
    let queue = one.get("/desk/holds?show=going").await.body;
    assert!(queue.contains("Our refusal"), "{queue}");
}

#[tokio::test]
async fn many_are_done_one_by_one_and_what_was_not_is_told() {
    let site = Site::new().await;
    let mut ids: Vec<HoldId> = Vec::new();
    for n in 0..60 {
        ids.push(site.hold(new_hold(NORTH, &format!("Refusal {n}"))).await);
    }
    let reviewer = site.visitor("rae", &[Role::Reviewer]).await;
    let other = site.visitor("roy", &[Role::Reviewer]).await;
    let nothing = reviewer.post("/desk/holds/bulk", &[("deed", "withdraw")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let all = [("deed", "send_anyway"), ("which", "all"), ("search", "q=refusal")];
    let asked = reviewer.post("/desk/holds/bulk", &all).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert_eq!(asked.body.matches("name=\"id\"").count(), 60);
    for id in &ids {
        assert_eq!(site.find(id).await.state, State::Held, "asking does nothing");
    }
    let first = format!("/desk/holds/{}", ids[0]);
    other.post(&first, &[("deed", "withdraw"), ("reason", "quicker than the others")]).await;
    let mut fields = vec![("deed", "send_anyway")];
    fields.extend(ids.iter().map(|id| ("id", id.as_str())));
    let unsaid = reviewer.post("/desk/holds/bulk/do", &fields).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "without a reason nothing begins");
    fields.push(("reason", "the fair begins tomorrow"));
    let begun = reviewer.post("/desk/holds/bulk/do", &fields).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    assert_eq!(other.get(begun.to()).await.status, StatusCode::NOT_FOUND, "another's job");
    let page = site.over(&reviewer, begun.to()).await;
    assert!(page.contains("59 of 60 done; 1 not"), "{page}");
    assert!(page.contains("somebody was first: it is taken back"), "{page}");
    for id in &ids[1..] {
        assert_eq!(site.find(id).await.state, State::Approved);
    }
}

#[tokio::test]
async fn no_value_of_an_address_is_more_than_a_value() {
    let site = Site::new().await;
    site.hold(new_hold(NORTH, "Our refusal")).await;
    let reviewer = site.visitor("rae", &[Role::Reviewer]).await;
    let params = [
        "q",
        "sender",
        "recipient",
        "policy",
        "category",
        "team",
        "show",
        "order",
        "from",
        "to",
        "behind",
    ];
    let values = [
        "'",
        "' OR '1'='1",
        "'; DROP TABLE holds; --",
        "\" OR 1=1",
        "%",
        "_",
        "\\",
        "$1",
        "\u{0}",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "../../x",
        "1e999",
        "-1",
        "9".repeat(400).as_str(),
        "2026-99-99",
        "0.0.0.0",
        "\u{202e}x",
    ]
    .map(str::to_owned);
    for param in params {
        let unknown = reviewer.get(&format!("/desk/holds?{param}=nobody-has-this")).await;
        let rows = |body: &str| body.matches("<th scope=\"row\">").count();
        for value in &values {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            let answer = reviewer.get(&format!("/desk/holds?{param}={value}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{param}={value}");
            assert!(!answer.body.contains("<script"), "{param}={value}");
            // No word at all asks for none.
            let is_wordless = param == "q" && !value.contains(char::is_alphanumeric);
            if param != "q" || is_wordless {
                let expected = if is_wordless { 1 } else { rows(&unknown.body) };
                assert!(
                    rows(&answer.body) <= 1 && (is_wordless || rows(&answer.body) == expected),
                    "{param}={value}"
                );
            }
        }
    }
    assert!(reviewer.get("/desk/holds").await.body.contains("Our refusal"));
}
