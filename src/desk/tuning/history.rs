//! The book of changes: all of them, one, and what may be done with it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    not_done,
    view::{DiffLine, EffectView, diff_lines},
};
use crate::{
    changes::{Entry, State as Stands},
    desk::{DeskState, Fields, Frame, Visitor, not_found, page, see_other, trouble},
    hold::Actor,
    rights::Action,
};

/// Entries of a page of the book.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "desk/tuning/history.html")]
struct HistoryPage {
    frame: Frame,
    changes: Vec<Row>,
    /// Below which the next page begins.
    next: Option<u64>,
}

struct Row {
    number: u64,
    title: String,
    state: &'static str,
    badge: &'static str,
    at: String,
    by: String,
    why: String,
}

#[derive(Template)]
#[template(path = "desk/tuning/change.html")]
struct ChangePage {
    frame: Frame,
    row: Row,
    kind: String,
    hold: Option<String>,
    decided: Option<(String, String)>,
    live: Option<String>,
    undoes: Option<u64>,
    ruling: Option<String>,
    effect: Option<EffectView>,
    diff: Vec<DiffLine>,
    writable: bool,
    /// Whether this person may decide about it now.
    may_accept: bool,
    is_own: bool,
    may_take_back: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Below {
    before: Option<u64>,
}

/// `/desk/policies/history`
pub(super) async fn list(
    State(state): State<DeskState>,
    visitor: Visitor,
    Query(Below { before }): Query<Below>,
) -> Response {
    let book = match state.workshop.book() {
        Ok(book) => book,
        Err(error) => return not_done(&error),
    };
    let entries = match book.page(before).await {
        Ok(entries) => entries,
        Err(error) => return trouble(&error),
    };
    let next = entries.last().filter(|_| entries.len() >= PAGE).map(|last| last.number);
    let frame = visitor.frame(&state, "/desk/policies");
    page(&HistoryPage { frame, changes: entries.iter().map(|e| row(&state, e)).collect(), next })
}

fn row(state: &DeskState, entry: &Entry) -> Row {
    Row {
        number: entry.number,
        title: entry.new.title.clone(),
        state: entry.state.title(),
        badge: match entry.state {
            Stands::Proposed | Stands::Accepted => "wait",
            Stands::Live => "",
            Stands::RolledBack | Stands::Refused => "off",
        },
        at: state.say(entry.proposed.0),
        by: who(&entry.proposed.1),
        why: entry.new.why.clone(),
    }
}

fn who(actor: &Actor) -> String {
    if actor.role == "service" { "changed outside".to_owned() } else { actor.name.clone() }
}

/// `/desk/policies/history/{number}`
pub(super) async fn show(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(number): Path<u64>,
) -> Response {
    let entry = match find(&state, number).await {
        Ok(entry) => entry,
        Err(answer) => return answer,
    };
    let may = visitor.person.may(Action::AcceptChange);
    let is_own = state.workshop.wants_second_person()
        && entry.new.undoes.is_none()
        && entry.proposed.1.name == visitor.person.login;
    page(&ChangePage {
        frame: visitor.frame(&state, "/desk/policies"),
        row: row(&state, &entry),
        kind: entry.new.kind.replace('_', " "),
        hold: entry.new.hold.clone(),
        decided: entry.decided.as_ref().map(|(at, by)| (state.say(*at), by.name.clone())),
        live: entry.live.map(|at| state.say(at)),
        undoes: entry.new.undoes,
        ruling: entry.new.overruled.clone(),
        effect: entry.new.said.as_ref().map(EffectView::said),
        diff: diff_lines(&entry.diff()),
        writable: state.workshop.folder().is_writable(),
        may_accept: may && entry.state == Stands::Proposed,
        is_own,
        may_take_back: may && matches!(entry.state, Stands::Live | Stands::Accepted),
    })
}

async fn find(state: &DeskState, number: u64) -> Result<Entry, Response> {
    let book = state.workshop.book().map_err(|error| not_done(&error))?;
    let entry = book.find(number).await.map_err(|error| trouble(&error))?;
    entry.ok_or_else(not_found)
}

/// The change as a patch for the policy folder: `patch -p1`, `git apply`.
pub(super) async fn patch(State(state): State<DeskState>, Path(number): Path<u64>) -> Response {
    match find(&state, number).await {
        Ok(entry) => {
            let name = format!("attachment; filename=\"policy-change-{number}.patch\"");
            let kind = "text/x-patch; charset=utf-8".to_owned();
            let fields = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
            (fields, entry.diff()).into_response()
        }
        Err(answer) => answer,
    }
}

/// Accepts a proposal: its files are written.
pub(super) async fn accept(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(number): Path<u64>,
) -> Response {
    let by = visitor.actor(Action::AcceptChange);
    match state.workshop.accept(number, &by, state.now()).await {
        Ok(_) => see_other(&state, &format!("/desk/policies/history/{number}")),
        Err(error) => not_done(&error),
    }
}

/// Refuses a proposal.
pub(super) async fn refuse(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(number): Path<u64>,
    form: Fields,
) -> Response {
    let by = visitor.actor(Action::AcceptChange);
    let book = match state.workshop.book() {
        Ok(book) => book,
        Err(error) => return not_done(&error),
    };
    match book.refuse(number, &by, &form.line("why"), state.now()).await {
        Ok(()) => see_other(&state, &format!("/desk/policies/history/{number}")),
        Err(error) => not_done(&error.into()),
    }
}

/// Takes a change back.
pub(super) async fn back(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(number): Path<u64>,
    form: Fields,
) -> Response {
    let by = visitor.actor(Action::AcceptChange);
    match state.workshop.roll_back(number, &form.line("why"), &by, state.now()).await {
        Ok(entry) => see_other(&state, &format!("/desk/policies/history/{}", entry.number)),
        Err(error) => not_done(&error),
    }
}
