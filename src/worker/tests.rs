//! Stories of the worker over a store in memory, a scripted next hop and a clock that is moved.

mod pacing;
mod promises;
mod waiting;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Instant,
};

use super::*;
use crate::{
    calendar::Week,
    call::CallSheet,
    decision::{Decision, ExpiryAction, HoldTerms, Mode, Reason, SecondPerson, Verdict},
    hold::{
        Actor, AuditEvent, Change, Delivery, Dossier, ItemKind, MemoryStore, NewHold, Outcome,
        State, Watch,
    },
    mail::*,
    relay::{self, scripted_hop::ScriptedHop},
    team::Team,
};

const START_SECS: i64 = 1_800_000_000;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const OPEN: &str = "S: 220 hop\n C: EHLO us.example\n S: 250 hop\n";
const RELEASE: &str = "C: MAIL FROM:<tom@us.example>\n S: 250 ok\n";
const NOTICE: &str = "C: MAIL FROM:<>\n S: 250 ok\n C: RCPT TO:<tom@us.example>\n S: 250 ok\n";
const ONE: &str = "C: RCPT TO:<one@c.example>\n S: 250 ok\n";
const DATA: &str = "C: DATA\n S: 354 go\n DATA\n";
const TAKEN: &str = "S: 250 2.0.0 taken\n";

/// Letters of one line; notes what was asked of it, and breaks down when told to.
#[derive(Default)]
struct OneLine {
    asked: Mutex<Vec<String>>,
    breaks_down: AtomicBool,
}

impl OneLine {
    fn write(&self, name: &str, facts: &str, now: Timestamp) -> Option<NewItem> {
        self.asked.lock().unwrap().push(format!("{name}{facts}"));
        assert!(!self.breaks_down.load(Ordering::Relaxed), "breaks down on purpose");
        let kind = ItemKind::Notice { name: name.to_owned(), bytes: b"please call\r\n".to_vec() };
        let recipients = vec![recipient("tom@us.example")];
        Some(NewItem { kind, recipients, due: now })
    }
}

