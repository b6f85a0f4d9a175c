//! The forms of several people on one hold: hand over, agree or decline, take back.
//!
//! Each needs something that a person chose or typed, as the others do.

use axum::{Extension, response::Response};

use super::{
    WebState,
    form::{HoldForm, Missing, missing, text},
    hold::{ALREADY, page, see},
    not_found,
    opened::Opened,
    serve::Peer,
    text::Others,
    text::Words,
    trouble,
};
use crate::{
    hold::Hold,
    mail::{Mailbox, Timestamp},
    release::{ActError, Acted},
    telemetry,
};

/// The most of a line to somebody else, in characters.
const MAX_WORDS: usize = 400;

/// What one of these forms asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    HandOver,
    Agree,
    Decline,
    Drop,
    TakeBack,
}

/// What a form asks for, if it is one of these.
pub(super) fn deed(form: &HoldForm) -> Option<Deed> {
    Some(match form.action.as_str() {
        "hand_over" => Deed::HandOver,
        "agree" => Deed::Agree,
        "decline" => Deed::Decline,
        "drop" => Deed::Drop,
        "take_back" => Deed::TakeBack,
        _ => return None,
    })
}

impl Deed {
    fn name(self) -> &'static str {
        match self {
            Deed::HandOver => "handed_over",
            Deed::Agree => "agreed",
            Deed::Decline => "declined",
            Deed::Drop => "proposal_dropped",
            Deed::TakeBack => "taken_back",
        }
    }
}

/// Does what the form says, once.
pub(super) async fn act(
    state: &WebState,
    opened: &Opened,
    deed: Deed,
    form: HoldForm,
    peer: Option<Extension<Peer>>,
    now: Timestamp,
) -> Response {
    let hold = &opened.hold;
    let others = Words::of(state.language(hold)).others;
    let asked = match Asked::of(deed, &form, hold, others) {
        Ok(asked) => asked,
        Err(missing) => return page(state, opened, now, form, Some(missing), false).await,
    };
    let (desk, actor) = (&state.desk, opened.actor(peer));
    let acted = match asked {
        Asked::HandOver(to, words) => desk.hand_over(&hold.id, actor, (to, words), now).await,
        Asked::Agree(proposed) => desk.agree(&hold.id, actor, proposed, now).await,
        Asked::Decline(proposed, words) => {
            desk.decline(&hold.id, actor, (proposed, words), now).await
        }
        Asked::Drop => desk.drop_proposal(&hold.id, actor, now).await,
        Asked::TakeBack => desk.take_back(&hold.id, actor, now).await,
    };
    let missing = match acted {
        Ok(Acted::Done(_)) => {
            telemetry::web::decided(&hold.id, deed.name());
            return see(&opened.token);
        }
        Ok(Acted::Already(_)) => return see(&format!("{}?{ALREADY}", opened.token)),
        Err(ActError::Unknown) => return not_found(),
        Err(ActError::Store(error)) => {
            telemetry::web::failed(Some(&hold.id), &error);
            return trouble();
        }
        Err(ActError::Outside) => missing("address", others.missing_outside),
        Err(ActError::SamePerson) => missing("address", others.missing_self),
        Err(ActError::TooOften) if deed == Deed::HandOver => {
            missing("address", others.missing_often)
        }
        Err(ActError::TooOften) => missing("sure", others.missing_turns),
        Err(ActError::TooLate) => missing("sure", others.too_late),
        Err(ActError::Incomplete(_)) if deed == Deed::HandOver => {
            missing("address", others.missing_address)
        }
        Err(ActError::Incomplete(_)) => missing("note", others.missing_line),
        Err(ActError::NotAllowed) => missing("action", others.missing_right),
        Err(ActError::NobodyToAsk | ActError::Proposed) => missing("action", others.missing_second),
    };
    page(state, opened, now, form, Some(missing), false).await
}

/// A form that is complete.
enum Asked {
    HandOver(Mailbox, String),
    Agree(Timestamp),
    Decline(Timestamp, String),
    Drop,
    TakeBack,
}

impl Asked {
    fn of(
        deed: Deed,
        form: &HoldForm,
        hold: &Hold,
        others: &'static Others,
    ) -> Result<Asked, Missing> {
        let ticked = |otherwise| match form.sure == "yes" {
            true => Ok(()),
            false => Err(missing("sure", otherwise)),
        };
        let words = text(&form.note, MAX_WORDS).replace('\n', " ");
        Ok(match deed {
            Deed::HandOver => {
                let to = Mailbox::parse(form.to.trim()).ok().filter(|to| to.domain().is_some());
                Asked::HandOver(to.ok_or(missing("address", others.missing_address))?, words)
            }
            Deed::Agree => {
                ticked(others.missing_agree)?;
                Asked::Agree(proposed(form, hold, others)?)
            }
            Deed::Decline if words.is_empty() => {
                return Err(missing("note", others.missing_line));
            }
            Deed::Decline => Asked::Decline(proposed(form, hold, others)?, words),
            Deed::Drop => ticked(others.missing_tick).map(|()| Asked::Drop)?,
            Deed::TakeBack => ticked(others.missing_tick).map(|()| Asked::TakeBack)?,
        })
    }
}

/// When the proposal was made that the reader has before him: he answers that one and no other.
fn proposed(form: &HoldForm, hold: &Hold, others: &'static Others) -> Result<Timestamp, Missing> {
    let seen = form.asked.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
    match (seen, hold.proposal()) {
        (Some(seen), Some(proposal)) if seen != proposal.at => {
            Err(missing("asked", others.missing_other))
        }
        (Some(seen), _) => Ok(seen),
        (None, _) => Err(missing("asked", others.missing_other)),
    }
}
