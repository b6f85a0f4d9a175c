//! Tells others what happens: webhooks (Standard Webhooks, Slack, Teams), syslog (RFC 5424), a file of
//! JSON lines.
//!
//! The audit is the queue: an entry is written in the same commit as what it tells, has a number without
//! gaps, and is never taken out. A receiver is a place in it ([`Tellers`] keeps that). So nothing more is
//! written while mail is held, nothing is lost when a process dies, and a receiver that is away for days
//! costs one row. Each event is told at least once, always under the same id, in the order of the audit.

mod event;
mod failure;
mod file;
mod payload;
mod place;
mod secret;
mod story;
mod syslog;
mod teller;
mod webhook;

#[cfg(test)]
mod tests;

pub use event::Event;
pub use failure::{BadReceiver, Deaf};
pub use file::EventFile;
pub use payload::Include;
pub use story::Kind;
pub use syslog::{Syslog, SyslogSettings, Transport};
pub use teller::{Receiver, Settings, Tellers, Wanted};
pub use webhook::{Format, Webhook, WebhookSettings};
