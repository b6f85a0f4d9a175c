//! The people's side: the sender's page of a hold, health and metrics.
//!
//! Following a link changes nothing: GET shows, POST acts, and only with a nonce from the page and
//! something that a person chose or typed, because link scanners open pages and press buttons. No
//! script, nothing from outside, no log-in; a link that is not ours opens the same page whatever is
//! wrong with it. Acting twice does it once.

mod after;
mod asking;
mod calendar;
mod form;
mod guard;
mod guide;
mod health;
mod history;
mod hold;
mod opened;
mod others;
mod page;
mod promise;
mod report;
mod serve;
mod several;
mod state;
mod text;
mod views;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::{StatusCode, header},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::get,
};

pub use self::{
    asking::{CallTerms, MAX_CAUSE_CHARS, MAX_CAUSES},
    guard::Guard,
    serve::{Peer, serve},
    state::WebState,
    text::shipped_lines,
};

/// A form is a few fields; a longer body is not from a page of ours.
const MAX_BODY_OCTETS: usize = 32 << 10;

/// Every route of the pages.
pub fn router(state: WebState) -> Router {
    let guard = guard::Guard::of(&state.public_url);
    Router::new()
        .route("/h/{token}", get(hold::show).post(hold::act))
        .route("/h/{token}/call.ics", get(calendar::call))
        .route("/h/{token}/follow-up.ics", get(calendar::follow_up))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/static/style.css", get(style))
        .fallback(unknown)
        .layer(Extension(health::Checked::default()))
        .layer(Extension(views::Views::default()))
        .layer(DefaultBodyLimit::max(MAX_BODY_OCTETS))
        .layer(middleware::from_fn_with_state(guard, guard::every_request))
        .with_state(state)
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("static/style.css"))
}

/// One page for every address that opens nothing: it must not tell a wrong token from a wrong path.
async fn unknown() -> Response {
    not_found()
}

fn not_found() -> Response {
    message(
        StatusCode::NOT_FOUND,
        "This link opens nothing",
        "It may be cut off, or it is no longer needed. Open the link in our mail once more; if it \
         still does not work, reply to your administrator with that mail attached.",
    )
}

fn trouble() -> Response {
    message(
        StatusCode::SERVICE_UNAVAILABLE,
        "We cannot show this now",
        "The fault is ours, and nothing was changed. Please try again in a few minutes.",
    )
}

/// A page that only says something.
fn message(status: StatusCode, title: &str, text: &str) -> Response {
    rendered(status, &page::Message { title, text })
}

fn rendered(status: StatusCode, page: &impl askama::Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            crate::telemetry::web::failed(None, &error);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests;
