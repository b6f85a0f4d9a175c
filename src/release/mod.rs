//! Lets a held message go, takes it back, records the call: once, by someone allowed.
//!
//! What a person does becomes one [`Change`] of the hold; the store decides who was first.

mod act;
mod change;
mod check;
mod letters;
mod promise;
mod remind;
mod several;
#[cfg(test)]
mod tests;
mod token;

#[cfg(test)]
pub(crate) mod in_tests;

pub use act::{ActError, Acted, Along, Desk};
pub use check::MAX_REMIND_SECS;
pub use letters::Letters;
pub use promise::{MAX_FOLLOW_UP_DAYS, Promised, Word};
pub use several::{MAX_HAND_OVERS, MAX_TURNS};
pub use token::{BadToken, Bearer, Keys, REPLY_TOKEN_CHARS};
