//! Logging in and out.

use std::time::Duration;

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{
    DeskState, Fields, Frame, Needs, Route, Visitor, answer::page_with, cookie, door::Client,
    message, page, see_other, trouble,
};
use crate::accounts::{Entered, Secret, Tried};

/// No address of a page of ours is longer.
const MAX_NEXT_OCTETS: usize = 500;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/desk/log-in", Needs::Nothing, show),
        Route::post("/desk/log-in", Needs::Nothing, enter),
        Route::get("/desk/log-in/code", Needs::Nothing, ask_code),
        Route::post("/desk/log-in/code", Needs::Nothing, try_code),
        Route::post("/desk/log-out", Needs::LogIn, leave),
    ]
}

#[derive(Template)]
#[template(path = "desk/log_in.html")]
struct LogInPage {
    frame: Frame,
    /// What is wrong with what was sent.
    problem: Option<String>,
    login: String,
    next: String,
    /// Nobody has an account yet.
    is_first: bool,
    /// The name of the house's own log-in, where there is one.
    provider: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/code.html")]
struct CodePage {
    frame: Frame,
    problem: Option<String>,
    next: String,
}

/// Where to go once logged in.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    next: String,
}

async fn show(
    State(state): State<DeskState>,
    visitor: Option<Visitor>,
    Query(wanted): Query<Wanted>,
) -> Response {
    if visitor.is_some() {
        return see_other(&state, own_path(&wanted.next));
    }
    match state.accounts.are_any().await {
        Ok(any) => page(&LogInPage {
            frame: Frame::of(&state, None, ""),
            problem: None,
            login: String::new(),
            next: own_path(&wanted.next).to_owned(),
            is_first: !any,
            provider: state.provider_name(),
        }),
        Err(error) => trouble(&error),
    }
}

async fn enter(
    State(state): State<DeskState>,
    Extension(Client(address)): Extension<Client>,
    visitor: Option<Visitor>,
    headers: HeaderMap,
    form: Fields,
) -> Response {
    let tried = Tried {
        login: form.raw("login"),
        password: form.raw("password"),
        address: &address,
        agent: agent(&headers),
    };
    let now = state.now();
    let entered = match state.accounts.log_in(tried, now).await {
        Ok(entered) => entered,
        Err(error) => return trouble(&error),
    };
    let problem = match &entered {
        Entered::In(secret) => {
            if let Some(before) = visitor {
                // Whoever logs in anew leaves where he was.
                let (person, actor) = (&before.person.id, before.himself());
                let ended = state.accounts.end_session(person, &before.session, actor, now).await;
                if let Err(error) = ended {
                    return trouble(&error);
                }
            }
            return begun(&state, secret, own_path(form.raw("next")));
        }
        Entered::Half(half) => {
            let next = utf8_percent_encode(own_path(form.raw("next")), NON_ALPHANUMERIC);
            let on = see_other(&state, &format!("/desk/log-in/code?next={next}"));
            return with_cookie(on, cookie::given(&state, half));
        }
        Entered::Refused => "The name or the password is not right.".to_owned(),
        Entered::Wait(wait) => too_fast(*wait),
    };
    let status = refused(&entered);
    let login = form.line("login");
    let next = own_path(form.raw("next")).to_owned();
    let frame = Frame::of(&state, None, "");
    let (problem, provider) = (Some(problem), state.provider_name());
    page_with(status, &LogInPage { frame, problem, login, next, is_first: false, provider })
}

/// The code of the second factor, where the password was right.
async fn ask_code(
    State(state): State<DeskState>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Response {
    let half = cookie::brought(&state, &headers);
    let who = match half {
        Some(half) => state.accounts.half_in(&half, state.now()).await,
        None => Ok(None),
    };
    match who {
        Ok(Some(_)) => {
            let next = own_path(&wanted.next).to_owned();
            page(&CodePage { frame: Frame::of(&state, None, ""), problem: None, next })
        }
        Ok(None) => see_other(&state, "/desk/log-in"),
        Err(error) => trouble(&error),
    }
}

async fn try_code(
    State(state): State<DeskState>,
    Extension(Client(address)): Extension<Client>,
    headers: HeaderMap,
    form: Fields,
) -> Response {
    let Some(half) = cookie::brought(&state, &headers) else {
        return see_other(&state, "/desk/log-in");
    };
    let (code, place) = (form.raw("code"), (address.as_str(), agent(&headers)));
    let entered = match state.accounts.second_factor(&half, code, place, state.now()).await {
        Ok(entered) => entered,
        Err(error) => return trouble(&error),
    };
    let problem = match &entered {
        Entered::In(secret) => return begun(&state, secret, own_path(form.raw("next"))),
        Entered::Half(_) | Entered::Refused => {
            "This code is not right, or was used before. Wait for the next one.".to_owned()
        }
        Entered::Wait(wait) => too_fast(*wait),
    };
    let next = own_path(form.raw("next")).to_owned();
    let frame = Frame::of(&state, None, "");
    page_with(refused(&entered), &CodePage { frame, problem: Some(problem), next })
}

fn too_fast(wait: Duration) -> String {
    let seconds = wait.as_secs().max(1);
    format!("Too many tries went wrong. Please try again in {seconds} seconds.")
}

fn refused(entered: &Entered) -> StatusCode {
    match entered {
        Entered::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        Entered::In(_) | Entered::Half(_) | Entered::Refused => StatusCode::UNAUTHORIZED,
    }
}

async fn leave(State(state): State<DeskState>, visitor: Visitor) -> Response {
    if visitor.session.is_empty() {
        return message(
            StatusCode::OK,
            "You are still logged in",
            "Your house’s own log-in lets you in here. Log out there.",
        );
    }
    let person = &visitor.person.id;
    let actor = visitor.himself();
    match state.accounts.end_session(person, &visitor.session, actor, state.now()).await {
        Ok(_) => with_cookie(see_other(&state, "/desk/log-in"), cookie::taken_back(&state)),
        Err(error) => trouble(&error),
    }
}

/// Gives a browser its session, and the page that it wanted.
fn begun(state: &DeskState, secret: &Secret, next: &str) -> Response {
    with_cookie(see_other(state, next), cookie::given(state, secret))
}

fn with_cookie(mut response: Response, field: Option<axum::http::HeaderValue>) -> Response {
    if let Some(field) = field {
        response.headers_mut().insert(header::SET_COOKIE, field);
    }
    response
}

pub(super) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

/// A path of the desk, or the desk itself: never another site, however it is written.
pub(super) fn own_path(wanted: &str) -> &str {
    let below = wanted
        .strip_prefix("/desk")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest.starts_with('?'));
    let plain = wanted.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let good = below && plain && wanted.len() <= MAX_NEXT_OCTETS && !wanted.contains("//");
    if good { wanted } else { "/desk" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn after_logging_in_one_is_at_the_desk_and_nowhere_else() {
        for own in ["/desk", "/desk/holds?state=held&q=a%2Fb", "/desk?x", "/desk/holds/1#why"] {
            assert_eq!(own_path(own), own);
        }
        for evil in [
            "//evil.example",
            "https://evil.example",
            "/desk//evil.example",
            "/deskevil",
            "",
            "/\\evil.example",
            "/desk/\\evil",
            "/desk/\r\nSet-Cookie: x=1",
            "/desk/ü",
            "desk",
            "/h/token",
            "/desk@evil.example",
            "javascript:alert(1)",
        ] {
            assert_eq!(own_path(evil), "/desk", "{evil}");
        }
    }
}
