//! How long judging takes with all shipped policies: ordinary mail that is weighed and passes, and
//! bad news that is held and gets its call sheet.
#![expect(clippy::expect_used, reason = "a bench that cannot be set up should say so and end")]

use std::{hint::black_box, sync::Arc};

use arc_swap::ArcSwap;
use callfirst::{
    app::{Judge, compile_policies},
    attachments::Attachments,
    config::PolicySettings,
    decision::{Mode, Organisation},
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const HEAD: &str = "From: Ann Lee <ann@northwind.example>\r\nTo: Bob Roe <bob@customer.example>\r\n\
    Subject: Your heat pump\r\nMessage-ID: <1@northwind.example>\r\n\
    Date: Mon, 2 Nov 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";

const ORDINARY: &str = "Thank you for the drawings of the second floor. The ducts fit below the\r\n\
    beams, and the fans that you chose are in our warehouse. Our fitters come\r\n\
    on Tuesday at seven and need a parking place near the north gate.\r\n\r\n";

const BAD_NEWS: &str = "We regret that we cannot cover the repair under the warranty, because the\r\n\
    seal was broken. You will have to pay for it yourself.\r\n\r\n";

fn mail(body: &str) -> Vec<u8> {
    let sign = "Kind regards,\r\nAnn Lee\r\n+44 20 7946 0018\r\n";
    format!("{HEAD}Dear Mr Roe,\r\n\r\n{body}{sign}").into_bytes()
}

fn judge() -> Judge {
    let policies =
        compile_policies(&PolicySettings::default()).expect("the shipped policies compile");
    let organisation =
        Organisation { name: String::new(), domains: vec!["northwind.example".to_owned()] };
    let program = env!("CARGO_BIN_EXE_callfirst").into();
    let attachments = Arc::new(Attachments::new(Default::default(), program));
    let policies = Arc::new(ArcSwap::from_pointee(policies));
    Judge::new(policies, organisation, Mode::Enforce, attachments)
}

fn envelope() -> Envelope {
    let sender = ReversePath::parse("ann@northwind.example").expect("a path");
    let recipient = ForwardPath::parse("bob@customer.example").expect("a path");
    Envelope::to_one(sender, Recipient::plain(recipient))
}

fn benches(c: &mut Criterion) {
    let (judge, envelope) = (judge(), envelope());
    for (name, mail) in [
        ("ordinary, 5 KB", mail(&ORDINARY.repeat(21))),
        ("bad news in 5 KB", mail(&[BAD_NEWS, &ORDINARY.repeat(20)].concat())),
        ("ordinary, a few lines", mail(ORDINARY)),
    ] {
        let mut group = c.benchmark_group("judge");
        group.throughput(Throughput::Bytes(mail.len() as u64));
        group.bench_function(name, |b| b.iter(|| judge.judge(&envelope, black_box(&mail))));
        group.finish();
    }
}

criterion_group!(judging, benches);
criterion_main!(judging);
