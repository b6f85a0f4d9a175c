//! Policies: TOML as written, compiled to a set that weighs a reading.
//!
//! Takes [`Source`]s; gives a [`PolicySet`] or every mistake in them with its place and a fix.
//! The set gives [`Weighed`]: what each policy makes of a reading, every term of its sum named.
//! It decides nothing: that is the room `decision`.

mod around;
mod attached;
mod compile;
mod contract;
mod cut;
mod diagnostic;
pub mod document;
mod embedded;
mod glob;
pub mod model;
mod model_hook;
mod phrase;
mod preset;
#[cfg(feature = "reader")]
pub mod reader;
mod set;
mod shipped;
mod values;
mod weigh;
mod written;

pub use contract::{Diagnostic, Source};
pub use cut::words::words;
pub use embedded::Embedded;
pub use glob::Glob;
pub use model_hook::{Candidate, SentenceModel, Understood};
pub use preset::Preset;
pub use set::PolicySet;
pub use values::{
    Exemption, HeaderGlob, OnExpiry, Policy, PolicyMode, PolicyTest, Rollout, Scope, SecondPerson,
    TeamMode, Terms,
};
pub use weigh::{Contribution, SHARES, Saying, Silenced, Spoken, SumOf, Weighed, Weight};
