//! The letters that a decision owes to others; composed elsewhere, so that this room knows no
//! wording. They come in the commit of the decision.

use crate::{
    hold::{Actor, Hold, NewItem, Outcome},
    mail::Timestamp,
};

/// See the module.
pub trait Letters: Send + Sync {
    /// "N has decided": to everybody who was written to about this hold, but not to N. None where
    /// a hold has no parties: its sender alone was written to.
    fn decided(&self, hold: &Hold, by: &Actor, outcome: &Outcome, now: Timestamp) -> Vec<NewItem>;
}
