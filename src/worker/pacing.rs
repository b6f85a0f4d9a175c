//! Lets mail of ours go when its addressee's turn comes, or makes one digest of several.
//!
//! Each step is one commit: what was let go lies in the outbox like any other mail, and a digest takes
//! the place of what it tells. Killed between two steps, the next run finds the queue as it stands.

use std::sync::atomic::Ordering;

use crate::{
    hold::{Hold, HoldError, Join, Step, Waiting},
    mail::{ReversePath, Timestamp},
    telemetry::{self, letters::guarded},
};

use super::{
    Worker,
    turns::{Turn, Why, counts_since, turn},
};

/// Addressees looked at in one turn.
const MAX_ADDRESSEES: u32 = 64;
/// Steps for one addressee in one turn: let go, join, put off the rest; the next turn goes on.
const MAX_STEPS: usize = 4;

impl Worker {
    /// Takes what steps are due. What goes is mail that is due from now on.
    pub(super) async fn pace(&self, now: Timestamp) {
        // Put off by a clock that was ahead, mail is not due for long.
        let (due, most) = match self.went_back(now) {
            true => (Timestamp::MAX, u32::MAX),
            false => (now, MAX_ADDRESSEES),
        };
        let whose = match self.store.addressees(due, most).await {
            Ok(whose) => whose,
            Err(error) => {
                telemetry::worker::store_failed("looking for mail that waits", &error);
                return;
            }
        };
        for addressee in whose {
            if let Err(error) = self.pace_one(&addressee, now).await {
                telemetry::worker::store_failed("pacing mail", &error);
            }
        }
    }

    /// Whether the clock shows less than before, or we have only begun.
    fn went_back(&self, now: Timestamp) -> bool {
        let now = now.as_microsecond();
        self.paced_at.swap(now, Ordering::Relaxed) > now
    }

    async fn pace_one(&self, addressee: &str, now: Timestamp) -> Result<(), HoldError> {
        let path = ReversePath::parse(addressee).unwrap_or(ReversePath::Null);
        let week = &self.settings.teams.of(&path).week;
        for _ in 0..MAX_STEPS {
            let queue = self.store.queue(addressee, counts_since(week, now)).await?;
            let to = addressee.to_owned();
            if !self.letters.may_go_to(addressee) && !queue.waiting.is_empty() {
                telemetry::worker::notices_for_outside(queue.waiting.len());
                let dropped = queue.waiting.into_iter().map(|mail| mail.item).collect();
                let step = Step { addressee: to, dropped, ..Step::default() };
                self.store.step(&self.settings.node, step, now).await?;
                return Ok(());
            }
            let (step, is_last) = match turn(&queue, self.settings.pace, week, now) {
                Turn::Nothing => return Ok(()),
                Turn::LetGo(mails) => (let_go(to, &mails), false),
                Turn::Join(mails) => (self.join(to, mails, now).await?, false),
                Turn::PutOff(until, why) => {
                    let new = queue.waiting.iter().filter(|mail| mail.due <= now).count();
                    telemetry::worker::notices_put_off(new, label(why), until);
                    (Step { addressee: to, put_off: Some(until), ..Step::default() }, true)
                }
            };
            // Where another node was first, its step stands.
            let done = self.store.step(&self.settings.node, step, now).await?;
            if is_last || !done {
                return Ok(());
            }
        }
        Ok(())
    }

    /// One mail of several. What is decided by now is dropped; where fewer than two are left, or no
    /// digest can be composed, each goes by itself.
    async fn join(
        &self,
        addressee: String,
        mails: Vec<Waiting>,
        now: Timestamp,
    ) -> Result<Step, HoldError> {
        let (mut told, mut items) = (Vec::new(), Vec::new());
        let (mut alone, mut dropped) = (Vec::new(), Vec::new());
        for mail in mails {
            match self.still_asks(&mail).await? {
                Asks::No => dropped.push(mail.item),
                Asks::Unreadable => alone.push(mail.item),
                Asks::Yes(hold) => {
                    told.push((*hold, mail.name));
                    items.push(mail.item);
                }
            }
        }
        let compose = || self.letters.digest(&addressee, &told, now);
        let digest = (told.len() > 1).then(|| guarded(compose).flatten()).flatten();
        let join = digest.zip(told.first()).map(|(digest, (owner, _))| {
            telemetry::worker::notices_joined(&owner.id, told.len());
            Join { items: items.clone(), hold: owner.id.clone(), digest }
        });
        if join.is_none() {
            alone.append(&mut items);
        }
        Ok(Step { addressee, let_go: alone, dropped, join, put_off: None })
    }

    async fn still_asks(&self, mail: &Waiting) -> Result<Asks, HoldError> {
        let hold = match self.store.find(&mail.hold).await {
            Ok(Some(hold)) => hold,
            Ok(None) | Err(HoldError::Corrupt(_)) => return Ok(Asks::Unreadable),
            Err(error) => return Err(error),
        };
        let overtaken = match self.is_late(&mail.hold, &mail.name, mail.created).await {
            Err(HoldError::Corrupt(_)) => return Ok(Asks::Unreadable),
            overtaken => overtaken?,
        };
        Ok(if overtaken { Asks::No } else { Asks::Yes(Box::new(hold)) })
    }
}

/// Whether a mail is still to be told.
enum Asks {
    /// With its hold.
    Yes(Box<Hold>),
    /// What it asks for is decided.
    No,
    /// Its hold, or its promise, cannot be read: its own words are complete.
    Unreadable,
}

fn let_go(addressee: String, mails: &[Waiting]) -> Step {
    let let_go = mails.iter().map(|mail| mail.item.clone()).collect();
    Step { addressee, let_go, ..Step::default() }
}

fn label(why: Why) -> &'static str {
    match why {
        Why::Hour => "hour",
        Why::Others => "others",
        Why::Day => "day",
        Why::Night => "night",
    }
}
