//! From a false alarm to a change in force, on the pages.

use std::{fs, path::Path};

use axum::http::{HeaderValue, StatusCode, header};

use crate::{
    call::CallSheet,
    changes::{State, in_tests::POLICY},
    decision::{Decision, HoldTerms, Mode, Reason, Verdict},
    desk::in_tests::{Answer, Browser, Site, form},
    hold::{Dossier, NewHold, Watch},
    mail::{
        Content, Envelope, ForwardPath, HoldId, Origin, Protocol, Recipient, ReversePath, Xforward,
    },
    rights::Role,
};

const ADMIN: &[Role] = &[Role::PolicyAdmin];
/// A false alarm of the tests' policy.
const MAIL: &str = "From: Tom <tom@us.example>\r\nTo: Ann <ann@c.example>\r\n\
    Subject: Museum crate\r\n\r\n\
    Dear Ann,\r\nthe crate in our museum is from the late bronze age.\r\nTom\r\n";

fn held() -> NewHold {
    let to = Recipient::plain(ForwardPath::parse("ann@c.example").unwrap());
    let from = ReversePath::parse("tom@us.example").unwrap();
    let decision = Decision {
        verdict: Verdict::Hold,
        reason: Reason::Policy,
        policy: Some("late".into()),
        category: Some("delivery_delay".into()),
        title: None,
        probability: 0.73,
        threshold: 0.5,
        language: None,
        mode: Mode::Enforce,
        recipients: vec![],
        evidence: vec![],
        terms: HoldTerms::default(),
        would_hold: false,
    };
    let created = "2026-11-24T09:00:00Z".parse().unwrap();
    NewHold {
        id: HoldId::from_octets([5; 16]),
        idempotency_key: "key".into(),
        envelope: Envelope::new(from, vec![], vec![to]).unwrap(),
        origin: Origin {
            session_id: "s".into(),
            transaction_id: "t".into(),
            client: [127, 0, 0, 1].into(),
            helo: "client".into(),
            protocol: Protocol::Esmtp,
            xforward: Xforward::default(),
        },
        content: Content::from(MAIL.as_bytes().to_vec()),
        trace: String::new(),
        dossier: Dossier {
            subject: "Museum crate".into(),
            message_id: None,
            references: vec![],
            header_from_name: String::new(),
            decision,
            call: CallSheet::default(),
        },
        created,
        remind_at: None,
        expires_at: "2026-11-26T09:00:00Z".parse().unwrap(),
        watch: Watch::default(),
        outbox: vec![],
    }
}

async fn wrong(site: &Site) -> String {
    let done = site.state.store.hold(held()).await.unwrap();
    format!("/desk/holds/{}/wrong", done.id())
}

/// What a page's first proposal is sent with.
fn damping<'f>(answer: &Answer, act: &'f str, pattern: &'f str) -> Vec<(&'f str, &'f str)> {
    assert!(answer.body.contains("value=\"damping_phrase\""), "{}", answer.body);
    vec![
        ("kind", "damping_phrase"),
        ("pattern", pattern),
        ("test_subject", "Museum crate"),
        ("test_text", "The crate in our museum is from the late bronze age."),
        ("why", "a museum piece"),
        ("do", act),
    ]
}

/// Tries a mail on its page.
async fn tried(browser: &Browser<'_>, mail: &str) -> Answer {
    let token = browser.token().await;
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"mail\"\r\n\r\n{mail}\r\n--b--\r\n"
    );
    let mut request = form("/desk/try", &[]);
    let kind = HeaderValue::from_static("multipart/form-data; boundary=b");
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    *request.body_mut() = body.into();
    browser.send(request).await
}

#[tokio::test]
async fn a_false_alarm_becomes_a_change_in_force_and_is_taken_back() {
    let site = Site::new().await;
    let (ann, path) = (site.visitor("ann", ADMIN).await, wrong(&site).await);
    let offered = ann.get(&path).await;
    assert_eq!(offered.status, StatusCode::OK, "{}", offered.body);
    assert!(offered.body.contains("This mail comes out as wanted."), "{}", offered.body);
    let looked = ann.post(&path, &damping(&offered, "look", "nothing like it")).await;
    assert!(looked.body.contains("does not come out as wanted"), "{}", looked.body);
    let taken = ann.post(&path, &damping(&offered, "take", "late bronze age")).await;
    assert_eq!(taken.to(), "/desk/policies/history/1", "{}", taken.body);
    let text = fs::read_to_string(site.policy_file()).unwrap();
    assert!(text.contains("any = [\"late bronze age\"]"), "{text}");
    assert!(text.contains("name = \"false alarm of 2026-11-24\""), "{text}");
    let page = ann.get("/desk/policies/history/1").await;
    for said in ["a museum piece", "accepted, soon in force", "Roll back"] {
        assert!(page.body.contains(said), "{said} is not in {}", page.body);
    }
    assert!(tried(&ann, MAIL).await.body.contains("It would pass"));
    assert!(ann.get(&path).await.body.contains("let it pass already"));
    let back = ann.post("/desk/policies/history/1/back", &[("why", "no")]).await;
    assert_eq!(back.to(), "/desk/policies/history/2", "{}", back.body);
    assert_eq!(fs::read_to_string(site.policy_file()).unwrap(), POLICY);
    let again = tried(&ann, MAIL).await;
    assert!(again.body.contains("It would be held"), "{}", again.body);
    assert!(again.body.contains("Please call."), "the notice is shown");
}

