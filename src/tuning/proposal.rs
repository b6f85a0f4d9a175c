//! What is proposed, and why nothing is.

use super::{
    Bench,
    diff::unified,
    edit::{Edit, EditError, apply},
};
use crate::{
    decision::Reason,
    policy::{Diagnostic, PolicyTest, Source},
};

/// What somebody says of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It was held and should have passed.
    Wrong,
    /// It passed and should have been held.
    Missed,
}

/// The kinds of change, the narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Words that speak against the news.
    Damp,
    /// Words that speak for it.
    Phrase,
    /// Mail with such a subject does not concern the policy.
    Subject,
    /// Mail to this address does not.
    Recipient,
    /// Mail of this sender does not.
    Sender,
    /// One or two signals count a little less.
    Weaken,
    /// One counts a little more.
    Strengthen,
    /// Mail to this domain does not concern the policy.
    Domain,
    /// The policy holds from another probability on.
    Threshold,
    /// What an admin wrote himself.
    Own,
}

impl Kind {
    /// In a word, as `--json` and the change book have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Damp => "damping_phrase",
            Kind::Phrase => "phrase",
            Kind::Subject => "except_subject",
            Kind::Recipient => "except_recipient",
            Kind::Sender => "except_sender",
            Kind::Weaken => "weaken_signal",
            Kind::Strengthen => "strengthen_signal",
            Kind::Domain => "except_domain",
            Kind::Threshold => "threshold",
            Kind::Own => "own_edit",
        }
    }
}

/// A change of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its name, as in [`Source`].
    pub file: String,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
}

impl FileChange {
    /// As a unified diff.
    pub fn diff(&self) -> String {
        unified(&self.file, &self.before, &self.after)
    }
}

/// What changed from one state of the files to another.
pub fn file_changes(before: &[Source], after: &[Source]) -> Vec<FileChange> {
    let changed = before.iter().zip(after).filter(|(b, a)| b.text != a.text);
    let one = |(b, a): (&Source, &Source)| FileChange {
        file: a.name.clone(),
        before: b.text.clone(),
        after: a.text.clone(),
    };
    changed.map(one).collect()
}

/// A change that cures a mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What kind.
    pub kind: Kind,
    /// In a sentence.
    pub title: String,
    /// The small changes that it is made of; the last is its test.
    pub edits: Vec<Edit>,
    /// The files that it changes.
    pub changes: Vec<FileChange>,
    /// Whether its test comes out wrong without the change: else it guards little, and a person
    /// should look at its words.
    pub test_bites: bool,
}

impl Proposal {
    /// Its diff, all files.
    pub fn diff(&self) -> String {
        self.changes.iter().map(FileChange::diff).collect()
    }

    /// All files with it.
    pub fn sources(&self, before: &[Source]) -> Vec<Source> {
        let changed = |source: &Source| {
            let change = self.changes.iter().find(|change| change.file == source.name);
            let text = change.map_or(&source.text, |change| &change.after);
            Source { name: source.name.clone(), text: text.clone() }
        };
        before.iter().map(changed).collect()
    }

    /// The pattern of its phrase, if it is one.
    pub fn pattern(&self) -> Option<&str> {
        self.edits.iter().find_map(|edit| match edit {
            Edit::Signal(new) => Some(new.pattern.as_str()),
            _ => None,
        })
    }

    /// Its test.
    pub fn test(&self) -> Option<&PolicyTest> {
        self.edits.iter().find_map(|edit| match edit {
            Edit::Test { test, .. } => Some(test),
            _ => None,
        })
    }

    /// The same with other words: of its phrase, and of its test. Nothing is tried: the effect shows
    /// whether it still cures.
    ///
    /// # Errors
    /// It does not fit into the files.
    pub fn amended(
        &self,
        bench: &Bench<'_>,
        pattern: Option<&str>,
        (subject, text): (&str, &str),
    ) -> Result<Proposal, EditError> {
        let mut amended = self.clone();
        for edit in &mut amended.edits {
            match edit {
                Edit::Signal(new) => {
                    if let Some(pattern) = pattern {
                        pattern.clone_into(&mut new.pattern);
                    }
                }
                Edit::Test { test, .. } => {
                    subject.clone_into(&mut test.subject);
                    text.clone_into(&mut test.text);
                }
                _ => {}
            }
        }
        amended.changes = file_changes(bench.sources, &apply(bench.sources, &amended.edits)?);
        Ok(amended)
    }
}

/// Why nothing is proposed.
#[derive(Debug, Clone, PartialEq)]
pub enum Nothing {
    /// The policies as they are let it pass already, for this reason.
    Passes(Reason),
    /// The policies as they are hold it already, by this one.
    Held(String),
    /// It passes for a reason that no word of it changes: an exemption, or a conversation that took
    /// place.
    Spared(Reason),
    /// No policy is meant for mail of this sender to these recipients.
    NoPolicy,
    /// The files do not compile as they are.
    Mistakes(Vec<Diagnostic>),
}
