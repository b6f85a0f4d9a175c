//! From judgement to what is done: pass all, hold all, or hold for some.

use super::{Failure, Judgement, OnError, Pipeline};
use crate::{
    decision::{Decision, Verdict},
    mail::{Content, Envelope, Origin},
    telemetry,
};

/// What to do with one message.
pub(super) enum Plan {
    /// It goes to everybody; with what is noted of it once it went, if anything.
    Pass(Option<Box<Judgement>>),
    /// It is kept from everybody.
    Hold(Box<Judgement>),
    /// It is kept from some, and goes to the others.
    Split {
        judgement: Box<Judgement>,
        held: Envelope,
        passed: Envelope,
        /// A recipient of the envelope is held.
        is_held: Vec<bool>,
    },
}

impl Pipeline {
    /// Judges, unless the mail is proven to be ours.
    pub(super) async fn plan(
        &self,
        origin: &Origin,
        envelope: &Envelope,
        content: &Content,
    ) -> Result<Plan, Failure> {
        let transaction_id = &origin.transaction_id;
        if self.is_ours(envelope, content).await {
            telemetry::pipeline::passed_as_ours(transaction_id);
            return Ok(Plan::Pass(None));
        }
        match self.judge(envelope, content).await {
            Ok(judgement) => {
                let decision = &judgement.decision;
                let policy = decision.policy.as_deref().unwrap_or("none");
                telemetry::pipeline::judged(transaction_id, policy, word(decision));
                if !decision.bites() {
                    return Ok(Plan::Pass(self.to_be_noted(judgement)));
                }
                let plan = lay_out(judgement, envelope);
                // Rare, and large as a future: every message would carry it along.
                let is_new_text = Box::pin(self.is_new_text(&plan, origin, envelope, content));
                Ok(if is_new_text.await { Plan::Pass(None) } else { plan })
            }
            Err(trouble) => {
                let pass = self.parts.settings.on_error == OnError::Pass;
                telemetry::pipeline::judging_failed(transaction_id, trouble, pass);
                if pass { Ok(Plan::Pass(None)) } else { Err(trouble.into()) }
            }
        }
    }
}

/// What is counted of a decision.
fn word(decision: &Decision) -> &'static str {
    match decision.verdict {
        Verdict::Hold if decision.bites() => "hold",
        Verdict::Hold if decision.only_tells() => "notify",
        Verdict::Hold => "observe",
        Verdict::Pass if decision.would_hold => "exempt",
        Verdict::Pass => "pass",
    }
}

/// What is held of a judgement that bites: all of it, or some.
///
/// A judgement that does not fit its envelope holds the whole message: the safe side.
fn lay_out(judgement: Judgement, envelope: &Envelope) -> Plan {
    let decision = &judgement.decision;
    let is_held: Vec<bool> =
        decision.recipients.iter().map(|r| r.verdict == Verdict::Hold).collect();
    let fits = is_held.len() == envelope.recipients().len();
    let parts = [true, false].map(|wanted| envelope.only(|i| is_held.get(i) == Some(&wanted)));
    match parts {
        [Ok(held), Ok(passed)] if decision.terms.split && fits => {
            Plan::Split { judgement: Box::new(judgement), held, passed, is_held }
        }
        _ => Plan::Hold(Box::new(judgement)),
    }
}
