//! How long reading takes: plain and HTML mail of five kilobytes, and hostile shapes.

use std::hint::black_box;

use callfirst::message::{Limits, read};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn plain() -> Vec<u8> {
    let head = "From: Ann Lee <ann@northwind.example>\r\nTo: Bob Roe <bob@customer.example>\r\n\
        Subject: Re: Your order 4711\r\nMessage-ID: <1@northwind.example>\r\nIn-Reply-To: <0@customer.example>\r\n\
        Date: Mon, 3 Mar 2025 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    let body = "Dear Bob,\r\n\r\nwe are sorry that the pumps you ordered in March cannot be delivered before\r\n\
        the end of May. Our supplier, Smith & Co. Ltd., didn't tell us before today.\r\n\r\n";
    let quote = "On Sun, 2 Mar 2025 at 09:00, Bob Roe <bob@customer.example> wrote:\r\n";
    let quoted = "> When will the pumps arrive? We need them on the 12th, as you know.\r\n";
    let sign = "Kind regards,\r\nAnn Lee\r\nHead of Sales\r\n+44 20 7946 0018\r\n\r\n";
    format!("{head}{}{sign}{quote}{}", body.repeat(15), quoted.repeat(20)).into_bytes()
}

fn html() -> Vec<u8> {
    let head = "From: Ann Lee <ann@northwind.example>\r\nTo: bob@customer.example\r\nSubject: Re: Your order\r\n\
        In-Reply-To: <0@customer.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>";
    let body = "<div style=\"font-family:Arial,sans-serif;font-size:11pt;color:#1f497d\">We are sorry that the pumps \
        cannot be delivered before the end of May.</div>\r\n<p class=\"MsoNormal\">Our supplier didn&#8217;t tell us&nbsp;before today.</p>\r\n";
    let quote = "<div class=\"gmail_quote\"><blockquote type=cite><div>When will they arrive?</div></blockquote></div>";
    format!("{head}{}{quote}", body.repeat(20)).into_bytes()
}

fn benches(c: &mut Criterion) {
    let limits = Limits::default();
    for (name, mail) in [
        ("plain 5 KB", plain()),
        ("html 5 KB", html()),
        (
            "200,000 open divs",
            [b"Content-Type: text/html\r\n\r\n".to_vec(), b"<div>".repeat(200_000)].concat(),
        ),
        (
            "100,000 nested comments",
            [b"From: ".to_vec(), b"(".repeat(100_000), b"\r\n\r\n".to_vec()].concat(),
        ),
    ] {
        let mut group = c.benchmark_group("read");
        group.throughput(Throughput::Bytes(mail.len() as u64));
        group.bench_function(name, |b| b.iter(|| read(black_box(&mail), &limits)));
        group.finish();
    }
}

criterion_group!(reading, benches);
criterion_main!(reading);
