//! Stories of a sender of many held mails, and of whoever hears of them. What the worker lets go is
//! counted as sent.

use super::*;
use crate::hold::Pacing;

/// Few enough to be counted by hand.
const FEW: Pace = Pace { most_per_hour: 3, most_per_day: 8 };

async fn house(pace: Pace) -> House {
    House::with(&[], Settings { pace, ..Settings::new("one", never_closed()) }).await
}

fn id(number: u32) -> HoldId {
    let mut octets = [0; 16];
    octets[12..].copy_from_slice(&number.to_be_bytes());
    HoldId::from_octets(octets)
}

/// A hold of its own subject, with a notice that says its number.
fn numbered(number: u32, terms: HoldTerms, created: Timestamp) -> NewHold {
    let kind =
        ItemKind::Notice { name: "hold".into(), bytes: format!("{number}\r\n").into_bytes() };
    let outbox =
        vec![NewItem { kind, recipients: vec![recipient("Tom@us.example")], due: created }];
    let mut new = new_hold(0, &["one@c.example"], terms, created);
    new.dossier.subject = format!("Claim {number}");
    NewHold { id: id(number), idempotency_key: format!("key {number}"), outbox, ..new }
}

impl House {
    /// One that nobody is reminded of.
    async fn writes(&self, number: u32) {
        let new = numbered(number, terms(ExpiryAction::Return), (self.clock)());
        self.store.hold(NewHold { remind_at: None, ..new }).await.unwrap();
    }

    /// What this worker sends now, by name.
    async fn sends(&self) -> Vec<String> {
        let now = (self.clock)();
        self.worker.attend_due_holds(now).await;
        for _ in 0..4 {
            self.worker.pace(now).await;
        }
        self.delivers().await
    }

    /// What lies in the outbox and may go.
    async fn delivers(&self) -> Vec<String> {
        let now = (self.clock)();
        let items = self.store.lease_items("n", now, Duration::from_secs(60), 10_000).await;
        let mut names = Vec::new();
        for item in items.unwrap() {
            let ItemKind::Notice { name, .. } = &item.kind else { continue };
            names.push(name.clone());
            let done = crate::hold::ItemOutcome::Done;
            self.store.settle_item(&item.id, "n", done, vec![], vec![], now).await.unwrap();
        }
        names
    }

    /// How many mails each digest tells.
    fn digests(&self) -> Vec<usize> {
        let digests = self.asked().into_iter().filter(|asked| asked.starts_with("digest"));
        digests.map(|asked| asked.split(" of ").nth(1).unwrap().split(", ").count()).collect()
    }

    async fn waiting(&self) -> usize {
        self.store.queue("tom@us.example", at(-DAY)).await.unwrap().waiting.len()
    }
}

#[tokio::test]
async fn a_thousand_mails_in_a_minute_are_a_few_notices_and_each_is_told_once() {
    let house = house(Pace::default()).await;
    let mut sent = Vec::new();
    for number in 0..1_000 {
        house.writes(number).await;
        if number % 20 == 19 {
            house.later(1);
            sent.extend(house.sends().await);
        }
    }
    assert_eq!(sent, ["hold"; 5], "the first come one by one");
    for _ in 0..40 * 60 {
        house.later(MINUTE);
        sent.extend(house.sends().await);
    }
    assert_eq!(
        sent.split_off(5),
        ["digest"; 50],
        "the rest twenty at a time, half hour by half hour"
    );
    let twenties = house.digests();
    assert_eq!((twenties.iter().sum::<usize>(), house.waiting().await), (995, 0));
    assert!(twenties.iter().all(|told| *told <= 20), "{twenties:?}");
    let told = house.store.audit(0, 10_000).await.unwrap();
    let told = told.iter().filter(|entry| entry.event.name == "notice_joined").count();
    assert_eq!(told + sent.len(), 1_000);
}

