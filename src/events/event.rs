//! One thing that happened, as it is told: facts, never words of the mail, and by default nobody
//! outside by name.

use crate::{
    hold::{AuditEntry, Hold},
    mail::Timestamp,
};

use super::{Include, Kind};

/// See the module.
#[derive(Debug, Clone)]
pub struct Event {
    /// The same however often it is told, and no other event's.
    pub id: String,
    /// What it is; `None` for an entry of the audit that is no event of its own.
    pub kind: Option<Kind>,
    /// The audit's entry.
    pub entry: AuditEntry,
    /// What stands in the hold, where it is about one and the hold is there.
    pub hold: Option<About>,
}

/// What is told of a hold.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The policy that held it.
    pub policy: String,
    /// Its category.
    pub category: String,
    /// Whom it came from, where that is asked for.
    pub sender: Option<String>,
    /// What it is about, where that is asked for.
    pub subject: Option<String>,
    /// For whom it is, where that is asked for.
    pub recipients: Option<Vec<String>>,
}

impl About {
    pub(super) fn of(hold: &Hold, include: Include) -> About {
        let decision = &hold.dossier.decision;
        let paths = hold.envelope.recipients().iter().map(|r| r.path.as_str().to_owned());
        About {
            policy: decision.policy.clone().unwrap_or_default(),
            category: decision.category.clone().unwrap_or_default(),
            sender: include.sender.then(|| hold.envelope.reverse_path().as_str().to_owned()),
            subject: include.subject.then(|| hold.dossier.subject.clone()),
            recipients: include.recipients.then(|| paths.collect()),
        }
    }
}

impl Event {
    /// An event of this kind.
    pub(super) fn new(entry: &AuditEntry, kind: Option<Kind>, hold: Option<About>) -> Event {
        let kind_word = kind.map_or("audit", Kind::as_str);
        // Numbers begin anew in another store; the digest does not come again.
        let digest = entry.digest.get(..16).unwrap_or_default();
        Event {
            id: format!("evt_{}_{digest}_{kind_word}", entry.number).replace('.', "_"),
            kind,
            entry: entry.clone(),
            hold,
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        match self.kind {
            Some(kind) => kind.as_str(),
            None => &self.entry.event.name,
        }
    }

    /// When it happened.
    pub fn at(&self) -> Timestamp {
        self.entry.at
    }

    /// The facts of the audit that name nobody.
    pub(super) fn facts(&self) -> impl Iterator<Item = (&str, &str)> {
        let slip = self.entry.slip.as_ref();
        let facts = self.entry.event.facts.iter();
        facts
            .filter(move |(name, _)| slip.is_none_or(|slip| !slip.covers(name)))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
