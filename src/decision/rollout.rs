//! How far a policy goes for one sender: its mode, where it is rolled out step by step.

use super::{Mode, Question};
use crate::policy::Policy;

/// Where a sender stands in a roll-out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Standing<'s> {
    /// His team's name; empty for the house itself.
    pub team: &'s str,
    /// The furthest that any policy goes in his team.
    pub most: Option<Mode>,
    /// His place among 100 senders, 0 to below 100, always the same for one sender; whoever is below
    /// a policy's percentage is one of its canaries. `None` counts as one.
    pub place: Option<f64>,
}

/// A policy's mode for this mail. The team's own mode goes before the policy's, that before the
/// configuration's; who is no canary gets less; and a team may be kept back as a whole.
pub(super) fn mode(question: &Question<'_>, policy: &Policy) -> Mode {
    let Standing { team, most, place } = question.standing;
    let rollout = &policy.rollout;
    let meant = rollout.of_team(team).or(policy.mode).map_or(question.mode, Mode::from);
    let is_canary = place.is_none_or(|place| place < rollout.canary);
    let meant = if is_canary { meant } else { meant.min(rollout.otherwise.into()) };
    most.map_or(meant, |most| meant.min(most))
}
