//! Where one arrives: what there is for this account.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{DeskState, Frame, Needs, Route, Visitor, page};
use crate::rights::Role;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/desk", Needs::LogIn, show)]
}

#[derive(Template)]
#[template(path = "desk/overview.html")]
struct Overview {
    frame: Frame,
    roles: Vec<Role>,
}

async fn show(State(state): State<DeskState>, visitor: Visitor) -> Response {
    let roles = visitor.person.roles.iter().copied().collect();
    page(&Overview { frame: visitor.frame(&state, "/desk"), roles })
}