#[tokio::test]
async fn a_few_mails_come_at_once_and_the_next_ones_every_half_hour_at_most() {
    let house = house(FEW).await;
    let mut sent = Vec::new();
    for minute in 0..120_u32 {
        // More slowly than one digest tells.
        if minute % 2 == 0 {
            house.writes(minute).await;
        }
        let names = house.sends().await;
        sent.extend(names.into_iter().map(|name| format!("{minute} {name}")));
        house.later(MINUTE);
    }
    let first_hour = ["0 hold", "2 hold", "4 hold", "11 digest", "41 digest"];
    assert_eq!(sent.get(..5).unwrap(), first_hour);
    // Of the hour before there were two.
    assert_eq!(sent.get(5..).unwrap(), ["71 digest", "72 hold", "101 digest"]);
    assert_eq!(house.digests(), [3, 15, 15, 14]);
}

#[tokio::test]
async fn mail_that_a_clock_put_off_which_was_ahead_is_not_kept_until_then() {
    let house = house(FEW).await;
    for number in 0..5 {
        house.writes(number).await;
    }
    // Three go, and two are put off by a clock that is nine days ahead.
    house.later(9 * DAY);
    assert_eq!(house.sends().await, ["hold"; 3]);
    house.later(-9 * DAY);
    assert_eq!(house.sends().await, ["digest"]);
    assert_eq!(house.waiting().await, 0);
}

#[tokio::test]
async fn mail_to_an_address_that_is_no_longer_inside_is_not_sent() {
    let house = house(FEW).await;
    for number in 0..9 {
        let kind = ItemKind::Notice { name: "hold".into(), bytes: b"please call\r\n".to_vec() };
        let due = (house.clock)();
        let gone = NewItem { kind, recipients: vec![recipient("ann@gone.example")], due };
        let new = numbered(number, terms(ExpiryAction::Return), due);
        house.store.hold(NewHold { outbox: vec![gone], ..new }).await.unwrap();
    }
    assert!(house.sends().await.is_empty());
    assert!(house.store.queue("ann@gone.example", at(0)).await.unwrap().waiting.is_empty());
}

#[tokio::test]
async fn beyond_the_days_measure_the_next_morning_brings_the_rest_as_one() {
    let house = house(FEW).await;
    let mut sent = Vec::new();
    for hour in 0..16 {
        for number in 0..3 {
            house.writes(3 * hour + number).await;
        }
        sent.extend(house.sends().await);
        house.later(HOUR);
    }
    // From eight o'clock on; the last three digests of the day would be too many.
    assert_eq!(sent, ["hold"; 8]);
    assert_eq!(house.waiting().await, 40);
    let morning = house.sends().await;
    assert_eq!((morning, house.waiting().await), (vec!["digest".to_owned()], 20));
    house.later(30 * MINUTE);
    assert_eq!(house.sends().await, ["digest"]);
    assert_eq!((house.digests(), house.waiting().await), (vec![20, 20], 0));
}

#[tokio::test]
async fn what_is_decided_while_it_waits_is_told_no_more() {
    let house = house(FEW).await;
    let kind = |name: &str| ItemKind::Notice { name: name.into(), bytes: b"x\r\n".to_vec() };
    for number in 0..6 {
        let mut new = numbered(number, terms(ExpiryAction::Return), (house.clock)());
        new.outbox[0].kind = kind("reminder");
        if number == 5 {
            new.outbox[0].kind = kind("hold");
        }
        house.store.hold(new).await.unwrap();
    }
    let withdrawn = || Outcome::Withdrawn { note: String::new() };
    for number in 0..3 {
        house.decide(&id(number), State::Withdrawn, withdrawn(), vec![]).await;
    }
    assert_eq!(house.sends().await, ["hold", "digest"], "a notice, and two reminders as one");
    assert_eq!(house.digests(), [2]);
    assert!(house.asked()[0].contains("to tom@us.example of reminder, reminder"));
}

#[tokio::test]
async fn where_no_digest_can_be_written_each_mail_goes_by_itself() {
    let house = house(FEW).await;
    for number in 0..9 {
        house.writes(number).await;
    }
    house.letters.breaks_down.store(true, Ordering::Relaxed);
    assert_eq!(house.sends().await, ["hold"; 3]);
    house.later(5 * MINUTE);
    assert_eq!(house.sends().await, ["hold"; 6]);
}

