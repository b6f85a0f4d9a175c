//! All policies together, ready to weigh mail.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::{
    Diagnostic, Exemption, Policy, SentenceModel, Source,
    around::Cues,
    compile,
    phrase::Phrases,
    written::{Fact, Frame, Frames, Gives, Places},
};
use crate::message::Language;

/// The most files in one set.
pub(super) const MAX_FILES: usize = 300;
/// Digits of its digest that tell one set from another.
const FINGERPRINT_DIGITS: usize = 16;

/// A signal, joined to its policy.
#[derive(Debug)]
pub(super) struct Signal {
    pub(super) name: String,
    /// Whose; `None` for all policies.
    pub(super) policy: Option<usize>,
    pub(super) weight: f64,
    pub(super) places: Places,
    pub(super) language: Language,
    pub(super) unless: Frames,
    pub(super) only: Frames,
    pub(super) of_message: bool,
    pub(super) limit: u32,
    pub(super) gives: Gives,
    pub(super) fact: Option<Fact>,
}

impl Signal {
    /// Whether it speaks against news.
    pub(super) fn speaks_against(&self) -> bool {
        self.weight < 0.0
    }

    /// Whether it can raise the sum of a sentence.
    pub(super) fn speaks_for(&self) -> bool {
        !self.of_message && self.weight > 0.0
    }
}

/// A signal whose weight is moved, perhaps only until a day.
#[derive(Debug)]
pub(super) struct Adjustment {
    /// The signal's place.
    pub(super) signal: usize,
    /// Its weight without.
    pub(super) written: f64,
    /// The last day of it.
    pub(super) until: Option<Date>,
}

/// Policies, compiled. Made only from files without a mistake.
#[derive(Debug)]
pub struct PolicySet {
    pub(super) policies: Vec<Policy>,
    pub(super) signals: Vec<Signal>,
    pub(super) adjustments: Vec<Adjustment>,
    pub(super) phrases: Phrases,
    pub(super) cues: Cues,
    /// Signals of all policies that a policy does not want: by policy, indices.
    pub(super) without: Vec<Vec<usize>>,
    pub(super) exempt: Vec<Exemption>,
    pub(super) model: Option<Arc<dyn SentenceModel>>,
    fingerprint: String,
}

/// Kinds of frames.
pub(super) const FRAME_KINDS: u32 = Frame::KINDS as u32;

/// Owners of patterns: the frames of each language come first, then the signals.
pub(super) const FRAMES: u32 = FRAME_KINDS * Language::ALL.len() as u32;

impl PolicySet {
    /// Compiles the files of a policy folder: policies, word lists and what holds for all.
    /// Gives every mistake of every file, or a set without one.
    pub fn compile(
        sources: &[Source],
        model: Option<Arc<dyn SentenceModel>>,
    ) -> Result<PolicySet, Vec<Diagnostic>> {
        let parts = compile::compile(sources)?;
        Ok(PolicySet {
            policies: parts.policies,
            signals: parts.signals,
            adjustments: parts.adjustments,
            phrases: parts.phrases,
            cues: parts.cues,
            without: parts.without,
            exempt: parts.exempt,
            fingerprint: fingerprint(sources, model.as_deref()),
            model,
        })
    }

    /// The same set as it is on a day: without the adjustments and tests that have ended before it.
    #[must_use]
    pub fn on(mut self, day: Date) -> PolicySet {
        let over = |until: Option<Date>| until.is_some_and(|last| last < day);
        let mut ended = 0_u64;
        for adjustment in self.adjustments.iter().filter(|one| over(one.until)) {
            if let Some(signal) = self.signals.get_mut(adjustment.signal) {
                signal.weight = adjustment.written;
                ended += 1;
            }
        }
        self.adjustments.retain(|one| !over(one.until));
        for policy in &mut self.policies {
            policy.tests.retain(|test| !over(test.until));
        }
        if ended > 0 {
            let text = format!("{} without {ended} that ended", self.fingerprint);
            self.fingerprint = digits(Sha256::new().chain_update(text));
        }
        self
    }

