//! What is kept of one mail.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{
    decision::{Mode, Reason},
    mail::{HoldId, Timestamp},
    message::Language,
    policy::SHARES,
};

/// The id of a record: sorted by age, like a hold's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub String);

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// No policy would have held it.
    Passed,
    /// It passed because the policy only watches.
    Observed,
    /// It passed, and its sender was told.
    Notified,
    /// It is held, or was.
    Held,
    /// It passed because it is exempt, and would have been held.
    Exempt,
}

impl Fate {
    /// All of them.
    pub const ALL: [Fate; 5] =
        [Fate::Passed, Fate::Observed, Fate::Notified, Fate::Held, Fate::Exempt];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Fate::Passed => "passed",
            Fate::Observed => "observed",
            Fate::Notified => "notified",
            Fate::Held => "held",
            Fate::Exempt => "exempt",
        }
    }

    /// The reverse of [`Fate::as_str`].
    pub fn from_text(text: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|fate| fate.as_str() == text)
    }

    /// Whether a policy's threshold decided for holding, whatever came of it.
    pub fn is_hold(self) -> bool {
        matches!(self, Fate::Observed | Fate::Notified | Fate::Held)
    }
}

/// One mail.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// When it was judged.
    pub at: Timestamp,
    /// The sender's team; empty for the house itself.
    pub team: String,
    /// What became of it.
    pub fate: Fate,
    /// Its hold, where it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldId>,
    /// The rest.
    #[serde(flatten)]
    pub detail: Detail,
}

/// What is read only with the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// The name of the sender's address ([`Hasher`](super::Hasher)).
    pub sender: String,
    /// That of his domain.
    pub from: String,
    /// Those of the recipients' domains.
    pub to: Vec<String>,
    /// The language that it was judged in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<Language>,
    /// Why it became that.
    pub reason: Reason,
    /// The policy that decided or came nearest.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub policy: Option<String>,
    /// Message-ID without brackets, only of exempt mail that would have been held: an admin must
    /// find it in the archive.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message_id: Option<String>,
    /// The fingerprint of the policies that judged it.
    pub set: String,
    /// The policies that came near to holding it, or the nearest where none did.
    pub near: Vec<Near>,
    /// What a shadow version made of it, where that is worth a word.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shadow: Option<ShadowWord>,
}

/// What one policy made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Near {
    /// The policy.
    pub policy: String,
    /// How sure it was.
    pub probability: f64,
    /// From which probability it held.
    pub threshold: f64,
    /// How far it went for this sender.
    pub mode: Mode,
    /// Why the mail would have passed though it were as sure as can be.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub spared: Option<Reason>,
    /// What its sum was made of; not of one that did not come near.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sum: Option<Sum>,
}

/// What a policy's sum was made of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sum {
    /// The log-odds before a word is read.
    pub base: f64,
    /// The strongest sentences.
    pub said: Vec<Said>,
    /// Signals of the message, what each added, and how many times.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub message: Vec<(String, f64, u32)>,
    /// Whether something was left out, for there was too much.
    #[serde(skip_serializing_if = "is_false", default)]
    pub more: bool,
}

impl Sum {
    /// The log-odds, as weighing sums them.
    pub(super) fn log_odds(&self) -> f64 {
        let mut sums: Vec<f64> = self.said.iter().map(Said::sum).filter(|s| *s > 0.0).collect();
        sums.sort_by(|a, b| b.total_cmp(a));
        let best: f64 = sums.iter().zip(SHARES).map(|(sum, share)| sum * share).sum();
        let message = self.message.iter().map(|(_, weight, times)| weight * f64::from(*times));
        self.base + best + message.sum::<f64>()
    }
}

impl Said {
    fn sum(&self) -> f64 {
        self.terms.iter().map(|(_, weight)| weight * self.share).sum()
    }
}

/// What one sentence said to a policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Of its weight, what counted.
    #[serde(skip_serializing_if = "is_whole", default = "whole")]
    pub share: f64,
    /// Signals with their weights, before the share is taken.
    pub terms: Vec<(String, f64)>,
    /// The names of its words and of words in a row, sorted.
    #[serde(serialize_with = "packed", deserialize_with = "unpacked")]
    pub grams: Vec<u32>,
}

/// What a shadow version of a policy made of a mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShadowWord {
    /// The fingerprint of the policies with the shadow among them.
    pub set: String,
    /// The policy that would hold it then; `None`: none.
    pub holds: Option<String>,
    /// The policies of the shadow that came near, with probability and threshold.
    pub near: Vec<(String, f64, f64)>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for references")]
fn is_false(yes: &bool) -> bool {
    !yes
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for references")]
fn is_whole(share: &f64) -> bool {
    *share >= whole()
}

fn whole() -> f64 {
    1.0
}

fn packed<S: Serializer>(grams: &[u32], to: S) -> Result<S::Ok, S::Error> {
    let octets: Vec<u8> = grams.iter().flat_map(|gram| gram.to_be_bytes()).collect();
    to.serialize_str(&STANDARD_NO_PAD.encode(octets))
}

fn unpacked<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u32>, D::Error> {
    let text = String::deserialize(from)?;
    let octets = STANDARD_NO_PAD.decode(text).map_err(D::Error::custom)?;
    let (grams, []) = octets.as_chunks::<4>() else {
        return Err(D::Error::custom("a name of words is cut off"));
    };
    Ok(grams.iter().map(|gram| u32::from_be_bytes(*gram)).collect())
}
