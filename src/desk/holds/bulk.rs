//! Does one thing with many holds: asks first, then does it step by step and tells what came of each.

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;

use super::{
    deed::{Came, Deed, Order, actor, perform},
    jobs::{Job, Line, MAX_HOLDS},
    query::Query,
    scope, told,
};
use crate::{
    desk::{DeskState, Frame, Visitor, message, not_found, page, page_with, see_other, trouble},
    hold::{Actor, Hold, HoldError, Search},
    mail::HoldId,
    rights::Action,
};

/// Mails that the question names; the others are counted.
const MAX_NAMED: usize = 25;
/// The page of a job that is under way loads itself again.
const REFRESH: (HeaderName, HeaderValue) =
    (HeaderName::from_static("refresh"), HeaderValue::from_static("2"));

#[derive(Template)]
#[template(path = "desk/holds/bulk_ask.html")]
struct AskPage {
    frame: Frame,
    deed: Deed,
    problem: Option<&'static str>,
    reason: String,
    to: String,
    search: String,
    named: Vec<Named>,
    ids: Vec<String>,
    is_cut: bool,
}

struct Named {
    id: String,
    subject: String,
    sender: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "desk/holds/bulk.html")]
struct BulkPage {
    frame: Frame,
    job: Job,
    done: usize,
}

/// What the forms send.
#[derive(Default)]
struct BulkForm {
    deed: Option<Deed>,
    ids: Vec<HoldId>,
    /// All that the search finds, not those that were ticked.
    is_all: bool,
    search: String,
    reason: String,
    to: String,
}

impl BulkForm {
    fn read(body: &[u8]) -> BulkForm {
        let mut form = BulkForm::default();
        for (key, value) in form_urlencoded::parse(body) {
            match &*key {
                "deed" => form.deed = Deed::from_text(&value),
                "id" if form.ids.len() <= MAX_HOLDS => form.ids.extend(HoldId::parse(&value).ok()),
                "which" => form.is_all = value == "all",
                "search" => form.search = value.into_owned(),
                "reason" => form.reason = value.into_owned(),
                "to" => form.to = value.into_owned(),
                _ => {}
            }
        }
        form.deed = form.deed.filter(|deed| Deed::IN_BULK.contains(deed));
        form
    }
}

/// POST: asks whether it is meant. Changes nothing.
pub(super) async fn ask(State(state): State<DeskState>, visitor: Visitor, body: Bytes) -> Response {
    let mut form = BulkForm::read(&body);
    if form.is_all {
        match found(&state, &visitor, &form.search).await {
            Ok(ids) => form.ids = ids,
            Err(error) => return trouble(&error),
        }
    }
    if form.deed.is_none() || form.ids.is_empty() {
        return message(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Nothing was chosen",
            "Go back, tick some mails or choose all that were found, and choose what to do.",
        );
    }
    ask_page(&state, &visitor, form, None).await
}

async fn ask_page(
    state: &DeskState,
    visitor: &Visitor,
    form: BulkForm,
    problem: Option<&'static str>,
) -> Response {
    let Some(deed) = form.deed else { return not_found() };
    let is_cut = form.ids.len() > MAX_HOLDS;
    let ids: Vec<&HoldId> = form.ids.iter().take(MAX_HOLDS).collect();
    let mut named = Vec::new();
    for id in ids.iter().take(MAX_NAMED) {
        // One that is not his to decide is not told of; what comes of it is said later.
        if let Ok(hold) = scope::hold(state, visitor, id.as_str(), Action::DecideInBulk).await {
            named.push(Named {
                id: hold.id.to_string(),
                subject: hold.dossier.subject.clone(),
                sender: hold.envelope.reverse_path().as_str().to_owned(),
                state: told::state(hold.state),
            });
        }
    }
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let ids = ids.into_iter().map(HoldId::to_string).collect();
    let (reason, to, search) = (form.reason, form.to, form.search);
    let frame = visitor.frame(state, "/desk/holds");
    page_with(status, &AskPage { frame, deed, problem, reason, to, search, named, ids, is_cut })
}

/// The ids of all that a search finds, as far as this visitor may decide: one more than may be done.
async fn found(
    state: &DeskState,
    visitor: &Visitor,
    search: &str,
) -> Result<Vec<HoldId>, HoldError> {
    let query = Query { behind: None, ..Query::read(search) };
    let team = Some(query.team.as_str()).filter(|team| !team.is_empty());
    let reach = visitor.reach(Action::DecideInBulk);
    let senders = scope::senders(state, &reach, team).await?;
    let most = u32::try_from(MAX_HOLDS + 1).unwrap_or(u32::MAX);
    let search = Search { most, ..query.search(senders, &state.zone) };
    let found = state.store.search(&search).await?;
    Ok(found.lines.into_iter().map(|line| line.summary.id).collect())
}

/// POST: begins it.
pub(super) async fn begin(
    State(state): State<DeskState>,
    visitor: Visitor,
    body: Bytes,
) -> Response {
    let form = BulkForm::read(&body);
    let Some(deed) = form.deed.filter(|_| !form.ids.is_empty()) else { return not_found() };
    let order = match Order::of(deed, &form.reason, &form.to) {
        Ok(order) => order,
        Err(missing) => return ask_page(&state, &visitor, form, Some(missing)).await,
    };
    let mut octets = [0; 16];
    if let Err(error) = getrandom::fill(&mut octets) {
        return trouble(&error);
    }
    let name = HEXLOWER.encode(&octets);
    let ids: Vec<HoldId> = form.ids.into_iter().take(MAX_HOLDS).collect();
    let by = visitor.person.id.clone();
    if !state.held.jobs.begin((&name, by), deed, ids.len(), state.now()) {
        return message(
            StatusCode::CONFLICT,
            "One thing after the other",
            "Something that you began with many mails is still under way. Try again once it is done.",
        );
    }
    let path = format!("/desk/holds/bulk/{name}");
    let answer = see_other(&state, &path);
    // By itself: it goes on though the browser goes away, and no request waits for it.
    tokio::spawn(async move { do_all(&state, &visitor, &name, ids, &order).await });
    answer
}

async fn do_all(state: &DeskState, visitor: &Visitor, job: &str, ids: Vec<HoldId>, order: &Order) {
    let actor = actor(visitor);
    for id in ids {
        let line = do_one(state, visitor, &id, actor.clone(), order).await;
        state.held.jobs.note(job, line);
    }
    state.held.jobs.end(job);
}

async fn do_one(
    state: &DeskState,
    visitor: &Visitor,
    id: &HoldId,
    actor: Actor,
    order: &Order,
) -> Line {
    let hold: Option<Hold> =
        scope::hold(state, visitor, id.as_str(), Action::DecideInBulk).await.ok();
    match hold {
        Some(hold) => Line {
            id: id.clone(),
            subject: hold.dossier.subject.clone(),
            sender: hold.envelope.reverse_path().as_str().to_owned(),
            came: perform(state, &hold, actor, order, state.now()).await,
        },
        None => Line {
            id: id.clone(),
            subject: String::new(),
            sender: String::new(),
            came: Came::NotDone("there is no such held message for you".to_owned()),
        },
    }
}

/// GET: how it stands.
pub(super) async fn show(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(job): Path<String>,
) -> Response {
    let Some(job) = state.held.jobs.look(&job, &visitor.person.id) else { return not_found() };
    let done = job.came.iter().filter(|line| matches!(line.came, Came::Done(_))).count();
    let is_over = job.is_over;
    let answer = page(&BulkPage { frame: visitor.frame(&state, "/desk/holds"), job, done });
    if is_over { answer } else { ([REFRESH], answer).into_response() }
}
