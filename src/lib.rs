//! callfirst holds bad news at the outbound mail relay and prompts the sender
//! to call instead.
//!
//! The rooms and the doors between them are drawn in `ARCHITECTURE.md`; the
//! test `tests/architecture.rs` keeps them. `mail` to `opinion` are pure: values
//! in, values out, no clock, no randomness, no file, no socket, no log.
#![forbid(unsafe_code)]

pub mod accounts;
pub mod app;
pub mod attachments;
pub mod audit;
pub mod calendar;
pub mod call;
pub mod changes;
pub mod chart;
pub mod cli;
pub mod config;
pub mod consult;
pub mod decision;
pub mod desk;
pub mod directory;
pub mod events;
pub mod extract;
pub mod hold;
pub mod http;
pub mod intake;
pub mod limit;
pub mod mail;
pub mod message;
pub mod notice;
#[cfg(feature = "oidc")]
pub mod oidc;
pub mod opinion;
pub mod pipeline;
pub mod policy;
pub mod preview;
pub mod reach;
pub mod relay;
pub mod release;
pub mod replies;
pub mod report;
pub mod rights;
pub mod store;
pub mod team;
pub mod telemetry;
pub mod traffic;
pub mod trust;
pub mod tuning;
pub mod web;
pub mod wire;
pub mod wording;
pub mod worker;