impl Letters for OneLine {
    fn reminder(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem> {
        let next_secs = hold.remind_at.map(|at| at.as_second() - now.as_second());
        let next = format!(", next in {} min", next_secs.unwrap() / MINUTE);
        self.write("reminder", &next, now).into_iter().collect()
    }
    fn expired(&self, _: &Hold, content: &[u8], now: Timestamp) -> Option<NewItem> {
        self.write("expired", &format!(", {} octets", content.len()), now)
    }
    fn expires_soon(&self, _: &Hold, now: Timestamp) -> Vec<NewItem> {
        self.write("expires_soon", "", now).into_iter().collect()
    }
    fn escalated(&self, _: &Hold, to: &Party, now: Timestamp) -> Option<NewItem> {
        self.write("escalated", &format!(" to {}", to.address.as_str()), now)
    }
    fn expired_for_others(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem> {
        hold.parties.iter().filter_map(|_| self.write("told", "", now)).collect()
    }
    fn undeliverable(
        &self,
        _: &Hold,
        refused: &[(ForwardPath, String)],
        content: &[u8],
        now: Timestamp,
    ) -> Option<NewItem> {
        let refused: Vec<String> = refused.iter().map(|(p, r)| format!("{p} {r}")).collect();
        let facts = format!(": {}, {} octets", refused.join("; "), content.len());
        self.write("undeliverable", &facts, now)
    }
    fn delayed(
        &self,
        _: &Hold,
        to: &[ForwardPath],
        until: Timestamp,
        now: Timestamp,
    ) -> Option<NewItem> {
        let left = (until.as_second() - now.as_second()) / HOUR;
        self.write("delayed", &format!(": {}, {left} h left", named(to)), now)
    }
    fn arrived(&self, _: &Hold, to: &[ForwardPath], now: Timestamp) -> Option<NewItem> {
        self.write("arrived", &format!(": {}", named(to)), now)
    }
    fn promise(&self, _: &Hold, promise: &Promise, now: Timestamp) -> Option<NewItem> {
        self.write("promise", &format!(" {}", promise.reminders), now)
    }
    fn overdue(&self, _: &Hold, promise: &Promise, now: Timestamp) -> Option<NewItem> {
        self.write("overdue", &format!(" {}", promise.reminders), now)
    }
    fn digest(&self, to: &str, told: &[(Hold, String)], now: Timestamp) -> Option<NewItem> {
        let names: Vec<&str> = told.iter().map(|(_, name)| name.as_str()).collect();
        self.write("digest", &format!(" to {to} of {}", names.join(", ")), now)
    }
    fn may_go_to(&self, addressee: &str) -> bool {
        !addressee.ends_with("@gone.example")
    }
    fn mark(&self, _: &Hold, _: &Content) -> String {
        "X-Mark: m\r\n".to_owned()
    }
}

fn named(paths: &[ForwardPath]) -> String {
    paths.iter().map(ForwardPath::as_str).collect::<Vec<_>>().join("; ")
}

struct House {
    store: Arc<MemoryStore>,
    letters: Arc<OneLine>,
    worker: Arc<Worker>,
    now_secs: Arc<AtomicI64>,
    clock: Clock,
    hop: ScriptedHop,
}

impl House {
    /// A house that never sleeps.
    async fn new(scripts: &[&str]) -> House {
        House::with(scripts, Settings::new("one", never_closed())).await
    }

    async fn with(scripts: &[&str], settings: Settings) -> House {
        let hop = ScriptedHop::start(scripts).await;
        let (store, letters) = (Arc::new(MemoryStore::default()), Arc::new(OneLine::default()));
        let now_secs = Arc::new(AtomicI64::new(START_SECS));
        let told = Arc::clone(&now_secs);
        let clock: Clock = Arc::new(move || at(told.load(Ordering::Relaxed) - START_SECS));
        let worker = worker_with(&hop, &store, &letters, settings);
        House { store, letters, worker, now_secs, clock, hop }
    }

    fn later(&self, secs: i64) {
        self.now_secs.fetch_add(secs, Ordering::Relaxed);
    }

    async fn turn(&self) -> usize {
        self.worker.turn(&self.clock).await
    }

    async fn held(&self, number: u8, to: &[&str], terms: HoldTerms) -> HoldId {
        let new = new_hold(number, to, terms, (self.clock)());
        self.store.hold(new).await.unwrap().id().clone()
    }

    /// Held and let go.
    async fn released(&self, number: u8, to: &[&str]) -> HoldId {
        let id = self.held(number, to, HoldTerms::default()).await;
        let due = (self.clock)();
        let release = NewItem { kind: ItemKind::Release, recipients: vec![], due };
        let outcome = Outcome::FalseAlarm { note: String::new() };
        self.decide(&id, State::Approved, outcome, vec![release]).await;
        id
    }

    async fn decide(&self, id: &HoldId, to: State, outcome: Outcome, outbox: Vec<NewItem>) {
        let change = Change {
            from: State::Held,
            to,
            outcome: Some(outcome),
            actor: Actor {
                role: "operator".into(),
                name: "root".into(),
                via: "cli".into(),
                address: None,
            },
            remind_at: None,
            reminded: false,
            expires_at: None,
            watch: None,
            outbox,
            event: AuditEvent { name: "decided".into(), facts: vec![] },
            parties: Vec::new(),
            told: None,
            seen: None,
            once: None,
            now: (self.clock)(),
        };
        self.store.change(id, change).await.unwrap();
    }

    async fn hold(&self, id: &HoldId) -> Hold {
        self.store.find(id).await.unwrap().unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.letters.asked.lock().unwrap().clone()
    }

    async fn events(&self) -> Vec<String> {
        let entries = self.store.audit(0, 1000).await.unwrap();
        entries.into_iter().map(|entry| entry.event.name).collect()
    }

    /// What reached the hop; fails where its script was not followed.
    async fn at_hop(self) -> Vec<String> {
        drop(self.worker);
        let data = self.hop.data().await;
        data.into_iter().map(|d| String::from_utf8(d).unwrap()).collect()
    }
}

fn worker(
    hop: &ScriptedHop,
    store: &Arc<MemoryStore>,
    letters: &Arc<OneLine>,
    node: &str,
) -> Arc<Worker> {
    worker_with(hop, store, letters, Settings::new(node, never_closed()))
}

/// At work at any time.
fn never_closed() -> Arc<Teams> {
    let hours = jiff::civil::Time::MIN..jiff::civil::Time::MAX;
    let week = Week::new(jiff::tz::TimeZone::UTC, hours, vec![]);
    Arc::new(Teams::of_house(Team { week, ..Team::default() }))
}

fn worker_with(
    hop: &ScriptedHop,
    store: &Arc<MemoryStore>,
    letters: &Arc<OneLine>,
    settings: Settings,
) -> Arc<Worker> {
    let mut relay = relay::Settings::new(hop.address.clone(), "us.example");
    relay.limits.command = Duration::from_secs(5);
    let settings = Settings { poll: Duration::from_millis(1), ..settings };
    let next_hop = NextHop::new(relay).unwrap();
    Arc::new(Worker::new(store.clone(), next_hop, letters.clone(), settings))
}

fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(START_SECS + secs).unwrap()
}

fn recipient(path: &str) -> Recipient {
    Recipient::plain(ForwardPath::parse(path).unwrap())
}

/// Remind after four hours, expire after two days without a word before.
fn terms(expiry_action: ExpiryAction) -> HoldTerms {
    HoldTerms { expiry_action, warn_before: Duration::ZERO, ..HoldTerms::default() }
}

fn new_hold(number: u8, to: &[&str], terms: HoldTerms, created: Timestamp) -> NewHold {
    let sender = ReversePath::parse("tom@us.example").unwrap();
    let recipients = to.iter().map(|path| recipient(path)).collect();
    NewHold {
        id: HoldId::from_octets([number; 16]),
        idempotency_key: format!("key {number}"),
        envelope: Envelope::new(sender, vec![], recipients).unwrap(),
        origin: Origin {
            session_id: "s".into(),
            transaction_id: "t".into(),
            client: [127, 0, 0, 1].into(),
            helo: "client".into(),
            protocol: Protocol::Esmtp,
            xforward: Xforward::default(),
        },
        content: Content::from(format!("Subject: {number}\r\n\r\nno\r\n").into_bytes()),
        trace: "Received: by us\r\n".into(),
        created,
        remind_at: created.checked_add(terms.remind_after).ok(),
        expires_at: created.checked_add(terms.expire_after).unwrap(),
        watch: Watch::default(),
        dossier: dossier(terms),
        outbox: vec![],
    }
}

fn dossier(terms: HoldTerms) -> Dossier {
    let decision = Decision {
        verdict: Verdict::Hold,
        reason: Reason::Policy,
        policy: Some("denial".into()),
        category: None,
        title: None,
        probability: 0.9,
        threshold: 0.5,
        language: None,
        mode: Mode::Enforce,
        recipients: vec![],
        evidence: vec![],
        terms,
        would_hold: false,
    };
    Dossier {
        subject: "Your claim".into(),
        message_id: None,
        references: vec![],
        header_from_name: String::new(),
        decision,
        call: CallSheet::default(),
    }
}

#[tokio::test]
async fn a_reminder_goes_out_once_and_again_after_its_span() {
    let mail = [NOTICE, DATA, TAKEN].concat();
    let house = House::new(&[&[OPEN, &mail, &mail].concat()]).await;
    let id = house.held(1, &["one@c.example"], HoldTerms::default()).await;
    assert_eq!(house.turn().await, 0, "nothing is due yet");
    house.later(4 * HOUR);
    assert_eq!(house.turn().await, 2, "the reminder and its mail");
    assert_eq!(house.turn().await, 0, "not a second time");
    house.later(4 * HOUR);
    house.turn().await;
    let hold = house.hold(&id).await;
    assert_eq!((hold.state, hold.reminders), (State::Held, 2));
    assert_eq!(house.at_hop().await.len(), 2);
}

#[tokio::test]
async fn nobody_is_reminded_all_the_time_whatever_the_policy_says() {
    let house = House::new(&[]).await;
    let terms = HoldTerms { remind_after: Duration::ZERO, ..HoldTerms::default() };
    house.held(1, &["one@c.example"], terms).await;
    for _ in 0..5 {
        house.turn().await;
    }
    assert_eq!(house.asked(), ["reminder, next in 15 min"]);
}

#[tokio::test]
async fn what_expires_goes_back_out_or_stays_as_the_policy_says() {
    for (action, state, asked) in [
        (ExpiryAction::Return, State::Returned, "expired, 18 octets"),
        (ExpiryAction::Release, State::Approved, "expired, 18 octets"),
        (ExpiryAction::Keep, State::Held, "reminder, next in 240 min"),
    ] {
        let house = House::new(&[]).await;
        let id = house.held(1, &["one@c.example"], terms(action)).await;
        house.later(3 * DAY);
        house.worker.attend_due_holds((house.clock)()).await;
        house.worker.attend_due_holds((house.clock)()).await;
        let hold = house.hold(&id).await;
        assert_eq!(hold.state, state, "{action:?}");
        assert_eq!(house.asked(), [asked], "{action:?}: one mail, not one a missed reminder");
        assert_eq!(hold.outcomes.len(), usize::from(action != ExpiryAction::Keep));
    }
}

#[tokio::test]
async fn time_is_no_second_person() {
    let house = House::new(&[]).await;
    let second_person = Some(SecondPerson::Always);
    let terms = HoldTerms { second_person, ..terms(ExpiryAction::Release) };
    let id = house.held(1, &["one@c.example"], terms).await;
    house.later(3 * DAY);
    house.worker.attend_due_holds((house.clock)()).await;
    assert_eq!(house.hold(&id).await.state, State::Returned);
}

#[tokio::test]
async fn nobody_is_asked_about_a_proposal_that_is_over() {
    for name in ["second_asked", "second_reminder"] {
        let house = House::new(&[]).await;
        let id = house.held(1, &["one@c.example"], HoldTerms::default()).await;
        let false_alarm = Outcome::FalseAlarm { note: String::new() };
        let proposed = Outcome::Proposed { outcome: Box::new(false_alarm) };
        let asked = NewItem {
            kind: ItemKind::Notice { name: name.into(), bytes: b"x".to_vec() },
            recipients: vec![recipient("lea@us.example")],
            due: (house.clock)(),
        };
        house.decide(&id, State::Held, proposed, vec![asked]).await;
        house.decide(&id, State::Held, Outcome::Dropped, vec![]).await;
        house.turn().await;
        house.later(MINUTE);
        let span = Duration::from_secs(60);
        let left = house.store.lease_items("n", (house.clock)() + span, span, 9).await.unwrap();
        assert!(left.is_empty(), "{name} is done with, though no next hop took it");
    }
}

#[tokio::test]
async fn what_expires_into_release_reaches_its_recipient_with_trace_and_mark() {
    let mail = [OPEN, RELEASE, ONE, DATA, TAKEN].concat();
    let house = House::new(&[&mail]).await;
    let id = house.held(1, &["one@c.example"], terms(ExpiryAction::Release)).await;
    // Without a letter there is one delivery to follow.
    house.letters.breaks_down.store(true, Ordering::Relaxed);
    house.later(3 * DAY);
    house.turn().await;
    assert_eq!(house.hold(&id).await.state, State::Delivered);
    let expected = "Received: by us\r\nX-Mark: m\r\nSubject: 1\r\n\r\nno\r\n.\r\n";
    assert_eq!(house.at_hop().await, [expected]);
}

#[tokio::test]
async fn a_clock_that_jumps_back_sends_nothing_twice() {
    let house = House::new(&[&[OPEN, NOTICE, DATA, TAKEN].concat()]).await;
    house.held(1, &["one@c.example"], HoldTerms::default()).await;
    house.later(4 * HOUR);
    house.turn().await;
    house.later(-4 * HOUR);
    assert_eq!(house.turn().await, 0);
    house.later(4 * HOUR);
    assert_eq!(house.turn().await, 0);
    assert_eq!(house.at_hop().await.len(), 1);
}

#[tokio::test]
async fn of_three_recipients_each_is_settled_by_its_own_reply() {
    let two = "C: RCPT TO:<two@c.example>\n S: 450 4.2.0 later\n";
    let two_taken = "C: RCPT TO:<two@c.example>\n S: 250 ok\n";
    let three = "C: RCPT TO:<three@c.example>\n S: 550 5.1.1 nobody\n";
    let first = [OPEN, RELEASE, ONE, two, three, DATA, TAKEN].concat();
    let then = [NOTICE, DATA, TAKEN, RELEASE, two_taken, DATA, TAKEN].concat();
    let house = House::new(&[&[first, then].concat()]).await;
    let id = house.released(1, &["one@c.example", "two@c.example", "three@c.example"]).await;
    house.turn().await;
    let refused = Delivery::Refused("550 5.1.1 nobody".into());
    let hold = house.hold(&id).await;
    assert_eq!(hold.state, State::Released);
    assert_eq!(hold.deliveries, [Delivery::Delivered, Delivery::Waiting, refused]);
    let told = "undeliverable: three@c.example 550 5.1.1 nobody, 18 octets";
    assert_eq!(house.asked(), [told]);
    house.turn().await;
    house.later(HOUR);
    house.turn().await;
    assert_eq!(house.hold(&id).await.state, State::Undeliverable);
    assert_eq!(house.asked(), [told], "told once");
    assert_eq!(house.at_hop().await.len(), 3);
}

#[tokio::test]
async fn of_a_release_put_off_for_hours_its_sender_hears_once_at_work_and_once_when_it_arrived() {
    let later = "C: RCPT TO:<two@c.example>\n S: 450 4.2.0 later\n";
    let two = [RELEASE, "C: RCPT TO:<two@c.example>\n S: 250 ok\n", DATA].concat();
    let put_off = format!("{two}S: 451 4.3.0 later\nCLOSE\n");
    let letter = [NOTICE, DATA, TAKEN].concat();
    let scripts = [
        [OPEN, RELEASE, ONE, later, DATA, TAKEN, &put_off].concat(),
        [OPEN, &put_off].concat(),
        [OPEN, &letter, &put_off].concat(),
        [OPEN, &two, TAKEN, &letter].concat(),
    ];
    let scripts: Vec<&str> = scripts.iter().map(String::as_str).collect();
    let house = House::with(&scripts, Settings::new("one", Arc::default())).await;
    // On Thursday at six in the evening; people come at nine.
    house.later(-14 * HOUR);
    let id = house.released(1, &["one@c.example", "two@c.example"]).await;
    house.turn().await;
    house.later(5 * HOUR);
    house.turn().await;
    assert!(house.asked().is_empty(), "not by night");
    house.later(10 * HOUR);
    house.turn().await;
    house.turn().await;
    let delayed = "delayed: two@c.example, 105 h left";
    assert_eq!(house.asked(), [delayed]);
    house.later(HOUR);
    house.turn().await;
    assert_eq!(house.asked(), [delayed], "told once");
    house.later(HOUR);
    house.turn().await;
    house.turn().await;
    assert_eq!(house.hold(&id).await.state, State::Delivered);
    assert_eq!(house.asked(), [delayed, "arrived: two@c.example"], "of whom he was told");
    assert_eq!(house.at_hop().await.len(), 7);
}

#[tokio::test]
async fn nobody_hears_of_a_short_delay_nor_twice_of_a_mail_that_is_given_up() {
    let house = House::new(&[]).await;
    house.released(1, &["one@c.example"]).await;
    for _ in 0..3 {
        house.turn().await;
        house.later(HOUR);
    }
    assert!(house.asked().is_empty());
    for _ in 0..6 {
        house.later(DAY);
        house.turn().await;
    }
    let asked = house.asked();
    let told: Vec<_> = asked.iter().filter_map(|asked| asked.split(':').next()).collect();
    assert_eq!(told, ["delayed", "undeliverable"]);
}

#[tokio::test]
async fn a_release_put_off_for_too_long_is_given_up_and_its_sender_told() {
    let house = House::new(&[]).await;
    let id = house.released(1, &["one@c.example"]).await;
    house.turn().await;
    assert_eq!(house.turn().await, 0, "not before its time");
    house.later(4 * DAY);
    house.turn().await;
    assert_eq!(house.hold(&id).await.state, State::Released);
    house.later(2 * DAY);
    house.turn().await;
    assert_eq!(house.hold(&id).await.state, State::Undeliverable);
    let told = "undeliverable: one@c.example given up: no answer from the next hop, 18 octets";
    assert_eq!(house.asked(), ["delayed: one@c.example, 24 h left", told]);
}

#[tokio::test]
async fn a_refused_notice_is_given_up_and_causes_no_other() {
    let refused = "C: MAIL FROM:<>\n S: 250 ok\n C: RCPT TO:<tom@us.example>\n S: 550 5.1.1 x\n";
    let house = House::new(&[&[OPEN, refused].concat()]).await;
    let id = house.held(1, &["one@c.example"], HoldTerms::default()).await;
    house.later(4 * HOUR);
    house.turn().await;
    assert_eq!(house.turn().await, 0);
    assert_eq!(house.asked(), ["reminder, next in 240 min"]);
    assert_eq!(house.hold(&id).await.state, State::Held);
    assert_eq!(house.events().await, ["held", "reminded", "notice_failed"]);
}

#[tokio::test]
async fn a_next_hop_that_was_away_for_days_gets_one_mail_a_hold() {
    let letter = [NOTICE, DATA, TAKEN].concat();
    let house = House::new(&[&[OPEN, &letter].concat()]).await;
    let mut new = new_hold(1, &["one@c.example"], terms(ExpiryAction::Return), (house.clock)());
    let recipients = vec![recipient("tom@us.example")];
    for name in ["hold", "reminder", "escalation", "cover"] {
        let kind = ItemKind::Notice { name: name.into(), bytes: b"stale\r\n".to_vec() };
        new.outbox.push(NewItem { kind, recipients: recipients.clone(), due: new.created });
    }
    house.store.hold(new).await.unwrap();
    house.later(3 * DAY);
    assert_eq!(house.turn().await, 4, "it expires; what is overtaken is dropped, one goes out");
    assert_eq!(house.asked(), ["expired, 18 octets"]);
    assert_eq!(house.at_hop().await, ["please call\r\n.\r\n"]);
}

#[tokio::test]
async fn who_did_not_decide_himself_still_hears_that_his_mail_was_held() {
    let house = House::new(&[&[OPEN, NOTICE, DATA, TAKEN].concat()]).await;
    let mut new = new_hold(1, &["one@c.example"], HoldTerms::default(), (house.clock)());
    let kind = ItemKind::Notice { name: "hold".into(), bytes: b"held\r\n".to_vec() };
    let recipients = vec![recipient("tom@us.example")];
    new.outbox = vec![NewItem { kind, recipients, due: new.created }];
    let id = house.store.hold(new).await.unwrap().id().clone();
    let withdrawn = Outcome::Withdrawn { note: String::new() };
    house.decide(&id, State::Withdrawn, withdrawn, vec![]).await;
    house.turn().await;
    assert_eq!(house.at_hop().await, ["held\r\n.\r\n"]);
}

#[tokio::test]
async fn two_workers_on_one_store_release_once() {
    let house = House::new(&[&[OPEN, RELEASE, ONE, DATA, TAKEN].concat()]).await;
    let id = house.released(1, &["one@c.example"]).await;
    let other = worker(&house.hop, &house.store, &house.letters, "two");
    let (first, second) = tokio::join!(house.turn(), other.turn(&house.clock));
    assert_eq!(first + second, 1);
    assert_eq!(house.hold(&id).await.state, State::Delivered);
    drop(other);
    assert_eq!(house.at_hop().await.len(), 1);
}

#[tokio::test]
async fn a_dead_nodes_release_goes_out_after_its_lease() {
    let house = House::new(&[&[OPEN, RELEASE, ONE, DATA, TAKEN].concat()]).await;
    let id = house.released(1, &["one@c.example"]).await;
    let lease = house.worker.settings.lease;
    let taken = house.store.lease_items("dead", (house.clock)(), lease, 16).await.unwrap();
    house.store.begin_release(&taken[0].id, "dead", (house.clock)()).await.unwrap();
    assert_eq!(house.turn().await, 0);
    house.later(lease.as_secs() as i64);
    house.turn().await;
    assert_eq!(house.hold(&id).await.state, State::Delivered);
    assert_eq!(house.at_hop().await.len(), 1);
}

#[tokio::test]
async fn a_letter_that_cannot_be_composed_stops_neither_its_hold_nor_others() {
    let house = House::new(&[]).await;
    house.letters.breaks_down.store(true, Ordering::Relaxed);
    let one = house.held(1, &["one@c.example"], terms(ExpiryAction::Return)).await;
    let two = house.held(2, &["one@c.example"], terms(ExpiryAction::Keep)).await;
    house.later(3 * DAY);
    assert_eq!(house.turn().await, 2);
    assert_eq!(house.hold(&one).await.state, State::Returned);
    assert_eq!(house.hold(&two).await.reminders, 1);
    assert_eq!(house.turn().await, 0);
}

#[tokio::test]
async fn content_that_rotted_is_told_and_keeps_nobody_waiting() {
    let notice = [NOTICE, DATA, TAKEN].concat();
    let house = House::new(&[&[OPEN, &notice, &notice].concat()]).await;
    let expired = house.held(1, &["one@c.example"], terms(ExpiryAction::Return)).await;
    house.store.rot(&expired);
    house.later(3 * DAY);
    house.turn().await;
    assert_eq!(house.hold(&expired).await.state, State::Returned);
    let released = house.released(2, &["one@c.example"]).await;
    house.store.rot(&released);
    house.turn().await;
    house.turn().await;
    assert_eq!(house.hold(&released).await.state, State::Undeliverable);
    let told = "undeliverable: one@c.example given up: it cannot be read from the store, 0 octets";
    assert_eq!(house.asked(), ["expired, 0 octets", told]);
    assert_eq!(house.at_hop().await.len(), 2);
}

#[tokio::test]
async fn a_store_in_trouble_is_told_again_how_an_attempt_ended() {
    let house = House::new(&[]).await;
    let kind = ItemKind::Notice { name: "hold".into(), bytes: vec![] };
    let mut new = new_hold(1, &["one@c.example"], HoldTerms::default(), (house.clock)());
    new.outbox = vec![NewItem { kind, recipients: vec![], due: (house.clock)() }];
    house.store.hold(new).await.unwrap();
    house.store.has_no_room_to_settle(1);
    assert_eq!(house.turn().await, 1);
    assert_eq!(house.events().await, ["held", "notice_failed"]);
}

#[tokio::test]
async fn one_slow_delivery_does_not_keep_the_next_waiting() {
    let slow = [OPEN, "SILENT"].concat();
    let good = [OPEN, RELEASE, ONE, DATA, TAKEN].concat();
    let house = House::new(&[&slow, &good]).await;
    let first = house.released(1, &["one@c.example"]).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(house.worker.clone().run(house.clock.clone(), stop));
    until(&house, &first, State::Released).await;
    let second = house.released(2, &["one@c.example"]).await;
    until(&house, &second, State::Delivered).await;
    assert_eq!(house.hold(&first).await.state, State::Released);
    running.abort();
}

/// A clock that breaks down once, which no guard expects.
#[tokio::test]
async fn a_worker_that_broke_down_begins_anew() {
    let house = House::new(&[&[OPEN, RELEASE, ONE, DATA, TAKEN].concat()]).await;
    let id = house.released(1, &["one@c.example"]).await;
    let (clock, broken) = (house.clock.clone(), AtomicBool::new(true));
    let clock: Clock = Arc::new(move || {
        assert!(!broken.swap(false, Ordering::Relaxed), "breaks down on purpose");
        clock()
    });
    let stop = CancellationToken::new();
    let running = tokio::spawn(house.worker.clone().keep_running(clock, stop.clone()));
    until(&house, &id, State::Delivered).await;
    stop.cancel();
    running.await.unwrap();
}

async fn until(house: &House, id: &HoldId, state: State) {
    let began = Instant::now();
    while house.hold(id).await.state != state {
        assert!(began.elapsed() < Duration::from_secs(4), "{id} is not {state}");
        tokio::task::yield_now().await;
    }
}
