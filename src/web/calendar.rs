//! Calendar files for a call and for a promise.
//!
//! What such a file tells is said in [`notice`](crate::notice): whom to call and the number, no more.

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    WebState,
    after::{call_at, who},
    asking::Asking,
    hold::opened,
    message,
    serve::Peer,
    text::Words,
    trouble,
    views::Views,
};
use crate::{
    calendar::MEDIA_TYPE,
    hold::{Hold, PromiseState},
    notice::{Plan, Planned},
    telemetry,
};

/// GET `/h/{token}/call.ics`: the call that is planned, if one is.
pub(super) async fn call(
    State(state): State<WebState>,
    token: Result<Path<String>, PathRejection>,
    Extension(views): Extension<Views>,
    method: Method,
    peer: Option<Extension<Peer>>,
) -> Response {
    let (opened, now) = match opened(&state, token, &views, &method, peer).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let hold = &opened.hold;
    let Some(at) = call_at(hold, now) else { return nothing_planned() };
    let own = state.own.load_full();
    let words = Words::over(state.language(&opened), &own);
    let asking = Asking::about(&state, hold, &words, now);
    // Another time for the same call moves the one in the calendar.
    let planned = Planned {
        plan: Plan::Call,
        at,
        sequence: hold.outcomes.len(),
        public_url: &state.public_url,
    };
    file(hold, &asking, &planned)
}

/// GET `/h/{token}/follow-up.ics`: the day of the promise, while it is open.
pub(super) async fn follow_up(
    State(state): State<WebState>,
    token: Result<Path<String>, PathRejection>,
    Extension(views): Extension<Views>,
    method: Method,
    peer: Option<Extension<Peer>>,
) -> Response {
    let (opened, now) = match opened(&state, token, &views, &method, peer).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let hold = &opened.hold;
    let promise = match state.store.promise(&hold.id).await {
        Ok(promise) => promise.filter(|p| p.state == PromiseState::Open),
        Err(error) => {
            telemetry::web::failed(Some(&hold.id), &error);
            return trouble();
        }
    };
    let Some((promise, at)) = promise.and_then(|p| p.remind_at.map(|at| (p, at))) else {
        return nothing_planned();
    };
    let own = state.own.load_full();
    let words = Words::over(state.language(&opened), &own);
    let asking = Asking::about(&state, hold, &words, now);
    let planned = Planned {
        plan: Plan::FollowUp,
        at,
        sequence: promise.sequence(hold),
        public_url: &state.public_url,
    };
    file(hold, &asking, &planned)
}

/// The link is good; only the appointment is not there, or no more.
fn nothing_planned() -> Response {
    message(
        StatusCode::NOT_FOUND,
        "Nothing is planned",
        "Its time has passed, or it was decided otherwise. Open the link in our mail to see how it \
         stands.",
    )
}

fn file(hold: &Hold, asking: &Asking<'_>, planned: &Planned<'_>) -> Response {
    let numbers = &asking.call.numbers;
    let file = planned.render(&hold.id, &who(hold), numbers, asking.notice, asking.now);
    let attached = format!("attachment; filename=\"{}\"", planned.plan.file_name());
    let headers =
        [(header::CONTENT_TYPE, MEDIA_TYPE.to_owned()), (header::CONTENT_DISPOSITION, attached)];
    (StatusCode::OK, headers, file).into_response()
}
