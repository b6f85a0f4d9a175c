//! Writing holds: new, again, prepared, cancelled.

use std::{io, sync::Arc, time::Duration};

use callfirst::{
    hold::{Hold, HoldError, HoldFilter, HoldStore, State},
    mail::{Content, HoldId, Octets},
};

use crate::bench::{
    Bench, DAY, LEASE, approve, at, change, dossier, envelope, event, new_hold, number_octets,
    release, sender,
};

pub(crate) async fn a_hold_is_found_as_it_was_written(bench: Bench) {
    let new = new_hold();
    let committed = bench.store.hold(new.clone()).await.unwrap();
    assert_eq!((committed.id(), committed.again()), (&new.id, false));
    let hold = bench.second().await.find(&new.id).await.unwrap().unwrap();
    assert_eq!(hold.state, State::Held);
    assert_eq!(hold.envelope, new.envelope);
    assert_eq!(hold.origin, new.origin);
    assert_eq!(hold.trace, new.trace);
    assert_eq!(hold.dossier, new.dossier);
    assert_eq!(hold.size_octets, new.content.len());
    assert_eq!((hold.created, hold.expires_at), (new.created, new.expires_at));
    assert_eq!((hold.remind_at, hold.reminders), (new.remind_at, 0));
    assert_eq!(hold.waiting().count(), 1);
    assert!(hold.outcomes.is_empty());
    bench.store.ready().await.unwrap();
}

pub(crate) async fn mail_that_comes_again_finds_its_hold_and_owes_no_second_notice(bench: Bench) {
    let first = new_hold();
    let mut again = new_hold();
    again.idempotency_key.clone_from(&first.idempotency_key);
    bench.store.hold(first.clone()).await.unwrap();
    let committed = bench.second().await.hold(again.clone()).await.unwrap();
    assert_eq!((committed.id(), committed.again()), (&first.id, true));
    assert!(bench.store.find(&again.id).await.unwrap().is_none());
    assert_eq!(bench.store.lease_items("a", at(1), LEASE, 10).await.unwrap().len(), 1);
    assert_eq!(bench.store.audit_head().await.unwrap().number, 1);
}

pub(crate) async fn many_at_once_with_one_key_make_one_hold(bench: Bench) {
    let key = new_hold().idempotency_key;
    let stores = [bench.store.clone(), bench.second().await];
    let tasks: Vec<_> = (0..40)
        .map(|n| {
            let store: Arc<dyn HoldStore> = stores[n % 2].clone();
            let mut new = new_hold();
            new.idempotency_key.clone_from(&key);
            tokio::spawn(async move { store.hold(new).await.unwrap() })
        })
        .collect();
    let mut ids = Vec::new();
    let mut first = 0;
    for task in tasks {
        let committed = task.await.unwrap();
        first += usize::from(!committed.again());
        ids.push(committed.id().clone());
    }
    ids.dedup();
    assert_eq!((ids.len(), first), (1, 1));
    assert_eq!(bench.store.lease_items("a", at(1), LEASE, 100).await.unwrap().len(), 1);
}

pub(crate) async fn an_open_hold_is_found_by_a_retry_five_days_later(bench: Bench) {
    let first = new_hold();
    bench.store.hold(first.clone()).await.unwrap();
    let mut again = new_hold();
    again.idempotency_key.clone_from(&first.idempotency_key);
    again.created = at(5 * DAY);
    assert_eq!(bench.store.hold(again).await.unwrap().id(), &first.id);
}

