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
        Reason::Policy | Reason::BelowThreshold => match decision {
            _ if weighed.already_called.is_some() => Some(Settled::AlreadyCalled),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        decision::{Mode, Organisation, Question, Standing, Verdict, decide_by},
        mail::{Envelope, ForwardPath, Recipient, ReversePath},
        message::{self, Limits},
        policy::{PolicySet, Source},
    };

    const ZONE: GreyZone = GreyZone { low: 0.2, high: 0.8 };

    /// Three policies that start at -4; the words in the mail say how far each comes.
    fn policies() -> PolicySet {
        let one = |id: &str, weight: f64| Source {
            name: format!("{id}.toml"),
            text: format!(
                "id = \"{id}\"\ntitle = \"x\"\ncategory = \"{id}\"\n[hold]\nthreshold = 0.5\n\
                 [[signal]]\nname = \"{id}\"\nweight = {weight:.1}\nany = [\"{id}\"]\n"
            ),
        };
        let called = "common = true\n[[signal]]\nname = \"called\"\ngives = \"already_called\"\n\
                      any = [\"as we spoke\"]\n";
        let called = Source { name: "called.toml".to_owned(), text: called.to_owned() };
        // Probabilities 0.38, 0.27 and 0.05.
        let all = [one("delay", 3.5), one("refusal", 3.0), one("rejection", 1.0), called];
        PolicySet::compile(&all, None).unwrap()
    }

    fn envelope(from: &str) -> Envelope {
        let to = Recipient::plain(ForwardPath::parse("bob@outside.example").unwrap());
        Envelope::to_one(ReversePath::parse(from).unwrap(), to)
    }

    fn heard(
        from: &str,
        text: &str,
        word: Option<&Word>,
        weight: f64,
    ) -> (Option<Settled>, Decision) {
        let policies = policies();
        let reading = message::read(format!("\r\n{text}\r\n").as_bytes(), &Limits::default());
        let (envelope, organisation) = (
            envelope(from),
            Organisation { name: "Us".to_owned(), domains: vec!["inside.example".to_owned()] },
        );
        let question = Question {
            policies: &policies,
            reading: &reading,
            envelope: &envelope,
            organisation: &organisation,
            mode: Mode::Enforce,
            standing: Standing::default(),
        };
        let mut weighed = policies.weigh(&reading);
        let decision = decide_by(&question, &weighed);
        let settled = settled(&decision, &weighed, ZONE);
        let Some(word) = word else { return (settled, decision) };
        hear(&policies, &mut weighed, &decision, ZONE, word, weight);
        (settled, decide_by(&question, &weighed))
    }

    fn word(category: Option<&'static str>, sure: f64) -> Word {
        Word { category, sure, text: "The delay.".to_owned(), place: "new" }
    }

    const INSIDE: &str = "ann@inside.example";

    #[test]
    fn only_a_probability_in_the_grey_zone_is_in_doubt() {
        for (from, text, wanted) in [
            (INSIDE, "A delay.", None),
            (INSIDE, "A rejection.", Some(Settled::Certain)),
            (INSIDE, "A delay. A delay again.", None),
            (INSIDE, "A delay. A delay again. And delay.", Some(Settled::Certain)),
            (INSIDE, "Nothing.", Some(Settled::Certain)),
            (INSIDE, "As we spoke, a delay.", Some(Settled::AlreadyCalled)),
            ("x@elsewhere.example", "A delay.", Some(Settled::Exempt)),
            ("", "A delay.", Some(Settled::Exempt)),
        ] {
            assert_eq!(heard(from, text, None, 0.0).0, wanted, "{from} {text}");
        }
    }

    #[test]
    fn a_yes_holds_and_a_no_passes_within_the_weight() {
        let (_, yes) = heard(INSIDE, "A delay.", Some(&word(Some("delay"), 1.0)), 2.0);
        assert_eq!((yes.verdict, yes.policy.as_deref()), (Verdict::Hold, Some("delay")));
        let term = yes.evidence.iter().find(|e| e.signal == SECOND_READER).unwrap();
        assert_eq!(
            (term.weight, term.text.as_str(), term.place.as_str()),
            (2.0, "The delay.", "new")
        );
        let (_, half) = heard(INSIDE, "A delay.", Some(&word(Some("delay"), 0.5)), 0.8);
        assert_eq!(half.verdict, Verdict::Pass, "0.4 is too little");
        // base -4, sentence 3.5 + 1/2 3.5: 0.78, held until a no comes.
        let (_, before) = heard(INSIDE, "A delay. A delay.", None, 0.0);
        let (_, no) = heard(INSIDE, "A delay. A delay.", Some(&word(None, 1.0)), 2.0);
        assert_eq!((before.verdict, no.verdict), (Verdict::Hold, Verdict::Pass));
    }

    #[test]
    fn a_plain_case_is_moved_by_no_word() {
        // 3.5 + 1.75 + 0.875 + a refusal: 0.89 for the delay, outside the zone.
        let text = "A delay. A delay. A delay.";
        let (settled, before) = heard(INSIDE, text, None, 0.0);
        assert_eq!(settled, Some(Settled::Certain));
        let (_, after) = heard(INSIDE, text, Some(&word(None, 1.0)), 6.0);
        assert_eq!((before.verdict, after.verdict), (Verdict::Hold, Verdict::Hold));
        assert!((before.probability - after.probability).abs() < 1e-12);
    }

    #[test]
    fn a_yes_goes_to_its_category_or_to_whoever_decides() {
        let text = "A delay. A refusal. A rejection.";
        for (category, deciding) in [
            ("refusal", "refusal"),
            // Below the zone, and not known at all.
            ("rejection", "delay"),
            ("price_increase", "delay"),
        ] {
            let (_, after) = heard(INSIDE, text, Some(&word(Some(category), 1.0)), 2.0);
            assert_eq!(after.policy.as_deref(), Some(deciding), "{category}");
            assert_eq!(after.verdict, Verdict::Hold);
        }
    }
}
