//! Stories of replies, over a store in memory.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use super::*;
use crate::{
    call::CallSheet,
    decision::{Decision, HoldTerms, Mode, Organisation, Reason, Verdict},
    hold::{
        Actor, Afterwards, CallReport, Dossier, FollowUp, Hold, HoldStore, ItemKind, MemoryStore,
        NewHold, NewItem, Outcome, Party, State, Watch,
    },
    mail::*,
    message::Language,
    notice::{Answer, Ending, reply::Command},
    release::{Desk, Keys, in_tests::Silent},
    team::{Team, Teams},
};

fn noon() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn in_hours(hours: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + hours * 3600).unwrap()
}

/// Remembers what was answered.
#[derive(Default)]
struct Heap(Mutex<Vec<(Option<Language>, Answer)>>);

impl Letters for Heap {
    fn answer(
        &self,
        _: &Hold,
        language: Option<Language>,
        answer: &Answer,
        now: Timestamp,
    ) -> Option<NewItem> {
        self.0.lock().unwrap().push((language, answer.clone()));
        let kind = ItemKind::Notice { name: ANSWER.into(), bytes: Vec::new() };
        Some(NewItem { kind, recipients: Vec::new(), due: now })
    }
    fn cover(&self, _: &Hold, to: &Party, now: Timestamp) -> Option<NewItem> {
        let kind = ItemKind::Notice { name: "cover".into(), bytes: Vec::new() };
        let recipients = vec![Recipient::plain(ForwardPath::from(to.address.clone()))];
        Some(NewItem { kind, recipients, due: now })
    }
}

struct House {
    replies: Replies,
    store: Arc<MemoryStore>,
    letters: Arc<Heap>,
    id: HoldId,
    to: Mailbox,
}

const ALL: [Command; 5] = [
    Command::Withdraw,
    Command::NoAnswer,
    Command::CalledSend,
    Command::FalseAlarm,
    Command::SendAnyway,
];

/// A house with one hold of Tom's, and a relay `mx` that vouches.
async fn house(allowed: &[Command], send_anyway: bool) -> House {
    house_with(allowed, HoldTerms { send_anyway, ..HoldTerms::default() }).await
}

async fn house_with(allowed: &[Command], terms: HoldTerms) -> House {
    house_among(allowed, terms, "lea@us.example").await
}

/// With this person as the second one.
async fn house_among(allowed: &[Command], terms: HoldTerms, second: &str) -> House {
    let (store, letters) = (Arc::new(MemoryStore::default()), Arc::new(Heap::default()));
    let keys = Keys::new([7; 32]);
    let id = store.hold(new_hold(terms)).await.unwrap().id().clone();
    let base = Mailbox::parse("callfirst@us.example").unwrap();
    let address = ReplyAddress::new(&base, '+').unwrap();
    let to = address.of(&id, &keys).unwrap();
    let mailbox = |text| Mailbox::parse(text).unwrap();
    let replies = Replies::new(Parts {
        teams: Arc::default(),
        desk: Desk::new(store.clone(), Arc::new(Silent))
            .with_seconds(vec![Mailbox::parse(second).unwrap()]),
        address,
        allowed: Allowed::new(allowed.to_vec()),
        trust: Trust::AuthenticationResults { authserv_id: "mx".into() },
        deputies: vec![Deputy {
            deputy: mailbox("ann@us.example"),
            principal: mailbox("tom@us.example"),
        }],
        inside: Organisation { name: String::new(), domains: vec!["us.example".into()] },
        keys,
        store: store.clone(),
        letters: letters.clone(),
    });
    House { replies, store, letters, id, to }
}

