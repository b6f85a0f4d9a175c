//! What happens between us and the next hop.

use std::time::Duration;

use metrics::{counter, gauge, histogram};
use tracing::{debug, info, warn};

use crate::mail::Reply;

/// Says why, in one word and in a sentence.
pub trait NoAnswer: std::error::Error {
    /// One word, for the metric's label.
    fn kind(&self) -> &'static str;
    /// Whether the mail may have been taken all the same.
    fn is_ambiguous(&self) -> bool;
}

/// Whether the last attempt to open a session worked: alert where this stays 0.
pub fn next_hop_answered(answered: bool) {
    gauge!("callfirst_next_hop_up").set(if answered { 1.0 } else { 0.0 });
}

/// A session was opened, with TLS or without.
pub fn session_opened(next_hop: &str, tls: bool, took: Duration) {
    counter!("callfirst_next_hop_sessions_total", "outcome" => "opened").increment(1);
    histogram!("callfirst_next_hop_connect_seconds").record(took.as_secs_f64());
    let duration_ms = took.as_millis() as u64;
    debug!(next_hop, tls, duration_ms, "opened a session with {next_hop}");
}

/// No session came about.
pub fn session_failed(next_hop: &str, error: &impl NoAnswer) {
    counter!("callfirst_next_hop_sessions_total", "outcome" => error.kind()).increment(1);
    warn!(next_hop, cause = causes(error), "no session with {next_hop}: {error}");
}

/// A session from the pool was dead and another took its place.
pub fn session_replaced(next_hop: &str) {
    counter!("callfirst_next_hop_sessions_total", "outcome" => "replaced").increment(1);
    debug!(next_hop, "replaced a session that {next_hop} had closed");
}

/// The next hop lists XFORWARD and does not take it from us.
pub fn xforward_refused(next_hop: &str) {
    counter!("callfirst_next_hop_xforward_refused_total").increment(1);
    debug!(next_hop, "{next_hop} refused XFORWARD; the mail went on without it");
}

/// A mail of ours or a released one was handed over, refused or neither.
pub fn delivered<E: NoAnswer>(outcome: &Result<Vec<(usize, Reply)>, E>) {
    match outcome {
        Ok(replies) => {
            let taken = replies.iter().filter(|(_, reply)| reply.is_positive()).count();
            let recipients = replies.len();
            counter!("callfirst_deliveries_total", "outcome" => "answered").increment(1);
            info!(recipients, taken, "the next hop took it for {taken} of {recipients} recipients");
        }
        Err(error) => {
            counter!("callfirst_deliveries_total", "outcome" => error.kind()).increment(1);
            let ambiguous = error.is_ambiguous();
            warn!(ambiguous, cause = causes(error), "a delivery got no answer: {error}");
        }
    }
}

/// The causes of an error, outermost first.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(error.source(), |e| e.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
