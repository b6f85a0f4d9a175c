//! A panic's text may quote the mail that caused it, so it is never told: only where it happened.

use crate::telemetry;

/// Replaces this process's panic message by a log line without the panic's text.
pub fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        telemetry::service::panicked(&place);
    }));
}
