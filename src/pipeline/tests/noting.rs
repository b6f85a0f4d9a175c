//! What is noted of mail that went by, and when.

use super::*;
use crate::traffic::Fate;

const NEWS: &str = "Subject: claim\r\n\r\nDENIED";

/// What was noted: fate, whether it names a hold, whether its sender is told.
fn noted(stage: &mut Stage) -> Option<(Fate, bool, bool)> {
    let draft = stage.noted.try_recv().ok()?;
    let (fate, hold, told) = draft.told();
    Some((fate, hold.is_some(), told))
}

#[tokio::test]
async fn mail_that_went_out_is_noted_and_a_sender_is_told_in_the_mode_between() {
    for (words, wanted) in [
        ("granted NOTED", Some((Fate::Passed, false, false))),
        ("DENIED OBSERVE NOTED", Some((Fate::Observed, false, false))),
        ("DENIED NOTIFY NOTED", Some((Fate::Notified, false, true))),
        // Without a record the letter is owed all the same.
        ("DENIED NOTIFY", Some((Fate::Notified, false, true))),
        ("DENIED OBSERVE", None),
        ("granted", None),
    ] {
        let mut stage = Stage::new(&[&script(&[OPEN, MAIL, OUT, DATA, TAKEN])]).await;
        let outcome = stage.send(&["out@c.example"], &format!("\r\n{words}\r\n")).await;
        assert!(matches!(outcome, Outcome::PassedOn(_)), "{words}: {outcome:?}");
        assert_eq!(noted(&mut stage), wanted, "{words}");
        assert!(stage.store.told().is_empty(), "nothing is held");
    }
}

#[tokio::test]
async fn mail_that_the_hop_does_not_take_is_not_noted_and_nobody_is_told_that_it_went() {
    for at_dot in ["S: 554 5.7.1 never\n", "S: 451 later\n"] {
        let mut stage = Stage::new(&[&script(&[OPEN, MAIL, OUT, DATA, at_dot])]).await;
        let outcome = stage.send(&["out@c.example"], &format!("{NEWS} NOTIFY NOTED\r\n")).await;
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
        assert_eq!(noted(&mut stage), None);
    }
}

#[tokio::test]
async fn a_hold_is_noted_with_its_id_once_it_is_there() {
    let mut stage = Stage::new(&[&script(&[OPEN, MAIL, OUT, RSET])]).await;
    let outcome = stage.send(&["out@c.example"], &format!("{NEWS} NOTED\r\n")).await;
    assert!(matches!(outcome, Outcome::Held(_)), "{outcome:?}");
    assert_eq!(noted(&mut stage), Some((Fate::Held, true, false)));
}

#[tokio::test]
async fn a_full_queue_keeps_no_mail_waiting() {
    let session = script(&[MAIL, OUT, DATA, TAKEN]);
    let whole = script(&[OPEN, &session, &session, &session, &session, &session, &session]);
    let stage = Stage::new(&[&whole]).await;
    // The queue of a test has room for four.
    for _ in 0..6 {
        let outcome = stage.send(&["out@c.example"], "\r\ngranted NOTED\r\n").await;
        assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
    }
    assert_eq!(stage.noted.len(), 4);
}
