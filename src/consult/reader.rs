//! The second reader: one question within all limits.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use tokio::time::timeout;

use super::{Asked, Outcome, Settings};
use crate::{
    http::{self, BadSettings, Call, Client, Failure, Reply, Secret},
    opinion::Question,
    reach::{Gate, Turn},
    telemetry,
};

/// No answer has more octets: a sentence, a category, two numbers, and what servers add.
const MAX_ANSWER_OCTETS: usize = 64 << 10;

/// See the module. Shared by all sessions.
pub struct SecondReader {
    client: Client,
    gate: Gate,
    model: String,
    timeout: Duration,
    /// Whether the server holds an answer to its form; not after it refused to.
    structured: AtomicBool,
}

impl SecondReader {
    /// Reads key and certificates. Asks nobody.
    pub fn new(settings: Settings) -> Result<SecondReader, BadSettings> {
        let client = Client::new(http::Settings {
            endpoint: settings.endpoint,
            secret: settings.key_file.as_deref().map(Secret::bearer).transpose()?,
            ca_file: settings.ca_file,
            plain_http: settings.plain_http,
            most_idle: settings.limits.at_once,
            most_octets: MAX_ANSWER_OCTETS,
        })?;
        Ok(SecondReader {
            client,
            gate: Gate::new(settings.limits, tell),
            model: settings.model,
            timeout: settings.timeout,
            structured: AtomicBool::new(true),
        })
    }

    /// Asks, if the limits allow it. Never waits for its turn, and for an answer no longer than
    /// the timeout.
    pub async fn ask(&self, question: &Question) -> Asked {
        let began = Instant::now();
        let outcome = self.outcome(question).await;
        let took = began.elapsed();
        match &outcome {
            Outcome::Refused(refusal) => telemetry::second_reader::not_asked(refusal.word()),
            Outcome::Said(_) | Outcome::Failed(_) | Outcome::Invalid(_) => {
                telemetry::second_reader::asked(outcome.word(), took);
            }
        }
        Asked { outcome, took }
    }

    async fn outcome(&self, question: &Question) -> Outcome {
        let entry = match self.gate.enter() {
            Ok(entry) => entry,
            Err(refusal) => return Outcome::Refused(refusal),
        };
        let reply = match timeout(self.timeout, self.reply(question)).await {
            Ok(reply) => reply,
            Err(_) => Err(Failure::TimedOut),
        };
        match reply.map(|reply| question.answer(&reply.body)) {
            Ok(Ok(answer)) => {
                entry.succeeded();
                Outcome::Said(answer)
            }
            Ok(Err(invalid)) => Outcome::Invalid(invalid),
            Err(failure) => Outcome::Failed(failure),
        }
    }

    /// A successful reply. A server that does not know `response_format` answers 400 or 422; it is
    /// asked again without, and so from then on.
    async fn reply(&self, question: &Question) -> Result<Reply, Failure> {
        let structured = self.structured.load(Ordering::Relaxed);
        let reply = self.post(question, structured).await?;
        let refused = structured && matches!(reply.status, 400 | 422);
        if !refused || !self.gate.may_repeat() {
            return successful(reply);
        }
        let plain = successful(self.post(question, false).await?)?;
        self.structured.store(false, Ordering::Relaxed);
        Ok(plain)
    }

    async fn post(&self, question: &Question, structured: bool) -> Result<Reply, Failure> {
        self.client.ask(Call::Post(question.request(&self.model, structured))).await
    }
}

fn tell(turn: Turn) {
    match turn {
        Turn::Rests(pause) => telemetry::second_reader::rests(pause),
        Turn::IsBack => telemetry::second_reader::is_back(),
    }
}

fn successful(reply: Reply) -> Result<Reply, Failure> {
    match reply.status {
        200..=299 => Ok(reply),
        status => Err(Failure::Status(status)),
    }
}
