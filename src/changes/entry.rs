//! A line of the book.

use serde::{Deserialize, Serialize};

use super::Projection;
use crate::{
    hold::Actor,
    mail::Timestamp,
    policy::Source,
    tuning::{Effect, FileChange, unified},
};

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for somebody who accepts it.
    Proposed,
    /// Accepted and written; the service has not taken it over yet.
    Accepted,
    /// In force.
    Live,
    /// Taken back by a later change.
    RolledBack,
    /// Not wanted.
    Refused,
}

impl State {
    /// All of them.
    pub const ALL: [State; 5] =
        [State::Proposed, State::Accepted, State::Live, State::RolledBack, State::Refused];

    /// As the book writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Accepted => "accepted",
            State::Live => "live",
            State::RolledBack => "rolled_back",
            State::Refused => "refused",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Accepted => "accepted, soon in force",
            State::Live => "in force",
            State::RolledBack => "rolled back",
            State::Refused => "refused",
        }
    }
}

/// A file's text before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileText {
    /// Its name below the policy folder.
    pub file: String,
    /// As it was; empty where it was not there.
    pub before: String,
    /// As it is.
    pub after: String,
}

impl FileText {
    /// As a unified diff.
    pub fn diff(&self) -> String {
        unified(&self.file, &self.before, &self.after)
    }
}

impl From<FileChange> for FileText {
    fn from(change: FileChange) -> FileText {
        FileText { file: change.file, before: change.before, after: change.after }
    }
}

/// What a change was said to do, in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Own tests of the policies.
    pub tests: usize,
    /// Of them fail.
    pub failed: Vec<String>,
    /// Bad news of the reference mails held before, after, and of how many.
    pub news: (usize, usize, usize),
    /// Ordinary mails held before, after, and of how many.
    pub ordinary: (usize, usize, usize),
    /// Why it should not be taken.
    pub refusals: Vec<String>,
    /// Holds a day of recorded traffic before and after, where there is any.
    #[serde(default)]
    pub holds_a_day: Option<(f64, f64)>,
}

impl Said {
    /// The same with what recorded traffic says.
    #[must_use]
    pub fn with(self, projection: Option<Projection>) -> Said {
        Said { holds_a_day: projection.map(|p| (p.before, p.after)), ..self }
    }
}

impl From<&Effect> for Said {
    fn from(effect: &Effect) -> Said {
        let (before, after) = (&effect.reference.before, &effect.reference.after);
        let failed = effect.failed_tests.iter();
        Said {
            tests: effect.tests,
            failed: failed.map(|test| format!("{}: {}", test.policy, test.name)).collect(),
            news: (before.news.held, after.news.held, before.news.of),
            ordinary: (before.ordinary.held, after.ordinary.held, before.ordinary.of),
            refusals: effect.refusals(),
            holds_a_day: None,
        }
    }
}

/// A change to enter.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// What kind.
    pub kind: String,
    /// In a sentence.
    pub title: String,
    /// Why.
    pub why: String,
    /// The hold that it is about.
    pub hold: Option<String>,
    /// Its files.
    pub files: Vec<FileText>,
    /// What it does.
    pub said: Option<Said>,
    /// Why it is wanted though the reference mails speak against it.
    pub overruled: Option<String>,
    /// The change that it takes back.
    pub undoes: Option<u64>,
}

/// A change in the book.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number.
    pub number: u64,
    /// Where it stands.
    pub state: State,
    /// When it was proposed, and by whom.
    pub proposed: (Timestamp, Actor),
    /// When it was accepted or refused, and by whom.
    pub decided: Option<(Timestamp, Actor)>,
    /// When the service took it over.
    pub live: Option<Timestamp>,
    /// What it is.
    pub new: NewEntry,
}

impl Entry {
    /// Its diff, all files.
    pub fn diff(&self) -> String {
        self.new.files.iter().map(FileText::diff).collect()
    }

    /// Whether these files are as it leaves them.
    pub(super) fn is_in(&self, sources: &[Source]) -> bool {
        self.new.files.iter().all(|file| text_of(sources, &file.file) == file.after)
    }
}

/// The text of a file; empty where it is not there.
pub(super) fn text_of<'s>(sources: &'s [Source], file: &str) -> &'s str {
    sources.iter().find(|source| source.name == file).map_or("", |source| &source.text)
}
