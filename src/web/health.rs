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

/// The store proves by writing that it can; however many ask, it does so once in this time. Shorter
/// than the pause between two probes of any balancer.
const CHECKED_FOR_SECS: i64 = 3;

/// What the store last said. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Checked(Arc<Mutex<Option<(Timestamp, bool)>>>);

impl Checked {
    /// Who comes while another is asking waits for that answer.
    async fn is_ready(&self, state: &WebState) -> bool {
        let mut last = self.0.lock().await;
        let now = (state.clock)();
        // A clock set back asks anew.
        if let Some((at, ready)) = *last
            && (0..CHECKED_FOR_SECS).contains(&(now.as_second() - at.as_second()))
        {
            return ready;
        }
        let answer = state.store.ready().await;
        if let Err(error) = &answer {
            crate::telemetry::web::failed(None, error);
        }
        *last = Some((now, answer.is_ok()));
        answer.is_ok()
    }
}

/// The process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The store answers and may be written to. The cause of a failure goes to the log, not out.
pub(super) async fn ready(
    State(state): State<WebState>,
    Extension(checked): Extension<Checked>,
) -> impl IntoResponse {
    if checked.is_ready(&state).await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the hold store is not ready\n")
    }
}

/// The metrics in Prometheus' text format.
pub(super) async fn metrics(State(state): State<WebState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (state.metrics)())
}
