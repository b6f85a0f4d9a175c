//! Runs the tests that are written in the policies.

use super::{Decision, Mode, Organisation, Question, Reason, Standing, Verdict, decide};
use crate::{
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
    message::Reading,
    policy::{Policy, PolicySet, PolicyTest},
};

/// What became of one `[[test]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// The policy it is written in.
    pub policy: String,
    /// Its name.
    pub name: String,
    /// Whether this policy must hold the mail; `false`: no policy may.
    pub expect_hold: bool,
    /// What was decided; without, an address of the test is none.
    pub decision: Option<Decision>,
    /// Whether that is as expected.
    pub passed: bool,
}

/// Runs every `[[test]]` of every enabled policy. `read` reads a mail as the service does. A
/// mail to be held must be held by a policy of the same category: two policies may well hear the same news.
pub fn run_tests(
    policies: &PolicySet,
    organisation: &Organisation,
    read: &dyn Fn(&[u8]) -> Reading,
) -> Vec<TestResult> {
    let enabled = policies.policies().iter().filter(|p| p.enabled);
    let all = enabled.flat_map(|policy| policy.tests.iter().map(move |test| (policy, test)));
    all.map(|(policy, test)| run(policies, organisation, read, policy, test)).collect()
}

fn run(
    policies: &PolicySet,
    organisation: &Organisation,
    read: &dyn Fn(&[u8]) -> Reading,
    policy: &Policy,
    test: &PolicyTest,
) -> TestResult {
    let inside = organisation.domains.first().map_or("inside.example", String::as_str);
    let from = test.from.clone().unwrap_or_else(|| format!("sender@{inside}"));
    let to = test.to.clone().unwrap_or_else(|| "customer@outside.example".to_owned());
    let decision = envelope(&from, &to).map(|envelope| {
        let reading = read(mail(&from, &to, test).as_bytes());
        decide(&Question {
            policies,
            reading: &reading,
            envelope: &envelope,
            organisation,
            mode: Mode::Enforce,
            standing: Standing::default(),
        })
    });
    let held = decision.as_ref().is_some_and(|d| {
        d.verdict == Verdict::Hold && d.category.as_deref() == Some(&policy.category)
    });
    let passed_on = decision
        .as_ref()
        .is_some_and(|d| d.verdict == Verdict::Pass && d.reason != Reason::OutsideSender);
    let passed = if test.hold { held } else { passed_on };
    let (policy, name) = (policy.id.clone(), test.name.clone());
    TestResult { policy, name, expect_hold: test.hold, decision, passed }
}

fn envelope(from: &str, to: &str) -> Option<Envelope> {
    let from = ReversePath::parse(from).ok()?;
    let to = ForwardPath::parse(to).ok()?;
    Envelope::new(from, Vec::new(), vec![Recipient::plain(to)]).ok()
}

const TEXT: &str = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n";
/// Between the parts of a test's mail.
const BOUNDARY: &str = "the-parts-of-a-policys-own-test";

/// The test's mail, plain text in UTF-8, with a second such part where something is attached.
fn mail(from: &str, to: &str, test: &PolicyTest) -> String {
    let subject = test.subject.replace(['\r', '\n'], " ");
    let mut mail =
        format!("From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n");
    if test.quoted.is_some() {
        mail.push_str("In-Reply-To: <earlier@outside.example>\r\n");
    }
    if test.attached.is_some() {
        mail.push_str(&format!("Content-Type: multipart/mixed; boundary={BOUNDARY}\r\n\r\n"));
        mail.push_str(&format!("--{BOUNDARY}\r\n"));
    }
    mail.push_str(TEXT);
    mail.push_str("\r\n");
    push_lines(&mut mail, "", &test.text);
    if let Some(quoted) = &test.quoted {
        mail.push_str(&format!("\r\nOn 2 March 2026, {to} wrote:\r\n"));
        push_lines(&mut mail, "> ", quoted);
    }
    if let Some(attached) = &test.attached {
        mail.push_str(&format!("\r\n--{BOUNDARY}\r\n{TEXT}"));
        mail.push_str("Content-Disposition: attachment; filename=attached.txt\r\n\r\n");
        push_lines(&mut mail, "", attached);
        mail.push_str(&format!("\r\n--{BOUNDARY}--\r\n"));
    }
    mail
}

fn push_lines(mail: &mut String, before: &str, text: &str) {
    for line in text.lines() {
        mail.push_str(before);
        mail.push_str(line);
        mail.push_str("\r\n");
    }
}
