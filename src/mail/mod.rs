//! The words everyone shares: paths, envelope, content, reply, ids.
//!
//! Pure values. Names are those of RFC 5321 and RFC 5322.

mod content;
mod envelope;
mod id;
mod origin;
mod path;
mod reply;

pub use content::{Content, Octets};
pub use envelope::{Envelope, NoRecipients, Parameter, Recipient};
pub use id::{BadId, HoldId};
pub use origin::{Origin, Protocol, Xforward};
pub use path::{BadPath, ForwardPath, Mailbox, ReversePath};
pub use reply::{BadReply, Reply, Status};

/// A point in time; pure rooms take it as an argument and never ask for it.
pub use jiff::Timestamp;
