//! `callfirst replay`: the verdicts over many messages, and totals a policy.

use std::{collections::BTreeMap, path::PathBuf, time::Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{
    Configured,
    envelope::Addresses,
    mailbox,
    out::{self, Failure, Paint},
    setup::{self, Ask},
    verdict,
};
use crate::decision::Verdict;

/// Below `--help`.
const HELP: &str = "\
Examples:
  callfirst replay ~/Maildir/.Sent
  callfirst replay -c /etc/callfirst/callfirst.toml --json sent.mbox > verdicts.jsonl

Without --json only what would be held is told; totals go to stderr. elapsed_us is microseconds.
Exit 1 if a file could not be read.";

/// Judge many messages and count: what would be held, by which policy. Changes nothing.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// One JSON object a message on stdout; totals go to stderr
    #[arg(long)]
    json: bool,
    /// Ask the second reader of the configuration about mail in doubt: it costs time and requests
    #[arg(long, requires = "config")]
    second_reader: bool,
    #[command(flatten)]
    addresses: Addresses,
    /// .eml files, folders of them, Maildirs or mbox files
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

#[derive(Default)]
struct Totals {
    messages: u64,
    held: u64,
    unreadable: u64,
    held_by_policy: BTreeMap<String, u64>,
    passed_by_reason: BTreeMap<&'static str, u64>,
    judging_us: u64,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let ask = if arguments.second_reader { Ask::Always } else { Ask::Never };
    let judge = setup::judge(arguments.configured.config.as_deref(), ask)?;
    let files = mailbox::files(&arguments.paths)?;
    let bar = progress(files.len() as u64);
    let mut totals = Totals::default();
    for file in &files {
        bar.inc(1);
        let each = |source: &str, content: &[u8]| {
            judge_one(arguments, &judge, source, content, &mut totals)
        };
        if let Err(unreadable) = mailbox::each_message(file, each)? {
            totals.unreadable += 1;
            bar.suspend(|| out::note(&unreadable));
        }
    }
    bar.finish_and_clear();
    if totals.messages == 0 && totals.unreadable == 0 {
        out::note(
            "no message found: of a folder only .eml, .msg and .mbox files are read, and the \
             files in a Maildir's cur and new",
        );
    }
    out::note(&totals.in_words());
    if let Some(asked) = judge.asked_in_words() {
        out::note(&format!("  {asked}"));
    }
    if totals.unreadable > 0 { Err(Failure::Found) } else { Ok(()) }
}

fn judge_one(
    arguments: &Arguments,
    judge: &setup::DryJudge,
    source: &str,
    content: &[u8],
    totals: &mut Totals,
) -> Result<(), Failure> {
    let envelope = arguments.addresses.envelope(content)?;
    let started = Instant::now();
    let judged = judge.judge(&envelope, content);
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    totals.count(&judged.decision, elapsed_us);
    if arguments.json {
        return out::json(&verdict::VerdictLine::new(source, &judged, elapsed_us));
    }
    match judged.decision.verdict {
        Verdict::Hold => out::line(&verdict::in_words(source, &judged, Paint::stdout())),
        Verdict::Pass => Ok(()),
    }
}

fn progress(files: u64) -> ProgressBar {
    // indicatif draws on stderr and only on a terminal.
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}");
    let bar = ProgressBar::new(files);
    if let Ok(style) = style { bar.with_style(style) } else { bar }
}

impl Totals {
    fn count(&mut self, decision: &crate::decision::Decision, elapsed_us: u64) {
        self.messages += 1;
        self.judging_us += elapsed_us;
        match decision.verdict {
            Verdict::Hold => {
                self.held += 1;
                let policy = decision.policy.clone().unwrap_or_default();
                *self.held_by_policy.entry(policy).or_default() += 1;
            }
            Verdict::Pass => {
                *self.passed_by_reason.entry(decision.reason.as_str()).or_default() += 1;
            }
        }
    }

    fn in_words(&self) -> String {
        let share = |n: u64| 100.0 * n as f64 / self.messages.max(1) as f64;
        let mut text = format!(
            "{} message{}: {} would be held ({:.2} %), {} pass; {} µs a message",
            self.messages,
            if self.messages == 1 { "" } else { "s" },
            self.held,
            share(self.held),
            self.messages - self.held,
            self.judging_us / self.messages.max(1),
        );
        for (policy, n) in &self.held_by_policy {
            text.push_str(&format!("\n  held by {policy}: {n} ({:.2} %)", share(*n)));
        }
        for (reason, n) in &self.passed_by_reason {
            text.push_str(&format!("\n  passed, {reason}: {n}"));
        }
        if self.unreadable > 0 {
            text.push_str(&format!("\n  files that could not be read: {}", self.unreadable));
        }
        text
    }
}