#[tokio::test]
async fn who_may_only_propose_proposes_and_somebody_else_accepts() {
    let site = Site::new().await;
    let (rae, path) = (site.visitor("rae", &[Role::Reviewer]).await, wrong(&site).await);
    let offered = rae.get(&path).await;
    let taken = rae.post(&path, &damping(&offered, "take", "late bronze age")).await;
    assert_eq!(taken.to(), "/desk/policies/history/1", "{}", taken.body);
    assert_eq!(fs::read_to_string(site.policy_file()).unwrap(), POLICY);
    let refused = rae.post("/desk/policies/history/1/accept", &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let ann = site.visitor("ann", ADMIN).await;
    assert!(ann.get("/desk/policies").await.body.contains("Wait for somebody"));
    assert_eq!(
        ann.post("/desk/policies/history/1/accept", &[]).await.status,
        StatusCode::SEE_OTHER
    );
    let entry = site.state.workshop.book().unwrap().find(1).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.proposed.1.name.as_str()), (State::Accepted, "rae"));
    assert!(fs::read_to_string(site.policy_file()).unwrap().contains("late bronze age"));
    let patch = ann.get("/desk/policies/history/1/patch").await;
    assert!(patch.body.starts_with("--- a/late.toml\n+++ b/late.toml\n"), "{}", patch.body);
}

#[tokio::test]
async fn a_lead_of_another_team_and_an_auditor_see_no_mail_here() {
    let site = Site::new().await;
    let path = wrong(&site).await;
    for role in [Role::Auditor, Role::Operator, Role::Lead, Role::Sender] {
        let browser = site.visitor(role.as_str(), &[role]).await;
        assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN, "{role:?}");
    }
    let ann = site.visitor("ann", ADMIN).await;
    let nowhere = ann.get(&path.replace("05", "06")).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_broken_policy_says_in_the_browser_where_and_what_would_do_and_is_never_written() {
    let site = Site::new().await;
    let ann = site.visitor("ann", ADMIN).await;
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_policies");
    let page = ann.get("/desk/policies/file/late.toml").await;
    let before = page.hidden("before");
    let mut seen = 0;
    for case in fs::read_dir(cases).unwrap().map(|case| case.unwrap().path()) {
        let text = fs::read_to_string(case.join("policy.toml")).unwrap();
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap();
        let expected = expected.replace("policy.toml", "late.toml");
        let fields = [("text", text.as_str()), ("before", &before), ("do", "take")];
        let answer = ann.post("/desk/policies/file/late.toml", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", case.display());
        for line in expected.lines().filter(|line| line.contains("error:") || line.contains("-->"))
        {
            let line = askama::filters::escape(line.trim(), askama::filters::Html).unwrap();
            let line = line.to_string();
            assert!(
                answer.body.contains(&line),
                "{}: {line} is not in {}",
                case.display(),
                answer.body
            );
        }
        seen += 1;
    }
    assert!(seen >= 60, "{seen} broken policies");
    assert_eq!(fs::read_to_string(site.policy_file()).unwrap(), POLICY);
}

#[tokio::test]
async fn an_edit_of_a_file_that_has_changed_meanwhile_is_shown_again_and_not_taken() {
    let site = Site::new().await;
    let ann = site.visitor("ann", ADMIN).await;
    let path = "/desk/policies/file/late.toml";
    let before = ann.get(path).await.hidden("before");
    let theirs = POLICY.replace("# Ours.", "# Theirs.");
    fs::write(site.policy_file(), &theirs).unwrap();
    let mine = POLICY.replace("0.5", "0.6").replace('\n', "\r\n");
    let fields = [("text", mine.as_str()), ("before", &before), ("do", "take")];
    let answer = ann.post(path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("was changed while you wrote"), "{}", answer.body);
    assert_eq!(fs::read_to_string(site.policy_file()).unwrap(), theirs);
    let now = answer.hidden("before");
    let fields = [("text", mine.as_str()), ("before", &now), ("do", "take")];
    assert_eq!(ann.post(path, &fields).await.to(), "/desk/policies/history/1");
    let text = fs::read_to_string(site.policy_file()).unwrap();
    assert!(text.contains("threshold = 0.6") && !text.contains('\r'), "{text}");
    for nowhere in ["/desk/policies/file/none.toml", "/desk/policies/file/../../etc/passwd"] {
        assert_ne!(ann.get(nowhere).await.status, StatusCode::OK, "{nowhere}");
    }
}

#[tokio::test]
async fn what_is_tried_is_judged_and_kept_nowhere() {
    let site = Site::new().await;
    let lead = site.visitor("lead", &[Role::Lead]).await;
    let before = site.audit().await.len();
    let answer = tried(&lead, "The crate will be late. <script>alert(1)</script>").await;
    assert!(answer.body.contains("It would be held"), "{}", answer.body);
    assert!(!answer.body.contains("<script>"), "{}", answer.body);
    assert!(!answer.body.contains("This is wrong"), "a lead proposes nothing");
    assert_eq!(tried(&lead, " ").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.audit().await.len(), before);
    let ann = site.visitor("ann", ADMIN).await;
    let mail = "Dear Ann, your crate has gone astray in the harbour of Rotterdam.";
    let fields = [("mail", mail), ("mark", "missed")];
    let offered = ann.post("/desk/try/proposals", &fields).await;
    assert!(offered.body.contains("speaks for"), "{}", offered.body);
}
