//! Asks a second reader: a language model behind an OpenAI-compatible endpoint of the house's own.
//!
//! Takes a [`Question`](crate::opinion::Question), gives an [`Asked`] within the time allowed, whatever
//! the server does. Several limits hold at once: questions in flight, a minute and a day, octets of
//! an answer, time in all. After failures in a row nobody is asked for a while. What is not an
//! answer is an outcome with a name, never an error of the mail.
//!
//! HTTP/1.1 by `hyper` over TCP or `rustls`; no proxy, no redirect, no cookie.

mod breaker;
mod budget;
mod connection;
mod endpoint;
mod outcome;
mod pool;
mod reader;
mod settings;
mod tls;

pub use endpoint::{BadEndpoint, Endpoint};
pub use outcome::{Asked, Failure, Outcome, Refusal};
pub use reader::SecondReader;
pub use settings::{BadSettings, Settings};

#[cfg(test)]
pub(crate) mod scripted;
#[cfg(test)]
mod tests;
