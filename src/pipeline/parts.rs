//! What a pipeline is built from.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

use super::judging::{Judge, Prompter, WAITING_AT_ONCE};
use crate::{
    hold::HoldStore, mail::Timestamp, relay::NextHop, release::Keys, replies::Replies, team::Teams,
    traffic::Recorder, wire::smtp::Capabilities,
};

/// Tells the time; tests move it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What happens to mail that cannot be judged: chosen beforehand by the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// 4xx: the sender's server keeps it and tries again.
    #[default]
    Tempfail,
    /// It goes through untouched, and is counted.
    Pass,
}

/// The limits of a pipeline.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The direction of a failure to judge.
    pub on_error: OnError,
    /// How many messages are judged at once; the number of cores by default. Only a message
    /// that is being judged lies in memory whole.
    pub judged_at_once: usize,
    /// How long a message may wait for its turn and be judged. A before-queue Postfix gives us
    /// 100 s for everything (`smtpd_proxy_timeout`).
    pub judge_limit: Duration,
    /// How long a message may wait for its attached documents to be read; shorter than
    /// `judge_limit`.
    pub attachments_limit: Duration,
    /// How long an inquiry may take beyond that, whatever it promises; then the first
    /// judgement stands.
    pub inquiry_limit: Duration,
    /// How long the store may take for a commit. Behind it the outcome is unknown and the
    /// client's retry finds the hold if there is one.
    pub store_limit: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            on_error: OnError::Tempfail,
            judged_at_once: std::thread::available_parallelism().map_or(2, usize::from),
            judge_limit: Duration::from_secs(20),
            attachments_limit: Duration::from_secs(10),
            inquiry_limit: Duration::from_secs(15),
            store_limit: Duration::from_secs(30),
        }
    }
}

/// Everything a pipeline needs.
pub struct Parts {
    /// Reads, weighs and decides.
    pub judge: Arc<dyn Judge>,
    /// Writes the notice that a hold owes.
    pub prompter: Arc<dyn Prompter>,
    /// Where held mail lies.
    pub store: Arc<dyn HoldStore>,
    /// Where other mail goes.
    pub next_hop: NextHop,
    /// When senders are at work.
    pub teams: Arc<Teams>,
    /// Hears replies to notices; `None` where they go on as any mail.
    pub replies: Option<Arc<Replies>>,
    /// Where what went by is noted; `None` where nothing is.
    pub traffic: Option<Recorder>,
    /// For marks and idempotency keys.
    pub keys: Keys,
    /// Limits and directions.
    pub settings: Settings,
    /// Tells the time.
    pub clock: Clock,
}

/// The walk of every message, shared by all doors.
pub struct Pipeline {
    pub(super) parts: Parts,
    pub(super) judging: Arc<Semaphore>,
    pub(super) waiting: Arc<Semaphore>,
}

impl Pipeline {
    /// Built once; doors get a clone of the [`Arc`].
    pub fn new(parts: Parts) -> Arc<Pipeline> {
        let at_once = parts.settings.judged_at_once.clamp(1, Semaphore::MAX_PERMITS);
        let judging = Arc::new(Semaphore::new(at_once));
        Arc::new(Pipeline { judging, waiting: Arc::new(Semaphore::new(WAITING_AT_ONCE)), parts })
    }

    /// What the next hop offers, as last seen; nothing before it was seen. Doors should not
    /// open before [`Pipeline::knows_next_hop`].
    pub fn capabilities(&self) -> Arc<Capabilities> {
        self.parts.next_hop.capabilities().unwrap_or_default()
    }

    /// Whether the next hop was ever reached, so that [`Pipeline::capabilities`] are its own. A
    /// client that is offered too little bounces mail, so until then it should hear 421.
    pub fn knows_next_hop(&self) -> bool {
        self.parts.next_hop.capabilities().is_some()
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.parts.clock)()
    }
}
