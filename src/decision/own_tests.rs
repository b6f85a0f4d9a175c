//! Runs the tests that are written in the policies.

use super::{Decision, Mode, Organisation, Question, Reason, Standing, Verdict, decide_by};
use crate::{
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
    message::Reading,
    policy::{Policy, PolicySet, PolicyTest, Weighed},
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

/// A mail on trial: read once, to be decided about by many sets. A test's, or any other.
#[derive(Debug, Clone)]
pub struct Trial {
    /// What it says.
    pub reading: Reading,
    /// From whom, to whom.
    pub envelope: Envelope,
    /// Who is inside.
    pub organisation: Organisation,
}

impl Trial {
    /// A test's mail; `None` where an address of it is none. A sender whom the test names is one of
    /// ours: mail of others is nobody's to test.
    pub fn of(
        test: &PolicyTest,
        organisation: &Organisation,
        read: &dyn Fn(&[u8]) -> Reading,
    ) -> Option<Trial> {
        let inside = organisation.domains.first().map_or("inside.example", String::as_str);
        let from = test.from.clone().unwrap_or_else(|| format!("sender@{inside}"));
        let to = test.to.clone().unwrap_or_else(|| "customer@outside.example".to_owned());
        let envelope = envelope(&from, &to)?;
        let mut organisation = organisation.clone();
        organisation.domains.extend(from.rsplit_once('@').map(|(_, d)| d.to_ascii_lowercase()));
        let reading = read(mail(&from, &to, test).as_bytes());
        Some(Trial { reading, envelope, organisation })
    }

    /// What these policies do with it, where their verdicts bite.
    pub fn decide(&self, policies: &PolicySet) -> Decision {
        self.decide_by(policies, &policies.weigh(&self.reading))
    }

    /// The same by weights that are known already.
    pub fn decide_by(&self, policies: &PolicySet, weighed: &Weighed) -> Decision {
        let question = Question {
            policies,
            reading: &self.reading,
            envelope: &self.envelope,
            organisation: &self.organisation,
            mode: Mode::Enforce,
            standing: Standing::default(),
        };
        decide_by(&question, weighed)
    }
}

fn run(
    policies: &PolicySet,
    organisation: &Organisation,
    read: &dyn Fn(&[u8]) -> Reading,
    policy: &Policy,
    test: &PolicyTest,
) -> TestResult {
    let trial = Trial::of(test, organisation, read);
    let decision = trial.map(|trial| trial.decide(policies));
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
