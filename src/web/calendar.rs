//! Calendar files for a call and for a promise.
//!
//! A calendar is seen by more people than a mailbox: on a shared screen, by colleagues, on servers
//! of others. So a file tells whom to call and the number, marked private; not what about, no
//! subject, no sum, and no link, because whoever has the link can decide
//! (`docs/decisions/calendar-tells-little.md`).

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
    opened::Opened,
    serve::Peer,
    trouble,
    views::Views,
};
use crate::{
    calendar::{Event, MEDIA_TYPE},
    hold::{Hold, PromiseState},
    mail::Timestamp,
    notice::fill,
    telemetry,
};

/// How much time a call is given.
const CALL_MINUTES: u32 = 15;

/// GET `/h/{token}/call.ics`: the call that is planned, if one is.
pub(super) async fn call(
    State(state): State<WebState>,
    token: Result<Path<String>, PathRejection>,
    Extension(views): Extension<Views>,
    method: Method,
    peer: Option<Extension<Peer>>,
) -> Response {
    let (Opened { hold, .. }, now) = match opened(&state, token, &views, &method, peer).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let Some(at) = call_at(&hold, now) else { return nothing_planned() };
    let asking = Asking::about(&state, &hold, now);
    // Another time for the same call moves the one in the calendar.
    let planned = Planned { name: "call", sequence: hold.outcomes.len(), at };
    file(&state, &hold, &asking, asking.after.event_call, &planned)
}

/// GET `/h/{token}/follow-up.ics`: the day of the promise, while it is open.
pub(super) async fn follow_up(
    State(state): State<WebState>,
    token: Result<Path<String>, PathRejection>,
    Extension(views): Extension<Views>,
    method: Method,
    peer: Option<Extension<Peer>>,
) -> Response {
    let (Opened { hold, .. }, now) = match opened(&state, token, &views, &method, peer).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
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
    let asking = Asking::about(&state, &hold, now);
    let planned = Planned { name: "follow-up", sequence: promise.steps.len(), at };
    file(&state, &hold, &asking, asking.after.event_follow_up, &planned)
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

/// An appointment to be.
struct Planned {
    name: &'static str,
    sequence: usize,
    at: Timestamp,
}

fn file(
    state: &WebState,
    hold: &Hold,
    asking: &Asking<'_>,
    title: &str,
    planned: &Planned,
) -> Response {
    let numbers = asking.call.numbers.iter().take(3);
    let numbers: Vec<String> =
        numbers.map(|number| format!("{} ({})", number.national, number.e164)).collect();
    let host = state.public_url.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let event = Event {
        uid: &format!("{}-{}@{host}", planned.name, hold.id),
        sequence: planned.sequence,
        made: asking.now,
        begins: planned.at,
        minutes: CALL_MINUTES,
        title: &fill(title, &[("who", who(hold))]),
        text: &numbers.join("\n"),
    };
    let attached = format!("attachment; filename=\"{}.ics\"", planned.name);
    let headers =
        [(header::CONTENT_TYPE, MEDIA_TYPE.to_owned()), (header::CONTENT_DISPOSITION, attached)];
    (StatusCode::OK, headers, event.render()).into_response()
}
