//! The policy files and the book of their changes.
//!
//! **The files are the truth.** A change is proposed, looked at, accepted and then written into its
//! file at once and whole, only if the file is still what the proposal was made on; the service's
//! reloader takes it over as it takes over what an editor wrote. What other hands change is noticed and
//! stands in the book, too. A set that does not compile, or whose own tests fail, is never written.

mod book;
mod entry;
mod files;
mod marks;
mod recorded;
mod rows;
mod workshop;

pub use book::{Book, BookError, digest};
pub use entry::{Entry, FileText, NewEntry, Said, State};
pub use files::{Folder, WriteError};
pub use recorded::{Projection, Recorded, Recordings};
pub use workshop::{Checks, Looked, Offer, Refused, Workshop, WorkshopError};

#[cfg(test)]
pub(crate) mod in_tests;
#[cfg(test)]
mod tests;
