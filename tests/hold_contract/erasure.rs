//! What is erased is gone from every file, what happened stays, and the chain is whole.

use std::{fs, time::Duration};

use callfirst::{
    hold::{
        Actor, CallReport, Change, ERASED, Eraser, FollowUp, HoldError, HoldFilter, ItemOutcome,
        NewHold, Outcome, Party, PartyRole, Retention, State, verify_chain, verify_chain_against,
    },
    mail::{Content, HoldId, Mailbox},
    store,
};

use crate::bench::{Bench, DAY, LEASE, approve, at, change, dossier, envelope, new_hold, sender};

/// Stands in every text of a mail that a person wrote; must be nowhere afterwards.
const CANARY: &str = "canary7431";

fn retention() -> Retention {
    let days = |days: u64| Duration::from_secs(days * 24 * 3600);
    Retention { content: days(30), holds: days(400), audit: Some(days(4000)) }
}

async fn eraser(bench: &Bench) -> Eraser {
    Eraser::on(store::open(bench.url(), &store::Settings::default()).await.unwrap())
}

/// Every step that is due then; how many there were.
async fn erase_all(eraser: &Eraser, day: i64) -> u64 {
    let (mut steps, mut passed) = (0, 0);
    loop {
        let step = eraser.step(&retention(), passed, at(day * DAY)).await.unwrap();
        if step.is_nothing() {
            return steps;
        }
        passed += step.passed;
        steps += 1;
    }
}

/// A mail full of canaries, to these recipients.
fn telling(recipients: &[&str]) -> NewHold {
    let text = format!("Subject: {CANARY}\r\n\r\n{}\r\n", format!("{CANARY} ").repeat(90_000));
    let mut new = NewHold {
        envelope: envelope("Clerk@northwind-hvac.example", recipients),
        content: Content::from(text.into_bytes()),
        dossier: dossier(&format!("{CANARY} claim")),
        trace: format!("Received: from {CANARY} by relay;\r\n\tThu, 1 Jan 2026\r\n"),
        ..new_hold()
    };
    new.origin.helo = CANARY.to_owned();
    new.dossier.header_from_name = CANARY.to_owned();
    new.dossier.references = vec![CANARY.to_owned()];
    new.outbox.clear();
    new
}

fn called() -> Change {
    let report = CallReport {
        remedy: format!("{CANARY} refund"),
        accountable: CANARY.to_owned(),
        cause: "late parts".to_owned(),
        follow_up: Some(FollowUp { date: "2027-02-01".parse().unwrap(), remind_at: at(DAY) }),
        ..CallReport::default()
    };
    Change {
        outcome: Some(Outcome::Called {
            send: false,
            person: CANARY.to_owned(),
            number: "+4930123456".to_owned(),
            note: CANARY.to_owned(),
            report: Box::new(report),
        }),
        actor: Actor { name: format!("{CANARY}@northwind-hvac.example"), ..sender() },
        ..change(State::Held, State::Withdrawn, at(10))
    }
}

/// Whether the canary lies anywhere in the store's files.
fn canary_in_files(bench: &Bench) -> Vec<String> {
    let mut found = Vec::new();
    for file in fs::read_dir(bench.folder()).unwrap() {
        let path = file.unwrap().path();
        let octets = fs::read(&path).unwrap();
        let hits = octets.windows(CANARY.len()).filter(|w| *w == CANARY.as_bytes()).count();
        if hits > 0 {
            found.push(format!("{}: {hits}", path.display()));
        }
    }
    found
}

/// Three mails that ended, with every text that people write, and one that is held still.
async fn a_small_house(bench: &Bench) -> (Vec<HoldId>, HoldId) {
    let mut ended = Vec::new();
    for _ in 0..3 {
        let id = bench.store.hold(telling(&["kim@customer.example"])).await.unwrap().id().clone();
        bench.store.change(&id, called()).await.unwrap();
        let kept = callfirst::hold::PromiseChange {
            seen: 0,
            step: callfirst::hold::PromiseStep::Kept { note: CANARY.to_owned() },
            actor: sender(),
            remind_at: None,
            outbox: Vec::new(),
            now: at(DAY),
        };
        bench.store.change_promise(&id, kept).await.unwrap().unwrap();
        ended.push(id);
    }
    let open = bench.store.hold(new_hold()).await.unwrap().id().clone();
    (ended, open)
}

