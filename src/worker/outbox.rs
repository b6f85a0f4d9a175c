//! Sends what the outbox owes: our own notices, and held messages that were released.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};

use crate::{
    hold::{
        AsksFor, Delivery, Hold, HoldError, Item, ItemKind, ItemOutcome, LetterName, NewItem,
        Outcome, Promise, PromiseStep, State,
    },
    mail::{Content, Envelope, HoldId, Reply, ReversePath, Timestamp, Xforward},
    telemetry::{self, letters::guarded, worker::Attempt},
};

use super::{Clock, Worker, backoff};

/// How long to wait for a store in trouble before it is told again how an attempt ended. A release
/// that the next hop took and that is never settled goes out twice.
const SETTLE_AGAIN_MS: [u64; 6] = [100, 1_000, 5_000, 10_000, 20_000, 40_000];

/// What an attempt came to.
#[derive(Clone)]
pub(super) struct Settled {
    pub(super) outcome: ItemOutcome,
    pub(super) deliveries: Vec<(usize, Delivery)>,
    pub(super) owed: Vec<NewItem>,
}

impl Worker {
    /// Begins an attempt for each item that is due, as far as there is room beside those in hand,
    /// so that one slow delivery does not keep the others waiting. Returns how many.
    pub(super) async fn take_items(
        self: &Arc<Self>,
        in_hand: &mut JoinSet<()>,
        clock: &Clock,
    ) -> usize {
        while let Some(ended) = in_hand.try_join_next() {
            note(ended);
        }
        let s = &self.settings;
        let room = s.batch.saturating_sub(u32::try_from(in_hand.len()).unwrap_or(u32::MAX));
        if room == 0 {
            return 0;
        }
        let leased = self.store.lease_items(&s.node, clock(), s.lease, room).await;
        let items = leased.unwrap_or_else(|error| {
            telemetry::worker::store_failed("leasing outbox items", &error);
            Vec::new()
        });
        let count = items.len();
        for item in items {
            let (worker, clock) = (Arc::clone(self), Arc::clone(clock));
            in_hand.spawn(async move {
                if let Err(error) = worker.attempt(&item, &clock).await {
                    // The lease runs out by itself and the item is due again.
                    telemetry::worker::store_failed("settling an outbox item", &error);
                }
            });
        }
        count
    }

    /// Waits for the attempts in hand.
    pub(super) async fn finish(in_hand: &mut JoinSet<()>) {
        while let Some(ended) = in_hand.join_next().await {
            note(ended);
        }
    }

    async fn attempt(&self, item: &Item, clock: &Clock) -> Result<(), HoldError> {
        let settled = match &item.kind {
            ItemKind::Notice { name, .. } if self.is_overtaken(item, name).await? => {
                Settled::plain(ItemOutcome::Done)
            }
            ItemKind::Notice { name, bytes } => self.send_notice(item, name, bytes, clock).await,
            ItemKind::Release => self.send_release(item, clock).await?,
        };
        self.settle(item, settled, clock).await
    }

    /// Whether a mail that asks for something comes too late for it, because the next hop was away
    /// for long: a reminder of what is decided, a question about a proposal that is over, a notice of
    /// what has expired and is told of by now, a word about a promise that was kept, dropped or moved since,
    /// or about a delay that is over.
    async fn is_overtaken(&self, item: &Item, name: &str) -> Result<bool, HoldError> {
        let overtaken = match self.is_late(&item.hold, name, item.created).await {
            // Rather a mail too many than one that waits for its lease to run out.
            Err(error) if passes_over(&error) => false,
            // Where it cannot be read, its item could not be settled either, and would go out again
            // and again.
            overtaken => overtaken?,
        };
        if overtaken {
            telemetry::worker::notice_overtaken(&item.hold, name);
        }
        Ok(overtaken)
    }

    /// The same of any mail that a hold owes.
    pub(super) async fn is_late(
        &self,
        hold: &HoldId,
        name: &str,
        owed: Timestamp,
    ) -> Result<bool, HoldError> {
        let Some(name) = LetterName::from_text(name) else { return Ok(false) };
        match name.asks_for() {
            AsksFor::Decision => self.is_decided(hold, name).await,
            AsksFor::Agreement => self.is_agreed(hold).await,
            AsksFor::Word => self.is_answered(hold, owed).await,
            AsksFor::Patience => {
                let hold = self.store.find(hold).await?;
                Ok(hold.is_some_and(|hold| hold.state != State::Released))
            }
            AsksFor::Nothing => Ok(false),
        }
    }

