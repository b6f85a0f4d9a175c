//! Leases, attempts and how they end.

use std::collections::HashSet;

use callfirst::hold::{
    Change, Delivery, HoldError, HoldStore, ItemKind, ItemOutcome, NewItem, State,
};

use crate::bench::{
    Bench, HOUR, LEASE, approve, approved_and_leased, at, change, envelope, new_hold, notice,
};

pub(crate) async fn a_leased_item_is_nobody_elses_until_its_lease_runs_out(bench: Bench) {
    let (a, b) = (&*bench.store, &*bench.second().await);
    a.hold(new_hold()).await.unwrap();
    let item = a.lease_items("a", at(0), LEASE, 10).await.unwrap().remove(0);
    assert!(b.lease_items("b", at(59), LEASE, 10).await.unwrap().is_empty());
    assert!(a.lease_items("a", at(59), LEASE, 10).await.unwrap().is_empty());
    let again = b.lease_items("b", at(60), LEASE, 10).await.unwrap().remove(0);
    assert_eq!((&again.id, again.attempts), (&item.id, 1));
}

pub(crate) async fn a_node_that_starts_takes_back_its_own_leases_and_no_others(bench: Bench) {
    let (a, b) = (&*bench.store, &*bench.second().await);
    a.hold(new_hold()).await.unwrap();
    let item = a.lease_items("a", at(0), LEASE, 10).await.unwrap().remove(0);
    assert_eq!(b.reclaim("b").await.unwrap(), 0);
    assert!(a.lease_items("a", at(1), LEASE, 10).await.unwrap().is_empty());
    assert_eq!(a.reclaim("a").await.unwrap(), 1);
    let again = a.lease_items("a", at(1), LEASE, 10).await.unwrap().remove(0);
    assert_eq!((&again.id, again.attempts), (&item.id, 1));
}

pub(crate) async fn two_nodes_never_share_an_item(bench: Bench) {
    let stores = [bench.store.clone(), bench.second().await];
    for _ in 0..30 {
        bench.store.hold(new_hold()).await.unwrap();
    }
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = stores[n % 2].clone();
            let node = format!("node{n}");
            tokio::spawn(async move { store.lease_items(&node, at(1), LEASE, 10).await.unwrap() })
        })
        .collect();
    let mut seen = HashSet::new();
    for task in tasks {
        for item in task.await.unwrap() {
            assert!(seen.insert(item.id), "an item was leased twice");
        }
    }
    seen.extend(
        bench.store.lease_items("z", at(1), LEASE, 99).await.unwrap().into_iter().map(|i| i.id),
    );
    assert_eq!(seen.len(), 30);
}

pub(crate) async fn a_hundred_parallel_releases_are_one_delivery(bench: Bench) {
    let stores = [bench.store.clone(), bench.second().await];
    let mut new = new_hold();
    new.outbox.clear();
    let id = bench.store.hold(new).await.unwrap().id().clone();
    bench.store.change(&id, approve(at(1))).await.unwrap();
    let tasks: Vec<_> = (0..100)
        .map(|n| {
            let (store, node) = (stores[n % 2].clone(), format!("node{n}"));
            tokio::spawn(async move { release_what_is_due(&*store, &node).await })
        })
        .collect();
    let mut deliveries = 0;
    for task in tasks {
        deliveries += task.await.unwrap();
    }
    assert_eq!(deliveries, 1);
    assert_eq!(bench.store.find(&id).await.unwrap().unwrap().state, State::Delivered);
}

async fn release_what_is_due(store: &dyn HoldStore, node: &str) -> usize {
    let items = store.lease_items(node, at(2), LEASE, 5).await.unwrap();
    for item in &items {
        store.begin_release(&item.id, node, at(3)).await.unwrap();
        let done = vec![(0, Delivery::Delivered)];
        store.settle_item(&item.id, node, ItemOutcome::Done, done, vec![], at(4)).await.unwrap();
    }
    items.len()
}

fn for_three() -> callfirst::hold::NewHold {
    let mut new = new_hold();
    new.envelope =
        envelope("clerk@northwind-hvac.example", &["a@x.example", "b@x.example", "c@x.example"]);
    new
}

