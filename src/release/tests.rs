//! Stories at the desk, over a store in memory.

use std::sync::Arc;

use super::{ActError, Acted, Desk, Keys, Promised, Word, in_tests::Silent};
use crate::{
    call::CallSheet,
    decision::{Decision, ExpiryAction, HoldTerms, Mode, Reason, Verdict},
    hold::{
        Actor, Afterwards, CallReport, Dossier, FollowUp, HoldStore, ItemKind, MemoryStore, Mood,
        NewHold, Outcome, PromiseState, PromiseStep, State, Watch,
    },
    mail::*,
};

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn in_hours(hours: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + hours * 3600).unwrap()
}

struct House {
    store: Arc<MemoryStore>,
    desk: Desk,
    id: HoldId,
}

/// A house with one hold whose policy lets its sender send without a call, or not.
async fn house(send_anyway: bool) -> House {
    let store = Arc::new(MemoryStore::default());
    let terms = HoldTerms { send_anyway, ..HoldTerms::default() };
    let id = store.hold(new_hold(terms)).await.unwrap().id().clone();
    House { desk: Desk::new(store.clone(), Arc::new(Silent)), store, id }
}

impl House {
    async fn act(&self, role: &str, outcome: Outcome) -> Result<Acted, ActError> {
        self.desk.act(&self.id, actor(role), outcome, now()).await
    }

    async fn state(&self) -> State {
        self.desk.look(&self.id).await.unwrap().state
    }

    /// How many releases are owed.
    async fn releases(&self) -> usize {
        let lease = std::time::Duration::from_secs(60);
        let items = self.store.lease_items("n", in_hours(100), lease, 100).await.unwrap();
        items.iter().filter(|item| item.kind == ItemKind::Release).count()
    }
}

fn actor(role: &str) -> Actor {
    Actor { role: role.into(), name: "tom@us.example".into(), via: "page".into(), address: None }
}

fn called(send: bool, person: &str, number: &str) -> Outcome {
    let (person, number, note) = (person.to_owned(), number.to_owned(), String::new());
    Outcome::Called { send, person, number, note, report: Box::default() }
}

fn send_anyway(reason: &str) -> Outcome {
    Outcome::SendAnyway { reason: reason.to_owned() }
}

fn withdrawn() -> Outcome {
    Outcome::Withdrawn { note: String::new() }
}

fn no_answer(remind_at: Timestamp) -> Outcome {
    Outcome::NoAnswer { number: "+15125550100".into(), remind_at }
}

fn new_hold(terms: HoldTerms) -> NewHold {
    let to = Recipient::plain(ForwardPath::parse("ann@c.example").unwrap());
    let from = ReversePath::parse("tom@us.example").unwrap();
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
    NewHold {
        id: HoldId::from_octets([1; 16]),
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
        content: Content::from(b"Subject: x\r\n\r\nno\r\n".to_vec()),
        trace: String::new(),
        dossier: Dossier {
            subject: "x".into(),
            message_id: None,
            references: vec![],
            header_from_name: String::new(),
            decision,
            call: CallSheet::default(),
        },
        created: now(),
        remind_at: Some(in_hours(4)),
        expires_at: in_hours(48),
        watch: Watch::default(),
        outbox: vec![],
    }
}

#[tokio::test]
async fn a_call_lets_the_mail_go_once_and_a_second_click_changes_nothing() {
    let house = house(false).await;
    let Ok(Acted::Done(hold)) = house.act("sender", called(true, "Ann", "")).await else {
        panic!("not done");
    };
    assert_eq!(hold.state, State::Approved);
    for outcome in [called(true, "Ann", ""), withdrawn(), no_answer(in_hours(1))] {
        let again = house.act("sender", outcome).await;
        assert!(matches!(again, Ok(Acted::Already(hold)) if hold.state == State::Approved));
    }
    assert_eq!(house.desk.look(&house.id).await.unwrap().outcomes.len(), 1);
    assert_eq!(house.releases().await, 1);
}

#[tokio::test]
async fn of_people_who_decide_at_the_same_moment_one_wins() {
    for _ in 0..50 {
        let house = house(true).await;
        let (send, withdraw, operator) = tokio::join!(
            house.act("sender", called(true, "Ann", "")),
            house.act("sender", withdrawn()),
            house.act("operator", send_anyway("the office is on fire")),
        );
        let done = [&send, &withdraw, &operator].map(|a| matches!(a, Ok(Acted::Done(_))));
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
        let releases = usize::from(house.state().await == State::Approved);
        assert_eq!(house.releases().await, releases);
    }
}

#[tokio::test]
async fn sending_without_a_call_is_the_policys_to_allow_and_an_operators_to_decide() {
    let house = house(false).await;
    let refused = house.act("sender", send_anyway("I have no time")).await;
    assert!(matches!(refused, Err(ActError::NotAllowed)));
    assert_eq!((house.state().await, house.releases().await), (State::Held, 0));
    let done = house.act("operator", send_anyway("the customer asked for it")).await;
    assert!(matches!(done, Ok(Acted::Done(hold)) if hold.state == State::Approved));
}

