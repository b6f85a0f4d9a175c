//! SMTP and LMTP as grammar, the server's side and the client's.

mod capabilities;
mod command;
mod data;
mod dot_stuffer;
mod line;
mod parameters;
mod reply_reader;
mod trace;
mod xtext;

pub use capabilities::Capabilities;
pub use command::{BadCommand, Command, HeloName, XFORWARD_ATTRIBUTES};
pub use data::{DataReader, Findings, LineEnds};
pub use dot_stuffer::{BadContent, DotStuffer};
pub use line::{LineFault, LineReader, LineStep, MAX_LINE_OCTETS};
pub use parameters::{BadParameter, MailNeeds, mail_needs, rcpt_needs_dsn};
pub use reply_reader::{ReplyError, ReplyReader};
pub use trace::{TraceScan, received_field};
