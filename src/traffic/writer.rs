//! From the way of mail into the database: a bounded queue, a batch, one commit.
//!
//! Mail never waits for any of it. What the queue has no room for is counted and forgotten; what
//! lies in the queue and in the batch when the process is killed is lost, a few seconds of records.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, mpsc},
    time::{Instant, sleep, sleep_until, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{
    hold::{Dossier, HoldStore, ItemKind, NewItem},
    mail::{Envelope, ForwardPath, HoldId, Timestamp},
    store::StoreError,
    team::Teams,
    telemetry::{self, letters::guarded},
};

use super::{
    Draft, Hasher, Log, Record,
    letters::{self, Owed},
    log::{self, Fault},
};

/// Drafts that wait; each is a few sentences.
const QUEUE: usize = 2_048;
/// Of one commit: so many, or what came within this time after the first.
const BATCH: usize = 256;
const BATCH_TIME: Duration = Duration::from_secs(2);
/// How often what is too old is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(600);
/// How long to wait before a store in trouble is tried again.
const AGAIN: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(20)];
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What is kept, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whether mail is recorded at all. Default `true`.
    pub record: bool,
    /// How long a record is kept. Default 28 days.
    pub keep: Duration,
    /// The most records; the oldest go first. Default 1,000,000.
    pub rows: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { record: true, keep: 28 * DAY, rows: 1_000_000 }
    }
}

/// Writes the letter about a mail that went out and would have been better as a call.
pub trait Letters: Send + Sync {
    /// The letter; `None` to whom no mail of ours goes. `reference` names it and its record.
    fn went_out(
        &self,
        reference: &HoldId,
        envelope: &Envelope,
        dossier: &Dossier,
        at: Timestamp,
    ) -> Option<NewItem>;
}

/// What a writer needs.
pub struct Parts {
    /// Where records go.
    pub log: Log,
    /// What else of ours goes to an address.
    pub store: Arc<dyn HoldStore>,
    /// Writes letters.
    pub letters: Arc<dyn Letters>,
    /// Names things.
    pub hasher: Hasher,
    /// Whose team a sender is in.
    pub teams: Arc<Teams>,
    /// What is kept.
    pub settings: Settings,
    /// Mails of ours to one address within an hour, and within a day: behind that no letter is written.
    pub pace: (u32, u32),
    /// Told when a letter is owed.
    pub owed: Arc<Notify>,
}

/// Takes drafts. Clones put into the same queue.
#[derive(Clone)]
pub struct Recorder {
    pub(super) queue: mpsc::Sender<Draft>,
}

/// Writes what a [`Recorder`] took.
pub struct Writer {
    queue: mpsc::Receiver<Draft>,
    parts: Parts,
}

/// Both ends of a queue.
pub fn recorder(parts: Parts) -> (Recorder, Writer) {
    let (into, out) = mpsc::channel(QUEUE);
    (Recorder { queue: into }, Writer { queue: out, parts })
}

impl Recorder {
    /// Takes a draft if there is room, and does not wait.
    pub fn take(&self, draft: Draft) {
        if self.queue.try_send(draft).is_err() {
            telemetry::traffic::dropped(1);
        }
    }
}

/// What is written of one draft.
struct Ready {
    record: Option<Record>,
    letter: Option<(HoldId, Owed)>,
}