    async fn is_decided(&self, hold: &HoldId, name: LetterName) -> Result<bool, HoldError> {
        let Some(hold) = self.store.find(hold).await? else { return Ok(false) };
        let has_expired = matches!(hold.outcomes.last(), Some((_, _, Outcome::Expired)));
        Ok(hold.state != State::Held && (name != LetterName::Hold || has_expired))
    }

    /// Whether there is nothing to agree to any more.
    async fn is_agreed(&self, hold: &HoldId) -> Result<bool, HoldError> {
        let hold = self.store.find(hold).await?;
        Ok(hold.is_some_and(|hold| hold.state != State::Held || hold.proposal().is_none()))
    }

    /// Whether somebody said something of the promise since, or made another: these mails are owed by
    /// the step that was its last when they were written.
    async fn is_answered(&self, hold: &HoldId, owed: Timestamp) -> Result<bool, HoldError> {
        let by_us = |step: &PromiseStep| {
            matches!(step, PromiseStep::Reminded | PromiseStep::PutOff | PromiseStep::Overdue)
        };
        let ours = |p: &Promise| p.steps.last().is_some_and(|(_, _, step)| by_us(step));
        let promise = self.store.promise(hold).await?;
        Ok(promise.is_some_and(|promise| promise.made > owed || !ours(&promise)))
    }

    /// Says how an attempt ended, again and again while the store is in trouble.
    async fn settle(&self, item: &Item, settled: Settled, clock: &Clock) -> Result<(), HoldError> {
        let (store, node) = (&self.store, &self.settings.node);
        let mut pauses = SETTLE_AGAIN_MS.into_iter();
        loop {
            let Settled { outcome, deliveries, owed } = settled.clone();
            let told = store.settle_item(&item.id, node, outcome, deliveries, owed, clock()).await;
            match (told, pauses.next()) {
                (Err(error), Some(pause_ms)) if passes_over(&error) => {
                    telemetry::worker::store_failed("settling an outbox item", &error);
                    sleep(Duration::from_millis(pause_ms)).await;
                }
                (told, _) => return told,
            }
        }
    }

    /// The replies; `None` if there was no answer. Ends well within the lease, because then another
    /// node begins the same.
    async fn deliver(
        &self,
        item: &Item,
        envelope: &Envelope,
        xforward: &Xforward,
        head: &str,
        content: &Content,
    ) -> Option<Vec<(usize, Reply)>> {
        let limit = self.settings.lease.mul_f32(0.85);
        let delivery = self.next_hop.deliver(envelope, xforward, head, content);
        match timeout(limit, delivery).await {
            Ok(answer) => answer.ok(),
            Err(_) => {
                telemetry::worker::delivery_cut_off(&item.hold, limit);
                None
            }
        }
    }

    async fn send_notice(&self, item: &Item, name: &str, bytes: &[u8], clock: &Clock) -> Settled {
        let recipients = item.recipients.clone();
        let Ok(envelope) = Envelope::new(ReversePath::Null, Vec::new(), recipients) else {
            return Settled::plain(ItemOutcome::Failed("no recipient".to_owned()));
        };
        let content = Content::from(bytes.to_vec());
        let sent = self.deliver(item, &envelope, &Xforward::default(), "", &content).await;
        let outcome = match &sent {
            Some(replies) => match replies.iter().find(|(_, reply)| !reply.is_positive()) {
                None => ItemOutcome::Done,
                Some((_, reply)) if reply.is_permanent() => ItemOutcome::Failed(reply.to_string()),
                Some(_) => self.again(item, clock()),
            },
            None => self.again(item, clock()),
        };
        telemetry::worker::notice_attempted(&item.hold, name, told(&outcome));
        Settled::plain(outcome)
    }

    async fn send_release(&self, item: &Item, clock: &Clock) -> Result<Settled, HoldError> {
        let hold = self.store.begin_release(&item.id, &self.settings.node, clock()).await?;
        let waiting: Vec<usize> = hold.waiting().map(|(position, _)| position).collect();
        let Ok(envelope) = hold.envelope.only(|position| waiting.contains(&position)) else {
            return Ok(Settled::plain(ItemOutcome::Done));
        };
        let (bytes, mut settled) = match self.store.content(&hold.id).await {
            Ok(bytes) => {
                let content = Content::from(bytes.clone());
                let mark = guarded(|| self.letters.mark(&hold, &content)).unwrap_or_default();
                let (xforward, head) = (&hold.origin.xforward, format!("{}{mark}", hold.trace));
                let sent = self.deliver(item, &envelope, xforward, &head, &content).await;
                let settled = match sent {
                    Some(replies) => self.settle_release(item, &waiting, &replies, clock()),
                    None => self.put_off(item, &waiting, "no answer from the next hop", clock()),
                };
                (bytes, settled)
            }
            // It will be no better the next time: the sender is told that it cannot go out.
            Err(error @ HoldError::Corrupt(_)) => {
                telemetry::worker::store_failed("reading a message to release", &error);
                (Bytes::new(), Settled::given_up(&waiting, "it cannot be read from the store"))
            }
            Err(error) => return Err(error),
        };
        let now = clock();
        settled.owed = self.failure_notice(&hold, &settled.deliveries, &bytes, now);
        settled.owed.extend(self.word_of_delay(item, &hold, &settled, now));
        telemetry::worker::release_attempted(&hold.id, waiting.len(), told(&settled.outcome));
        Ok(settled)
    }

