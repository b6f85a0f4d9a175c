//! Stories of one transaction: passed, held, split, and everything that goes wrong between.

mod noting;
mod rewritten;

use std::time::Duration;

use super::{fakes::*, judging::WAITING_AT_ONCE, *};
use crate::{
    hold::{Dossier, Hold, HoldError, State},
    mail::{Content, Envelope, HoldId, ReversePath},
};

const OPEN: &str = "S: 220 hop\n C: EHLO us.example\n S: 250 hop\n";
const MAIL: &str = "C: MAIL FROM:<a@us.example>\n S: 250 ok\n";
const OUT: &str = "C: RCPT TO:<out@c.example>\n S: 250 ok\n";
const IN: &str = "C: RCPT TO:<in@c.example>\n S: 250 ok\n";
const DATA: &str = "C: DATA\n S: 354 go\n DATA\n";
const TAKEN: &str = "S: 250-2.0.0 taken\n S: 250 2.0.0 as 17\n";
const RSET: &str = "C: RSET\n S: 250 ok\n";
const BAD_NEWS: &str = "Subject: claim\r\n\r\nDENIED\r\n";
const GOOD_NEWS: &str = "Subject: claim\r\n\r\n.granted\r\n";
const SPLIT: &str = "Subject: claim\r\n\r\nDENIED SPLIT\r\n";

fn script(parts: &[&str]) -> String {
    parts.concat()
}

#[tokio::test]
async fn what_passes_reaches_the_hop_octet_by_octet_and_its_reply_comes_back() {
    let stage = Stage::new(&[&script(&[OPEN, MAIL, OUT, DATA, TAKEN])]).await;
    let Outcome::PassedOn(accepted) = stage.send(&["out@c.example"], GOOD_NEWS).await else {
        panic!("not passed on");
    };
    assert_eq!(accepted.reply().to_wire(), b"250-2.0.0 taken\r\n250 2.0.0 as 17\r\n");
    assert!(stage.store.told().is_empty());
    assert!(stage.pipeline.knows_next_hop());
    let expected = format!("{TRACE}Subject: claim\r\n\r\n..granted\r\n.\r\n");
    assert_eq!(stage.at_hop().await, [expected]);
}

#[tokio::test]
async fn the_next_hops_refusals_come_back_where_they_belong() {
    for (at_dot, code) in [("S: 554-5.7.1 no\n S: 554 5.7.1 never\n", 554), ("S: 451 x\n", 451)] {
        let stage = Stage::new(&[&script(&[
            OPEN,
            MAIL,
            "C: RCPT TO:<x@c.example>\n S: 550 5.1.1 no\r250 2.0.0 yes\n",
            OUT,
            DATA,
            at_dot,
        ])])
        .await;
        let mut transaction = stage.mail("a@us.example").await;
        let reply = transaction.rcpt(recipient("x@c.example")).await;
        assert_eq!(reply.to_wire(), b"550 5.1.1 no?250 2.0.0 yes\r\n");
        assert!(transaction.rcpt(recipient("out@c.example")).await.is_positive());
        assert_eq!(transaction.accepted(), 1);
        let content = Content::from(GOOD_NEWS.as_bytes().to_vec());
        match transaction.finish(content, String::new()).await {
            Outcome::Refused(reply) => assert_eq!(reply.code(), code),
            other => panic!("{other:?}"),
        }
        stage.at_hop().await;
    }
}

#[tokio::test]
async fn a_4yz_at_data_is_passed_back_and_nothing_is_sent() {
    let stage =
        Stage::new(&[&script(&[OPEN, MAIL, OUT, "C: DATA\n S: 451 4.3.0 not now\n"])]).await;
    let outcome = stage.send(&["out@c.example"], GOOD_NEWS).await;
    assert!(matches!(outcome, Outcome::Refused(reply) if reply.code() == 451));
    assert!(stage.at_hop().await.is_empty());
}