    /// The day after which this set is no longer the same: the first on which an adjustment or a
    /// test of it ends.
    pub fn changes_after(&self) -> Option<Date> {
        let tests = self.policies.iter().flat_map(|policy| &policy.tests);
        let tests = tests.filter_map(|test| test.until);
        self.adjustments.iter().filter_map(|one| one.until).chain(tests).min()
    }

    /// The policies, in the order of their files; what weighing gives refers to them by place.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// A policy by its identifier.
    pub fn policy(&self, id: &str) -> Option<&Policy> {
        self.policies.iter().find(|p| p.id == id)
    }

    /// Whether a signal is called so.
    pub fn has_signal(&self, name: &str) -> bool {
        self.signals.iter().any(|signal| signal.name == name)
    }

    /// What a signal that a policy hears weighs now, and whether it is everybody's; `None` where it
    /// hears none of this name.
    pub fn signal(&self, policy: &str, name: &str) -> Option<(f64, bool)> {
        let owner = self.policies.iter().position(|p| p.id == policy);
        let mut named = self.signals.iter().filter(|signal| signal.name == name);
        let found = named.find(|signal| signal.policy.is_none() || signal.policy == owner)?;
        Some((found.weight, found.policy.is_none()))
    }

    /// Whether the mode of a policy depends on whose mail it is: on his team, or on whether he is one
    /// of the canaries.
    pub fn asks_who_writes(&self) -> bool {
        let asks = |p: &Policy| p.enabled && (p.rollout.is_canary() || !p.rollout.teams.is_empty());
        self.policies.iter().any(asks)
    }

    /// The exemptions that hold for all policies.
    pub fn exemptions(&self) -> &[Exemption] {
        &self.exempt
    }

    /// Names and texts of all files and the model in 16 hexadecimal digits: two sets with the
    /// same fingerprint judge alike.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

fn fingerprint(sources: &[Source], model: Option<&dyn SentenceModel>) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    for source in sources {
        add(&source.name);
        add(&source.text);
    }
    add(&model.map(SentenceModel::fingerprint).unwrap_or_default());
    digits(hash)
}

fn digits(hash: Sha256) -> String {
    let mut digits = HEXLOWER.encode(&hash.finalize());
    digits.truncate(FINGERPRINT_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::message::{Limits, read};

    const POLICY: &str = "id = \"late\"\ntitle = \"a delay\"\ncategory = \"other\"\n\
        [[signal]]\nname = \"late\"\nweight = 4.0\nany = [\"late\"]\n\
        [[adjust]]\nsignal = \"late\"\nby = -0.4\nuntil = \"2027-02-28\"\n\
        [[test]]\nname = \"passes for now\"\ntext = \"late\"\nexpect = \"pass\"\nuntil = \"2027-02-28\"\n";

    fn set() -> PolicySet {
        let source = Source { name: "late.toml".to_owned(), text: POLICY.to_owned() };
        PolicySet::compile(&[source], None).unwrap()
    }

    fn sum(set: &PolicySet) -> f64 {
        let reading = read(b"Subject: x\r\n\r\nIt is late.\r\n", &Limits::default());
        set.weigh(&reading).weights[0].log_odds
    }

    #[test]
    fn an_adjustment_counts_through_its_last_day_and_its_test_with_it() {
        let (last, after) = (set().on(date(2027, 2, 28)), set().on(date(2027, 3, 1)));
        assert!((sum(&last) - -0.4).abs() < 1e-9, "{}", sum(&last));
        assert!(sum(&after).abs() < 1e-9, "{}", sum(&after));
        assert_eq!((last.policies()[0].tests.len(), after.policies()[0].tests.len()), (1, 0));
        assert_eq!(last.changes_after(), Some(date(2027, 2, 28)));
        assert_eq!(after.changes_after(), None);
        assert_ne!(last.fingerprint(), after.fingerprint());
        assert_eq!(last.fingerprint(), set().fingerprint());
    }
}
