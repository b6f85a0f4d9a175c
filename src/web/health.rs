//! What machines ask: alive, ready, how much.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use super::WebState;

/// The process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The store answers and may be written to. The cause of a failure goes to the log, not out.
pub(super) async fn ready(State(state): State<WebState>) -> impl IntoResponse {
    match state.store.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            crate::telemetry::web::failed(None, &error);
            (StatusCode::SERVICE_UNAVAILABLE, "the hold store is not ready\n")
        }
    }
}

/// The metrics in Prometheus' text format.
pub(super) async fn metrics(State(state): State<WebState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (state.metrics)())
}
