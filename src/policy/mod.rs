//! Policies: TOML as written, compiled to a set that weighs a reading.

mod contract;
mod diagnostic;
pub mod document;

pub use contract::{Diagnostic, Source};
