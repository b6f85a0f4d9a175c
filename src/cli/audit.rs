//! `callfirst audit verify`: whether the log of who did what is whole.

use clap::{Args, Subcommand};

use super::{
    NeedsConfiguration,
    out::{self, Failure},
    setup,
};
use crate::hold::{self, AuditHead};

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst audit verify -c /etc/callfirst/callfirst.toml
  callfirst audit verify -c /etc/callfirst/callfirst.toml --kept 4711:9f86d081...

Prints NUMBER:DIGEST of the last entry: keep it elsewhere and give it back with --kept, and a log
that was cut short shows too. Exit 1 if the chain is broken.";

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
        /// An end of the log as an earlier run printed it; the log must still go through it
        #[arg(long, value_name = "NUMBER:DIGEST", value_parser = kept_head)]
        kept: Option<AuditHead>,
    },
}

fn kept_head(text: &str) -> Result<AuditHead, String> {
    let parsed = text.split_once(':').and_then(|(number, digest)| {
        let is_digest = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
        let number = number.parse().ok().filter(|_| is_digest)?;
        Some(AuditHead { number, digest: digest.to_ascii_lowercase() })
    });
    parsed.ok_or_else(|| "a number, a colon and 64 hexadecimal digits are wanted".to_owned())
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let What::Verify { configured, kept } = &arguments.what;
    let config = setup::config(&configured.config)?;
    setup::block_on(async {
        let store = setup::store(&config.store).await?;
        let verified = match kept {
            Some(kept) => hold::verify_chain_against(store.as_ref(), kept).await,
            None => hold::verify_chain(store.as_ref()).await,
        };
        match verified {
            Ok(verified) => {
                let head = verified.head;
                out::line(&format!("the log is whole up to {}:{}", head.number, head.digest))
            }
            Err(broken) => {
                out::note(&format!("the audit log is not whole: {broken}"));
                Err(Failure::Found)
            }
        }
    })?
}
