//! Mail that waits for its addressee's turn: let go, joined, dropped, put off, each in one commit.

use callfirst::hold::{
    HoldStore, Item, ItemKind, ItemOutcome, Join, NewItem, Outcome, Queue, State, Step,
};

use crate::bench::{Bench, DAY, HOUR, LEASE, approve, at, change, envelope, new_hold, to};

const CLERK: &str = "clerk@northwind-hvac.example";

fn named(name: &str, address: &str) -> NewItem {
    let bytes = format!("Subject: {name}\r\n\r\nHeld.\r\n").into_bytes();
    let kind = ItemKind::Notice { name: name.to_owned(), bytes };
    NewItem { kind, recipients: vec![to(address)], due: at(0) }
}

/// So many holds, a second apart, each with a notice that waits.
async fn held(store: &dyn HoldStore, count: i64) -> Queue {
    for second in 0..count {
        let mut new = new_hold();
        new.created = at(second);
        let mut notice = named("hold", "Clerk@northwind-hvac.example");
        notice.due = at(second);
        new.outbox = vec![notice];
        store.hold(new).await.unwrap();
    }
    store.queue(CLERK, at(-DAY)).await.unwrap()
}

fn step() -> Step {
    Step { addressee: CLERK.to_owned(), ..Step::default() }
}

async fn leased(store: &dyn HoldStore, secs: i64) -> Vec<Item> {
    store.lease_items("n", at(secs), LEASE, 99).await.unwrap()
}

fn name(item: &Item) -> &str {
    match &item.kind {
        ItemKind::Notice { name, .. } => name,
        ItemKind::Release => "release",
    }
}

pub(crate) async fn a_mail_waits_until_it_is_let_go_and_then_counts(bench: Bench) {
    let store = &*bench.store;
    let queue = held(store, 2).await;
    assert_eq!(queue.waiting.iter().map(|w| w.created).collect::<Vec<_>>(), [at(0), at(1)]);
    assert!(queue.gone.is_empty() && leased(store, 9).await.is_empty());
    assert_eq!(store.addressees(at(9), 9).await.unwrap(), [CLERK]);
    let first = queue.waiting[0].item.clone();
    let go = Step { let_go: vec![first.clone()], ..step() };
    assert!(store.step("n", go, at(10)).await.unwrap());
    // Another node, or the same one after a crash, finds it let go.
    let other = bench.second().await;
    let items = leased(&*other, 10).await;
    assert_eq!(items.iter().map(|i| (&i.id, name(i))).collect::<Vec<_>>(), [(&first, "hold")]);
    let queue = other.queue(CLERK, at(10)).await.unwrap();
    assert_eq!((queue.waiting.len(), queue.gone), (1, vec![(at(10), "hold".to_owned())]));
    assert!(other.queue(CLERK, at(11)).await.unwrap().gone.is_empty());
    // What the next hop puts off has had its turn.
    store
        .settle_item(&first, "n", ItemOutcome::Again(at(99)), vec![], vec![], at(11))
        .await
        .unwrap();
    assert_eq!(leased(store, 99).await.len(), 1);
}

pub(crate) async fn answers_returned_mail_and_releases_never_wait(bench: Bench) {
    let store = &*bench.store;
    let mut new = new_hold();
    new.outbox = ["answer", "expiry", "undeliverable"].map(|name| named(name, CLERK)).to_vec();
    let id = store.hold(new).await.unwrap().id().clone();
    store.change(&id, approve(at(1))).await.unwrap();
    assert_eq!(leased(store, 1).await.len(), 4);
    assert!(store.addressees(at(DAY), 9).await.unwrap().is_empty());
}