#[tokio::test]
async fn mail_refused_is_passed_back() {
    let refused = "C: MAIL FROM:<a@us.example>\n S: 550 5.7.1 not you\n";
    let stage = Stage::new(&[&script(&[OPEN, refused])]).await;
    let path = ReversePath::parse("a@us.example").unwrap();
    let reply = stage.pipeline.mail(origin(), path, vec![]).await.err().unwrap();
    assert_eq!(reply.to_wire(), b"550 5.7.1 not you\r\n");
    stage.at_hop().await;
}

#[tokio::test]
async fn hop_down_is_451_at_mail() {
    let stage = Stage::new(&[]).await;
    let path = ReversePath::parse("a@us.example").unwrap();
    let reply = stage.pipeline.mail(origin(), path, vec![]).await.err().unwrap();
    assert_eq!(reply.code(), 451);
    assert!(!stage.pipeline.knows_next_hop());
    stage.at_hop().await;
}

#[tokio::test]
async fn bad_news_is_held_with_its_notice_and_never_reaches_the_hop() {
    let stage = Stage::new(&[&script(&[OPEN, MAIL, IN, OUT])]).await;
    let outcome = stage.send(&["in@c.example", "out@c.example"], BAD_NEWS).await;
    let Outcome::Held(committed) = outcome else { panic!("not held: {outcome:?}") };
    assert!(!committed.again());
    {
        let holds = stage.store.holds.lock().unwrap();
        let [hold] = holds.as_slice() else { panic!("one hold") };
        assert_eq!(&hold.id, committed.id());
        assert_eq!(hold.envelope.recipients().len(), 2, "without split the whole is held");
        assert_eq!((hold.trace.as_str(), hold.outbox.len()), (TRACE, 1));
        assert_eq!(hold.content.whole().unwrap(), BAD_NEWS.as_bytes());
        assert_eq!(hold.expires_at.as_second() - noon().as_second(), 48 * 3600);
        assert_eq!(hold.remind_at.unwrap().as_second() - noon().as_second(), 4 * 3600);
    }
    assert_eq!(stage.store.told(), ["hold"]);
    assert!(stage.at_hop().await.is_empty());
}

#[tokio::test]
async fn a_hold_that_is_kept_beyond_its_expiry_is_never_left_without_a_reminder() {
    let stage = Stage::new(&[&script(&[OPEN, MAIL, OUT])]).await;
    stage.send(&["out@c.example"], "Subject: claim\r\n\r\nDENIED KEEP\r\n").await;
    let held = stage.store.holds.lock().unwrap().pop().unwrap();
    let expected = crate::calendar::Week::default().at_work(held.expires_at);
    assert_eq!(held.remind_at, Some(expected), "when its sender is at work again");
    stage.at_hop().await;
}

#[tokio::test]
async fn there_is_no_held_before_the_commit_and_none_is_lost_when_the_client_leaves() {
    let store = FakeStore { gate: Some(Gate::default()), ..FakeStore::default() };
    let stage = Stage::with(&[&script(&[OPEN, MAIL, OUT])], store, Settings::default()).await;
    let content = Content::from(BAD_NEWS.as_bytes().to_vec());
    let transaction = stage.envelope(&["out@c.example"]).await;
    let finishing = tokio::spawn(transaction.finish(content, TRACE.into()));
    let gate = stage.store.gate.as_ref().unwrap();
    gate.entered.notified().await;
    assert!(!finishing.is_finished(), "an outcome before the commit");
    finishing.abort();
    assert!(finishing.await.unwrap_err().is_cancelled());
    gate.open.notify_one();
    gate.passed.notified().await;
    assert_eq!(stage.store.holds.lock().unwrap().len(), 1);
    stage.at_hop().await;
}

