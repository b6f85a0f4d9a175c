//! The state machine, reminders and expiry.

use callfirst::{
    decision::ExpiryAction,
    hold::{Change, HoldError, HoldFilter, HoldStore, ItemOutcome, NewHold, Outcome, State, Watch},
    mail::HoldId,
};

use crate::bench::{
    Bench, DAY, HOUR, LEASE, approve, approved_and_leased, at, change, new_hold, notice, sender,
};
use callfirst::hold::Delivery;

/// A hold in this state, by the way that leads there.
async fn in_state(store: &dyn HoldStore, state: State) -> HoldId {
    let mut new: NewHold = new_hold();
    new.outbox.clear();
    let id = new.id.clone();
    let decided = |to| change(State::Held, to, at(5));
    match state {
        State::Prepared => {
            store.prepare(new).await.unwrap();
        }
        State::Cancelled => {
            let prepared = store.prepare(new).await.unwrap();
            store.cancel(prepared, at(1)).await.unwrap();
        }
        State::Held => {
            store.hold(new).await.unwrap();
        }
        State::Withdrawn | State::Returned | State::Approved => {
            store.hold(new).await.unwrap();
            store.change(&id, decided(state)).await.unwrap();
        }
        State::Released | State::Delivered | State::Undeliverable => {
            let (_, item) = approved_and_leased(store, new, "a").await;
            store.begin_release(&item, "a", at(21)).await.unwrap();
            let end = match state {
                State::Delivered => Delivery::Delivered,
                State::Undeliverable => Delivery::Refused("550 no".to_owned()),
                _ => return id,
            };
            let done = ItemOutcome::Done;
            store.settle_item(&item, "a", done, vec![(0, end)], vec![], at(22)).await.unwrap();
        }
    }
    id
}

pub(crate) async fn every_way_through_the_states_is_as_drawn(bench: Bench) {
    let store = &*bench.store;
    for from in State::ALL {
        for to in State::ALL {
            let id = in_state(store, from).await;
            let entries = store.audit_head().await.unwrap().number;
            let changed = store.change(&id, change(from, to, at(30))).await;
            let now = store.find(&id).await.unwrap().map(|hold| hold.state);
            let more = store.audit_head().await.unwrap().number - entries;
            if from == State::Prepared {
                assert!(matches!(changed, Err(HoldError::Unknown)), "{from} to {to}");
                assert_eq!((now, more), (None, 0), "{from} to {to}");
            } else if from == to || from.may_become(to) {
                assert_eq!(changed.unwrap().state, to);
                assert_eq!((now, more), (Some(to), 1), "{from} to {to}");
            } else {
                assert!(matches!(changed, Err(HoldError::Failed { .. })), "{from} to {to}");
                assert_eq!((now, more), (Some(from), 0), "{from} to {to}");
            }
        }
        for expected in State::ALL.into_iter().filter(|s| *s != from) {
            let id = in_state(store, from).await;
            let changed = store.change(&id, change(expected, expected, at(30))).await;
            match from {
                State::Prepared => assert!(matches!(changed, Err(HoldError::Unknown))),
                _ => assert!(matches!(changed, Err(HoldError::Already(s)) if s == from)),
            }
        }
    }
}

