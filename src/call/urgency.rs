//! Whether a call is to be made before all others.

use serde::{Deserialize, Serialize};

use crate::decision::HoldTerms;

/// Why a call is urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// The mail tells of more money than the policy takes for ordinary.
    LargeAmount,
    /// The customer sounds upset in what is quoted.
    Upset,
}

impl Urgency {
    /// One word, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Urgency::LargeAmount => "large_amount",
            Urgency::Upset => "upset",
        }
    }
}

/// Why the call about a held mail is urgent; empty where it is like any other. `amount` is the largest
/// that the mail names; `upset` is whether somebody outside is, in the quoted mail.
pub(super) fn urgency(amount: Option<u64>, terms: &HoldTerms, upset: bool) -> Vec<Urgency> {
    let is_large = terms.urgent_over.is_some_and(|over| amount > Some(over));
    let large = is_large.then_some(Urgency::LargeAmount);
    large.into_iter().chain(upset.then_some(Urgency::Upset)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_money_than_the_policy_says_is_urgent_and_so_is_an_upset_customer() {
        for (over, amount, upset, expected) in [
            (Some(10_000), Some(10_001), false, vec![Urgency::LargeAmount]),
            (Some(10_000), Some(10_000), false, vec![]),
            (Some(10_000), None, false, vec![]),
            (None, Some(90_000), true, vec![Urgency::Upset]),
            (Some(1), Some(2), true, vec![Urgency::LargeAmount, Urgency::Upset]),
        ] {
            let terms = HoldTerms { urgent_over: over, ..HoldTerms::default() };
            assert_eq!(urgency(amount, &terms, upset), expected);
        }
    }
}