#[tokio::test]
async fn a_store_that_fails_is_a_4xx_of_its_own_and_other_mail_goes_on() {
    for (error, failure) in
        [(broken as fn() -> HoldError, Failure::Store), (|| HoldError::Full, Failure::StoreFull)]
    {
        let store = FakeStore::default().fails("hold", error);
        let one = script(&[OPEN, MAIL, OUT, "C: RSET\n S: 250 ok\n", MAIL, OUT, DATA, TAKEN]);
        let stage = Stage::with(&[&one], store, Settings::default()).await;
        let held = stage.send(&["out@c.example"], BAD_NEWS).await;
        assert_eq!(held, Outcome::Failed(failure));
        stage.until_session_is_back().await;
        let passed = stage.send(&["out@c.example"], GOOD_NEWS).await;
        assert!(matches!(passed, Outcome::PassedOn(_)), "{passed:?}");
        assert_eq!(stage.at_hop().await.len(), 1);
    }
}

#[tokio::test]
async fn a_silent_store_is_a_4xx_in_time() {
    let store = FakeStore { gate: Some(Gate::default()), ..FakeStore::default() };
    let settings = Settings { store_limit: Duration::from_millis(50), ..Settings::default() };
    let stage = Stage::with(&[&script(&[OPEN, MAIL, OUT])], store, settings).await;
    let outcome = stage.send(&["out@c.example"], BAD_NEWS).await;
    assert_eq!(outcome, Outcome::Failed(Failure::Store));
    stage.at_hop().await;
}

#[tokio::test]
async fn a_retry_finds_the_hold_that_is_there() {
    let stage = Stage::new(&[&script(&[OPEN, MAIL, OUT, RSET, MAIL, OUT])]).await;
    let Outcome::Held(first) = stage.send(&["out@c.example"], BAD_NEWS).await else { panic!() };
    stage.until_session_is_back().await;
    let Outcome::Held(second) = stage.send(&["out@c.example"], BAD_NEWS).await else { panic!() };
    assert_eq!((first.id(), first.again()), (second.id(), false));
    assert!(second.again());
    assert_eq!(stage.store.holds.lock().unwrap().len(), 1);
    stage.at_hop().await;
}

#[tokio::test]
async fn a_hop_that_left_while_we_listened_hears_the_envelope_again() {
    let stage = Stage::new(&[
        &script(&[OPEN, MAIL, IN, OUT, "CLOSE"]),
        &script(&[OPEN, MAIL, IN, OUT, DATA, TAKEN]),
    ])
    .await;
    let outcome = stage.send(&["in@c.example", "out@c.example"], GOOD_NEWS).await;
    assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
    assert_eq!(stage.at_hop().await.len(), 1);
}

#[tokio::test]
async fn a_hop_that_changes_its_mind_drops_nobody_in_silence() {
    let no = "C: RCPT TO:<out@c.example>\n S: 550 5.1.1 gone\n";
    let accepted = [OPEN, MAIL, IN, OUT, "CLOSE"];
    let stage = Stage::new(&[&script(&accepted), &script(&[OPEN, MAIL, IN, no])]).await;
    let outcome = stage.send(&["in@c.example", "out@c.example"], GOOD_NEWS).await;
    assert_eq!(outcome, Outcome::Failed(Failure::NextHop));
    assert!(stage.at_hop().await.is_empty());

    let stage =
        Stage::new(&[&script(&accepted), &script(&[OPEN, MAIL, IN, no, DATA, TAKEN])]).await;
    let outcomes = stage.send_each(&["in@c.example", "out@c.example"], GOOD_NEWS).await;
    assert!(
        matches!(&outcomes[..], [Outcome::PassedOn(_), Outcome::Refused(r)] if r.code() == 550)
    );
    assert_eq!(stage.at_hop().await.len(), 1);
}

