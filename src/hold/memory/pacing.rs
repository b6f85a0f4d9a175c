//! Mail that waits for its addressee's turn, in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{
    MemoryStore,
    kept::{Kept, Owed, Standing},
};
use crate::{
    hold::{
        Hold, HoldError, Item, ItemId, ItemKind, Pacing, State,
        pacing::{Join, MAX_GONE, MAX_QUEUE, Queue, Step, Waiting},
        steps::{self, event, found_by, worker},
    },
    mail::{ReversePath, Timestamp},
};

impl Kept {
    fn waiting(&self) -> impl Iterator<Item = (&String, &Owed)> {
        let waiting = self.outbox.iter().filter(|owed| owed.standing == Standing::Waiting);
        waiting.filter_map(|owed| Some((owed.addressee.as_ref()?, owed)))
    }

    fn is_waiting(&self, id: &ItemId, step: &Step) -> bool {
        self.waiting().any(|(whose, owed)| owed.item.id == *id && *whose == step.addressee)
    }

    fn owe_digest(&mut self, join: Join, addressee: &str, now: Timestamp) {
        self.items += 1;
        let item = Item {
            id: ItemId(format!("{:032x}", self.items)),
            hold: join.hold,
            kind: join.digest.kind,
            recipients: join.digest.recipients,
            attempts: 0,
            created: now,
        };
        self.outbox.push(Owed {
            item,
            due: now,
            standing: Standing::Due,
            lease: None,
            addressee: Some(addressee.to_owned()),
            let_go: Some(now),
        });
    }
}

#[async_trait]
impl Pacing for MemoryStore {
    async fn addressees(&self, now: Timestamp, most: u32) -> Result<Vec<String>, HoldError> {
        let kept = self.kept();
        let mut first: BTreeMap<&String, Timestamp> = BTreeMap::new();
        for (whose, owed) in kept.waiting().filter(|(_, owed)| owed.due <= now) {
            let due = first.entry(whose).or_insert(owed.due);
            *due = owed.due.min(*due);
        }
        let mut whose: Vec<_> = first.into_iter().collect();
        whose.sort_by_key(|(whose, due)| (*due, *whose));
        Ok(whose.into_iter().take(most as usize).map(|(whose, _)| whose.clone()).collect())
    }

    async fn queue(&self, addressee: &str, since: Timestamp) -> Result<Queue, HoldError> {
        let kept = self.kept();
        let theirs = kept.waiting().filter(|(whose, _)| *whose == addressee);
        let mut waiting: Vec<Waiting> = theirs
            .map(|(_, owed)| Waiting {
                item: owed.item.id.clone(),
                hold: owed.item.hold.clone(),
                name: name(&owed.item).to_owned(),
                created: owed.item.created,
                due: owed.due,
            })
            .collect();
        waiting.sort_by(|a, b| (a.created, &a.item.0).cmp(&(b.created, &b.item.0)));
        waiting.truncate(MAX_QUEUE);
        let theirs = kept.outbox.iter().filter(|o| o.addressee.as_deref() == Some(addressee));
        let gone = theirs.filter_map(|owed| Some((owed.let_go?, name(&owed.item).to_owned())));
        let mut gone: Vec<_> = gone.filter(|(at, _)| *at >= since).collect();
        gone.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        gone.truncate(MAX_GONE);
        Ok(Queue { waiting, gone })
    }

    async fn step(&self, node: &str, step: Step, now: Timestamp) -> Result<bool, HoldError> {
        let (mut kept, now) = (self.kept(), steps::whole_micros(now));
        if let Some(left) = &mut kept.steps_left {
            *left = left.checked_sub(1).ok_or(HoldError::Full)?;
        }
        let joined = step.join.iter().flat_map(|join| &join.items);
        let mut all = step.let_go.iter().chain(&step.dropped).chain(joined.clone());
        if !all.all(|id| kept.is_waiting(id, &step)) {
            return Ok(false);
        }
        let mut ended = Vec::new();
        for owed in &mut kept.outbox {
            let id = &owed.item.id;
            if step.let_go.contains(id) {
                (owed.standing, owed.due, owed.let_go) = (Standing::Due, now, Some(now));
            } else if step.dropped.contains(id) {
                owed.standing = Standing::Closed;
                ended.push((owed.item.hold.clone(), "notice_dropped"));
            } else if joined.clone().any(|joined| joined == id) {
                owed.standing = Standing::Closed;
                ended.push((owed.item.hold.clone(), "notice_joined"));
            }
        }
        for (hold, name) in ended {
            kept.audit(Some(&hold), worker(node), event(name, []), now);
        }
        if let Some(join) = step.join {
            kept.owe_digest(join, &step.addressee, now);
        }
        if let Some(until) = step.put_off {
            let theirs = |owed: &&mut Owed| {
                owed.standing == Standing::Waiting
                    && owed.addressee.as_deref() == Some(&step.addressee)
            };
            for owed in kept.outbox.iter_mut().filter(theirs) {
                owed.due = steps::whole_micros(until);
            }
        }
        Ok(true)
    }

    async fn held_of(
        &self,
        sender: &ReversePath,
        to: Option<&str>,
        most: u32,
    ) -> Result<Vec<Hold>, HoldError> {
        let (kept, to) = (self.kept(), to.map(str::to_lowercase));
        let theirs = |hold: &&Hold| {
            hold.envelope.reverse_path().folded() == sender.folded()
                && to.as_ref().is_none_or(|to| found_by(hold).any(|address| address == *to))
        };
        let mut holds: Vec<&Hold> = kept.visible(&[State::Held]).filter(theirs).collect();
        holds.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        Ok(holds.into_iter().take(most as usize).cloned().collect())
    }
}

fn name(item: &Item) -> &str {
    match &item.kind {
        ItemKind::Notice { name, .. } => name,
        ItemKind::Release => "",
    }
}
