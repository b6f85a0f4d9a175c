//! What a change of the files would do: to the policies' own tests, and to mail in general.

use serde::Serialize;

use super::{Bench, figures::Comparison, reference::Reference};
use crate::{
    decision::{Trial, Verdict, run_tests},
    policy::{Diagnostic, PolicySet, Source},
};

/// A policy's own test that comes out wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailedTest {
    /// Whose.
    pub policy: String,
    /// Its name.
    pub name: String,
    /// Whether it should be held.
    pub should_hold: bool,
    /// The policy that decided or came nearest.
    pub by: Option<String>,
    /// How sure that was.
    pub probability: f64,
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// Own tests that would fail. With one of them nothing goes live.
    pub failed_tests: Vec<FailedTest>,
    /// How many tests there are.
    pub tests: usize,
    /// What happens to the reference mails.
    pub reference: Comparison,
    /// Whether the mail that it is about comes out as wanted; `None` where it is about none.
    pub cures: Option<bool>,
}

impl Effect {
    /// Looks. `held_before` is what the files as they are hold of the reference mails.
    ///
    /// # Errors
    /// The files do not compile: every mistake.
    pub fn of(
        bench: &Bench<'_>,
        after: &[Source],
        (reference, held_before): (&Reference, &[bool]),
        about: Option<(&Trial, Verdict)>,
    ) -> Result<Effect, Vec<Diagnostic>> {
        let sets = bench.compile(after)?;
        let held_after = reference.held_by(sets.live());
        let cures = about.map(|(trial, wanted)| trial.decide(sets.live()).verdict == wanted);
        let (tests, failed_tests) = failed_tests(bench, sets.written());
        Ok(Effect {
            failed_tests,
            tests,
            reference: Comparison::of(reference, held_before, &held_after),
            cures,
        })
    }

    /// Why it should not be taken: what an admin may overrule with a reason, but for failed tests.
    pub fn refusals(&self) -> Vec<String> {
        self.reference.refusals()
    }

    /// Whether it may be taken without overruling anything.
    pub fn is_good(&self) -> bool {
        self.failed_tests.is_empty() && self.refusals().is_empty() && self.cures != Some(false)
    }

    /// For sorting: the better first.
    pub fn rank(&self) -> (bool, usize) {
        let lost = self.reference.changed.iter().filter(|c| c.news != c.held).count();
        (!self.is_good(), lost)
    }
}

fn failed_tests(bench: &Bench<'_>, set: &PolicySet) -> (usize, Vec<FailedTest>) {
    let results = run_tests(set, bench.organisation, bench.read);
    let failed = results.iter().filter(|result| !result.passed).map(|result| FailedTest {
        policy: result.policy.clone(),
        name: result.name.clone(),
        should_hold: result.expect_hold,
        by: result.decision.as_ref().and_then(|decision| decision.policy.clone()),
        probability: result.decision.as_ref().map_or(0.0, |decision| decision.probability),
    });
    (results.len(), failed.collect())
}
