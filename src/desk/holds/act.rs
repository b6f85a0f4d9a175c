//! Does something with one hold.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    deed::{Came, Deed, Order, actor, perform},
    hold::{Asked, hold_page},
    scope,
};
use crate::{
    desk::{DeskState, Visitor, see_other},
    mail::Timestamp,
    rights::Action,
};

/// What the forms of a hold's page send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeedForm {
    pub(super) deed: String,
    pub(super) reason: String,
    pub(super) to: String,
    /// The proposal that was on the page, in microseconds.
    pub(super) proposed: String,
}

/// POST
pub(super) async fn act(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(form): Form<DeedForm>,
) -> Response {
    let hold = match scope::hold(&state, &visitor, &id, Action::Decide).await {
        Ok(hold) => hold,
        Err(answer) => return answer,
    };
    let order = Deed::from_text(&form.deed)
        .ok_or("Please choose what to do.")
        .and_then(|deed| Order::of(deed, &form.reason, &form.to));
    let came = match order {
        Ok(order) => {
            let proposed = form.proposed.parse().ok();
            let proposed = proposed.and_then(|at| Timestamp::from_microsecond(at).ok());
            let order = Order { proposed, ..order };
            perform(&state, &hold, actor(&visitor), &order, state.now()).await
        }
        Err(missing) => Came::NotDone(missing.to_owned()),
    };
    match came {
        Came::Done(_) => see_other(&state, &format!("/desk/holds/{}?done=1", hold.id)),
        Came::NotDone(why) => {
            let hold = match scope::hold(&state, &visitor, &id, Action::Decide).await {
                Ok(hold) => hold,
                Err(answer) => return answer,
            };
            hold_page(&state, &visitor, hold, Asked { form, problem: Some(why), is_done: false })
                .await
        }
    }
}
