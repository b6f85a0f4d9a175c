//! Reading, weighing, deciding and the call sheet, in one step.
//!
//! The service, `explain`, `replay`, `evaluate` and `notice` all judge through here, so that a
//! dry run says what the relay would do.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;

use crate::{
    attachments::Attachments,
    call::{self, CallSheet},
    decision::{self, Decision, Mode, Organisation, Question, Verdict},
    hold::Dossier,
    mail::Envelope,
    message::{self, Limits, Reading},
    pipeline,
    policy::PolicySet,
    telemetry,
};

/// What is in force now; replaced whole on reload.
pub type Policies = Arc<ArcSwap<PolicySet>>;

/// See the module.
#[derive(Clone)]
pub struct Judge {
    policies: Policies,
    organisation: Organisation,
    mode: Mode,
    limits: Limits,
    attachments: Arc<Attachments>,
}

/// All that was found out about one message.
pub struct Judged {
    /// What it says.
    pub reading: Reading,
    /// What is to be done.
    pub decision: Decision,
    /// Whom to call.
    pub call: CallSheet,
    /// The log-odds that the deciding policy starts from, before any evidence.
    pub base: Option<f64>,
}

impl Judge {
    /// A judge by these policies for this organisation, who reads what is attached by these means.
    pub fn new(
        policies: Policies,
        organisation: Organisation,
        mode: Mode,
        attachments: Arc<Attachments>,
    ) -> Judge {
        Judge { policies, organisation, mode, limits: Limits::default(), attachments }
    }

    /// Judges one message, attached documents included.
    pub fn judge(&self, envelope: &Envelope, content: &[u8]) -> Judged {
        self.judge_for(&self.organisation, envelope, content)
    }

    /// The same with another idea of inside and outside.
    pub fn judge_for(
        &self,
        organisation: &Organisation,
        envelope: &Envelope,
        content: &[u8],
    ) -> Judged {
        let reading = self.read_in(self.attachments.settings().time, content);
        self.decide(organisation, envelope, reading)
    }

    /// Reads a message; blocks for `time` at most where documents are attached.
    fn read_in(&self, time: Duration, content: &[u8]) -> Reading {
        let mut reading = message::read(content, &self.limits);
        self.attachments.read(content, &self.limits, time, &mut reading);
        reading
    }

    fn decide(&self, organisation: &Organisation, envelope: &Envelope, reading: Reading) -> Judged {
        let policies = self.policies.load();
        let decision = decision::decide(&Question {
            policies: &policies,
            reading: &reading,
            envelope,
            organisation,
            mode: self.mode,
        });
        // Looking for numbers costs more than judging; mail that passes needs none.
        let call = match decision.verdict {
            Verdict::Hold => call::prepare(&reading, &decision, envelope, organisation),
            Verdict::Pass => CallSheet::default(),
        };
        let policy = decision.policy.as_deref().and_then(|id| policies.policy(id));
        let base = policy.map(|policy| policy.base);
        Judged { reading, decision, call, base }
    }

    /// The policies in force.
    pub fn policies(&self) -> Arc<PolicySet> {
        self.policies.load_full()
    }

    /// Whose inside it is.
    pub fn organisation(&self) -> &Organisation {
        &self.organisation
    }
}

/// What is kept of a judged message beside its bytes.
pub fn dossier(judged: Judged) -> Dossier {
    let header = judged.reading.header;
    let from = header.from.into_iter().next().unwrap_or_default();
    Dossier {
        subject: header.subject,
        message_id: header.message_id,
        references: header.references,
        header_from_name: from.name,
        decision: judged.decision,
        call: judged.call,
    }
}

impl pipeline::Judge for Judge {
    fn judge_at_once(&self, envelope: &Envelope, content: &[u8]) -> Option<pipeline::Judgement> {
        let reading = message::read(content, &self.limits);
        if self.attachments.concern(&reading) {
            return None;
        }
        Some(judgement(self.decide(&self.organisation, envelope, reading)))
    }

    fn judge_in(&self, time: Duration, envelope: &Envelope, content: &[u8]) -> pipeline::Judgement {
        let reading = self.read_in(time, content);
        judgement(self.decide(&self.organisation, envelope, reading))
    }
}

fn judgement(judged: Judged) -> pipeline::Judgement {
    let decision = judged.decision.clone();
    if decision.would_hold {
        let policy = decision.policy.as_deref().unwrap_or_default();
        telemetry::service::exempt_would_hold(decision.reason.as_str(), policy);
    }
    pipeline::Judgement { decision, dossier: dossier(judged) }
}
