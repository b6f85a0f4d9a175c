//! Whom to call, at which number, when, and how to tell it.
//!
//! Pure: takes what was read and decided and what a directory said, gives the [`CallSheet`] that
//! notice and page show. Looks nothing up and refuses nothing: a mail that names nobody gives a sheet
//! without a name, and a number that may be somebody else's is left out.

mod greeting;
mod guide;
mod hours;
mod known;
mod names;
#[cfg(feature = "phone")]
mod numbers;
mod person;
mod prepare;
#[cfg(feature = "phone")]
mod region;
mod role;
mod said;
mod sheet;
mod thread;
mod urgency;
mod written;
mod zone;

pub use guide::Guides;
pub(crate) use guide::fill;
pub use hours::{Hours, Local, When, local};
pub use known::{Known, Told};
#[cfg(feature = "phone")]
pub use numbers::{dialled, is_country};
pub use person::address;
pub use prepare::prepare;
pub use sheet::{CallSheet, Dropped, FirstQuestion, Guide, Number, Part, Person, Source};
pub use urgency::Urgency;
use urgency::urgency;
pub use zone::is_zone;
