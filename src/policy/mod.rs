//! Policies: TOML as written, compiled to a set that weighs a reading.

mod contract;

pub use contract::{Diagnostic, Source};
