//! Events of the pages: requests by route template, never by path, because a path holds a token.

use std::time::Duration;

use tracing::{debug, error, warn};

use crate::mail::HoldId;

/// A request was answered.
pub fn answered(method: &str, route: &str, status: u16, took: Duration) {
    let labels = [("route", route.to_owned()), ("status", status.to_string())];
    metrics::counter!("callfirst_http_requests_total", &labels).increment(1);
    metrics::histogram!("callfirst_http_request_seconds", "route" => route.to_owned())
        .record(took.as_secs_f64());
    let duration_ms = took.as_millis();
    debug!(method, route, status, duration_ms, "answered {method} {route} with {status}");
}

/// A page could not be shown or a decision not stored: ours to repair.
pub fn failed(hold: Option<&HoldId>, cause: &(dyn std::error::Error + 'static)) {
    metrics::counter!("callfirst_http_failures_total").increment(1);
    match hold {
        Some(id) => error!(hold_id = %id, cause, "page of hold {id} failed"),
        None => error!(cause, "page failed"),
    }
}

/// Somebody decided on the page.
pub fn decided(hold: &HoldId, action: &'static str) {
    metrics::counter!("callfirst_page_decisions_total", "action" => action).increment(1);
    tracing::info!(hold_id = %hold, action, "hold {hold} decided on the page: {action}");
}

/// A form came that no page of ours sent.
pub fn foreign_form(route: &str) {
    metrics::counter!("callfirst_http_foreign_forms_total").increment(1);
    warn!(route, "refused a form that no page of ours sent");
}

/// A connection ended in an error; mostly a browser that went away.
pub fn broken_connection(cause: &(dyn std::error::Error + 'static)) {
    debug!(cause, "connection of a page broke");
}

/// A connection could not be accepted.
pub fn not_accepted(cause: &(dyn std::error::Error + 'static)) {
    warn!(cause, "could not accept a connection for the pages");
}
