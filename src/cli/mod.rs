//! The command line: every command of the contract, one file each.
//!
//! Exit 0: done. 1: it found problems. 2: usage or configuration error. `--json` prints one JSON
//! object a line on stdout; everything meant for people goes to stderr.

mod audit;
mod check;
mod demo;
mod envelope;
mod erase;
pub mod evaluate;
mod explain;
mod extract;
mod holds;
mod init;
pub mod labelled;
mod learning;
mod mailbox;
mod notice;
mod out;
mod people;
mod policies;
mod replay;
mod reply;
mod report;
mod second_reader;
mod serve;
mod setup;
mod test;
mod traffic;
pub mod train;
mod tune;
mod verdict;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

pub use out::Failure;

/// Holds bad news at the outbound mail relay and prompts the sender to call instead.
#[derive(Parser)]
#[command(
    name = "callfirst",
    version,
    propagate_version = true,
    after_help = "Try it:  callfirst demo\n\
                  Learn:   callfirst explain mail.eml   says why one message would be held\n\
                  Set up:  callfirst init /etc/callfirst   then   callfirst check -c FILE\n\n\
                  Exit codes: 0 done, 1 it found problems, 2 usage or configuration error."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service: SIGHUP reloads, SIGTERM drains
    Serve(serve::Arguments),
    /// Check configuration and policies, and run the policies' own tests
    Check(check::Arguments),
    /// Say why one message would be held or passed; changes nothing
    Explain(explain::Arguments),
    /// Judge many messages: files, folders, Maildirs, mboxes; changes nothing
    Replay(replay::Arguments),
    /// Run the tests written in the policies
    Test(test::Arguments),
    /// List, show, release, withdraw or export held messages
    Holds(holds::Arguments),
    /// Accounts of the desk: add, list, reset, disable, enable
    People(people::Arguments),
    /// Figures of what came of held mail: calls, promises, causes, false alarms
    Report(report::Arguments),
    /// What was judged, what each policy would have held, and what a change would make of it
    Traffic(traffic::Arguments),
    /// Propose changes of policies for a mail that was held by mistake, or missed
    Tune(tune::Arguments),
    /// The book of changes of policies: see, accept, refuse, take back
    Policies(policies::Arguments),
    /// Judge labelled sets: recall, false holds, by category and language
    Evaluate(evaluate::EvaluateArgs),
    /// Train the model that ships, reproducibly, from a data folder
    Train(train::TrainArgs),
    /// Say what a reply to a notice asks for; changes nothing
    Reply(reply::Arguments),
    /// Show the notice that a message would cause
    Notice(notice::Arguments),
    /// Check the audit log's hash chain and its signed heads, or export it
    Audit(audit::Arguments),
    /// Erase what there is of one person
    Erase(erase::Arguments),
    /// Write a commented configuration, secrets and the shipped policies into a folder
    Init(init::Arguments),
    /// Show the whole thing on this machine, with sample mail and nothing installed
    Demo(demo::Arguments),
    /// The text of a document on standard input: what the service starts for attachments
    #[command(hide = true)]
    Extract(extract::Arguments),
}

/// `-c FILE`, where a command can do without.
#[derive(Args)]
struct Configured {
    /// The configuration file; without it the shipped policies judge, and the sender's own
    /// domain is the inside
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// `-c FILE`, where a command cannot.
#[derive(Args)]
struct NeedsConfiguration {
    /// The configuration file
    #[arg(short, long, value_name = "FILE", default_value = "/etc/callfirst/callfirst.toml")]
    config: PathBuf,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Serve(a) => serve::run(&a),
        Command::Check(a) => check::run(&a),
        Command::Explain(a) => explain::run(&a),
        Command::Replay(a) => replay::run(&a),
        Command::Test(a) => test::run(&a),
        Command::Holds(a) => holds::run(&a),
        Command::People(a) => people::run(&a),
        Command::Report(a) => report::run(&a),
        Command::Traffic(a) => traffic::run(&a),
        Command::Tune(a) => tune::run(&a),
        Command::Policies(a) => policies::run(&a),
        Command::Evaluate(a) => learning::evaluate(&a),
        Command::Train(a) => learning::train(&a),
        Command::Reply(a) => reply::run(&a),
        Command::Notice(a) => notice::run(&a),
        Command::Audit(a) => audit::run(&a),
        Command::Erase(a) => erase::run(&a),
        Command::Init(a) => init::run(&a),
        Command::Demo(a) => demo::run(&a),
        Command::Extract(a) => return extract::run(&a),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}
