//! What happens to attached documents. Never their names, never their text.

use std::time::Duration;

use metrics::{counter, histogram};
use tracing::{debug, error};

use super::Chain;

/// A document was read, or was not: `outcome` says how it ended.
pub fn read(kind: &'static str, outcome: &'static str, took: Duration) {
    let labels = [("kind", kind), ("outcome", outcome)];
    counter!("callfirst_attachments_total", &labels).increment(1);
    histogram!("callfirst_attachment_seconds", "kind" => kind).record(took.as_secs_f64());
    let duration_ms = took.as_millis() as u64;
    debug!(kind, outcome, duration_ms, "an attached {kind}: {outcome}");
}

/// No process can be started to read a document.
pub fn no_child(cause: &std::io::Error) {
    error!("cannot start a process to read an attachment: {}", Chain(cause));
}
