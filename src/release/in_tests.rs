//! Letters for the tests of other rooms.

use super::Letters;
use crate::{
    hold::{Actor, Hold, NewItem, Outcome, Party},
    mail::Timestamp,
};

/// Writes to nobody.
pub(crate) struct Silent;

impl Letters for Silent {
    fn decided(&self, _: &Hold, _: &Actor, _: &Outcome, _: Timestamp) -> Vec<NewItem> {
        Vec::new()
    }
    fn handed_over(
        &self,
        _: &Hold,
        _: Option<&Party>,
        _: &Actor,
        _: &str,
        _: Timestamp,
    ) -> Option<NewItem> {
        None
    }
    fn second_asked(
        &self,
        _: &Hold,
        _: &Party,
        _: &Actor,
        _: &Outcome,
        _: Timestamp,
    ) -> Option<NewItem> {
        None
    }
    fn declined(&self, _: &Hold, _: &Actor, _: &Actor, _: &str, _: Timestamp) -> Option<NewItem> {
        None
    }
}