pub(crate) async fn a_release_in_parts_ends_when_nobody_waits(bench: Bench) {
    let store = &*bench.store;
    let (id, item) = approved_and_leased(store, for_three(), "a").await;
    let hold = store.begin_release(&item, "a", at(21)).await.unwrap();
    assert_eq!((hold.state, hold.waiting().count()), (State::Released, 3));
    let some = vec![(0, Delivery::Delivered), (2, Delivery::Delivered)];
    let later = ItemOutcome::Again(at(HOUR));
    store.settle_item(&item, "a", later, some, vec![], at(22)).await.unwrap();
    let hold = store.find(&id).await.unwrap().unwrap();
    assert_eq!(hold.state, State::Released);
    assert_eq!(hold.waiting().map(|(i, _)| i).collect::<Vec<_>>(), [1]);
    assert!(store.lease_items("b", at(HOUR - 1), LEASE, 10).await.unwrap().is_empty());
    let again = store.lease_items("b", at(HOUR), LEASE, 10).await.unwrap().remove(0);
    assert_eq!((&again.id, again.attempts), (&item, 1));
    let hold = store.begin_release(&item, "b", at(HOUR + 1)).await.unwrap();
    assert_eq!(hold.waiting().count(), 1);
    // What was said first stands.
    let rest = vec![(1, Delivery::Delivered), (0, Delivery::Refused("550".to_owned()))];
    let done = ItemOutcome::Done;
    store.settle_item(&item, "b", done, rest, vec![], at(HOUR + 2)).await.unwrap();
    let hold = store.find(&id).await.unwrap().unwrap();
    assert_eq!((hold.state, hold.deliveries), (State::Delivered, vec![Delivery::Delivered; 3]));
    assert!(store.lease_items("a", at(9 * HOUR), LEASE, 10).await.unwrap().is_empty());
}

pub(crate) async fn one_refusal_makes_it_undeliverable_and_owes_a_notice(bench: Bench) {
    let store = &*bench.store;
    let (id, item) = approved_and_leased(store, for_three(), "a").await;
    store.begin_release(&item, "a", at(21)).await.unwrap();
    let refused = Delivery::Refused("550 5.1.1 no such user".to_owned());
    let ends = vec![(0, Delivery::Delivered), (1, refused.clone()), (2, Delivery::Delivered)];
    let owed = vec![notice(at(22))];
    store.settle_item(&item, "a", ItemOutcome::Done, ends, owed, at(22)).await.unwrap();
    let hold = store.find(&id).await.unwrap().unwrap();
    assert_eq!((hold.state, &hold.deliveries[1]), (State::Undeliverable, &refused));
    let items = store.lease_items("a", at(22), LEASE, 10).await.unwrap();
    assert_eq!(items.len(), 1);
    assert!(matches!(items[0].kind, ItemKind::Notice { .. }));
    assert_eq!(items[0].hold, id);
}

pub(crate) async fn given_up_means_refused_for_all_who_wait(bench: Bench) {
    let store = &*bench.store;
    let (id, item) = approved_and_leased(store, for_three(), "a").await;
    store.begin_release(&item, "a", at(21)).await.unwrap();
    let some = vec![(1, Delivery::Delivered)];
    let failed = ItemOutcome::Failed("no answer for five days".to_owned());
    store.settle_item(&item, "a", failed, some, vec![], at(22)).await.unwrap();
    let hold = store.find(&id).await.unwrap().unwrap();
    let gone = Delivery::Refused("no answer for five days".to_owned());
    assert_eq!(hold.state, State::Undeliverable);
    assert_eq!(hold.deliveries, [gone.clone(), Delivery::Delivered, gone]);
}

pub(crate) async fn what_cannot_be_settled_changes_nothing(bench: Bench) {
    let store = &*bench.store;
    let (id, item) = approved_and_leased(store, for_three(), "a").await;
    let settle = |outcome, deliveries, now| {
        store.settle_item(&item, "a", outcome, deliveries, vec![notice(at(0))], at(now))
    };
    // Not begun: nobody can have got it. To try again later is fine.
    let early = settle(ItemOutcome::Done, vec![(0, Delivery::Delivered)], 21).await;
    assert!(matches!(early, Err(HoldError::Already(State::Approved))));
    store.begin_release(&item, "a", at(22)).await.unwrap();
    let entries = store.audit_head().await.unwrap();
    let beyond = settle(ItemOutcome::Done, vec![(3, Delivery::Delivered)], 23).await;
    assert!(matches!(beyond, Err(HoldError::Failed { .. })));
    let unsettled = settle(ItemOutcome::Done, vec![(0, Delivery::Delivered)], 23).await;
    assert!(matches!(unsettled, Err(HoldError::Failed { .. })));
    assert_eq!(store.audit_head().await.unwrap(), entries);
    assert_eq!(store.find(&id).await.unwrap().unwrap().waiting().count(), 3);
    assert!(store.lease_items("a", at(24), LEASE, 10).await.unwrap().is_empty());
    let all = (0..3).map(|n| (n, Delivery::Delivered)).collect::<Vec<_>>();
    store.settle_item(&item, "a", ItemOutcome::Done, all, vec![], at(25)).await.unwrap();
    let twice = settle(ItemOutcome::Done, vec![], 26).await;
    assert!(matches!(twice, Err(HoldError::Already(State::Delivered))));
}

