//! A client for the few services that a house runs beside its mail: HTTP/1.1 by `hyper` over TCP or
//! `rustls`; no proxy, no redirect, no cookie.
//!
//! A [`Client`] takes a [`Call`] and gives a [`Reply`] whole, or a [`Failure`] with a name. It bounds
//! the octets of an answer and keeps clear text in the house. What an answer says is for the room that
//! asked.

mod client;
mod connection;
mod endpoint;
mod failure;
mod secret;

pub use client::{Call, Client, Settings};
pub use connection::Reply;
pub use endpoint::{BadEndpoint, Endpoint};
pub use failure::{BadSettings, Failure};
pub use secret::Secret;

#[cfg(test)]
pub(crate) mod scripted;
