//! Judges recorded mail again, with one thing changed.
//!
//! A threshold is exact. A weight is exact for every mail whose record keeps the whole sum: it is
//! summed anew, sentence by sentence, as weighing does. What a record cannot know is told: whether the
//! reader would have read other sentences, and mail that came nowhere near. A phrase is an estimate:
//! its words are looked for among the names of the words of each sentence, without what stands around
//! them, so a negation or a question is not seen.

use serde::Serialize;

use crate::mail::Timestamp;

use super::{
    Fate, NEAR, Near, Outlook, Phrase, Record, RecordId, ScopeChange, Sum,
    projected::{log_odds, probability},
};

/// Mails that are named; the counts have all.
const MAX_NAMED: usize = 1_000;
/// A sum that differs by no more is the same sum.
const SAME: f64 = 1e-6;

/// What is changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A policy's threshold.
    Threshold {
        /// The policy.
        policy: String,
        /// From which probability it holds.
        to: f64,
    },
    /// A signal's weight.
    Weight {
        /// The policy that hears it; `None`: all that do.
        policy: Option<String>,
        /// The signal.
        signal: String,
        /// The new weight; 0 takes it away.
        to: f64,
    },
    /// A phrase that speaks against news is added.
    Phrase {
        /// The policy that hears it; `None`: all.
        policy: Option<String>,
        /// The phrase.
        phrase: Phrase,
        /// Its weight, below zero.
        weight: f64,
    },
    /// A policy concerns fewer.
    Scope {
        /// The policy.
        policy: String,
        /// Whom it concerns no more.
        scope: ScopeChange,
    },
}

/// What comes of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Effect {
    /// Records looked at.
    pub looked_at: u64,
    /// Of them, how many a policy was sure enough about, however far it goes.
    pub before: u64,
    /// How many then.
    pub after: u64,
    /// Of the changed ones, those whose record is too short to be sure.
    pub uncertain: u64,
    /// Whether all of it is an estimate.
    pub estimate: bool,
    /// Whether more may change than is seen, because mail that came nowhere near is not told apart.
    pub unseen: bool,
    /// What changes, in the order of the records; at most a thousand.
    pub changed: Vec<Changed>,
}

/// A mail that is decided otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// Its record.
    pub id: RecordId,
    /// When it was judged.
    pub at: Timestamp,
    /// The sender's team.
    pub team: String,
    /// What became of it.
    pub fate: Fate,
    /// The policy that decided for holding, if one did.
    pub before: Option<String>,
    /// The policy that then does.
    pub after: Option<String>,
    /// Whether its record keeps the whole sum.
    pub certain: bool,
}

/// Judges records again as they come.
#[derive(Debug)]
pub struct Rejudging {
    change: Change,
    effect: Effect,
    moved: Moved,
}

impl Rejudging {
    /// Nothing judged yet.
    pub fn new(change: Change) -> Rejudging {
        let estimate = matches!(change, Change::Phrase { .. });
        let effect = Effect { estimate, ..Effect::default() };
        Rejudging { change, effect, moved: Moved::default() }
    }

    /// Judges one.
    pub fn add(&mut self, record: &Record) {
        let (as_it_was, effect) = (Outlook::default(), &mut self.effect);
        effect.looked_at += 1;
        let (then, certain) = judged_again(record, &self.change, &mut self.moved);
        let policy = |record| as_it_was.decides(record).map(|(near, _)| near.policy.clone());
        let (before, after) = (policy(record), policy(&then));
        effect.before += u64::from(before.is_some());
        effect.after += u64::from(after.is_some());
        if before == after {
            return;
        }
        effect.uncertain += u64::from(!certain);
        if effect.changed.len() < MAX_NAMED {
            let Record { id, at, team, fate, .. } = record;
            let (id, team) = (id.clone(), team.clone());
            effect.changed.push(Changed { id, at: *at, team, fate: *fate, before, after, certain });
        }
    }

    /// What comes of it.
    pub fn effect(mut self) -> Effect {
        self.effect.unseen = match self.change {
            Change::Threshold { to, .. } => to < NEAR,
            // What makes no mail look better may make others look worse.
            Change::Weight { .. } => self.moved.up || !self.moved.down,
            Change::Phrase { .. } | Change::Scope { .. } => false,
        };
        self.effect
    }
}

/// The same of records that lie at hand.
pub fn rejudge<'r>(records: impl IntoIterator<Item = &'r Record>, change: &Change) -> Effect {
    let mut rejudging = Rejudging::new(change.clone());
    records.into_iter().for_each(|record| rejudging.add(record));
    rejudging.effect()
}

/// Which way sums were moved.
#[derive(Debug, Default)]
struct Moved {
    up: bool,
    down: bool,
}

/// The record as it would be, and whether that is sure.
fn judged_again(record: &Record, change: &Change, moved: &mut Moved) -> (Record, bool) {
    let (mut then, mut certain) = (record.clone(), true);
    if let Change::Scope { policy, scope } = change {
        let spared = scope.spares(&record.detail);
        then.detail.near.retain(|near| !(spared && near.policy == *policy));
    }
    for near in &mut then.detail.near {
        match change {
            Change::Threshold { policy, to } if near.policy == *policy => near.threshold = *to,
            Change::Weight { policy, signal, to } if hears(policy.as_ref(), near) => {
                let otherwise = |sum: &mut Sum| weigh_otherwise(sum, signal, *to);
                certain &= summed_anew(near, otherwise, moved);
            }
            Change::Phrase { policy, phrase, weight } if hears(policy.as_ref(), near) => {
                let damped = |sum: &mut Sum| damp(sum, phrase, *weight);
                certain &= summed_anew(near, damped, moved);
            }
            _ => {}
        }
    }
    (then, certain)
}

fn hears(policy: Option<&String>, near: &Near) -> bool {
    policy.is_none_or(|policy| *policy == near.policy)
}

/// Changes a sum and what follows from it; gives whether that is sure. `change` says whether it
/// touched anything.
fn summed_anew(near: &mut Near, change: impl FnOnce(&mut Sum) -> bool, moved: &mut Moved) -> bool {
    let Some(sum) = &mut near.sum else { return true };
    let before = sum.log_odds();
    let whole = !sum.more && (before - log_odds(near.probability)).abs() < SAME;
    if !change(sum) {
        return true;
    }
    let after = sum.log_odds();
    let by = after - before;
    // A record that is too short says at least by how much it moves.
    let after = if whole { after } else { log_odds(near.probability) + by };
    near.probability = probability(after);
    moved.up |= by > 0.0;
    moved.down |= by < 0.0;
    whole
}

fn weigh_otherwise(sum: &mut Sum, signal: &str, to: f64) -> bool {
    let of_sentences = sum.said.iter_mut().flat_map(|said| &mut said.terms);
    let of_sentences = of_sentences.filter(|(name, _)| name == signal).map(|(_, weight)| weight);
    let of_message = sum.message.iter_mut().filter(|(name, ..)| name == signal);
    let all = of_sentences.chain(of_message.map(|(_, weight, _)| weight));
    let mut touched = false;
    for weight in all {
        *weight = to;
        touched = true;
    }
    touched
}

fn damp(sum: &mut Sum, phrase: &Phrase, weight: f64) -> bool {
    let mut touched = false;
    for said in sum.said.iter_mut().filter(|said| phrase.is_in(&said.grams)) {
        said.terms.push((String::new(), weight));
        touched = true;
    }
    touched
}
