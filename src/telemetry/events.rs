//! What becomes of events for others. A receiver's name is the operator's own word for it.

use std::time::Duration;

use metrics::{counter, gauge};
use tracing::{debug, error, warn};

/// A receiver has heard.
pub fn told(receiver: &str, events: usize) {
    counter!("callfirst_events_told_total", "receiver" => receiver.to_owned())
        .increment(events as u64);
    debug!(receiver, events, "told {receiver} of {events} events");
}

/// It has not, and is told again.
pub fn put_off(receiver: &str, why: &'static str, pause_secs: i64) {
    counter!("callfirst_events_put_off_total", "receiver" => receiver.to_owned(), "why" => why)
        .increment(1);
    warn!(
        receiver,
        why, pause_secs, "{receiver} did not take an event ({why}), again in {pause_secs} s"
    );
}

/// It will never hear of this one.
pub fn given_up(receiver: &str, event: &str, why: &'static str) {
    counter!("callfirst_events_given_up_total", "receiver" => receiver.to_owned()).increment(1);
    error!(receiver, event, why, "{receiver} will not hear of {event}: given up ({why})");
}

/// How many entries of the audit wait for a receiver, and since when the oldest that it wants.
pub fn waiting(receiver: &str, entries: u64, oldest: Option<Duration>) {
    gauge!("callfirst_events_waiting", "receiver" => receiver.to_owned()).set(entries as f64);
    gauge!("callfirst_events_oldest_seconds", "receiver" => receiver.to_owned())
        .set(oldest.unwrap_or_default().as_secs_f64());
}
