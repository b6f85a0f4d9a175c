//! Lets a held message go, takes it back, records the call: once, by someone allowed.
//!
//! What a person does becomes one [`Change`] of the hold; the store decides who was first.

mod act;
mod promise;
#[cfg(test)]
mod tests;
mod token;

pub use act::{ActError, Acted, Along, Desk, MAX_REMIND_SECS};
pub use promise::{MAX_FOLLOW_UP_DAYS, Promised, Word};
pub use token::{BadToken, Bearer, Keys, REPLY_TOKEN_CHARS};
