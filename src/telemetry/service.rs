//! The service as a whole: start, reload, drain.

use metrics::{counter, gauge};
use tracing::{error, info, warn};

use super::Chain;

/// All doors are open.
pub fn ready(doors: &[std::net::SocketAddr], policies: usize) {
    gauge!("callfirst_policies").set(policies as f64);
    let doors: Vec<String> = doors.iter().map(ToString::to_string).collect();
    info!(doors = doors.join(" "), policies, "callfirst is ready with {policies} policies");
}

/// A new set of policies is in force.
pub fn policies_reloaded(policies: usize, fingerprint: &str) {
    counter!("callfirst_policy_reloads_total", "result" => "taken").increment(1);
    gauge!("callfirst_policies").set(policies as f64);
    info!(policies, fingerprint, "new policies are in force ({fingerprint})");
}

/// A refused set may have a mistake on each line; `callfirst check` shows them all.
const MAX_TOLD: usize = 20;

/// A new set of policies was refused; the one that works stays.
pub fn policies_refused(problems: &[String]) {
    counter!("callfirst_policy_reloads_total", "result" => "refused").increment(1);
    let count = problems.len();
    error!(problems = count, "new policies refused, the old ones stay");
    for problem in problems.iter().take(MAX_TOLD) {
        error!(problem, "policy refused: {problem}");
    }
}

/// A shadow version of the policies has mistakes; nothing else depends on it.
pub fn shadow_refused(problems: &[String]) {
    counter!("callfirst_shadow_refused_total").increment(1);
    let count = problems.len();
    error!(problems = count, "the shadow of the policies is refused; the policies in force stay");
    for problem in problems.iter().take(MAX_TOLD) {
        error!(problem, "shadow refused: {problem}");
    }
}

/// A policy weighs a mail as bad news although it was exempt from holding.
pub fn exempt_would_hold(reason: &str, policy: &str) {
    counter!("callfirst_exempt_would_hold_total", "reason" => reason.to_owned()).increment(1);
    info!(reason, policy, "exempt mail would have been held by {policy}");
}

/// No new connections; what is under way is finished.
pub fn draining(limit_secs: u64) {
    info!(limit_secs, "draining: sessions have {limit_secs} s to finish");
}

/// Everything was finished, or the time was up.
pub fn drained(clean: bool) {
    if clean {
        info!("drained");
    } else {
        warn!("time is up, some sessions were cut off; their senders will try again");
    }
}

/// A panic, wherever it is caught: where it happened, never what it says.
pub fn panicked(location: Option<&std::panic::Location<'_>>) {
    counter!("callfirst_panics_total").increment(1);
    let location = location.map(ToString::to_string).unwrap_or_default();
    error!(location, "panic at {location}");
}

/// Something that should not fail did; the service goes on.
pub fn trouble(doing: &'static str, cause: &(dyn std::error::Error + 'static)) {
    counter!("callfirst_trouble_total").increment(1);
    error!(doing, cause = %Chain(cause), "failed while {doing}");
}

/// When the certificate of the doors ends, in seconds since 1970.
pub fn certificate_ends(at_secs: i64) {
    gauge!("callfirst_certificate_expiry_timestamp_seconds").set(at_secs as f64);
}

/// Room on the disk of the store's file.
pub fn disk(free_octets: u64, octets: u64) {
    gauge!("callfirst_store_disk_free_bytes").set(free_octets as f64);
    gauge!("callfirst_store_disk_bytes").set(octets as f64);
}
