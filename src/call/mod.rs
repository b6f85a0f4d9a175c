//! Whom to call, at which number, and how to tell it.
//!
//! Pure: takes what was read and decided, gives the [`CallSheet`] that notice and page show.
//! Looks nothing up and refuses nothing: a mail that names nobody gives a sheet without a name,
//! and a number that may be somebody else's is left out.

mod guide;
#[cfg(feature = "phone")]
mod numbers;
mod person;
mod prepare;
#[cfg(feature = "phone")]
mod region;
mod said;
mod sheet;
mod thread;

pub use guide::Guides;
pub use prepare::prepare;
pub use sheet::{CallSheet, Dropped, FirstQuestion, Guide, Number, Part, Person};
