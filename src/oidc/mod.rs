//! Asks an identity provider who somebody is: OpenID Connect, the code flow, with PKCE (RFC 7636),
//! `state` and `nonce`.
//!
//! [`Provider::begin`] gives where to send the browser and what it must bring back; with that and the
//! code, [`Provider::finish`] gives who it is. What a person may do is not for this room: it tells
//! names and groups.

mod begun;
mod claims;
mod keys;
mod provider;
mod signed;

pub use self::{
    begun::Begun,
    claims::Identity,
    provider::{OidcError, Provider, Settings},
};

#[cfg(test)]
pub(crate) mod in_tests;
#[cfg(test)]
mod tests;
