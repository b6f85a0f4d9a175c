//! One function an event: log line and metric together, so that they cannot differ.
//!
//! `error`: a person must act. `warn`: we coped. `info`: something changed hands. `debug`: the
//! dialogue. At no level: subject, body, matched words, link tokens, passwords.

pub mod attachments;
pub mod audit;
pub mod desk;
pub mod directory;
pub mod events;
pub mod hold;
pub mod letters;
pub mod pipeline;
pub mod relay;
pub mod replies;
pub mod second_reader;
pub mod service;
pub mod smtp;
pub mod traffic;
pub mod web;
pub mod worker;

/// An error with its causes on one line.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
