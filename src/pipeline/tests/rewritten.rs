//! Stories of new texts that somebody waits for.

use std::time::Duration;

use super::*;
use crate::{
    decision::{RecipientVerdict, SecondPerson, Verdict},
    hold::ItemKind,
    mail::{Envelope, ForwardPath, Recipient},
};

/// Makes an original another one.
type Edit = fn(&mut Hold);

fn envelope(sender: &str, to: &[&str]) -> Envelope {
    let to = to.iter().map(|to| Recipient::plain(ForwardPath::parse(to).unwrap()));
    Envelope::new(ReversePath::parse(sender).unwrap(), vec![], to.collect()).unwrap()
}

fn dossier(stage: &Stage) -> Dossier {
    let envelope = envelope("a@us.example", &["out@c.example"]);
    let judged = stage.judge.judge_at_once(&envelope, BAD_NEWS.as_bytes());
    let dossier = judged.unwrap().judgement.dossier;
    Dossier { message_id: Some("old@us.example".into()), ..dossier }
}

fn original(stage: &Stage, edit: impl FnOnce(&mut Hold)) -> Hold {
    let mut hold = Hold {
        id: HoldId::from_octets([5; 16]),
        state: State::Withdrawn,
        envelope: envelope("a@us.example", &["out@c.example", "in@c.example"]),
        deliveries: Vec::new(),
        origin: origin(),
        trace: String::new(),
        dossier: dossier(stage),
        size_octets: 0,
        created: noon(),
        remind_at: None,
        expires_at: noon(),
        reminders: 0,
        outcomes: Vec::new(),
        parties: vec![],
        watch: Default::default(),
    };
    edit(&mut hold);
    hold
}

async fn waiting(store: FakeStore, edit: impl FnOnce(&mut Hold)) -> Stage {
    let passes = [MAIL, OUT, DATA, TAKEN];
    let script = script(&[&[OPEN], &passes[..], &passes[..], &[MAIL, OUT]].concat());
    let stage = Stage::with(&[&script], store, Settings::default()).await;
    *stage.store.original.lock().unwrap() = Some((original(&stage, edit), None));
    stage
}

