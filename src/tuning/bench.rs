//! The policies on the bench: the files as text, and how they are compiled and asked.

use std::sync::Arc;

use jiff::civil::Date;

use crate::{
    decision::{Decision, Organisation, Trial},
    message::{Language, Reading},
    policy::{Diagnostic, PolicySet, Preset, SentenceModel, Source, Weighed},
};

/// What a change is tried with.
#[derive(Clone, Copy)]
pub struct Bench<'b> {
    /// The files of the policy folder.
    pub sources: &'b [Source],
    /// The learned model.
    pub model: Option<&'b Arc<dyn SentenceModel>>,
    /// Where all thresholds stand.
    pub preset: Preset,
    /// Whose mails the policies' own tests are.
    pub organisation: &'b Organisation,
    /// Reads a mail as the service does.
    pub read: &'b dyn Fn(&[u8]) -> Reading,
    /// How common a word is in the reference mails of a language: the share of them that has it.
    pub commonness: &'b dyn Fn(Language, &str) -> f64,
    /// Today: what has ended does not count.
    pub today: Date,
}

/// A compiled set twice: with its thresholds as written, for its own tests, and as they stand.
#[derive(Debug)]
pub struct Sets {
    written: PolicySet,
    live: Option<PolicySet>,
}

impl Sets {
    /// As written: what tests are run with.
    pub fn written(&self) -> &PolicySet {
        &self.written
    }

    /// With the preset: what mail is judged by.
    pub fn live(&self) -> &PolicySet {
        self.live.as_ref().unwrap_or(&self.written)
    }
}

impl Bench<'_> {
    /// Compiles files, or says all that is wrong with them.
    ///
    /// # Errors
    /// Every mistake of every file.
    pub fn compile(&self, sources: &[Source]) -> Result<Sets, Vec<Diagnostic>> {
        let compiled = || PolicySet::compile(sources, self.model.cloned());
        let one = || compiled().map(|set| set.on(self.today));
        let live = match self.preset {
            Preset::Balanced => None,
            preset => Some(one()?.with_preset(preset)),
        };
        Ok(Sets { written: one()?, live })
    }
}

/// What a set makes of a mail.
pub(super) struct Verdict {
    pub(super) weighed: Weighed,
    pub(super) decision: Decision,
}

/// Asks a set about a mail.
pub(super) fn ask(set: &PolicySet, trial: &Trial) -> Verdict {
    let weighed = set.weigh(&trial.reading);
    let decision = trial.decide_by(set, &weighed);
    Verdict { weighed, decision }
}

/// The log-odds of a probability.
pub(super) fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

/// The probability of log-odds.
pub(super) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
