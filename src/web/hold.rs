//! The sender's page of one hold: showing it, and doing what its forms ask.

use super::{
    WebState,
    after::Beside,
    asking::Asking,
    form::{HoldForm, Missing},
    not_found,
    opened::{Opened, find},
    page::{Asked, HoldPage},
    promise, rendered,
    serve::Peer,
    several,
    text::Words,
    trouble,
    views::Views,
};
use crate::{
    hold::{AuditEvent, Hold, HoldError, Outcome, SameCustomer, State as HoldState},
    mail::Timestamp,
    release::{ActError, Acted},
    telemetry,
};
use axum::{
    Extension,
    extract::{
        Form, Path, RawQuery, State,
        rejection::{FormRejection, PathRejection},
    },
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Follows the token after a form that came too late.
pub(super) const ALREADY: &str = "already=1";

/// GET: the hold as it stands. Changes nothing; a view is noted in the audit.
pub(super) async fn show(
    State(state): State<WebState>,
    token: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    Extension(views): Extension<Views>,
    method: Method,
    peer: Option<Extension<Peer>>,
) -> Response {
    let (opened, now) = match opened(&state, token, &views, &method, peer).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let already = query.as_deref() == Some(ALREADY);
    page(&state, &opened, now, HoldForm::default(), None, already).await
}

/// POST: does what the form asks, once. Answers with the page's own address, so that loading it
/// again sends nothing.
pub(super) async fn act(
    State(state): State<WebState>,
    token: Result<Path<String>, PathRejection>,
    peer: Option<Extension<Peer>>,
    form: Result<Form<HoldForm>, FormRejection>,
) -> Response {
    let opened = match find(&state, text_of(token)).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let now = (state.clock)();
    let hold = &opened.hold;
    let words = Words::of(state.language(hold));
    let Ok(Form(form)) = form else {
        let missing = Missing { field: "action", text: words.missing.unreadable };
        return page(&state, &opened, now, HoldForm::default(), Some(missing), false).await;
    };
    if state.keys.check_nonce(&hold.id, &form.nonce, now).is_err() {
        let missing = Missing { field: "nonce", text: words.missing.lay_open };
        return page(&state, &opened, now, form, Some(missing), false).await;
    }
    if let Some(deed) = several::deed(&form) {
        return several::act(&state, &opened, deed, form, peer, now).await;
    }
    if form.action == "promise" {
        return promise::say(&state, &opened, form, peer, now).await;
    }
    let outcome = match form.outcome(&Asking::about(&state, hold, now)) {
        Ok(outcome) => outcome,
        Err(missing) => return page(&state, &opened, now, form, Some(missing), false).await,
    };
    let action = name(&outcome);
    match state.desk.act(&hold.id, opened.actor(peer), outcome, now).await {
        Ok(Acted::Done(done)) => {
            // It may be proposed only.
            let done = done.outcomes.last().map_or(action, |(_, _, outcome)| name(outcome));
            telemetry::web::decided(&hold.id, done);
            see(&opened.token)
        }
        Ok(Acted::Already(_)) => see(&format!("{}?{ALREADY}", opened.token)),
        Err(ActError::Unknown) => not_found(),
        Err(error) => match wanted(&error, action, words) {
            Some(missing) => page(&state, &opened, now, form, Some(missing), false).await,
            None => {
                telemetry::web::failed(Some(&hold.id), &error);
                trouble()
            }
        },
    }
}

/// What is wanted of whoever pressed the button; `None` where the trouble is ours. The desk says it
/// for machines; here it is said in the page's language.
fn wanted(error: &ActError, action: &str, words: &Words) -> Option<Missing> {
    let (missing, others) = (&words.missing, words.others);
    let (field, text) = match error {
        ActError::NotAllowed => ("reason", missing.not_allowed),
        ActError::Incomplete(_) => match action {
            "send_anyway" => ("reason", missing.reason),
            "no_answer" | "call_back" => ("at", missing.too_far),
            _ => ("number", missing.whom),
        },
        ActError::NobodyToAsk => ("action", others.missing_second),
        ActError::Proposed => ("action", others.missing_pending),
        ActError::TooOften => ("action", others.missing_turns),
        // Nobody is handed anything by these forms, and nothing is taken back.
        ActError::Unknown
        | ActError::Outside
        | ActError::SamePerson
        | ActError::TooLate
        | ActError::Store(_) => return None,
    };
    Some(Missing { field, text })
}

/// The hold that a token opens to be looked at, and when; whoever looks is noted.
pub(super) async fn opened(
    state: &WebState,
    token: Result<Path<String>, PathRejection>,
    views: &Views,
    method: &Method,
    peer: Option<Extension<Peer>>,
) -> Result<(Opened, Timestamp), Response> {
    let opened = find(state, text_of(token)).await?;
    let now = (state.clock)();
    // HEAD shows nothing, so it is no view.
    if method == Method::GET
        && let Err(error) = note_view(state, views, &opened, peer, now).await
    {
        // Every view is in the audit, so what cannot be noted is not shown.
        telemetry::web::failed(Some(&opened.hold.id), &error);
        return Err(trouble());
    }
    Ok((opened, now))
}

/// Octets that are no text are no token: the empty one opens nothing either.
fn text_of(token: Result<Path<String>, PathRejection>) -> String {
    token.map(|Path(token)| token).unwrap_or_default()
}

pub(super) async fn page(
    state: &WebState,
    opened: &Opened,
    now: Timestamp,
    form: HoldForm,
    missing: Option<Missing>,
    already: bool,
) -> Response {
    let status = if missing.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let hold = &opened.hold;
    let beside = match beside(state, hold).await {
        Ok(beside) => beside,
        Err(error) => {
            telemetry::web::failed(Some(&hold.id), &error);
            return trouble();
        }
    };
    let nonce = state.keys.nonce(&hold.id, (state.random)(), now);
    let asked = Asked { form, missing, already };
    rendered(status, &HoldPage::of(state, opened, &beside, now, nonce, asked))
}

/// The promise, which the page is about; what there was before only helps, so that the page does
/// without it where the store does not say.
async fn beside(state: &WebState, hold: &Hold) -> Result<Beside, HoldError> {
    let promise = state.store.promise(&hold.id).await?;
    let before = match hold.call_about().filter(|_| hold.state == HoldState::Held) {
        Some(about) => state.store.same_customer(about).await.unwrap_or_default(),
        None => SameCustomer::default(),
    };
    Ok(Beside { promise, before })
}

/// Relative, so that it holds behind a proxy with a path of its own.
pub(super) fn see(page: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response()
}

fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Called { send: true, .. } => "called_send",
        Outcome::Called { send: false, .. } => "called_dont_send",
        Outcome::NoAnswer { .. } => "no_answer",
        Outcome::WrongNumber { .. } => "wrong_number",
        Outcome::CallBack { .. } => "call_back",
        Outcome::Rewritten { .. } => "rewritten",
        Outcome::Withdrawn { .. } => "withdraw",
        Outcome::FalseAlarm { .. } => "false_alarm",
        Outcome::SendAnyway { .. } => "send_anyway",
        Outcome::HandedOver { .. } => "handed_over",
        Outcome::Proposed { .. } => "proposed",
        Outcome::Agreed => "agreed",
        Outcome::Declined { .. } => "declined",
        Outcome::Dropped => "proposal_dropped",
        Outcome::TakenBack => "taken_back",
        Outcome::Expired => "expired",
    }
}

async fn note_view(
    state: &WebState,
    views: &Views,
    opened: &Opened,
    peer: Option<Extension<Peer>>,
    now: Timestamp,
) -> Result<(), HoldError> {
    let (hold, whose) = (&opened.hold, opened.number());
    if !views.is_new(&hold.id, whose, now) {
        return Ok(());
    }
    let event = AuditEvent { name: "viewed".to_owned(), facts: Vec::new() };
    state.store.record(Some(&hold.id), opened.actor(peer), event, now).await?;
    views.written(&hold.id, whose, now);
    Ok(())
}
