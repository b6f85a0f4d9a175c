//! Who else may act on a hold: each comes in one commit with its letter.

use callfirst::{
    hold::{
        CallReport, Change, FollowUp, Hold, HoldError, ItemKind, MAX_PARTIES, NewItem, Outcome,
        Party, PartyRole, PromiseChange, PromiseStep, State,
    },
    mail::Mailbox,
};

use crate::bench::{
    Bench, HOUR, LEASE, approve, at, change, new_hold, notice, release, sender, to,
};

fn mailbox(address: &str) -> Mailbox {
    Mailbox::parse(address).unwrap()
}

/// Somebody becomes a party of the hold as it was seen, and is written to.
fn invite(seen: &Hold, address: &str, secs: i64) -> Change {
    let new = seen.new_party(&mailbox(address), PartyRole::Colleague, &sender(), at(secs));
    Change {
        parties: new.into_iter().collect(),
        outbox: vec![NewItem { recipients: vec![to(address)], ..notice(at(secs)) }],
        ..change(State::Held, State::Held, at(secs))
    }
}

async fn held(bench: &Bench) -> Hold {
    let mut new = new_hold();
    new.outbox.clear();
    let id = bench.store.hold(new).await.unwrap().id().clone();
    bench.store.find(&id).await.unwrap().unwrap()
}

pub(crate) async fn a_party_comes_with_its_letter_and_stays(bench: Bench) {
    let hold = held(&bench).await;
    assert!(hold.parties.is_empty());
    bench.store.change(&hold.id, invite(&hold, "ann@northwind-hvac.example", 5)).await.unwrap();
    let found = bench.second().await.find(&hold.id).await.unwrap().unwrap();
    let expected = Party {
        number: 1,
        address: mailbox("ann@northwind-hvac.example"),
        role: PartyRole::Colleague,
        since: at(5),
        by: "clerk@northwind-hvac.example".to_owned(),
    };
    assert_eq!(found.parties, [expected]);
    let items = bench.store.lease_items("n", at(9), LEASE, 10).await.unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].recipients, [to("ann@northwind-hvac.example")]);
    // Known by its address in either spelling, and the sender never becomes a party.
    let again = |address: &str| {
        found.new_party(&mailbox(address), PartyRole::Lead, &sender(), at(6)).is_none()
    };
    assert!(again("Ann@Northwind-HVAC.example") && again("CLERK@northwind-hvac.example"));
    let approved = bench.store.change(&hold.id, approve(at(10))).await.unwrap();
    assert_eq!(approved.parties, found.parties);
}

pub(crate) async fn of_two_that_take_one_number_the_second_changes_nothing(bench: Bench) {
    let hold = held(&bench).await;
    bench.store.change(&hold.id, invite(&hold, "ann@northwind-hvac.example", 5)).await.unwrap();
    let late = bench.store.change(&hold.id, invite(&hold, "bob@northwind-hvac.example", 6)).await;
    assert!(matches!(late, Err(HoldError::Overtaken)), "{late:?}");
    let found = bench.store.find(&hold.id).await.unwrap().unwrap();
    assert_eq!(found.parties.len(), 1);
    let items = bench.store.lease_items("n", at(9), LEASE, 10).await.unwrap();
    assert_eq!(items.len(), 1, "no letter with a link that opens another's page");
    bench.store.change(&hold.id, invite(&found, "bob@northwind-hvac.example", 7)).await.unwrap();
}

pub(crate) async fn nobody_decides_past_a_party_he_did_not_see(bench: Bench) {
    let hold = held(&bench).await;
    bench.store.change(&hold.id, invite(&hold, "ann@northwind-hvac.example", 5)).await.unwrap();
    let unseen = Change { told: Some(0), ..approve(at(10)) };
    let decided = bench.store.change(&hold.id, unseen).await;
    assert!(matches!(decided, Err(HoldError::Overtaken)), "{decided:?}");
    let seen = Change { told: Some(1), ..approve(at(10)) };
    assert_eq!(bench.store.change(&hold.id, seen).await.unwrap().state, State::Approved);
}

pub(crate) async fn nobody_answers_to_what_he_did_not_see(bench: Bench) {
    let hold = held(&bench).await;
    let seen = Some(hold.outcomes.len());
    let declined = Some(Outcome::Declined { words: "not so".to_owned() });
    let decline = Change { outcome: declined, seen, ..change(State::Held, State::Held, at(5)) };
    bench.store.change(&hold.id, decline).await.unwrap();
    let agree = Change { outcome: Some(Outcome::Agreed), seen, ..approve(at(6)) };
    let late = bench.store.change(&hold.id, agree.clone()).await;
    assert!(matches!(late, Err(HoldError::Overtaken)), "{late:?}");
    let found = bench.store.find(&hold.id).await.unwrap().unwrap();
    assert_eq!((found.state, found.outcomes.len()), (State::Held, 1));
    assert!(bench.store.lease_items("n", at(9), LEASE, 10).await.unwrap().is_empty());
    bench.store.change(&hold.id, Change { seen: Some(1), ..agree }).await.unwrap();
}

pub(crate) async fn there_are_so_many_parties_and_no_more(bench: Bench) {
    let mut hold = held(&bench).await;
    for n in 0..MAX_PARTIES {
        let address = format!("p{n}@northwind-hvac.example");
        hold = bench.store.change(&hold.id, invite(&hold, &address, 5)).await.unwrap();
    }
    let one_more = mailbox("late@northwind-hvac.example");
    assert_eq!(hold.new_party(&one_more, PartyRole::Lead, &sender(), at(6)), None);
    let party = Party { number: 9, address: one_more, ..hold.parties[0].clone() };
    let forced = Change { parties: vec![party], ..change(State::Held, State::Held, at(6)) };
    let refused = bench.store.change(&hold.id, forced).await;
    assert!(matches!(refused, Err(HoldError::Overtaken)), "{refused:?}");
}