pub(crate) async fn several_become_one_and_nothing_is_lost_or_doubled(bench: Bench) {
    let store = &*bench.store;
    let queue = held(store, 3).await;
    let items: Vec<_> = queue.waiting.iter().map(|w| w.item.clone()).collect();
    let hold = queue.waiting[0].hold.clone();
    let join = Join { items: items[..2].to_vec(), hold, digest: named("digest", CLERK) };
    let joined = Step { join: Some(join), dropped: vec![items[2].clone()], ..step() };
    assert!(store.step("n", joined.clone(), at(20)).await.unwrap());
    // Asked for again, by a node that looked before, it changes nothing.
    assert!(!store.step("m", joined, at(21)).await.unwrap());
    let other = bench.second().await;
    let sent = leased(&*other, 21).await;
    assert_eq!(sent.iter().map(name).collect::<Vec<_>>(), ["digest"]);
    assert_eq!(sent[0].recipients, [to(CLERK)]);
    let queue = other.queue(CLERK, at(0)).await.unwrap();
    assert_eq!((queue.waiting, queue.gone), (vec![], vec![(at(20), "digest".to_owned())]));
    let told: Vec<String> =
        store.audit(0, 99).await.unwrap().into_iter().map(|entry| entry.event.name).collect();
    let count = |event: &str| told.iter().filter(|name| *name == event).count();
    assert_eq!((count("notice_joined"), count("notice_dropped")), (2, 1));
    store.settle_item(&sent[0].id, "n", ItemOutcome::Done, vec![], vec![], at(22)).await.unwrap();
    assert!(leased(store, DAY).await.is_empty());
}

pub(crate) async fn a_step_that_comes_too_late_for_one_of_its_mails_changes_nothing(bench: Bench) {
    let store = &*bench.store;
    let queue = held(store, 2).await;
    let items: Vec<_> = queue.waiting.iter().map(|w| w.item.clone()).collect();
    let first = Step { let_go: vec![items[1].clone()], ..step() };
    assert!(store.step("a", first, at(3)).await.unwrap());
    let late = Step { let_go: items.clone(), put_off: Some(at(HOUR)), ..step() };
    let entries = store.audit_head().await.unwrap().number;
    assert!(!store.step("b", late, at(3)).await.unwrap());
    let queue = store.queue(CLERK, at(0)).await.unwrap();
    assert_eq!((queue.waiting.len(), queue.waiting[0].due), (1, at(0)));
    assert_eq!(store.audit_head().await.unwrap().number, entries);
    // Nor does one that names another's mail.
    let foreign = Step {
        addressee: "kim@northwind-hvac.example".to_owned(),
        let_go: vec![items[0].clone()],
        ..Step::default()
    };
    assert!(!store.step("b", foreign, at(4)).await.unwrap());
}

