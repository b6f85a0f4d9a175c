//! Sends what the outbox owes: our own notices, and held messages that were released.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::{
    hold::{Delivery, Hold, HoldError, Item, ItemKind, ItemOutcome, NewItem},
    mail::{Content, Envelope, Reply, ReversePath, Timestamp, Xforward},
    telemetry::{self, worker::Attempt},
};

use super::{Clock, Worker, backoff};

/// What an attempt came to.
struct Settled {
    outcome: ItemOutcome,
    deliveries: Vec<(usize, Delivery)>,
    owed: Vec<NewItem>,
}

impl Worker {
    /// Attempts the items that are due, side by side, so that one slow next hop does not keep the
    /// others waiting. Returns how many.
    pub(super) async fn empty_outbox(self: &Arc<Self>, clock: &Clock) -> usize {
        let s = &self.settings;
        let leased = self.store.lease_items(&s.node, clock(), s.lease, s.batch).await;
        let items = leased.unwrap_or_else(|error| {
            telemetry::worker::store_failed("leasing outbox items", &error);
            Vec::new()
        });
        let count = items.len();
        let mut attempts = JoinSet::new();
        for item in items {
            let (worker, clock) = (Arc::clone(self), Arc::clone(clock));
            attempts.spawn(async move {
                if let Err(error) = worker.attempt(&item, &clock).await {
                    // The lease runs out by itself and the item is due again.
                    telemetry::worker::store_failed("settling an outbox item", &error);
                }
            });
        }
        attempts.join_all().await;
        count
    }

    async fn attempt(&self, item: &Item, clock: &Clock) -> Result<(), HoldError> {
        let settled = match &item.kind {
            ItemKind::Notice { name, bytes } => self.send_notice(item, name, bytes, clock).await,
            ItemKind::Release => self.send_release(item, clock).await?,
        };
        let Settled { outcome, deliveries, owed } = settled;
        let node = &self.settings.node;
        self.store.settle_item(&item.id, node, outcome, deliveries, owed, clock()).await
    }

    async fn send_notice(&self, item: &Item, name: &str, bytes: &[u8], clock: &Clock) -> Settled {
        let recipients = item.recipients.clone();
        let Ok(envelope) = Envelope::new(ReversePath::Null, Vec::new(), recipients) else {
            return Settled::plain(ItemOutcome::Failed("no recipient".to_owned()));
        };
        let content = Content::from(bytes.to_vec());
        let sent = self.next_hop.deliver(&envelope, &Xforward::default(), "", &content).await;
        let outcome = match &sent {
            Ok(replies) => match replies.iter().find(|(_, reply)| !reply.is_positive()) {
                None => ItemOutcome::Done,
                Some((_, reply)) if reply.is_permanent() => ItemOutcome::Failed(reply.to_string()),
                Some(_) => self.again(item, clock()),
            },
            Err(_) => self.again(item, clock()),
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
        let bytes = self.store.content(&hold.id).await?;
        let (xforward, content) = (&hold.origin.xforward, Content::from(bytes.clone()));
        let head = format!("{}{}", hold.trace, self.letters.mark(&hold, &content));
        let sent = self.next_hop.deliver(&envelope, xforward, &head, &content).await;
        let mut settled = match sent {
            Ok(replies) => self.settle_release(item, &waiting, &replies, clock()),
            Err(_) => self.put_off(item, &waiting, "no answer from the next hop", clock()),
        };
        settled.owed = self.failure_notice(&hold, &settled.deliveries, &bytes, clock());
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
        let refused = |p: &usize| (*p, Delivery::Refused(format!("given up: {why}")));
        let deliveries = positions.iter().map(refused).collect();
        Settled { outcome: ItemOutcome::Done, deliveries, owed: Vec::new() }
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
        self.letters.undeliverable(hold, &refused, content, now).into_iter().collect()
    }
}

impl Settled {
    fn plain(outcome: ItemOutcome) -> Settled {
        Settled { outcome, deliveries: Vec::new(), owed: Vec::new() }
    }
}

fn told(outcome: &ItemOutcome) -> Attempt<'_> {
    match outcome {
        ItemOutcome::Done => Attempt::Done,
        ItemOutcome::Again(at) => Attempt::Again(*at),
        ItemOutcome::Failed(reply) => Attempt::Failed(reply),
    }
}
