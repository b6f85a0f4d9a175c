//! What the memory store keeps, and how one thing of it changes.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use bytes::Bytes;

use super::afterwards::Rewrite;
use crate::{
    hold::{
        Actor, AuditEntry, AuditEvent, AuditHead, Hold, HoldError, HoldSummary, Item, ItemId,
        ItemKind, NewHold, NewItem, Promise, State, chain,
        pacing::waits_for,
        steps::{self, ItemEnd, named},
    },
    mail::{HoldId, Timestamp},
};

/// Everything, in one piece under one lock.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) holds: BTreeMap<HoldId, Row>,
    pub(super) retries: HashMap<String, HoldId>,
    pub(super) outbox: Vec<Owed>,
    pub(super) promises: Vec<Promise>,
    pub(super) rewrites: Vec<Rewrite>,
    pub(super) audit: Vec<AuditEntry>,
    pub(super) items: u64,
    /// How many settlements find no room; tests set it.
    pub(super) unsettled: u32,
    /// How many steps are taken before there is no room; tests set it.
    pub(super) steps_left: Option<u32>,
}

/// A hold, with what a database row has beside it.
pub(super) struct Row {
    pub(super) hold: Hold,
    pub(super) content: Option<Bytes>,
    pub(super) ended_at: Option<Timestamp>,
}

/// An outbox item and who has it.
pub(super) struct Owed {
    pub(super) item: Item,
    pub(super) due: Timestamp,
    pub(super) standing: Standing,
    pub(super) lease: Option<(String, Timestamp)>,
    /// Whose turn it waits for, or waited for.
    pub(super) addressee: Option<String>,
    /// When that came.
    pub(super) let_go: Option<Timestamp>,
}

/// Whether an item is for leasing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its hold is only prepared.
    Asleep,
    /// For its addressee's turn.
    Waiting,
    /// When its time has come.
    Due,
    /// Done with, or given up.
    Closed,
}

impl Kept {
    pub(super) fn row(&mut self, id: &HoldId) -> Result<&mut Row, HoldError> {
        self.holds.get_mut(id).ok_or(HoldError::Unknown)
    }

    pub(super) fn head(&self) -> AuditHead {
        self.audit.last().map_or_else(
            || AuditHead { number: 0, digest: chain::beginning() },
            |last| AuditHead { number: last.number, digest: last.digest.clone() },
        )
    }

    pub(super) fn audit(
        &mut self,
        hold: Option<&HoldId>,
        actor: Actor,
        event: AuditEvent,
        now: Timestamp,
    ) {
        let entry = chain::link(&self.head(), hold, actor, event, now);
        self.audit.push(entry);
    }

    pub(super) fn owe(&mut self, hold: &Hold, items: &[NewItem], now: Timestamp) {
        for new in items {
            self.items += 1;
            let item = Item {
                id: ItemId(format!("{:032x}", self.items)),
                hold: hold.id.clone(),
                kind: new.kind.clone(),
                recipients: new.recipients.clone(),
                attempts: 0,
                created: steps::whole_micros(now),
            };
            let addressee = waits_for(new);
            let standing = match &addressee {
                _ if hold.state == State::Prepared => Standing::Asleep,
                Some(_) => Standing::Waiting,
                None => Standing::Due,
            };
            let due = steps::whole_micros(new.due);
            self.outbox.push(Owed { item, due, standing, lease: None, addressee, let_go: None });
        }
    }

    /// Closes the release that a hold owes.
    pub(super) fn close_release(&mut self, id: &HoldId) {
        let is_release = |o: &&mut Owed| o.item.hold == *id && o.item.kind == ItemKind::Release;
        for owed in self.outbox.iter_mut().filter(is_release) {
            owed.lease = None;
            owed.standing = Standing::Closed;
        }
    }

    pub(super) fn save(&mut self, hold: Hold, now: Timestamp) {
        if let Some(row) = self.holds.get_mut(&hold.id) {
            if hold.state.is_ended() {
                row.ended_at.get_or_insert(steps::whole_micros(now));
            }
            row.hold = hold;
        }
    }

    /// The hold that a retry finds.
    pub(super) fn adopted(&self, new: &NewHold, window: Duration) -> Option<(HoldId, State)> {
        let row = self.holds.get(self.retries.get(&new.idempotency_key)?)?;
        let state = row.hold.state;
        steps::adopts(state, row.ended_at, new.created, window)
            .then(|| (row.hold.id.clone(), state))
    }

