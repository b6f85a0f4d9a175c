//! `callfirst explain`: why one message would be held or passed.

use std::{path::PathBuf, time::Instant};

use clap::Args;

use super::{
    Configured,
    envelope::{Addresses, read_file},
    out::{self, Failure, Paint},
    setup, verdict,
};

/// Why one message would be held or passed, with every contribution. Changes nothing, sends nothing.
#[derive(Args)]
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
    let judge = setup::judge(arguments.configured.config.as_deref())?;
    let content = read_file(&arguments.mail)?;
    let envelope = arguments.addresses.envelope(&content)?;
    let started = Instant::now();
    let judged = judge.judge(&envelope, &content);
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let source = arguments.mail.display().to_string();
    if arguments.json {
        out::json(&verdict::VerdictLine::new(&source, &judged, elapsed_us))
    } else {
        out::line(&verdict::in_words(&source, &judged, Paint::stdout()))
    }
}
