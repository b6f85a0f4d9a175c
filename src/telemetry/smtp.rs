//! What happens at the SMTP and LMTP doors: one function an event, log line and metric
//! together. Addresses of peers and codes of replies, never a mailbox, a reply's text or
//! content.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use metrics::{counter, gauge, histogram};
use tracing::{debug, error, info, warn};

use crate::mail::Reply;

/// A door is open.
pub fn listening(door: &'static str, address: SocketAddr) {
    info!(door, %address, "listening for {door} on {address}");
}

/// A session began.
pub fn session_opened(door: &'static str, session_id: &str, client: IpAddr) {
    counter!("callfirst_smtp_sessions_total", "door" => door).increment(1);
    gauge!("callfirst_smtp_sessions_open", "door" => door).increment(1.0);
    debug!(door, session_id, %client, "session opened from {client}");
}

/// A session is over; `why` is one word of `quit`, `lost`, `timeout`, `limit`, `shutdown`,
/// `refused`, `panic`.
pub fn session_closed(
    door: &'static str,
    session_id: &str,
    why: &'static str,
    messages: u64,
    lasted: Duration,
) {
    gauge!("callfirst_smtp_sessions_open", "door" => door).decrement(1.0);
    counter!("callfirst_smtp_sessions_closed_total", "door" => door, "why" => why).increment(1);
    debug!(door, session_id, why, messages, ?lasted, "session closed: {why}");
}

/// A connection got no session; `why` is one word of `stranger`, `connections`, `per_client`.
pub fn connection_refused(door: &'static str, client: IpAddr, why: &'static str) {
    counter!("callfirst_smtp_connections_refused_total", "door" => door, "why" => why).increment(1);
    warn!(door, %client, why, "connection from {client} refused: {why}");
}

/// A command, or a stage of a transaction, was answered 4yz or 5yz by us.
pub fn refused(session_id: &str, stage: &'static str, reply: &Reply) {
    counter!("callfirst_smtp_refused_total", "stage" => stage, "class" => class(reply.code()))
        .increment(1);
    debug!(session_id, stage, code = reply.code(), "{stage} answered {}", reply.code());
}

/// A limit ended or turned away something; `limit` is its name in the settings.
pub fn limit_reached(session_id: &str, limit: &'static str) {
    counter!("callfirst_smtp_limits_total", "limit" => limit).increment(1);
    info!(session_id, limit, "limit reached: {limit}");
}

/// The content of a message was refused before anybody read it; `why` is one word of `size`,
/// `line_ends`, `loop`, `spool`.
pub fn content_refused(transaction_id: &str, why: &'static str, octets: u64) {
    counter!("callfirst_smtp_content_refused_total", "why" => why).increment(1);
    info!(transaction_id, why, octets, "content refused: {why}");
}

/// A transaction was answered at the end of its data.
pub fn transaction_answered(
    door: &'static str,
    transaction_id: &str,
    recipients: usize,
    octets: u64,
    reply: &Reply,
    took: Duration,
) {
    let code = reply.code();
    counter!("callfirst_smtp_transactions_total", "door" => door, "class" => class(code))
        .increment(1);
    histogram!("callfirst_smtp_answer_seconds", "door" => door).record(took.as_secs_f64());
    info!(door, transaction_id, recipients, octets, code, ?took, "answered {code}");
}

/// A transaction ended without an answer to its content; `why` as for a session, or `reset`.
pub fn transaction_abandoned(transaction_id: &str, why: &'static str) {
    counter!("callfirst_smtp_transactions_abandoned_total", "why" => why).increment(1);
    debug!(transaction_id, why, "transaction abandoned: {why}");
}

/// A TLS handshake failed.
pub fn tls_failed(session_id: &str, cause: &std::io::Error) {
    counter!("callfirst_smtp_tls_failures_total").increment(1);
    info!(session_id, %cause, "TLS handshake failed");
}

/// The certificate was read again, or not.
pub fn tls_reloaded(outcome: Result<(), &dyn std::error::Error>) {
    match outcome {
        Ok(()) => {
            counter!("callfirst_smtp_tls_reloads_total", "outcome" => "done").increment(1);
            info!("TLS certificate read again");
        }
        Err(cause) => {
            counter!("callfirst_smtp_tls_reloads_total", "outcome" => "failed").increment(1);
            error!(%cause, "TLS certificate not read again, the old one stays");
        }
    }
}

/// A message could not be spooled.
pub fn spool_failed(transaction_id: &str, cause: &std::io::Error) {
    counter!("callfirst_smtp_spool_failures_total").increment(1);
    error!(transaction_id, %cause, "a message could not be spooled");
}

/// A session panicked. Never the panic's text: it may quote what was being read.
pub fn session_panicked(session_id: &str) {
    counter!("callfirst_smtp_panics_total").increment(1);
    error!(session_id, "a session panicked; its peer was answered 421");
}

/// A connection could not be taken, usually for want of file descriptors.
pub fn accept_failed(door: &'static str, cause: &std::io::Error) {
    counter!("callfirst_smtp_accept_failures_total", "door" => door).increment(1);
    error!(door, %cause, "a connection could not be taken");
}

/// The doors are shut; `cut_off` sessions did not finish in time.
pub fn drained(cut_off: usize) {
    if cut_off == 0 {
        info!("all SMTP sessions ended");
    } else {
        warn!(cut_off, "{cut_off} SMTP sessions were cut off");
    }
}

fn class(code: u16) -> &'static str {
    match code / 100 {
        2 => "2xx",
        4 => "4xx",
        5 => "5xx",
        _ => "other",
    }
}
