//! What a learned model must offer to be one signal among the others.

use super::model::Memory;
use crate::message::Sentence;

/// A sentence that looks suspicious.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Its place among the sentences.
    pub at: usize,
    /// What it adds to the log-odds of the policy that it speaks for most.
    pub suspicion: f64,
}

/// Log-odds by category of the sentences that were read in their context, by place.
pub type Understood = Vec<Option<Vec<f64>>>;

/// A model that judges sentences by what it has learned.
pub trait SentenceModel: std::fmt::Debug + Send + Sync {
    /// The place of a category in [`log_odds`](SentenceModel::log_odds); `None` where the model
    /// does not know it.
    fn category(&self, name: &str) -> Option<usize>;

    /// Fills `scores` with the log-odds, by category, that this sentence brings such news,
    /// relative to a sentence of ordinary mail: 0 says nothing. One call for all categories:
    /// their features are the same. What is not above `floor` may be given as `floor`. `memory`
    /// is kept from sentence to sentence.
    fn log_odds(
        &self,
        previous: Option<&Sentence>,
        sentence: &Sentence,
        floor: f64,
        memory: &mut Memory,
        scores: &mut Vec<f64>,
    );

    /// The suspicion above which a sentence should be read in its context; without a reader, none.
    fn reads_above(&self) -> f64 {
        f64::INFINITY
    }

    /// Reads sentences a second time, in their context, where one looks suspicious: gives what
    /// [`log_odds`](SentenceModel::log_odds) would for each that was read; nothing at all where
    /// none was. `sentences` are those of subject and body, in order, without quoted ones;
    /// `suspicious` says which of them gave cause, and how much. A model without a reader reads
    /// none.
    fn read_in_context(&self, sentences: &[&Sentence], suspicious: &[Candidate]) -> Understood {
        let _ = (sentences, suspicious);
        Understood::new()
    }

    /// Changes whenever the model does: part of the policy set's fingerprint.
    fn fingerprint(&self) -> String;
}
