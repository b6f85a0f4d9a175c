//! Policies: TOML as written, compiled to a set that weighs a reading.

mod contract;
pub mod model;

pub use contract::{Diagnostic, Source};
