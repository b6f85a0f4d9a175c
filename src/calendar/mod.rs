//! Days as people at work count them, and an appointment as a calendar file.
//!
//! Pure: the time is an argument, and so is the zone.

mod event;
mod week;

pub use event::{Event, MAX_TEXT, MEDIA_TYPE};
pub use week::Week;
