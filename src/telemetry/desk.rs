//! Events of the desk: tries to log in. What was typed is never told: a password typed into the
//! wrong field would stand in the log.

use std::time::Duration;

use tracing::{info, warn};

/// Somebody failed to log in.
pub fn refused() {
    metrics::counter!("callfirst_desk_log_ins_total", "outcome" => "refused").increment(1);
    info!("a try to log in was refused");
}

/// Somebody tried again too soon after others that failed.
pub fn must_wait(wait: Duration) {
    metrics::counter!("callfirst_desk_log_ins_total", "outcome" => "wait").increment(1);
    let seconds = wait.as_secs();
    warn!(seconds, "tries to log in come too fast; the next is looked at after {seconds} s");
}

/// Somebody logged in.
pub fn logged_in(login: &str) {
    metrics::counter!("callfirst_desk_log_ins_total", "outcome" => "in").increment(1);
    info!(login, "{login} logged in");
}

/// Nobody has an account.
pub fn nobody() {
    info!("nobody can log in to the desk yet: make an account with `callfirst people add`");
}

/// Somebody who is none of our proxies sent the field by which they vouch.
pub fn header_from_stranger() {
    metrics::counter!("callfirst_desk_log_ins_total", "outcome" => "spoofed").increment(1);
    warn!(
        "a client outside of desk.proxy_networks sent the field desk.proxy_header; it is ignored"
    );
}

/// The identity provider did not tell who somebody is: ours or the provider's to repair.
pub fn provider_failed(cause: &(dyn std::error::Error + 'static)) {
    metrics::counter!("callfirst_desk_log_ins_total", "outcome" => "provider").increment(1);
    warn!(cause, "a log-in by the identity provider came to nothing");
}
