//! "I did it", another day, no longer needed: the form of a promise.

use axum::{Extension, response::Response};

use super::{
    WebState,
    asking::Asking,
    form::{HoldForm, Missing},
    hold::{ALREADY, page, see},
    not_found,
    opened::Opened,
    serve::Peer,
    text::Words,
    trouble,
};
use crate::{
    mail::Timestamp,
    release::{ActError, Promised, Word},
    telemetry,
};

/// Does what the form says, once.
pub(super) async fn say(
    state: &WebState,
    opened: &Opened,
    form: HoldForm,
    peer: Option<Extension<Peer>>,
    now: Timestamp,
) -> Response {
    let (hold, token) = (&opened.hold, &opened.token);
    let own = state.own.load_full();
    let words = Words::over(state.language(opened), &own);
    let asking = Asking::about(state, hold, &words, now);
    let word = match form.word(&asking) {
        Ok(word) => word,
        Err(missing) => return page(state, opened, now, form, Some(missing), false).await,
    };
    let action = match &word.0 {
        Word::Kept => "promise_kept",
        Word::Moved(_) => "promise_moved",
        Word::Dropped => "promise_dropped",
    };
    match state.desk.say_of_promise(&hold.id, opened.actor(peer), word, now).await {
        Ok(Promised::Done(_)) => {
            telemetry::web::decided(&hold.id, action);
            see(token)
        }
        Ok(Promised::Already(_)) => see(&format!("{token}?{ALREADY}")),
        Err(ActError::Unknown) => not_found(),
        Err(ActError::Incomplete(_) | ActError::NotAllowed) => {
            let missing = Missing { field: "follow_up", text: asking.after.missing_day };
            page(state, opened, now, form, Some(missing), false).await
        }
        Err(error) => {
            telemetry::web::failed(Some(&hold.id), &error);
            trouble()
        }
    }
}
