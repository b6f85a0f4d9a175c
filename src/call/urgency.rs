//! Whether a call is to be made before all others.

use serde::{Deserialize, Serialize};

use super::said::largest_amount;
use crate::{decision::HoldTerms, message::Reading};

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

/// Why the call about a held mail is urgent; empty where it is like any other. `upset` is what the
/// policies make of the quoted mail.
pub fn urgency(reading: &Reading, terms: &HoldTerms, upset: bool) -> Vec<Urgency> {
    let is_large = terms.urgent_over.is_some_and(|over| largest_amount(reading) > Some(over));
    let large = is_large.then_some(Urgency::LargeAmount);
    large.into_iter().chain(upset.then_some(Urgency::Upset)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Limits, read};

    fn of(mail: &str, over: Option<u64>) -> Vec<Urgency> {
        let terms = HoldTerms { urgent_over: over, ..HoldTerms::default() };
        urgency(&read(mail.as_bytes(), &Limits::default()), &terms, false)
    }

    #[test]
    fn more_money_than_the_policy_says_is_urgent_in_any_currency_and_only_in_new_words() {
        let mail = "Subject: Your claim\r\n\r\nWe cannot pay the 12.500,00 EUR.\r\n\r\n\
                    On 3 May 2026, Kim Hall wrote:\r\n> It cost me $99,000.\r\n";
        for (over, large) in
            [(Some(12_499), true), (Some(12_500), false), (Some(90_000), false), (None, false)]
        {
            assert_eq!(!of(mail, over).is_empty(), large, "{over:?}");
        }
        let subject = "Subject: Claim over GBP 20,000\r\n\r\nWe cannot pay it.\r\n";
        assert_eq!(of(subject, Some(10_000)), [Urgency::LargeAmount]);
    }
}
