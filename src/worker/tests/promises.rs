//! Stories of promises: the clock stands on Friday 15 January 2027, eight o'clock UTC.

use super::*;
use crate::hold::{Afterwards, CallReport, FollowUp, PromiseChange, PromiseState, PromiseStep};

/// Monday, nine o'clock: the first reminder.
const MONDAY: i64 = 3 * DAY + HOUR;

/// A house whose next hop takes so many letters, and a hold whose call made a promise.
async fn promised(letters: usize) -> (House, HoldId) {
    let letter = [NOTICE, DATA, TAKEN].concat();
    let house = match letters {
        0 => House::with(&[], Settings::new("one", Arc::default())).await,
        _ => {
            let script = format!("{OPEN}{}", letter.repeat(letters));
            House::with(&[&script], Settings::new("one", Arc::default())).await
        }
    };
    let id = house.held(1, &["one@c.example"], HoldTerms::default()).await;
    let follow_up = FollowUp { date: "2027-01-18".parse().unwrap(), remind_at: at(MONDAY) };
    let outcome = Outcome::Called {
        send: false,
        person: String::new(),
        number: "+15125550100".into(),
        note: String::new(),
        report: Box::new(CallReport { follow_up: Some(follow_up), ..CallReport::default() }),
    };
    house.decide(&id, State::Withdrawn, outcome, vec![]).await;
    (house, id)
}

impl House {
    async fn says(&self, id: &HoldId, step: PromiseStep) {
        self.does(id, step, vec![]).await;
    }