async fn by_age(bench: Bench) {
    let eraser = eraser(&bench).await;
    let (ended, open) = a_small_house(&bench).await;
    let kept = verify_chain(&*bench.store).await.unwrap().head;
    assert_eq!(erase_all(&eraser, 29).await, 0, "too soon");
    assert_eq!(erase_all(&eraser, 31).await, 1);
    for id in &ended {
        let content = bench.store.content(id).await;
        assert!(matches!(content, Err(HoldError::Erased)), "{content:?}");
        let hold = bench.store.find(id).await.unwrap().unwrap();
        assert!(hold.dossier.subject.contains(CANARY), "the dossier is kept longer");
    }
    assert_eq!(erase_all(&eraser, 401).await, 1);
    for id in &ended {
        let hold = bench.store.find(id).await.unwrap().unwrap();
        assert!(!format!("{hold:?}").contains(CANARY), "{hold:?}");
        assert_eq!(hold.envelope.recipients()[0].path.as_str(), ERASED);
        assert_eq!(
            (hold.state, hold.dossier.decision.policy.as_deref()),
            (State::Withdrawn, Some("warranty"))
        );
        assert_eq!(hold.report().unwrap().cause, "late parts", "figures stay");
        let promise = bench.store.promise(id).await.unwrap().unwrap();
        assert!(!format!("{promise:?}").contains(CANARY));
    }
    let left = bench.store.find(&open).await.unwrap().unwrap();
    assert_eq!(left.envelope.recipients()[0].path.as_str(), "kim@customer.example");
    bench.store.content(&open).await.unwrap();
    verify_chain_against(&*bench.store, &kept).await.unwrap();
    // The audit keeps who did it, until its own time is over.
    let entries = bench.store.audit(1, 100).await.unwrap();
    assert!(entries.iter().any(|e| e.actor.name.contains(CANARY)));
    assert!(erase_all(&eraser, 4100).await > 0);
    let entries = bench.store.audit(1, 100).await.unwrap();
    assert!(entries.iter().all(|e| e.at >= at(100 * DAY) || e.actor.name.is_empty()));
    assert_eq!(entries[1].event.name, "withdrawn", "what was done stays");
    verify_chain_against(&*bench.store, &kept).await.unwrap();
    let told: Vec<_> = entries.iter().filter(|e| e.event.name == "erased").collect();
    assert_eq!(told.len(), 3, "a step each");
    assert_eq!(told[0].event.facts[1], ("holds".to_owned(), "3".to_owned()));
}

#[tokio::test]
async fn what_is_old_is_erased_and_the_chain_stays_whole_sqlite() {
    by_age(Bench::sqlite().await).await;
}

#[tokio::test]
async fn what_is_old_is_erased_and_the_chain_stays_whole_postgres() {
    if let Some(bench) = Bench::postgres().await {
        by_age(bench).await;
    }
}

#[tokio::test]
async fn nothing_of_it_lies_in_the_files_afterwards() {
    let bench = Bench::sqlite().await;
    let eraser = eraser(&bench).await;
    a_small_house(&bench).await;
    // Enough of them that rows move from page to page.
    for _ in 0..150 {
        let mut new = telling(&["kim@customer.example"]);
        new.content = Content::from(format!("Subject: {CANARY}\r\n\r\n").into_bytes());
        new.dossier.subject = CANARY.repeat(1 + usize::from(new.id.as_str().as_bytes()[25] % 40));
        let id = bench.store.hold(new).await.unwrap().id().clone();
        bench.store.change(&id, called()).await.unwrap();
        let dropped = callfirst::hold::PromiseChange {
            seen: 0,
            step: callfirst::hold::PromiseStep::Dropped { note: CANARY.to_owned() },
            actor: sender(),
            remind_at: None,
            outbox: Vec::new(),
            now: at(DAY),
        };
        bench.store.change_promise(&id, dropped).await.unwrap();
    }
    assert!(!canary_in_files(&bench).is_empty(), "the test sees it while it is there");
    erase_all(&eraser, 4100).await;
    assert!(eraser.settle().await.unwrap());
    assert_eq!(canary_in_files(&bench), Vec::<String>::new());
}