#[tokio::test]
async fn what_is_missing_is_asked_for_and_nothing_changes() {
    let house = house(true).await;
    for outcome in [
        called(true, "", ""),
        called(false, " \n", "\t"),
        send_anyway(""),
        send_anyway("    now    "),
        no_answer(now()),
        no_answer(in_hours(-1)),
        no_answer(in_hours(15 * 24)),
        no_answer(Timestamp::MAX),
        no_answer(Timestamp::MIN),
    ] {
        let told = house.act("sender", outcome.clone()).await;
        assert!(matches!(told, Err(ActError::Incomplete(_))), "{outcome:?}");
    }
    assert_eq!((house.state().await, house.releases().await), (State::Held, 0));
}

#[tokio::test]
async fn nobody_answered_keeps_it_held_and_moves_the_reminder() {
    let house = house(true).await;
    house.act("sender", no_answer(in_hours(20))).await.unwrap();
    let hold = house.desk.look(&house.id).await.unwrap();
    assert_eq!((hold.state, hold.remind_at), (State::Held, Some(in_hours(20))));
    assert_eq!(hold.expires_at, in_hours(48), "it ends when it would have ended");
}

#[tokio::test]
async fn what_was_taken_back_never_goes_out() {
    for outcome in [withdrawn(), called(false, "Ann", "")] {
        let house = house(true).await;
        house.act("sender", outcome).await.unwrap();
        let late = house.act("operator", send_anyway("changed my mind")).await;
        assert!(matches!(late, Ok(Acted::Already(hold)) if hold.state == State::Withdrawn));
        assert_eq!(house.releases().await, 0);
    }
}

#[tokio::test]
async fn only_time_lets_a_hold_expire() {
    let house = house(true).await;
    for role in ["sender", "operator"] {
        let told = house.act(role, Outcome::Expired).await;
        assert!(matches!(told, Err(ActError::NotAllowed)));
    }
    assert_eq!(house.state().await, State::Held);
}

#[tokio::test]
async fn the_link_of_one_hold_opens_no_other() {
    let (keys, one, two) =
        (Keys::new([7; 32]), HoldId::from_octets([1; 16]), HoldId::from_octets([2; 16]));
    let (first, second) = (keys.link_token(&one), keys.link_token(&two));
    assert_eq!(keys.read_link(&first).unwrap().hold, one);
    // The id of one with the signature of the other, at every place where they could be joined.
    for at in 1..first.len() {
        let joined = format!("{}{}", first.split_at(at).0, second.split_at(at).1);
        let opened = keys.read_link(&joined).map(|bearer| bearer.hold);
        assert!(opened.is_err() || joined == first || joined == second, "joined at {at}");
    }
    let nonce = keys.nonce(&one, [0; 16], now());
    assert!(keys.check_nonce(&two, &nonce, now()).is_err());
    assert!(keys.read_link(&nonce).is_err() && keys.check_nonce(&one, &first, now()).is_err());
}

fn follow_up(hours: i64) -> FollowUp {
    FollowUp { date: "2027-01-18".parse().unwrap(), remind_at: in_hours(hours) }
}

/// "I called", with a promise to be reminded of then.
fn promised(hours: i64) -> Outcome {
    let report = CallReport {
        remedy: "a secret refund".into(),
        mood: Some(Mood::AtRisk),
        justified: Some(true),
        follow_up: Some(follow_up(hours)),
        ..CallReport::default()
    };
    let Outcome::Called { send, person, number, note, .. } = called(true, "Ann", "") else {
        unreachable!()
    };
    Outcome::Called { send, person, number, note, report: Box::new(report) }
}

#[tokio::test]
async fn the_audit_tells_the_facts_of_a_call_and_none_of_its_words() {
    let house = house(true).await;
    house.act("sender", promised(72)).await.unwrap();
    let last = house.store.audit(0, 100).await.unwrap().pop().unwrap();
    let facts: Vec<(&str, &str)> =
        last.event.facts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(last.event.name, "called_send");
    let expected = [("mood", "at_risk"), ("justified", "yes"), ("promised_for", "2027-01-18")];
    assert_eq!(facts, expected);
}

#[tokio::test]
async fn a_day_out_of_reach_is_no_promise() {
    for hours in [-1, 0, 367 * 24 + 1] {
        let house = house(true).await;
        let told = house.act("sender", promised(hours)).await;
        assert!(matches!(told, Err(ActError::Incomplete(_))), "{hours}: {told:?}");
        assert_eq!(house.state().await, State::Held);
    }
}

#[tokio::test]
async fn an_attempt_keeps_it_held_and_its_time_is_within_two_weeks() {
    let house = house(true).await;
    let wrong = |number: &str| Outcome::WrongNumber { number: number.to_owned() };
    let back = |hours| Outcome::CallBack { number: String::new(), at: in_hours(hours) };
    for refused in [wrong(" "), back(0), back(15 * 24)] {
        let told = house.act("sender", refused).await;
        assert!(matches!(told, Err(ActError::Incomplete(_))), "{told:?}");
    }
    house.act("sender", wrong("+15125550100")).await.unwrap();
    house.act("sender", back(30)).await.unwrap();
    let hold = house.desk.look(&house.id).await.unwrap();
    assert_eq!((hold.state, hold.remind_at), (State::Held, Some(in_hours(30))));
    assert_eq!(hold.call_back_at(), Some(in_hours(30)));
    assert_eq!(house.releases().await, 0);
}