pub(crate) async fn of_two_steps_at_once_one_counts(bench: Bench) {
    let stores = [bench.store.clone(), bench.second().await];
    let queue = held(&*bench.store, 3).await;
    let items: Vec<_> = queue.waiting.iter().map(|w| w.item.clone()).collect();
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let (store, items) = (stores[n % 2].clone(), items.clone());
            let hold = queue.waiting[0].hold.clone();
            let join = Join { items, hold, digest: named("digest", CLERK) };
            let joined = Step { join: Some(join), ..step() };
            tokio::spawn(async move { store.step(&format!("n{n}"), joined, at(5)).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        taken += usize::from(task.await.unwrap());
    }
    assert_eq!((taken, leased(&*bench.store, 6).await.len()), (1, 1));
}

pub(crate) async fn what_is_put_off_is_looked_at_then_and_not_sooner(bench: Bench) {
    let store = &*bench.store;
    held(store, 2).await;
    let later = Step { put_off: Some(at(HOUR)), ..step() };
    assert!(store.step("n", later, at(5)).await.unwrap());
    assert!(store.addressees(at(HOUR - 1), 9).await.unwrap().is_empty());
    assert_eq!(store.addressees(at(HOUR), 9).await.unwrap(), [CLERK]);
    let queue = store.queue(CLERK, at(0)).await.unwrap();
    assert!(queue.waiting.iter().all(|w| w.due == at(HOUR) && w.created < at(9)));
}

pub(crate) async fn the_notice_of_a_prepared_hold_waits_once_it_is_in_force(bench: Bench) {
    let store = &*bench.store;
    let mut new = new_hold();
    new.outbox = vec![named("hold", CLERK)];
    let prepared = store.prepare(new).await.unwrap();
    assert!(store.addressees(at(9), 9).await.unwrap().is_empty());
    store.activate(&prepared, at(1)).await.unwrap();
    assert!(leased(store, 9).await.is_empty());
    assert_eq!(store.queue(CLERK, at(0)).await.unwrap().waiting.len(), 1);
}

pub(crate) async fn a_senders_holds_that_wait_are_found(bench: Bench) {
    let store = &*bench.store;
    let mut ids = Vec::new();
    for (second, sender, recipient) in [
        (3, "Clerk@northwind-hvac.example", "kim@customer.example"),
        (1, "clerk@Northwind-hvac.example", "Lee@customer.example"),
        (2, "boss@northwind-hvac.example", "kim@customer.example"),
    ] {
        let mut new = new_hold();
        (new.created, new.envelope) = (at(second), envelope(sender, &[recipient]));
        ids.push(store.hold(new).await.unwrap().id().clone());
    }
    let clerk = envelope(CLERK, &["x@y.example"]).reverse_path().clone();
    let found = async |to: Option<&str>| -> Vec<_> {
        store.held_of(&clerk, to, 9).await.unwrap().into_iter().map(|hold| hold.id).collect()
    };
    assert_eq!(found(None).await, [ids[1].clone(), ids[0].clone()], "the oldest first");
    assert_eq!(found(Some("KIM@customer.example")).await, [ids[0].clone()]);
    store.change(&ids[0], approve(at(5))).await.unwrap();
    assert_eq!(found(None).await, [ids[1].clone()], "none that is decided");
    assert_eq!(store.held_of(&clerk, None, 0).await.unwrap().len(), 0);
}

pub(crate) async fn whoever_wants_no_reminders_gets_none_and_what_watches_goes_on(bench: Bench) {
    let store = &*bench.store;
    let id = store.hold(new_hold()).await.unwrap().id().clone();
    let mut mute = change(State::Held, State::Held, at(10));
    mute.outcome = Some(Outcome::Muted);
    let hold = store.change(&id, mute).await.unwrap();
    assert_eq!((hold.remind_at, hold.watch.muted_at), (None, Some(at(10))));
    assert!(store.due_holds(at(5 * HOUR), 9).await.unwrap().is_empty());
    // Whoever looked before, and puts the reminder off or reminds, does not undo it.
    for reminded in [false, true] {
        let mut stale = change(State::Held, State::Held, at(11));
        (stale.remind_at, stale.reminded) = (Some(at(12)), reminded);
        stale.watch = Some(callfirst::hold::Watch::default());
        let hold = store.change(&id, stale).await.unwrap();
        assert_eq!((hold.remind_at, hold.watch.muted_at), (None, Some(at(10))));
    }
    // A time that a person names stands.
    let mut asked = change(State::Held, State::Held, at(13));
    asked.remind_at = Some(at(14 * HOUR));
    asked.outcome = Some(Outcome::CallBack { number: "+4930123456".to_owned(), at: at(14 * HOUR) });
    let hold = store.change(&id, asked).await.unwrap();
    assert_eq!(hold.remind_at, Some(at(14 * HOUR)));
    // And still does where the reminders are stopped again behind it.
    let mut again = change(State::Held, State::Held, at(15));
    again.outcome = Some(Outcome::Muted);
    let hold = store.change(&id, again).await.unwrap();
    assert_eq!((hold.remind_at, hold.call_back_at()), (Some(at(14 * HOUR)), Some(at(14 * HOUR))));
    // Who is asked to agree asked for no silence.
    let meant = Outcome::FalseAlarm { note: String::new() };
    let mut proposed = change(State::Held, State::Held, at(16));
    proposed.outcome = Some(Outcome::Proposed { outcome: Box::new(meant) });
    let hold = store.change(&id, proposed).await.unwrap();
    assert!(hold.remind_at.is_some() && hold.watch.muted_at.is_none());
}
