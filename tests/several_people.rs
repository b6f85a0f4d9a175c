//! Several people on one hold, with the letters, pages and decisions that the service uses: hand over
//! to a colleague, a minimum wait, a second person. First decision wins, the others are told.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use callfirst::{
    app::{self, Letters},
    call::{self, CallSheet},
    decision::{Decision, HoldTerms, Mode, Organisation, Reason, SecondPerson, Verdict},
    hold::{
        Actor, Afterwards, Dossier, Hold, HoldStore, Item, ItemKind, ItemOutcome, MemoryStore,
        NewHold, Outcome, State, Step, Watch,
    },
    mail::{
        Content, Envelope, ForwardPath, HoldId, Mailbox, Origin, Protocol, Recipient, ReversePath,
        Timestamp, Xforward,
    },
    release::{ActError, Acted, Along, Desk, Keys, MAX_HAND_OVERS, MAX_TURNS},
    web::{self, CallTerms, WebState},
    wording::Languages,
    worker::Letters as _,
};
use tower::ServiceExt;

const TOM: &str = "tom@us.example";
const ANN: &str = "ann@us.example";
const LEA: &str = "lea@us.example";
const NOON_SECS: i64 = 1_800_000_000;

/// A mail of ours that went out: its outbox name, to whom, its text and the link in it.
#[derive(Debug)]
struct Sent {
    name: String,
    to: String,
    text: String,
    link: Option<String>,
}

struct House {
    store: Arc<MemoryStore>,
    desk: Desk,
    router: Router,
    keys: Keys,
    letters: Letters,
    passed: Arc<AtomicI64>,
    id: HoldId,
}

fn mailbox(text: &str) -> Mailbox {
    Mailbox::parse(text).unwrap()
}

/// What is owed, as if every mail's turn had come.
async fn letting_go(store: &dyn HoldStore, now: Timestamp) -> Vec<Item> {
    for addressee in store.addressees(now, 100).await.unwrap() {
        let queue = store.queue(&addressee, now).await.unwrap();
        let let_go = queue.waiting.into_iter().map(|mail| mail.item).collect();
        let step = Step { addressee, let_go, ..Step::default() };
        assert!(store.step("n", step, now).await.unwrap());
    }
    store.lease_items("n", now, Duration::from_secs(60), 100).await.unwrap()
}

fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(NOON_SECS + secs).unwrap()
}

fn house_letters(keys: Keys) -> Letters {
    Letters::new(app::House {
        own: Arc::default(),
        languages: Languages::default(),
        organisation: "Us".into(),
        inside: Organisation { name: "Us".into(), domains: vec!["us.example".into()] },
        from_name: "Call First".into(),
        from: mailbox("callfirst@us.example"),
        public_url: "https://callfirst.us.example".into(),
        teams: Arc::default(),
        hours: call::Hours::default(),
        keys,
        replies: None,
    })
}

fn new_hold(terms: HoldTerms, amount: Option<u64>) -> NewHold {
    let to = Recipient::plain(ForwardPath::parse("susan@c.example").unwrap());
    let from = ReversePath::parse(TOM).unwrap();
    NewHold {
        watch: Watch::default(),
        id: HoldId::from_octets([7; 16]),
        idempotency_key: "0".repeat(64),
        envelope: Envelope::new(from, vec![], vec![to]).unwrap(),
        origin: Origin {
            session_id: "s".into(),
            transaction_id: "t".into(),
            client: std::net::IpAddr::from([127, 0, 0, 1]),
            helo: "mx.us.example".into(),
            protocol: Protocol::Esmtp,
            xforward: Xforward::default(),
        },
        content: Content::from(b"Subject: Your claim\r\n\r\nNo.\r\n".to_vec()),
        trace: String::new(),
        dossier: Dossier {
            subject: "Your claim".into(),
            message_id: Some("m1@us.example".into()),
            references: vec![],
            header_from_name: "Tom".into(),
            decision: Decision {
                verdict: Verdict::Hold,
                reason: Reason::Policy,
                policy: Some("warranty_denial".into()),
                category: Some("warranty_denial".into()),
                title: Some("a warranty denial".into()),
                probability: 0.9,
                threshold: 0.5,
                language: None,
                mode: Mode::Enforce,
                recipients: vec![],
                evidence: vec![],
                terms: terms.clone(),
                would_hold: false,
            },
            call: CallSheet { amount, ..CallSheet::default() },
        },
        created: at(0),
        remind_at: Some(at(4 * 3600)),
        expires_at: at(48 * 3600),
        outbox: vec![],
    }
}

