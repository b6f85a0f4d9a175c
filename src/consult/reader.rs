//! The second reader: one question within all limits.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use hyper::header::HeaderValue;
use tokio::{sync::Semaphore, time::timeout};

use super::{
    Asked, BadSettings, Failure, Outcome, Refusal, Settings, breaker::Breaker, budget::Budget,
    connection::Reply, pool::Pool, tls::Tls,
};
use crate::{opinion::Question, telemetry};

/// See the module. Shared by all sessions.
pub struct SecondReader {
    pool: Pool,
    model: String,
    timeout: Duration,
    slots: Semaphore,
    budget: Budget,
    breaker: Breaker,
    /// Whether the server holds an answer to its form; not after it refused to.
    structured: AtomicBool,
}

impl SecondReader {
    /// Reads key and certificates. Asks nobody.
    pub fn new(settings: Settings) -> Result<SecondReader, BadSettings> {
        let endpoint = settings.endpoint;
        let tls = match endpoint.tls {
            true => Some(Tls::new(&endpoint.host, settings.ca_file.as_deref())?),
            false => None,
        };
        Ok(SecondReader {
            pool: Pool {
                endpoint,
                tls,
                plain_http: settings.plain_http,
                authorization: settings.key_file.as_deref().map(authorization).transpose()?,
                most_idle: settings.at_once,
                idle: Mutex::default(),
            },
            model: settings.model,
            timeout: settings.timeout,
            slots: Semaphore::new(settings.at_once.min(Semaphore::MAX_PERMITS)),
            budget: Budget::new(settings.per_minute, settings.per_day),
            breaker: Breaker::default(),
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
        let Ok(_slot) = self.slots.try_acquire() else { return Outcome::Refused(Refusal::Busy) };
        let Some(attempt) = self.breaker.attempt(Instant::now()) else {
            return Outcome::Refused(Refusal::Resting);
        };
        if !self.budget.take(Instant::now()) {
            attempt.withdraw();
            return Outcome::Refused(Refusal::OverBudget);
        }
        let reply = match timeout(self.timeout, self.reply(question)).await {
            Ok(reply) => reply,
            Err(_) => Err(Failure::TimedOut),
        };
        match reply.map(|reply| question.answer(&reply.body)) {
            Ok(Ok(answer)) => {
                attempt.succeeded();
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
        let reply = self.pool.post(question.request(&self.model, structured)).await?;
        let refused = structured && matches!(reply.status, 400 | 422);
        if !refused || !self.budget.take(Instant::now()) {
            return successful(reply);
        }
        let plain = successful(self.pool.post(question.request(&self.model, false)).await?)?;
        self.structured.store(false, Ordering::Relaxed);
        Ok(plain)
    }
}

fn successful(reply: Reply) -> Result<Reply, Failure> {
    match reply.status {
        200..=299 => Ok(reply),
        status => Err(Failure::Status(status)),
    }
}

/// The field of a key: `Bearer` and the one line of the file (RFC 6750 §2.1).
fn authorization(path: &Path) -> Result<HeaderValue, BadSettings> {
    let unread = |source| BadSettings::File { path: path.to_owned(), source };
    let facts = fs::metadata(path).map_err(unread)?;
    if facts.permissions().mode() & 0o077 != 0 {
        return Err(BadSettings::Open(path.to_owned()));
    }
    let key = fs::read_to_string(path).map_err(unread)?;
    let key = key.trim();
    let good = !key.is_empty() && key.bytes().all(|octet| octet.is_ascii_graphic());
    let field = HeaderValue::try_from(format!("Bearer {key}")).ok().filter(|_| good);
    let mut field = field.ok_or_else(|| BadSettings::Key(path.to_owned()))?;
    field.set_sensitive(true);
    Ok(field)
}
