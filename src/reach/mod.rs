//! How a service beside the mail is reached, whatever is spoken there: its address, TLS, the secret that
//! it wants to see, and a gate of limits before it.
//!
//! [`connect`] goes only [whither](Whither) it may, so that no clear text leaves the house; [`Tls`] believes the system's authorities and
//! those of a file; [`secret`] reads one line that only we may read; a [`Gate`] says whether a question
//! may be put at all. What is asked is for the rooms above.

mod breaker;
mod budget;
mod failure;
mod gate;
mod secret;
mod socket;
mod tls;
mod whither;

pub use breaker::Turn;
pub use failure::{BadSettings, Refusal, Unreached};
pub use gate::{Entry, Gate, Limits};
pub use secret::secret;
pub use socket::connect;
pub use tls::Tls;
pub use whither::{Whither, is_near};