pub(crate) async fn only_the_first_of_many_decisions_counts(bench: Bench) {
    let mut new = new_hold();
    new.outbox.clear();
    let id = bench.store.hold(new).await.unwrap().id().clone();
    let stores = [bench.store.clone(), bench.second().await];
    let tasks: Vec<_> = (0..30)
        .map(|n| {
            let (store, id) = (stores[n % 2].clone(), id.clone());
            let withdraw = change(State::Held, State::Withdrawn, at(1));
            let asked = if n % 3 == 0 { withdraw } else { approve(at(1)) };
            tokio::spawn(async move { store.change(&id, asked).await })
        })
        .collect();
    let mut done = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(hold) => done.push(hold.state),
            Err(HoldError::Already(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(done.len(), 1);
    let owed = usize::from(done[0] == State::Approved);
    assert_eq!(bench.store.lease_items("a", at(2), LEASE, 99).await.unwrap().len(), owed);
    assert_eq!(bench.store.audit_head().await.unwrap().number, 2);
}

pub(crate) async fn a_refused_change_leaves_no_audit_and_no_mail_owed(bench: Bench) {
    let store = &*bench.store;
    let id = in_state(store, State::Withdrawn).await;
    let before = (store.audit_head().await.unwrap(), store.find(&id).await.unwrap().unwrap());
    let mut late = approve(at(40));
    late.outbox.push(notice(at(40)));
    assert!(matches!(store.change(&id, late).await, Err(HoldError::Already(State::Withdrawn))));
    let after = (store.audit_head().await.unwrap(), store.find(&id).await.unwrap().unwrap());
    assert_eq!(before.0, after.0);
    assert_eq!(before.1.outcomes, after.1.outcomes);
    assert!(store.lease_items("a", at(DAY), LEASE, 10).await.unwrap().is_empty());
}

/// A reminder that went out, with the time of the next one.
fn reminded(now: i64, next: Option<i64>) -> Change {
    Change {
        reminded: true,
        remind_at: next.map(at),
        outbox: vec![notice(at(now))],
        ..change(State::Held, State::Held, at(now))
    }
}

/// What is due beside reminders: at its time, unless a reminder says it; and it comes back as written.
pub(crate) async fn a_warning_and_an_escalation_wake_a_hold_and_are_kept(bench: Bench) {
    let store = &*bench.store;
    let mut new = new_hold();
    new.outbox.clear();
    new.remind_at = Some(at(10 * HOUR));
    new.watch =
        Watch { warn_at: Some(at(9 * HOUR)), escalate_at: Some(at(20 * HOUR)), ..Watch::default() };
    let id = store.hold(new.clone()).await.unwrap().id().clone();
    assert_eq!(store.find(&id).await.unwrap().unwrap().watch, new.watch);
    assert!(
        store.due_holds(at(10 * HOUR - 1), 10).await.unwrap().is_empty(),
        "the reminder says it"
    );
    let due = store.due_holds(at(10 * HOUR), 10).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].warns_at(), Some(at(10 * HOUR)));
    let watch = Watch { warn_at: None, warned_at: Some(at(10 * HOUR)), ..new.watch };
    let warned = Change {
        watch: Some(watch.clone()),
        expires_at: Some(at(60 * HOUR)),
        ..reminded(10 * HOUR, Some(50 * HOUR))
    };
    store.change(&id, warned).await.unwrap();
    let hold = store.find(&id).await.unwrap().unwrap();
    assert_eq!((hold.watch, hold.expires_at), (watch.clone(), at(60 * HOUR)));
    assert!(store.due_holds(at(20 * HOUR - 1), 10).await.unwrap().is_empty());
    assert_eq!(store.due_holds(at(20 * HOUR), 10).await.unwrap().len(), 1, "others are to hear");
    let told = Change {
        watch: Some(Watch { escalate_at: None, escalated: 1, ..watch }),
        ..change(State::Held, State::Held, at(20 * HOUR))
    };
    store.change(&id, told).await.unwrap();
    assert!(store.due_holds(at(50 * HOUR - 1), 10).await.unwrap().is_empty());
    assert_eq!(store.due_holds(at(60 * HOUR), 10).await.unwrap().len(), 1);
    let listed = store.list(&HoldFilter::default()).await.unwrap();
    assert_eq!(listed[0].due, at(60 * HOUR), "the end that was moved is the one that is listed");
}

pub(crate) async fn reminders_and_expiry_fall_due_and_are_put_off(bench: Bench) {
    let store = &*bench.store;
    let (mut first, mut second) = (new_hold(), new_hold());
    first.outbox.clear();
    second.outbox.clear();
    second.remind_at = Some(at(2 * HOUR));
    let (first, second) = (
        store.hold(first).await.unwrap().id().clone(),
        store.hold(second).await.unwrap().id().clone(),
    );
    let due = |secs| async move {
        let holds = store.due_holds(at(secs), 10).await.unwrap();
        holds.into_iter().map(|hold| hold.id).collect::<Vec<_>>()
    };
    assert!(due(2 * HOUR - 1).await.is_empty());
    assert_eq!(due(2 * HOUR).await, std::slice::from_ref(&second));
    assert_eq!(due(4 * HOUR).await, [second.clone(), first.clone()]);
    assert_eq!(store.due_holds(at(4 * HOUR), 1).await.unwrap().len(), 1);
    let hold = store.change(&second, reminded(2 * HOUR, Some(6 * HOUR))).await.unwrap();
    assert_eq!((hold.reminders, hold.remind_at), (1, Some(at(6 * HOUR))));
    assert_eq!(due(4 * HOUR).await, std::slice::from_ref(&first));
    // No further reminder asked for: only the expiry is left.
    let hold = store.change(&first, reminded(4 * HOUR, None)).await.unwrap();
    assert_eq!(hold.remind_at, None);
    assert_eq!(due(6 * HOUR).await, std::slice::from_ref(&second));
    let no_answer = Change {
        outcome: Some(Outcome::NoAnswer { number: "+49301".to_owned(), remind_at: at(50 * HOUR) }),
        remind_at: Some(at(50 * HOUR)),
        ..change(State::Held, State::Held, at(6 * HOUR))
    };
    let hold = store.change(&second, no_answer.clone()).await.unwrap();
    assert_eq!(hold.outcomes, [(at(6 * HOUR), sender(), no_answer.outcome.unwrap())]);
    // A reminder behind the expiry does not put the expiry off.
    assert!(due(48 * HOUR - 1).await.is_empty());
    assert_eq!(due(48 * HOUR).await.len(), 2);
    let expired = change(State::Held, State::Returned, at(48 * HOUR));
    store.change(&first, expired).await.unwrap();
    assert_eq!(due(9 * DAY).await, [second]);
}

