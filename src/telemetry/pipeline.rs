//! What happens to a transaction between its doors.

use std::time::Duration;

use metrics::{counter, histogram};
use tracing::{debug, error, info, warn};

use super::relay::{NoAnswer, causes};
use crate::mail::HoldId;

/// Why a mail could not be judged, or its notice not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No turn in time.
    Busy,
    /// It took longer than it may.
    TooLong,
    /// The spooled content cannot be read back.
    Unreadable,
    /// The judge or the prompter panicked; the text of the panic is not kept.
    Panicked,
}

impl Trouble {
    fn word(self) -> &'static str {
        match self {
            Trouble::Busy => "busy",
            Trouble::TooLong => "too_long",
            Trouble::Unreadable => "unreadable",
            Trouble::Panicked => "panicked",
        }
    }
}

/// A mail was judged: `hold`, `notify`, `observe`, `exempt` (it would have been held) or `pass`.
pub fn judged(transaction_id: &str, policy: &str, verdict: &'static str) {
    let labels = [("verdict", verdict.to_owned()), ("policy", policy.to_owned())];
    counter!("callfirst_judged_total", &labels).increment(1);
    debug!(transaction_id, policy, verdict, "judged {transaction_id}: {verdict}");
}

/// An inquiry about a judged message came to no end: a fault of ours. The first judgement stands.
pub fn inquiry_failed() {
    counter!("callfirst_inquiries_failed_total").increment(1);
    error!("an inquiry about a judged message came to no end; the first judgement stands");
}

/// A notice of ours or a released mail came by again.
pub fn passed_as_ours(transaction_id: &str) {
    counter!("callfirst_passed_as_ours_total").increment(1);
    info!(transaction_id, "{transaction_id} carries our mark and passes");
}

/// A mail would be held, but it is the new text that its sender was waited for.
pub fn passed_as_new_text(transaction_id: &str, original: &HoldId) {
    counter!("callfirst_passed_as_new_text_total").increment(1);
    info!(transaction_id, hold_id = %original, "{transaction_id} is the new text for {original} and passes");
}

/// A mail could not be judged, or its notice not be written; `pass` says which way it went.
pub fn judging_failed(transaction_id: &str, trouble: Trouble, pass: bool) {
    let (kind, direction) = (trouble.word(), if pass { "pass" } else { "tempfail" });
    counter!("callfirst_judging_failed_total", "kind" => kind, "direction" => direction)
        .increment(1);
    error!(
        transaction_id,
        kind, direction, "judging {transaction_id} failed ({kind}): {direction}"
    );
}

/// A message is held, or was held before.
pub fn held(transaction_id: &str, hold_id: &HoldId, policy: &str, recipients: usize, again: bool) {
    let labels = [("policy", policy.to_owned()), ("again", again.to_string())];
    counter!("callfirst_held_total", &labels).increment(1);
    info!(
        transaction_id,
        %hold_id, policy, recipients, again, "held {hold_id} for {recipients} recipients"
    );
}

/// The store did not do what was asked.
pub fn store_failed(transaction_id: &str, cause: &dyn std::error::Error) {
    counter!("callfirst_store_failed_total").increment(1);
    let causes = causes(cause);
    error!(transaction_id, causes, "the hold store failed {transaction_id}: {cause}");
}

/// The store did not say what a transaction can do without; it goes on.
pub fn store_did_not_say(transaction_id: &str, what: &'static str, cause: &dyn std::error::Error) {
    counter!("callfirst_store_did_not_say_total", "what" => what).increment(1);
    let causes = causes(cause);
    warn!(
        transaction_id,
        what, causes, "the hold store did not say {what}; {transaction_id} goes on: {cause}"
    );
}

/// The next hop gave no answer within a transaction.
pub fn next_hop_silent(cause: &impl NoAnswer) {
    counter!("callfirst_next_hop_failed_total", "kind" => cause.kind()).increment(1);
    let (ambiguous, causes) = (cause.is_ambiguous(), causes(cause));
    warn!(ambiguous, causes, "the next hop gave no answer: {cause}");
}

/// The next hop refused on a new session what it had accepted on the old one.
pub fn next_hop_changed_its_mind(reply_code: u16) {
    counter!("callfirst_next_hop_changed_its_mind_total").increment(1);
    warn!(reply_code, "the next hop refused with {reply_code} what it had accepted");
}

/// The next hop's session was gone at the end of data and the envelope was said again.
pub fn envelope_said_again() {
    counter!("callfirst_envelope_said_again_total").increment(1);
    debug!("the next hop had closed the session; said the envelope again");
}

/// A transaction panicked; the client hears 451.
pub fn broke_down() {
    counter!("callfirst_transaction_panics_total").increment(1);
    error!("a transaction broke down; the sender's server keeps the mail");
}

/// A transaction ended, or one recipient of an LMTP transaction. The door's own line says so at
/// `info`: one line a message is enough.
pub fn concluded(transaction_id: &str, outcome: &'static str, took: Duration) {
    counter!("callfirst_transactions_total", "outcome" => outcome).increment(1);
    histogram!("callfirst_end_of_data_seconds", "outcome" => outcome).record(took.as_secs_f64());
    let duration_ms = took.as_millis() as u64;
    debug!(transaction_id, outcome, duration_ms, "{transaction_id}: {outcome}");
}