async fn house(terms: HoldTerms, amount: Option<u64>) -> House {
    let keys = Keys::new([7; 32]);
    let store = Arc::new(MemoryStore::default());
    let id = store.hold(new_hold(terms, amount)).await.unwrap().id().clone();
    let letters = house_letters(keys.clone());
    let desk = Desk::new(store.clone(), Arc::new(letters.clone()))
        .with_seconds(vec![mailbox(LEA), mailbox(TOM)]);
    let passed = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&passed);
    let router = web::router(WebState {
        own: Arc::default(),
        languages: Languages::default(),
        desk: desk.clone(),
        keys: keys.clone(),
        store: store.clone(),
        organisation: "Us".into(),
        public_url: "https://callfirst.us.example".into(),
        teams: Arc::default(),
        call_terms: CallTerms::default(),
        hours: call::Hours::default(),
        clock: Arc::new(move || at(clock.load(Ordering::Relaxed))),
        random: Arc::new(|| [3; 16]),
        metrics: Arc::new(String::new),
    });
    House { store, desk, router, keys, letters, passed, id }
}

fn waiting(minutes: u64) -> HoldTerms {
    HoldTerms { minimum_wait: Duration::from_secs(minutes * 60), ..HoldTerms::default() }
}

fn second(asked: SecondPerson) -> HoldTerms {
    HoldTerms { second_person: Some(asked), ..HoldTerms::default() }
}

impl House {
    fn now(&self) -> Timestamp {
        at(self.passed.load(Ordering::Relaxed))
    }

    fn later(&self, secs: i64) {
        self.passed.fetch_add(secs, Ordering::Relaxed);
    }

    async fn hold(&self) -> Hold {
        self.store.find(&self.id).await.unwrap().unwrap()
    }

