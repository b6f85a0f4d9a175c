//! The reference mails: what a change does to mail in general is seen on them.
//!
//! Some six hundred of the labelled mails of `data/mails`, none of them of the test part: of each
//! category as many that are to be held, and passes of every kind, in seven languages. They stand for
//! other people's mail, not for a house's own: that is what recorded traffic is for.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::{
    decision::{Organisation, Trial, Verdict},
    message::{Language, PassageKind, Reading},
    policy::{PolicySet, PolicyTest, spelled},
};

/// The set that ships; `data/reference/choose.py` chose it.
const SHIPPED: &str = include_str!("../../data/reference/mails.jsonl");

/// A reference mail.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// Its language.
    pub lang: String,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: Vec<String>,
    /// Subject.
    #[serde(default)]
    pub subject: String,
    /// What was newly written.
    pub text: String,
    /// What it answers.
    #[serde(default)]
    pub quoted: Option<String>,
    label: Label,
    /// The kind of news, or of pass.
    pub category: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Label {
    Hold,
    Pass,
}

impl Row {
    /// Whether it is bad news.
    pub fn is_news(&self) -> bool {
        self.label == Label::Hold
    }
}

/// Why a set is none.
#[derive(Debug, thiserror::Error)]
#[error("line {line} of the reference set is no mail")]
pub struct SetError {
    /// Which line, from 1.
    line: usize,
    #[source]
    source: Option<serde_json::Error>,
}

/// The mails, read.
#[derive(Debug)]
pub struct Reference {
    mails: Vec<(Row, Trial)>,
    /// In how many of a language a word stands, and how many those are.
    words: HashMap<Language, (HashMap<String, usize>, usize)>,
}

impl Reference {
    /// The set that ships. `read` reads a mail as the service does.
    ///
    /// # Errors
    /// A line is no mail: of the set that ships, none is.
    pub fn shipped(read: &dyn Fn(&[u8]) -> Reading) -> Result<Reference, SetError> {
        Reference::of(SHIPPED, read)
    }

    fn of(text: &str, read: &dyn Fn(&[u8]) -> Reading) -> Result<Reference, SetError> {
        let mut mails = Vec::new();
        let mut words: HashMap<Language, (HashMap<String, usize>, usize)> = HashMap::new();
        for (line, text) in (1..).zip(text.lines()) {
            let row: Row = serde_json::from_str(text)
                .map_err(|source| SetError { line, source: Some(source) })?;
            let trial = trial(&row, read).ok_or(SetError { line, source: None })?;
            let language = Language::from_code(&row.lang).unwrap_or(Language::En);
            let (of_language, mails_of_it) = words.entry(language).or_default();
            *mails_of_it += 1;
            for word in words_of(&trial.reading) {
                *of_language.entry(word).or_default() += 1;
            }
            mails.push((row, trial));
        }
        Ok(Reference { mails, words })
    }

    /// The share of the mails of a language that a word stands in.
    pub fn commonness(&self, language: Language, word: &str) -> f64 {
        let Some((words, all)) = self.words.get(&language) else { return 0.0 };
        words.get(word).copied().unwrap_or_default() as f64 / (*all).max(1) as f64
    }

    /// The mails.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.mails.iter().map(|(row, _)| row)
    }

    /// Which of them a set holds, in their order.
    pub fn held_by(&self, set: &PolicySet) -> Vec<bool> {
        self.mails.iter().map(|(_, trial)| trial.decide(set).verdict == Verdict::Hold).collect()
    }
}

fn trial(row: &Row, read: &dyn Fn(&[u8]) -> Reading) -> Option<Trial> {
    let test = PolicyTest {
        name: row.id.clone(),
        subject: row.subject.clone(),
        text: row.text.clone(),
        quoted: row.quoted.clone(),
        attached: None,
        from: Some(address(&row.from).to_owned()),
        to: Some(address(row.to.first()?).to_owned()),
        hold: row.is_news(),
        until: None,
    };
    let nobody = Organisation { name: String::new(), domains: Vec::new() };
    Trial::of(&test, &nobody, read)
}

/// The address of `Name <x@y>`.
fn address(mailbox: &str) -> &str {
    let inner = mailbox.rsplit_once('<').map_or(mailbox, |(_, rest)| rest);
    inner.trim().trim_end_matches('>').trim()
}

fn words_of(reading: &Reading) -> HashSet<String> {
    let own = reading.passages.iter().filter(|p| p.kind != PassageKind::Quoted);
    let sentences = own.flat_map(|p| &p.sentences);
    sentences.flat_map(spelled).map(|spelled| spelled.word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        message::{self, Limits},
        policy::model::Part,
    };

    #[test]
    fn the_set_that_ships_is_whole_balanced_and_none_of_the_test() {
        let read = |bytes: &[u8]| message::read(bytes, &Limits::default());
        let reference = Reference::shipped(&read).unwrap();
        let rows: Vec<&Row> = reference.rows().collect();
        assert!((550..=700).contains(&rows.len()), "{}", rows.len());
        let mut by_category: HashMap<&str, usize> = HashMap::new();
        for row in rows.iter().filter(|row| row.is_news()) {
            *by_category.entry(&row.category).or_default() += 1;
        }
        assert_eq!(by_category.len(), 12);
        // One mail of a category is less than three points of it: losing one alone is no refusal.
        assert!(by_category.values().all(|mails| *mails == 34), "{by_category:?}");
        assert!(reference.commonness(Language::En, "the") > 0.5);

        // None of the test part: the mails of the data folder by name.
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mails");
        let mut of_test = HashSet::new();
        for file in std::fs::read_dir(folder).unwrap() {
            for row in crate::cli::labelled::read(&file.unwrap().path()).unwrap() {
                if row.part() == Part::Test {
                    of_test.insert(row.id);
                }
            }
        }
        assert!(rows.iter().all(|row| !of_test.contains(&row.id)));
    }
}
