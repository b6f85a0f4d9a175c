//! Recorded traffic, and the letters about mail that went out.

use metrics::counter;
use tracing::{debug, warn};

/// Records were written.
pub fn recorded(records: u64) {
    counter!("callfirst_traffic_recorded_total").increment(records);
    debug!(records, "recorded {records} mails");
}

/// Records were lost: the queue was full, or the store in trouble. Mail did not wait for it.
pub fn dropped(records: u64) {
    counter!("callfirst_traffic_dropped_total").increment(records);
    if records > 1 {
        warn!(records, "{records} records of traffic are lost; no mail is");
    }
}

/// Records were forgotten.
pub fn forgotten(records: u64) {
    if records > 0 {
        counter!("callfirst_traffic_forgotten_total").increment(records);
        debug!(records, "forgot {records} records of traffic");
    }
}

/// What became of a letter about a mail that went out: `sent`, `again`, `refused`, `given_up`, or
/// `left_out` where its addressee has had enough of our mail.
pub fn letter(result: &'static str) {
    counter!("callfirst_passing_letters_total", "result" => result).increment(1);
    debug!(result, "letter about a mail that went out: {result}");
}

/// A shadow version of the policies broke down over a mail; nothing depends on it.
pub fn shadow_failed() {
    counter!("callfirst_shadow_failed_total").increment(1);
    warn!("the shadow of the policies broke down over a mail; the mail goes its way");
}
