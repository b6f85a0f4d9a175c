//! `callfirst train`: trains the model that ships, reproducibly, from `data/`.
//!
//! Takes the labelled mails of a folder and, if given, a file of ordinary mail as background;
//! gives the file of weights and a summary. The work itself is pure and lives in
//! `policy::model`; this reads, labels the sentences and writes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::labelled::{self, Label, Row};
use crate::policy::model::{Category, Example, Trained, train};

/// What to train from and where to.
#[derive(Debug, Clone, clap::Args)]
pub struct TrainArgs {
    /// Folder whose *.jsonl files hold the labelled mails.
    #[arg(long, default_value = "data/mails")]
    pub data: PathBuf,
    /// More ordinary mail, same fields: its sentences are learned as no news.
    #[arg(long)]
    pub background: Option<PathBuf>,
    /// Decides the order in which sentences are visited.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where the weights are written.
    #[arg(long, default_value = "data/model/weights.tsv")]
    pub out: PathBuf,
}

/// Cuts a text into sentences, each in its `normal` form: what the `message` room does.
pub type Sentences<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// Trains and writes the weights.
///
/// # Errors
/// A file cannot be read or written, or a line of a set is no labelled mail.
pub fn run(args: &TrainArgs, sentences: Sentences<'_>) -> anyhow::Result<Trained> {
    let (examples, sources) = load(args, sentences)?;
    let trained = train(&examples, &sources, args.seed);
    fs::write(&args.out, trained.weights.to_string())
        .with_context(|| format!("{} cannot be written", args.out.display()))?;
    Ok(trained)
}

/// The examples of all files, and the hash of what was read: the files in the order of their
/// names, then the background.
///
/// # Errors
/// A file cannot be read, or a line is no labelled mail.
pub fn load(args: &TrainArgs, sentences: Sentences<'_>) -> anyhow::Result<(Vec<Example>, String)> {
    let mut files = sets_in(&args.data)?;
    files.extend(args.background.clone());
    let mut hash = Sha256::new();
    let mut rows = Vec::new();
    for file in &files {
        let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        hash.update(&bytes);
        rows.extend(labelled::read(file)?);
    }
    Ok((examples(&rows, sentences), HEXLOWER.encode(&hash.finalize())))
}

/// The `*.jsonl` files of a folder, sorted by name.
fn sets_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("{} cannot be read", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{} has no *.jsonl file", folder.display());
    Ok(files)
}

/// The sentences of labelled mails as examples.
///
/// Of a mail to be held, sentences that stand in `news` are news of its category. Its subject is
/// left out unless it is news itself: "Your claim 4711" above a denial is neither the news nor
/// ordinary.
pub fn examples(rows: &[Row], sentences: Sentences<'_>) -> Vec<Example> {
    let sentences = |text: &str| {
        let mut all = sentences(text);
        all.retain(|sentence| !sentence.is_empty());
        all
    };
    let mut examples = Vec::new();
    for (row, mail) in rows.iter().zip(0..) {
        let told: Vec<String> = row.news.iter().flat_map(|n| sentences(n)).collect();
        let category = Category::named(&row.category).unwrap_or_default();
        let example = |before: Option<&String>, sentence: &str| Example {
            mail,
            part: row.part(),
            before: before.cloned(),
            sentence: sentence.to_owned(),
            news: (row.label == Label::Hold && is_told(sentence, &told)).then_some(category),
        };
        for subject in sentences(&row.subject) {
            let subject = example(None, &subject);
            if row.label == Label::Pass || subject.news.is_some() {
                examples.push(subject);
            }
        }
        let body = sentences(&row.text);
        for (at, sentence) in body.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| body.get(at));
            examples.push(example(before, sentence));
        }
    }
    examples
}

/// Whether a sentence is one of those told, or the two overlap because they were cut differently.
pub fn is_told(sentence: &str, told: &[String]) -> bool {
    /// Shorter ones ("no.") stand in many sentences by chance.
    const LEAST_OCTETS: usize = 12;
    told.iter().any(|t| {
        sentence == t
            || (t.len() >= LEAST_OCTETS && sentence.contains(t.as_str()))
            || (sentence.len() >= LEAST_OCTETS && t.contains(sentence))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_full_stop(text: &str) -> Vec<String> {
        text.split_inclusive('.')
            .map(|s| s.trim().to_lowercase())
            .filter(|s| !s.is_empty())
            .collect()
    }

    const ROWS: &str = concat!(
        r#"{"id":"a","subject":"Your claim","text":"Hello. The claim is denied. Regards.","label":"hold","category":"claim_denial","news":["The claim is denied."]}"#,
        "\n",
        r#"{"id":"b","subject":"Lunch","text":"At noon. Bring soup.","label":"pass","category":"everyday","news":[]}"#,
        "\n"
    );

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.jsonl"), ROWS).unwrap();
        folder
    }

    fn args(folder: &Path) -> TrainArgs {
        TrainArgs {
            data: folder.to_owned(),
            background: None,
            seed: 1,
            out: folder.join("weights.tsv"),
        }
    }

    #[test]
    fn the_told_sentence_is_news_and_the_subject_above_it_is_left_out() {
        let folder = folder();
        let (examples, _) = load(&args(folder.path()), &by_full_stop).unwrap();
        let seen: Vec<(&str, Option<&str>, bool)> = examples
            .iter()
            .map(|e| (e.sentence.as_str(), e.before.as_deref(), e.news.is_some()))
            .collect();
        assert_eq!(
            seen,
            [
                ("hello.", None, false),
                ("the claim is denied.", Some("hello."), true),
                ("regards.", Some("the claim is denied."), false),
                ("lunch", None, false),
                ("at noon.", None, false),
                ("bring soup.", Some("at noon."), false),
            ]
        );
    }

    #[test]
    fn the_same_folder_gives_the_same_file() {
        let folder = folder();
        let mut written = Vec::new();
        for _ in 0..2 {
            run(&args(folder.path()), &by_full_stop).unwrap();
            written.push(fs::read(folder.path().join("weights.tsv")).unwrap());
        }
        assert_eq!(written[0], written[1]);
    }

    #[test]
    fn a_folder_without_sets_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let error = run(&args(folder.path()), &by_full_stop).unwrap_err();
        assert!(error.to_string().contains("has no *.jsonl file"), "{error}");
    }
}
