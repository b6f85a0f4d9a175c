//! A route and what it needs: the only way to add a page.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodRouter, get, post},
};

use super::{DeskState, door};
use crate::rights::Action;

/// A form is a few fields; a longer body is not from a page of ours.
const MAX_FORM_OCTETS: usize = 64 << 10;

/// What a visitor needs for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: the way to log in, and what it looks like.
    Nothing,
    /// To be logged in, whatever his roles.
    LogIn,
    /// To be logged in, with this right.
    Right(Action),
}

impl From<Action> for Needs {
    fn from(action: Action) -> Needs {
        Needs::Right(action)
    }
}

/// One method of one path.
#[derive(Clone)]
pub struct Route {
    /// Its path, as axum writes it: `/desk/holds/{id}`.
    pub path: &'static str,
    /// `GET` (with `HEAD`) or `POST`.
    pub method: Method,
    /// What a visitor needs.
    pub needs: Needs,
    /// The most octets of a body.
    pub(super) most_octets: usize,
    handler: MethodRouter<DeskState>,
}

impl Route {
    /// Shows something and changes nothing.
    pub fn get<H, T>(path: &'static str, needs: impl Into<Needs>, handler: H) -> Route
    where
        H: Handler<T, DeskState>,
        T: 'static,
    {
        Route::of(path, Method::GET, needs.into(), get(handler))
    }

    /// Does something: a form of ours sends it, with its token.
    pub fn post<H, T>(path: &'static str, needs: impl Into<Needs>, handler: H) -> Route
    where
        H: Handler<T, DeskState>,
        T: 'static,
    {
        Route::of(path, Method::POST, needs.into(), post(handler))
    }

    /// The same for a form that brings more than a few fields.
    #[must_use]
    pub fn with_body_of(self, most_octets: usize) -> Route {
        Route { most_octets, ..self }
    }

    fn of(
        path: &'static str,
        method: Method,
        needs: Needs,
        handler: MethodRouter<DeskState>,
    ) -> Route {
        Route { path, method, needs, most_octets: MAX_FORM_OCTETS, handler }
    }

    /// Adds it to the pages, behind its door.
    pub(super) fn open(self, pages: Router<DeskState>, state: &DeskState) -> Router<DeskState> {
        let door = door::Door {
            state: state.clone(),
            needs: self.needs,
            acts: self.method == Method::POST,
            most_octets: self.most_octets,
        };
        let behind = self.handler.layer(middleware::from_fn_with_state(door, door::enter));
        pages.route(self.path, behind)
    }
}
