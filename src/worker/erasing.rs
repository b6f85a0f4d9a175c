//! Erases what is old: after each sweep, a step a turn, so that no mail waits for it.

use std::time::Duration;

use tokio::time::Instant;

use super::Worker;
use crate::{mail::Timestamp, telemetry};

/// How long to wait where somebody reads in the store's log just now.
const LOG_AGAIN: Duration = Duration::from_secs(60);

/// Where a round of erasing stands.
#[derive(Debug, Default)]
pub(super) enum Erasing {
    /// Nothing to do until the next sweep.
    #[default]
    Done,
    /// Steps are taken.
    Steps {
        /// Holds that had to be left: their rows do not read.
        passed: u64,
    },
    /// All is erased; the store's log is emptied then.
    Log(Instant),
}

impl Erasing {
    /// A new round.
    pub(super) fn begun() -> Erasing {
        Erasing::Steps { passed: 0 }
    }
}

impl Worker {
    /// One step of the round; `true` where there may be another at once.
    pub(super) async fn erase_step(&self, round: &mut Erasing, now: Timestamp) -> bool {
        let Some((eraser, retention)) = &self.erases else { return false };
        match *round {
            Erasing::Done => false,
            Erasing::Steps { passed } => match eraser.step(retention, passed, now).await {
                Ok(step) if step.is_nothing() => {
                    telemetry::worker::left_unerased(passed);
                    *round = Erasing::Log(Instant::now());
                    true
                }
                Ok(step) => {
                    telemetry::worker::erased(step.holds, step.entries);
                    *round = Erasing::Steps { passed: passed + step.passed };
                    true
                }
                Err(error) => {
                    telemetry::worker::store_failed("erasing what is old", &error);
                    *round = Erasing::Done;
                    false
                }
            },
            Erasing::Log(at) if Instant::now() < at => false,
            Erasing::Log(_) => {
                // Also what a release or a cancelled hold left behind since the last time.
                match eraser.settle().await {
                    Ok(true) => *round = Erasing::Done,
                    Ok(false) => {
                        telemetry::worker::log_not_emptied();
                        *round = Erasing::Log(Instant::now() + LOG_AGAIN);
                    }
                    Err(error) => {
                        telemetry::worker::store_failed("emptying the store's log", &error);
                        *round = Erasing::Done;
                    }
                }
                false
            }
        }
    }
}
