//! SMTP and LMTP as grammar.

mod capabilities;
mod dot_stuffer;
mod reply_reader;

pub use capabilities::Capabilities;
pub use dot_stuffer::{BadContent, DotStuffer};
pub use reply_reader::{ReplyError, ReplyReader};
