//! Asks a second reader: a language model behind an OpenAI-compatible endpoint of the house's own.
//!
//! Takes a [`Question`](crate::opinion::Question), gives an [`Asked`] within the time allowed, whatever
//! the server does. Several limits hold at once: questions in flight, a minute and a day, octets of
//! an answer, time in all. After failures in a row nobody is asked for a while. What is not an
//! answer is an outcome with a name, never an error of the mail.
//!
//! How it is spoken to is the room [`http`](crate::http)'s.

mod outcome;
mod reader;
mod settings;

pub use outcome::{Asked, Outcome};
pub use reader::SecondReader;
pub use settings::Settings;

#[cfg(test)]
mod tests;
