//! Asks the judge, under a permit, within a time, and survives its panic. Where the judge doubts
//! and knows whom to ask, the mail waits for that too, and keeps the first judgement if none comes.
//!
//! A panic's text may quote the mail, so it is dropped here; what is logged is that it happened.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use async_trait::async_trait;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use super::{Failure, Pipeline};
use crate::{
    decision::Decision,
    hold::{Dossier, NewHold, NewItem},
    mail::{Content, Envelope},
    telemetry::{self, pipeline::Trouble},
};

/// Reads, weighs and decides one message. Pure: the same mail and policies, the same judgement.
pub trait Judge: Send + Sync {
    /// Judges; the decision has one verdict a recipient, in the envelope's order.
    fn judge(&self, envelope: &Envelope, content: &[u8]) -> Judged;
}

/// What a judge gives at once.
pub struct Judged {
    /// What it thinks.
    pub judgement: Judgement,
    /// That it is unsure, and how it may become surer.
    pub doubt: Option<Box<dyn Doubt>>,
}

impl From<Judgement> for Judged {
    /// Without a doubt.
    fn from(judgement: Judgement) -> Judged {
        Judged { judgement, doubt: None }
    }
}

/// A judgement in doubt, with what is needed to ask about it.
#[async_trait]
pub trait Doubt: Send {
    /// Asks, and judges anew. It keeps a time limit of its own.
    async fn settle(self: Box<Self>) -> Judgement;
}

/// Composes what a new hold owes its sender.
pub trait Prompter: Send + Sync {
    /// The notices for the outbox; they are committed with the hold.
    fn hold_notice(&self, new: &NewHold) -> Vec<NewItem>;
}

/// What was decided, and what pages and notices need to know about the mail.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Pass, hold or observe, a recipient.
    pub decision: Decision,
    /// Subject, thread, whom to call.
    pub dossier: Dossier,
}

/// Up to here judging takes about a millisecond and is done where we are; more would keep the
/// other sessions of this thread waiting.
const INLINE_OCTETS: u64 = 64 * 1024;

impl Pipeline {
    /// The judgement, or which trouble kept us from it. While a doubt is settled no permit is
    /// kept: the waiting is somebody else's work.
    pub(super) async fn judge(
        &self,
        envelope: &Envelope,
        content: &Content,
    ) -> Result<Judgement, Trouble> {
        let Judged { judgement, doubt } = self.first_judgement(envelope, content).await?;
        let Some(doubt) = doubt else { return Ok(judgement) };
        // A task of its own, so that a panic in it leaves us the first judgement.
        let settling = AbortOnDropHandle::new(tokio::spawn(doubt.settle().in_current_span()));
        match timeout(self.parts.settings.doubt_limit, settling).await {
            Ok(Ok(settled)) => Ok(settled),
            Ok(Err(_)) | Err(_) => {
                telemetry::pipeline::doubt_stays();
                Ok(judgement)
            }
        }
    }

    async fn first_judgement(
        &self,
        envelope: &Envelope,
        content: &Content,
    ) -> Result<Judged, Trouble> {
        let deadline = Instant::now() + self.parts.settings.judge_limit;
        let permit = match timeout_at(deadline, self.judging.clone().acquire_owned()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) | Err(_) => return Err(Trouble::Busy),
        };
        let judge = self.parts.judge.clone();
        if let Some(octets) = content.in_memory().filter(|_| content.len() <= INLINE_OCTETS) {
            return guarded(|| judge.judge(envelope, octets));
        }
        let (envelope, content) = (envelope.clone(), content.clone());
        // The permit stays with the work: work that is given up on still takes a core.
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let octets = content.whole().map_err(|_| Trouble::Unreadable)?;
            guarded(|| judge.judge(&envelope, &octets))
        });
        match timeout_at(deadline, work).await {
            Ok(judged) => judged.unwrap_or(Err(Trouble::Panicked)),
            Err(_) => Err(Trouble::TooLong),
        }
    }

    /// The notices that a hold owes; a hold without its notice would be silence.
    pub(super) fn compose(&self, new: &NewHold) -> Result<Vec<NewItem>, Trouble> {
        let prompter: &Arc<dyn Prompter> = &self.parts.prompter;
        guarded(|| prompter.hold_notice(new))
    }
}

/// The judge and the prompter keep nothing between two calls, so nothing is left half done.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Trouble::Panicked)
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        match trouble {
            Trouble::Busy => Failure::Busy,
            Trouble::TooLong | Trouble::Unreadable | Trouble::Panicked => Failure::Judging,
        }
    }
}
