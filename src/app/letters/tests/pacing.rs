//! To whom a digest goes, which pages it links to, and who is never written to.

use super::*;
use crate::{
    hold::{Actor, Outcome, PartyRole, State, Watch},
    mail::{Origin, Protocol, Xforward},
    pipeline::Prompter,
    worker::Letters as _,
};

fn hold(number: u8, sender: &str) -> Hold {
    let to = Recipient::plain(ForwardPath::parse("kim@them.example").unwrap());
    let created = "2026-07-14T14:00:00Z".parse().unwrap();
    Hold {
        id: HoldId::from_octets([number; 16]),
        state: State::Held,
        envelope: Envelope::new(ReversePath::parse(sender).unwrap(), vec![], vec![to]).unwrap(),
        deliveries: vec![],
        origin: origin(),
        trace: String::new(),
        dossier: dossier(None),
        size_octets: 0,
        created,
        remind_at: None,
        expires_at: created,
        reminders: 0,
        outcomes: vec![],
        watch: Watch::default(),
        parties: vec![],
    }
}

fn origin() -> Origin {
    Origin {
        session_id: "s".into(),
        transaction_id: "t".into(),
        client: [127, 0, 0, 1].into(),
        helo: "client".into(),
        protocol: Protocol::Esmtp,
        xforward: Xforward::default(),
    }
}

fn new(hold: &Hold) -> NewHold {
    NewHold {
        id: HoldId::from_octets([99; 16]),
        idempotency_key: "key".into(),
        envelope: hold.envelope.clone(),
        origin: origin(),
        content: Content::from(b"Subject: x\r\n\r\nno\r\n".to_vec()),
        trace: String::new(),
        dossier: hold.dossier.clone(),
        created: hold.created,
        remind_at: None,
        expires_at: hold.expires_at,
        watch: Watch::default(),
        outbox: vec![],
    }
}

/// As it is read: what quoted-printable did to it undone.
fn said(item: &NewItem) -> String {
    let ItemKind::Notice { bytes, .. } = &item.kind else { panic!("{item:?}") };
    let mail = mail_parser::MessageParser::default().parse(bytes).unwrap();
    mail.body_text(0).unwrap().into_owned()
}

fn digest(to: &str, told: &[(Hold, String)]) -> Option<NewItem> {
    letters(Languages::default()).digest(to, told, "2026-07-14T16:00:00Z".parse().unwrap())
}

#[test]
fn each_line_of_a_digest_links_to_its_readers_own_page() {
    let (own, mut others) = (hold(1, "Tom@us.example"), hold(2, "ana@us.example"));
    let by = others.sender_actor("page", None);
    let party =
        others.new_party(&mailbox("tom@us.example"), PartyRole::Colleague, &by, own.created);
    others.parties.extend(party);
    let strangers = hold(3, "eva@us.example");
    let told = |hold: &Hold, name: &str| (hold.clone(), name.to_owned());
    let told = [told(&own, "reminder"), told(&others, "reminder"), told(&strangers, "overdue")];
    let item = digest("tom@us.example", &told).unwrap();
    assert_eq!(item.recipients[0].path.as_str(), "Tom@us.example", "as the mail wrote it");
    let (text, keys) = (said(&item), Keys::new([7; 32]));
    assert!(text.contains(&keys.link_token(&own.id)), "{text}");
    assert!(text.contains(&keys.party_token(&others.id, 1)), "{text}");
    assert!(!text.contains(&keys.link_token(&others.id)), "the sender's own is not his");
    assert_eq!(text.matches("/h/").count(), 2, "of a promise that is overdue the lead gets none");
}

#[test]
fn a_digest_tells_who_decided_what() {
    let (mut declined, mut decided) = (hold(1, "tom@us.example"), hold(2, "tom@us.example"));
    let by = Actor { name: "lea@us.example".into(), ..decided.sender_actor("page", None) };
    let no = Outcome::Declined { words: "call him first".into() };
    declined.outcomes.push((declined.created, by.clone(), no));
    let yes = Outcome::FalseAlarm { note: "a birthday".into() };
    decided.outcomes.push((decided.created, by, yes));
    (decided.state, decided.expires_at) =
        (State::Approved, "2026-07-16T14:00:00Z".parse().unwrap());
    let mut expired = hold(3, "tom@us.example");
    let worker = Actor::service("worker", None);
    expired.outcomes.push((expired.created, worker, Outcome::Expired));
    expired.state = State::Returned;
    let told = [(declined, "declined"), (decided, "decided"), (expired, "decided")];
    let told = told.map(|(hold, name)| (hold, name.to_owned()));
    let text = said(&digest("tom@us.example", &told).unwrap());
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in ["lea@us.example", "call him first", "a birthday", "Nobody decided in time"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn a_call_back_comes_when_the_customer_wants_it_whatever_else_came() {
    let mut hold = hold(1, "tom@us.example");
    let at: Timestamp = "2026-07-14T16:00:00Z".parse().unwrap();
    let back = Outcome::CallBack { number: "+4930123456".into(), at };
    hold.outcomes.push((hold.created, hold.sender_actor("page", None), back));
    let name = |now: &str| match letters(Languages::default())
        .reminder(&hold, now.parse().unwrap())
        .remove(0)
        .kind
    {
        ItemKind::Notice { name, .. } => name,
        ItemKind::Release => panic!("a release"),
    };
    assert_eq!(name("2026-07-14T16:00:01Z"), "call_back");
    assert_eq!(name("2026-07-14T20:00:00Z"), "reminder");
}

#[test]
fn nobody_outside_and_no_robot_is_ever_written_to() {
    let inside = hold(1, "tom@us.example");
    let told = [(inside.clone(), "hold".to_owned()), (inside.clone(), "hold".to_owned())];
    for to in ["kim@them.example", "tom@us.example.them.example", "", "<>"] {
        assert!(digest(to, &told).is_none(), "{to}");
    }
    for sender in ["", "kim@them.example"] {
        let foreign = hold(2, sender);
        let before = SameCustomer::default();
        for waiting in [None, Some(&inside)] {
            let notices =
                letters(Languages::default()).hold_notice(&new(&foreign), &before, waiting);
            assert!(notices.is_empty(), "{sender}");
        }
        let now = foreign.created;
        assert!(letters(Languages::default()).reminder(&foreign, now).is_empty());
        assert!(letters(Languages::default()).expires_soon(&foreign, now).is_empty());
        assert_eq!(letters(Languages::default()).expired(&foreign, b"x", now), None);
        assert_eq!(letters(Languages::default()).undeliverable(&foreign, &[], b"x", now), None);
    }
}

#[test]
fn the_second_mail_of_a_conversation_names_the_page_of_the_first() {
    let first = hold(1, "tom@us.example");
    let keys = Keys::new([7; 32]);
    let notice = |waiting| {
        letters(Languages::default()).hold_notice(&new(&first), &SameCustomer::default(), waiting)
    };
    let text = said(&notice(Some(&first))[0]);
    assert!(text.contains(&keys.link_token(&first.id)), "{text}");
    assert!(text.contains(&keys.link_token(&HoldId::from_octets([99; 16]))), "{text}");
    assert!(!said(&notice(None)[0]).contains(&keys.link_token(&first.id)));
}
