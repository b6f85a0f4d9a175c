//! The cookies of the desk: the id of a session, and a log-in that has begun at the provider.

use axum::http::{HeaderMap, HeaderValue, header};

#[cfg(feature = "oidc")]
use data_encoding::BASE64URL_NOPAD;

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
    Secret::brought(value(headers, name(state))?)
}

/// The value of a cookie.
fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let fields = headers.get_all(header::COOKIE).iter().filter_map(|field| field.to_str().ok());
    let mut pairs = fields.flat_map(|field| field.split(';')).filter_map(|p| p.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// The field that gives a browser its session. `Lax`, not `Strict`: a link in a mail opens the page
/// that it names; forms have their token besides.
pub(super) fn given(state: &DeskState, secret: &Secret) -> Option<HeaderValue> {
    field(state, name(state), secret.reveal(), "")
}

/// The field that takes it away again.
pub(super) fn taken_back(state: &DeskState) -> Option<HeaderValue> {
    field(state, name(state), "", "; Max-Age=0")
}

/// Keeps a log-in at the provider that has begun, and where to go afterwards.
#[cfg(feature = "oidc")]
pub(super) fn begun(state: &DeskState, begun: &str, next: &str) -> Option<HeaderValue> {
    let next = BASE64URL_NOPAD.encode(next.as_bytes());
    field(state, &begun_name(state), &format!("{begun}.{next}"), "; Max-Age=600")
}

/// What was kept of it.
#[cfg(feature = "oidc")]
pub(super) fn kept(state: &DeskState, headers: &HeaderMap) -> Option<(String, String)> {
    let (begun, next) = value(headers, &begun_name(state))?.rsplit_once('.')?;
    let next = BASE64URL_NOPAD.decode(next.as_bytes()).ok()?;
    Some((begun.to_owned(), String::from_utf8(next).ok()?))
}

/// It is over.
#[cfg(feature = "oidc")]
pub(super) fn begun_over(state: &DeskState) -> Option<HeaderValue> {
    field(state, &begun_name(state), "", "; Max-Age=0")
}

#[cfg(feature = "oidc")]
fn begun_name(state: &DeskState) -> String {
    format!("{}-provider", name(state))
}

fn field(state: &DeskState, name: &str, value: &str, more: &str) -> Option<HeaderValue> {
    let secure = if Guard::of(&state.public_url).is_https() { "; Secure" } else { "" };
    let field = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
    HeaderValue::from_str(&field).ok()
}
