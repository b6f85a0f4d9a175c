//! Does what has fallen due, once: sends what the outbox owes, reminds, lets holds expire.
//!
//! Several nodes may run it on one store: items are leased, and of two nodes that change the same
//! hold the store lets one win. The clock is an argument; after a downtime of days each hold gets
//! one mail, not one for every reminder that was missed.

mod backoff;
mod delay;
mod due;
mod erasing;
mod escalation;
mod next;
mod outbox;
mod pacing;
mod promises;
#[cfg(test)]
mod tests;
mod together;
mod turns;

use std::{
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use erasing::Erasing;
pub use turns::Pace;

use crate::{
    hold::{Eraser, Hold, HoldStore, NewItem, Party, Promise, Retention},
    mail::{Content, ForwardPath, Timestamp},
    relay::NextHop,
    team::Teams,
    telemetry,
};

/// What time it is; tests move it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The mails that the worker causes; composed elsewhere, so that the worker knows no wording.
pub trait Letters: Send + Sync {
    /// "Still waiting for your call": for whoever is in charge; where a second person is asked, for
    /// whom it waits.
    fn reminder(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem>;
    /// "It soon expires": for the sender, whoever is in charge by now, and for him.
    fn expires_soon(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem>;
    /// "Nobody decides": for one above the sender, who becomes a party by it.
    fn escalated(&self, hold: &Hold, to: &Party, now: Timestamp) -> Option<NewItem>;
    /// "It expired": the message goes back, or went out, as the policy says.
    fn expired(&self, hold: &Hold, content: &[u8], now: Timestamp) -> Option<NewItem>;
    /// "Nobody decided": for its parties; the sender hears it by [`Letters::expired`].
    fn expired_for_others(&self, hold: &Hold, now: Timestamp) -> Vec<NewItem>;
    /// "The next hop refused it": with its replies.
    fn undeliverable(
        &self,
        hold: &Hold,
        refused: &[(ForwardPath, String)],
        content: &[u8],
        now: Timestamp,
    ) -> Option<NewItem>;
    /// "It is on its way, but not delivered yet": to whom, and when it is given up.
    fn delayed(
        &self,
        hold: &Hold,
        to: &[ForwardPath],
        until: Timestamp,
        now: Timestamp,
    ) -> Option<NewItem>;
    /// "It is delivered now": to whom, of those of whom that was said.
    fn arrived(&self, hold: &Hold, to: &[ForwardPath], now: Timestamp) -> Option<NewItem>;
    /// "You promised this for today. Is it done?" The promise says when it is asked about next.
    fn promise(&self, hold: &Hold, promise: &Promise, now: Timestamp) -> Option<NewItem>;
    /// "A promise is overdue": for the lead; `None` where there is none.
    fn overdue(&self, hold: &Hold, promise: &Promise, now: Timestamp) -> Option<NewItem>;
    /// Whether an address is one of ours still: nobody else gets a mail of ours.
    fn may_go_to(&self, addressee: &str) -> bool;
    /// Several mails to one address as one: what each hold owes him, by the names of the mails that
    /// it takes the place of.
    fn digest(&self, to: &str, told: &[(Hold, String)], now: Timestamp) -> Option<NewItem>;
    /// The mark that goes directly on top of a released message, CRLF at its end; may be empty.
    fn mark(&self, hold: &Hold, content: &Content) -> String;
}

/// A mail that is late for less is nothing that anybody need hear of (RFC 5321 §4.5.4.1).
pub const DEFAULT_TELL_DELAY_AFTER: Duration = Duration::from_secs(4 * 3600);

/// How the worker works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// This node's name among those that share the store; the same at every start, so that what a
    /// killed process had leased is taken back at once.
    pub node: String,
    /// How long a node may be silent before another takes its work; longer than a delivery takes.
    pub lease: Duration,
    /// How long to wait before looking for work that another node or a session left.
    pub poll: Duration,
    /// Items and holds taken at once.
    pub batch: u32,
    /// A release that the next hop puts off for longer is given up.
    pub give_up_after: Duration,
    /// A release that the next hop puts off for longer is told of, when its sender is at work.
    pub tell_delay_after: Duration,
    /// When people are at work, and who is above them.
    pub teams: Arc<Teams>,
    /// How often the sender is reminded of a promise before the lead hears of it.
    pub promise_reminders: u32,
    /// How much mail of ours one address gets.
    pub pace: Pace,
}

impl Settings {
    /// One node's for these teams, with limits that suit a house of any size.
    pub fn new(node: &str, teams: Arc<Teams>) -> Settings {
        Settings {
            node: node.to_owned(),
            lease: Duration::from_secs(15 * 60),
            poll: Duration::from_millis(500),
            batch: 16,
            give_up_after: Duration::from_secs(5 * 24 * 3600),
            tell_delay_after: DEFAULT_TELL_DELAY_AFTER,
            teams,
            promise_reminders: 5,
            pace: Pace::default(),
        }
    }
}

/// See the module.
pub struct Worker {
    store: Arc<dyn HoldStore>,
    next_hop: NextHop,
    letters: Arc<dyn Letters>,
    settings: Settings,
    erases: Option<(Eraser, Retention)>,
    /// When mail that waits was last looked at, in microseconds.
    paced_at: AtomicI64,
}

/// A lease is longer than the next hop may take for its answer by a quarter and this much, for
/// opening the session, sending the content, settling.
const LEASE_BEYOND_ANSWER: Duration = Duration::from_secs(5 * 60);

/// Something that panics at once must not do so without a pause.
const AFTER_PANIC: Duration = Duration::from_secs(1);

/// How often the holds in each state are counted, for the metrics.
const COUNT_EVERY: Duration = Duration::from_secs(15);

/// How often prepared holds that nobody came back for are swept.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

impl Worker {
    /// A worker over this store and next hop.
    pub fn new(
        store: Arc<dyn HoldStore>,
        next_hop: NextHop,
        letters: Arc<dyn Letters>,
        mut settings: Settings,
    ) -> Worker {
        let answer = next_hop.answer_limit();
        settings.lease = settings.lease.max(answer + answer / 4 + LEASE_BEYOND_ANSWER);
        Worker {
            store,
            next_hop,
            letters,
            settings,
            erases: None,
            paced_at: AtomicI64::new(i64::MAX),
        }
    }

    /// Erases what is older than this, too.
    #[must_use]
    pub fn with_retention(mut self, eraser: Eraser, retention: Retention) -> Worker {
        self.erases = Some((eraser, retention));
        self
    }

    /// Works until told to stop, and begins anew after a panic: people wait for what it sends.
    pub async fn keep_running(self: Arc<Self>, clock: Clock, stop: CancellationToken) {
        while !stop.is_cancelled() {
            // Dropped with us, it ends with us.
            let mut running = JoinSet::new();
            running.spawn(Arc::clone(&self).run(Arc::clone(&clock), stop.clone()));
            if let Some(Err(_)) = running.join_next().await {
                telemetry::worker::broke_down("working");
                tokio::time::sleep(AFTER_PANIC).await;
            }
        }
    }

    /// Works until told to stop; an item in hand is finished first.
    pub async fn run(self: Arc<Self>, clock: Clock, stop: CancellationToken) {
        if let Err(error) = self.store.reclaim(&self.settings.node).await {
            crate::telemetry::worker::store_failed("taking back leases", &error);
        }
        let mut swept: Option<tokio::time::Instant> = None;
        let mut counted: Option<tokio::time::Instant> = None;
        let mut erasing = Erasing::default();
        let mut in_hand = JoinSet::new();
        while !stop.is_cancelled() {
            if swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY) {
                swept = Some(tokio::time::Instant::now());
                if let Err(error) = self.store.sweep(clock()).await {
                    crate::telemetry::worker::store_failed("sweeping", &error);
                }
                erasing = Erasing::begun();
            }
            if counted.is_none_or(|at| at.elapsed() >= COUNT_EVERY) {
                counted = Some(tokio::time::Instant::now());
                self.count_holds(clock()).await;
            }
            let did = self.begin_turn(&mut in_hand, &clock).await;
            let erased = self.erase_step(&mut erasing, clock()).await;
            if did == 0 && !erased {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(self.settings.poll) => {}
                }
            }
        }
        Worker::finish(&mut in_hand).await;
    }

    /// One turn, to its end: whatever is due now. Returns how much was done, so that a caller
    /// knows whether to come back at once.
    pub async fn turn(self: &Arc<Self>, clock: &Clock) -> usize {
        let mut in_hand = JoinSet::new();
        let did = self.begin_turn(&mut in_hand, clock).await;
        Worker::finish(&mut in_hand).await;
        did
    }

    async fn count_holds(&self, now: Timestamp) {
        match self.store.overdue(now).await {
            Ok((due, oldest)) => {
                let since = oldest.map(|at| now.as_second().saturating_sub(at.as_second()));
                let secs = u64::try_from(since.unwrap_or_default()).unwrap_or_default();
                telemetry::worker::outbox_counted(due, Duration::from_secs(secs));
            }
            Err(error) => telemetry::worker::store_failed("counting what is due", &error),
        }
        match self.store.counts().await {
            Ok(counts) => counts.iter().for_each(|(state, holds)| {
                telemetry::worker::holds_counted(state.as_str(), *holds);
            }),
            Err(error) => telemetry::worker::store_failed("counting holds", &error),
        }
        match self.store.open_promises().await {
            Ok(promises) => telemetry::worker::promises_counted(promises),
            Err(error) => telemetry::worker::store_failed("counting promises", &error),
        }
    }

    async fn begin_turn(self: &Arc<Self>, in_hand: &mut JoinSet<()>, clock: &Clock) -> usize {
        let moved = self.attend_due_holds(clock()).await;
        let reminded = self.attend_due_promises(clock()).await;
        self.pace(clock()).await;
        moved + reminded + self.take_items(in_hand, clock).await
    }
}
