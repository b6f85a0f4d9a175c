//! What is kept beyond the decision: promises, the same customer, new texts.

use callfirst::{
    call::Person,
    hold::{
        AboutCustomer, Amount, CallReport, Change, FollowUp, Hold, HoldStore, NewHold, Outcome,
        Promise, PromiseChange, PromiseState, PromiseStep, State, verify_chain,
    },
    mail::{HoldId, ReversePath, Timestamp},
};

use crate::bench::{
    Bench, DAY, HOUR, LEASE, approve, at, change, envelope, new_hold, notice, sender,
};

const MORNING: i64 = 7 * DAY;

fn follow_up(remind_at: Timestamp) -> FollowUp {
    FollowUp { date: "2027-05-03".parse().unwrap(), remind_at }
}

/// "I called", with a promise to be reminded of then.
fn promised(remind_at: Timestamp) -> Change {
    let mut called = approve(at(10));
    if let Some(Outcome::Called { report, .. }) = &mut called.outcome {
        **report = CallReport {
            remedy: "a new compressor".to_owned(),
            amount: Amount::parse("120 EUR"),
            follow_up: Some(follow_up(remind_at)),
            ..CallReport::default()
        };
    }
    called
}

async fn held(store: &dyn HoldStore, new: NewHold) -> HoldId {
    store.hold(NewHold { outbox: Vec::new(), ..new }).await.unwrap().id().clone()
}

/// A hold whose call made a promise.
pub(crate) async fn with_promise(store: &dyn HoldStore, remind_at: Timestamp) -> HoldId {
    let id = held(store, new_hold()).await;
    store.change(&id, promised(remind_at)).await.unwrap();
    id
}

fn step(seen: usize, step: PromiseStep, now: i64) -> PromiseChange {
    PromiseChange { seen, step, actor: sender(), remind_at: None, outbox: vec![], now: at(now) }
}

fn reminded(seen: usize, now: i64, next: i64) -> PromiseChange {
    let outbox = vec![notice(at(now))];
    PromiseChange { remind_at: Some(at(next)), outbox, ..step(seen, PromiseStep::Reminded, now) }
}

fn kept() -> PromiseStep {
    PromiseStep::Kept { note: "fitted it".to_owned() }
}

async fn promise(store: &dyn HoldStore, id: &HoldId) -> Promise {
    store.promise(id).await.unwrap().unwrap()
}

pub(crate) async fn a_day_named_in_a_call_makes_a_promise_and_nothing_else_does(bench: Bench) {
    let store = &*bench.store;
    let id = with_promise(store, at(MORNING)).await;
    let made = promise(store, &id).await;
    assert_eq!(made.what(), "a new compressor, 120 EUR");
    assert_eq!((made.state, made.remind_at), (PromiseState::Open, Some(at(MORNING))));
    let other = held(store, new_hold()).await;
    store.change(&other, approve(at(10))).await.unwrap();
    assert_eq!(store.promise(&other).await.unwrap(), None);
    assert_eq!(store.open_promises().await.unwrap(), 1);
    // A call that came too late promises nothing.
    assert!(store.change(&other, promised(at(MORNING))).await.is_err());
    assert_eq!(store.promise(&other).await.unwrap(), None);
    // Another process reads the same.
    assert_eq!(bench.second().await.promise(&id).await.unwrap(), Some(made));
}

pub(crate) async fn a_promise_falls_due_is_put_off_and_ends(bench: Bench) {
    let store = &*bench.store;
    let (late, early) =
        (with_promise(store, at(MORNING)).await, with_promise(store, at(MORNING - HOUR)).await);
    let due = |secs| async move {
        let due = store.due_promises(at(secs), 10).await.unwrap();
        due.into_iter().map(|(hold, _)| hold.id).collect::<Vec<_>>()
    };
    assert!(due(MORNING - HOUR - 1).await.is_empty());
    assert_eq!(due(MORNING).await, [early.clone(), late.clone()]);
    assert_eq!(store.due_promises(at(MORNING), 1).await.unwrap().len(), 1);
    let changed = store.change_promise(&early, reminded(0, MORNING, MORNING + 2 * DAY)).await;
    assert_eq!(changed.unwrap().unwrap().reminders, 1);
    assert_eq!(due(MORNING).await, std::slice::from_ref(&late));
    let moved = PromiseStep::Moved {
        follow_up: follow_up(at(MORNING + 9 * DAY)),
        note: "the part is late".to_owned(),
    };
    let changed = store.change_promise(&late, step(0, moved, MORNING + 5)).await.unwrap().unwrap();
    assert_eq!((changed.state, changed.reminders), (PromiseState::Open, 0));
    assert_eq!(due(MORNING + 8 * DAY).await, std::slice::from_ref(&early));
    store.change_promise(&early, step(1, kept(), MORNING + 6)).await.unwrap().unwrap();
    let overdue = step(1, PromiseStep::Overdue, MORNING + 7);
    store.change_promise(&late, overdue).await.unwrap().unwrap();
    assert!(due(99 * DAY).await.is_empty());
    // Overdue is still open; kept is not.
    assert_eq!(store.open_promises().await.unwrap(), 1);
    assert_eq!(promise(store, &early).await.steps.len(), 2);
    verify_chain(store).await.unwrap();
}

