//! Answers: a page, a way on, a word about what is wrong.

use askama::Template;
use axum::{
    Extension,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};

use super::{DeskState, Frame, Needs, Route, Visitor};
use crate::telemetry;

/// What a page of the desk may load and do: our own style and pictures, frames of our own, forms to
/// ourselves. No script at all.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

#[derive(Template)]
#[template(path = "desk/message.html")]
struct Message {
    frame: Frame,
    said: Said,
}

/// What a page says that only says something. The door writes the page: it knows whose it is.
#[derive(Debug, Clone)]
struct Said {
    title: String,
    text: String,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/static/desk.css", Needs::Nothing, style),
        Route::get("/desk/{*other}", Needs::LogIn, unknown),
    ]
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("static/desk.css"))
}

async fn unknown() -> Response {
    not_found()
}

/// A page.
pub fn page(template: &impl Template) -> Response {
    page_with(StatusCode::OK, template)
}

/// A page, and how it went: `422` where a form is shown again with what is missing.
pub fn page_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            telemetry::web::failed(None, &error);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// After something was done: on to a page of the desk. `path` begins with `/desk`.
pub fn see_other(state: &DeskState, path: &str) -> Response {
    Redirect::to(&format!("{}{path}", state.root())).into_response()
}

/// A page that only says something. A handler returns it as it is; the door gives it its frame.
pub fn message(status: StatusCode, title: &str, text: &str) -> Response {
    let said = Said { title: title.to_owned(), text: text.to_owned() };
    (status, Extension(said)).into_response()
}

/// There is no such thing, or not for this visitor: which, is not told.
pub fn not_found() -> Response {
    message(
        StatusCode::NOT_FOUND,
        "There is nothing here",
        "The address may be cut off, or what it showed is gone, or it is not for your account.",
    )
}

/// A form that does not read.
pub(super) fn garbled() -> Response {
    message(
        StatusCode::BAD_REQUEST,
        "Nothing was changed",
        "This form does not read. Load the page again and send its form from there.",
    )
}

/// Something of ours failed; nothing was changed.
pub fn trouble(error: &(dyn std::error::Error + 'static)) -> Response {
    telemetry::web::failed(None, error);
    message(
        StatusCode::SERVICE_UNAVAILABLE,
        "We cannot do this now",
        "The fault is ours, and nothing was changed. Please try again in a few minutes.",
    )
}

/// Makes an answer whole: the frame of a message, and the desk's headers where a page has none of its
/// own.
pub(super) fn finished(
    state: &DeskState,
    visitor: Option<&Visitor>,
    mut response: Response,
) -> Response {
    if let Some(said) = response.extensions_mut().remove::<Said>() {
        let frame = Frame::of(state, visitor, "");
        response = page_with(response.status(), &Message { frame, said });
    }
    let headers = response.headers_mut();
    let policy = HeaderValue::from_static(POLICY);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    // Browsers write `Origin: null` on forms of pages that send no referrer; ours must prove theirs.
    let referrer = HeaderValue::from_static("same-origin");
    headers.entry(header::REFERRER_POLICY).or_insert(referrer);
    response
}
