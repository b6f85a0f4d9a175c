//! `callfirst policies`: the book of changes.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    NeedsConfiguration,
    out::{self, Failure, plain},
    setup::{self, Ask},
    tune::of_effect,
};
use crate::{
    app,
    changes::{Book, Entry, Recordings, Said, Workshop, WorkshopError},
    config::{Config, Mistakes},
    mail::Timestamp,
    store::Database,
    traffic::{Hasher, Log},
};

/// Below `--help`.
const HELP: &str = "\
Examples:
  callfirst policies history
  callfirst policies diff 12
  callfirst policies rollback 12 --reason \"holds nothing any more\"

The files are the truth; the book tells who changed them, when, why, and what that was said to do. What
an editor or git changed stands there as “changed outside”. Exit 1 where a change is refused.";

/// The book of changes of policies: see, accept, refuse, take back.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The last fifty changes, newest first
    History {
        /// Only those before this one
        #[arg(long, value_name = "NUMBER")]
        before: Option<u64>,
        /// One JSON object a change on stdout
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
    /// A change as a patch for the policy folder (`patch -p1`), and what it was said to do
    Diff {
        /// Its number
        number: u64,
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
    /// Take a change that somebody proposed: its files are written
    Accept {
        /// Its number
        number: u64,
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
    /// Refuse a change that somebody proposed
    Refuse {
        /// Its number
        number: u64,
        /// Why, for the book
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
    /// Take a change back: its files become what they were, as a new change
    Rollback {
        /// Its number
        number: u64,
        /// Why, for the book
        #[arg(long, default_value = "")]
        reason: String,
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    setup::block_on(act(&arguments.what))?
}

async fn act(what: &What) -> Result<(), Failure> {
    let now = Timestamp::now();
    match what {
        What::History { before, json, configured } => {
            let page = open(configured).await?.book().map_err(|e| failure(&e))?.page(*before).await;
            history(&page.map_err(|error| Failure::broke("reading the book", &error))?, *json)
        }
        What::Diff { number, configured } => diff(&open(configured).await?, *number).await,
        What::Accept { number, configured } => {
            let entry = open(configured).await?.accept(*number, &out::operator(), now).await;
            written(&entry.map_err(|error| failure(&error))?)
        }
        What::Refuse { number, reason, configured } => {
            let workshop = open(configured).await?;
            let book = workshop.book().map_err(|error| failure(&error))?;
            let done = book.refuse(*number, &out::operator(), reason, now).await;
            done.map_err(|error| Failure::Broke(error.to_string()))?;
            out::note(&format!("change {number} is refused"));
            Ok(())
        }
        What::Rollback { number, reason, configured } => {
            let by = out::operator();
            let entry = open(configured).await?.roll_back(*number, reason, &by, now).await;
            written(&entry.map_err(|error| failure(&error))?)
        }
    }
}

async fn open(configured: &NeedsConfiguration) -> Result<Workshop, Failure> {
    let judge = setup::judge(Some(&configured.config), Ask::Never)?;
    let config = setup::config(&configured.config)?;
    let database = setup::database(&config.store).await?;
    Ok(app::workshop(&config, kept(&config, database), judge.inner()))
}

/// The book in a configuration's database, and its recorded traffic where the key to it can be read.
pub(super) fn kept(config: &Config, database: Database) -> (Option<Book>, Option<Recordings>) {
    let book = Book::new(database.clone(), &config.store.node);
    let keys = app::load_key(&config.store.key_file).ok();
    let recordings = keys.map(|keys| Recordings {
        log: Log::new(database),
        hasher: Hasher::new(keys.derived("traffic")),
    });
    (Some(book), recordings)
}

/// Why it could not be done, mistakes with their lines.
pub(super) fn failure(error: &WorkshopError) -> Failure {
    match error {
        WorkshopError::Mistakes(diagnostics) => {
            setup::tell(&Mistakes { diagnostics: diagnostics.clone(), sources: Vec::new() })
        }
        other => Failure::Broke(crate::telemetry::Chain(other).to_string()),
    }
}

fn written(entry: &Entry) -> Result<(), Failure> {
    let number = entry.number;
    out::note(&format!(
        "change {number} is written; a running service takes it over within seconds"
    ));
    Ok(())
}

/// One line of `history --json`.
#[derive(Serialize)]
struct Line<'e> {
    change: u64,
    state: &'static str,
    kind: &'e str,
    title: &'e str,
    why: &'e str,
    hold: Option<&'e str>,
    proposed: Timestamp,
    proposed_by: &'e str,
    decided: Option<Timestamp>,
    decided_by: Option<&'e str>,
    live: Option<Timestamp>,
    ruling: Option<&'e str>,
    undoes: Option<u64>,
    files: Vec<&'e str>,
    effect: Option<&'e Said>,
}

fn history(entries: &[Entry], json: bool) -> Result<(), Failure> {
    for entry in entries {
        let new = &entry.new;
        if json {
            out::json(&Line {
                change: entry.number,
                state: entry.state.as_str(),
                kind: &new.kind,
                title: &new.title,
                why: &new.why,
                hold: new.hold.as_deref(),
                proposed: entry.proposed.0,
                proposed_by: &entry.proposed.1.name,
                decided: entry.decided.as_ref().map(|(at, _)| *at),
                decided_by: entry.decided.as_ref().map(|(_, by)| by.name.as_str()),
                live: entry.live,
                ruling: new.overruled.as_deref(),
                undoes: new.undoes,
                files: new.files.iter().map(|file| file.file.as_str()).collect(),
                effect: new.said.as_ref(),
            })?;
        } else {
            out::line(&format!(
                "{:>4}  {:<24}  {}  {}  {}",
                entry.number,
                entry.state.title(),
                entry.proposed.0.strftime("%Y-%m-%d %H:%M UTC"),
                plain(&entry.proposed.1.name),
                plain(&new.title),
            ))?;
        }
    }
    if entries.is_empty() && !json {
        out::note("no change of a policy yet");
    }
    Ok(())
}

async fn diff(workshop: &Workshop, number: u64) -> Result<(), Failure> {
    let book = workshop.book().map_err(|error| failure(&error))?;
    let entry = book.find(number).await;
    let entry = entry.map_err(|error| Failure::broke("reading the book", &error))?;
    let entry = entry.ok_or_else(|| Failure::Broke(format!("there is no change {number}")))?;
    out::note(&format!("{}: {}", entry.state.title(), plain(&entry.new.title)));
    for line in entry.new.said.iter().flat_map(of_effect) {
        out::note(&line);
    }
    out::line(entry.diff().trim_end())
}