    fn sender_page(&self) -> String {
        format!("/h/{}", self.keys.link_token(&self.id))
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        (parts.status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn get(&self, page: &str) -> String {
        let (status, body) = self.send(Request::get(page).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        body
    }

    /// A form as a browser sends it.
    async fn post(&self, page: &str, fields: &str) -> (StatusCode, String) {
        let nonce = self.keys.nonce(&self.id, [1; 16], self.now());
        let request = Request::post(page)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(format!("{fields}&nonce={nonce}"))).unwrap()).await
    }

    async fn done(&self, page: &str, fields: &str) {
        let (status, body) = self.post(page, fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{fields}: {body}");
    }

    async fn refused(&self, page: &str, fields: &str, why: &str) {
        let (status, body) = self.post(page, fields).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        assert!(body.contains(why), "{fields}: {why} is not in {body}");
    }

    /// What is owed now, letters settled as sent; whether a release is among it.
    async fn owed(&self) -> (Vec<Sent>, bool) {
        let items = letting_go(&*self.store, self.now()).await;
        let mut sent = Vec::new();
        let mut released = false;
        for item in items {
            let ItemKind::Notice { name, bytes } = &item.kind else {
                released = true;
                continue;
            };
            let whole = String::from_utf8(bytes.clone()).unwrap();
            let text = whole.replace("=\r\n", "").replace("=3D", "=");
            let link = text.split_once("https://callfirst.us.example").map(|(_, link)| {
                link.split(|c: char| c.is_whitespace() || c == '"').next().unwrap().to_owned()
            });
            let to = item.recipients[0].path.as_str().to_owned();
            sent.push(Sent { name: name.clone(), to, text, link });
            let done = ItemOutcome::Done;
            let settled =
                self.store.settle_item(&item.id, "n", done, vec![], vec![], self.now()).await;
            settled.unwrap();
        }
        sent.sort_by(|a, b| a.to.cmp(&b.to));
        (sent, released)
    }

    async fn party(&self, address: &str) -> Actor {
        self.hold().await.party_at(&mailbox(address)).unwrap().actor("page", None)
    }

    /// When it was proposed, as the page's hidden field says it.
    async fn asked(&self) -> i64 {
        self.hold().await.proposal().unwrap().at.as_microsecond()
    }

    /// Whom a reminder would go to now.
    async fn reminded(&self) -> Vec<String> {
        let letters = self.letters.reminder(&self.hold().await, self.now());
        letters.iter().map(|letter| letter.recipients[0].path.as_str().to_owned()).collect()
    }

    /// Hands it over to Ann and gives her page.
    async fn with_ann(&self) -> String {
        self.done(&self.sender_page(), "action=hand_over&to=ann%40us.example&note=on+a+train")
            .await;
        let (sent, _) = self.owed().await;
        assert_eq!((sent.len(), sent[0].to.as_str()), (1, ANN), "{sent:?}");
        sent[0].link.clone().unwrap()
    }
}

fn told(sent: &[Sent]) -> Vec<(&str, &str)> {
    sent.iter().map(|sent| (sent.name.as_str(), sent.to.as_str())).collect()
}

#[tokio::test]
async fn a_colleague_takes_over_and_the_first_decision_wins() {
    let house = house(HoldTerms::default(), None).await;
    house.done(&house.sender_page(), "action=hand_over&to=ann%40us.example&note=on+a+train").await;
    let (sent, _) = house.owed().await;
    assert_eq!(told(&sent), [("handed_over", ANN)]);
    assert!(sent[0].text.contains(TOM) && sent[0].text.contains("on a train"), "{}", sent[0].text);
    assert!(sent[0].text.contains("In-Reply-To: <m1@us.example>"));
    assert!(sent[0].text.contains("Its time is up on") && !sent[0].text.contains("back to you"));
    assert!(!sent[0].text.contains("\r\nReply-To:"), "replies are the sender's");
    let page = sent[0].link.clone().unwrap();
    assert_ne!(page, house.sender_page());
    assert!(house.get(&page).await.contains("This is a mail of tom@us.example."));
    assert!(house.get(&house.sender_page()).await.contains("ann@us.example is asked to call now"));

    assert_eq!(house.reminded().await, [ANN]);
    assert!(house.get(&page).await.contains("We will remind you"));
    assert!(!house.get(&house.sender_page()).await.contains("We will remind you"));

    house.done(&page, "action=withdraw&sure=yes&note=he+paid").await;
    let hold = house.hold().await;
    assert_eq!(hold.state, State::Withdrawn);
    let (_, actor, _) = hold.outcomes.last().unwrap();
    assert_eq!((actor.role.as_str(), actor.name.as_str()), ("colleague", ANN));
    let (sent, _) = house.owed().await;
    assert_eq!(told(&sent), [("decided", TOM)]);
    assert!(sent[0].text.contains("ann@us.example") && sent[0].text.contains("he paid"));
    assert!(sent[0].link.is_none(), "nothing is left to decide");
    for page in [house.sender_page(), page.clone()] {
        assert!(house.get(&page).await.contains("Decided by ann@us.example"));
        house.done(&page, "action=false_alarm&sure=yes").await;
        // It is not on its way: there is nothing to take back.
        house.done(&page, "action=take_back&sure=yes").await;
    }
    assert_eq!((house.hold().await.state, house.owed().await.0.len()), (State::Withdrawn, 0));
}

#[tokio::test]
async fn the_sender_may_still_decide_and_his_colleague_hears_of_it() {
    let house = house(HoldTerms::default(), None).await;
    let page = house.with_ann().await;
    house.done(&page, "action=no_answer&when=hour").await;
    assert_eq!(house.hold().await.in_charge().unwrap().address, mailbox(ANN));
    house.done(&house.sender_page(), "action=called&then=send&person=Susan").await;
    let (sent, released) = house.owed().await;
    assert_eq!((told(&sent), released), (vec![("decided", ANN)], true));
}

#[tokio::test]
async fn whoever_decides_at_the_desk_decides_for_others_and_the_sender_hears_of_it() {
    let house = house(HoldTerms::default(), None).await;
    let lea = Actor {
        role: "reviewer".to_owned(),
        name: LEA.to_owned(),
        via: "desk".to_owned(),
        address: None,
    };
    let note = "they have called us".to_owned();
    let outcome = Outcome::Withdrawn { note };
    house.desk.act(&house.id, lea.clone(), outcome, house.now()).await.unwrap();
    let (sent, _) = house.owed().await;
    assert_eq!(told(&sent), [("decided", TOM)]);
    assert!(sent[0].text.contains(LEA) && sent[0].text.contains("they have called us"));
}

#[tokio::test]
async fn a_reminder_that_is_asked_for_comes_at_once_and_not_to_whoever_wants_none() {
    let house = house(HoldTerms::default(), None).await;
    let lea = Actor::service("desk", None);
    house.desk.remind(&house.id, lea.clone(), house.now()).await.unwrap();
    assert_eq!(house.hold().await.remind_at, Some(house.now()));
    house.done(&house.sender_page(), "action=mute&sure=yes").await;
    let refused = house.desk.remind(&house.id, lea, house.now()).await.unwrap_err();
    assert!(matches!(refused, ActError::Incomplete(_)), "{refused}");
}

#[tokio::test]
async fn a_time_that_somebody_named_is_not_overridden_by_a_reminder_from_the_desk() {
    let house = house(HoldTerms::default(), None).await;
    let at = house.now() + jiff::SignedDuration::from_hours(3);
    let tom =
        Actor { role: "sender".to_owned(), name: TOM.to_owned(), ..Actor::service("page", None) };
    let call_back = Outcome::CallBack { number: String::new(), at };
    house.desk.act(&house.id, tom, call_back, house.now()).await.unwrap();
    let lea = Actor::service("desk", None);
    let refused = house.desk.remind(&house.id, lea, house.now()).await.unwrap_err();
    assert!(matches!(refused, ActError::Incomplete(_)), "{refused}");
    let hold = house.hold().await;
    assert!(hold.remind_at == Some(at) && hold.is_asked_for());
}

#[tokio::test]
async fn whoever_made_the_promise_is_reminded_of_it() {
    let house = house(HoldTerms::default(), None).await;
    let page = house.with_ann().await;
    house.done(&page, "action=called&then=send&person=Susan&follow_up=2027-01-20").await;
    let promise = house.store.promise(&house.id).await.unwrap().unwrap();
    let letter = house.letters.promise(&house.hold().await, &promise, house.now()).unwrap();
    assert_eq!(letter.recipients[0].path.as_str(), ANN);
}

#[tokio::test]
async fn it_is_handed_over_within_the_house_only_and_not_for_ever() {
    let house = house(HoldTerms::default(), None).await;
    let page = house.sender_page();
    let hand_over = |to: &str| format!("action=hand_over&to={}", to.replace('@', "%40"));
    house.refused(&page, &hand_over("x@elsewhere.example"), "not one of ours").await;
    house.refused(&page, &hand_over("nobody"), "whole mail address").await;
    house.refused(&page, &hand_over(""), "whole mail address").await;
    house.refused(&page, &hand_over("Tom@US.example"), "has it already").await;
    assert!(house.hold().await.parties.is_empty() && house.owed().await.0.is_empty());
    for n in 0..MAX_HAND_OVERS {
        house.done(&page, &hand_over(&format!("p{n}@us.example"))).await;
    }
    house.refused(&page, &hand_over("late@us.example"), "often enough").await;
    assert_eq!(house.owed().await.0.len(), MAX_HAND_OVERS);
    let again = Mailbox::parse("p0@us.example").unwrap();
    let actor =
        Actor { role: "operator".into(), name: "root".into(), via: "cli".into(), address: None };
    let handed = house.desk.hand_over(&house.id, actor, (again, String::new()), house.now()).await;
    assert!(matches!(handed, Err(ActError::TooOften)), "{handed:?}");
}

#[tokio::test]
async fn it_comes_back_to_its_sender_and_the_reminders_with_it() {
    let house = house(HoldTerms::default(), None).await;
    let page = house.with_ann().await;
    house.done(&page, "action=hand_over&to=tom%40us.example&note=yours").await;
    let (sent, _) = house.owed().await;
    assert_eq!(told(&sent), [("handed_over", TOM)]);
    assert_eq!(sent[0].link.as_deref(), Some(house.sender_page().as_str()));
    assert_eq!(house.reminded().await, [TOM]);
}

#[tokio::test]
async fn a_link_of_a_party_that_is_none_opens_nothing() {
    let house = house(HoldTerms::default(), None).await;
    let nobody = format!("/h/{}", house.keys.party_token(&house.id, 1));
    let (status, _) = house.send(Request::get(&nobody).body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = house.post(&nobody, "action=withdraw&sure=yes").await;
    assert_eq!((status, house.hold().await.state), (StatusCode::NOT_FOUND, State::Held));
}

#[tokio::test]
async fn an_expiry_is_told_to_everybody_who_was_asked() {
    let house = house(HoldTerms::default(), None).await;
    house.with_ann().await;
    let letters = house.letters.expired_for_others(&house.hold().await, house.now());
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].recipients[0].path.as_str(), ANN);
}

#[tokio::test]
async fn within_the_wait_a_decision_is_taken_back_and_nothing_goes_out() {
    let house = house(waiting(30), None).await;
    let page = house.sender_page();
    house.done(&page, "action=send_anyway&reason=he+has+waited+for+it").await;
    let shown = house.get(&page).await;
    assert!(shown.contains("It does not go out yet") && shown.contains("value=\"take_back\""));
    house.later(29 * 60);
    assert!(!house.owed().await.1);
    house.refused(&page, "action=take_back", "tick").await;
    house.done(&page, "action=take_back&sure=yes").await;
    assert_eq!(house.hold().await.state, State::Held);
    house.later(3600);
    assert!(!house.owed().await.1, "its release went with the decision");
    assert!(house.get(&page).await.contains("value=\"send_anyway\""));
    // The wait is over: it goes out at once now, and once.
    house.done(&page, "action=false_alarm&sure=yes").await;
    assert!(!house.get(&page).await.contains("value=\"take_back\""));
    house.refused(&page, "action=take_back&sure=yes", "on its way").await;
    assert!(house.owed().await.1);
    assert!(!house.owed().await.1);
}

#[tokio::test]
async fn the_wait_ends_by_itself_and_an_operator_may_skip_it() {
    for (at_once, secs, goes) in [(false, 29 * 60, false), (false, 30 * 60, true), (true, 0, true)]
    {
        let house = house(waiting(30), None).await;
        let actor = Actor {
            role: "operator".into(),
            name: "root".into(),
            via: "cli".into(),
            address: None,
        };
        let along = Along { at_once, ..Along::default() };
        let outcome = Outcome::SendAnyway { reason: "by telephone".into() };
        house.desk.act_along(&house.id, actor, outcome, along, house.now()).await.unwrap();
        house.later(secs);
        assert_eq!(house.owed().await.1, goes, "{at_once} {secs}");
    }
}

#[tokio::test]
async fn a_second_person_agrees_and_only_then_it_goes_out() {
    let house = house(second(SecondPerson::SendAnyway), None).await;
    let page = house.sender_page();
    assert!(house.get(&page).await.contains("a second person is asked"));
    house.done(&page, "action=send_anyway&reason=he+asked+for+paper").await;
    let hold = house.hold().await;
    assert_eq!((hold.state, hold.proposal().is_some()), (State::Held, true));
    let (sent, released) = house.owed().await;
    // Not Tom, though the configuration names him too.
    assert_eq!((told(&sent), released), (vec![("second_asked", LEA)], false));
    assert!(sent[0].text.contains(TOM) && sent[0].text.contains("he asked for paper"));
    let shown = house.get(&page).await;
    assert!(shown.contains("A second person is asked") && !shown.contains("value=\"agree\""));
    let (status, _) = house.post(&page, "action=agree&sure=yes").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "never the same person twice");
    house.refused(&page, "action=false_alarm&sure=yes", "asked already").await;
    assert_eq!(house.hold().await.state, State::Held, "nor in another way");
    let second = sent[0].link.clone().unwrap();
    assert!(house.get(&second).await.contains("value=\"agree\""));
    house.refused(&second, "action=agree", "looked at it").await;
    let asked = house.asked().await;
    assert!(house.get(&second).await.contains(&format!("name=\"asked\" value=\"{asked}\"")));
    house.done(&second, &format!("action=agree&sure=yes&asked={asked}")).await;
    let hold = house.hold().await;
    assert_eq!(hold.state, State::Approved);
    let (sent, released) = house.owed().await;
    assert_eq!((told(&sent), released), (vec![("decided", TOM)], true));
    let (_, actor, outcome) = hold.outcomes.last().unwrap();
    assert_eq!((actor.role.as_str(), outcome), ("second", &Outcome::Agreed));
}

