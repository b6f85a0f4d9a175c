//! What would have changed a verdict: the words without which it would have been another, and the
//! threshold.

use serde::Serialize;

use super::{Decision, Evidence, Reason};

/// See the module. Speaks of the policy that decided or came nearest; another may still hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Otherwise {
    /// Whether the mail would be held then; else it would pass.
    pub hold: bool,
    /// Places in the evidence. Each of them by itself turns the verdict, where `together` is false.
    pub without: Vec<usize>,
    /// Only all of them together turn it.
    pub together: bool,
    /// The policy's threshold from which (to pass) or up to which (to hold) the verdict is the
    /// other one.
    pub threshold: f64,
}

/// Terms named at most: who must take back more has another mail.
const MOST_TERMS: usize = 4;

/// What would have changed the verdict; `None` where no policy's threshold decided, but an
/// exemption or a confirmed conversation.
pub fn otherwise(decision: &Decision) -> Option<Otherwise> {
    let held = match decision.reason {
        Reason::Policy => true,
        Reason::BelowThreshold => false,
        _ => return None,
    };
    decision.policy.as_ref()?;
    let distance = log_odds(decision.probability) - log_odds(decision.threshold);
    // What spoke for the verdict, as strengths.
    let sign = if held { 1.0 } else { -1.0 };
    let spoke = |(at, evidence): (usize, &Evidence)| Some((at, sign * evidence.weight));
    let mut spoke: Vec<(usize, f64)> =
        decision.evidence.iter().enumerate().filter_map(spoke).filter(|(_, w)| *w > 0.0).collect();
    spoke.sort_by(|a, b| b.1.total_cmp(&a.1));
    let turns = |strength: f64| if held { strength > distance } else { strength >= -distance };
    let alone: Vec<usize> =
        spoke.iter().filter(|(_, w)| turns(*w)).map(|(at, _)| *at).take(MOST_TERMS).collect();
    let (without, together) =
        if alone.is_empty() { (heaviest(&spoke, turns), true) } else { (alone, false) };
    Some(Otherwise { hold: !held, without, together, threshold: decision.probability })
}

/// The fewest terms that turn the verdict together; none where that takes too many.
fn heaviest(spoke: &[(usize, f64)], turns: impl Fn(f64) -> bool) -> Vec<usize> {
    let mut sum = 0.0;
    for (count, (_, strength)) in spoke.iter().take(MOST_TERMS).enumerate() {
        sum += strength;
        if turns(sum) {
            return spoke.iter().take(count + 1).map(|(at, _)| *at).collect();
        }
    }
    Vec::new()
}

fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{HoldTerms, Mode, Verdict};

    fn decision(reason: Reason, sum: f64, weights: &[f64]) -> Decision {
        let evidence = weights.iter().map(|&weight| Evidence {
            text: "we refuse it".to_owned(),
            place: "new".to_owned(),
            signal: "refusal".to_owned(),
            weight,
        });
        Decision {
            verdict: if reason == Reason::Policy { Verdict::Hold } else { Verdict::Pass },
            reason,
            policy: Some("claim_denial".to_owned()),
            category: None,
            title: None,
            probability: 1.0 / (1.0 + (-sum).exp()),
            threshold: 0.5,
            language: None,
            mode: Mode::Enforce,
            recipients: Vec::new(),
            evidence: evidence.collect(),
            terms: HoldTerms::default(),
            would_hold: false,
        }
    }

    #[test]
    fn each_term_that_turns_a_hold_is_named() {
        let found = otherwise(&decision(Reason::Policy, 2.0, &[3.5, 2.5, 1.0, -1.5])).unwrap();
        assert_eq!((found.hold, found.without, found.together), (false, vec![0, 1], false));
        assert!((found.threshold - 0.881).abs() < 0.001);
    }

    #[test]
    fn terms_that_turn_it_only_together_are_named_together() {
        let found = otherwise(&decision(Reason::Policy, 4.0, &[3.0, 3.0, 1.5])).unwrap();
        assert_eq!((found.without, found.together), (vec![0, 1], true));
    }

    #[test]
    fn a_pass_names_what_spoke_against_and_nothing_where_nothing_did() {
        let found = otherwise(&decision(Reason::BelowThreshold, -1.0, &[2.0, -4.5])).unwrap();
        assert_eq!((found.hold, found.without), (true, vec![1]));
        let found = otherwise(&decision(Reason::BelowThreshold, -3.0, &[0.5])).unwrap();
        assert!(found.without.is_empty());
        assert!(otherwise(&decision(Reason::Internal, 3.0, &[6.5])).is_none());
    }
}
