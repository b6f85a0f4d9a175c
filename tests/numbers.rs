//! Telephone numbers on threads as people write them: which may be offered, and which not.
//!
//! `tests/people/threads.jsonl` has one thread a line; its format stands in `tests/README.md`. Every
//! thread becomes a mail with text and quoted mail below, is read and its call sheet made as the relay
//! does, without a directory. Prints precision, recall and each miss; the floors are below.
//!
//! Tuned on: see the end of `tests/README.md`. Whoever changes the rules after looking at a thread
//! says so there, by its id.
#![cfg(feature = "phone")]
#![expect(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use std::collections::BTreeSet;

use callfirst::{
    call::{self, CallSheet, Guides, Told},
    decision::{Decision, HoldTerms, Mode, Organisation, Reason, RecipientVerdict, Verdict},
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
    message::{self, Limits},
};
use serde::Deserialize;

/// Of the numbers offered so many are the recipient's...
const PRECISION: f64 = 0.98;
/// ... and of the recipient's so many are offered.
const RECALL: f64 = 0.90;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thread {
    id: String,
    /// Of the recipient, by its two letters; for whoever reads the misses.
    country: String,
    from: String,
    to: String,
    subject: String,
    text: String,
    quoted: String,
    numbers: BTreeSet<String>,
    why: String,
}

fn threads() -> Vec<Thread> {
    let text = include_str!("people/threads.jsonl");
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            let thread = serde_json::from_str(line);
            thread.unwrap_or_else(|error| unreachable!("line {}: {error}", at + 1))
        })
        .collect()
}

/// The address of `Susan Hall <susan@hall.example>`.
fn address(text: &str) -> &str {
    text.rsplit_once('<').map_or(text, |(_, address)| address.trim_end_matches('>'))
}

fn sheet(thread: &Thread) -> CallSheet {
    let Thread { from, to, subject, text, quoted, .. } = thread;
    let body = format!("{text}\n\n{quoted}\n").replace('\n', "\r\n");
    let mail = format!(
        "From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nIn-Reply-To: <1@there.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
    );
    let reading = message::read(mail.as_bytes(), &Limits::default());
    let recipient = ForwardPath::parse(address(to)).unwrap();
    let sender = ReversePath::parse(address(from)).unwrap();
    let domain = sender.mailbox().and_then(|m| m.domain()).unwrap().to_owned();
    let organisation = Organisation { name: String::new(), domains: vec![domain] };
    let envelope = Envelope::to_one(sender, Recipient::plain(recipient.clone()));
    let decision = Decision {
        verdict: Verdict::Hold,
        reason: Reason::Policy,
        policy: None,
        category: None,
        title: None,
        probability: 1.0,
        threshold: 0.5,
        language: reading.language,
        mode: Mode::Enforce,
        recipients: vec![RecipientVerdict { address: recipient, verdict: Verdict::Hold }],
        evidence: Vec::new(),
        terms: HoldTerms::default(),
        would_hold: false,
    };
    call::prepare(
        &reading,
        &decision,
        &envelope,
        &organisation,
        &Guides::shipped(),
        &Told::default(),
    )
}

#[test]
fn numbers_of_threads_are_the_recipients() {
    let (mut right, mut wrong, mut missed) = (0_u32, 0_u32, 0_u32);
    for thread in threads() {
        let offered: BTreeSet<String> =
            sheet(&thread).numbers.into_iter().map(|n| n.e164).collect();
        let told = |what: &str, number: &str| {
            eprintln!("{what} {number} in {} ({}): {}", thread.id, thread.country, thread.why);
        };
        for number in &offered {
            if thread.numbers.contains(number) {
                right += 1;
            } else {
                wrong += 1;
                told("wrong ", number);
            }
        }
        for number in thread.numbers.difference(&offered) {
            missed += 1;
            told("missed", number);
        }
    }
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
    let (precision, recall) = (share(right, right + wrong), share(right, right + missed));
    eprintln!(
        "{right} right, {wrong} wrong, {missed} missed: precision {precision:.3}, recall {recall:.3}"
    );
    assert!(precision >= PRECISION, "precision {precision:.3} is below {PRECISION}");
    assert!(recall >= RECALL, "recall {recall:.3} is below {RECALL}");
}

#[test]
fn every_thread_is_one_of_its_own() {
    let mut ids = BTreeSet::new();
    for thread in threads() {
        assert!(ids.insert(thread.id.clone()), "{} stands twice", thread.id);
        assert!(!thread.why.is_empty(), "{} does not say why", thread.id);
        for number in &thread.numbers {
            let digits = number.strip_prefix('+').unwrap();
            assert!(digits.bytes().all(|b| b.is_ascii_digit()), "{}: {number}", thread.id);
        }
    }
}
