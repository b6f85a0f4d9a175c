//! What every policy would do with a message, not only the one that decides: for those who count.

use super::{
    Mode, Question, Reason,
    decide::{exempt, is_asked},
    rollout::mode,
};
use crate::policy::{Policy, Weighed, Weight};

/// What one policy would do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surveyed<'s> {
    /// The policy.
    pub policy: &'s Policy,
    /// What it makes of the message.
    pub weight: &'s Weight,
    /// How far it goes for this sender.
    pub mode: Mode,
    /// Why the mail would pass though it were as sure as can be.
    pub spared: Option<Reason>,
}

/// The policies that are meant for this mail and come to at least this probability; without any
/// of that, the nearest.
pub fn survey<'s>(question: &Question<'s>, weighed: &'s Weighed, least: f64) -> Vec<Surveyed<'s>> {
    let asked = weighed.weights.iter().filter_map(|weight| {
        let policy = question.policies.policies().get(weight.policy)?;
        is_asked(question, policy).then_some((policy, weight))
    });
    let asked: Vec<_> = asked.collect();
    let near = asked.iter().filter(|(_, weight)| weight.probability >= least);
    let mut near: Vec<_> = near.copied().collect();
    if near.is_empty() {
        near.extend(asked.into_iter().max_by(|a, b| a.1.probability.total_cmp(&b.1.probability)));
    }
    let called = weighed.already_called.is_some().then_some(Reason::AlreadyCalled);
    let one = |(policy, weight)| Surveyed {
        policy,
        weight,
        mode: mode(question, policy),
        spared: exempt(question, Some(policy)).or(called),
    };
    near.into_iter().map(one).collect()
}
