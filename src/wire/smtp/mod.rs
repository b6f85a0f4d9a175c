//! SMTP and LMTP as grammar.

mod capabilities;

pub use capabilities::Capabilities;
