//! `callfirst explain`: why one message would be held or passed.

use std::{path::PathBuf, time::Instant};

use clap::Args;

use super::{
    Configured,
    envelope::{Addresses, read_file},
    out::{self, Failure, Paint},
    setup::{self, Ask},
    verdict,
};

/// Below `--help`.
const HELP: &str = "\
Examples:
  callfirst explain mail.eml
  callfirst explain -c /etc/callfirst/callfirst.toml --to customer@elsewhere.example mail.eml
  postcat -bh -q QUEUEID | callfirst explain -

The numbers under “why” are log-odds: above 0 speaks for bad news, below 0 against it. With the
policy's `base`, summed as docs/policies.md says, they give the probability, 0 to 1.
Where the configuration has a second reader and the mail is in doubt, it is asked, as the relay would.
So are the LDAP directory and the customer system, where there are any and the mail is to be held.
Exit 0 whether it would be held or passed.";

/// Why one message would be held or passed, with every contribution. Changes nothing, sends no mail.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// One JSON object instead of words
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    addresses: Addresses,
    /// The message: a file, or - for standard input
    #[arg(value_name = "MAIL")]
    mail: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let judge = setup::judge(arguments.configured.config.as_deref(), Ask::IfConfigured)?;
    let content = read_file(&arguments.mail)?;
    let envelope = arguments.addresses.envelope(&content)?;
    let started = Instant::now();
    let judged = judge.judge(&envelope, &content);
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let source = arguments.mail.display().to_string();
    if arguments.json {
        out::json(&verdict::VerdictLine::new(&source, &judged, elapsed_us).explained(&judged))
    } else {
        out::line(&verdict::in_words(&source, &judged, Paint::stdout()))
    }
}
