//! Asks the judge, under a permit, within a time, and survives its panic. Where somebody else
//! is to be asked, the mail waits for that too, and keeps the first judgement if no answer comes.
//!
//! There are two kinds of permits. Most mail takes a core for a moment. Mail with attached documents
//! waits for processes that read them; it must not keep the cores from the others meanwhile, so it
//! waits with others of its kind. Where too many wait, its documents stay unread.
//!
//! A panic's text may quote the mail, so it is dropped here; what is logged is that it happened.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout, timeout_at},
};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use super::{Failure, Pipeline};
use crate::{
    decision::Decision,
    hold::{Dossier, Hold, NewHold, NewItem, SameCustomer},
    mail::{Content, Envelope},
    telemetry::{self, pipeline::Trouble},
    traffic::Sketch,
};

/// Reads, weighs and decides one message; the decision has one verdict a recipient, in the
/// envelope's order. The same mail and policies, the same judgement.
pub trait Judge: Send + Sync {
    /// Judges where that needs nothing but the mail; `None` where documents are attached, which
    /// other processes read.
    fn judge_at_once(&self, envelope: &Envelope, content: &[u8]) -> Option<Judged>;

    /// Judges; waits for so long at most for what is attached. What is not read by then is left
    /// unread.
    fn judge_in(&self, time: Duration, envelope: &Envelope, content: &[u8]) -> Judged;
}

/// What a judge gives at once.
pub struct Judged {
    /// What it thinks.
    pub judgement: Judgement,
    /// Whom else it would ask.
    pub inquiry: Option<Box<dyn Inquiry>>,
}

impl From<Judgement> for Judged {
    /// Nobody else is asked.
    fn from(judgement: Judgement) -> Judged {
        Judged { judgement, inquiry: None }
    }
}

/// A judgement that others may add to: a second reader, a directory.
#[async_trait]
pub trait Inquiry: Send {
    /// Asks, and judges anew. It keeps a time limit of its own.
    async fn conclude(self: Box<Self>) -> Judgement;
}

/// Composes what a new hold owes its sender.
pub trait Prompter: Send + Sync {
    /// The notices for the outbox; they are committed with the hold. `before` is what there was
    /// with the same customer; `waiting` is a hold of the same conversation that waits already.
    fn hold_notice(
        &self,
        new: &NewHold,
        before: &SameCustomer,
        waiting: Option<&Hold>,
    ) -> Vec<NewItem>;
}

/// What was decided, and what pages and notices need to know about the mail.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Pass, hold or observe, a recipient.
    pub decision: Decision,
    /// Subject, thread, whom to call.
    pub dossier: Dossier,
    /// What the policies made of it, where traffic is recorded.
    pub sketch: Option<Box<Sketch>>,
}

/// Up to here judging takes about a millisecond and is done where we are; more would keep the
/// other sessions of this thread waiting.
const INLINE_OCTETS: u64 = 64 * 1024;

/// Messages whose attached documents are being read or wait for it; each lies in memory whole.
pub(super) const WAITING_AT_ONCE: usize = 16;

impl Pipeline {
    /// The judgement, or which trouble kept us from it. While others are asked no permit is
    /// kept: the waiting is somebody else's work.
    pub(super) async fn judge(
        &self,
        envelope: &Envelope,
        content: &Content,
    ) -> Result<Judgement, Trouble> {
        let Judged { judgement, inquiry } = self.first_judgement(envelope, content).await?;
        let Some(inquiry) = inquiry else { return Ok(judgement) };
        // A task of its own, so that a panic in it leaves us the first judgement.
        let asking = AbortOnDropHandle::new(tokio::spawn(inquiry.conclude().in_current_span()));
        match timeout(self.parts.settings.inquiry_limit, asking).await {
            Ok(Ok(settled)) => Ok(settled),
            Ok(Err(_)) | Err(_) => {
                telemetry::pipeline::inquiry_failed();
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
        let permit = turn(&self.judging, deadline).await.ok_or(Trouble::Busy)?;
        if let Some(octets) = content.in_memory().filter(|_| content.len() <= INLINE_OCTETS) {
            let judge = &self.parts.judge;
            if let Some(judgement) = guarded(|| judge.judge_at_once(envelope, octets))? {
                return Ok(judgement);
            }
            drop(permit);
        } else {
            let at_once = |judge: &dyn Judge, envelope: &Envelope, octets: &[u8]| {
                judge.judge_at_once(envelope, octets)
            };
            let judged = self.apart(envelope, content, permit, deadline, at_once).await?;
            if let Some(judgement) = judged {
                return Ok(judgement);
            }
        }
        self.judge_with_attachments(envelope, content, deadline).await
    }

    async fn judge_with_attachments(
        &self,
        envelope: &Envelope,
        content: &Content,
        deadline: Instant,
    ) -> Result<Judged, Trouble> {
        let until = deadline.min(Instant::now() + self.parts.settings.attachments_limit);
        let (permit, time) = match turn(&self.waiting, until).await {
            Some(permit) => (permit, until.saturating_duration_since(Instant::now())),
            None => {
                let permit = turn(&self.judging, deadline).await.ok_or(Trouble::Busy)?;
                (permit, Duration::ZERO)
            }
        };
        let in_time = move |judge: &dyn Judge, envelope: &Envelope, octets: &[u8]| {
            judge.judge_in(time, envelope, octets)
        };
        self.apart(envelope, content, permit, deadline, in_time).await
    }

    /// Work on a thread where it may take its time. The permit stays with the work: work that is
    /// given up on still takes a core.
    async fn apart<T: Send + 'static>(
        &self,
        envelope: &Envelope,
        content: &Content,
        permit: OwnedSemaphorePermit,
        deadline: Instant,
        work: impl FnOnce(&dyn Judge, &Envelope, &[u8]) -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        let (judge, envelope, content) =
            (self.parts.judge.clone(), envelope.clone(), content.clone());
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let octets = content.whole().map_err(|_| Trouble::Unreadable)?;
            guarded(|| work(&*judge, &envelope, &octets))
        });
        match timeout_at(deadline, work).await {
            Ok(judged) => judged.unwrap_or(Err(Trouble::Panicked)),
            Err(_) => Err(Trouble::TooLong),
        }
    }

    /// The notices that a hold owes; a hold without its notice would be silence.
    pub(super) fn compose(
        &self,
        new: &NewHold,
        before: &SameCustomer,
        waiting: Option<&Hold>,
    ) -> Result<Vec<NewItem>, Trouble> {
        let prompter: &Arc<dyn Prompter> = &self.parts.prompter;
        guarded(|| prompter.hold_notice(new, before, waiting))
    }
}

async fn turn(turns: &Arc<Semaphore>, deadline: Instant) -> Option<OwnedSemaphorePermit> {
    timeout_at(deadline, turns.clone().acquire_owned()).await.ok()?.ok()
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
