//! Questions to a second reader: how many, how long, what became of them. Never what they say.

use std::time::Duration;

use metrics::{counter, histogram};
use tracing::{debug, info, warn};

/// It was asked.
pub fn asked(outcome: &'static str, took: Duration) {
    counter!("callfirst_second_reader_asked_total", "outcome" => outcome).increment(1);
    histogram!("callfirst_second_reader_seconds").record(took.as_secs_f64());
    let duration_ms = took.as_millis() as u64;
    debug!(outcome, duration_ms, "asked the second reader: {outcome} after {duration_ms} ms");
}

/// A mail in doubt was judged without it, to keep a limit.
pub fn not_asked(why: &'static str) {
    counter!("callfirst_second_reader_not_asked_total", "why" => why).increment(1);
    debug!(why, "the second reader was not asked: {why}");
}

/// Its word made a verdict another one.
pub fn turned(verdict: &'static str, policy: &str) {
    let labels = [("verdict", verdict.to_owned()), ("policy", policy.to_owned())];
    counter!("callfirst_second_reader_turned_total", &labels).increment(1);
    info!(verdict, policy, "the second reader's word turned a verdict to {verdict} ({policy})");
}

/// It failed so often that it is left alone for a while.
pub fn rests(pause: Duration) {
    counter!("callfirst_second_reader_rests_total").increment(1);
    let pause_secs = pause.as_secs();
    warn!(
        pause_secs,
        "the second reader gave no usable answer; it is left alone for {pause_secs} s"
    );
}

/// It answers again.
pub fn is_back() {
    info!("the second reader answers again");
}
