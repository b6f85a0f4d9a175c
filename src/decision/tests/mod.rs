mod rollout;

use super::*;
use crate::{
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
    message::{self, Limits, Reading},
    policy::{PolicySet, Source},
};

fn whole_reading(bytes: &[u8]) -> Reading {
    message::read(bytes, &Limits::default())
}

const LATE: &str = r#"
id = "late"
title = "a delay"
category = "delivery_delay"

[hold]
recipients = "split"

[scope]
except_recipients = ["partner@*"]

[[signal]]
name = "late"
weight = 6.0
any = ["order .. late"]

[[exempt]]
name = "legal"
senders = ["legal@*"]
recipients = ["*@court.example"]
"#;

const CALLED: &str = r#"
common = true

[[signal]]
name = "called"
gives = "already_called"
unless = ["future"]
any = ["on the phone"]
"#;

fn organisation() -> Organisation {
    Organisation { name: "Northwind".to_owned(), domains: vec!["inside.example".to_owned()] }
}

fn policies(text: &str) -> PolicySet {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    PolicySet::compile(&[source("late.toml", text), source("common.toml", CALLED)], None).unwrap()
}

fn envelope(from: &str, to: &[&str]) -> Envelope {
    let recipients = to.iter().map(|to| Recipient::plain(ForwardPath::parse(to).unwrap()));
    Envelope::new(ReversePath::parse(from).unwrap(), Vec::new(), recipients.collect()).unwrap()
}

fn ask(text: &str, mail: &str, from: &str, to: &[&str]) -> Decision {
    let reading = whole_reading(mail.as_bytes());
    decide(&Question {
        policies: &policies(text),
        reading: &reading,
        envelope: &envelope(from, to),
        organisation: &organisation(),
        mode: Mode::Enforce,
        standing: Standing::default(),
    })
}

const MAIL: &str = "Subject: News\r\n\r\nYour order will be late.\r\n";

#[test]
fn news_is_held_with_the_senders_own_words() {
    let decision = ask(LATE, MAIL, "ann@inside.example", &["bob@outside.example"]);
    assert_eq!((decision.verdict, decision.reason), (Verdict::Hold, Reason::Policy));
    assert_eq!(decision.policy.as_deref(), Some("late"));
    assert_eq!(decision.evidence[0].text, "Your order will be late.");
    assert_eq!(decision.evidence[0].place, "new");
    // base -4 and signal +6
    assert!((decision.probability - 1.0 / (1.0 + (-2.0_f64).exp())).abs() < 1e-12);
    assert!(decision.bites());
}

#[test]
fn exemptions_come_in_their_order_and_are_weighed_all_the_same() {
    let automatic = format!("Auto-Submitted: auto-generated\r\n{MAIL}");
    let out = "bob@outside.example";
    for (mail, from, to, reason) in [
        (automatic.as_str(), "", vec![out], Reason::NullReversePath),
        (automatic.as_str(), "x@elsewhere.example", vec![out], Reason::OutsideSender),
        (automatic.as_str(), "ann@inside.example", vec!["c@inside.example"], Reason::Internal),
        (automatic.as_str(), "legal@inside.example", vec![out], Reason::Automatic),
        (MAIL, "legal@inside.example", vec![out], Reason::ExemptSender),
        (MAIL, "ann@inside.example", vec!["j@court.example"], Reason::ExemptRecipient),
    ] {
        let decision = ask(LATE, mail, from, &to);
        assert_eq!((decision.verdict, decision.reason), (Verdict::Pass, reason));
        assert!(decision.would_hold, "{reason:?}");
    }
}

#[test]
fn auto_submitted_no_is_a_persons_mail() {
    let mail = format!("Auto-Submitted: no\r\n{MAIL}");
    let decision = ask(LATE, &mail, "ann@inside.example", &["bob@outside.example"]);
    assert_eq!(decision.reason, Reason::Policy);
}

#[test]
fn split_holds_for_those_meant_and_whole_for_all() {
    let to = ["bob@outside.example", "partner@outside.example", "c@inside.example"];
    let verdicts = |text: &str| {
        let decision = ask(text, MAIL, "ann@inside.example", &to);
        decision.recipients.iter().map(|r| r.verdict).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(LATE), [Verdict::Hold, Verdict::Pass, Verdict::Pass]);
    assert_eq!(verdicts(&LATE.replace("\"split\"", "\"whole\"")), [Verdict::Hold; 3]);
}

#[test]
fn mail_that_confirms_a_call_passes() {
    let mail = "\r\n\r\nAs I said on the phone, your order will be late.";
    let decision = ask(LATE, mail, "ann@inside.example", &["bob@outside.example"]);
    assert_eq!((decision.verdict, decision.reason), (Verdict::Pass, Reason::AlreadyCalled));
}

#[test]
fn an_observed_policy_decides_and_does_not_bite() {
    let text = LATE.replace("title", "mode = \"observe\"\ntitle");
    let decision = ask(&text, MAIL, "ann@inside.example", &["bob@outside.example"]);
    assert_eq!(decision.verdict, Verdict::Hold);
    assert!(!decision.bites());
}

#[test]
fn quoted_news_is_context_and_never_evidence() {
    let mail = "In-Reply-To: <x@y>\r\n\r\nThank you.\r\n> Your order will be late.\r\n";
    let decision = ask(LATE, mail, "ann@inside.example", &["bob@outside.example"]);
    assert_eq!(decision.reason, Reason::BelowThreshold);
    assert_eq!(decision.evidence, []);
}

#[test]
fn the_shipped_policies_pass_their_own_tests() {
    let sources = PolicySet::shipped();
    let policies = match PolicySet::compile(&sources, None) {
        Ok(policies) => policies,
        Err(errors) => {
            let printed: Vec<String> = errors.iter().map(|e| e.render(&sources)).collect();
            panic!("{}", printed.join("\n"))
        }
    };
    let results = run_tests(&policies, &organisation(), &whole_reading);
    for policy in policies.policies() {
        let of = |hold| policy.tests.iter().filter(|t| t.hold == hold).count();
        assert!(of(true) >= 6 && of(false) >= 8, "{} has too few tests", policy.id);
    }
    let failed: Vec<_> = results
        .iter()
        .filter(|r| !r.passed)
        .map(|r| format!("{}: {} {:#?}", r.policy, r.name, r.decision))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
