//! What becomes of the audit's signed heads.

use metrics::{counter, gauge};
use tracing::{info, warn};

use super::Chain;
use crate::mail::Timestamp;

/// A head was signed.
pub fn signed(number: u64, at: Timestamp) {
    counter!("callfirst_audit_heads_signed_total").increment(1);
    last_signed(at);
    info!(number, "signed the audit's head at entry {number}");
}

/// When the last one was signed: alert where it is older than it should be.
pub fn last_signed(at: Timestamp) {
    gauge!("callfirst_audit_head_signed_timestamp_seconds").set(at.as_second() as f64);
}

/// It did not work; it is tried again within a minute.
pub fn put_off(doing: &'static str, cause: &(dyn std::error::Error + 'static)) {
    counter!("callfirst_audit_heads_put_off_total", "doing" => doing).increment(1);
    warn!(doing, cause = %Chain(cause), "put off: {doing}");
}

/// The next hop did not take the mail with a head; it is tried again within a minute.
pub fn unmailed(number: u64) {
    counter!("callfirst_audit_heads_put_off_total", "doing" => "mailing signed heads").increment(1);
    warn!(number, "the next hop did not take the signed head {number} yet");
}
