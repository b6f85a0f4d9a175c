//! The doors: SMTP and LMTP server. The only place that turns outcomes into replies.
//!
//! [`Doors::bind`] opens every listener before anything is served, [`Doors::serve`] runs until
//! it is told to stop and then drains. What a session hears goes to the stage behind it
//! ([`Onward`], in service the pipeline) command by command, and its replies go back verbatim.

mod answer;
mod crowd;
mod doors;
mod lanes;
mod network;
mod settings;
mod smtp;
mod spool;
mod tls;

pub use doors::{Door, Doors};
pub use lanes::Lanes;
pub use network::{BadNetwork, Network};
pub use settings::Settings;
pub use smtp::{Onward, Underway};
pub use tls::{Tls, TlsError, TlsFiles};
