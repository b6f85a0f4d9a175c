use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;

use super::*;
use crate::{
    attachments::{Attachments, Settings},
    call::Source as From,
    decision::{Mode, Verdict},
    directory::{Bounds, CrmSettings},
    http::scripted::{Act, Scripted},
    mail::{ForwardPath, Recipient, ReversePath},
    pipeline::{self, Judge as _},
    policy::{PolicySet, Source},
    reach::Limits,
};

const POLICY: &str = "id = \"late\"\ntitle = \"a delay\"\ncategory = \"delivery_delay\"\n\
    [[signal]]\nname = \"late\"\nweight = 9.0\nany = [\"late\"]\n";
const BAD: &str = "From: Ann <ann@inside.example>\r\nTo: Susan Hall <susan@hall.example>\r\n\
    Subject: Re: Pump\r\n\r\nYour pump will be late.\r\n\r\nAnn\r\n-- \r\nTel. +44 20 7946 0100\r\n\r\n\
    On Tue, 17 Nov 2026 at 14:02, Susan Hall <susan@hall.example> wrote:\r\n\
    > When does it come?\r\n> Regards\r\n> Susan Hall\r\n> Buyer\r\n> T: 020 7946 0018\r\n";
const GOOD: &str = "From: Ann <ann@inside.example>\r\nTo: susan@hall.example\r\n\
    Subject: Pump\r\n\r\nYour pump is here.\r\n";
const PEOPLE: &str = "address,name,phone,zone\nsusan@hall.example,Susan M. Hall,020 7946 0018,\n\
    tom@inside.example,Tom,020 7946 0111,\n";
/// The same number, a new one, and one of our own.
#[cfg(feature = "phone")]
const ANSWER: &str = r#"{"role":"Head of Purchasing","zone":"Europe/London",
    "numbers":["+44 20 7946 0018","+44 7911 123456","020 7946 0111"]}"#;

fn judge(server: &Scripted, mode: Mode) -> Judge {
    let policy = Source { name: "late.toml".to_owned(), text: POLICY.to_owned() };
    let policies = PolicySet::compile(&[policy], None).unwrap();
    let domains = vec!["inside.example".to_owned()];
    let organisation = Organisation { name: "Us".to_owned(), domains };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.csv");
    fs::write(&file, PEOPLE).unwrap();
    let country = Some("GB".to_owned());
    let terms = Terms { organisation: organisation.clone(), country: country.clone() };
    let crm = Remote::crm(&CrmSettings {
        url: format!("http://{}/{{address}}", server.address).parse().unwrap(),
        key_file: None,
        key_field: None,
        ca_file: None,
        bounds: Bounds {
            timeout: Duration::from_millis(300),
            cache: Duration::ZERO,
            limits: Limits { at_once: 4, per_minute: 100, per_day: 100 },
        },
        country,
    });
    let directory = Directory::new(
        read(&file, &terms).unwrap(),
        Remotes { crm: Some(crm.unwrap()), ..Remotes::default() },
    );
    let attachments = Attachments::new(Settings::default(), "no-such-program".into());
    let policies = Arc::new(ArcSwap::from_pointee(policies));
    Judge::new(policies, organisation, mode, Arc::new(attachments))
        .with_directory(Arc::new(directory))
}

fn envelope() -> Envelope {
    let to = Recipient::plain(ForwardPath::parse("susan@hall.example").unwrap());
    Envelope::to_one(ReversePath::parse("ann@inside.example").unwrap(), to)
}

async fn walk(judge: &Judge, mail: &str) -> pipeline::Judgement {
    let judged = judge.judge_at_once(&envelope(), mail.as_bytes()).unwrap();
    match judged.inquiry {
        Some(inquiry) => inquiry.conclude().await,
        None => judged.judgement,
    }
}

#[cfg(feature = "phone")]
#[tokio::test]
async fn thread_file_and_customer_system_are_joined_on_the_sheet() {
    let server = Scripted::start([Act::Status(200, ANSWER.to_owned())]).await;
    let call = walk(&judge(&server, Mode::Enforce), BAD).await.dossier.call;
    let person = call.person.unwrap();
    assert_eq!((person.name.as_str(), person.role.as_str()), ("Susan Hall", "Buyer"));
    let numbers: Vec<&str> = call.numbers.iter().map(|n| n.e164.as_str()).collect();
    assert_eq!(numbers, ["+442079460018", "+447911123456"], "and none of our own");
    let first = &call.numbers[0];
    assert_eq!(
        (first.source, &first.also[..]),
        (From::Signature, &[From::Directory, From::Crm][..])
    );
    assert!(first.confidence > call.numbers[1].confidence, "three agree: {:?}", call.numbers);
    assert_eq!(first.written, Some(jiff::civil::date(2026, 11, 17)));
    assert_eq!(call.zone.as_deref(), Some("Europe/London"));
    assert_eq!(server.heard().len(), 1);
    assert!(server.heard()[0].head.starts_with("GET /susan%40hall%2Eexample HTTP/1.1\r\n"));
}

#[tokio::test]
async fn nobody_is_looked_up_for_mail_that_is_not_held() {
    let server = Scripted::start([]).await;
    let passed = walk(&judge(&server, Mode::Enforce), GOOD).await;
    assert_eq!(passed.decision.verdict, Verdict::Pass);
    let observed = walk(&judge(&server, Mode::Observe), BAD).await;
    assert!(!observed.decision.bites());
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn without_an_answer_the_mail_is_held_in_time_with_what_is_known() {
    for act in [Act::Stall, Act::Status(500, String::new()), Act::Noise] {
        let server = Scripted::start([act]).await;
        let began = Instant::now();
        let judgement = walk(&judge(&server, Mode::Enforce), BAD).await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        assert!(judgement.decision.bites());
        let call = judgement.dossier.call;
        assert_eq!(call.person.unwrap().name, "Susan Hall");
        if cfg!(feature = "phone") {
            assert_eq!(call.numbers[0].also, [From::Directory], "the file is at hand");
        }
    }
}
