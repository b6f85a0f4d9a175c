//! "I did it", another day, no longer needed: the form of a promise.

use axum::{Extension, response::Response};

use super::{
    WebState,
    asking::Asking,
    form::{HoldForm, Missing},
    hold::{ALREADY, page, see, sender},
    not_found,
    page::language,
    serve::Peer,
    text::Words,
    trouble,
};
use crate::{
    hold::Hold,
    mail::Timestamp,
    release::{ActError, Promised, Word},
    telemetry,
};

/// Does what the form says, once.
pub(super) async fn say(
    state: &WebState,
    token: &str,
    hold: &Hold,
    form: HoldForm,
    peer: Option<Extension<Peer>>,
    now: Timestamp,
) -> Response {
    let own = state.own.load_full();
    let words = Words::over(language(state, hold), &own);
    let asking = Asking::about(state, hold, &words, now);
    let word = match form.word(&asking) {
        Ok(word) => word,
        Err(missing) => return page(state, hold, now, form, Some(missing), false).await,
    };
    let action = match &word.0 {
        Word::Kept => "promise_kept",
        Word::Moved(_) => "promise_moved",
        Word::Dropped => "promise_dropped",
    };
    match state.desk.say_of_promise(&hold.id, sender(hold, peer), word, now).await {
        Ok(Promised::Done(_)) => {
            telemetry::web::decided(&hold.id, action);
            see(token)
        }
        Ok(Promised::Already(_)) => see(&format!("{token}?{ALREADY}")),
        Err(ActError::Unknown) => not_found(),
        Err(ActError::Incomplete(_) | ActError::NotAllowed) => {
            let missing = Missing { field: "follow_up", text: asking.after.missing_day };
            page(state, hold, now, form, Some(missing), false).await
        }
        Err(ActError::Store(error)) => {
            telemetry::web::failed(Some(&hold.id), &error);
            trouble()
        }
    }
}
