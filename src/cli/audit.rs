//! `callfirst audit verify`: whether the log of who did what is whole.

use clap::{Args, Subcommand};

use super::{
    NeedsConfiguration,
    out::{self, Failure},
    setup,
};
use crate::hold;

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst audit verify -c /etc/callfirst/callfirst.toml

Prints the number of entries and the last digest: keep both elsewhere, and a log that was cut short
shows too. Exit 1 if the chain is broken.";

/// The audit log: who did what, each entry chained to the one before.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Check that no entry was changed, removed or put in between
    Verify {
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let What::Verify { configured } = &arguments.what;
    let config = setup::config(&configured.config)?;
    setup::block_on(async {
        let store = setup::store(&config.store).await?;
        match hold::verify_chain(store.as_ref()).await {
            Ok(verified) => {
                let head = verified.head;
                out::line(&format!("{} entries, head {}", head.number, head.digest))
            }
            Err(broken) => {
                out::note(&format!("the audit log is not whole: {broken}"));
                Err(Failure::Found)
            }
        }
    })?
}