/// A decision to send that goes out later.
fn approve_for(secs: i64) -> Change {
    Change { outbox: vec![release(at(secs))], ..approve(at(10)) }
}

fn take_back(secs: i64) -> Change {
    let outcome = Some(Outcome::TakenBack);
    Change { outcome, ..change(State::Approved, State::Held, at(secs)) }
}

pub(crate) async fn a_decision_taken_back_takes_its_release_with_it(bench: Bench) {
    let hold = held(&bench).await;
    bench.store.change(&hold.id, approve_for(HOUR)).await.unwrap();
    assert!(bench.store.lease_items("n", at(20), LEASE, 10).await.unwrap().is_empty());
    let back = bench.store.change(&hold.id, take_back(30)).await.unwrap();
    assert_eq!(back.state, State::Held);
    assert!(bench.store.lease_items("n", at(2 * HOUR), LEASE, 10).await.unwrap().is_empty());
    let twice = bench.store.change(&hold.id, take_back(31)).await;
    assert!(matches!(twice, Err(HoldError::Already(State::Held))), "{twice:?}");
    // It is held as before: its reminder comes, and it can be decided anew.
    assert_eq!(bench.store.due_holds(at(5 * HOUR), 10).await.unwrap().len(), 1);
    bench.store.change(&hold.id, approve_for(3 * HOUR)).await.unwrap();
    let items = bench.store.lease_items("n", at(4 * HOUR), LEASE, 10).await.unwrap();
    assert_eq!(items.len(), 1);
    let begun = bench.store.begin_release(&items[0].id, "n", at(4 * HOUR)).await.unwrap();
    assert_eq!(begun.state, State::Released);
    let late = bench.store.change(&hold.id, take_back(4 * HOUR)).await;
    assert!(matches!(late, Err(HoldError::Already(State::Released))), "{late:?}");
}

pub(crate) async fn another_release_takes_the_place_of_the_one_that_waits(bench: Bench) {
    let hold = held(&bench).await;
    bench.store.change(&hold.id, approve_for(HOUR)).await.unwrap();
    let change = change(State::Approved, State::Approved, at(20));
    let hastened = Change { outbox: vec![release(at(20))], ..change };
    bench.store.change(&hold.id, hastened).await.unwrap();
    let items = bench.store.lease_items("n", at(2 * HOUR), LEASE, 10).await.unwrap();
    assert_eq!(items.len(), 1, "it goes out once");
    bench.store.begin_release(&items[0].id, "n", at(2 * HOUR)).await.unwrap();
}

pub(crate) async fn a_release_taken_back_under_its_worker_does_not_begin(bench: Bench) {
    let hold = held(&bench).await;
    bench.store.change(&hold.id, approve_for(HOUR)).await.unwrap();
    let items = bench.store.lease_items("n", at(HOUR), LEASE, 10).await.unwrap();
    assert_eq!(items[0].kind, ItemKind::Release);
    bench.store.change(&hold.id, take_back(HOUR)).await.unwrap();
    let begun = bench.store.begin_release(&items[0].id, "n", at(HOUR + 1)).await;
    assert!(matches!(begun, Err(HoldError::Already(State::Held))), "{begun:?}");
    // Nor after a new decision: that owes a release of its own.
    bench.store.change(&hold.id, approve_for(2 * HOUR)).await.unwrap();
    let begun = bench.store.begin_release(&items[0].id, "n", at(HOUR + 2)).await;
    assert!(begun.is_err());
    assert_eq!(bench.store.lease_items("n", at(2 * HOUR), LEASE, 10).await.unwrap().len(), 1);
}

pub(crate) async fn a_promise_of_a_second_call_takes_the_place_of_the_first(bench: Bench) {
    let hold = held(&bench).await;
    let promising = |day: &str| {
        let date = day.parse().unwrap();
        let follow_up = Some(FollowUp { date, remind_at: at(HOUR) });
        let outcome = Outcome::Called {
            send: true,
            person: "Kim".to_owned(),
            number: String::new(),
            note: String::new(),
            report: Box::new(CallReport { follow_up, ..CallReport::default() }),
        };
        Change { outcome: Some(outcome), ..approve_for(HOUR) }
    };
    bench.store.change(&hold.id, promising("2027-01-20")).await.unwrap();
    bench.store.change(&hold.id, take_back(30)).await.unwrap();
    bench.store.change(&hold.id, promising("2027-01-22")).await.unwrap();
    let promise = bench.store.promise(&hold.id).await.unwrap().unwrap();
    assert_eq!(promise.date.to_string(), "2027-01-22");
    // What was said of the first stays, and whoever saw the first only is late.
    let step = |seen| PromiseChange {
        seen,
        step: PromiseStep::Kept { note: String::new() },
        actor: sender(),
        remind_at: None,
        outbox: vec![],
        now: at(40),
    };
    bench.store.change_promise(&hold.id, step(0)).await.unwrap().unwrap();
    bench.store.change(&hold.id, take_back(50)).await.unwrap();
    bench.store.change(&hold.id, promising("2027-01-24")).await.unwrap();
    assert!(bench.store.change_promise(&hold.id, step(0)).await.unwrap().is_none());
    let promise = bench.store.promise(&hold.id).await.unwrap().unwrap();
    assert_eq!((promise.date.to_string().as_str(), promise.steps.len()), ("2027-01-24", 1));
    assert_eq!(bench.store.open_promises().await.unwrap(), 1);
}
