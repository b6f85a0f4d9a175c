//! Looking through the queue: filters, orders, pages, counts, and words that look like SQL.

use callfirst::{
    call::Urgency,
    decision::ExpiryAction,
    hold::{
        AskedWord, Change, HoldStore, ItemOutcome, NewHold, Order, Outcome, Search, State,
        asked_words,
    },
    mail::HoldId,
};

use crate::bench::{
    Bench, HOUR, LEASE, approve, approved_and_leased, at, change, envelope, new_hold,
};

fn all() -> Search {
    Search { most: 100, ..Search::default() }
}

async fn ids(store: &dyn HoldStore, search: &Search) -> Vec<HoldId> {
    let found = store.search(search).await.unwrap();
    found.lines.into_iter().map(|line| line.summary.id).collect()
}

/// One that differs from the others in everything that is searched for.
fn another() -> NewHold {
    let mut new = new_hold();
    new.envelope = envelope("Eva@Sales.example", &["Lee@Buyer.example", "max@buyer.example"]);
    new.dossier.subject = "Re: Ihre Garantie läuft ab".to_owned();
    new.dossier.decision.policy = Some("price".to_owned());
    new.dossier.decision.category = Some("price_increase".to_owned());
    new.dossier.call.urgency = vec![Urgency::Upset];
    new.created = at(100);
    new.expires_at = at(20 * HOUR);
    new
}

pub(crate) async fn each_filter_finds_its_own_and_nothing_else(bench: Bench) {
    let store = &*bench.store;
    let (one, two) = (new_hold(), another());
    let (a, b) = (one.id.clone(), two.id.clone());
    store.hold(one).await.unwrap();
    store.hold(two).await.unwrap();
    store.change(&a, change(State::Held, State::Withdrawn, at(200))).await.unwrap();
    assert_eq!(ids(store, &all()).await, [b.clone(), a.clone()]);
    let word = |text: &str| Search { words: asked_words(text), ..all() };
    for (search, expected) in [
        (Search { states: vec![State::Held], ..all() }, Some(&b)),
        (Search { states: vec![State::Withdrawn, State::Delivered], ..all() }, Some(&a)),
        (Search { states: vec![State::Prepared], ..all() }, None),
        (Search { policy: Some("price".into()), ..all() }, Some(&b)),
        (Search { category: Some("warranty_denial".into()), ..all() }, Some(&a)),
        (Search { sender: Some("EVA@sales.example".into()), ..all() }, Some(&b)),
        (Search { recipient: Some("LEE@buyer.example".into()), ..all() }, Some(&b)),
        (Search { recipient: Some("kim@customer.example".into()), ..all() }, Some(&a)),
        (word("GARANTIE"), Some(&b)),
        (word("garantie claim"), None),
        (word("ihre garantie"), Some(&b)),
        (word("garan*"), Some(&b)),
        (word("cla* your"), Some(&a)),
        (word("garan"), None),
        (Search { from: Some(at(100)), ..all() }, Some(&b)),
        (Search { before: Some(at(100)), ..all() }, Some(&a)),
        (Search { senders: Some(vec!["eva@sales.example".into()]), ..all() }, Some(&b)),
        (Search { senders: Some(Vec::new()), ..all() }, None),
        (
            Search {
                senders: Some(Vec::new()),
                recipient: Some("lee@buyer.example".into()),
                ..all()
            },
            None,
        ),
        (
            Search {
                policy: Some("price".into()),
                sender: Some("clerk@northwind-hvac.example".into()),
                ..all()
            },
            None,
        ),
        (
            Search {
                recipient: Some("lee@buyer.example".into()),
                states: vec![State::Withdrawn],
                ..all()
            },
            None,
        ),
    ] {
        assert_eq!(
            ids(store, &search).await.iter().collect::<Vec<_>>(),
            Vec::from_iter(expected),
            "{search:?}"
        );
    }
    assert_eq!(
        store.senders().await.unwrap(),
        ["clerk@northwind-hvac.example", "eva@sales.example"]
    );
    let tally = store.tally(None).await.unwrap();
    let of = |state| tally.states.iter().find(|(s, _)| *s == state).unwrap().1;
    assert_eq!((of(State::Held), of(State::Withdrawn), of(State::Delivered)), (1, 1, 0));
    let none = store.tally(Some(&[])).await.unwrap();
    assert!(none.states.iter().all(|(_, n)| *n == 0));
    let log = store.audit_of(&a, 10).await.unwrap();
    let names: Vec<_> = log.iter().map(|entry| entry.event.name.as_str()).collect();
    assert_eq!(names, ["withdrawn", "held"]);
}

pub(crate) async fn pages_of_every_order_show_each_hold_once(bench: Bench) {
    let store = &*bench.store;
    for n in 0..23_i64 {
        let mut new = new_hold();
        // Many of one moment, so that the id has to decide.
        new.created = at(n / 4);
        new.expires_at = at(10 * HOUR + n % 5);
        if n % 3 == 0 {
            new.dossier.call.urgency = vec![Urgency::Upset];
        }
        if n % 7 == 0 {
            new.dossier.decision.terms.expiry_action = ExpiryAction::Keep;
        }
        let id = new.id.clone();
        store.hold(new).await.unwrap();
        if n % 2 == 0 {
            store.change(&id, change(State::Held, State::Withdrawn, at(60))).await.unwrap();
        }
    }
    for order in Order::ALL {
        for word in ["", "claim"] {
            let search = Search { order, words: asked_words(word), ..all() };
            let whole = ids(store, &search).await;
            assert_eq!(whole.len(), 23);
            let (mut paged, mut behind) = (Vec::new(), None);
            loop {
                let page = Search { most: 5, behind: behind.clone(), ..search.clone() };
                let found = store.search(&page).await.unwrap();
                paged.extend(found.lines.into_iter().map(|line| line.summary.id));
                behind = found.next;
                if behind.is_none() {
                    break;
                }
            }
            assert_eq!(paged, whole, "{order:?} {word:?}");
        }
    }
    let found = store.search(&Search { order: Order::Urgent, ..all() }).await.unwrap();
    let places: Vec<_> = found.lines.iter().map(|l| (l.place.calm, l.place.ends_at)).collect();
    assert!(places.is_sorted(), "{places:?}");
}

