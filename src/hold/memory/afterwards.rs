//! The contract's part beyond the decision, in memory.

use async_trait::async_trait;

use super::MemoryStore;
use crate::{
    hold::{
        AboutCustomer, Actor, Afterwards, Behind, Change, Earlier, Histories, History, Hold,
        HoldError, Outcome, Promise, PromiseChange, PromiseState, SameCustomer, State,
        afterwards::{MAX_COUNTED, MAX_REWRITES, MAX_TOLD},
        steps::{self, event, found_by, named},
    },
    mail::{HoldId, ReversePath, Timestamp},
};

/// An original that was taken back for a new text.
pub(super) struct Rewrite {
    hold: HoldId,
    until: Timestamp,
    used_by: Option<String>,
}

impl super::Kept {
    /// What a change of a hold leaves behind: a promise, a way for a new text.
    pub(super) fn leave_behind(&mut self, hold: &Hold, change: &Change) {
        if let Some(promise) = Promise::made_by(hold, change) {
            let known = self.promises.iter().position(|p| p.hold == promise.hold);
            let earlier = known.map(|at| self.promises.swap_remove(at));
            self.promises.push(promise.instead_of(earlier));
        }
        if let Some(Outcome::Rewritten { until, .. }) = &change.outcome {
            let until = steps::whole_micros(*until);
            self.rewrites.push(Rewrite { hold: hold.id.clone(), until, used_by: None });
        }
    }

    /// Visible holds to a customer, newest first, but for one.
    fn held_for(&self, about: &AboutCustomer<'_>) -> Vec<&Hold> {
        let address = about.address.to_lowercase();
        let known = |hold: &&Hold| {
            hold.state != State::Cancelled
                && hold.id != *about.but
                && found_by(hold).any(|a| a == address)
        };
        let mut holds: Vec<&Hold> = self.visible(&[]).filter(known).collect();
        holds.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
        holds
    }
}

#[async_trait]
impl Afterwards for MemoryStore {
    async fn promise(&self, hold: &HoldId) -> Result<Option<Promise>, HoldError> {
        Ok(self.kept().promises.iter().find(|p| p.hold == *hold).cloned())
    }

    async fn due_promises(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<(Hold, Promise)>, HoldError> {
        let kept = self.kept();
        let mut due: Vec<(Timestamp, &Promise)> =
            kept.promises.iter().filter_map(|p| Some((p.wake_at()?, p))).collect();
        due.retain(|(at, _)| *at <= now);
        due.sort_by_key(|(at, promise)| (*at, promise.hold.clone()));
        let of = |promise: &Promise| {
            let row = kept.holds.get(&promise.hold)?;
            Some((row.hold.clone(), promise.clone()))
        };
        Ok(due.into_iter().filter_map(|(_, promise)| of(promise)).take(most as usize).collect())
    }

    async fn change_promise(
        &self,
        hold: &HoldId,
        change: PromiseChange,
    ) -> Result<Option<Promise>, HoldError> {
        let mut kept = self.kept();
        let of = kept.row(hold)?.hold.clone();
        let Some(promise) = kept.promises.iter_mut().find(|p| p.hold == *hold) else {
            return Ok(None);
        };
        if !promise.apply(&change) {
            return Ok(None);
        }
        let promise = promise.clone();
        kept.owe(&of, &change.outbox, change.now);
        kept.audit(Some(hold), change.actor, change.step.event(), change.now);
        Ok(Some(promise))
    }

    async fn open_promises(&self) -> Result<u64, HoldError> {
        let kept = self.kept();
        Ok(kept.promises.iter().filter(|p| p.state == PromiseState::Open).count() as u64)
    }

    async fn histories(
        &self,
        since: Timestamp,
        behind: Option<&Behind>,
        most: u32,
    ) -> Result<Histories, HoldError> {
        let kept = self.kept();
        let place = |hold: &Hold| Behind { created: hold.created, id: hold.id.clone() };
        let meant = |hold: &&Hold| {
            hold.created >= since && behind.is_none_or(|behind| place(hold) > *behind)
        };
        let mut holds: Vec<&Hold> = kept.visible(&[]).filter(meant).collect();
        holds.sort_by_key(|hold| place(hold));
        holds.truncate(most as usize);
        let next = holds.last().filter(|_| holds.len() >= most as usize).map(|hold| place(hold));
        let promise = |hold: &Hold| kept.promises.iter().find(|p| p.hold == hold.id).cloned();
        let histories = holds.into_iter().map(|h| History::of(h.clone(), promise(h))).collect();
        Ok(Histories { histories, next })
    }

    async fn same_customer(&self, about: AboutCustomer<'_>) -> Result<SameCustomer, HoldError> {
        let kept = self.kept();
        let (own, others): (Vec<&Hold>, Vec<&Hold>) = kept
            .held_for(&about)
            .into_iter()
            .partition(|hold| hold.envelope.reverse_path().folded() == about.sender.folded());
        let open = |p: &&Promise| {
            p.state == PromiseState::Open && own.iter().any(|hold| hold.id == p.hold)
        };
        let mut promises: Vec<Promise> = kept.promises.iter().filter(open).cloned().collect();
        promises.sort_by(|a, b| (a.date, &a.hold).cmp(&(b.date, &b.hold)));
        promises.truncate(MAX_TOLD as usize);
        let earlier = own.iter().take(MAX_TOLD as usize).map(|hold| Earlier {
            id: hold.id.clone(),
            state: hold.state,
            created: hold.created,
            category: named(&hold.dossier).1.to_owned(),
        });
        let of_others = u32::try_from(others.len()).unwrap_or(MAX_COUNTED).min(MAX_COUNTED);
        Ok(SameCustomer { promises, earlier: earlier.collect(), of_others })
    }

    async fn rewrites(
        &self,
        sender: &ReversePath,
        key: &str,
        now: Timestamp,
    ) -> Result<Vec<Hold>, HoldError> {
        let kept = self.kept();
        let open = |r: &&Rewrite| r.until > now && r.used_by.as_ref().is_none_or(|k| k == key);
        let waiting = kept.rewrites.iter().filter(open);
        let holds = waiting.filter_map(|r| kept.holds.get(&r.hold)).map(|row| &row.hold);
        let mut own: Vec<&Hold> =
            holds.filter(|hold| hold.envelope.reverse_path().folded() == sender.folded()).collect();
        own.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
        Ok(own.into_iter().take(MAX_REWRITES as usize).cloned().collect())
    }

    async fn use_rewrite(
        &self,
        original: &HoldId,
        key: &str,
        actor: Actor,
        now: Timestamp,
    ) -> Result<bool, HoldError> {
        let mut kept = self.kept();
        let waiting = kept.rewrites.iter_mut().find(|r| r.hold == *original && r.until > now);
        let Some(rewrite) = waiting.filter(|r| r.used_by.as_ref().is_none_or(|k| k == key)) else {
            return Ok(false);
        };
        rewrite.used_by = Some(key.to_owned());
        kept.audit(Some(original), actor, event("rewritten_passed", []), now);
        Ok(true)
    }
}
