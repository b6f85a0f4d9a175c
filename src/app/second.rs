//! The second reader, joined to the judge: whether a judgement is in doubt, the question about it,
//! and the judgement with the answer counted in.

use async_trait::async_trait;

use super::{Judge, Judged, judge};
use crate::{
    config::SecondReaderSettings,
    consult::{Asked, BadSettings, Outcome, SecondReader},
    decision::{self, GreyZone, Organisation, Settled, Verdict},
    mail::Envelope,
    opinion::{Limits, Question},
    pipeline, telemetry,
};

/// Whom to ask, when, and what the word is worth.
pub struct Second {
    reader: SecondReader,
    zone: GreyZone,
    weight: f64,
    limits: Limits,
}

/// Why there is no question about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoQuestion {
    /// The first judgement is in no doubt.
    Settled(Settled),
    /// Its sender wrote nothing that may be shown.
    NothingToShow,
}

/// What became of it, for one message.
#[derive(Debug, Clone, PartialEq)]
pub enum Consulted {
    /// There was no question.
    NotAsked(NoQuestion),
    /// It was asked, or kept from being asked by a limit.
    Asked {
        /// The question.
        question: Question,
        /// What became of it.
        asked: Asked,
        /// The probability before.
        before: f64,
        /// What it added in log-odds, if it said something.
        term: Option<f64>,
    },
}

impl Second {
    /// Reads the key and certificates that the settings name.
    pub fn new(settings: &SecondReaderSettings) -> Result<Second, BadSettings> {
        Ok(Second {
            reader: SecondReader::new(settings.ask.clone())?,
            zone: settings.zone,
            weight: settings.weight,
            limits: settings.limits,
        })
    }

    /// The question about a judged message, or why there is none.
    pub fn question(&self, envelope: &Envelope, judged: &Judged) -> Result<Question, NoQuestion> {
        let Judged { reading, decision, weighed, .. } = judged;
        if let Some(settled) = decision::settled(decision, weighed, self.zone) {
            return Err(NoQuestion::Settled(settled));
        }
        Question::about(reading, envelope, decision, self.limits).ok_or(NoQuestion::NothingToShow)
    }

    /// Asks, and judges anew with what was said.
    async fn settle(
        &self,
        judge: &Judge,
        organisation: &Organisation,
        envelope: &Envelope,
        mut judged: Judged,
        question: Question,
    ) -> Judged {
        let asked = self.reader.ask(&question).await;
        let (before, verdict) = (judged.decision.probability, judged.decision.verdict);
        let mut term = None;
        if let Outcome::Said(answer) = &asked.outcome {
            let word = question.word(answer);
            let Judged { weighed, decision, policies, .. } = &mut judged;
            term = Some(decision::hear(policies, weighed, decision, self.zone, &word, self.weight));
            judge.decide_anew(organisation, envelope, &mut judged);
        }
        if judged.decision.verdict != verdict {
            let word = match judged.decision.verdict {
                Verdict::Hold => "hold",
                Verdict::Pass => "pass",
            };
            let policy = judged.decision.policy.as_deref().unwrap_or("none");
            telemetry::second_reader::turned(word, policy);
        }
        judged.second = Some(Consulted::Asked { question, asked, before, term });
        judged
    }
}

impl Judge {
    /// Asks the second reader about a judged message, where there is one and the message is in
    /// doubt; says in `second` what became of it.
    pub async fn second_opinion(
        &self,
        organisation: &Organisation,
        envelope: &Envelope,
        mut judged: Judged,
    ) -> Judged {
        let Some(second) = self.second() else { return judged };
        match second.question(envelope, &judged) {
            Ok(question) => second.settle(self, organisation, envelope, judged, question).await,
            Err(why) => {
                judged.second = Some(Consulted::NotAsked(why));
                judged
            }
        }
    }

    /// What the pipeline is told at once: the judgement, and the doubt where it is one.
    pub(super) fn in_doubt(&self, envelope: &Envelope, judged: Judged) -> pipeline::Judged {
        let question = self.second().map(|second| second.question(envelope, &judged));
        let Some(Ok(question)) = question else { return judge::judgement(judged).into() };
        let judgement = judge::judgement(judged.clone());
        let (judge, envelope) = (self.clone(), envelope.clone());
        let doubt = Box::new(InDoubt { judge, envelope, judged, question });
        pipeline::Judged { judgement, doubt: Some(doubt) }
    }
}

/// A message that waits for a second opinion.
struct InDoubt {
    judge: Judge,
    envelope: Envelope,
    judged: Judged,
    question: Question,
}

#[async_trait]
impl pipeline::Doubt for InDoubt {
    async fn settle(self: Box<Self>) -> pipeline::Judgement {
        let InDoubt { judge, envelope, judged, question } = *self;
        let judged = match judge.second() {
            Some(second) => {
                second.settle(&judge, judge.organisation(), &envelope, judged, question).await
            }
            None => judged,
        };
        judge::judgement(judged)
    }
}
