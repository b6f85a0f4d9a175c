//! What machines ask: alive, ready, how much.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use tokio::sync::Mutex;

use super::WebState;
use crate::mail::Timestamp;

/// The process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// What the store said last, for a few seconds: asking it writes to its disk, and anybody may ask.
#[derive(Clone, Default)]
pub(super) struct Readiness(Arc<Mutex<Option<(Timestamp, bool)>>>);

const KEPT_SECS: i64 = 5;

impl Readiness {
    /// Who comes while the store is being asked waits for its answer.
    async fn of(&self, state: &WebState) -> bool {
        let mut last = self.0.lock().await;
        let now = (state.clock)();
        if let Some((at, ready)) = *last
            && (0..KEPT_SECS).contains(&(now.as_second() - at.as_second()))
        {
            return ready;
        }
        let asked = state.store.ready().await;
        if let Err(error) = &asked {
            crate::telemetry::web::failed(None, error);
        }
        *last = Some((now, asked.is_ok()));
        asked.is_ok()
    }
}

/// The store answers and may be written to. The cause of a failure goes to the log, not out.
pub(super) async fn ready(
    State(state): State<WebState>,
    Extension(readiness): Extension<Readiness>,
) -> impl IntoResponse {
    match readiness.of(&state).await {
        true => (StatusCode::OK, "ready\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "the hold store is not ready\n"),
    }
}

/// The metrics in Prometheus' text format.
pub(super) async fn metrics(State(state): State<WebState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (state.metrics)())
}
