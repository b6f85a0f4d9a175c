//! Sends the letters about mail that went out.
//!
//! Such a letter asks for nothing and nobody waits for it: it is tried for a day and given up then.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    mail::{Content, Envelope, Recipient, ReversePath, Timestamp, Xforward},
    relay::NextHop,
    telemetry,
};

use super::{
    Log,
    letters::{End, Owed},
};

/// How often it is looked whether one is due.
const EVERY: Duration = Duration::from_secs(15);
/// Letters in hand.
const MOST: u32 = 16;
/// One attempt takes less.
const LEASE: Duration = Duration::from_secs(120);
const ATTEMPT: Duration = Duration::from_secs(90);
/// A letter that is older comes too late.
const GIVE_UP_SECS: i64 = 24 * 3600;
/// The longest wait between two attempts.
const MAX_MINUTES: u64 = 60;

/// See the module.
pub struct Postman {
    log: Log,
    next_hop: NextHop,
    owed: Arc<Notify>,
}

impl Postman {
    /// Who brings letters to the next hop; `owed` tells him that there is one.
    pub fn new(log: Log, next_hop: NextHop, owed: Arc<Notify>) -> Postman {
        Postman { log, next_hop, owed }
    }

    /// Until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            // Why it cannot be done, the store has told.
            let taken = self.log.take(Timestamp::now(), LEASE, MOST).await.unwrap_or_default();
            let none = taken.is_empty();
            for letter in taken {
                self.bring(letter).await;
            }
            if none {
                tokio::select! {
                    _ = timeout(EVERY, self.owed.notified()) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
    }

    async fn bring(&self, letter: Owed) {
        let recipient = Recipient::plain(letter.to);
        let envelope = Envelope::to_one(ReversePath::Null, recipient);
        let content = Content::from(letter.octets);
        let told = Xforward::default();
        let delivery = self.next_hop.deliver(&envelope, &told, "", &content);
        let replies = timeout(ATTEMPT, delivery).await.ok().and_then(Result::ok);
        let reply = replies.as_ref().and_then(|replies| replies.first());
        let now = Timestamp::now();
        let is_old = now.as_second() - letter.created.as_second() > GIVE_UP_SECS;
        let (end, word) = match reply {
            Some((_, reply)) if reply.is_positive() => (End::Settled, "sent"),
            Some((_, reply)) if reply.is_permanent() => (End::Settled, "refused"),
            _ if is_old => (End::Settled, "given_up"),
            _ => (End::Again(later(now, letter.attempts)), "again"),
        };
        telemetry::traffic::letter(word);
        // Not settled, its lease runs out and it goes again: once too often is better than never.
        let _ = self.log.settle(&letter.id, end).await;
    }
}

/// A minute, then twice as long each time.
fn later(now: Timestamp, attempts: u32) -> Timestamp {
    let minutes = 1_u64.checked_shl(attempts.min(6)).unwrap_or(MAX_MINUTES).min(MAX_MINUTES);
    now.checked_add(Duration::from_secs(60 * minutes)).unwrap_or(Timestamp::MAX)
}