#[tokio::test]
async fn while_a_second_person_is_asked_she_is_reminded_and_not_who_asked() {
    let house = house(second(SecondPerson::Always), None).await;
    let page = house.sender_page();
    assert!(house.get(&page).await.contains("We will remind you"));
    house.done(&page, "action=called&then=send&person=Susan").await;
    let (sent, _) = house.owed().await;
    let seconds = sent[0].link.clone().unwrap();
    let nobody: [&str; 0] = [];
    assert_eq!(house.reminded().await, nobody, "Lea is not at work before nine");
    house.later(2 * 3600);
    assert_eq!(house.reminded().await, [LEA]);
    assert!(!house.get(&page).await.contains("We will remind you"));
    let hers = house.get(&seconds).await;
    assert!(hers.contains("We will remind you") && hers.contains("Its time is up on"));
    assert!(!hers.contains("comes back to you") && house.get(&page).await.contains("back to you"));
    let warned = house.letters.expires_soon(&house.hold().await, house.now());
    let whom: Vec<_> = warned.iter().map(|l| l.recipients[0].path.as_str()).collect();
    assert_eq!(whom, [TOM, LEA]);
    let asked = house.asked().await;
    house.done(&seconds, &format!("action=decline&note=too+harsh&asked={asked}")).await;
    assert_eq!(house.reminded().await, [TOM]);
}

