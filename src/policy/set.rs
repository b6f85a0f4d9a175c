//! All policies together, ready to weigh mail.

use std::sync::Arc;

use data_encoding::HEXLOWER;
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

/// Policies, compiled. Made only from files without a mistake.
#[derive(Debug)]
pub struct PolicySet {
    pub(super) policies: Vec<Policy>,
    pub(super) signals: Vec<Signal>,
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
            phrases: parts.phrases,
            cues: parts.cues,
            without: parts.without,
            exempt: parts.exempt,
            fingerprint: fingerprint(sources, model.as_deref()),
            model,
        })
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
    let mut digits = HEXLOWER.encode(&hash.finalize());
    digits.truncate(FINGERPRINT_DIGITS);
    digits
}
