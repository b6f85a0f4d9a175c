//! What a learned model must offer to be one signal among the others.

use super::model::Memory;
use crate::message::Sentence;

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

    /// Changes whenever the model does: part of the policy set's fingerprint.
    fn fingerprint(&self) -> String;
}