    fn settle_release(
        &self,
        item: &Item,
        waiting: &[usize],
        replies: &[(usize, Reply)],
        now: Timestamp,
    ) -> Settled {
        let (mut deliveries, mut put_off, mut last) = (Vec::new(), Vec::new(), String::new());
        for (nth, reply) in replies {
            let Some(position) = waiting.get(*nth).copied() else { continue };
            if reply.is_positive() {
                deliveries.push((position, Delivery::Delivered));
            } else if reply.is_permanent() {
                deliveries.push((position, Delivery::Refused(reply.to_string())));
            } else {
                put_off.push(position);
                last = reply.to_string();
            }
        }
        let mut settled = if put_off.is_empty() {
            Settled::plain(ItemOutcome::Done)
        } else {
            self.put_off(item, &put_off, &last, now)
        };
        settled.deliveries.extend(deliveries);
        settled
    }

    /// Tries again later, unless it has been tried for too long.
    fn put_off(&self, item: &Item, positions: &[usize], why: &str, now: Timestamp) -> Settled {
        let outcome = self.again(item, now);
        if !matches!(outcome, ItemOutcome::Failed(_)) {
            return Settled::plain(outcome);
        }
        Settled::given_up(positions, why)
    }

    fn again(&self, item: &Item, now: Timestamp) -> ItemOutcome {
        let age_secs = now.as_second().saturating_sub(item.created.as_second());
        let limit_secs = i64::try_from(self.settings.give_up_after.as_secs()).unwrap_or(i64::MAX);
        match now.checked_add(backoff::wait(item.attempts)) {
            Ok(next) if age_secs < limit_secs => ItemOutcome::Again(next),
            _ => ItemOutcome::Failed("given up after trying for too long".to_owned()),
        }
    }

    fn failure_notice(
        &self,
        hold: &Hold,
        deliveries: &[(usize, Delivery)],
        content: &[u8],
        now: Timestamp,
    ) -> Vec<NewItem> {
        let paths = hold.envelope.recipients();
        let refused: Vec<_> = deliveries
            .iter()
            .filter_map(|(position, delivery)| match delivery {
                Delivery::Refused(reply) => {
                    paths.get(*position).map(|r| (r.path.clone(), reply.clone()))
                }
                Delivery::Waiting | Delivery::Delivered => None,
            })
            .collect();
        if refused.is_empty() {
            return Vec::new();
        }
        let letter = guarded(|| self.letters.undeliverable(hold, &refused, content, now));
        letter.flatten().into_iter().collect()
    }
}

impl Settled {
    fn plain(outcome: ItemOutcome) -> Settled {
        Settled { outcome, deliveries: Vec::new(), owed: Vec::new() }
    }

    /// These recipients of a release do not get it.
    fn given_up(positions: &[usize], why: &str) -> Settled {
        let refused = |p: &usize| (*p, Delivery::Refused(format!("given up: {why}")));
        let deliveries = positions.iter().map(refused).collect();
        Settled { deliveries, ..Settled::plain(ItemOutcome::Done) }
    }
}

/// Whether the store may do later what it could not do now.
fn passes_over(error: &HoldError) -> bool {
    match error {
        HoldError::Full | HoldError::Failed { .. } | HoldError::Silent(_) => true,
        HoldError::Unknown
        | HoldError::Already(_)
        | HoldError::Repeated
        | HoldError::Overtaken
        | HoldError::Erased
        | HoldError::Corrupt(_) => false,
    }
}

fn note(ended: Result<(), JoinError>) {
    if ended.is_err() {
        telemetry::worker::broke_down("attempting an outbox item");
    }
}

fn told(outcome: &ItemOutcome) -> Attempt<'_> {
    match outcome {
        ItemOutcome::Done => Attempt::Done,
        ItemOutcome::Again(at) => Attempt::Again(*at),
        ItemOutcome::Failed(reply) => Attempt::Failed(reply),
    }
}