#[tokio::test]
async fn a_second_person_reads_what_is_proposed_and_answers_before_anything_about_a_call() {
    let house = house(second(SecondPerson::SendAnyway), None).await;
    let sender = house.sender_page();
    house.done(&sender, "action=send_anyway&reason=his+solicitor+wants+it").await;
    let (sent, _) = house.owed().await;
    let page = house.get(sent[0].link.as_deref().unwrap()).await;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(place("It would go out without a call.") < place("value=\"agree\""));
    assert!(place("his solicitor wants it") < place("value=\"agree\""));
    assert!(place("value=\"decline\"") < place("id=\"call\""));
    // What is missing is told where it is to be typed.
    let asked = format!("action=decline&note=&asked={}", house.asked().await);
    let (_, page) = house.post(sent[0].link.as_deref().unwrap(), &asked).await;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(place("value=\"decline\"") < place("id=\"problem\""));
    assert!(place("id=\"problem\"") < place("id=\"decline-note\""));
    assert_eq!(page.matches("id=\"problem\"").count(), 1);
}

/// How often a calendar file says that it was moved.
fn sequence(file: &str) -> u32 {
    let line = file.lines().find_map(|line| line.strip_prefix("SEQUENCE:"));
    line.unwrap_or_else(|| panic!("{file}")).trim().parse().unwrap()
}

