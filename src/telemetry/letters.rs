//! Letters that could not be composed.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Composes a letter. A panic over one mail's words must end nothing else, and its text may quote the
/// mail: so only that it happened is told.
pub fn guarded<T>(compose: impl FnOnce() -> T) -> Option<T> {
    let composed = catch_unwind(AssertUnwindSafe(compose)).ok();
    if composed.is_none() {
        super::worker::broke_down("composing a letter");
    }
    composed
}