#[tokio::test]
async fn a_421_at_rcpt_costs_one_recipient_a_retry_and_no_more() {
    let stage = Stage::new(&[
        &script(&[OPEN, MAIL, IN, "C: RCPT TO:<x@c.example>\n S: 421 4.3.2 bye\n CLOSE"]),
        &script(&[OPEN, MAIL, IN, OUT, DATA, TAKEN]),
    ])
    .await;
    let mut transaction = stage.envelope(&["in@c.example"]).await;
    let reply = transaction.rcpt(recipient("x@c.example")).await;
    assert_eq!(reply.to_wire(), b"451 4.3.2 bye\r\n");
    assert!(transaction.rcpt(recipient("out@c.example")).await.is_positive());
    let content = Content::from(GOOD_NEWS.as_bytes().to_vec());
    let outcome = transaction.finish(content, String::new()).await;
    assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
    stage.at_hop().await;
}

#[tokio::test]
async fn an_endless_reply_is_451_and_service_goes_on() {
    let endless = "C: RCPT TO:<x@c.example>\n ENDLESS\n";
    let stage =
        Stage::new(&[&script(&[OPEN, MAIL, endless]), &script(&[OPEN, MAIL, OUT, DATA, TAKEN])])
            .await;
    let mut transaction = stage.mail("a@us.example").await;
    assert_eq!(transaction.rcpt(recipient("x@c.example")).await.code(), 451);
    transaction.abandon().await;
    assert!(matches!(stage.send(&["out@c.example"], GOOD_NEWS).await, Outcome::PassedOn(_)));
    stage.at_hop().await;
}

#[tokio::test]
async fn no_answer_to_the_dot_is_4xx_never_250() {
    for end in ["CLOSE", "SILENT"] {
        let stage = Stage::new(&[&script(&[OPEN, MAIL, OUT, DATA, end])]).await;
        let outcome = stage.send(&["out@c.example"], GOOD_NEWS).await;
        assert_eq!(outcome, Outcome::Failed(Failure::NextHop), "{end}");
        stage.at_hop().await;
    }
}

/// Split: the hop hears RSET and the envelope of those who pass; then `end`.
async fn split(store: FakeStore, end: &str) -> (Outcome, Vec<String>, Vec<String>) {
    let stage = Stage::with(
        &[&script(&[OPEN, MAIL, OUT, IN, RSET, MAIL, IN, end])],
        store,
        Settings::default(),
    )
    .await;
    let outcome = stage.send(&["out@c.example", "in@c.example"], SPLIT).await;
    let held: Vec<usize> =
        stage.store.holds.lock().unwrap().iter().map(|h| h.envelope.recipients().len()).collect();
    assert!(held.iter().all(|n| *n == 1), "only the held recipient is in the hold");
    let told = stage.store.told();
    (outcome, told, stage.at_hop().await)
}

#[tokio::test]
async fn split_holds_for_some_and_passes_on_to_the_others() {
    let (outcome, told, data) = split(FakeStore::default(), &script(&[DATA, TAKEN])).await;
    assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
    assert_eq!(told, ["prepare", "activate"]);
    assert_eq!(data, [format!("{TRACE}{SPLIT}.\r\n")]);
}

#[tokio::test]
async fn split_is_cancelled_when_the_next_hop_took_nothing_for_certain() {
    let (outcome, told, _) =
        split(FakeStore::default(), &script(&[DATA, "S: 452 4.3.1 full\n"])).await;
    assert!(matches!(outcome, Outcome::Refused(reply) if reply.code() == 452));
    assert_eq!(told, ["prepare", "cancel"]);

    let (outcome, told, data) = split(FakeStore::default(), "C: DATA\n CLOSE").await;
    assert_eq!(outcome, Outcome::Failed(Failure::NextHop));
    assert_eq!(told, ["prepare", "cancel"]);
    assert!(data.is_empty());
}

#[tokio::test]
async fn split_stays_prepared_when_nobody_knows() {
    let (outcome, told, _) = split(FakeStore::default(), &script(&[DATA, "CLOSE"])).await;
    assert_eq!(outcome, Outcome::Failed(Failure::NextHop));
    assert_eq!(told, ["prepare"]);
}