    pub(super) fn write(&mut self, new: &NewHold, state: State) -> Result<(), HoldError> {
        let content = new.content.whole().map_err(|error| HoldError::Failed {
            doing: "reading the content to hold",
            source: Box::new(error),
        })?;
        if self.holds.contains_key(&new.id) {
            let twice = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
            return Err(HoldError::Failed { doing: "holding a message", source: Box::new(twice) });
        }
        let hold = steps::hold_from(new, state);
        self.retries.insert(new.idempotency_key.clone(), new.id.clone());
        self.owe(&hold, &new.outbox, new.created);
        let actor = Actor::service("smtp", Some(new.origin.client.to_string()));
        self.audit(Some(&new.id), actor, steps::written_event(&hold), new.created);
        self.holds.insert(new.id.clone(), Row { hold, content: Some(content), ended_at: None });
        Ok(())
    }

    pub(super) fn wake(&mut self, id: &HoldId, now: Timestamp) -> Result<bool, HoldError> {
        let mut hold = self.row(id)?.hold.clone();
        match hold.state {
            State::Prepared => hold.state = State::Held,
            State::Cancelled => return Err(HoldError::Already(State::Cancelled)),
            _ => return Ok(true),
        }
        for owed in self.outbox.iter_mut().filter(|o| o.item.hold == *id) {
            let waits = owed.addressee.is_some();
            owed.standing = if waits { Standing::Waiting } else { Standing::Due };
        }
        let actor = Actor::service("smtp", Some(hold.origin.client.to_string()));
        self.audit(Some(id), actor, steps::written_event(&hold), now);
        self.save(hold, now);
        Ok(false)
    }

    pub(super) fn drop_prepared(
        &mut self,
        id: &HoldId,
        why: &str,
        now: Timestamp,
    ) -> Result<bool, HoldError> {
        let row = self.row(id)?;
        if row.hold.state != State::Prepared {
            return Ok(false);
        }
        row.hold.state = State::Cancelled;
        row.content = None;
        row.ended_at = Some(steps::whole_micros(now));
        self.outbox.retain(|owed| owed.item.hold != *id);
        self.retries.retain(|_, hold| hold != id);
        let event = steps::event("cancelled", [("by", why.to_owned())]);
        self.audit(Some(id), Actor::service(why, None), event, now);
        Ok(true)
    }

    pub(super) fn owed(&mut self, id: &ItemId) -> Result<(&mut Owed, Hold), HoldError> {
        let owed = self.outbox.iter_mut().find(|o| o.item.id == *id).ok_or(HoldError::Unknown)?;
        let row = self.holds.get(&owed.item.hold).ok_or(HoldError::Unknown)?;
        Ok((owed, row.hold.clone()))
    }

    pub(super) fn visible(&self, states: &[State]) -> impl Iterator<Item = &Hold> {
        let rows = self.holds.values().map(|row| &row.hold);
        rows.filter(move |hold| {
            hold.state != State::Prepared && (states.is_empty() || states.contains(&hold.state))
        })
    }
}

impl Owed {
    pub(super) fn due_at(&self) -> Timestamp {
        self.lease.as_ref().map_or(self.due, |(_, until)| self.due.max(*until))
    }

    pub(super) fn is_leased_to(&self, node: &str) -> bool {
        self.standing == Standing::Due && self.lease.as_ref().is_some_and(|(n, _)| n == node)
    }

    pub(super) fn end(&mut self, end: &ItemEnd) {
        self.lease = None;
        match end {
            ItemEnd::Again(at) => self.due = *at,
            ItemEnd::Done | ItemEnd::Failed(_) => self.standing = Standing::Closed,
        }
    }
}

/// A line of `holds list`.
pub(super) fn summary(hold: &Hold) -> HoldSummary {
    let (policy, category) = named(&hold.dossier);
    let recipients = hold.envelope.recipients();
    HoldSummary {
        id: hold.id.clone(),
        state: hold.state,
        created: hold.created,
        sender: hold.envelope.reverse_path().as_str().to_owned(),
        recipients: recipients.iter().map(|r| r.path.as_str().to_owned()).collect(),
        subject: hold.dossier.subject.clone(),
        policy: policy.to_owned(),
        category: category.to_owned(),
        message_id: hold.dossier.message_id.clone(),
        due: hold.expires_at,
    }
}
