//! Stories of replies to notices on their way through: alone, beside others, and in trouble. What a
//! reply comes to is told in `replies`; here its hold is not there, or the store is not.

use std::sync::Arc;

use super::{fakes::*, *};
use crate::{
    decision::Organisation,
    hold::{Hold, NewItem, Party},
    mail::{HoldId, Mailbox, ReversePath, Timestamp},
    message::Language,
    notice::{Answer, reply::Command},
    release::{self, Desk, REPLY_TOKEN_CHARS},
    replies::{self, Allowed, Replies, ReplyAddress, Trust},
};

const OPEN: &str = "S: 220 hop\n C: EHLO us.example\n S: 250 hop\n";
const MAIL: &str = "C: MAIL FROM:<a@us.example>\n S: 250 ok\n";
const OUT: &str = "C: RCPT TO:<out@c.example>\n S: 250 ok\n";
const IN: &str = "C: RCPT TO:<in@c.example>\n S: 250 ok\n";
const DATA: &str = "C: DATA\n S: 354 go\n DATA\n S: 250 2.0.0 taken\n";
const REPLY: &str = "From: a@us.example\r\nSubject: Re: claim\r\n\r\nwithdraw\r\n";

/// The address for replies of the hold whose octets are all this one.
fn reply_address(octet: u8) -> String {
    let base = Mailbox::parse("callfirst@us.example").unwrap();
    let address = ReplyAddress::new(&base, '+').unwrap();
    address.of(&HoldId::from_octets([octet; 16]), &keys()).unwrap().to_string()
}

/// Says nothing.
struct Silent;

impl replies::Letters for Silent {
    fn answer(&self, _: &Hold, _: Option<Language>, _: &Answer, _: Timestamp) -> Option<NewItem> {
        None
    }
    fn cover(&self, _: &Hold, _: &Party, _: Timestamp) -> Option<NewItem> {
        None
    }
}

/// A stage that hears replies to notices.
async fn hearing(script: &str, store: FakeStore) -> Stage {
    Stage::built(&[script], store, Settings::default(), |store| Some(replies(store))).await
}

fn replies(store: Arc<FakeStore>) -> Replies {
    Replies::new(replies::Parts {
        teams: Arc::default(),
        desk: Desk::new(store.clone(), Arc::new(release::in_tests::Silent)),
        address: ReplyAddress::new(&Mailbox::parse("callfirst@us.example").unwrap(), '+').unwrap(),
        allowed: Allowed::new(vec![Command::Withdraw]),
        trust: Trust::Networks,
        deputies: vec![],
        inside: Organisation { name: String::new(), domains: vec!["us.example".into()] },
        keys: keys(),
        store,
        letters: Arc::new(Silent),
    })
}

fn refused(outcome: &Outcome, code: u16) -> bool {
    matches!(outcome, Outcome::Refused(reply) if reply.code() == code)
}

#[tokio::test]
async fn a_reply_is_heard_and_the_next_hop_never_learns_of_it() {
    let stage = hearing(&[OPEN, MAIL].concat(), FakeStore::default()).await;
    let outcome = stage.send(&[&reply_address(1)], REPLY).await;
    assert!(refused(&outcome, 550), "its hold is gone: {outcome:?}");
    assert_eq!(stage.store.told(), ["find"]);
    assert_eq!(*stage.judge.seen.lock().unwrap(), 0);
    assert!(stage.at_hop().await.is_empty());
}

#[tokio::test]
async fn others_of_the_same_mail_get_it_as_usual() {
    let stage = hearing(&[OPEN, MAIL, OUT, DATA].concat(), FakeStore::default()).await;
    let outcome = stage.send(&[&reply_address(1), "out@c.example"], REPLY).await;
    assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
    assert_eq!(stage.store.told(), ["find"]);
    assert_eq!(stage.at_hop().await.len(), 1);
}