#[tokio::test]
async fn split_is_no_250_when_the_held_part_cannot_be_put_in_force() {
    let store = FakeStore::default().fails("activate", broken);
    let (outcome, told, data) = split(store, &script(&[DATA, TAKEN])).await;
    assert_eq!(outcome, Outcome::Failed(Failure::Store));
    assert_eq!((told.len(), data.len()), (2, 1));
}

#[tokio::test]
async fn split_sends_nothing_when_the_held_part_cannot_be_written() {
    let store = FakeStore::default().fails("prepare", || HoldError::Full);
    let stage = Stage::with(&[&script(&[OPEN, MAIL, OUT, IN])], store, Settings::default()).await;
    let outcome = stage.send(&["out@c.example", "in@c.example"], SPLIT).await;
    assert_eq!(outcome, Outcome::Failed(Failure::StoreFull));
    assert!(stage.at_hop().await.is_empty());
}

#[tokio::test]
async fn lmtp_answers_each_recipient_for_itself() {
    let script = script(&[OPEN, MAIL, OUT, IN, RSET, MAIL, IN, DATA, TAKEN]);
    for (store, held) in [
        (FakeStore::default(), None),
        (FakeStore::default().fails("hold", broken), Some(Failure::Store)),
    ] {
        let stage = Stage::with(&[&script], store, Settings::default()).await;
        let outcomes = stage.send_each(&["out@c.example", "in@c.example"], SPLIT).await;
        let [first, second] = &outcomes[..] else { panic!("two outcomes") };
        match held {
            None => assert!(matches!(first, Outcome::Held(_)), "{first:?}"),
            Some(failure) => assert_eq!(first, &Outcome::Failed(failure)),
        }
        assert!(matches!(second, Outcome::PassedOn(_)), "{second:?}");
        assert_eq!(stage.store.told(), ["hold"]);
        assert_eq!(stage.at_hop().await.len(), 1);
    }
}

#[tokio::test]
async fn observing_passes_bad_news_on() {
    let stage = Stage::new(&[&script(&[OPEN, MAIL, OUT, DATA, TAKEN])]).await;
    let outcome = stage.send(&["out@c.example"], "\r\nDENIED OBSERVE\r\n").await;
    assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
    stage.at_hop().await;
}

#[tokio::test]
async fn a_judge_that_breaks_down_fails_in_the_chosen_direction() {
    let settings = |on_error| Settings { on_error, ..Settings::default() };
    let keeps = settings(OnError::Tempfail);
    let stage = Stage::with(&[&script(&[OPEN, MAIL, OUT])], FakeStore::default(), keeps).await;
    let outcome = stage.send(&["out@c.example"], "\r\nPANIC\r\n").await;
    assert_eq!(outcome, Outcome::Failed(Failure::Judging));
    stage.at_hop().await;
    let passes = settings(OnError::Pass);
    let all = script(&[OPEN, MAIL, OUT, DATA, TAKEN]);
    let stage = Stage::with(&[&all], FakeStore::default(), passes).await;
    let outcome = stage.send(&["out@c.example"], "\r\nPANIC\r\n").await;
    assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
    stage.at_hop().await;
}

#[tokio::test]
async fn a_doubt_is_settled_in_time_or_the_first_judgement_stands() {
    for (word, passes) in [("SETTLES", true), ("STALLS", false), ("BREAKS", false)] {
        let settings = Settings { inquiry_limit: Duration::from_millis(50), ..Settings::default() };
        let all = script(&[OPEN, MAIL, OUT, DATA, TAKEN]);
        let half = script(&[OPEN, MAIL, OUT]);
        let scripts = [if passes { all.as_str() } else { half.as_str() }];
        let stage = Stage::with(&scripts, FakeStore::default(), settings).await;
        let outcome = stage.send(&["out@c.example"], &format!("\r\nDENIED {word}\r\n")).await;
        assert_eq!(matches!(outcome, Outcome::PassedOn(_)), passes, "{word}: {outcome:?}");
        assert_eq!(matches!(outcome, Outcome::Held(_)), !passes, "{word}: {outcome:?}");
        stage.at_hop().await;
    }
}

