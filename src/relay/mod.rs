//! The next hop: an SMTP client of our own.
//!
//! Takes envelopes and content, gives the next hop's own replies. Content goes out
//! byte for byte; whatever is uncertain is an error that says whether the next hop
//! may have taken the mail. Only the next hop's 2yz behind the end of data makes an
//! [`Accepted`], and only that (or a store's commit) becomes a 250 of ours.
//!
//! Refuses to send content with a bare CR, a bare LF or a NUL, parameters that the
//! next hop does not offer, and anything at all behind a reply it cannot explain.
//!
//! RFC 5321 §3, §4.5.3.2; RFC 2920; RFC 3207; RFC 4954; Postfix XFORWARD_README.

mod auth;
mod connection;
mod deliver;
mod error;
mod next_hop;
mod opening;
mod parameters;
mod pool;
mod session;
mod settings;
mod tls;
mod transfer;
mod xforward;

pub use error::{BadSettings, ContentError, Fault, RelayError};
pub use next_hop::NextHop;
pub use session::{EnvelopeReplies, Session};
pub use settings::{Auth, Settings, TimeLimits, Tls};
pub use transfer::{Accepted, Handover};

#[cfg(test)]
mod encryption_tests;
#[cfg(test)]
pub(crate) mod scripted_hop;
#[cfg(test)]
mod tests;
