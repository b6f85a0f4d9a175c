//! The reading of mail: golden messages, hostile collections, properties.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests, though clippy looks at functions one by one"
)]

#[path = "reading/corpus.rs"]
mod corpus;
#[path = "reading/golden.rs"]
mod golden;
#[path = "reading/md5.rs"]
mod md5;
#[path = "reading/properties.rs"]
mod properties;