pub(crate) async fn a_node_that_lost_its_lease_can_neither_begin_nor_settle(bench: Bench) {
    let store = &*bench.store;
    let (id, item) = approved_and_leased(store, new_hold(), "a").await;
    // Leased at 20 for 60 seconds.
    let late = store.begin_release(&item, "a", at(80)).await;
    assert!(matches!(late, Err(HoldError::Already(State::Approved))));
    assert_eq!(store.lease_items("b", at(80), LEASE, 1).await.unwrap().len(), 1);
    store.begin_release(&item, "b", at(81)).await.unwrap();
    let begun = store.begin_release(&item, "a", at(81)).await;
    assert!(matches!(begun, Err(HoldError::Already(State::Released))));
    let done = vec![(0, Delivery::Delivered)];
    let settled =
        store.settle_item(&item, "a", ItemOutcome::Done, done.clone(), vec![], at(82)).await;
    assert!(matches!(settled, Err(HoldError::Already(State::Released))));
    assert_eq!(store.find(&id).await.unwrap().unwrap().waiting().count(), 1);
    // Its lease ran out, but nobody took the item: what the next hop said counts.
    store.settle_item(&item, "b", ItemOutcome::Done, done, vec![], at(500)).await.unwrap();
    assert_eq!(store.find(&id).await.unwrap().unwrap().state, State::Delivered);
}

pub(crate) async fn a_notice_counts_its_attempts_and_goes_once(bench: Bench) {
    let store = &*bench.store;
    let new = new_hold();
    store.hold(new.clone()).await.unwrap();
    let first = store.lease_items("a", at(0), LEASE, 10).await.unwrap().remove(0);
    assert_eq!((first.attempts, first.created, &first.hold), (0, at(0), &new.id));
    assert_eq!((&first.kind, &first.recipients), (&new.outbox[0].kind, &new.outbox[0].recipients));
    let again = ItemOutcome::Again(at(100));
    let settled = vec![(0, Delivery::Delivered)];
    let wrong = store.settle_item(&first.id, "a", again.clone(), settled, vec![], at(1)).await;
    assert!(matches!(wrong, Err(HoldError::Failed { .. })));
    store.settle_item(&first.id, "a", again, vec![], vec![], at(1)).await.unwrap();
    let second = store.lease_items("b", at(100), LEASE, 10).await.unwrap().remove(0);
    assert_eq!((&second.id, second.attempts), (&first.id, 1));
    assert!(store.begin_release(&second.id, "b", at(101)).await.is_err());
    store.settle_item(&second.id, "b", ItemOutcome::Done, vec![], vec![], at(101)).await.unwrap();
    assert!(store.lease_items("a", at(9 * HOUR), LEASE, 10).await.unwrap().is_empty());
    assert_eq!(store.find(&new.id).await.unwrap().unwrap().state, State::Held);
}

pub(crate) async fn notices_are_counted_by_hold_name_and_time(bench: Bench) {
    let store = &*bench.store;
    let [one, two] = [store.hold(new_hold()).await.unwrap(), store.hold(new_hold()).await.unwrap()];
    for (id, name, now) in [
        (one.id(), "answer", at(10)),
        (one.id(), "answer", at(20)),
        (one.id(), "reminder", at(20)),
        (two.id(), "answer", at(20)),
    ] {
        let kind = ItemKind::Notice { name: name.to_owned(), bytes: b"x".to_vec() };
        let recipients = notice(now).recipients;
        let outbox = vec![NewItem { kind, recipients, due: now }];
        let change = Change { outbox, ..change(State::Held, State::Held, now) };
        store.change(id, change).await.unwrap();
    }
    let items = store.lease_items("n", at(30), LEASE, 10).await.unwrap();
    for item in items {
        store.settle_item(&item.id, "n", ItemOutcome::Done, vec![], vec![], at(31)).await.unwrap();
    }
    for (since, expected) in [(at(0), 2), (at(10), 2), (at(11), 1), (at(21), 0)] {
        assert_eq!(store.notices_since(one.id(), "answer", since).await.unwrap(), expected);
    }
}
