//! Looking through the queue, in memory.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::{Kept, MemoryStore, Standing, summary};
use crate::{
    hold::{
        Attempts, AuditEntry, Found, Hold, HoldError, ItemKind, Line, Queues, Search, State, Tally,
        queue::{MAX_TALLY, words_of},
        steps::found_by,
    },
    mail::HoldId,
};

#[async_trait]
impl Queues for MemoryStore {
    async fn search(&self, search: &Search) -> Result<Found, HoldError> {
        let kept = self.kept();
        let mut holds: Vec<&Hold> =
            kept.visible(&search.states).filter(|hold| is_meant(&kept, hold, search)).collect();
        let order = search.order;
        holds.sort_by(|a, b| order.of(&a.place(), &b.place()));
        if let Some(behind) = &search.behind {
            holds.retain(|hold| order.of(&hold.place(), behind).is_gt());
        }
        let is_more = holds.len() > search.most as usize;
        let lines: Vec<Line> = holds.into_iter().take(search.most as usize).map(line).collect();
        let next = lines.last().filter(|_| is_more).map(|line| line.place.clone());
        Ok(Found { lines, next })
    }

    async fn tally(&self, senders: Option<&[String]>) -> Result<Tally, HoldError> {
        let kept = self.kept();
        let count = |search: &Search| {
            let search = Search { senders: senders.map(<[String]>::to_vec), ..search.clone() };
            let meant = kept.visible(&search.states).filter(|hold| is_meant(&kept, hold, &search));
            u32::try_from(meant.take(MAX_TALLY as usize).count()).unwrap_or(MAX_TALLY)
        };
        let states = State::ALL.into_iter().filter(|state| *state != State::Prepared);
        Ok(Tally {
            states: states
                .map(|s| (s, count(&Search { states: vec![s], ..Search::default() })))
                .collect(),
            stuck: count(&Search { stuck: true, ..Search::default() }),
            proposed: count(&Search { proposed: true, ..Search::default() }),
        })
    }

    async fn senders(&self) -> Result<Vec<String>, HoldError> {
        let kept = self.kept();
        let senders = kept.visible(&[]).map(|hold| hold.envelope.reverse_path().folded());
        Ok(senders.collect::<BTreeSet<_>>().into_iter().collect())
    }

    async fn audit_of(&self, hold: &HoldId, most: u32) -> Result<Vec<AuditEntry>, HoldError> {
        let kept = self.kept();
        let about = kept.audit.iter().rev().filter(|entry| entry.hold.as_ref() == Some(hold));
        Ok(about.take(most as usize).cloned().collect())
    }

    async fn attempts(&self, hold: &HoldId) -> Result<Option<Attempts>, HoldError> {
        let kept = self.kept();
        let release = kept.outbox.iter().find(|owed| {
            owed.item.hold == *hold
                && owed.item.kind == ItemKind::Release
                && owed.standing == Standing::Due
        });
        Ok(release.map(|owed| Attempts { begun: owed.item.attempts, next: owed.due }))
    }
}

fn is_meant(kept: &Kept, hold: &Hold, search: &Search) -> bool {
    let (policy, category) = hold.policy_and_category();
    let sender = hold.envelope.reverse_path().folded();
    let words = words_of(&hold.dossier.subject);
    let is = |asked: &Option<String>, found: &str| asked.as_ref().is_none_or(|a| a == found);
    is(&search.policy, policy)
        && is(&search.category, category)
        && search.sender.as_ref().is_none_or(|asked| asked.to_lowercase() == sender)
        && search
            .recipient
            .as_ref()
            .is_none_or(|asked| found_by(hold).any(|to| to == asked.to_lowercase()))
        && search.senders.as_ref().is_none_or(|may| may.contains(&sender))
        && search.words.iter().all(|asked| words.iter().any(|word| asked.is(word)))
        && search.from.is_none_or(|from| hold.created >= from)
        && search.before.is_none_or(|before| hold.created < before)
        && (!search.stuck || is_stuck(kept, hold))
        && (!search.proposed || hold.proposal().is_some())
}

/// Whether the next hop did not take it at the last attempt.
fn is_stuck(kept: &Kept, hold: &Hold) -> bool {
    hold.state == State::Released
        && kept.outbox.iter().any(|owed| {
            owed.item.hold == hold.id
                && owed.item.kind == ItemKind::Release
                && owed.standing == Standing::Due
                && owed.item.attempts > u32::from(owed.lease.is_some())
        })
}

fn line(hold: &Hold) -> Line {
    Line { summary: summary(hold), place: hold.place(), is_proposed: hold.proposal().is_some() }
}
