//! A second reader's word: which judgements are in doubt, and what the word may move.
//!
//! It moves only what lies in the grey zone, and by no more than the configured weight: whatever
//! the word is, and whoever made the reader say it, a plain case stays what it is.

use super::{Decision, Reason};
use crate::policy::{Contribution, PolicySet, Weighed};

/// The name of its term among the evidence.
pub const SECOND_READER: &str = "second-reader";

/// Probabilities that are in doubt, both ends among them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GreyZone {
    /// Below it mail passes unasked.
    pub low: f64,
    /// Above it mail is held unasked.
    pub high: f64,
}

impl GreyZone {
    /// Whether a probability is in doubt.
    pub fn has(&self, probability: f64) -> bool {
        (self.low..=self.high).contains(&probability)
    }
}

/// Why nobody needs to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The probability lies outside the grey zone.
    Certain,
    /// An exemption decides, not a probability.
    Exempt,
    /// The mail confirms a conversation, and would pass on any probability.
    AlreadyCalled,
    /// An attachment speaks for news, and attachments are not shown to a second reader.
    Attachment,
}

/// What a second reader said.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The category of the news; `None`: it sees none.
    pub category: Option<&'static str>,
    /// How sure it is, 0 to 1.
    pub sure: f64,
    /// The sender's words that it went by; empty where it sees no news.
    pub text: String,
    /// Where they stand.
    pub place: &'static str,
}

/// Whether the decision stands as it is, and why.
pub fn settled(decision: &Decision, weighed: &Weighed, zone: GreyZone) -> Option<Settled> {
    let by_attachment =
        |d: &Decision| d.evidence.iter().any(|e| e.place == "attachment" && e.weight > 0.0);
    match decision.reason {
        _ if weighed.already_called.is_some() => Some(Settled::AlreadyCalled),
        Reason::Policy | Reason::BelowThreshold => match decision {
            d if d.policy.is_none() || !zone.has(d.probability) => Some(Settled::Certain),
            d if by_attachment(d) => Some(Settled::Attachment),
            _ => None,
        },
        Reason::AlreadyCalled => Some(Settled::AlreadyCalled),
        Reason::Automatic
        | Reason::Internal
        | Reason::ExemptSender
        | Reason::ExemptRecipient
        | Reason::NullReversePath
        | Reason::OutsideSender => Some(Settled::Exempt),
    }
}

/// Counts a word in, and gives its term: the weight times how sure it is.
///
/// A no goes to every policy in the grey zone. A yes goes to the policies of its category there;
/// where there is none, to the one that `decision` names: two readers may hear the same news
/// under two names.
pub fn hear(
    policies: &PolicySet,
    weighed: &mut Weighed,
    decision: &Decision,
    zone: GreyZone,
    word: &Word,
    weight: f64,
) -> f64 {
    let term = weight * word.sure.clamp(0.0, 1.0);
    let term = if word.category.is_some() { term } else { -term };
    let named = |place: usize, category: &str| {
        policies.policies().get(place).is_some_and(|p| p.category == category)
    };
    let decides = |place: usize| {
        policies.policies().get(place).is_some_and(|p| Some(&p.id) == decision.policy.as_ref())
    };
    let mut doubtful: Vec<_> =
        weighed.weights.iter_mut().filter(|w| zone.has(w.probability)).collect();
    if let Some(category) = word.category {
        let known = doubtful.iter().any(|w| named(w.policy, category));
        doubtful.retain(|w| if known { named(w.policy, category) } else { decides(w.policy) });
    }
    for weight in doubtful {
        weight.add(Contribution::new(&word.text, word.place, SECOND_READER, term));
    }
    term
}
