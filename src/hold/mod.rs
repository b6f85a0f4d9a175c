//! Held mail: states, contract of the store, audit and outbox.
//!
//! Only a finished commit makes a [`Committed`], and only that becomes a 250.

mod contract;
mod record;

pub use contract::{Committed, HoldError, HoldStore, Prepared};
pub use record::{
    Actor, AuditEntry, AuditEvent, Change, Delivery, Dossier, Hold, HoldFilter, HoldSummary, Item,
    ItemId, ItemKind, ItemOutcome, NewHold, NewItem, Outcome, State,
};

#[cfg(test)]
pub(crate) mod in_tests;