    async fn does(&self, id: &HoldId, step: PromiseStep, outbox: Vec<NewItem>) {
        let seen = self.store.promise(id).await.unwrap().unwrap().steps.len();
        let actor = Actor {
            role: "sender".into(),
            name: "tom@us.example".into(),
            via: "page".into(),
            address: None,
        };
        let now = (self.clock)();
        let change = PromiseChange { seen, step, actor, remind_at: None, outbox, now };
        self.store.change_promise(id, change).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn it_is_reminded_of_in_the_morning_then_every_other_working_day_then_the_lead_hears_once() {
    let (house, id) = promised(6).await;
    house.later(MONDAY - 1);
    assert_eq!(house.turn().await, 0, "not before the morning");
    house.later(1);
    assert_eq!(house.turn().await, 2, "the reminder and its mail");
    assert_eq!(house.turn().await, 0, "not a second time");
    // Every hour of the three weeks to come.
    for _ in 0..21 * 24 {
        house.later(HOUR);
        house.turn().await;
    }
    let asked: Vec<String> =
        house.asked().into_iter().filter(|asked| !asked.starts_with("reminder")).collect();
    assert_eq!(
        asked,
        ["promise 0", "promise 1", "promise 2", "promise 3", "promise 4", "overdue 5"]
    );
    let promise = house.store.promise(&id).await.unwrap().unwrap();
    assert_eq!((promise.state, promise.remind_at), (PromiseState::Open, None));
    let days: Vec<String> =
        promise.steps.iter().map(|(at, _, _)| at.strftime("%a %d %H").to_string()).collect();
    assert_eq!(
        days,
        ["Mon 18 09", "Wed 20 09", "Fri 22 09", "Tue 26 09", "Thu 28 09", "Mon 01 09"]
    );
    assert_eq!(house.at_hop().await.len(), 6);
}

#[tokio::test]
async fn after_a_downtime_of_days_one_reminder_comes_and_only_in_business_hours() {
    let (house, id) = promised(1).await;
    // Saturday night of the week after, and on until Monday morning.
    house.later(MONDAY + 5 * DAY + 12 * HOUR);
    for hour in 0..34 {
        assert_eq!(house.turn().await, usize::from(hour == 0), "put off once");
        house.later(HOUR);
    }
    house.later(2 * HOUR);
    assert_eq!(house.turn().await, 2, "the reminder and its mail");
    assert_eq!(house.turn().await, 0);
    assert_eq!(house.store.promise(&id).await.unwrap().unwrap().reminders, 1);
    house.at_hop().await;
}

#[tokio::test]
async fn of_two_workers_one_reminds() {
    let (house, id) = promised(1).await;
    let other = worker(&house.hop, &house.store, &house.letters, "two");
    house.later(MONDAY);
    let (first, second) = tokio::join!(house.turn(), other.turn(&house.clock));
    assert_eq!(first + second, 2, "one reminder, one mail");
    assert_eq!(house.store.promise(&id).await.unwrap().unwrap().steps.len(), 1);
    drop(other);
    assert_eq!(house.at_hop().await.len(), 1);
}

#[tokio::test]
async fn who_says_it_is_done_or_needs_another_day_is_left_in_peace() {
    let (house, id) = promised(0).await;
    house.says(&id, PromiseStep::Kept { note: String::new() }).await;
    house.later(MONDAY);
    assert_eq!(house.turn().await, 0);
    let (house, id) = promised(1).await;
    let follow_up =
        FollowUp { date: "2027-01-25".parse().unwrap(), remind_at: at(MONDAY + 7 * DAY) };
    house.says(&id, PromiseStep::Moved { follow_up, note: String::new() }).await;
    house.later(MONDAY);
    assert_eq!(house.turn().await, 0);
    house.later(7 * DAY);
    assert_eq!(house.turn().await, 2);
    assert_eq!(house.asked(), ["promise 0"]);
    house.at_hop().await;
}

#[tokio::test]
async fn a_reminder_that_waited_for_the_next_hop_is_not_sent_once_it_is_done() {
    let (house, id) = promised(0).await;
    house.later(MONDAY);
    house.turn().await;
    house.says(&id, PromiseStep::Kept { note: String::new() }).await;
    house.later(DAY);
    assert_eq!(house.turn().await, 1);
    assert!(house.events().await.iter().any(|event| event == "notice_sent"));
    assert!(house.at_hop().await.is_empty());
}

#[tokio::test]
async fn a_reminder_that_waited_while_another_day_was_named_is_not_sent() {
    let (house, id) = promised(0).await;
    house.later(MONDAY);
    house.turn().await;
    let follow_up =
        FollowUp { date: "2027-01-25".parse().unwrap(), remind_at: at(MONDAY + 7 * DAY) };
    house.says(&id, PromiseStep::Moved { follow_up, note: String::new() }).await;
    house.later(DAY);
    assert_eq!(house.turn().await, 1);
    assert!(house.events().await.iter().any(|event| event == "notice_sent"));
    assert!(house.at_hop().await.is_empty());
}

#[tokio::test]
async fn the_lead_hears_nothing_of_what_was_kept_before_his_mail_left() {
    let (house, id) = promised(0).await;
    for _ in 0..5 {
        house.says(&id, PromiseStep::Reminded).await;
    }
    let overdue = ItemKind::Notice { name: "overdue".into(), bytes: b"overdue\r\n".to_vec() };
    let recipients = vec![recipient("lead@us.example")];
    let outbox = vec![NewItem { kind: overdue, recipients, due: (house.clock)() }];
    house.does(&id, PromiseStep::Overdue, outbox).await;
    house.says(&id, PromiseStep::Kept { note: String::new() }).await;
    assert_eq!(house.turn().await, 1);
    assert!(house.events().await.iter().any(|event| event == "notice_sent"));
    assert!(house.at_hop().await.is_empty());
}

#[tokio::test]
async fn promises_of_a_team_that_is_not_at_work_hide_no_others() {
    let (house, id) = promised(0).await;
    // On Monday at six in the evening.
    house.later(MONDAY + 9 * HOUR);
    let now = (house.clock)();
    assert_eq!(house.worker.attend_due_promises(now).await, 1, "put off");
    assert!(house.store.due_promises(now, 16).await.unwrap().is_empty());
    let promise = house.store.promise(&id).await.unwrap().unwrap();
    assert_eq!((promise.remind_at, promise.reminders), (Some(at(MONDAY + DAY)), 0));
}
