//! Which holds a visitor may see: one of them, or the senders whose holds a list may have.

use axum::response::Response;

use crate::{
    desk::{DeskState, Visitor, not_found, trouble},
    hold::{Hold, HoldError},
    mail::{HoldId, ReversePath},
    rights::{Action, Reach, Whose},
};

/// The hold of an address, if this visitor may do this with it. What he may not see is not there.
pub(super) async fn hold(
    state: &DeskState,
    visitor: &Visitor,
    id: &str,
    action: Action,
) -> Result<Hold, Response> {
    let id = HoldId::parse(id).map_err(|_| not_found())?;
    let found = state.store.find(&id).await.map_err(|error| trouble(&error))?;
    let hold = found.ok_or_else(not_found)?;
    let whose = state.whose(&hold);
    let may = visitor.person.sees(whose) && visitor.person.may_with(action, whose);
    if may { Ok(hold) } else { Err(not_found()) }
}

/// The senders to whom a list is bound; `None` where it is bound to nobody. `team` narrows it.
pub(super) async fn senders(
    state: &DeskState,
    reach: &Reach,
    team: Option<&str>,
) -> Result<Option<Vec<String>>, HoldError> {
    if *reach == Reach::All && team.is_none() {
        return Ok(None);
    }
    // Nobody's but his own: no need to look who else there is.
    if let (Reach::Some { own, teams }, None) = (reach, team)
        && teams.is_empty()
    {
        return Ok(Some(own.iter().cloned().collect()));
    }
    let mut senders = state.store.senders().await?;
    senders.retain(|sender| {
        let Ok(path) = ReversePath::parse(sender) else { return false };
        let of = &state.teams.of(&path).name;
        let whose = Whose { sender: path.mailbox(), team: of };
        reach.covers(whose) && team.is_none_or(|team| team == of)
    });
    Ok(Some(senders))
}
