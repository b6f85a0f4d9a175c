//! `callfirst reply`: what a reply to a notice asks for.

use std::path::PathBuf;

use clap::Args;

use super::{
    Configured,
    envelope::read_file,
    out::{self, Failure, plain},
    setup,
};
use crate::{
    message::{self, Limits},
    notice::reply::understand,
};

/// Below `--help`.
const HELP: &str = "\
Example:
  printf 'From: you@x.example\\n\\nI called, send it\\n' | callfirst reply --json -

The commands: called_send, called_dont_send, no_answer, withdraw, false_alarm, send_anyway, unclear,
none. What is quoted below a reply is not read.";

/// Say what a reply to a notice asks for. Changes nothing.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// One JSON object instead of words
    #[arg(long)]
    json: bool,
    /// The reply: a file, or - for standard input
    #[arg(value_name = "MAIL")]
    mail: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(path) = &arguments.configured.config {
        // Nothing in it matters to a reply, but a broken one must not go unnoticed.
        setup::config(path)?;
    }
    let content = read_file(&arguments.mail)?;
    let understood = understand(&message::read(&content, &Limits::default()));
    if arguments.json {
        return out::json(&understood);
    }
    let reason = understood.reason.map(|r| format!(": {}", plain(&r))).unwrap_or_default();
    out::line(&format!("{}{reason}", understood.command.in_words()))
}
