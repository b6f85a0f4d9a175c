//! What mail went by, and what the policies made of it: recorded, so that other thresholds, weights,
//! modes and scopes can be tried on it before they are in force.
//!
//! A [`Sketch`] is taken where mail is judged, a [`Draft`] is handed over once it went out or is held,
//! and a [`Writer`] turns drafts into [`Record`]s in batches, off the way of mail: its queue is
//! bounded, and what does not fit is counted and forgotten. A record has no text and no address, only
//! keyed hashes of them ([`Hasher`]). What can be asked of records is pure: [`project`](projected()),
//! [`rejudge()`], [`shadow_differences`].
//!
//! Mail that a policy only tells its sender of has no hold; the letters about it are written with
//! the same commits, and a [`Postman`] sends them.

mod draft;
mod hasher;
#[cfg(test)]
pub(crate) mod in_tests;
mod letters;
mod log;
mod person;
mod postman;
mod projected;
mod record;
mod rejudge;
mod scope;
mod shadow;
mod sketch;
#[cfg(test)]
mod tests;
mod writer;

pub use draft::Draft;
pub use hasher::{Hasher, NotWords, Phrase};
pub use log::{Behind, Counted, Log, Page};
pub use postman::Postman;
pub use projected::{Outlook, Projected, Row, projected};
pub use record::{Detail, Fate, Near, Record, RecordId, Said, ShadowWord, Sum};
pub use rejudge::{Change, Changed, Effect, Rejudging, rejudge};
pub use scope::{NotFound, ScopeChange, Side};
pub use shadow::{Difference, shadow_differences};
pub use sketch::{NEAR, Sketch};
pub use writer::{Letters, Parts, Recorder, Settings, Writer, recorder};