pub(crate) async fn an_ended_hold_is_found_within_the_window_and_not_after_it(bench: Bench) {
    let first = new_hold();
    bench.store.hold(first.clone()).await.unwrap();
    let ended = at(2 * DAY);
    bench.store.change(&first.id, change(State::Held, State::Withdrawn, ended)).await.unwrap();
    let comes_again = |secs| {
        let mut again = new_hold();
        again.idempotency_key.clone_from(&first.idempotency_key);
        again.created = at(secs);
        again
    };
    let soon = bench.store.hold(comes_again(3 * DAY - 1)).await.unwrap();
    assert_eq!((soon.id(), soon.again()), (&first.id, true));
    let late = comes_again(3 * DAY);
    let held = bench.store.hold(late.clone()).await.unwrap();
    assert_eq!((held.id(), held.again()), (&late.id, false));
    let after_it = bench.store.hold(comes_again(3 * DAY + 1)).await.unwrap();
    assert_eq!(after_it.id(), &late.id);
}

async fn visible(store: &dyn HoldStore, id: &HoldId) -> Option<Hold> {
    store.find(id).await.unwrap()
}

pub(crate) async fn a_prepared_hold_is_invisible_and_its_notice_sleeps(bench: Bench) {
    let new = new_hold();
    let store = &*bench.store;
    let prepared = store.prepare(new.clone()).await.unwrap();
    assert_eq!(prepared.id(), &new.id);
    assert!(visible(store, &new.id).await.is_none());
    assert!(store.list(&HoldFilter::default()).await.unwrap().is_empty());
    let asked = HoldFilter { states: vec![State::Prepared], ..HoldFilter::default() };
    assert!(store.list(&asked).await.unwrap().is_empty());
    assert!(matches!(store.content(&new.id).await, Err(HoldError::Unknown)));
    assert!(matches!(store.change(&new.id, approve(at(1))).await, Err(HoldError::Unknown)));
    assert!(store.lease_items("a", at(DAY), LEASE, 10).await.unwrap().is_empty());
    assert!(store.due_holds(at(9 * DAY), 10).await.unwrap().is_empty());
    assert!(store.counts().await.unwrap().iter().all(|(_, n)| *n == 0));
}

pub(crate) async fn a_prepared_hold_is_put_in_force_once(bench: Bench) {
    let new = new_hold();
    let store = &*bench.store;
    let prepared = store.prepare(new.clone()).await.unwrap();
    let first = store.activate(&prepared, at(1)).await.unwrap();
    let second = store.activate(&prepared, at(2)).await.unwrap();
    assert_eq!((first.again(), second.again()), (false, true));
    assert_eq!(visible(store, &new.id).await.unwrap().state, State::Held);
    assert_eq!(store.lease_items("a", at(2), LEASE, 10).await.unwrap().len(), 1);
    // One in force is not cancelled any more.
    store.cancel(prepared, at(3)).await.unwrap();
    assert_eq!(visible(store, &new.id).await.unwrap().state, State::Held);
    let names: Vec<_> =
        store.audit(1, 10).await.unwrap().into_iter().map(|e| e.event.name).collect();
    assert_eq!(names, ["prepared", "held"]);
}

pub(crate) async fn a_cancelled_hold_owes_nothing_and_frees_its_key(bench: Bench) {
    let new = new_hold();
    let store = &*bench.store;
    let prepared = store.prepare(new.clone()).await.unwrap();
    store.cancel(prepared.clone(), at(1)).await.unwrap();
    assert_eq!(visible(store, &new.id).await.unwrap().state, State::Cancelled);
    let content = store.content(&new.id).await;
    assert!(matches!(content, Err(HoldError::Already(State::Cancelled))));
    let activated = store.activate(&prepared, at(2)).await;
    assert!(matches!(activated, Err(HoldError::Already(State::Cancelled))));
    assert!(store.lease_items("a", at(DAY), LEASE, 10).await.unwrap().is_empty());
    let mut again = new_hold();
    again.idempotency_key.clone_from(&new.idempotency_key);
    let held = store.hold(again.clone()).await.unwrap();
    assert_eq!((held.id(), held.again()), (&again.id, false));
}

