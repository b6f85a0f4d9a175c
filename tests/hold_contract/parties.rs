//! Who else may act on a hold: each comes in one commit with its letter.

use callfirst::{
    hold::{Change, Hold, HoldError, MAX_PARTIES, NewItem, Party, PartyRole, State},
    mail::Mailbox,
};

use crate::bench::{Bench, LEASE, approve, at, change, new_hold, notice, sender, to};

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
