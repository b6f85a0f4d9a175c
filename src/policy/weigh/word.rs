//! What the learned model's word on a sentence counts for a policy.

use crate::policy::Policy;

/// What the model's word is at least.
pub(super) fn doubt(policy: &Policy, english: bool) -> f64 {
    if english { policy.model_clip } else { policy.model_clip.min(1.0) }
}

/// What the learned model says of a sentence.
pub(super) struct Word<'s> {
    /// Log-odds by category.
    pub(super) scores: &'s [f64],
    pub(super) english: bool,
    /// Whether it was read in its context.
    pub(super) read: bool,
    /// Of all that is said of the sentence, what counts.
    pub(super) share: f64,
}

impl Word<'_> {
    /// What it adds for a policy. Outside English the word of a sentence that was not read in its
    /// context has less weight, and its doubt counts for little: words that the model does not
    /// know look ordinary to it.
    pub(super) fn to(&self, policy: &Policy, category: usize) -> Option<f64> {
        let score = *self.scores.get(category)?;
        if self.read {
            let clip = policy.reader_clip;
            return Some(score.clamp(-clip, clip) * policy.reader_weight);
        }
        let share = if self.english { 1.0 } else { policy.model_other_languages };
        let doubt = doubt(policy, self.english);
        Some(score.clamp(-doubt, policy.model_clip) * policy.model_weight * share)
    }
}