pub(crate) async fn the_retry_of_a_prepared_hold_puts_it_in_force(bench: Bench) {
    let new = new_hold();
    let store = &*bench.store;
    store.prepare(new.clone()).await.unwrap();
    let mut again = new_hold();
    again.idempotency_key.clone_from(&new.idempotency_key);
    let prepared = store.prepare(again.clone()).await.unwrap();
    assert_eq!(prepared.id(), &new.id);
    assert!(visible(store, &new.id).await.is_none());
    assert_eq!(store.hold(again).await.unwrap().id(), &new.id);
    assert_eq!(visible(store, &new.id).await.unwrap().state, State::Held);
    assert_eq!(store.lease_items("a", at(1), LEASE, 10).await.unwrap().len(), 1);
}

pub(crate) async fn prepared_holds_that_nobody_came_back_for_are_swept(bench: Bench) {
    let store = &*bench.store;
    let (old, mut young, in_force) = (new_hold(), new_hold(), new_hold());
    young.created = at(2 * DAY);
    for new in [&old, &young] {
        store.prepare(new.clone()).await.unwrap();
    }
    store.hold(in_force.clone()).await.unwrap();
    assert_eq!(store.sweep(at(7 * DAY)).await.unwrap(), 0);
    assert_eq!(store.sweep(at(7 * DAY + 1)).await.unwrap(), 1);
    assert_eq!(visible(store, &old.id).await.unwrap().state, State::Cancelled);
    assert!(visible(store, &young.id).await.is_none());
    assert_eq!(visible(store, &in_force.id).await.unwrap().state, State::Held);
    // The key of an open hold is never forgotten.
    let mut again = in_force.clone();
    again.id = HoldId::from_octets(number_octets());
    again.created = at(90 * DAY);
    store.sweep(at(90 * DAY)).await.unwrap();
    assert!(store.hold(again).await.unwrap().again());
}

/// Says that there are ten octets and breaks after the first piece that was asked for.
struct Broken;

impl Octets for Broken {
    fn len(&self) -> u64 {
        10
    }
    fn read_at(&self, _offset: u64, _buffer: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the spool is gone"))
    }
}

pub(crate) async fn a_hold_that_failed_half_way_left_nothing(bench: Bench) {
    let mut new = new_hold();
    new.content = Content::elsewhere(Arc::new(Broken));
    assert!(matches!(bench.store.hold(new.clone()).await, Err(HoldError::Failed { .. })));
    assert!(visible(&*bench.store, &new.id).await.is_none());
    assert_eq!(bench.store.audit_head().await.unwrap().number, 0);
    new.content = Content::from(b"whole".to_vec());
    let committed = tokio::time::timeout(Duration::from_secs(10), bench.store.hold(new.clone()));
    assert!(!committed.await.unwrap().unwrap().again());
}

pub(crate) async fn holds_are_listed_newest_first_and_filtered(bench: Bench) {
    let store = &*bench.store;
    let mut ids = Vec::new();
    for n in 0..5_i64 {
        let mut new = new_hold();
        new.created = at(n);
        if n == 3 {
            new.envelope = envelope("Boss@northwind-hvac.example", &["a@x.example", "b@y.example"]);
        }
        ids.push(store.hold(new).await.unwrap().id().clone());
    }
    store.change(&ids[1], change(State::Held, State::Withdrawn, at(9))).await.unwrap();
    let list = |states: Vec<State>, sender: Option<&str>, limit| {
        let filter = HoldFilter { states, sender: sender.map(str::to_owned), limit };
        async move { store.list(&filter).await.unwrap() }
    };
    let all: Vec<_> = list(vec![], None, 0).await.into_iter().map(|s| s.id).collect();
    assert_eq!(all, ids.iter().rev().cloned().collect::<Vec<_>>());
    assert_eq!(list(vec![], None, 2).await.len(), 2);
    let withdrawn = list(vec![State::Withdrawn], None, 0).await;
    assert_eq!(withdrawn.iter().map(|s| &s.id).collect::<Vec<_>>(), [&ids[1]]);
    assert_eq!(list(vec![State::Held, State::Withdrawn], None, 0).await.len(), 5);
    let of_boss = list(vec![], Some("bOSS@Northwind-hvac.example"), 0).await;
    assert_eq!(of_boss.len(), 1);
    let line = &of_boss[0];
    assert_eq!(line.sender, "Boss@northwind-hvac.example");
    assert_eq!(line.recipients, ["a@x.example", "b@y.example"]);
    assert_eq!((line.policy.as_str(), line.category.as_str()), ("warranty", "warranty_denial"));
    assert_eq!(line.subject, "Your claim");
    assert_eq!(line.message_id.as_deref(), Some("claim-1@northwind-hvac.example"));
    let counts = store.counts().await.unwrap();
    assert!(counts.contains(&(State::Held, 4)) && counts.contains(&(State::Withdrawn, 1)));
    assert!(counts.contains(&(State::Returned, 0)));
}

