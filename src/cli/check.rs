//! `callfirst check`: everything that `serve` would look at, without opening a door.

use clap::Args;

use super::{
    NeedsConfiguration,
    out::{self, Failure},
    setup,
};
use crate::app;

/// Check configuration and policies and run the policies' own tests; opens nothing.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: NeedsConfiguration,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = setup::config(&arguments.configured.config)?;
    let policies = app::load_policies(&config).map_err(|mistakes| setup::tell(&mistakes))?;
    for warning in crate::config::warnings(&config) {
        out::note(&format!("warning: {warning}"));
    }
    out::note(&format!(
        "{} is good: {} policies ({}), mode {}",
        arguments.configured.config.display(),
        policies.policies().len(),
        policies.fingerprint(),
        match config.policy.mode {
            crate::decision::Mode::Enforce => "enforce",
            crate::decision::Mode::Observe => "observe",
        },
    ));
    Ok(())
}
