//! Replies to notices: never what they say, whose they are or what their address holds.

use metrics::counter;
use tracing::{debug, error, info, warn};

use crate::mail::HoldId;

/// Somebody decided by mail; `proof` says what vouched for him.
pub fn acted(hold: &HoldId, command: &'static str, proof: &'static str) {
    counter!("callfirst_replies_total", "outcome" => "acted", "why" => command).increment(1);
    info!(hold_id = %hold, command, proof, "hold {hold} decided by mail: {command}, proven by {proof}");
}

/// A reply changed nothing and was answered, or not, because there were answers enough.
pub fn answered(hold: &HoldId, asked: &'static str, written: bool) {
    let outcome = if written { "answered" } else { "unanswered" };
    counter!("callfirst_replies_total", "outcome" => outcome, "why" => asked).increment(1);
    info!(hold_id = %hold, asked, written, "a reply changed nothing of hold {hold} ({asked}): {outcome}");
}

/// A reply was not acted on.
pub fn not_acted_on(hold: Option<&HoldId>, why: &'static str) {
    counter!("callfirst_replies_total", "outcome" => "not_acted_on", "why" => why).increment(1);
    match hold {
        Some(hold) => {
            warn!(hold_id = %hold, why, "a reply to a notice of hold {hold} was not acted on: {why}")
        }
        // Whoever guesses addresses must not fill the log.
        None => debug!(why, "a reply to no notice of ours was not acted on: {why}"),
    }
}

/// A reply was believed, and there was nothing to do: it was heard before, or it asked for nothing.
pub fn nothing_new(hold: &HoldId, why: &'static str) {
    counter!("callfirst_replies_total", "outcome" => "nothing_new", "why" => why).increment(1);
    info!(hold_id = %hold, why, "a reply to a notice of hold {hold} changed nothing: {why}");
}

/// A reply could not be heard now; the sending server keeps it.
pub fn failed(transaction_id: &str, cause: &(dyn std::error::Error + 'static)) {
    counter!("callfirst_replies_total", "outcome" => "failed", "why" => "trouble").increment(1);
    let cause = super::Chain(cause).to_string();
    error!(transaction_id, cause, "a reply could not be heard in {transaction_id}: {cause}");
}
