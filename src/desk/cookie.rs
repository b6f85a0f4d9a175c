//! The one cookie of the desk: the id of a session.

use axum::http::{HeaderMap, HeaderValue, header};

use super::DeskState;
use crate::{accounts::Secret, web::Guard};

/// Its name under TLS: browsers take it from this very host only, over TLS only, for all paths.
const SECURE: &str = "__Host-callfirst";
/// Its name without TLS, on a machine of one's own.
const PLAIN: &str = "callfirst";

fn name(state: &DeskState) -> &'static str {
    if Guard::of(&state.public_url).is_https() { SECURE } else { PLAIN }
}

/// The session id that a request brings.
pub(super) fn brought(state: &DeskState, headers: &HeaderMap) -> Option<Secret> {
    let name = name(state);
    let fields = headers.get_all(header::COOKIE).iter().filter_map(|field| field.to_str().ok());
    let mut pairs = fields.flat_map(|field| field.split(';')).filter_map(|p| p.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).and_then(|(_, value)| Secret::brought(value.trim()))
}

/// The field that gives a browser its session. `Lax`, not `Strict`: a link in a mail opens the page
/// that it names; forms have their token besides.
pub(super) fn given(state: &DeskState, secret: &Secret) -> Option<HeaderValue> {
    field(state, secret.reveal(), "")
}

/// The field that takes it away again.
pub(super) fn taken_back(state: &DeskState) -> Option<HeaderValue> {
    field(state, "", "; Max-Age=0")
}

fn field(state: &DeskState, value: &str, more: &str) -> Option<HeaderValue> {
    let name = name(state);
    let secure = if name == SECURE { "; Secure" } else { "" };
    let field = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
    HeaderValue::from_str(&field).ok()
}