#[tokio::test]
async fn killed_at_any_step_nothing_is_lost_and_nothing_comes_twice() {
    for survived in 0..8 {
        let house = house(FEW).await;
        let mut sent = Vec::new();
        house.store.dies_after_steps(Some(survived));
        for number in 0..9 {
            house.writes(number).await;
            house.later(10);
            sent.extend(house.sends().await);
        }
        house.later(10 * MINUTE);
        sent.extend(house.sends().await);
        // Another node comes up; what the dead one had in hand is as it stood.
        house.store.dies_after_steps(None);
        house.store.reclaim("n").await.unwrap();
        let two = worker(&house.hop, &house.store, &house.letters, "two");
        for _ in 0..10 {
            two.pace((house.clock)()).await;
            sent.extend(house.delivers().await);
            house.later(10 * MINUTE);
        }
        let one_by_one = sent.iter().filter(|name| *name == "hold").count();
        let joined = house.events().await.iter().filter(|e| *e == "notice_joined").count();
        assert_eq!(one_by_one + joined, 9, "{survived}: {sent:?}");
        let digests = sent.iter().filter(|name| *name == "digest").count();
        assert_eq!(house.waiting().await, 0);
        assert!((1..=2).contains(&digests), "{survived}: {sent:?}");
    }
}

#[tokio::test]
async fn reminders_of_one_sender_that_fall_due_together_come_as_one() {
    let house = house(Pace::default()).await;
    for (number, minutes) in [(0, 0), (1, 10), (2, 60), (3, 0)] {
        house.later(minutes * MINUTE);
        let mut new = numbered(number, terms(ExpiryAction::Keep), (house.clock)());
        if number == 3 {
            // Of one conversation with the first.
            new.dossier.subject = "Re: Claim 0".to_owned();
        }
        house.store.hold(new).await.unwrap();
    }
    house.sends().await;
    house.later(4 * HOUR - 70 * MINUTE);
    assert_eq!(house.sends().await, ["digest"]);
    assert_eq!(house.digests(), [3], "the near one, and the one of the same conversation");
    let reminders: Vec<u32> =
        [house.hold(&id(0)).await, house.hold(&id(1)).await, house.hold(&id(2)).await]
            .map(|hold| hold.reminders)
            .to_vec();
    assert_eq!(reminders, [1, 1, 0]);
    house.later(10 * MINUTE);
    assert!(house.sends().await.is_empty(), "it has been reminded of");
    house.later(HOUR);
    assert_eq!(house.sends().await, ["reminder"], "the last at its own time");
}

#[tokio::test]
async fn after_a_downtime_of_days_forty_holds_are_two_mails() {
    let house = house(Pace::default()).await;
    for number in 0..40 {
        let mut new = numbered(number, terms(ExpiryAction::Keep), (house.clock)());
        new.outbox.clear();
        house.store.hold(new).await.unwrap();
        house.later(7 * MINUTE);
    }
    house.later(3 * DAY);
    assert_eq!(house.sends().await, ["digest"]);
    house.later(30 * MINUTE);
    assert_eq!(house.sends().await, ["digest"]);
    assert_eq!(house.digests(), [20, 20]);
    assert!(house.sends().await.is_empty());
}

#[tokio::test]
async fn whoever_wants_no_reminders_hears_only_of_its_end() {
    let house = house(Pace::default()).await;
    let mut terms = terms(ExpiryAction::Return);
    terms.warn_before = Duration::from_secs(4 * 3600);
    let mut new = numbered(0, terms, (house.clock)());
    new.watch.warn_at = Some(at(44 * HOUR));
    house.store.hold(new).await.unwrap();
    assert_eq!(house.sends().await, ["hold"]);
    house.decide(&id(0), State::Held, Outcome::Muted, vec![]).await;
    let mut sent = Vec::new();
    for hour in 1..60 {
        house.later(HOUR);
        sent.extend(house.sends().await.into_iter().map(|name| format!("{hour} {name}")));
    }
    assert_eq!(house.asked().len(), 2, "{:?}", house.asked());
    assert_eq!(sent, ["44 expires_soon", "48 expired"]);
}
