//! The mails we write to the sender of a held message.
//!
//! Pure: takes an [`Occasion`], gives the mail's bytes. The caller sends it from `<>` to the
//! sender alone. It threads with the held mail, is marked automatic (RFC 3834), carries no remote
//! content, and takes nothing from the held mail without stripping controls and cutting lengths.
//! [`reply`] reads what a person answers to such a mail.

mod answer;
mod appointment;
mod clean;
mod compose;
mod guide;
mod guide_words;
mod letter;
mod occasion;
mod others;
mod places;
mod plain;
mod quotes;
pub mod reply;
mod text;
mod told;
mod when;

pub use answer::{Answer, Ending};
pub use appointment::{Plan, Planned};
pub use compose::compose;
pub use guide_words::GuideWords;
pub use occasion::{Before, ByMail, ComposedMail, Kind, Occasion, Promised, Refusal};
pub use others::{Decided, Tidings, Told, Way};
pub use quotes::{Quote, quotes};
pub use text::Texts;
pub(crate) use {
    text::{After, fill},
    told::{Ahead, Read, local_time, next, next_for_others, source},
    when::{say, say_day},
};
