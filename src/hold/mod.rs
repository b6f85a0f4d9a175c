//! Held mail: states, contract of the store, audit and outbox.
//!
//! Only a finished commit makes a [`Committed`], and only that becomes a 250.
//! [`open`] gives the store; [`MemoryStore`] is for tests and forgets everything.

mod afterwards;
mod amount;
mod chain;
mod contract;
mod eraser;
mod erasure;
mod history;
mod letter;
mod memory;
mod open;
mod outcome;
mod pacing;
mod party;
mod promise;
mod queue;
mod record;
mod rewrite;
mod several;
mod slip;
mod sql;
mod state;
mod steps;
mod watch;

pub use afterwards::{AboutCustomer, Afterwards, Earlier, SameCustomer};
pub use amount::Amount;
pub use chain::{BrokenChain, Verified, verify_chain, verify_chain_against, verify_chain_through};
pub use contract::{Committed, HoldError, HoldStore, Prepared};
pub use eraser::{Erased, Eraser, Retention, Traces};
pub use erasure::{ERASED, can_be_erased};
pub use history::{Behind, FalseAlarm, Histories, History, PolicyFigures};
pub use letter::{AsksFor, LetterName};
pub use memory::MemoryStore;
pub use open::{Settings, on, open};
pub use outcome::{CallReport, FollowUp, Mood, Outcome};
pub use pacing::{Join, MAX_QUEUE, Pacing, Queue, Step, Waiting};
pub use party::{MAX_PARTIES, Party, PartyRole, is_plainly_written, is_same_person};
pub use promise::{Promise, PromiseChange, PromiseState, PromiseStep};
pub use queue::{
    AskedWord, Attempts, Found, Line, MAX_SENDERS, MAX_TALLY, Order, Place, Queues, Search, Tally,
    asked_words,
};
pub use record::{
    Actor, AuditEntry, AuditEvent, AuditHead, Change, Delivery, Dossier, Hold, HoldFilter,
    HoldSummary, Item, ItemId, ItemKind, ItemOutcome, NewHold, NewItem,
};
pub use several::Proposal;
pub use slip::Slip;
pub use sql::{false_alarms, policy_figures};
pub use state::State;
pub use watch::{BY_MAIL, VIA_DESK, Watch};

#[cfg(test)]
pub(crate) mod in_tests;
