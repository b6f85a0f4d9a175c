//! What is taken down where mail is judged: values only, while the words are at hand.

use crate::{
    decision::{self, Decision, Mode, Question, Reason, Verdict},
    policy::{Saying, Spoken, SumOf, Weighed},
};

use super::{Hasher, Near, Said, ShadowWord, Sum};

/// From this probability on a policy came near: what it said is kept.
pub const NEAR: f64 = 0.05;

/// The strongest sentences, and the strongest terms of one, that are kept.
const MAX_SENTENCES: usize = 8;
const MAX_TERMS: usize = 12;

/// What the policies made of a mail.
#[derive(Debug, Clone)]
pub struct Sketch {
    pub(super) set: String,
    pub(super) near: Vec<Sketched>,
    pub(super) shadow: Option<ShadowWord>,
}

#[derive(Debug, Clone)]
pub(super) struct Sketched {
    policy: String,
    probability: f64,
    threshold: f64,
    mode: Mode,
    spared: Option<Reason>,
    sum: Option<SumOf>,
}

impl Sketch {
    /// Of a mail that was weighed so.
    pub fn of(question: &Question<'_>, weighed: &Weighed, spoken: &Spoken) -> Sketch {
        let set = question.policies;
        let near = decision::survey(question, weighed, NEAR).into_iter().map(|one| Sketched {
            policy: one.policy.id.clone(),
            probability: one.weight.probability,
            threshold: one.policy.threshold,
            mode: one.mode,
            spared: one.spared,
            sum: (one.weight.probability >= NEAR)
                .then(|| strongest_sentences(set.sum_of(spoken, one.weight))),
        });
        Sketch { set: set.fingerprint().to_owned(), near: near.collect(), shadow: None }
    }

    /// What a shadow version of some policies makes of the same mail. Nothing is noted where it
    /// agrees with what was decided and none of its policies came near.
    #[must_use]
    pub fn with_shadow(
        mut self,
        decided: &Decision,
        question: &Question<'_>,
        weighed: &Weighed,
        shadowed: &[String],
    ) -> Sketch {
        let holds = |decision: &Decision| {
            decision.policy.clone().filter(|_| decision.verdict == Verdict::Hold)
        };
        let then = holds(&decision::decide_by(question, weighed));
        let near = decision::survey(question, weighed, NEAR);
        let near = near.iter().filter(|one| one.weight.probability >= NEAR);
        let near: Vec<_> = near
            .filter(|one| shadowed.contains(&one.policy.id))
            .map(|one| (one.policy.id.clone(), one.weight.probability, one.policy.threshold))
            .collect();
        if then != holds(decided) || !near.is_empty() {
            let set = question.policies.fingerprint().to_owned();
            self.shadow = Some(ShadowWord { set, holds: then, near });
        }
        self
    }
}

impl Sketched {
    /// The same without words.
    pub(super) fn record(self, hasher: &Hasher) -> Near {
        Near {
            policy: self.policy,
            probability: self.probability,
            threshold: self.threshold,
            mode: self.mode,
            spared: self.spared,
            sum: self.sum.map(|sum| recorded(sum, hasher)),
        }
    }
}

/// A sum with its strongest sentences: drafts wait in memory.
fn strongest_sentences(mut sum: SumOf) -> SumOf {
    // What only the model finds ordinary adds nothing, whatever signals weigh.
    sum.sentences
        .retain(|said| said.sum() > 0.0 || said.terms.iter().any(|(name, _)| !is_models(name)));
    sum.sentences.sort_by(|a, b| b.sum().total_cmp(&a.sum()));
    sum.more |= sum.sentences.len() > MAX_SENTENCES;
    sum.sentences.truncate(MAX_SENTENCES);
    sum
}

fn recorded(sum: SumOf, hasher: &Hasher) -> Sum {
    let SumOf { sentences, mut more, .. } = sum;
    let mut one = |said: Saying| {
        let grams = hasher.grams(&said.normal);
        Said { share: said.share, grams, terms: strongest(said.terms, |t| t.1, &mut more) }
    };
    let said = sentences.into_iter().map(&mut one).collect();
    let message = strongest(sum.of_message, |t| t.1 * f64::from(t.2), &mut more);
    Sum { base: sum.base, said, message, more }
}

/// The strongest terms, and whether there were others.
fn strongest<T>(mut terms: Vec<T>, adds: impl Fn(&T) -> f64, more: &mut bool) -> Vec<T> {
    terms.sort_by(|a, b| adds(b).abs().total_cmp(&adds(a).abs()));
    *more |= terms.len() > MAX_TERMS;
    terms.truncate(MAX_TERMS);
    terms
}

/// Whether a term is the learned model's word.
fn is_models(name: &str) -> bool {
    matches!(name, "model" | "reader")
}