impl Writer {
    /// Until told to stop; then what is in the queue is written.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut forget_at = Instant::now();
        loop {
            let first = tokio::select! {
                first = self.queue.recv() => first,
                () = sleep_until(forget_at) => {
                    self.forget().await;
                    forget_at = Instant::now() + FORGET_EVERY;
                    continue;
                }
                () = stop.cancelled() => None,
            };
            let Some(first) = first else { break };
            let batch = self.batch(first, &stop).await;
            self.write(batch).await;
        }
        self.queue.close();
        while let Some(first) = self.queue.recv().await {
            let batch = self.batch(first, &stop).await;
            self.write(batch).await;
        }
    }

    /// What comes within a moment.
    async fn batch(&mut self, first: Draft, stop: &CancellationToken) -> Vec<Draft> {
        let (mut batch, until) = (vec![first], Instant::now() + BATCH_TIME);
        while batch.len() < BATCH {
            let room = BATCH - batch.len();
            let more = timeout_at(until, self.queue.recv_many(&mut batch, room));
            tokio::select! {
                biased;
                more = more => if more.unwrap_or(0) == 0 { break },
                () = stop.cancelled() => break,
            }
        }
        batch
    }

    async fn write(&self, batch: Vec<Draft>) {
        let now = Timestamp::now();
        let mut ready = Vec::with_capacity(batch.len());
        let mut written: Vec<ForwardPath> = Vec::new();
        for draft in batch {
            let letter = self.letter(&draft, &mut written, now).await;
            let Parts { hasher, teams, .. } = &self.parts;
            // A panic over one mail's words must end nothing else.
            let record = guarded(|| draft.record(hasher, teams)).flatten();
            ready.push(Ready { record, letter });
        }
        let mut pauses = AGAIN.into_iter();
        loop {
            let commit = self.commit(&ready);
            let done = self.parts.log.db.within("recording traffic", commit).await;
            match (done, pauses.next()) {
                (Ok(()), _) => break,
                // Why, the store has told.
                (Err(StoreError::Corrupt(_)), _) | (Err(_), None) => {
                    return telemetry::traffic::dropped(ready.len() as u64);
                }
                (Err(_), Some(pause)) => sleep(pause).await,
            }
        }
        telemetry::traffic::recorded(ready.iter().filter(|r| r.record.is_some()).count() as u64);
        if ready.iter().any(|one| one.letter.is_some()) {
            self.parts.owed.notify_one();
        }
    }

    async fn commit(&self, ready: &[Ready]) -> Result<(), Fault> {
        if ready.iter().all(|one| one.record.is_none() && one.letter.is_none()) {
            return Ok(());
        }
        let mut work = self.parts.log.db.begin().await?;
        for one in ready {
            if let Some(record) = &one.record {
                log::insert(&mut work, record).await?;
            }
            if let Some((id, owed)) = &one.letter {
                letters::owe(&mut work, id, owed).await?;
            }
        }
        work.commit().await?;
        Ok(())
    }

    /// The letter that a draft owes, unless its addressee has had enough of our mail. `written` are
    /// those whose letters are in the same batch: of several mails in one moment one is told of.
    async fn letter(
        &self,
        draft: &Draft,
        written: &mut Vec<ForwardPath>,
        now: Timestamp,
    ) -> Option<(HoldId, Owed)> {
        let (id, at, envelope, dossier) = draft.letter()?;
        let letters = &self.parts.letters;
        let item = guarded(|| letters.went_out(id, envelope, dossier, at)).flatten()?;
        let (ItemKind::Notice { bytes, .. }, [only]) = (item.kind, item.recipients.as_slice())
        else {
            return None;
        };
        let to = only.path.clone();
        if written.contains(&to) || !self.has_room(&to, now).await {
            telemetry::traffic::letter("left_out");
            return None;
        }
        written.push(to.clone());
        let owed = Owed { id: id.to_string(), to, created: now, attempts: 0, octets: bytes };
        Some((id.clone(), owed))
    }

    /// Whether an address may get another mail of ours now. Where the store does not say, it may not:
    /// such a letter is a kindness.
    async fn has_room(&self, to: &ForwardPath, now: Timestamp) -> bool {
        let (an_hour, a_day) = self.parts.pace;
        let ago = |time| now.checked_sub(time).unwrap_or(Timestamp::MIN);
        let Ok(ours) = self.parts.log.written_to(to, ago(DAY)).await else { return false };
        let Ok(others) = self.parts.store.queue(&to.folded(), ago(DAY)).await else {
            return false;
        };
        let gone = others.gone.iter().map(|(at, _)| *at).chain(ours);
        let (mut hour, mut day) = (0, 0);
        for at in gone {
            day += 1;
            hour += u32::from(at >= ago(HOUR));
        }
        hour < an_hour && day < a_day
    }

    async fn forget(&self) {
        let (log, settings) = (&self.parts.log, self.parts.settings);
        let now = Timestamp::now();
        // What fails is told by the store, and tried again the next time.
        if let Ok(gone) = log.forget(now, settings.keep, settings.rows).await {
            telemetry::traffic::forgotten(gone);
        }
        let _ = log.forget_letters(now).await;
    }
}
