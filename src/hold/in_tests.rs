//! Proofs for the tests of other rooms: they need stores that fail, wait and tell.

use super::{Committed, Prepared};
use crate::mail::HoldId;

/// As if a store had committed it.
pub(crate) fn committed(id: &HoldId, again: bool) -> Committed {
    Committed::new(id.clone(), again)
}

/// As if a store had prepared it.
pub(crate) fn prepared(id: &HoldId) -> Prepared {
    Prepared::new(id.clone())
}
