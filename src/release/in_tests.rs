//! Letters for the tests of other rooms.

use super::Letters;
use crate::{
    hold::{Actor, Hold, ItemKind, NewItem, Outcome, Party},
    mail::{ForwardPath, Recipient, Timestamp},
};

/// Writes to nobody, but a blank letter to each second person: without one nothing is proposed.
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
        to: &Party,
        _: &Actor,
        _: &Outcome,
        now: Timestamp,
    ) -> Option<NewItem> {
        let kind = ItemKind::Notice { name: "second_asked".to_owned(), bytes: Vec::new() };
        let recipients = vec![Recipient::plain(ForwardPath::from(to.address.clone()))];
        Some(NewItem { kind, recipients, due: now })
    }
    fn declined(&self, _: &Hold, _: &Actor, _: &Actor, _: &str, _: Timestamp) -> Option<NewItem> {
        None
    }
}