pub(crate) async fn of_many_changes_of_a_promise_at_once_one_counts(bench: Bench) {
    let id = with_promise(&*bench.store, at(MORNING)).await;
    let entries = bench.store.audit_head().await.unwrap().number;
    let stores = [bench.store.clone(), bench.second().await];
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let (store, id) = (stores[n % 2].clone(), id.clone());
            let asked = match n % 3 {
                0 => step(0, kept(), MORNING),
                _ => reminded(0, MORNING, MORNING + DAY),
            };
            tokio::spawn(async move { store.change_promise(&id, asked).await.unwrap() })
        })
        .collect();
    let mut done = Vec::new();
    for task in tasks {
        done.extend(task.await.unwrap());
    }
    assert_eq!(done.len(), 1);
    assert_eq!(bench.store.audit_head().await.unwrap().number, entries + 1);
    let items = bench.store.lease_items("a", at(MORNING), LEASE, 99).await.unwrap();
    let reminders = items.iter().filter(|item| !item.recipients.is_empty()).count();
    assert_eq!(reminders, usize::from(done[0].state == PromiseState::Open));
    // What is done with changes no more.
    let id = with_promise(&*bench.store, at(MORNING)).await;
    bench.store.change_promise(&id, step(0, kept(), 20)).await.unwrap().unwrap();
    let again = bench.store.change_promise(&id, step(1, kept(), 21)).await.unwrap();
    assert_eq!(again, None);
}

fn to_customer(reverse_path: &str, address: &str, created: i64) -> NewHold {
    let mut new = new_hold();
    new.envelope = envelope(reverse_path, &["boss@northwind-hvac.example", address]);
    new.created = at(created);
    new.dossier.call.person = Some(Person {
        name: "Kim".to_owned(),
        address: address.to_lowercase(),
        role: String::new(),
    });
    new
}

pub(crate) async fn the_same_customer_is_found_whoever_wrote_the_address_how(bench: Bench) {
    let store = &*bench.store;
    let (clerk, other) = ("clerk@northwind-hvac.example", "tom@northwind-hvac.example");
    let mut own = Vec::new();
    for n in 0..7 {
        own.push(
            held(store, to_customer("Clerk@northwind-hvac.example", "Kim@c.example", n)).await,
        );
    }
    store.change(&own[1], promised(at(MORNING))).await.unwrap();
    for n in 0..25 {
        held(store, to_customer(other, "kim@C.example", n)).await;
    }
    held(store, to_customer(clerk, "ann@c.example", 3)).await;
    let prepared = to_customer(clerk, "kim@c.example", 8);
    store.prepare(NewHold { outbox: vec![], ..prepared }).await.unwrap();
    let reverse_path = ReversePath::parse(clerk).unwrap();
    let about = |address| AboutCustomer { address, sender: &reverse_path, but: &own[6] };
    let found = store.same_customer(about("KIM@c.example")).await.unwrap();
    let earlier: Vec<&HoldId> = found.earlier.iter().map(|earlier| &earlier.id).collect();
    assert_eq!(earlier, [&own[5], &own[4], &own[3], &own[2], &own[1]]);
    assert_eq!(found.earlier[4].state, State::Approved);
    assert_eq!(found.promises.len(), 1);
    assert_eq!(found.promises[0].hold, own[1]);
    assert_eq!((found.own_in_words(), found.others_in_words()), ("5+".into(), "20+".into()));
    // A promise that was kept is none any more.
    store.change_promise(&own[1], step(0, kept(), 20)).await.unwrap().unwrap();
    let found = store.same_customer(about("kim@c.example")).await.unwrap();
    assert!(found.promises.is_empty());
    assert!(store.same_customer(about("nobody@c.example")).await.unwrap().is_empty());
}