pub(crate) async fn what_is_stuck_or_proposed_is_found_and_counted(bench: Bench) {
    let store = &*bench.store;
    let (stuck, item) = approved_and_leased(store, new_hold(), "a").await;
    assert_eq!(ids(store, &Search { stuck: true, ..all() }).await, []);
    store.begin_release(&item, "a", at(21)).await.unwrap();
    let under_way = ids(store, &Search { stuck: true, ..all() }).await;
    assert_eq!(under_way, [], "the first attempt is under way");
    let again = ItemOutcome::Again(at(300));
    store.settle_item(&item, "a", again, Vec::new(), Vec::new(), at(22)).await.unwrap();
    assert_eq!(ids(store, &Search { stuck: true, ..all() }).await, std::slice::from_ref(&stuck));
    let attempts = store.attempts(&stuck).await.unwrap().unwrap();
    assert_eq!((attempts.begun, attempts.next), (1, at(300)));
    store.lease_items("a", at(301), LEASE, 9).await.unwrap();
    store.begin_release(&item, "a", at(301)).await.unwrap();
    assert_eq!(ids(store, &Search { stuck: true, ..all() }).await, [stuck], "it failed before");

    let new = new_hold();
    let asked = new.id.clone();
    store.hold(new).await.unwrap();
    let outcome =
        Outcome::Proposed { outcome: Box::new(Outcome::FalseAlarm { note: String::new() }) };
    let propose = Change { outcome: Some(outcome), ..change(State::Held, State::Held, at(30)) };
    store.change(&asked, propose).await.unwrap();
    let proposed = Search { proposed: true, ..all() };
    let found = store.search(&proposed).await.unwrap();
    assert!(found.lines.len() == 1 && found.lines[0].is_proposed);
    let tally = store.tally(None).await.unwrap();
    assert_eq!((tally.stuck, tally.proposed), (1, 1));
    store.change(&asked, approve(at(40))).await.unwrap();
    assert_eq!(ids(store, &proposed).await, []);
    assert!(store.attempts(&asked).await.unwrap().is_some());
}

/// Of the shapes that scanners try; each a text like any other.
const INJECTIONS: [&str; 50] = [
    "'",
    "\"",
    "`",
    "''",
    "\\",
    "\\'",
    "' OR '1'='1",
    "' OR 1=1 --",
    "\" OR \"\"=\"",
    "') OR ('1'='1",
    "'; DROP TABLE holds; --",
    "1; SELECT 1",
    "' UNION SELECT NULL --",
    "' UNION ALL SELECT id FROM holds --",
    "admin'--",
    "' AND 1=0 UNION SELECT 1,2,3 --",
    "%",
    "_",
    "%%",
    "%' OR 'a' LIKE '%",
    "*",
    "a*",
    "'*",
    "\"*\"",
    "' || '",
    "'||pg_sleep(5)--",
    "1 AND SLEEP(5)",
    "'; SELECT pg_sleep(5); --",
    "' AND randomblob(100000000) --",
    "$1",
    "?1",
    ":1",
    "@a",
    "{{1}}",
    "${1}",
    "\u{0}",
    "a\u{0}' OR 1=1",
    "\u{ff07} OR 1=1",
    "ʼ OR 1=1 --",
    "/* */",
    "/*!50000 OR 1=1*/",
    "--",
    "#",
    ";",
    "NULL",
    "' IS NULL OR '' = '",
    "0x27",
    "char(39)",
    "held' OR state='delivered",
    "NEAR(a b)",
];

pub(crate) async fn words_that_look_like_sql_are_only_words(bench: Bench) {
    let store = &*bench.store;
    store.hold(new_hold()).await.unwrap();
    store.hold(another()).await.unwrap();
    let nobody = "nobody-has-this".to_owned();
    let searches = |text: String| {
        [
            Search { policy: Some(text.clone()), ..all() },
            Search { category: Some(text.clone()), ..all() },
            Search { sender: Some(text.clone()), ..all() },
            Search { recipient: Some(text.clone()), ..all() },
            Search { senders: Some(vec![text.clone()]), ..all() },
            Search { words: vec![AskedWord::Whole(text.clone())], ..all() },
            Search { words: vec![AskedWord::Beginning(text)], ..all() },
        ]
    };
    for search in searches(nobody) {
        assert_eq!(ids(store, &search).await, []);
    }
    for text in INJECTIONS {
        for search in searches(text.to_owned()) {
            assert_eq!(ids(store, &search).await, [], "{search:?}");
        }
        store.tally(Some(&[text.to_owned()])).await.unwrap();
        // As typed, it is cut into words; whatever it finds, the store is as it was.
        ids(store, &Search { words: asked_words(text), ..all() }).await;
    }
    assert_eq!(ids(store, &all()).await.len(), 2);
}
