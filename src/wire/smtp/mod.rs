//! SMTP and LMTP as grammar.

mod capabilities;
mod command;
mod data;
mod line;
mod parameters;
mod trace;
mod xtext;

pub use capabilities::Capabilities;
pub use command::{BadCommand, Command, HeloName, XFORWARD_ATTRIBUTES};
pub use data::{DataReader, Findings, LineEnds};
pub use line::{LineFault, LineReader, LineStep, MAX_LINE_OCTETS};
pub use parameters::{BadParameter, MailNeeds, mail_needs, rcpt_needs_dsn};
pub use trace::{TraceScan, received_field};
