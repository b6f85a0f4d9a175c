//! Reports: the right figures for whoever may see them, and never a person.

use crate::{
    call::CallSheet,
    decision::{Decision, Evidence, HoldTerms, Mode, Reason, Verdict},
    desk::in_tests::Site,
    hold::{Actor, AuditEvent, CallReport, Change, Dossier, NewHold, Outcome, State, Watch},
    mail::{
        Content, Envelope, ForwardPath, HoldId, Mailbox, Origin, Protocol, Recipient, ReversePath,
        Timestamp, Xforward,
    },
    rights::Role,
    team::{Member, Team, Teams},
};

/// A hold of this sender, some days before the tests begin.
async fn held(site: &Site, number: u8, sender: &str, policy: &str, days: i64) -> HoldId {
    let id = HoldId::from_octets([number; 16]);
    let created = Timestamp::from_second(site.state.now().as_second() - days * 86_400).unwrap();
    let to = Recipient::plain(ForwardPath::parse("kim@customer.example").unwrap());
    let from = ReversePath::parse(sender).unwrap();
    let evidence = Evidence {
        text: "we cannot cover this".into(),
        place: "new".into(),
        signal: "cannot-cover".into(),
        weight: 3.0,
    };
    let new = NewHold {
        idempotency_key: id.to_string(),
        id: id.clone(),
        envelope: Envelope::new(from, vec![], vec![to]).unwrap(),
        origin: Origin {
            session_id: String::new(),
            transaction_id: String::new(),
            client: [127, 0, 0, 1].into(),
            helo: String::new(),
            protocol: Protocol::Esmtp,
            xforward: Xforward::default(),
        },
        content: Content::from(vec![b'x'; 10]),
        trace: String::new(),
        dossier: Dossier {
            subject: "Your <script>claim</script>".into(),
            message_id: None,
            references: vec![],
            header_from_name: String::new(),
            decision: Decision {
                verdict: Verdict::Hold,
                reason: Reason::Policy,
                policy: Some(policy.to_owned()),
                category: Some("claim_denial".into()),
                title: None,
                probability: 0.9,
                threshold: 0.5,
                language: None,
                mode: Mode::Enforce,
                recipients: vec![],
                evidence: vec![evidence],
                terms: HoldTerms::default(),
                would_hold: false,
            },
            call: CallSheet::default(),
        },
        created,
        remind_at: None,
        expires_at: created,
        watch: Watch::default(),
        outbox: vec![],
    };
    site.state.store.hold(new).await.unwrap();
    id
}

async fn decided(site: &Site, id: &HoldId, to: State, outcome: Outcome) {
    let hold = site.state.store.find(id).await.unwrap().unwrap();
    let change = Change {
        from: State::Held,
        to,
        outcome: Some(outcome),
        actor: Actor::service("test", None),
        remind_at: None,
        reminded: false,
        expires_at: None,
        watch: None,
        outbox: vec![],
        parties: vec![],
        told: None,
        seen: None,
        event: AuditEvent { name: "decided".into(), facts: vec![] },
        once: None,
        now: hold.created,
    };
    site.state.store.change(id, change).await.unwrap();
}

fn called(cause: &str) -> Outcome {
    let report = CallReport { cause: cause.to_owned(), ..CallReport::default() };
    Outcome::Called {
        send: false,
        person: "Kim".into(),
        number: "+49301234567".into(),
        note: String::new(),
        report: Box::new(report),
    }
}

/// A house with two teams: service of three people, and one man in sales.
async fn house() -> Site {
    let team = |name: &str, lead: &str| Team {
        name: name.to_owned(),
        lead: Some(Mailbox::parse(lead).unwrap()),
        ..Team::default()
    };
    let member = |address: &str| Member::parse(address).unwrap();
    let mut teams = Teams::of_house(Team::default());
    let service = ["a@us.example", "b@us.example", "c@us.example"].map(member);
    teams.add(team("service", "lena@us.example"), service);
    teams.add(team("sales", "lars@us.example"), [member("z@us.example")]);
    let site = Site::with(|state| state.teams = teams.into()).await;
    for (number, sender, policy, days) in [
        (1, "a@us.example", "claim_denial", 2),
        (2, "b@us.example", "claim_denial", 3),
        (3, "c@us.example", "delivery_delay", 9),
        (4, "z@us.example", "claim_denial", 10),
        (5, "a@us.example", "claim_denial", 60),
    ] {
        held(&site, number, sender, policy, days).await;
    }
    let id = |number| HoldId::from_octets([number; 16]);
    let wrong = || Outcome::FalseAlarm { note: String::new() };
    decided(&site, &id(1), State::Withdrawn, called("=cmd()|<b>late</b>")).await;
    decided(&site, &id(2), State::Approved, wrong()).await;
    decided(&site, &id(4), State::Approved, wrong()).await;
    site
}

#[tokio::test]
async fn everybody_sees_the_figures_of_his_reach() {
    let site = house().await;
    let auditor = site.visitor("ada", &[Role::Auditor]).await;
    let page = auditor.get("/desk/reports").await.body;
    assert!(page.contains("<dd>4<small>1 still open"), "four in 30 days: {page}");
    let lead = site.visitor("lena", &[]).await;
    let page = lead.get("/desk/reports").await.body;
    assert!(page.contains("<dd>3<small>1 still open"), "{page}");
    let lead = site.visitor("lars", &[]).await;
    let page = lead.get("/desk/reports?days=365").await.body;
    assert!(page.contains("<dd>1<small>0 still open"), "{page}");
    let sender = site.visitor("a", &[Role::Sender]).await;
    assert_eq!(sender.get("/desk/reports").await.status, 403);
}

#[tokio::test]
async fn no_person_stands_in_a_report_and_no_team_that_is_one() {
    let site = house().await;
    let auditor = site.visitor("ada", &[Role::Auditor]).await;
    for path in ["/desk/reports", "/desk/reports.csv", "/desk/reports.json"] {
        let body = auditor.get(&format!("{path}?days=365")).await.body;
        for person in ["a@us", "b@us", "z@us", "kim", "lars", "lena", "sales"] {
            assert!(!body.to_lowercase().contains(person), "{person} in {path}: {body}");
        }
        assert!(body.contains("service") && body.contains("others"), "{path}: {body}");
    }
}

#[tokio::test]
async fn what_people_typed_is_text_on_the_page_and_no_formula_in_the_table() {
    let site = house().await;
    let auditor = site.visitor("ada", &[Role::Auditor]).await;
    let page = auditor.get("/desk/reports").await.body;
    assert!(!page.contains("<b>late"), "{page}");
    assert!(page.contains("&lt;b&gt;late"), "in the chart: {page}");
    let table = auditor.get("/desk/reports.csv").await;
    assert!(table.body.contains("'=cmd()"), "{}", table.body);
    assert_eq!(
        table.headers["content-disposition"],
        "attachment; filename=\"callfirst-report.csv\""
    );
    assert_eq!(auditor.get("/desk/reports?days=%27%20OR%201%3D1").await.status, 200);
}
