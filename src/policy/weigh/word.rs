//! What the learned model's word on a sentence counts for a policy.

use crate::policy::Policy;

/// Of the linear model's word on a sentence that the reader read as well, what still counts: they
/// err on different sentences (docs/judgement/README.md).
const BESIDE_THE_READER: f64 = 0.6;

/// What the model's word is at least.
pub(super) fn doubt(policy: &Policy, english: bool) -> f64 {
    if english { policy.model_clip } else { policy.model_clip.min(1.0) }
}

/// What the learned model says of a sentence.
pub(super) struct Word<'s> {
    /// Log-odds by category.
    pub(super) scores: &'s [f64],
    pub(super) english: bool,
    /// Log-odds by category of the reader, if it read the sentence in its context.
    pub(super) read: Option<&'s [f64]>,
    /// Whether what spoke for news was silenced by the words around it: "We are not refusing your
    /// refund" says so plainly; the reader may agree, but it may not hold.
    pub(super) silenced: bool,
    /// Whether a signal of the sentence speaks against news. The linear model sees no more in it
    /// than words, so beside the reader's its own do not count for news.
    pub(super) denied: bool,
    /// Of all that is said of the sentence, what counts.
    pub(super) share: f64,
}

impl Word<'_> {
    /// What it adds for a policy: the linear model's word, or where the sentence was read in its
    /// context the reader's, and beside it a share of the linear model's.
    pub(super) fn to(&self, policy: &Policy, category: usize) -> Option<f64> {
        let first = self.first_word(policy, category)?;
        let Some(read) = self.read else { return Some(first) };
        let clip = policy.reader_clip;
        let second = read.get(category)?.clamp(-clip, clip) * policy.reader_weight;
        let first = if self.denied { first.min(0.0) } else { first };
        let both = second + first * BESIDE_THE_READER;
        Some(if self.silenced { both.min(0.0) } else { both })
    }

    /// The linear model's. Outside English it has less weight, and its doubt counts for little:
    /// words that the model does not know look ordinary to it.
    fn first_word(&self, policy: &Policy, category: usize) -> Option<f64> {
        let score = *self.scores.get(category)?;
        let share = if self.english { 1.0 } else { policy.model_other_languages };
        let doubt = doubt(policy, self.english);
        Some(score.clamp(-doubt, policy.model_clip) * policy.model_weight * share)
    }
}