#[tokio::test]
async fn by_lmtp_each_hears_of_itself_in_its_place() {
    let script = [OPEN, MAIL, OUT, IN, DATA].concat();
    let stage = hearing(&script, FakeStore::default()).await;
    let to = ["out@c.example", &reply_address(1), "in@c.example"];
    let outcomes = stage.send_each(&to, REPLY).await;
    let [first, ours, last] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    assert!(matches!((first, last), (Outcome::PassedOn(_), Outcome::PassedOn(_))));
    assert!(refused(ours, 550), "{ours:?}");
    stage.at_hop().await;
}

#[tokio::test]
async fn while_the_store_is_down_the_sender_keeps_it_all() {
    for to in [&[reply_address(1)][..], &[reply_address(1), "out@c.example".to_owned()]] {
        let script = if to.len() > 1 { [OPEN, MAIL, OUT].concat() } else { [OPEN, MAIL].concat() };
        let stage = hearing(&script, FakeStore::default().fails("find", broken)).await;
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        let outcome = stage.send(&to, REPLY).await;
        assert_eq!(outcome, Outcome::Failed(Failure::Store));
        assert!(stage.at_hop().await.is_empty(), "nobody has it twice later");
    }
    let script = [OPEN, MAIL, OUT, DATA].concat();
    let stage = hearing(&script, FakeStore::default().fails("find", broken)).await;
    let outcomes = stage.send_each(&["out@c.example", &reply_address(1)], REPLY).await;
    assert!(matches!(outcomes[0], Outcome::PassedOn(_)), "{outcomes:?}");
    assert_eq!(outcomes[1], Outcome::Failed(Failure::Store));
    stage.at_hop().await;
}

#[tokio::test]
async fn a_second_address_is_for_another_try_and_a_wrong_one_is_told_to_our_own_people_only() {
    let stage = hearing(&[OPEN, MAIL].concat(), FakeStore::default()).await;
    let mut transaction = stage.envelope(&[&reply_address(1)]).await;
    assert_eq!(transaction.rcpt(recipient(&reply_address(2))).await.code(), 452);
    assert_eq!(transaction.accepted(), 1);
    drop(transaction);
    stage.at_hop().await;

    let wrong = recipient(&format!("callfirst+{}@us.example", "a".repeat(REPLY_TOKEN_CHARS)));
    let stage = hearing(&[OPEN, MAIL].concat(), FakeStore::default()).await;
    let mut transaction = stage.mail("a@us.example").await;
    assert_eq!(transaction.rcpt(wrong.clone()).await.code(), 550);
    assert_eq!(transaction.accepted(), 0);
    drop(transaction);
    stage.at_hop().await;

    for path in ["", "eve@them.example"] {
        let mail = format!("C: MAIL FROM:<{path}>\n S: 250 ok\n");
        let stage = hearing(&[OPEN, &mail].concat(), FakeStore::default()).await;
        let reverse_path = ReversePath::parse(path).unwrap();
        let begun = stage.pipeline.mail(origin(), reverse_path, vec![]).await;
        let mut transaction = begun.map_err(|reply| reply.to_string()).unwrap().0;
        assert_eq!(transaction.rcpt(wrong.clone()).await.code(), 250);
        let outcome = transaction.finish(REPLY.as_bytes().to_vec().into(), TRACE.into()).await;
        assert!(matches!(outcome, Outcome::Heard(_)), "{outcome:?}");
        assert!(stage.store.told().is_empty());
        stage.at_hop().await;
    }
}

#[tokio::test]
async fn without_replies_such_an_address_is_like_any_other() {
    let address = reply_address(1);
    let rcpt = format!("C: RCPT TO:<{address}>\n S: 250 ok\n");
    let stage = Stage::new(&[&[OPEN, MAIL, &rcpt, DATA].concat()]).await;
    let outcome = stage.send(&[&address], REPLY).await;
    assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
    stage.at_hop().await;
}
