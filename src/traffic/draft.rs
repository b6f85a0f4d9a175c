//! A mail on its way into the record: addresses and words are still there, in memory alone.

use uuid::Uuid;

use crate::{
    decision::{Decision, Reason, Verdict},
    hold::Dossier,
    mail::{Envelope, HoldId, Recipient, ReversePath, Timestamp},
    message::Language,
    team::Teams,
};

use super::{Detail, Fate, Hasher, Record, RecordId, Sketch};

/// Recipients' domains that are kept.
const MAX_DOMAINS: usize = 20;
/// A longer Message-ID is not kept.
const MAX_MESSAGE_ID_OCTETS: usize = 250;

/// See the module.
#[derive(Debug)]
pub struct Draft {
    id: HoldId,
    at: Timestamp,
    sender: ReversePath,
    domains: Vec<String>,
    pub(super) fate: Fate,
    language: Option<Language>,
    reason: Reason,
    policy: Option<String>,
    message_id: Option<String>,
    pub(super) hold: Option<HoldId>,
    sketch: Option<Box<Sketch>>,
    pub(super) letter: Option<Box<(Envelope, Dossier)>>,
}

impl Draft {
    /// Of a mail that was judged so and goes on.
    pub fn of(
        envelope: &Envelope,
        decision: &Decision,
        dossier: &Dossier,
        sketch: Option<Box<Sketch>>,
        at: Timestamp,
    ) -> Draft {
        let domain = |r: &Recipient| r.path.mailbox().domain().map(str::to_lowercase);
        let mut domains: Vec<String> = envelope.recipients().iter().filter_map(domain).collect();
        domains.sort_unstable();
        domains.dedup();
        domains.truncate(MAX_DOMAINS);
        let listed = dossier.message_id.as_ref().filter(|_| decision.would_hold);
        let told = decision.only_tells().then(|| Box::new((envelope.clone(), dossier.clone())));
        Draft {
            id: HoldId::from_octets(Uuid::now_v7().into_bytes()),
            at,
            sender: envelope.reverse_path().clone(),
            domains,
            fate: fate(decision),
            language: decision.language,
            reason: decision.reason,
            policy: decision.policy.clone(),
            message_id: listed.filter(|id| id.len() <= MAX_MESSAGE_ID_OCTETS).cloned(),
            hold: None,
            sketch,
            letter: told,
        }
    }

    /// The same mail, held so.
    #[must_use]
    pub fn held(mut self, hold: &HoldId) -> Draft {
        self.hold = Some(hold.clone());
        self
    }

    /// What its letter is called by, and what it is written from, where its sender is to be told.
    pub(super) fn letter(&self) -> Option<(&HoldId, Timestamp, &Envelope, &Dossier)> {
        let (envelope, dossier) = &**self.letter.as_ref()?;
        Some((&self.id, self.at, envelope, dossier))
    }

    /// What is kept of it; `None` where nothing was taken down.
    pub(super) fn record(self, hasher: &Hasher, teams: &Teams) -> Option<Record> {
        let Sketch { set, near, shadow } = *self.sketch?;
        let from = self.sender.mailbox().and_then(|m| m.domain()).unwrap_or_default();
        let detail = Detail {
            sender: hasher.address(&self.sender.folded()),
            from: hasher.domain(from),
            to: self.domains.iter().map(|domain| hasher.domain(domain)).collect(),
            language: self.language,
            reason: self.reason,
            policy: self.policy,
            message_id: self.message_id,
            set,
            near: near.into_iter().map(|one| one.record(hasher)).collect(),
            shadow,
        };
        Some(Record {
            id: RecordId(self.id.to_string()),
            at: self.at,
            team: teams.of(&self.sender).name.clone(),
            fate: self.fate,
            hold: self.hold,
            detail,
        })
    }
}

fn fate(decision: &Decision) -> Fate {
    match decision.verdict {
        Verdict::Hold if decision.bites() => Fate::Held,
        Verdict::Hold if decision.only_tells() => Fate::Notified,
        Verdict::Hold => Fate::Observed,
        Verdict::Pass if decision.would_hold => Fate::Exempt,
        Verdict::Pass => Fate::Passed,
    }
}