pub(crate) async fn words_that_look_like_sql_come_back_unchanged(bench: Bench) {
    let store = &*bench.store;
    for words in [
        "'; DROP TABLE holds; --",
        "' OR '1'='1",
        "\" OR \"\"=\"",
        "%' AND 1=(SELECT 1)--",
        "$1 $2 ?1 :a @b",
        "\\'; SELECT pg_sleep(9); --",
        "Robert\"); DELETE FROM audit;--",
        "{\"a\": [1, null]} \u{1F4DE} \u{202E}abc",
    ] {
        let mut new = new_hold();
        new.dossier = dossier(words);
        new.dossier.message_id = Some(words.to_owned());
        new.dossier.decision.policy = Some(words.to_owned());
        new.trace = words.to_owned();
        new.idempotency_key = words.to_owned();
        store.hold(new.clone()).await.unwrap();
        let hold = visible(store, &new.id).await.unwrap();
        assert_eq!((&hold.dossier, &hold.trace), (&new.dossier, &new.trace));
        let filter = HoldFilter { sender: Some(words.to_owned()), ..HoldFilter::default() };
        assert!(store.list(&filter).await.unwrap().is_empty(), "{words}");
        let mut actor = sender();
        actor.name = words.to_owned();
        store.record(Some(&new.id), actor, event(words), at(1)).await.unwrap();
        assert!(store.lease_items(words, at(1), LEASE, 9).await.unwrap().len() == 1);
    }
    let lines = store.list(&HoldFilter::default()).await.unwrap();
    assert_eq!(lines.len(), 8);
    assert!(lines.iter().all(|l| Some(&l.subject) == l.message_id.as_ref()));
    callfirst::hold::verify_chain(store).await.unwrap();
    // NUL is more than PostgreSQL's text takes; in the dossier it survives.
    let mut new = new_hold();
    new.dossier = dossier("a\0b");
    store.hold(new.clone()).await.unwrap();
    assert_eq!(visible(store, &new.id).await.unwrap().dossier.subject, "a\0b");
}

pub(crate) async fn an_id_that_nobody_has_is_unknown_everywhere(bench: Bench) {
    let store = &*bench.store;
    let id = HoldId::from_octets(number_octets());
    let item = callfirst::hold::ItemId("nobody".to_owned());
    assert!(visible(store, &id).await.is_none());
    assert!(matches!(store.content(&id).await, Err(HoldError::Unknown)));
    assert!(matches!(store.change(&id, approve(at(0))).await, Err(HoldError::Unknown)));
    let begun = store.begin_release(&item, "a", at(0)).await;
    assert!(matches!(begun, Err(HoldError::Unknown)));
    let outcome = callfirst::hold::ItemOutcome::Done;
    let settled = store.settle_item(&item, "a", outcome, vec![], vec![release(at(0))], at(0)).await;
    assert!(matches!(settled, Err(HoldError::Unknown)));
    assert_eq!(store.audit_head().await.unwrap().number, 0);
}