#[tokio::test]
async fn a_doubt_keeps_no_turn_to_judge() {
    let settings = Settings {
        judged_at_once: 1,
        judge_limit: Duration::from_millis(500),
        inquiry_limit: Duration::from_secs(600),
        ..Settings::default()
    };
    let (open, all) = (script(&[OPEN, MAIL, OUT]), script(&[OPEN, MAIL, OUT, DATA, TAKEN]));
    let stage = Stage::with(&[&open, &all], FakeStore::default(), settings).await;
    let (slow, quick) =
        (stage.envelope(&["out@c.example"]).await, stage.envelope(&["out@c.example"]).await);
    let stalls = Content::from(b"\r\nDENIED STALLS\r\n".to_vec());
    let waiting = tokio::spawn(slow.finish(stalls, String::new()));
    while *stage.judge.seen.lock().unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    let good = Content::from(GOOD_NEWS.as_bytes().to_vec());
    let outcome = quick.finish(good, String::new()).await;
    assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
    waiting.abort();
}

#[tokio::test]
async fn judging_has_a_turn_and_a_time() {
    let settings = Settings {
        judged_at_once: 1,
        judge_limit: Duration::from_millis(50),
        ..Settings::default()
    };
    let open = script(&[OPEN, MAIL, OUT]);
    let stage = Stage::with(&[&open, &open], FakeStore::default(), settings).await;
    let (go, wait) = std::sync::mpsc::channel();
    *stage.judge.wait.lock().unwrap() = Some(wait);
    let (slow, quick) =
        (stage.envelope(&["out@c.example"]).await, stage.envelope(&["out@c.example"]).await);
    let large = Content::from(format!("\r\nWAIT\r\n{}", "x\r\n".repeat(30_000)).into_bytes());
    let outcome = slow.finish(large, String::new()).await;
    assert_eq!(outcome, Outcome::Failed(Failure::Judging), "it took too long");
    let small = Content::from(GOOD_NEWS.as_bytes().to_vec());
    let outcome = quick.finish(small, String::new()).await;
    assert_eq!(outcome, Outcome::Failed(Failure::Busy), "the work given up on has the turn");
    go.send(()).unwrap();
    stage.at_hop().await;
}

#[tokio::test]
async fn mail_that_waits_for_its_documents_keeps_nobody_from_being_judged() {
    let settings = Settings {
        judged_at_once: 1,
        attachments_limit: Duration::from_millis(300),
        ..Settings::default()
    };
    let all = script(&[OPEN, MAIL, OUT, DATA, TAKEN]);
    let stage = Stage::with(&[&all, &all], FakeStore::default(), settings).await;
    let (waits, plain) =
        (stage.envelope(&["out@c.example"]).await, stage.envelope(&["out@c.example"]).await);
    let attached = Content::from(b"\r\nATTACHED SLOW\r\n".to_vec());
    let waiting = tokio::spawn(waits.finish(attached, String::new()));
    while stage.judge.times.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let plain = plain.finish(Content::from(GOOD_NEWS.as_bytes().to_vec()), String::new()).await;
    assert!(matches!(plain, Outcome::PassedOn(_)), "{plain:?}");
    assert!(!waiting.is_finished(), "the plain mail was to overtake the other");
    assert!(matches!(waiting.await.unwrap(), Outcome::PassedOn(_)));
    assert!(stage.judge.times.lock().unwrap()[0] <= Duration::from_millis(300));
    stage.at_hop().await;
}

