//! How long one transaction takes through the whole pipeline: envelope and content to a next hop
//! on loopback that says yes to everything, read, weighed and decided in between.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot be set up should say so and end"
)]

use std::{
    io::{BufRead, BufReader, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use arc_swap::ArcSwap;
use callfirst::{
    app::{Judge, compile_policies},
    attachments::Attachments,
    config::PolicySettings,
    decision::{Mode, Organisation},
    hold::{self, Hold, MemoryStore, NewHold, NewItem, SameCustomer},
    mail::{Content, ForwardPath, Origin, Protocol, Recipient, ReversePath, Timestamp, Xforward},
    pipeline::{Outcome, Parts, Pipeline, Prompter, Settings},
    relay::{self, NextHop},
    release::Keys,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const PARAGRAPH: &str = "Thank you for the drawings of the second floor. The ducts fit below the\r\n\
    beams, and the fans that you chose are in our warehouse. Our fitters come\r\n\
    on Tuesday at seven and need a parking place near the north gate.\r\n\r\n";

/// Nothing is held here, so nothing is owed.
struct NoNotice;

impl Prompter for NoNotice {
    fn hold_notice(&self, _: &NewHold, _: &SameCustomer, _: Option<&Hold>) -> Vec<NewItem> {
        Vec::new()
    }
}

/// A next hop on a port of its own, a thread a session.
fn next_hop() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || agree(stream));
        }
    });
    address
}

/// Says yes until the other side goes.
fn agree(stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut said, mut stream) = (BufReader::new(stream.try_clone()?), stream);
    stream.write_all(b"220 hop\r\n")?;
    let (mut line, mut in_data) = (Vec::new(), false);
    while said.read_until(b'\n', &mut line)? > 0 {
        let answer: &[u8] = match (in_data, line.as_slice()) {
            (true, b".\r\n") => b"250 2.0.0 taken\r\n",
            (true, _) => b"",
            (false, b"DATA\r\n") => b"354 go ahead\r\n",
            (false, line) if line.starts_with(b"EHLO") => b"250-hop\r\n250 PIPELINING\r\n",
            (false, _) => b"250 2.0.0 ok\r\n",
        };
        in_data = answer.starts_with(b"354") || in_data && answer.is_empty();
        stream.write_all(answer)?;
        line.clear();
    }
    Ok(())
}

fn pipeline() -> Arc<Pipeline> {
    let policies =
        compile_policies(&PolicySettings::default()).expect("the shipped policies compile");
    let organisation =
        Organisation { name: String::new(), domains: vec!["northwind.example".to_owned()] };
    let policies = Arc::new(ArcSwap::from_pointee(policies));
    let program = env!("CARGO_BIN_EXE_callfirst").into();
    let attachments = Arc::new(Attachments::new(Default::default(), program));
    let hop = relay::Settings::new(next_hop().to_string(), "bench.example");
    Pipeline::new(Parts {
        teams: Arc::default(),
        judge: Arc::new(Judge::new(policies, organisation, Mode::Enforce, attachments)),
        prompter: Arc::new(NoNotice),
        store: Arc::new(MemoryStore::new(hold::Settings::default())),
        next_hop: NextHop::new(hop).expect("settings in order"),
        replies: None,
        traffic: None,
        keys: Keys::new([7; 32]),
        settings: Settings::default(),
        clock: Arc::new(Timestamp::now),
    })
}

async fn one(pipeline: &Arc<Pipeline>, content: Content) -> Outcome {
    let origin = Origin {
        session_id: "bench".to_owned(),
        transaction_id: "bench.1".to_owned(),
        client: IpAddr::V4(Ipv4Addr::LOCALHOST),
        helo: "client.example".to_owned(),
        protocol: Protocol::Esmtp,
        xforward: Xforward::default(),
    };
    let sender = ReversePath::parse("ann@northwind.example").expect("a path");
    let recipient = ForwardPath::parse("bob@customer.example").expect("a path");
    let begun = pipeline.mail(origin, sender, Vec::new()).await;
    let (mut transaction, _) = begun.unwrap_or_else(|reply| panic!("MAIL refused: {reply:?}"));
    assert!(transaction.rcpt(Recipient::plain(recipient)).await.is_positive());
    transaction.finish(content, "Received: from client.example\r\n".to_owned()).await
}

fn benches(c: &mut Criterion) {
    let head =
        "From: ann@northwind.example\r\nTo: bob@customer.example\r\nSubject: Drawings\r\n\r\n";
    let mail = format!("{head}{}", PARAGRAPH.repeat(22)).into_bytes();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let pipeline = pipeline();
    let mut group = c.benchmark_group("pipeline");
    group.throughput(Throughput::Bytes(mail.len() as u64));
    group.bench_function("5 KB passed on", |b| {
        b.iter(|| {
            let outcome = runtime.block_on(one(&pipeline, Content::from(mail.clone())));
            assert!(matches!(outcome, Outcome::PassedOn(_)), "{outcome:?}");
        });
    });
    group.finish();
}

criterion_group!(walk, benches);
criterion_main!(walk);
