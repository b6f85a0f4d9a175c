//! What the page says where several people may act: whose mail it is, and who decided.

use super::{opened::Opened, text::Others};
use crate::{
    hold::{Hold, Outcome, State},
    mail::Timestamp,
    message::Language,
    notice::fill,
};

/// See the module.
pub(super) struct OthersView {
    /// For a party: whose mail it is.
    pub(super) of_sender: Option<String>,
    /// Once it is decided: by whom and when.
    pub(super) decided_by: Option<String>,
}

impl OthersView {
    /// For whoever opened the page.
    pub(super) fn of(opened: &Opened, say: &dyn Fn(Timestamp) -> String) -> OthersView {
        let hold = &opened.hold;
        let words = Others::of(hold.dossier.decision.language.unwrap_or(Language::En));
        let sender = ("sender", hold.envelope.reverse_path().as_str().to_owned());
        OthersView {
            of_sender: opened.party.as_ref().map(|_| fill(words.of_sender, &[sender])),
            decided_by: decided_by(hold).map(|(at, by)| {
                fill(words.decided_by, &[("by", by.to_owned()), ("when", say(at))])
            }),
        }
    }
}

/// When and by whom it was decided, where a person did.
fn decided_by(hold: &Hold) -> Option<(Timestamp, &str)> {
    let (at, actor, outcome) = hold.outcomes.last()?;
    let is_over = !matches!(hold.state, State::Held | State::Prepared);
    let by_person = !matches!(outcome, Outcome::Expired) && !actor.name.is_empty();
    (is_over && by_person).then_some((*at, actor.name.as_str()))
}