#[tokio::test]
async fn a_row_that_does_not_read_keeps_no_other_from_being_erased() {
    let bench = Bench::sqlite().await;
    let eraser = eraser(&bench).await;
    let (ended, _) = a_small_house(&bench).await;
    bench.raw(&format!("UPDATE holds SET dossier = 'x' WHERE id = '{}'", ended[0])).await;
    erase_all(&eraser, 500).await;
    assert!(matches!(bench.store.content(&ended[0]).await, Err(HoldError::Erased)));
    let hold = bench.store.find(&ended[1]).await.unwrap().unwrap();
    assert!(hold.dossier.subject.is_empty());
}

async fn a_person(bench: Bench) {
    let eraser = eraser(&bench).await;
    let (ended, open) = a_small_house(&bench).await;
    let other = bench.store.hold(telling(&["joakim@customer.example"])).await.unwrap().id().clone();
    bench.store.change(&other, called()).await.unwrap();
    // Taken back, and a letter about it is still to go out: it may bring the mail back.
    let mut owing = telling(&["kim@customer.example"]);
    owing.outbox = vec![crate::bench::notice(at(0))];
    let owing = bench.store.hold(owing).await.unwrap().id().clone();
    bench.store.change(&owing, change(State::Held, State::Withdrawn, at(1))).await.unwrap();
    let kim = Mailbox::parse("Kim@Customer.example").unwrap();
    let found = eraser.find(&kim).await.unwrap();
    let mut his = found.his.clone();
    his.sort();
    let mut all = ended.clone();
    all.sort();
    let mut left = found.open.clone();
    left.sort();
    let mut waits = vec![open.clone(), owing.clone()];
    waits.sort();
    assert_eq!((his, left, &found.part[..]), (all, waits, &[][..]));
    let erased = eraser.erase(&kim, &found, &sender(), at(2 * DAY)).await.unwrap();
    assert_eq!(erased.holds, 3);
    let again = eraser.find(&kim).await.unwrap();
    assert_eq!((again.his.len(), again.open.len()), (0, 2), "mail that waits is left");
    bench.store.content(&owing).await.unwrap();
    assert!(bench.store.find(&other).await.unwrap().unwrap().dossier.subject.contains(CANARY));
    verify_chain(&*bench.store).await.unwrap();
    // One of the house: his part of other people's mail, and his name in the audit.
    let lea = Mailbox::parse("lea@northwind-hvac.example").unwrap();
    let party = Party {
        number: 1,
        address: lea.clone(),
        role: PartyRole::Colleague,
        since: at(0),
        by: "clerk@northwind-hvac.example".to_owned(),
    };
    let silent = NewHold { outbox: Vec::new(), ..new_hold() };
    let third = bench.store.hold(silent).await.unwrap().id().clone();
    let mut handed = change(State::Held, State::Held, at(5));
    handed.event.facts.extend(party.facts());
    handed.parties = vec![party];
    bench.store.change(&third, handed).await.unwrap();
    let mut decided = approve(at(10));
    decided.actor.name = lea.as_str().to_owned();
    bench.store.change(&third, decided).await.unwrap();
    let items = bench.store.lease_items("a", at(20), LEASE, 10).await.unwrap();
    for item in items.iter().filter(|item| item.hold == third) {
        if item.kind == callfirst::hold::ItemKind::Release {
            bench.store.begin_release(&item.id, "a", at(20)).await.unwrap();
            let got = vec![(0, callfirst::hold::Delivery::Delivered)];
            let settled =
                bench.store.settle_item(&item.id, "a", ItemOutcome::Done, got, vec![], at(21));
            settled.await.unwrap();
        }
    }
    let found = eraser.find(&lea).await.unwrap();
    assert_eq!((&found.part[..], found.entries.len(), found.fixed), (&[third.clone()][..], 2, 0));
    eraser.erase(&lea, &found, &sender(), at(3 * DAY)).await.unwrap();
    let hold = bench.store.find(&third).await.unwrap().unwrap();
    assert!(!format!("{hold:?}").contains("lea@"), "{hold:?}");
    assert_eq!(hold.dossier.subject, "Your claim", "it is another's mail");
    assert!(eraser.find(&lea).await.unwrap().entries.is_empty());
    verify_chain(&*bench.store).await.unwrap();
    assert!(!bench.store.list(&HoldFilter::default()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_person_is_erased_and_nobody_else_sqlite() {
    a_person(Bench::sqlite().await).await;
}

#[tokio::test]
async fn a_person_is_erased_and_nobody_else_postgres() {
    if let Some(bench) = Bench::postgres().await {
        a_person(bench).await;
    }
}
