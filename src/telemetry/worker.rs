//! What the worker did.

use std::time::Duration;

use metrics::{counter, gauge};
use tracing::{error, info, warn};

use super::Chain;
use crate::mail::{HoldId, Timestamp};

/// How an attempt to send something ended.
#[derive(Debug, Clone, Copy)]
pub enum Attempt<'a> {
    /// Done with.
    Done,
    /// Tried again then.
    Again(Timestamp),
    /// Given up, with the next hop's reply.
    Failed(&'a str),
}

impl Attempt<'_> {
    fn label(self) -> &'static str {
        match self {
            Attempt::Done => "done",
            Attempt::Again(_) => "again",
            Attempt::Failed(_) => "failed",
        }
    }
}

/// The store could not do what the worker asked. Why, the store has told; here it is what waits.
pub fn store_failed(doing: &'static str, cause: &(dyn std::error::Error + 'static)) {
    counter!("callfirst_worker_put_off_total", "doing" => doing).increment(1);
    warn!(doing, cause = %Chain(cause), "put off by the hold store: {doing}");
}

/// How many holds are in a state.
pub fn holds_counted(state: &'static str, holds: u64) {
    gauge!("callfirst_holds", "state" => state).set(holds as f64);
}

/// How many promises to customers are open.
pub fn promises_counted(promises: u64) {
    gauge!("callfirst_promises_open").set(promises as f64);
}

/// How much mail is due and not sent, put off included, and how long ago the oldest was first owed.
pub fn outbox_counted(due: u64, oldest: Duration) {
    gauge!("callfirst_outbox_due").set(due as f64);
    gauge!("callfirst_outbox_oldest_due_seconds").set(oldest.as_secs_f64());
}

/// A promise fell due: its sender is reminded, or its reminders are used up.
pub fn promise_fell_due(hold_id: &HoldId, step: &'static str) {
    counter!("callfirst_due_promises_total", "step" => step).increment(1);
    info!(%hold_id, step, "promise of hold {hold_id} fell due: {step}");
}

/// A reminder or an expiry fell due and was done.
pub fn hold_fell_due(hold_id: &HoldId, state: &str) {
    counter!("callfirst_due_holds_total", "state" => state.to_owned()).increment(1);
    info!(%hold_id, state, "hold {hold_id} fell due, it is {state} now");
}

/// A notice was offered to the next hop.
pub fn notice_attempted(hold_id: &HoldId, notice: &str, attempt: Attempt<'_>) {
    counter!("callfirst_notices_total", "result" => attempt.label()).increment(1);
    match attempt {
        Attempt::Done => info!(%hold_id, notice, "{notice} notice for {hold_id} sent"),
        Attempt::Again(at) => {
            warn!(%hold_id, notice, again_at = %at, "{notice} notice for {hold_id} put off");
        }
        Attempt::Failed(reply) => {
            error!(%hold_id, notice, reply, "{notice} notice for {hold_id} given up");
        }
    }
}

/// A notice was not sent any more: what it asks for is decided.
pub fn notice_overtaken(hold_id: &HoldId, notice: &str) {
    counter!("callfirst_notices_total", "result" => "overtaken").increment(1);
    info!(%hold_id, notice, "{notice} notice for {hold_id} is overtaken and not sent");
}

/// Mail to an address that is no longer one of ours is not sent.
pub fn notices_for_outside(notices: usize) {
    counter!("callfirst_notices_total", "result" => "outside").increment(notices as u64);
    warn!(notices, "{notices} notices to an address that is no longer inside are not sent");
}

/// Mail to somebody who had enough for now waits: for the hour's digest, for the others that wait
/// already, or because the day's measure is full; or it asks for nothing, and he is not at work.
pub fn notices_put_off(notices: usize, why: &'static str, until: Timestamp) {
    counter!("callfirst_notices_put_off_total", "why" => why).increment(notices as u64);
    info!(notices, why, until = %until, "{notices} notices to one address put off until {until}");
}

/// Several mails to one address become one.
pub fn notices_joined(hold_id: &HoldId, notices: usize) {
    counter!("callfirst_notices_joined_total").increment(notices as u64);
    info!(%hold_id, notices, "{notices} notices become one, owed by {hold_id}");
}

/// A released message was offered to the next hop.
pub fn release_attempted(hold_id: &HoldId, recipients: usize, attempt: Attempt<'_>) {
    counter!("callfirst_releases_total", "result" => attempt.label()).increment(1);
    match attempt {
        Attempt::Done => info!(%hold_id, recipients, "release of {hold_id} settled"),
        Attempt::Again(at) => {
            warn!(%hold_id, recipients, again_at = %at, "release of {hold_id} put off");
        }
        Attempt::Failed(reply) => {
            error!(%hold_id, recipients, reply, "release of {hold_id} failed");
        }
    }
}

/// A delivery took nearly as long as its lease and was cut off; it is tried again.
pub fn delivery_cut_off(hold_id: &HoldId, limit: Duration) {
    counter!("callfirst_deliveries_cut_off_total").increment(1);
    warn!(%hold_id, ?limit, "delivery for {hold_id} cut off after {limit:?}");
}

/// A panic was caught; the worker goes on. Never the panic's text: it may quote the mail.
pub fn broke_down(doing: &'static str) {
    counter!("callfirst_worker_panics_total").increment(1);
    error!(doing, "panic while {doing}");
}

/// A step of erasing is done.
pub fn erased(holds: u64, entries: u64) {
    counter!("callfirst_erased_holds_total").increment(holds);
    counter!("callfirst_erased_audit_entries_total").increment(entries);
    info!(holds, entries, "erased what is old: {holds} holds, {entries} audit entries");
}

/// Holds whose time is over could not be erased: their rows do not read. A person must look.
pub fn left_unerased(holds: u64) {
    gauge!("callfirst_holds_unerasable").set(holds as f64);
    if holds > 0 {
        error!(holds, "{holds} holds are past their time and do not read, so they stay");
    }
}

/// What was erased still lies in the store's log; somebody reads in it. It is tried again.
pub fn log_not_emptied() {
    counter!("callfirst_erased_log_busy_total").increment(1);
    info!("erased, but the store's log is being read; it is emptied later");
}
