//! The desk: where admins see what is held, decide, tune and answer for it. All below `/desk`,
//! rendered here, and it works without a script.
//!
//! **To add a page**: one file here, with `pub(super) fn routes() -> Vec<Route>`, a struct that derives
//! `askama::Template` with a field `frame: Frame`, and a template in `templates/desk/` that begins with
//! `{% extends "desk/base.html" %}`. Name the file's routes in [`table`], and in [`frame::LINKS`] if it
//! belongs in the navigation.
//!
//! - Each [`Route`] says what a visitor needs ([`Needs`]); there is no way to add one that does not.
//!   Before its handler runs, the door (`door.rs`) has found the visitor, asked `rights`, and looked at
//!   where a form comes from and at its token. Forms carry
//!   `<input type="hidden" name="csrf" value="{{ frame.csrf }}">`, as their first field where they upload.
//! - A handler takes a [`Visitor`]. What depends on one hold it asks with [`Visitor::reach`] or
//!   `visitor.person.may_with(..)`; a hold out of reach is [`not_found`], never "forbidden".
//! - It answers with [`page`] to GET and with [`see_other`] to POST. GET changes nothing but the audit
//!   of views.
//! - Links in templates begin with `{{ frame.root }}/desk`: a proxy may serve us below a path. Times:
//!   [`DeskState::say`]. Foreign text stands in `<bdi>`.

mod account;
mod answer;
mod cookie;
mod door;
mod factor;
mod fields;
mod frame;
mod log_in;
mod overview;
mod password;
mod people;
#[cfg(feature = "oidc")]
mod provider;
mod proxy;
mod route;
mod state;
mod visitor;

use axum::Router;

#[cfg(feature = "oidc")]
pub use self::state::ProviderLogIn;
pub use self::{
    answer::{message, not_found, page, page_with, see_other, trouble},
    fields::Fields,
    frame::Frame,
    proxy::Proxy,
    route::{Needs, Route},
    state::DeskState,
    visitor::Visitor,
};
use crate::web::Guard;

/// Every route of the desk. The router is built from it, and so is the matrix of the tests.
pub fn table() -> Vec<Route> {
    [
        log_in::routes(),
        #[cfg(feature = "oidc")]
        provider::routes(),
        password::routes(),
        overview::routes(),
        account::routes(),
        factor::routes(),
        people::routes(),
        answer::routes(),
    ]
    .concat()
}

/// All pages of the desk, behind their door.
pub fn router(state: DeskState) -> Router {
    let guard = Guard::of(&state.public_url);
    let pages = table().into_iter().fold(Router::new(), |pages, route| route.open(pages, &state));
    guard.around(pages.with_state(state))
}

#[cfg(test)]
pub(crate) mod in_tests;
#[cfg(test)]
mod tests;