#[tokio::test]
async fn a_second_person_declines_and_says_why_and_it_can_be_proposed_anew() {
    let house = house(second(SecondPerson::Always), None).await;
    let page = house.sender_page();
    house.done(&page, "action=called&then=send&person=Susan&follow_up=2027-01-20").await;
    assert_eq!(house.hold().await.state, State::Held);
    let (sent, _) = house.owed().await;
    let second = sent[0].link.clone().unwrap();
    let follow_up = format!("{page}/follow-up.ics");
    let first_promise = sequence(&house.get(&follow_up).await);
    // A colleague's call comes while they are asked: nothing of it is typed twice.
    let called = "action=called&then=send&person=Susan&note=she+understood";
    let (_, shown) = house.post(&page, called).await;
    assert!(shown.contains("asked already") && shown.contains("she understood"), "{shown}");
    assert!(
        shown.contains("value=\"dont_send\"") && !shown.contains("name=\"then\" value=\"send\"")
    );
    house.refused(&second, "action=decline", "line why not").await;
    let asked = house.asked().await;
    house.done(&second, &format!("action=decline&note=too+harsh&asked={asked}")).await;
    let (sent, _) = house.owed().await;
    assert_eq!(told(&sent), [("declined", TOM)]);
    assert!(sent[0].text.contains("too harsh"));
    assert!(house.get(&page).await.contains("did not agree"));
    // A second call about the same mail; its promise takes the place of the first.
    house.done(&page, "action=called&then=send&person=Susan&follow_up=2027-01-22").await;
    assert!(sequence(&house.get(&follow_up).await) > first_promise, "a calendar moves it");
    house.done(&page, "action=drop&sure=yes").await;
    assert!(house.hold().await.proposal().is_none());
    house.done(&page, "action=withdraw&sure=yes").await;
    let (sent, released) = house.owed().await;
    assert_eq!((told(&sent), released), (vec![("second_asked", LEA), ("decided", LEA)], false));
}

#[tokio::test]
async fn an_answer_is_to_what_was_read_and_to_nothing_else() {
    let house = house(second(SecondPerson::Always), None).await;
    let page = house.sender_page();
    house.done(&page, "action=called&then=send&person=Susan").await;
    let (sent, _) = house.owed().await;
    let (lea, read) = (sent[0].link.clone().unwrap(), house.asked().await);
    house.later(60);
    house.done(&page, "action=drop&sure=yes").await;
    // Nobody is asked any more.
    house.done(&lea, &format!("action=agree&sure=yes&asked={read}")).await;
    house.done(&page, "action=send_anyway&reason=he+has+waited").await;
    for answer in ["agree&sure=yes", "decline&note=no"] {
        let fields = format!("action={answer}&asked={read}");
        house.refused(&lea, &fields, "Something else is proposed").await;
        house.refused(&lea, &format!("action={answer}"), "Something else is proposed").await;
    }
    let own = format!("action=agree&sure=yes&asked={}", house.asked().await);
    house.refused(&page, &own, "for somebody else to decide").await;
    let late = house.desk.agree(&house.id, house.party(LEA).await, at(0), house.now()).await;
    assert!(matches!(late, Ok(Acted::Already(_))), "{late:?}");
    assert!(house.hold().await.proposal().is_some());
    house.done(&lea, &format!("action=agree&sure=yes&asked={}", house.asked().await)).await;
    assert_eq!(house.hold().await.state, State::Approved);
}

