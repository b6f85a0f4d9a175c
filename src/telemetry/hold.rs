//! What happens in the hold store.

use std::error::Error;

use metrics::counter;
use tracing::{debug, error, info, warn};

use crate::mail::HoldId;

/// A message is held: committed, and its sender will be told.
pub fn held(id: &HoldId, policy: &str, category: &str, recipients: usize, octets: u64) {
    counter!("callfirst_holds_total", "policy" => policy.to_owned(), "category" => category.to_owned())
        .increment(1);
    debug!(hold_id = %id, policy, category, recipients, octets, "committed hold {id}");
}

/// The same mail came again and found its hold.
pub fn adopted(id: &HoldId) {
    counter!("callfirst_holds_adopted_total").increment(1);
    debug!(hold_id = %id, "the mail held as {id} came again; nothing new was written");
}

/// A hold changed; `event` is the audit's name for it.
pub fn changed(id: &HoldId, event: &str, state: &'static str) {
    counter!("callfirst_hold_events_total", "event" => event.to_owned()).increment(1);
    info!(hold_id = %id, event, state, "{event}: hold {id} is {state}");
}

/// A customer was reached by telephone; `mood` is `kept`, `at_risk`, `lost` or `not_said`.
pub fn call_ended(mood: &'static str, promised: bool) {
    let promised = if promised { "yes" } else { "no" };
    counter!("callfirst_calls_total", "mood" => mood, "promised" => promised).increment(1);
    debug!(mood, promised, "a call ended: customer {mood}, promise {promised}");
}

/// The store could not do it; `kind` is `full`, `silent`, `corrupt` or `failed`.
pub fn store_failure(doing: &'static str, kind: &'static str, failure: &dyn Error) {
    counter!("callfirst_store_failures_total", "kind" => kind).increment(1);
    error!(doing, kind, cause = %causes(failure), "the hold store failed while {doing}: {kind}");
}

/// Another node has the item by now, or it is done with.
pub fn lease_lost(id: &HoldId, node: &str) {
    counter!("callfirst_leases_lost_total").increment(1);
    warn!(hold_id = %id, node, "{node} came too late for an item of hold {id}: another has it or it is done");
}

/// A row that does not read was passed over; `why` never quotes it.
pub fn unreadable(id: &str, why: &str) {
    counter!("callfirst_store_unreadable_total").increment(1);
    error!(id, why, "row {id} of the hold store does not read, it is left as it is: {why}");
}

/// The failure with its causes, outermost first.
fn causes(failure: &dyn Error) -> String {
    let mut text = failure.to_string();
    let mut next = failure.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
