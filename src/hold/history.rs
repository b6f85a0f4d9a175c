//! What became of holds over time: what a report is made of. Nothing of what a mail says; a report is
//! about policies, teams and processes, never about persons.

use std::collections::BTreeSet;

use super::{Hold, Outcome, Promise, State};
use crate::mail::{HoldId, ReversePath, Timestamp};

/// What became of one hold.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Whose mail it was: to know the team. No figure is ever by sender.
    pub sender: ReversePath,
    /// Where it stands.
    pub state: State,
    /// When it was held.
    pub created: Timestamp,
    /// The policy that held it.
    pub policy: String,
    /// Its category.
    pub category: String,
    /// The signals that spoke for holding it, heaviest first.
    pub signals: Vec<String>,
    /// The held forward-paths in lower case, each once, to know customers who were held for again.
    pub recipients: Vec<String>,
    /// What people did, oldest first.
    pub outcomes: Vec<(Timestamp, Outcome)>,
    /// The promise of its call.
    pub promise: Option<Promise>,
}

/// That somebody called a hold a false alarm, and what had spoken for holding it. Who, so that nobody
/// counts twice; tuning asks for several people and names none.
#[derive(Debug, Clone, PartialEq)]
pub struct FalseAlarm {
    /// When.
    pub at: Timestamp,
    /// Who, in lower case.
    pub person: String,
    /// Which hold.
    pub hold: HoldId,
    /// The policy that held it.
    pub policy: String,
    /// What spoke for and against, heaviest first: signals and log-odds.
    pub signals: Vec<(String, f64)>,
}

/// What came of the holds of one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFigures {
    /// The policy.
    pub policy: String,
    /// Mail that it held.
    pub held: u64,
    /// Of it, what somebody called a false alarm.
    pub false_alarms: u64,
    /// What went out without a call, with a typed reason.
    pub sent_anyway: u64,
}

/// Where in the row of holds, oldest first, a page begins: behind this one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Behind {
    /// When it was held.
    pub created: Timestamp,
    /// Its id.
    pub id: HoldId,
}

/// Some histories, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histories {
    /// Those that read.
    pub histories: Vec<History>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Behind>,
}

impl History {
    /// The history of a hold.
    pub(in crate::hold) fn of(hold: Hold, promise: Option<Promise>) -> History {
        let decision = hold.dossier.decision;
        let speaks = decision.evidence.into_iter().filter(|e| e.weight > 0.0);
        let paths = hold.envelope.recipients().iter();
        // A client may name one twice.
        let recipients: BTreeSet<String> = paths.map(|r| r.path.folded()).collect();
        History {
            sender: hold.envelope.reverse_path().clone(),
            state: hold.state,
            created: hold.created,
            policy: decision.policy.unwrap_or_default(),
            category: decision.category.unwrap_or_default(),
            signals: speaks.map(|e| e.signal).collect(),
            recipients: recipients.into_iter().collect(),
            outcomes: hold.outcomes.into_iter().map(|(at, _, outcome)| (at, outcome)).collect(),
            promise,
        }
    }
}
