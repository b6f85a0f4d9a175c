//! Setting a password by a link.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

use super::{
    DeskState, Fields, Frame, Needs, Route, answer::page_with, door::Client, message, page,
    see_other, trouble,
};
use crate::accounts::{AccountError, Secret};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/desk/password/{link}", Needs::Nothing, show),
        Route::post("/desk/password/{link}", Needs::Nothing, set),
    ]
}

#[derive(Template)]
#[template(path = "desk/password.html")]
struct PasswordPage {
    frame: Frame,
    login: String,
    link: String,
    problem: Option<String>,
}

async fn show(State(state): State<DeskState>, Path(link): Path<String>) -> Response {
    match opened(&state, &link).await {
        Ok((_, login)) => {
            page(&PasswordPage { frame: Frame::of(&state, None, ""), login, link, problem: None })
        }
        Err(answer) => answer,
    }
}

async fn set(
    State(state): State<DeskState>,
    Extension(Client(address)): Extension<Client>,
    Path(link): Path<String>,
    form: Fields,
) -> Response {
    let (secret, login) = match opened(&state, &link).await {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let problem = if form.raw("password") == form.raw("again") {
        match state.accounts.set_by_link(&secret, form.raw("password"), &address, state.now()).await
        {
            Ok(true) => return see_other(&state, "/desk/log-in"),
            Ok(false) => return spent(),
            Err(AccountError::Unfit(why)) => why.to_string(),
            Err(error) => return trouble(&error),
        }
    } else {
        "the two are not the same".to_owned()
    };
    let frame = Frame::of(&state, None, "");
    let shown = PasswordPage { frame, login, link, problem: Some(problem) };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// What a link opens; one answer for every link that opens nothing.
async fn opened(state: &DeskState, link: &str) -> Result<(Secret, String), Response> {
    let secret = Secret::brought(link).ok_or_else(spent)?;
    match state.accounts.link_opens(&secret, state.now()).await {
        Ok(Some(account)) => Ok((secret, account.person.login)),
        Ok(None) => Err(spent()),
        Err(error) => Err(trouble(&error)),
    }
}

fn spent() -> Response {
    message(
        StatusCode::NOT_FOUND,
        "This link opens nothing",
        "It works once, and for two days. Ask whoever looks after accounts here for another.",
    )
}
