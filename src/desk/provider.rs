//! Logging in by the house's identity provider.
//!
//! Coming back is a GET, because that is how the provider sends the browser. It does nothing but with
//! the values that this browser got when it began, and with a code that works once.

use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    DeskState, Needs, ProviderLogIn, Route, cookie, door::Client, log_in, message, not_found,
    see_other, trouble,
};
use crate::{
    accounts::{AccountError, NewPerson, VouchedBy},
    mail::Mailbox,
    oidc::{Begun, Identity, OidcError},
    telemetry,
};

/// Where the provider sends browsers back to.
const BACK: &str = "/desk/log-in/provider/back";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/desk/log-in/provider", Needs::Nothing, begin),
        Route::get(BACK, Needs::Nothing, back),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wanted {
    next: String,
}

/// What the provider adds to the address.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Brought {
    state: String,
    code: String,
    error: String,
    /// RFC 9207: who says so.
    iss: Option<String>,
}

fn redirect(state: &DeskState) -> String {
    format!("{}{BACK}", state.public_url)
}

async fn begin(State(state): State<DeskState>, Query(wanted): Query<Wanted>) -> Response {
    let Some(log_in) = &state.provider else { return not_found() };
    match log_in.provider.begin(&redirect(&state)).await {
        Ok((page, begun)) => {
            let kept = cookie::begun(&state, &begun.in_cookie(), log_in::own_path(&wanted.next));
            with_cookies(Redirect::to(&page).into_response(), [kept])
        }
        Err(error) => unavailable(&error),
    }
}

async fn back(
    State(state): State<DeskState>,
    Extension(Client(address)): Extension<Client>,
    headers: HeaderMap,
    Query(brought): Query<Brought>,
) -> Response {
    let Some(log_in) = &state.provider else { return not_found() };
    let Some((begun, next)) = cookie::kept(&state, &headers) else { return strange() };
    let Some(begun) = Begun::from_cookie(&begun) else { return strange() };
    if brought.iss.as_ref().is_some_and(|iss| *iss != log_in.issuer) {
        return strange();
    }
    if !brought.error.is_empty() || brought.code.is_empty() {
        return see_other(&state, "/desk/log-in");
    }
    let came = (brought.state.as_str(), brought.code.as_str());
    let finished = log_in.provider.finish(&begun, came, &redirect(&state), state.now()).await;
    let identity = match finished {
        Ok(identity) => identity,
        Err(OidcError::OtherBrowser) => return strange(),
        Err(error) => return unavailable(&error),
    };
    let who = person(&identity);
    let given = log_in.given(&identity.groups);
    let place = (address.as_str(), log_in::agent(&headers));
    match state.accounts.log_in_vouched(&who, given.as_ref(), place, state.now()).await {
        Ok(secret) => {
            let there = see_other(&state, log_in::own_path(&next));
            with_cookies(there, [cookie::given(&state, &secret), cookie::begun_over(&state)])
        }
        Err(AccountError::Taken(login)) => taken(&login),
        Err(AccountError::Unknown | AccountError::BadLogin) => shut_out(),
        Err(error) => trouble(&error),
    }
}

fn person(identity: &Identity) -> NewPerson {
    NewPerson {
        login: identity.login.clone(),
        name: identity.name.chars().filter(|c| !c.is_control()).collect(),
        address: identity.address.as_deref().and_then(|address| Mailbox::parse(address).ok()),
        roles: [].into(),
        teams: [].into(),
        vouched_by: VouchedBy::Provider(identity.subject.clone()),
    }
}

fn with_cookies<const N: usize>(
    mut response: Response,
    fields: [Option<HeaderValue>; N],
) -> Response {
    for field in fields.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, field);
    }
    response
}

fn unavailable(error: &OidcError) -> Response {
    telemetry::desk::provider_failed(error);
    message(
        StatusCode::BAD_GATEWAY,
        "Your house’s log-in did not answer as it should",
        "You are not logged in. Please try again; if it stays so, whoever runs callfirst finds the \
         cause in its log.",
    )
}

fn strange() -> Response {
    message(
        StatusCode::FORBIDDEN,
        "This log-in was not begun here",
        "It was begun in another browser, or too long ago. Please begin again.",
    )
}

fn taken(login: &str) -> Response {
    let text = format!(
        "Somebody else logs in here as {login}, with a password. Ask whoever looks after accounts."
    );
    message(StatusCode::CONFLICT, "This log-in name is taken", &text)
}

fn shut_out() -> Response {
    message(
        StatusCode::FORBIDDEN,
        "You cannot log in here",
        "Your house’s log-in knows you, and this desk does not let you in. Ask whoever looks after \
         accounts here.",
    )
}

impl ProviderLogIn {
    /// What these groups make somebody; `None` where roles are kept here.
    fn given(&self, groups: &[String]) -> Option<crate::accounts::Given> {
        let fit = |group: &String| groups.contains(group);
        let fitting = || self.groups.iter().filter(|(group, _, _)| fit(group));
        let roles = fitting().map(|(_, role, _)| *role).collect();
        let teams = fitting().filter_map(|(_, _, team)| team.clone()).collect();
        (!self.groups.is_empty()).then_some((roles, teams))
    }
}
