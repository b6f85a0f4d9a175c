//! Labelled mail: one JSON object a line, as in `data/mails/` (`data/README.md` has the fields).
//!
//! Takes a file, gives its rows; refuses a file with a line that is no row, naming the line. Sets
//! of others may call the text `body` and leave out language, addresses and news.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::policy::model::Part;

/// What a mail should come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// It tells bad news that should have been told by voice.
    Hold,
    /// Everything else.
    Pass,
}

/// A part that a writer's mails are kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeptFor {
    /// The test.
    Test,
}

/// A labelled mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// Its name within its set.
    pub id: String,
    /// ISO 639-1; sets that do not say are English.
    #[serde(default = "english")]
    pub lang: String,
    /// Header From, perhaps with a display name.
    #[serde(default)]
    pub from: Option<String>,
    /// Recipients.
    #[serde(default)]
    pub to: Vec<String>,
    /// Subject.
    #[serde(default)]
    pub subject: String,
    /// What the sender newly wrote.
    #[serde(alias = "body")]
    pub text: String,
    /// The mail it answers or forwards, without quote marks.
    #[serde(default)]
    pub quoted: Option<String>,
    /// What it should come to.
    pub label: Label,
    /// The kind of news, or the kind of pass.
    #[serde(default)]
    pub category: String,
    /// The sentences that carry the news, as they stand in `text` or `subject`.
    #[serde(default)]
    pub news: Vec<String>,
    /// The brief it was written from, if another mail was too.
    #[serde(default, rename = "brief")]
    pub brief_name: Option<String>,
    /// Kept for one part whatever its brief: everything of a writer that nothing else is by.
    #[serde(default)]
    pub kept_for: Option<KeptFor>,
    /// What it shares with its minimal twin of the other label.
    #[serde(default)]
    pub pair: Option<String>,
    /// What makes the difference between the twins: `negation: …`.
    #[serde(default)]
    pub flip: Option<String>,
}

fn english() -> String {
    "en".to_owned()
}

impl Row {
    /// What it shares with mails made from the same brief.
    pub fn brief(&self) -> &str {
        self.pair.as_deref().or(self.brief_name.as_deref()).unwrap_or(&self.id)
    }

    /// The part of the data it belongs to.
    pub fn part(&self) -> Part {
        match self.kept_for {
            Some(KeptFor::Test) => Part::Test,
            None => Part::of(self.brief()),
        }
    }
}

/// Why a set cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// The file cannot be read.
    #[error("{} cannot be read", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is no labelled mail.
    #[error("{}:{line} is no labelled mail", file.display())]
    Line {
        /// Which file.
        file: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The rows of a file; empty lines are skipped.
///
/// # Errors
/// The file cannot be read, or a line is no row.
pub fn read(file: &Path) -> Result<Vec<Row>, SetError> {
    let text = std::fs::read_to_string(file)
        .map_err(|source| SetError::File { file: file.to_owned(), source })?;
    text.lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty())
        .map(|(text, line)| {
            serde_json::from_str(text).map_err(|source| SetError::Line {
                file: file.to_owned(),
                line,
                source,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Result<Vec<Row>, SetError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read(file.path())
    }

    #[test]
    fn a_row_of_ours_and_a_row_of_others_are_both_read() {
        let rows = set(concat!(
            r#"{"id":"a","lang":"de","from":"x@y.example","to":["z@w.example"],"subject":"s","#,
            r#""text":"t","quoted":null,"label":"hold","category":"rejection","news":["t"],"#,
            r#""industry":"press","pair":"p1","flip":"time: was / is"}"#,
            "\n\n",
            r#"{"id":"b","source":"elsewhere","subject":"s","body":"t","label":"pass","note":""}"#,
        ))
        .unwrap();
        assert_eq!(
            (rows[0].lang.as_str(), rows[0].brief(), rows[0].label),
            ("de", "p1", Label::Hold)
        );
        assert_eq!(
            (rows[1].lang.as_str(), rows[1].brief(), rows[1].text.as_str()),
            ("en", "b", "t")
        );
    }

    #[test]
    fn a_line_that_is_no_row_is_named() {
        let error = set("{\"id\":\"a\",\"text\":\"\",\"label\":\"pass\"}\n{}").unwrap_err();
        assert!(error.to_string().ends_with(":2 is no labelled mail"), "{error}");
        assert!(matches!(read(Path::new("/nowhere")), Err(SetError::File { .. })));
    }
}
