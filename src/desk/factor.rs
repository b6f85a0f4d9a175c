//! Setting up one's second factor, and taking it away.
//!
//! A page that is only looked at changes nothing: the new seed travels through the form, closed, and
//! is kept once its first code has come.

use std::fmt::Write;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::{Color, EcLevel, QrCode};

use super::{
    DeskState, Fields, Frame, Needs, Route, Visitor, account, answer::page_with, page, see_other,
    trouble,
};
use crate::accounts::{AccountError, Seed, SetUp};

/// White around the code, in squares: what readers need (ISO/IEC 18004).
const QUIET: usize = 4;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/desk/account/factor", Needs::LogIn, show),
        Route::post("/desk/account/factor", Needs::LogIn, set),
        Route::post("/desk/account/factor/remove", Needs::LogIn, remove),
    ]
}

#[derive(Template)]
#[template(path = "desk/factor.html")]
struct FactorPage {
    frame: Frame,
    picture: Option<Picture>,
    /// In groups of four, to be typed.
    seed: String,
    closed: String,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/recovery.html")]
struct RecoveryPage {
    frame: Frame,
    codes: Vec<String>,
}

/// A code that a telephone reads: dark squares on white, whatever the page's colours.
struct Picture {
    side: usize,
    path: String,
}

async fn show(State(state): State<DeskState>, visitor: Visitor) -> Response {
    match state.accounts.new_factor(&visitor.person.id) {
        Ok((seed, closed)) => offered(&state, &visitor, &seed, closed, None),
        Err(error) => trouble(&error),
    }
}

fn offered(
    state: &DeskState,
    visitor: &Visitor,
    seed: &Seed,
    closed: String,
    problem: Option<String>,
) -> Response {
    let secret = seed.in_base32();
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (house, login) = (encoded(&state.organisation), encoded(&visitor.person.login));
    let uri = format!(
        "otpauth://totp/callfirst%20{house}:{login}?secret={secret}&issuer=callfirst%20{house}"
    );
    let groups = secret.as_bytes().chunks(4).map(String::from_utf8_lossy);
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let shown = FactorPage {
        frame: visitor.frame(state, "/desk/account"),
        picture: Picture::of(&uri),
        seed: groups.collect::<Vec<_>>().join(" "),
        closed,
        problem,
    };
    page_with(status, &shown)
}

async fn set(State(state): State<DeskState>, visitor: Visitor, form: Fields) -> Response {
    let person = &visitor.person.id;
    let Some(seed) = state.accounts.offered_factor(form.raw("seed"), person) else {
        return see_other(&state, "/desk/account/factor");
    };
    let again = |problem: String| {
        offered(&state, &visitor, &seed, form.raw("seed").to_owned(), Some(problem))
    };
    match account::own(&state, &visitor, form.raw("current")).await {
        Ok(Ok(_)) => {}
        Ok(Err(problem)) => return again(problem),
        Err(answer) => return answer,
    }
    let (closed, code) = (form.raw("seed"), form.raw("code"));
    match state.accounts.set_factor(person, closed, code, visitor.himself(), state.now()).await {
        Ok(SetUp::Done(codes)) => {
            page(&RecoveryPage { frame: visitor.frame(&state, "/desk/account"), codes })
        }
        Ok(SetUp::WrongCode) => {
            again("This code is not right. Is the telephone's clock on time?".to_owned())
        }
        Err(AccountError::Unknown) => super::not_found(),
        Err(error) => trouble(&error),
    }
}

async fn remove(State(state): State<DeskState>, visitor: Visitor, form: Fields) -> Response {
    match account::own(&state, &visitor, form.raw("current")).await {
        Ok(Ok(_)) => {}
        Ok(Err(problem)) => return account::shown(&state, &visitor, "", Some(problem)).await,
        Err(answer) => return answer,
    }
    let (person, actor) = (&visitor.person.id, visitor.himself());
    match state.accounts.end_factor(person, actor, state.now()).await {
        Ok(()) => see_other(&state, "/desk/account?done=factor"),
        Err(error) => trouble(&error),
    }
}

impl Picture {
    /// `None` where the text is too long for one: then the seed is typed.
    fn of(text: &str) -> Option<Picture> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (at, colour) in code.to_colors().into_iter().enumerate() {
            if colour == Color::Dark {
                let (x, y) = (at % width + QUIET, at / width + QUIET);
                // Writing to a text does not fail.
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
        Some(Picture { side: width + 2 * QUIET, path })
    }
}