pub(crate) async fn a_mail_to_very_many_is_none_to_a_customer(bench: Bench) {
    let store = &*bench.store;
    let to: Vec<String> = (0..51).map(|n| format!("c{n}@c.example")).collect();
    let to: Vec<&str> = to.iter().map(String::as_str).collect();
    let clerk = "clerk@northwind-hvac.example";
    for recipients in [&to[..50], &to] {
        let mut new = to_customer(clerk, to[0], 1);
        new.envelope = envelope(clerk, recipients);
        held(store, new).await;
    }
    let (sender, but) = (ReversePath::parse(clerk).unwrap(), HoldId::from_octets([0; 16]));
    let about = AboutCustomer { address: to[0], sender: &sender, but: &but };
    assert_eq!(store.same_customer(about).await.unwrap().earlier.len(), 1);
}

/// Taken back for a new text until then.
fn rewritten(until: i64) -> Change {
    let outcome = Outcome::Rewritten { note: String::new(), until: at(until) };
    Change { outcome: Some(outcome), ..change(State::Held, State::Withdrawn, at(10)) }
}

pub(crate) async fn a_new_text_passes_once_and_again_only_as_itself(bench: Bench) {
    let store = &*bench.store;
    let id = held(store, new_hold()).await;
    store.change(&id, rewritten(DAY)).await.unwrap();
    let clerk = ReversePath::parse("clerk@NORTHWIND-hvac.example").unwrap();
    let other = ReversePath::parse("tom@northwind-hvac.example").unwrap();
    let waiting = |sender, key: &'static str, now| async move {
        let holds: Vec<Hold> = store.rewrites(sender, key, at(now)).await.unwrap();
        holds.into_iter().map(|hold| hold.id).collect::<Vec<_>>()
    };
    assert_eq!(waiting(&clerk, "one", 20).await, std::slice::from_ref(&id));
    assert!(waiting(&other, "one", 20).await.is_empty());
    assert!(waiting(&clerk, "one", DAY).await.is_empty());
    let entries = store.audit_head().await.unwrap().number;
    let late = store.use_rewrite(&id, "one", sender(), at(DAY)).await.unwrap();
    assert!(!late);
    assert!(store.use_rewrite(&id, "one", sender(), at(30)).await.unwrap());
    // Another mail is not the new text any more; the same one may come again.
    assert!(!store.use_rewrite(&id, "two", sender(), at(31)).await.unwrap());
    assert!(waiting(&clerk, "two", 31).await.is_empty());
    assert_eq!(waiting(&clerk, "one", 32).await, std::slice::from_ref(&id));
    assert!(store.use_rewrite(&id, "one", sender(), at(33)).await.unwrap());
    assert_eq!(store.audit_head().await.unwrap().number, entries + 2);
    assert_eq!(store.find(&id).await.unwrap().unwrap().state, State::Withdrawn);
}

pub(crate) async fn of_two_new_texts_at_once_one_passes(bench: Bench) {
    let id = held(&*bench.store, new_hold()).await;
    bench.store.change(&id, rewritten(DAY)).await.unwrap();
    let stores = [bench.store.clone(), bench.second().await];
    let tasks: Vec<_> = (0..16)
        .map(|n| {
            let (store, id) = (stores[n % 2].clone(), id.clone());
            let key = format!("key {n}");
            tokio::spawn(
                async move { store.use_rewrite(&id, &key, sender(), at(30)).await.unwrap() },
            )
        })
        .collect();
    let mut passed = 0;
    for task in tasks {
        passed += usize::from(task.await.unwrap());
    }
    assert_eq!(passed, 1);
}

pub(crate) async fn histories_come_page_by_page_oldest_first(bench: Bench) {
    let store = &*bench.store;
    held(store, NewHold { created: at(-1), ..new_hold() }).await;
    let promised_in = with_promise(store, at(MORNING)).await;
    // Two of one moment: the id says which comes first.
    for created in [at(30), at(20), at(20)] {
        held(store, NewHold { created, ..new_hold() }).await;
    }
    store.prepare(new_hold()).await.unwrap();
    let (mut found, mut behind) = (Vec::new(), None);
    loop {
        let page = store.histories(at(0), behind.as_ref(), 2).await.unwrap();
        assert!(page.histories.len() <= 2);
        found.extend(page.histories);
        behind = page.next;
        if behind.is_none() {
            break;
        }
    }
    let created: Vec<Timestamp> = found.iter().map(|history| history.created).collect();
    assert_eq!(created, [at(0), at(20), at(20), at(30)], "no other, and each once");
    let first = &found[0];
    assert_eq!((first.state, first.policy.as_str()), (State::Approved, "warranty"));
    assert_eq!(first.recipients, ["kim@customer.example"]);
    assert_eq!(first.promise.as_ref().map(|p| p.hold.clone()), Some(promised_in));
    assert!(matches!(first.outcomes[..], [(_, Outcome::Called { .. })]));
    assert!(found[1..].iter().all(|history| history.promise.is_none()));
}
