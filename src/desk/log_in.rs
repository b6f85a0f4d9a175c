//! Logging in and out.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde::Deserialize;

use super::{
    DeskState, Frame, Needs, Route, Visitor, answer::page_with, cookie, door::Client, page,
    see_other, trouble,
};
use crate::accounts::{Entered, Secret, Tried};

/// No address of a page of ours is longer.
const MAX_NEXT_OCTETS: usize = 500;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/desk/log-in", Needs::Nothing, show),
        Route::post("/desk/log-in", Needs::Nothing, enter),
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
}

/// Where to go once logged in.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct LogInForm {
    login: String,
    password: String,
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
        }),
        Err(error) => trouble(&error),
    }
}

async fn enter(
    State(state): State<DeskState>,
    Extension(Client(address)): Extension<Client>,
    visitor: Option<Visitor>,
    headers: HeaderMap,
    Form(form): Form<LogInForm>,
) -> Response {
    let tried = Tried {
        login: &form.login,
        password: &form.password,
        address: &address,
        agent: agent(&headers),
    };
    let now = state.now();
    let entered = match state.accounts.log_in(tried, now).await {
        Ok(entered) => entered,
        Err(error) => return trouble(&error),
    };
    let problem = match entered {
        Entered::In(secret) => {
            if let Some(before) = visitor {
                // Whoever logs in anew leaves where he was.
                let (person, actor) = (&before.person.id, before.himself());
                let ended = state.accounts.end_session(person, &before.session, actor, now).await;
                if let Err(error) = ended {
                    return trouble(&error);
                }
            }
            return begun(&state, &secret, own_path(&form.next));
        }
        Entered::Half(_) | Entered::Refused => "The name or the password is not right.".to_owned(),
        Entered::Wait(wait) => {
            let seconds = wait.as_secs().max(1);
            format!("Too many tries went wrong. Please try again in {seconds} seconds.")
        }
    };
    let status = match entered {
        Entered::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNAUTHORIZED,
    };
    let login: String = form.login.chars().take(100).collect();
    let next = own_path(&form.next).to_owned();
    let frame = Frame::of(&state, None, "");
    page_with(status, &LogInPage { frame, problem: Some(problem), login, next, is_first: false })
}

async fn leave(State(state): State<DeskState>, visitor: Visitor) -> Response {
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

fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

/// A path of the desk, or the desk itself: never another site, however it is written.
fn own_path(wanted: &str) -> &str {
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