#[tokio::test]
async fn a_call_back_behind_the_expiry_puts_it_off_and_no_other_attempt_is_behind_it() {
    let house = house(true).await;
    for hours in [48, 100] {
        let told = house.act("sender", no_answer(in_hours(hours))).await;
        assert!(matches!(told, Err(ActError::Incomplete(_))), "{told:?}");
    }
    house.act("sender", no_answer(in_hours(47))).await.unwrap();
    let back = Outcome::CallBack { number: String::new(), at: in_hours(100) };
    house.act("sender", back).await.unwrap();
    let hold = house.desk.look(&house.id).await.unwrap();
    assert_eq!((hold.remind_at, hold.ends_at()), (Some(in_hours(100)), Some(in_hours(104))));
    house.act("sender", no_answer(in_hours(103))).await.unwrap();
}

#[tokio::test]
async fn where_the_policy_keeps_the_mail_a_reminder_may_come_whenever() {
    let store = Arc::new(MemoryStore::default());
    let terms = HoldTerms { expiry_action: ExpiryAction::Keep, ..HoldTerms::default() };
    let id = store.hold(new_hold(terms)).await.unwrap().id().clone();
    let late = no_answer(in_hours(100));
    let done = Desk::new(store, Arc::new(Silent)).act(&id, actor("sender"), late, now()).await;
    assert!(matches!(done, Ok(Acted::Done(_))), "{done:?}");
}

#[tokio::test]
async fn a_mail_taken_back_for_a_new_text_never_goes_out_itself() {
    let house = house(true).await;
    let rewritten = |hours| Outcome::Rewritten { note: String::new(), until: in_hours(hours) };
    let told = house.act("sender", rewritten(32 * 24)).await;
    assert!(matches!(told, Err(ActError::Incomplete(_))), "{told:?}");
    house.act("sender", rewritten(7 * 24)).await.unwrap();
    let late = house.act("sender", called(true, "Ann", "")).await.unwrap();
    assert!(matches!(late, Acted::Already(_)));
    assert_eq!((house.state().await, house.releases().await), (State::Withdrawn, 0));
}

#[tokio::test]
async fn the_first_word_about_a_promise_stands() {
    let house = house(true).await;
    let say = |word| async {
        let said = (word, "done on site".to_owned());
        house.desk.say_of_promise(&house.id, actor("sender"), said, now()).await
    };
    assert!(matches!(say(Word::Kept).await, Err(ActError::Unknown)), "nothing was promised");
    house.act("sender", promised(72)).await.unwrap();
    for hours in [0, 367 * 24 + 1] {
        let told = say(Word::Moved(follow_up(hours))).await;
        assert!(matches!(told, Err(ActError::Incomplete(_))), "{told:?}");
    }
    assert!(matches!(say(Word::Moved(follow_up(96))).await, Ok(Promised::Done(_))));
    assert!(matches!(say(Word::Kept).await, Ok(Promised::Done(_))));
    let late = say(Word::Dropped).await.unwrap();
    assert!(matches!(late, Promised::Already(promise) if promise.state == PromiseState::Kept));
    let promise = house.store.promise(&house.id).await.unwrap().unwrap();
    assert_eq!(promise.steps.len(), 2);
}

#[tokio::test]
async fn what_is_said_while_a_reminder_goes_out_is_not_lost() {
    let house = house(true).await;
    house.act("sender", promised(72)).await.unwrap();
    let seen = house.desk.promise(&house.id).await.unwrap().unwrap();
    let worker = Actor { role: "service".into(), ..actor("") };
    let reminded = house.desk.step(seen.clone(), worker, PromiseStep::Reminded, now()).await;
    assert!(matches!(reminded, Ok(Promised::Done(_))));
    // The page was read before, and says it now.
    let kept = PromiseStep::Kept { note: String::new() };
    let done = house.desk.step(seen.clone(), actor("sender"), kept, now()).await.unwrap();
    assert!(matches!(done, Promised::Done(promise) if promise.state == PromiseState::Kept));
    let dropped = PromiseStep::Dropped { note: String::new() };
    let late = house.desk.step(seen, actor("sender"), dropped, now()).await.unwrap();
    assert!(matches!(late, Promised::Already(promise) if promise.state == PromiseState::Kept));
}

#[tokio::test]
async fn a_promise_that_was_put_off_too_often_is_done_or_dropped() {
    let house = house(true).await;
    house.act("sender", promised(72)).await.unwrap();
    let put_off = || async {
        let said = (Word::Moved(follow_up(96)), String::new());
        house.desk.say_of_promise(&house.id, actor("sender"), said, now()).await
    };
    for _ in 0..50 {
        assert!(matches!(put_off().await, Ok(Promised::Done(_))));
    }
    let told = put_off().await;
    assert!(matches!(told, Err(ActError::Incomplete(why)) if why.contains("too often")));
}
