//! Mail whose verdict is plain: the policies' own tests, and `examples/mail`.

use std::fs;

use callfirst::{
    app,
    decision::Verdict,
    message::{self, Limits},
};

use super::{JUDGE, judge, ours};

#[test]
fn every_shipped_policy_passes_its_own_tests() {
    let results = app::run_own_tests(&JUDGE.policies());
    let failed: Vec<String> = results.iter().filter(|r| !r.passed).map(app::test_failure).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(results.len() >= 12 * 15, "only {} tests", results.len());
}

#[test]
fn what_is_held_when_written_passes_when_quoted() {
    let set = JUDGE.policies();
    let tests = set.policies().iter().flat_map(|policy| &policy.tests).filter(|test| test.hold);
    let mut held = Vec::new();
    for test in tests {
        let quoted: String = test.text.lines().map(|line| format!("> {line}\r\n")).collect();
        let mail = format!(
            "From: <a@inside.example>\r\nTo: <b@outside.example>\r\nSubject: Re: your letter\r\n\
             In-Reply-To: <1@outside.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
             Thank you, we look into it.\r\n\r\n{quoted}"
        );
        let decision = judge("a@inside.example", &["b@outside.example"], mail.as_bytes());
        if decision.verdict == Verdict::Hold {
            held.push(format!("{}: {:?}", test.text, decision.evidence));
        }
    }
    assert!(held.is_empty(), "{}", held.join("\n"));
}

#[test]
fn every_example_mail_is_judged_as_its_name_says() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(ours("examples/mail")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".eml") else { continue };
        let mail = fs::read(ours("examples/mail").join(&name)).unwrap();
        let header = message::read(&mail, &Limits::default()).header;
        let address = |a: &message::Address| a.address.clone();
        let from: Vec<String> = header.from.iter().map(address).collect();
        let to: Vec<String> = header.to.iter().map(address).collect();
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        let decision = judge(&from.concat(), &to, &mail);
        let held = decision.verdict == Verdict::Hold;
        let right = match stem.strip_prefix("hold-") {
            // `warranty_denial-de`: the category, perhaps the language.
            Some(kind) => held && decision.category.as_deref() == kind.split('-').next(),
            None => !held,
        };
        seen += 1;
        if !right {
            wrong.push(format!("{name}: {decision:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen >= 30, "only {seen} examples");
}