fn new_hold(terms: HoldTerms) -> NewHold {
    let to = Recipient::plain(ForwardPath::parse("susan@c.example").unwrap());
    let from = ReversePath::parse("tom@us.example").unwrap();
    let decision = Decision {
        verdict: Verdict::Hold,
        reason: Reason::Policy,
        policy: Some("denial".into()),
        category: None,
        title: None,
        probability: 0.9,
        threshold: 0.5,
        language: None,
        mode: Mode::Enforce,
        recipients: vec![],
        evidence: vec![],
        terms,
        would_hold: false,
    };
    NewHold {
        id: HoldId::from_octets([1; 16]),
        idempotency_key: "key".into(),
        envelope: Envelope::new(from, vec![], vec![to]).unwrap(),
        origin: origin(),
        content: Content::from(b"Subject: x\r\n\r\nno\r\n".to_vec()),
        trace: String::new(),
        dossier: Dossier {
            subject: "x".into(),
            message_id: None,
            references: vec![],
            header_from_name: String::new(),
            decision,
            call: CallSheet::default(),
        },
        created: noon(),
        remind_at: Some(in_hours(4)),
        expires_at: in_hours(48),
        watch: Watch::default(),
        outbox: vec![],
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

/// A mail as it reaches us, and what its envelope says.
#[derive(Clone, Copy)]
struct Mail {
    reverse_path: &'static str,
    from: &'static str,
    results: &'static str,
    fields: &'static str,
    id: &'static str,
    text: &'static str,
}

const GOOD: Mail = Mail {
    reverse_path: "tom@us.example",
    from: "Tom <tom@us.example>",
    results: "mx; dmarc=pass header.from=us.example",
    fields: "",
    id: "r1@us.example",
    text: "withdraw",
};

impl House {
    async fn hear(&self, mail: &Mail) -> Heard {
        self.hear_at(mail, in_hours(1)).await
    }

    async fn hear_at(&self, mail: &Mail, now: Timestamp) -> Heard {
        let Mail { from, results, fields, id, text, .. } = mail;
        let content = format!(
            "Received: from x\r\nAuthentication-Results: {results}\r\nFrom: {from}\r\n\
             Subject: Re: x\r\nMessage-ID: <{id}>\r\n{fields}\r\n{text}\r\n"
        );
        self.deliver(mail.reverse_path, content.into_bytes(), now).await.unwrap()
    }

    async fn deliver(
        &self,
        reverse_path: &str,
        content: Vec<u8>,
        now: Timestamp,
    ) -> Result<Heard, HearError> {
        let path = ForwardPath::from(self.to.clone());
        let reply = ReplyMail {
            addressed: self.replies.addressed(&path).unwrap(),
            origin: origin(),
            reverse_path: ReversePath::parse(reverse_path).unwrap(),
            content: content.into(),
        };
        self.replies.hear(reply, now).await
    }

    async fn hold(&self) -> Hold {
        self.store.find(&self.id).await.unwrap().unwrap()
    }

    async fn state(&self) -> State {
        self.hold().await.state
    }

    fn answers(&self) -> Vec<Answer> {
        self.letters.0.lock().unwrap().iter().map(|(_, answer)| answer.clone()).collect()
    }

    /// Names of the audit's entries behind the hold's own.
    async fn events(&self) -> Vec<String> {
        let entries = self.store.audit(2, 100).await.unwrap();
        entries.into_iter().map(|entry| entry.event.name).collect()
    }
}

fn is_taken(heard: &Heard) -> bool {
    matches!(heard, Heard::Taken(_))
}

fn code(heard: &Heard) -> u16 {
    match heard {
        Heard::Taken(_) => 250,
        Heard::Refused(reply) => reply.code(),
    }
}

#[tokio::test]
async fn a_decision_is_made_audited_and_confirmed_once_however_often_the_mail_comes() {
    let house = house(&ALL, true).await;
    for _ in 0..3 {
        assert!(is_taken(&house.hear(&GOOD).await));
    }
    assert_eq!(house.state().await, State::Withdrawn);
    let entries = house.store.audit(2, 100).await.unwrap();
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    let actor = Actor {
        role: "sender".into(),
        name: "tom@us.example".into(),
        via: "mail".into(),
        address: Some("127.0.0.1".into()),
    };
    assert_eq!((entry.event.name.as_str(), &entry.actor), ("withdrawn", &actor));
    let checks = ("checks".to_owned(), "token, author, dmarc".to_owned());
    assert_eq!(entry.event.facts, [checks]);
    let owed = house.store.notices_since(&house.id, ANSWER, noon()).await.unwrap();
    assert_eq!(owed, 1);
    assert_eq!(house.answers()[0], Answer::TakenBack);
}

#[tokio::test]
async fn each_command_does_what_its_form_on_the_page_does() {
    let called = |send| Outcome::Called {
        send,
        person: "susan@c.example".into(),
        number: String::new(),
        note: String::new(),
        report: Box::default(),
    };
    let remind_at = in_hours(5);
    for (text, outcome, state, answer) in [
        ("called", called(true), State::Approved, Answer::Called),
        ("called, don't send", called(false), State::Withdrawn, Answer::TakenBack),
        (
            "no answer",
            Outcome::NoAnswer { number: String::new(), remind_at },
            State::Held,
            Answer::Waits { remind_at },
        ),
        (
            "withdraw",
            Outcome::Withdrawn { note: String::new() },
            State::Withdrawn,
            Answer::TakenBack,
        ),
        (
            "false alarm",
            Outcome::FalseAlarm { note: String::new() },
            State::Approved,
            Answer::NoBadNews,
        ),
        (
            "send: she asked for it in writing",
            Outcome::SendAnyway { reason: "she asked for it in writing".into() },
            State::Approved,
            Answer::Anyway,
        ),
    ] {
        let house = house(&ALL, true).await;
        assert!(is_taken(&house.hear(&Mail { text, ..GOOD }).await), "{text}");
        let hold = house.hold().await;
        let done = hold.outcomes.last().map(|(_, _, outcome)| outcome.clone());
        assert_eq!((done, hold.state), (Some(outcome), state), "{text}");
        assert_eq!(house.answers(), [answer], "{text}");
    }
}

#[tokio::test]
async fn a_reply_hears_when_its_mail_waits_or_a_second_person_is_asked() {
    let terms = HoldTerms {
        minimum_wait: std::time::Duration::from_secs(2 * 3600),
        ..HoldTerms::default()
    };
    let house = house_with(&ALL, terms).await;
    house.hear(&Mail { text: "called", ..GOOD }).await;
    assert_eq!(house.answers(), [Answer::Later { at: house.hold().await.not_before() }]);
    assert_eq!(house.state().await, State::Approved);
    // It has not gone: what can be done still is done, or it is said when it goes.
    let later = Answer::Later { at: house.hold().await.not_before() };
    house.hear(&Mail { text: "no answer", id: "8@x.y", ..GOOD }).await;
    assert_eq!(house.answers().last(), Some(&later));
    house.hear(&Mail { text: "withdraw", id: "9@x.y", ..GOOD }).await;
    assert_eq!(house.answers().last(), Some(&Answer::TakenBack));
    let kinds: Vec<Outcome> = house.hold().await.outcomes.into_iter().map(|(_, _, o)| o).collect();
    assert!(matches!(kinds.as_slice(), [_, Outcome::TakenBack, Outcome::Withdrawn { .. }]));
    assert_eq!(house.state().await, State::Withdrawn);

    let second_person = Some(crate::decision::SecondPerson::Always);
    let house = house_with(&ALL, HoldTerms { second_person, ..HoldTerms::default() }).await;
    for (text, id) in [("called", "1@x.y"), ("false alarm", "2@x.y")] {
        house.hear(&Mail { text, id, ..GOOD }).await;
    }
    assert_eq!(house.answers(), [Answer::SecondAsked, Answer::SecondAsked]);
    let hold = house.hold().await;
    assert_eq!((hold.state, hold.outcomes.len(), hold.parties.len()), (State::Held, 1, 1));
    house.hear(&Mail { text: "withdraw", id: "3@x.y", ..GOOD }).await;
    assert_eq!(house.state().await, State::Withdrawn);
}

#[tokio::test]
async fn where_nobody_else_may_agree_a_reply_is_sent_to_the_page_that_says_so() {
    let second_person = Some(crate::decision::SecondPerson::Always);
    let terms = HoldTerms { second_person, ..HoldTerms::default() };
    let house = house_among(&ALL, terms, "Tom+lead@us.example").await;
    house.hear(&Mail { text: "called", ..GOOD }).await;
    // What was written for the commit that did not come is not sent.
    assert_eq!(house.answers().last(), Some(&Answer::OnThePage { asked: Command::CalledSend }));
    let owed = house.store.notices_since(&house.id, ANSWER, noon()).await.unwrap();
    assert_eq!((house.state().await, owed), (State::Held, 1));
}

#[tokio::test]
async fn nobody_is_promised_a_reminder_after_the_mails_time_runs_out() {
    let house = house(&ALL, true).await;
    let mail = Mail { text: "no answer", ..GOOD };
    // Two hours are left, and the policy reminds after four.
    house.hear_at(&mail, in_hours(46)).await;
    let remind_at = in_hours(48).checked_sub(std::time::Duration::from_secs(900)).unwrap();
    assert_eq!(house.answers(), [Answer::Waits { remind_at }]);
    assert_eq!(house.hold().await.remind_at, Some(remind_at));
    let friday = in_hours(6);
    let early = House::hear_at(&house, &Mail { id: "r0@us.example", ..mail }, friday).await;
    assert!(is_taken(&early));
    let closing = in_hours(9).checked_sub(std::time::Duration::from_secs(900)).unwrap();
    let remind_at = house.hold().await.remind_at;
    assert_eq!(remind_at, Some(closing), "it ends on Sunday: before they go home on Friday");
    assert!(!house.hold().await.is_asked_for(), "they named no time");
    // Ten minutes are left: in the middle of them.
    let late = in_hours(48).checked_sub(std::time::Duration::from_secs(600)).unwrap();
    house.hear_at(&Mail { id: "r2@us.example", ..mail }, late).await;
    let remind_at = house.hold().await.remind_at.unwrap();
    assert!(late < remind_at && remind_at < in_hours(48), "{remind_at}");
    // None is left.
    house.hear_at(&Mail { id: "r3@us.example", ..mail }, in_hours(48)).await;
    assert_eq!((house.hold().await.outcomes.len(), house.answers().len()), (3, 3));
}

/// Every reply of `tests/replies`, on its whole way. There they are only understood.
#[tokio::test]
async fn the_replies_of_mail_programs_do_what_they_ask_for_and_others_do_nothing() {
    #[derive(serde::Deserialize)]
    struct Expected {
        command: String,
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies");
    let table = fs::read_to_string(folder.join("expected.toml")).unwrap();
    let table: BTreeMap<String, Expected> = toml::from_str(&table).unwrap();
    for (name, Expected { command }) in table {
        let mail = fs::read(folder.join(format!("{name}.eml"))).unwrap();
        let vouched = b"Authentication-Results: mx; dmarc=pass header.from=us.example\r\n".to_vec();
        let at = memchr::memmem::find(&mail, b"\r\nFrom:").unwrap() + 2;
        let (trace, rest) = mail.split_at(at);
        let rest = by_author(rest, b"tom.reed@northwind-hvac.example", b"tom@us.example");
        let content = [trace, &vouched, &rest].concat();
        let house = house(&ALL, true).await;
        let heard = house.deliver("tom@us.example", content, in_hours(1)).await.unwrap();
        let hold = house.hold().await;
        let by_another = name.starts_with("forwarded-");
        let (state, decided, answered) = match command.as_str() {
            _ if by_another => (State::Held, 0, 0),
            "called_send" | "false_alarm" | "send_anyway" => (State::Approved, 1, 1),
            "called_dont_send" | "withdraw" => (State::Withdrawn, 1, 1),
            "no_answer" => (State::Held, 1, 1),
            "unclear" => (State::Held, 0, 1),
            _ => (State::Held, 0, 0),
        };
        assert_eq!(is_taken(&heard), !by_another, "{name}");
        let done = (hold.state, hold.outcomes.len(), house.answers().len());
        assert_eq!(done, (state, decided, answered), "{name}");
    }
}

/// The same mail by another author, where this one wrote it.
fn by_author(mail: &[u8], was: &[u8], is: &[u8]) -> Vec<u8> {
    let end = memchr::memmem::find(mail, b"\r\n").unwrap();
    let (from, rest) = mail.split_at(end);
    match memchr::memmem::find(from, was) {
        Some(at) => [&from[..at], is, &from[at + was.len()..], rest].concat(),
        None => mail.to_vec(),
    }
}

#[tokio::test]
async fn what_may_not_be_done_by_mail_is_said_and_changes_nothing() {
    let few = [Command::Withdraw, Command::NoAnswer];
    for (allowed, policy, text, answer) in [
        (&few[..], true, "called", Answer::OnThePage { asked: Command::CalledSend }),
        (&few[..], true, "false alarm", Answer::OnThePage { asked: Command::FalseAlarm }),
        (&ALL[..], false, "send: I have no time for this", Answer::CallFirst),
        (&ALL[..], true, "send it", Answer::ReasonMissing),
        (&ALL[..], true, "well, what now?", Answer::Unclear),
        (&ALL[..], true, "", Answer::Unclear),
    ] {
        let house = house(allowed, policy).await;
        assert!(is_taken(&house.hear(&Mail { text, ..GOOD }).await), "{text}");
        let hold = house.hold().await;
        assert_eq!((hold.state, hold.outcomes.len()), (State::Held, 0), "{text}");
        assert_eq!(house.answers().last(), Some(&answer), "{text}");
        assert_eq!(house.events().await, ["reply_answered"]);
    }
}

#[tokio::test]
async fn a_forged_or_foreign_reply_does_nothing_and_nobody_is_written_to() {
    for (mail, expected) in [
        (Mail { from: "eve@us.example", ..GOOD }, 550),
        (Mail { from: "tom@us.example, eve@us.example", ..GOOD }, 550),
        (Mail { from: "\"tom@us.example\" <eve@them.example>", ..GOOD }, 550),
        (Mail { fields: "From: tom@us.example\r\n", from: "eve@us.example", ..GOOD }, 550),
        (Mail { results: "mx; dkim=fail header.d=us.example", ..GOOD }, 550),
        (Mail { results: "evil; dmarc=pass header.from=us.example", ..GOOD }, 550),
        (Mail { results: "mx; dmarc=pass header.from=them.example", ..GOOD }, 550),
        (Mail { results: "mx; spf=pass smtp.mailfrom=tom@us.example", ..GOOD }, 550),
        (Mail { results: "mx; =?utf-8?q?x=3B?= dmarc=pass header.from=us.example", ..GOOD }, 550),
        // From outside it would be backscatter to say so.
        (Mail { reverse_path: "tom@them.example", from: "eve@us.example", ..GOOD }, 250),
        (Mail { reverse_path: "", from: "eve@us.example", ..GOOD }, 250),
    ] {
        let house = house(&ALL, true).await;
        let heard = house.hear(&mail).await;
        assert_eq!(code(&heard), expected, "{} {}", mail.from, mail.results);
        assert_eq!(house.state().await, State::Held);
        assert!(house.answers().is_empty() && house.events().await.is_empty());
    }
}

#[tokio::test]
async fn a_deputy_acts_under_his_own_name() {
    let house = house(&ALL, true).await;
    let mail = Mail { from: "Ann <Ann@us.example>", reverse_path: "ann@us.example", ..GOOD };
    assert!(is_taken(&house.hear(&mail).await));
    let hold = house.hold().await;
    let [(_, actor, _)] = hold.outcomes.as_slice() else { panic!("{:?}", hold.outcomes) };
    assert_eq!((hold.state, actor.name.as_str()), (State::Withdrawn, "Ann@us.example"));
}

#[tokio::test]
async fn machines_never_act_and_are_never_answered_and_an_absence_is_noted_once() {
    for (reverse_path, fields, text, events) in [
        ("", "", "withdraw", &[][..]),
        ("tom@us.example", "Auto-Submitted: auto-generated\r\n", "withdraw", &[]),
        ("tom@us.example", "Precedence: bulk\r\n", "withdraw", &[]),
        ("", "Content-Type: multipart/report; boundary=b\r\n", "withdraw", &[]),
        ("", "Auto-Submitted: auto-replied\r\n", "withdraw", &[]),
        ("", "Auto-Submitted: auto-replied (vacation)\r\n", "withdraw", &["sender_absent"]),
        (
            "tom@us.example",
            "",
            "I am out of the office. I can be reached at 5.",
            &["sender_absent"],
        ),
    ] {
        let house = house(&ALL, true).await;
        for id in ["r1@us.example", "r2@us.example"] {
            let mail = Mail { reverse_path, fields, text, id, ..GOOD };
            assert!(is_taken(&house.hear(&mail).await), "{fields}");
        }
        assert_eq!((house.state().await, house.answers().len()), (State::Held, 0), "{fields}");
        assert_eq!(house.events().await, events, "{fields}{text}");
    }
    let house = house(&ALL, true).await;
    let forged = Mail { fields: "X-Autoreply: yes\r\n", results: "mx; none", ..GOOD };
    assert!(is_taken(&house.hear(&forged).await), "a machine is not told either");
    assert!(house.events().await.is_empty(), "nobody says that Tom is away but Tom");
}

#[tokio::test]
async fn who_is_away_is_stood_in_for_by_a_deputy_else_by_the_lead_once_a_hold() {
    let fields = "Auto-Submitted: auto-replied\r\n";
    let away = Mail { fields, text: "I am on vacation until Monday.", ..GOOD };
    let again = Mail { id: "again@us.example", ..away };
    for (deputies, lead, wanted) in [
        (vec!["dep@us.example"], Some("lead@us.example"), Some(("dep@us.example", "cover"))),
        (vec!["tom@us.example", "dep@us.example"], None, Some(("dep@us.example", "cover"))),
        (vec!["dep@them.example"], None, None),
        (vec![], Some("lead@us.example"), Some(("lead@us.example", "lead"))),
        (vec![], Some("tom@us.example"), None),
        (vec![], None, None),
    ] {
        let mut house = house(&ALL, true).await;
        let principal = Mailbox::parse("tom@us.example").unwrap();
        let deputy = |text: &str| Deputy {
            deputy: Mailbox::parse(text).unwrap(),
            principal: principal.clone(),
        };
        house.replies.parts.deputies = deputies.iter().map(|text| deputy(text)).collect();
        let lead = lead.map(|lead| Mailbox::parse(lead).unwrap());
        house.replies.parts.teams = Arc::new(Teams::of_house(Team { lead, ..Team::default() }));
        // "We have received your mail" comes first, and nobody is away for that.
        let received = Mail { text: "Thank you, we have received your mail.", ..away };
        house.hear(&Mail { id: "received@us.example", ..received }).await;
        house.hear(&away).await;
        house.hear(&again).await;
        let hold = house.store.find(&house.id).await.unwrap().unwrap();
        let parties: Vec<_> =
            hold.parties.iter().map(|p| (p.address.as_str(), p.role.as_str())).collect();
        assert_eq!(parties, Vec::from_iter(wanted), "{deputies:?}");
        let owed = house.store.notices_since(&house.id, "cover", noon()).await.unwrap();
        assert_eq!(owed, parties.len() as u64);
        assert_eq!((hold.state, house.events().await.len()), (State::Held, 1));
        let in_charge = hold.in_charge().map(|party| party.address.as_str());
        assert_eq!(in_charge, wanted.map(|(who, _)| who), "whoever stands in is reminded");
    }
}

#[tokio::test]
async fn answers_to_what_could_not_be_done_are_few_and_decisions_are_always_confirmed() {
    let house = house(&ALL, true).await;
    let ids = ["1@x.y", "2@x.y", "3@x.y", "4@x.y", "5@x.y", "6@x.y"];
    for id in ids {
        house.hear(&Mail { text: "hm", id, ..GOOD }).await;
    }
    let owed = || house.store.notices_since(&house.id, ANSWER, noon());
    assert_eq!(owed().await.unwrap(), 4);
    assert_eq!(house.events().await.len(), ids.len(), "each is in the audit");
    house.hear(&Mail { text: "no answer", id: "7@x.y", ..GOOD }).await;
    assert_eq!(owed().await.unwrap(), 4, "it waits: that may be said later");
    house.hear_at(&Mail { text: "hm", id: "8@x.y", ..GOOD }, in_hours(3)).await;
    assert_eq!(owed().await.unwrap(), 5);
    house.hear(&Mail { id: "9@x.y", ..GOOD }).await;
    assert_eq!((owed().await.unwrap(), house.state().await), (6, State::Withdrawn));
}

#[tokio::test]
async fn whoever_comes_late_hears_what_was_decided_and_when_for_a_month() {
    let house = house(&ALL, true).await;
    let desk = Desk::new(house.store.clone(), Arc::new(Silent));
    let actor = |name: &str| Actor {
        role: "sender".into(),
        name: name.into(),
        via: "page".into(),
        address: None,
    };
    let outcome = Outcome::FalseAlarm { note: String::new() };
    desk.act(&house.id, actor("tom@us.example"), outcome, noon()).await.unwrap();
    assert!(is_taken(&house.hear(&GOOD).await));
    assert_eq!(house.answers(), [Answer::Already { ending: Ending::LetGo, at: noon() }]);
    assert_eq!(house.state().await, State::Approved);
    house.hear(&Mail { text: "thanks!", id: "2@x.y", ..GOOD }).await;
    house.hear_at(&Mail { id: "3@x.y", ..GOOD }, in_hours(31 * 24)).await;
    assert_eq!(house.answers().len(), 1, "thanks need no answer, nor does what is long over");
}

#[tokio::test]
async fn after_a_promise_a_reply_hears_of_the_call_and_changes_neither() {
    let house = house(&ALL, true).await;
    let desk = Desk::new(house.store.clone(), Arc::new(Silent));
    let actor = || Actor {
        role: "sender".into(),
        name: "tom@us.example".into(),
        via: "page".into(),
        address: None,
    };
    // On the way there: a wrong number, and "call me back". Both leave the mail held.
    let wrong = Outcome::WrongNumber { number: "+15125550100".into() };
    desk.act(&house.id, actor(), wrong, noon()).await.unwrap();
    let back = Outcome::CallBack { number: String::new(), at: in_hours(3) };
    desk.act(&house.id, actor(), back, noon()).await.unwrap();
    let nobody = Mail { text: "no answer", id: "0@x.y", ..GOOD };
    assert!(is_taken(&house.hear(&nobody).await));
    assert_eq!(house.state().await, State::Held);
    let date = in_hours(72).to_zoned(jiff::tz::TimeZone::UTC).date();
    let follow_up = Some(FollowUp { date, remind_at: in_hours(72) });
    let call = Outcome::Called {
        send: false,
        person: "Susan".into(),
        number: String::new(),
        note: String::new(),
        report: Box::new(CallReport { follow_up, ..CallReport::default() }),
    };
    desk.act(&house.id, actor(), call, in_hours(1)).await.unwrap();
    let before = house.store.promise(&house.id).await.unwrap();
    assert!(before.is_some());
    for (id, text) in [("1@x.y", "withdraw"), ("2@x.y", "called"), ("3@x.y", "done, thanks")] {
        assert!(is_taken(&house.hear(&Mail { text, id, ..GOOD }).await));
    }
    let already = Answer::Already { ending: Ending::TakenBack, at: in_hours(1) };
    assert_eq!(house.answers()[1..], [already.clone(), already]);
    assert_eq!(house.state().await, State::Withdrawn);
    assert_eq!(house.store.promise(&house.id).await.unwrap(), before);
}

#[tokio::test]
async fn of_two_replies_at_once_one_decides_and_the_other_hears_of_it() {
    for _ in 0..20 {
        let house = house(&ALL, true).await;
        let other = Mail { text: "called", id: "2@x.y", ..GOOD };
        let (one, two) = tokio::join!(house.hear(&GOOD), house.hear(&other));
        assert!(is_taken(&one) && is_taken(&two));
        assert_eq!(house.hold().await.outcomes.len(), 1);
        let events = house.events().await;
        assert_eq!(events.iter().filter(|e| *e == "reply_answered").count(), 1, "{events:?}");
    }
}

#[tokio::test]
async fn without_a_message_id_the_same_words_of_the_same_moment_are_the_same_reply() {
    let house = house(&ALL, true).await;
    let mail = |date: &str, hop: u8| {
        format!(
            "Received: by hop {hop}\r\nAuthentication-Results: mx; auth=pass smtp.auth=tom@us.example\r\n\
             From: tom@us.example\r\nDate: {date}\r\n\r\nno answer\r\n"
        )
    };
    for (date, hop, outcomes) in [("Mon, 1 Jan", 1, 1), ("Mon, 1 Jan", 2, 1), ("Tue, 2 Jan", 3, 2)]
    {
        let content = mail(date, hop).into_bytes();
        house.deliver("tom@us.example", content, in_hours(1)).await.unwrap();
        assert_eq!(house.hold().await.outcomes.len(), outcomes, "{date} {hop}");
    }
}

#[tokio::test]
async fn a_hold_that_is_gone_and_a_reply_that_is_a_letter_are_refused() {
    let house = house(&ALL, true).await;
    let large = vec![b'x'; 11 << 20];
    let heard = house.deliver("tom@us.example", large, noon()).await.unwrap();
    assert_eq!(code(&heard), 552);
    let store = Arc::new(MemoryStore::default());
    let replies = Replies::new(Parts {
        teams: Arc::default(),
        desk: Desk::new(store.clone(), Arc::new(Silent)),
        address: ReplyAddress::new(&Mailbox::parse("callfirst@us.example").unwrap(), '+').unwrap(),
        allowed: Allowed::new(ALL.to_vec()),
        trust: Trust::Networks,
        deputies: vec![],
        inside: Organisation { name: String::new(), domains: vec!["us.example".into()] },
        keys: Keys::new([7; 32]),
        store,
        letters: house.letters.clone(),
    });
    for (path, expected) in [("tom@us.example", 550), ("tom@them.example", 250), ("", 250)] {
        let reply = ReplyMail {
            addressed: replies.addressed(&ForwardPath::from(house.to.clone())).unwrap(),
            origin: origin(),
            reverse_path: ReversePath::parse(path).unwrap(),
            content: b"From: tom@us.example\r\n\r\nwithdraw\r\n".to_vec().into(),
        };
        assert_eq!(code(&replies.hear(reply, noon()).await.unwrap()), expected, "{path}");
    }
}
