//! The letters that a decision owes to others; composed elsewhere, so that this room knows no
//! wording. They come in the commit of the decision.

use crate::{
    hold::{Actor, Hold, NewItem, Outcome, Party},
    mail::Timestamp,
};

/// See the module.
pub trait Letters: Send + Sync {
    /// "N has decided": to everybody who was written to about this hold, but not to N. None where
    /// a hold has no parties: its sender alone was written to.
    fn decided(&self, hold: &Hold, by: &Actor, outcome: &Outcome, now: Timestamp) -> Vec<NewItem>;

    /// "N hands this over to you": to a party or, where there is none, back to the sender. `None`
    /// where the address is not one of ours.
    fn handed_over(
        &self,
        hold: &Hold,
        to: Option<&Party>,
        by: &Actor,
        words: &str,
        now: Timestamp,
    ) -> Option<NewItem>;

    /// "N would send this. Do you agree?": to a second person. `None` where the address is not one
    /// of ours.
    fn second_asked(
        &self,
        hold: &Hold,
        to: &Party,
        by: &Actor,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Option<NewItem>;

    /// "N did not agree": to whoever proposed it. `None` where he is nobody that we write to.
    fn declined(
        &self,
        hold: &Hold,
        to: &Actor,
        by: &Actor,
        words: &str,
        now: Timestamp,
    ) -> Option<NewItem>;
}
