//! Reads attached documents, each in a process of its own, and adds their text to a reading.
//!
//! Takes what `message` could not read itself: PDF, Word, OpenDocument and RTF. The programs that
//! read such formats break, loop and swell, so they run in `callfirst extract`, a child that has
//! given up everything but memory and time, and has little of these ([`confine`]).
//!
//! It never fails and never takes longer than it is given. What could not be read becomes a
//! [`Defect`] of the reading, for which a policy can ask. What was read is remembered for a while,
//! because one document goes out in hundreds of mails.

mod child;
mod confined;
mod memory;
mod turns;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use child::Ended;
pub use confined::confine;
use memory::Memory;
use turns::Turns;

use crate::{
    extract::{Kind, Refusal},
    message::{self, Attachment, Defect, Limits, Reading},
    telemetry::attachments as told,
};

/// Documents of one mail that are read.
const MOST_DOCUMENTS: usize = 8;

/// This program, even where its file was replaced since it was started: what reads the documents
/// of a service and of every command.
pub fn this_program() -> PathBuf {
    PathBuf::from("/proc/self/exe")
}

/// What may be spent on attached documents.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether they are read at all.
    pub read: bool,
    /// Larger ones are not read. All of a mail together are bounded by the size of a mail.
    pub max_octets: usize,
    /// For all documents of one mail together, waiting for a turn included.
    pub time: Duration,
    /// Children at once.
    pub at_once: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            read: true,
            max_octets: 10 << 20,
            time: Duration::from_secs(10),
            at_once: std::thread::available_parallelism().map_or(2, usize::from),
        }
    }
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Text(Arc<str>),
    Refused(Refusal),
    /// The child died: a fault of the reader, or a limit of the kernel's.
    Died,
    /// No turn, no child, or no time left: another time it may be read.
    NotRead,
}

/// Reads attached documents.
pub struct Attachments {
    settings: Settings,
    program: PathBuf,
    turns: Turns,
    memory: Memory,
}

impl Attachments {
    /// Within these limits, by a program whose command `extract` reads them.
    pub fn new(settings: Settings, program: PathBuf) -> Attachments {
        let turns = Turns::new(settings.at_once.max(1));
        Attachments { settings, program, turns, memory: Memory::default() }
    }

    /// The limits.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether a mail may have documents to be read. Costs nothing where there are no attachments.
    pub fn concern(&self, reading: &Reading) -> bool {
        self.settings.read && reading.attachments.iter().any(is_candidate)
    }

    /// Adds the text of the attached documents to the reading of this mail, or the defects that
    /// say why there is none. Blocks for `time` at most.
    pub fn read(&self, content: &[u8], limits: &Limits, time: Duration, reading: &mut Reading) {
        if !self.concern(reading) {
            return;
        }
        let until = Instant::now() + time;
        let mut documents = 0;
        let mut found = Vec::new();
        let wanted = |facts: &Attachment| is_candidate(facts);
        message::closed(content, limits, self.settings.max_octets, wanted, |facts, octets| {
            let kind = Kind::of(&facts.name, &facts.media_type, octets.unwrap_or_default());
            let Some(kind) = kind else { return };
            documents += 1;
            let outcome = match octets {
                Some(octets) if documents <= MOST_DOCUMENTS => self.outcome(kind, octets, until),
                _ => Outcome::Refused(Refusal::TooLarge),
            };
            found.push(outcome);
        });
        for outcome in found {
            match outcome {
                Outcome::Text(text) => reading.add_attached(&text, limits),
                Outcome::Refused(Refusal::Encrypted) => reading.add_defect(Defect::Encrypted),
                Outcome::Refused(Refusal::Unreadable) | Outcome::Died => {
                    reading.add_defect(Defect::UnreadableAttachment);
                }
                Outcome::Refused(Refusal::TooLarge) | Outcome::NotRead => {
                    reading.add_defect(Defect::Limit);
                }
            }
        }
    }

    fn outcome(&self, kind: Kind, octets: &[u8], until: Instant) -> Outcome {
        let started = Instant::now();
        let name = memory::Name::of(kind, octets);
        if let Some(known) = self.memory.of(&name) {
            return known;
        }
        let Some(turn) = self.turns.take(until) else {
            told::read(kind.name(), "busy", started.elapsed());
            return Outcome::NotRead;
        };
        // Somebody else may have read the same meanwhile.
        if let Some(known) = self.memory.of(&name) {
            return known;
        }
        let (outcome, word) = run(&self.program, kind, octets, until);
        drop(turn);
        told::read(kind.name(), word, started.elapsed());
        if outcome != Outcome::NotRead {
            self.memory.keep(name, outcome.clone());
        }
        outcome
    }
}

fn is_candidate(facts: &Attachment) -> bool {
    !facts.read && Kind::may_be(&facts.media_type)
}

/// Runs a child; gives what came of it, and a word for it.
fn run(program: &Path, kind: Kind, octets: &[u8], until: Instant) -> (Outcome, &'static str) {
    match child::run(program, kind, octets, until) {
        Ok(Ended::Text(text)) => (Outcome::Text(text.into()), "text"),
        Ok(Ended::Refused(refusal)) => (Outcome::Refused(refusal), word(refusal)),
        Ok(Ended::Died) => (Outcome::Died, "died"),
        Ok(Ended::OutOfTime) => (Outcome::NotRead, "out_of_time"),
        Err(cause) => {
            told::no_child(&cause);
            (Outcome::NotRead, "no_child")
        }
    }
}

fn word(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Encrypted => "encrypted",
        Refusal::Unreadable => "unreadable",
        Refusal::TooLarge => "too_large",
    }
}

/// With what status `callfirst extract` ends: beyond those that other commands and shells use.
const STATUS: [(u8, Refusal); 3] =
    [(10, Refusal::Encrypted), (11, Refusal::Unreadable), (12, Refusal::TooLarge)];

/// The exit status that says this.
pub fn status_of(refusal: Refusal) -> u8 {
    STATUS.iter().find(|(_, r)| *r == refusal).map_or(1, |(status, _)| *status)
}

fn refusal_of(status: Option<i32>) -> Option<Refusal> {
    let status = u8::try_from(status?).ok()?;
    STATUS.iter().find(|(s, _)| *s == status).map(|(_, refusal)| *refusal)
}