#[tokio::test]
async fn where_too_many_wait_documents_stay_unread_and_the_mail_is_judged() {
    let settings = Settings { attachments_limit: Duration::from_millis(50), ..Settings::default() };
    let open = script(&[OPEN, MAIL, OUT]);
    let stage = Stage::with(&[&open], FakeStore::default(), settings).await;
    let all =
        stage.pipeline.waiting.clone().acquire_many_owned(WAITING_AT_ONCE as u32).await.unwrap();
    let outcome = stage.send(&["out@c.example"], "\r\nATTACHED DENIED\r\n").await;
    assert!(matches!(outcome, Outcome::Held(_)), "{outcome:?}");
    assert_eq!(*stage.judge.times.lock().unwrap(), [Duration::ZERO]);
    drop(all);
    stage.at_hop().await;
}

#[tokio::test]
async fn a_dropped_transaction_gives_the_session_back() {
    let stage = Stage::new(&[&script(&[OPEN, MAIL, OUT, RSET, MAIL, OUT])]).await;
    drop(stage.envelope(&["out@c.example"]).await);
    stage.until_session_is_back().await;
    stage.envelope(&["out@c.example"]).await.abandon().await;
    stage.at_hop().await;
}

fn let_go(state: State, envelope: &Envelope, dossier: Dossier) -> Hold {
    Hold {
        id: HoldId::from_octets([5; 16]),
        state,
        envelope: envelope.clone(),
        deliveries: Vec::new(),
        origin: origin(),
        trace: String::new(),
        dossier,
        size_octets: 0,
        created: noon(),
        remind_at: None,
        expires_at: noon(),
        reminders: 0,
        outcomes: Vec::new(),
        parties: vec![],
        watch: Default::default(),
    }
}

#[tokio::test]
async fn released_mail_that_comes_by_again_passes_and_a_forged_mark_does_not() {
    let content = Content::from(BAD_NEWS.as_bytes().to_vec());
    let id = HoldId::from_octets([5; 16]);
    let good = mark_field(&keys(), &id, &content).unwrap();
    let forged = mark_field(&crate::release::Keys::new([8; 32]), &id, &content).unwrap();
    let to = |path: &str| {
        Envelope::new(ReversePath::parse("a@us.example").unwrap(), vec![], vec![recipient(path)])
            .unwrap()
    };
    let stories = [
        (&good, State::Released, "out@c.example", "", true),
        (&good, State::Delivered, "out@c.example", "", true),
        (&good, State::Held, "out@c.example", "", false),
        (&good, State::Released, "other@c.example", "", false),
        (&good, State::Released, "out@c.example", "Subject: new\r\n", false),
        (&forged, State::Released, "out@c.example", "", false),
    ];
    for (mark, state, held_for, above, passes) in stories {
        let whole = script(&[OPEN, MAIL, OUT, DATA, TAKEN]);
        let half = script(&[OPEN, MAIL, OUT]);
        let stage = Stage::new(&[if passes { &whole } else { &half }]).await;
        let judgement = stage.judge.judge(&to("out@c.example"), b"DENIED").judgement;
        *stage.store.found.lock().unwrap() = Some(let_go(state, &to(held_for), judgement.dossier));
        let mail = format!("{above}Received: x\r\n{mark}{BAD_NEWS}");
        let outcome = stage.send(&["out@c.example"], &mail).await;
        assert_eq!(
            matches!(outcome, Outcome::PassedOn(_)),
            passes,
            "{state} {held_for} {outcome:?}"
        );
        assert_eq!(matches!(outcome, Outcome::Held(_)), !passes);
        stage.at_hop().await;
    }
}

#[tokio::test]
async fn nobody_to_send_to_is_refused() {
    let stage = Stage::new(&[&script(&[OPEN, MAIL])]).await;
    let transaction = stage.mail("a@us.example").await;
    let outcome = transaction.finish(Content::from(Vec::new()), String::new()).await;
    assert!(matches!(outcome, Outcome::Refused(reply) if reply.code() == 554));
    stage.at_hop().await;
}

impl Stage {
    /// RSET goes out in the background; the next mail shall find the session.
    async fn until_session_is_back(&self) {
        while self.pipeline.parts.next_hop.is_idle_empty() {
            tokio::task::yield_now().await;
        }
    }
}
