//! `callfirst evaluate`: judges labelled sets and says how often it was right.
//!
//! Takes sets ([`super::labelled`]) and a judge; gives a report as text or as one JSON object.
//! The judge is handed in: this room counts, it does not judge.

mod curve;
pub mod mail;
pub mod model_alone;
mod print;
mod report;
pub mod sentences;
pub mod statistics;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::anyhow;

use super::labelled::{self, Label, Row};
use crate::{
    decision::Evidence,
    policy::{Preset, model::Part},
};

pub use report::Report;

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst evaluate --part test data/mails/*.jsonl

A line: {\"id\":\"1\",\"text\":\"…\",\"label\":\"hold\"}, label hold or pass; data/README.md has all fields.";

/// What to judge.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = HELP)]
pub struct EvaluateArgs {
    /// The configuration whose policies judge; without it, those that ship.
    #[arg(short, long)]
    pub config: Option<PathBuf>,
    /// One JSON object instead of text.
    #[arg(long)]
    pub json: bool,
    /// Write what was said of each mail: a JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub each: Option<PathBuf>,
    /// Write recall over false holds, for every threshold, as a picture (SVG).
    #[arg(long, value_name = "FILE")]
    pub curve: Option<PathBuf>,
    /// Judge with this preset: cautious, balanced or strict.
    #[arg(long, value_parser = preset)]
    pub preset: Option<Preset>,
    /// Judge without the second reading, as with `reader = false`.
    #[arg(long)]
    pub without_reader: bool,
    /// Only the learned model judges, no policy.
    #[arg(long, conflicts_with = "config")]
    pub model_alone: bool,
    /// Ask the second reader of the configuration about mails in doubt: it costs time and requests.
    #[arg(long, requires = "config")]
    pub second_reader: bool,
    /// No verdicts: the sentences of each mail as the judge reads them, a JSON object a mail; the
    /// reader is trained on them (`data/README.md`).
    #[arg(long, conflicts_with_all = ["config", "model_alone", "json"])]
    pub sentences: bool,
    /// Only this part of the mails: train, dev or test (`data/README.md`).
    #[arg(long, value_parser = part)]
    pub part: Option<Part>,
    /// Sets of labelled mail, a JSON object a line.
    #[arg(required = true)]
    pub sets: Vec<PathBuf>,
}

/// What the judge said of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowVerdict {
    /// Whether it would be held.
    pub hold: bool,
    /// How sure, 0 to 1.
    pub probability: f64,
    /// The category it found or came nearest to.
    pub category: Option<String>,
    /// What spoke for and against, heaviest first.
    pub evidence: Vec<Evidence>,
    /// The time it took: reading and judging, one thread.
    pub elapsed: Duration,
}

/// A row with what was said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The set's file name.
    pub set: String,
    /// The row.
    pub row: Row,
    /// The verdict.
    pub verdict: RowVerdict,
}

/// Judges every row of the sets and writes the report.
///
/// # Errors
/// A set cannot be read, or the report cannot be written.
pub fn run(
    args: &EvaluateArgs,
    judge: &dyn Fn(&Row) -> RowVerdict,
    out: &mut dyn Write,
) -> anyhow::Result<Report> {
    let judged = |(set, row)| Judged { verdict: judge(&row), set, row };
    let judged: Vec<Judged> = rows(args)?.into_iter().map(judged).collect();
    if let Some(file) = &args.each {
        write_file(file, &each(&judged)?)?;
    }
    if let Some(file) = &args.curve {
        let sets: Vec<String> = args
            .sets
            .iter()
            .filter_map(|s| Some(s.file_stem()?.to_string_lossy().into()))
            .collect();
        let title = match sets.as_slice() {
            few @ ([] | [_] | [_, _] | [_, _, _]) => few.join(", "),
            many => format!("{} sets", many.len()),
        };
        let title = format!("{} mails: {title}", judged.len());
        write_file(file, &curve::svg(&title, &judged))?;
    }
    let report = Report::of(&judged);
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    } else {
        print::text(&report, out)?;
    }
    Ok(report)
}

/// The cause is told, not kept: an `io::Error` of this room means its output, not a file.
fn write_file(file: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(file, text).map_err(|why| anyhow!("{} cannot be written: {why}", file.display()))
}

/// A line for each mail.
fn each(judged: &[Judged]) -> serde_json::Result<String> {
    #[derive(serde::Serialize)]
    struct Line<'j> {
        set: &'j str,
        id: &'j str,
        pair: Option<&'j str>,
        lang: &'j str,
        label: Label,
        category: &'j str,
        hold: bool,
        found: Option<&'j str>,
        probability: f64,
        elapsed_us: u128,
    }
    let mut out = String::new();
    for Judged { set, row, verdict } in judged {
        let line = Line {
            set,
            id: &row.id,
            pair: row.pair.as_deref(),
            lang: &row.lang,
            label: row.label,
            category: &row.category,
            hold: verdict.hold,
            found: verdict.category.as_deref(),
            probability: verdict.probability,
            elapsed_us: verdict.elapsed.as_micros(),
        };
        out.push_str(&serde_json::to_string(&line)?);
        out.push('\n');
    }
    Ok(out)
}

/// The rows that are wanted, each with the name of its set.
///
/// # Errors
/// A set cannot be read.
pub fn rows(args: &EvaluateArgs) -> anyhow::Result<Vec<(String, Row)>> {
    let mut rows = Vec::new();
    for file in &args.sets {
        let set = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let wanted = |row: &Row| args.part.is_none_or(|part| row.part() == part);
        let found = labelled::read(file)?.into_iter().filter(wanted);
        rows.extend(found.map(|row| (set.clone(), row)));
    }
    Ok(rows)
}

fn preset(name: &str) -> Result<Preset, String> {
    let found = Preset::ALL.iter().find(|(known, _)| *known == name);
    found.map(|(_, preset)| *preset).ok_or_else(|| "say cautious, balanced or strict".to_owned())
}

fn part(name: &str) -> Result<Part, String> {
    match name {
        "train" => Ok(Part::Train),
        "dev" => Ok(Part::Dev),
        "test" => Ok(Part::Test),
        _ => Err("say train, dev or test".to_owned()),
    }
}