async fn is_held(stage: &Stage) -> bool {
    match stage.send(&["out@c.example"], BAD_NEWS).await {
        Outcome::Held(_) => true,
        Outcome::PassedOn(_) => false,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_new_text_passes_and_no_other_mail_after_it() {
    let stage = waiting(FakeStore::default(), |_| {}).await;
    assert!(!is_held(&stage).await);
    assert_eq!(stage.store.told(), ["use_rewrite"]);
    // Its reply was lost: the same mail comes again, with another trace of the proxy's on top.
    let again = format!("Received: again\r\n{BAD_NEWS}");
    let came_again = stage.send(&["out@c.example"], &again).await;
    let other = stage.send(&["out@c.example"], &format!("{BAD_NEWS}And more.\r\n")).await;
    assert!(matches!(came_again, Outcome::PassedOn(_)), "{came_again:?}");
    assert!(matches!(other, Outcome::Held(_)), "{other:?}");
}

#[tokio::test]
async fn the_same_thread_will_do_where_the_subject_is_another() {
    let stage = waiting(FakeStore::default(), |hold| {
        hold.dossier.subject = "Something else".into();
    })
    .await;
    assert!(is_held(&stage).await);
    let new = Dossier { references: vec!["ask@c.example".into()], ..dossier(&stage) };
    let new = Dossier { message_id: Some("new@us.example".into()), ..new };
    let answer = original(&stage, |hold| {
        hold.dossier.subject = "Something else".into();
        hold.dossier.references = vec!["first@c.example".into(), "ask@c.example".into()];
    });
    let to = envelope("a@us.example", &["out@c.example"]);
    assert!(answer.is_rewritten_by(&to, &new));
    let stranger = original(&stage, |hold| hold.dossier.subject = "Something else".into());
    assert!(!stranger.is_rewritten_by(&to, &new));
}

#[tokio::test]
async fn an_address_is_the_same_in_capitals() {
    let stage = waiting(FakeStore::default(), |hold| {
        hold.envelope = envelope("A@US.example", &["Out@C.example"]);
    })
    .await;
    assert!(!is_held(&stage).await);
}

#[tokio::test]
async fn whatever_is_in_doubt_is_held() {
    let edits: [(&str, Edit); 5] = [
        ("itself", |hold| hold.dossier.message_id = Some("new@us.example".into())),
        ("nameless", |hold| hold.dossier.message_id = None),
        ("other recipients", |hold| hold.envelope = envelope("a@us.example", &["x@c.example"])),
        ("another sender", |hold| hold.envelope = envelope("b@us.example", &["out@c.example"])),
        ("another matter", |hold| hold.dossier.subject = "Your roof".into()),
    ];
    for (story, edit) in edits {
        let stage = waiting(FakeStore::default(), edit).await;
        assert!(is_held(&stage).await, "{story}");
        assert_eq!(stage.store.told(), ["hold"], "{story}");
    }
    let stage = waiting(FakeStore::default().fails("use_rewrite", broken), |_| {}).await;
    assert!(is_held(&stage).await, "a store in trouble");
}

#[tokio::test]
async fn where_others_have_a_say_the_new_text_is_held_too() {
    let edits: [(&str, Edit); 2] = [
        ("a second person", |hold| {
            hold.dossier.decision.terms.second_person = Some(SecondPerson::SendAnyway);
        }),
        ("a wait", |hold| hold.dossier.decision.terms.minimum_wait = Duration::from_secs(60)),
    ];
    for (story, edit) in edits {
        let stage = waiting(FakeStore::default(), edit).await;
        assert!(is_held(&stage).await, "{story}, of the original");
        let mut new = dossier(&stage);
        new.message_id = Some("new@us.example".into());
        let to = envelope("a@us.example", &["out@c.example"]);
        let plain = original(&stage, |_| {});
        assert!(plain.is_rewritten_by(&to, &new));
        new.decision.terms = original(&stage, edit).dossier.decision.terms;
        assert!(!plain.is_rewritten_by(&to, &new), "{story}, of the new text");
    }
}

#[tokio::test]
async fn a_colleague_may_be_added_and_a_customer_may_not() {
    let stage = waiting(FakeStore::default(), |_| {}).await;
    let hold = original(&stage, |_| {});
    let verdict = |address: &str, verdict| RecipientVerdict {
        address: ForwardPath::parse(address).unwrap(),
        verdict,
    };
    let with = |address: &str, told| {
        let mut new = dossier(&stage);
        new.message_id = Some("new@us.example".into());
        new.decision.recipients =
            vec![verdict("out@c.example", Verdict::Hold), verdict(address, told)];
        hold.is_rewritten_by(&envelope("a@us.example", &["out@c.example", address]), &new)
    };
    assert!(with("boss@us.example", Verdict::Pass));
    assert!(!with("other@d.example", Verdict::Hold));
}

/// What the sender is told of a mail in the thread `a@b`, where another one waits already.
async fn told(store: FakeStore, edit: impl FnOnce(&mut Hold)) -> String {
    let script = script(&[OPEN, MAIL, OUT]);
    let stage = Stage::with(&[&script], store, Settings::default()).await;
    let mut first = original(&stage, |_| {});
    (first.state, first.envelope) = (State::Held, envelope("a@us.example", &["out@c.example"]));
    edit(&mut first);
    *stage.store.waiting.lock().unwrap() = vec![first];
    assert!(is_held(&stage).await);
    let holds = stage.store.holds.lock().unwrap();
    let ItemKind::Notice { bytes, .. } = &holds[0].outbox[0].kind else { panic!("a release") };
    String::from_utf8(bytes.clone()).unwrap()
}

#[tokio::test]
async fn the_second_mail_of_a_conversation_is_told_of_in_short() {
    assert_eq!(told(FakeStore::default(), |_| {}).await, "held too\r\n");
    let other_subject: Edit = |hold| hold.dossier.subject = "Something else".into();
    let others_too: Edit = |hold| {
        hold.envelope = envelope("a@us.example", &["out@c.example", "in@c.example"]);
    };
    let other_news: Edit =
        |hold| hold.dossier.decision.category = Some("order_cancellation".into());
    for edit in [other_subject, others_too, other_news] {
        assert_eq!(told(FakeStore::default(), edit).await, "please call\r\n");
    }
    // Where the store does not say, the notice is the long one.
    let broken = FakeStore::default().fails("held_of", broken);
    assert_eq!(told(broken, |_| {}).await, "please call\r\n");
}