#[tokio::test]
async fn of_one_who_agrees_and_one_who_declines_at_the_same_moment_one_wins() {
    for _ in 0..50 {
        let house = house(second(SecondPerson::Always), None).await;
        house.done(&house.sender_page(), "action=called&then=send&person=Susan").await;
        let proposed = house.hold().await.proposal().unwrap().at;
        let lea = house.party(LEA).await;
        let (agreed, declined) = tokio::join!(
            house.desk.agree(&house.id, lea.clone(), proposed, house.now()),
            house.desk.decline(&house.id, lea.clone(), (proposed, "no".into()), house.now()),
        );
        let done = [&agreed, &declined].map(|acted| matches!(acted, Ok(Acted::Done(_))));
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "{agreed:?} {declined:?}");
    }
}

#[tokio::test]
async fn what_is_proposed_and_taken_back_has_an_end() {
    let house = house(second(SecondPerson::Always), None).await;
    let page = house.sender_page();
    for _ in 0..MAX_TURNS {
        house.done(&page, "action=called&then=send&person=Susan").await;
        house.done(&page, "action=drop&sure=yes").await;
    }
    house.refused(&page, "action=called&then=send&person=Susan", "often enough").await;
    house.done(&page, "action=called&then=dont_send&person=Susan").await;
    let asked = house.store.audit(0, 100).await.unwrap();
    let party = ("party".to_owned(), LEA.to_owned());
    assert!(asked.iter().any(|e| e.event.name == "proposed" && e.event.facts.contains(&party)));
}

#[tokio::test]
async fn a_tagged_or_quoted_address_makes_nobody_a_second_person() {
    for spelled in ["tom+2@us.example", "\"tom\"@us.example", "tom@us.example."] {
        let Ok(spelled) = Mailbox::parse(spelled) else { continue };
        let house = house(second(SecondPerson::Always), None).await;
        let alone = Desk::new(house.store.clone(), Arc::new(house.letters.clone()))
            .with_seconds(vec![spelled.clone()]);
        let tom = house.hold().await.sender_actor("page", None);
        let outcome = Outcome::SendAnyway { reason: "he has waited".into() };
        let asked = alone.act(&house.id, tom, outcome, house.now()).await;
        assert!(matches!(asked, Err(ActError::NobodyToAsk)), "{spelled:?}: {asked:?}");
    }
    let house = house(HoldTerms::default(), None).await;
    let page = house.sender_page();
    for to in ["%22ann%22%40us.example", "ann%40us.example."] {
        house.refused(&page, &format!("action=hand_over&to={to}"), "whole mail address").await;
    }
}

#[tokio::test]
async fn whoever_hears_of_a_decision_that_waits_is_not_told_that_nothing_is_left_to_do() {
    for (minutes, name, is_left) in [(30, "decided_waits", true), (0, "decided", false)] {
        let house = house(waiting(minutes), None).await;
        house.with_ann().await;
        house.done(&house.sender_page(), "action=called&then=send&person=Susan").await;
        let (sent, _) = house.owed().await;
        let told = sent.iter().find(|sent| sent.name == name).unwrap();
        assert_eq!(!told.text.contains("nothing left for you"), is_left, "{}", told.text);
        assert_eq!(told.link.is_some(), is_left);
    }
}

#[tokio::test]
async fn what_needs_a_second_person_is_what_the_policy_says() {
    let over = |amount| {
        let asked = second(SecondPerson::SendAnyway);
        (HoldTerms { second_person_over: Some(10_000), ..asked }, amount)
    };
    for ((terms, amount), fields, state) in [
        (over(Some(9_999)), "action=false_alarm&sure=yes", State::Approved),
        (over(None), "action=false_alarm&sure=yes", State::Approved),
        (over(Some(10_000)), "action=false_alarm&sure=yes", State::Held),
        (over(Some(10_000)), "action=called&then=send&person=Susan", State::Approved),
        (over(Some(10_000)), "action=withdraw&sure=yes", State::Withdrawn),
    ] {
        let house = house(terms, amount).await;
        house.done(&house.sender_page(), fields).await;
        assert_eq!(house.hold().await.state, state, "{fields}");
    }
}

