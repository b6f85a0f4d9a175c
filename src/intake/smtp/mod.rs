//! One SMTP or LMTP session: what the client says, and what it hears.
//!
//! `session` is the loop, `hello` what needs no transaction, `transaction` the envelope,
//! `content` the data; `connection` cuts octets into commands and sends replies; `onward` is
//! the stage behind. Every command has one handler, every handler ends in a reply.

mod caught;
mod connection;
mod content;
mod hello;
mod onward;
mod session;
mod transaction;

#[cfg(test)]
mod tests;

pub(super) use connection::Io;
pub use onward::{Onward, Underway};
pub(super) use session::{House, Session};
