//! One's own account: password and sessions. The second factor is next door (`factor.rs`).

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    DeskState, Fields, Frame, Needs, Route, Visitor, answer::page_with, see_other, trouble,
};
use crate::accounts::{Account, AccountError, Checked, Session, VouchedBy};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/desk/account", Needs::LogIn, show),
        Route::post("/desk/account/password", Needs::LogIn, set_password),
        Route::post("/desk/account/sessions", Needs::LogIn, end_sessions),
    ]
}

#[derive(Template)]
#[template(path = "desk/account.html")]
struct AccountPage {
    frame: Frame,
    account: Account,
    /// Whether he logs in here, with a password.
    is_ours: bool,
    recovery_left: u64,
    sessions: Vec<SessionRow>,
    done: &'static str,
    problem: Option<String>,
}

struct SessionRow {
    session: Session,
    seen: String,
    created: String,
    is_this: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

/// What was just done, by the word in the address.
fn done(word: &str) -> &'static str {
    match word {
        "password" => "Your password is changed. You are logged out everywhere but here.",
        "factor" => "Your second factor is removed. From now on the password alone logs you in.",
        "sessions" => "That session is ended.",
        _ => "",
    }
}

async fn show(
    State(state): State<DeskState>,
    visitor: Visitor,
    Query(query): Query<Done>,
) -> Response {
    shown(&state, &visitor, done(&query.done), None).await
}

/// The page, with a word about what was done or what is wrong.
pub(super) async fn shown(
    state: &DeskState,
    visitor: &Visitor,
    done: &'static str,
    problem: Option<String>,
) -> Response {
    let (person, now) = (&visitor.person.id, state.now());
    let read = async {
        let account = state.accounts.find(person).await?.ok_or(AccountError::Unknown)?;
        let sessions = state.accounts.sessions(person, now).await?;
        let left = state.accounts.recovery_left(person).await?;
        Ok::<_, AccountError>((account, sessions, left))
    };
    let (account, sessions, recovery_left) = match read.await {
        Ok(read) => read,
        Err(error) => return trouble(&error),
    };
    let row = |session: Session| SessionRow {
        seen: state.say(session.seen),
        created: state.say(session.created),
        is_this: session.id == visitor.session,
        session,
    };
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let shown = AccountPage {
        frame: visitor.frame(state, "/desk/account"),
        is_ours: account.vouched_by == VouchedBy::Us,
        account,
        recovery_left,
        sessions: sessions.into_iter().map(row).collect(),
        done,
        problem,
    };
    page_with(status, &shown)
}

async fn set_password(State(state): State<DeskState>, visitor: Visitor, form: Fields) -> Response {
    let account = match own(&state, &visitor, form.raw("current")).await {
        Ok(Ok(account)) => account,
        Ok(Err(problem)) => return shown(&state, &visitor, "", Some(problem)).await,
        Err(answer) => return answer,
    };
    let (new, stays) = (form.raw("password"), Some(visitor.session.as_str()));
    if new != form.raw("again") {
        let problem = "The two new passwords are not the same.".to_owned();
        return shown(&state, &visitor, "", Some(problem)).await;
    }
    let set = state.accounts.set_password(&account, new, stays, visitor.himself(), state.now());
    match set.await {
        Ok(()) => see_other(&state, "/desk/account?done=password"),
        Err(AccountError::Unfit(why)) => {
            let problem = format!("Your password is as it was: {why}.");
            shown(&state, &visitor, "", Some(problem)).await
        }
        Err(error) => trouble(&error),
    }
}

/// The visitor's own account, if this is his password: `Err` inside is what to tell him.
pub(super) async fn own(
    state: &DeskState,
    visitor: &Visitor,
    password: &str,
) -> Result<Result<Account, String>, Response> {
    let (accounts, now) = (&state.accounts, state.now());
    let account = accounts.find(&visitor.person.id).await.map_err(|error| trouble(&error))?;
    let account = account.ok_or_else(super::not_found)?;
    let checked = accounts.check_password(&account, password, &visitor.address, now).await;
    Ok(match checked.map_err(|error| trouble(&error))? {
        Checked::Right => Ok(account),
        Checked::Wrong => {
            Err("Your current password is not right. Nothing was changed.".to_owned())
        }
        Checked::Wait(wait) => {
            let seconds = wait.as_secs().max(1);
            Err(format!("Too many tries went wrong. Please try again in {seconds} seconds."))
        }
    })
}

async fn end_sessions(State(state): State<DeskState>, visitor: Visitor, form: Fields) -> Response {
    let (person, actor, now) = (&visitor.person.id, visitor.himself(), state.now());
    let ended = match form.raw("session") {
        "" => {
            let but = Some(visitor.session.as_str());
            state.accounts.end_sessions(person, but, actor, now).await.map(|_| ())
        }
        one => state.accounts.end_session(person, one, actor, now).await.map(|_| ()),
    };
    match ended {
        Ok(()) => see_other(&state, "/desk/account?done=sessions"),
        Err(error) => trouble(&error),
    }
}
