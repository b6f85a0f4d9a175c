//! From "this was wrong" to a change of a policy, and the book of changes.
//!
//! - `proposals`: what would cure a mail, a held one or one that was tried, with what each change does.
//! - `policies`: the policies with what came of their holds, and one file with its text to change.
//! - `history`: the book, one change, its patch; accept, refuse, take back.
//! - `try_mail`: a mail that is not sent, judged.
//!
//! Nothing here writes a file but through [`Workshop`](crate::changes::Workshop).

mod history;
mod parts;
mod policies;
mod proposals;
mod try_mail;
mod view;

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};

use super::{DeskState, Route, message, trouble};
use crate::{
    changes::{BookError, Workshop, WorkshopError, WriteError},
    rights::Action,
};

/// A file of policies, or a pasted mail, as a form sends it: each octet may become three.
const LONG_FORM: usize = 4 << 20;

pub(super) fn routes() -> Vec<Route> {
    let (propose, accept) = (Action::ProposeChange, Action::AcceptChange);
    vec![
        Route::get("/desk/holds/{id}/wrong", propose, proposals::of_hold),
        Route::post("/desk/holds/{id}/wrong", propose, proposals::take_of_hold)
            .with_body_of(LONG_FORM),
        Route::get("/desk/policies", Action::SeePolicies, policies::list),
        Route::post("/desk/policies/standing", propose, policies::take_standing),
        Route::get("/desk/policies/file/{*file}", Action::SeePolicies, policies::file),
        Route::post("/desk/policies/file/{*file}", propose, policies::change)
            .with_body_of(LONG_FORM),
        Route::get("/desk/policies/history", Action::SeePolicies, history::list),
        Route::get("/desk/policies/history/{number}", Action::SeePolicies, history::show),
        Route::get("/desk/policies/history/{number}/patch", Action::SeePolicies, history::patch),
        Route::post("/desk/policies/history/{number}/accept", accept, history::accept),
        Route::post("/desk/policies/history/{number}/refuse", accept, history::refuse),
        Route::post("/desk/policies/history/{number}/back", accept, history::back),
        Route::get("/desk/try", Action::TryMail, try_mail::form),
        Route::post("/desk/try", Action::TryMail, try_mail::judge).with_body_of(LONG_FORM),
        Route::post("/desk/try/proposals", propose, proposals::of_tried).with_body_of(LONG_FORM),
    ]
}

/// Does what takes its time away from the threads that answer.
async fn work<T: Send + 'static>(
    state: &DeskState,
    work: impl FnOnce(&Workshop) -> T + Send + 'static,
) -> Result<T, Response> {
    let workshop = state.workshop.clone();
    let done = tokio::task::spawn_blocking(move || work(&workshop)).await;
    done.map_err(|error| trouble(&error))
}

/// Why a change was not done, as a page.
fn not_done(error: &WorkshopError) -> Response {
    let (status, title) = match error {
        WorkshopError::Book(BookError::Unknown) => return super::not_found(),
        WorkshopError::Book(BookError::Store(_)) | WorkshopError::Reference(_) => {
            return trouble(error);
        }
        WorkshopError::Write(WriteError::Failed { .. }) => return trouble(error),
        WorkshopError::Book(BookError::OwnProposal) => {
            (StatusCode::FORBIDDEN, "Somebody else has to accept it")
        }
        WorkshopError::Mistakes(_) => {
            (StatusCode::CONFLICT, "The policy files have mistakes as they are")
        }
        WorkshopError::Write(WriteError::ReadOnly { .. } | WriteError::Shipped) => {
            (StatusCode::CONFLICT, "These files cannot be written here")
        }
        _ => (StatusCode::CONFLICT, "Nothing was changed"),
    };
    message(status, title, &sentence(&error.to_string()))
}

/// An error's words as a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

/// The workshop's policies as they are now, or the page that says what is wrong with them.
async fn sets(state: &DeskState) -> Result<Arc<crate::tuning::Sets>, Response> {
    let now = state.now();
    let sets = work(state, move |workshop| workshop.policies(now)).await?;
    sets.map(Arc::new).map_err(|error| not_done(&error))
}