#[tokio::test]
async fn where_nobody_else_may_agree_it_is_said_and_an_operator_needs_nobody() {
    let house = house(second(SecondPerson::Always), None).await;
    let alone = Desk::new(house.store.clone(), Arc::new(house.letters.clone()))
        .with_seconds(vec![mailbox("TOM@us.example")]);
    let tom = house.hold().await.sender_actor("page", None);
    let outcome = Outcome::SendAnyway { reason: "he has waited".into() };
    let asked = alone.act(&house.id, tom, outcome.clone(), house.now()).await;
    assert!(matches!(asked, Err(ActError::NobodyToAsk)), "{asked:?}");
    let root =
        Actor { role: "operator".into(), name: "root".into(), via: "cli".into(), address: None };
    let acted = alone.act(&house.id, root, outcome, house.now()).await.unwrap();
    assert!(matches!(acted, Acted::Done(hold) if hold.state == State::Approved));
}

/// Runs the program in a folder; what it said, if it ended so.
fn callfirst(folder: &std::path::Path, arguments: &[&str], exit: i32) -> String {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_callfirst"));
    let output = program.args(arguments).current_dir(folder).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {said}");
    said
}

#[tokio::test]
async fn at_the_command_line_it_is_handed_over_and_released_and_the_others_are_told() {
    let folder = tempfile::tempdir().unwrap();
    callfirst(folder.path(), &["init"], 0);
    let file = folder.path().join("callfirst.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("northwind-hvac.example", "us.example")).unwrap();
    let url = format!("sqlite:{}/data/callfirst.db", folder.path().display());
    let store = callfirst::hold::open(&url, callfirst::hold::Settings::default()).await.unwrap();
    // Its policy waits, and wants a second person: an operator needs none, and may skip the wait.
    let terms = HoldTerms { second_person: Some(SecondPerson::Always), ..waiting(30) };
    let (one, other) = ([7; 16], [8; 16]);
    for octets in [one, other] {
        let id = HoldId::from_octets(octets);
        let idempotency_key = id.to_string();
        let new = NewHold { id, idempotency_key, ..new_hold(terms.clone(), None) };
        store.hold(new).await.unwrap();
    }
    let run = |octets: [u8; 16], what: &[&str], exit| {
        let id = HoldId::from_octets(octets).to_string();
        let [command, rest @ ..] = what else { panic!("no command") };
        let all = [&["holds", command, &id][..], rest, &["-c", "callfirst.toml"]].concat();
        callfirst(folder.path(), &all, exit)
    };
    let refused = run(one, &["hand-over", "x@elsewhere.example"], 1);
    assert!(refused.contains("outside"), "{refused}");
    run(one, &["hand-over", "ann@us.example", "--note", "Tom is on a train"], 0);
    let shown = run(one, &["show"], 0);
    assert!(shown.contains("ann@us.example  (colleague"), "{shown}");
    run(one, &["release"], 0);
    run(other, &["release"], 0);
    let waits = run(other, &["withdraw"], 1);
    assert!(waits.contains("take-back"), "{waits}");
    run(other, &["take-back"], 0);
    run(other, &["release"], 0);
    run(other, &["release", "--now"], 0);
    let last = store.audit(0, 100).await.unwrap().pop().unwrap();
    assert_eq!(last.event.facts, [("wait".to_owned(), "skipped".to_owned())]);
    let items = letting_go(&*store, at(0)).await;
    let mut owed: Vec<(String, String)> = items
        .iter()
        .map(|item| match &item.kind {
            ItemKind::Notice { name, .. } => {
                (name.clone(), item.recipients[0].path.as_str().to_owned())
            }
            ItemKind::Release => ("release".to_owned(), item.hold.to_string()),
        })
        .collect();
    owed.sort();
    let owed: Vec<(&str, &str)> = owed.iter().map(|(n, to)| (n.as_str(), to.as_str())).collect();
    let released = HoldId::from_octets(other).to_string();
    let expected = [
        ("decided_waits", ANN),
        ("decided_waits", TOM),
        ("handed_over", ANN),
        ("release", released.as_str()),
    ];
    assert_eq!(owed, expected);
}
