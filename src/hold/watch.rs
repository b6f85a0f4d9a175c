//! What the service does about a hold that nobody decides, beside reminding: it warns of the end and
//! tells others.
//!
//! Rows of earlier releases have none of it, so every field has a default.

use serde::{Deserialize, Serialize};

use super::{
    Hold, Outcome,
    steps::{later, whole_micros},
};
use crate::mail::Timestamp;

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    /// When the sender is to be told that the hold soon expires; `None` where he was, or is not to be.
    pub warn_at: Option<Timestamp>,
    /// When he was told.
    pub warned_at: Option<Timestamp>,
    /// When the next one above the sender is to hear of it.
    pub escalate_at: Option<Timestamp>,
    /// How many of them have heard.
    pub escalated: u32,
    /// The recipients, by position, of whom the sender was told that their mail is late on its way.
    pub delayed: Vec<usize>,
    /// Since when nobody wants reminders of it; what ends it, and who is above, is told all the same.
    pub muted_at: Option<Timestamp>,
}

impl Watch {
    /// As the store keeps it.
    pub(in crate::hold) fn whole_micros(&self) -> Watch {
        Watch {
            warn_at: self.warn_at.map(whole_micros),
            warned_at: self.warned_at.map(whole_micros),
            escalate_at: self.escalate_at.map(whole_micros),
            escalated: self.escalated,
            delayed: self.delayed.clone(),
            muted_at: self.muted_at.map(whole_micros),
        }
    }
}

/// How an actor came who was logged in to the desk.
pub const VIA_DESK: &str = "desk";
/// How an actor came who answered a letter of ours.
pub const BY_MAIL: &str = "mail";

impl Hold {
    /// When the next reminder is due, counted from then, as its terms have it. The worker puts it off to
    /// when people are at work; whoever knows their hours plans by `team::Plan`.
    pub fn reminded_next(&self, from: Timestamp) -> Timestamp {
        let urgent = self.dossier.call.is_urgent();
        later(from, self.dossier.decision.terms.until_reminder(urgent))
    }

    /// When the sender is to be told that it soon expires: with the reminder, where one goes out
    /// soon behind that time, with at least half of it left.
    pub fn warns_at(&self) -> Option<Timestamp> {
        let (warn_at, ends_at) = (self.watch.warn_at?, self.ends_at()?);
        let latest = later(warn_at, self.dossier.decision.terms.warn_before / 2).min(ends_at);
        let between = |remind_at: &Timestamp| (warn_at..latest).contains(remind_at);
        Some(self.remind_at.filter(between).unwrap_or(warn_at))
    }

    /// Whether a person named the time of the next reminder, so that it comes then and not when
    /// people are at work. "No answer" by mail names none.
    pub fn is_asked_for(&self) -> bool {
        let asked = match self.last_word() {
            Some((_, Outcome::CallBack { at, .. })) => *at,
            Some((by, Outcome::NoAnswer { remind_at, .. })) if by.via != BY_MAIL => *remind_at,
            _ => return false,
        };
        self.remind_at == Some(whole_micros(asked))
    }

    /// Why nobody else may have it reminded of now; `None` where he may.
    pub fn is_not_reminded(&self, now: Timestamp) -> Option<&'static str> {
        if self.watch.muted_at.is_some() {
            return Some("its sender wants no more reminders of it");
        }
        let is_named = self.is_asked_for() && self.remind_at.is_some_and(|at| at > now);
        is_named.then_some("a time for its call is named, and the reminder comes then")
    }
}
