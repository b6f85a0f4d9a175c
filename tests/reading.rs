//! The reading of mail: golden messages, hostile collections, properties.

#[path = "reading/corpus.rs"]
mod corpus;
#[path = "reading/golden.rs"]
mod golden;
#[path = "reading/md5.rs"]
mod md5;
#[path = "reading/properties.rs"]
mod properties;