pub(crate) async fn a_call_back_behind_the_expiry_puts_it_off_and_an_earlier_one_does_not(
    bench: Bench,
) {
    let store = &*bench.store;
    let id = store.hold(NewHold { outbox: vec![], ..new_hold() }).await.unwrap().id().clone();
    let back = |hours: i64| Change {
        outcome: Some(Outcome::CallBack { number: "+49301".to_owned(), at: at(hours * HOUR) }),
        remind_at: Some(at(hours * HOUR)),
        ..change(State::Held, State::Held, at(HOUR))
    };
    assert_eq!(store.change(&id, back(30)).await.unwrap().expires_at, at(48 * HOUR));
    let hold = store.change(&id, back(100)).await.unwrap();
    assert_eq!(hold.expires_at, at(104 * HOUR), "the call's time, and the policy's four hours");
    assert!(store.due_holds(at(100 * HOUR - 1), 10).await.unwrap().is_empty());
    // Another process reads the same, and the list tells it.
    let due = bench.second().await.due_holds(at(100 * HOUR), 10).await.unwrap();
    assert_eq!(due[0].expires_at, at(104 * HOUR));
    let listed = store.list(&HoldFilter::default()).await.unwrap();
    assert_eq!(listed[0].due, at(104 * HOUR));
}

pub(crate) async fn what_is_asked_for_once_is_done_once(bench: Bench) {
    let store = &*bench.store;
    let [one, two] = [new_hold(), new_hold()].map(|mut new| {
        new.outbox.clear();
        new
    });
    let [one, two] = [store.hold(one).await.unwrap(), store.hold(two).await.unwrap()];
    let asked = |key: &str, now| Change {
        outbox: vec![notice(now)],
        once: Some(key.to_owned()),
        ..change(State::Held, State::Held, now)
    };
    store.change(one.id(), asked("a", at(1))).await.unwrap();
    let entries = store.audit_head().await.unwrap().number;
    for id in [one.id(), two.id()] {
        let again = store.change(id, asked("a", at(2))).await;
        assert!(matches!(again, Err(HoldError::Repeated)), "{again:?}");
    }
    assert_eq!(store.audit_head().await.unwrap().number, entries);
    assert_eq!(store.lease_items("n", at(9), LEASE, 10).await.unwrap().len(), 1);
    // One that was refused was not done, so it may come again.
    let withdrawn = Change { to: State::Withdrawn, ..asked("b", at(3)) };
    let wrong = Change { from: State::Approved, ..withdrawn.clone() };
    assert!(matches!(store.change(one.id(), wrong).await, Err(HoldError::Already(_))));
    assert_eq!(store.change(one.id(), withdrawn).await.unwrap().state, State::Withdrawn);
    // An ended hold's keys are forgotten with its idempotency key.
    store.sweep(at(60 * DAY)).await.unwrap();
    let late = Change { from: State::Withdrawn, to: State::Withdrawn, ..asked("b", at(60 * DAY)) };
    assert!(store.change(one.id(), late).await.is_ok());
}

pub(crate) async fn a_hold_kept_beyond_its_expiry_is_woken_by_reminders_alone(bench: Bench) {
    let store = &*bench.store;
    let mut new = new_hold();
    new.outbox.clear();
    new.dossier.decision.terms.expiry_action = ExpiryAction::Keep;
    let id = store.hold(new).await.unwrap().id().clone();
    assert_eq!(store.due_holds(at(49 * HOUR), 10).await.unwrap().len(), 1);
    store.change(&id, reminded(49 * HOUR, Some(53 * HOUR))).await.unwrap();
    assert!(store.due_holds(at(52 * HOUR), 10).await.unwrap().is_empty());
    assert_eq!(store.due_holds(at(53 * HOUR), 10).await.unwrap().len(), 1);
}
