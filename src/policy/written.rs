//! Policy files as decoded: typed, with places, not yet joined to each other.
//!
//! Refuses unknown keys, wrong types and whatever exceeds the limits below; each has a reason
//! in `docs/policies.md`.

mod frame;
mod policy;
mod rollout;
mod sending;
mod signal;

use super::{
    Diagnostic, Source,
    document::{Document, Located, Table},
    phrase::{self, Node},
};
use crate::message::Language;
pub(super) use frame::{Frame, Frames, Reach};
pub(super) use policy::WrittenPolicy;
pub(super) use signal::{Condition, Fact, Gives, Place, Places, WrittenSignal};

/// Entries of one list, and patterns of one signal.
const MAX_ENTRIES: usize = 1_000;
/// Lists in one file.
const MAX_LISTS: usize = 200;
/// Signals in one file.
const MAX_SIGNALS: usize = 300;

/// What one file turned out to be.
#[derive(Debug)]
pub(super) enum Written {
    Policy(Box<WrittenPolicy>),
    Lists(Vec<WrittenList>),
    Common(Common),
}

/// A word list.
#[derive(Debug)]
pub(super) struct WrittenList {
    pub(super) file: String,
    pub(super) language: Option<Language>,
    pub(super) name: Located<String>,
    pub(super) entries: Vec<Located<Node>>,
}

/// What holds for all policies.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) file: String,
    pub(super) lists: Vec<WrittenList>,
    pub(super) signals: Vec<WrittenSignal>,
    pub(super) exempt: Vec<super::Exemption>,
}

/// Decodes a file: a policy has an `id`, a lists file a `language`, and a file for all
/// policies says `common = true`.
pub(super) fn decode(source: &Source) -> Result<Written, Vec<Diagnostic>> {
    let (document, diagnostics) = Document::parse(source);
    let Some(document) = document else { return Err(diagnostics) };
    let found = document.findings();
    let root = document.root(&found);
    let file = document.file();
    let written = if root.has("common") {
        Written::Common(common(&root, file))
    } else if root.has("language") && !root.has("id") {
        let language = root.choice("language", &languages()).required();
        Written::Lists(lists(&root, file, language))
    } else {
        Written::Policy(Box::new(policy::decode(&root, file)))
    };
    root.finish();
    let clean = found.is_empty();
    if clean { Ok(written) } else { Err(found.into_diagnostics()) }
}

fn common(root: &Table<'_>, file: &str) -> Common {
    let _said = root.boolean("common").optional();
    Common {
        file: file.to_owned(),
        lists: lists(root, file, None),
        signals: signal::decode_all(root),
        exempt: policy::exemptions(root),
    }
}

/// The `[lists]` table.
fn lists(root: &Table<'_>, file: &str, language: Option<Language>) -> Vec<WrittenList> {
    let Some(table) = root.table("lists") else { return Vec::new() };
    let all = table.all_strings();
    if all.len() > MAX_LISTS {
        let help = format!("a file may have {MAX_LISTS}");
        table.add(table.span(), "too many lists", Some(help));
    }
    let one = |(name, entries): (Located<String>, Vec<Located<String>>)| {
        let entries = nodes(&table, &name.value, entries);
        WrittenList { file: file.to_owned(), language, name, entries }
    };
    all.into_iter().map(one).collect()
}

/// Reads patterns; those that are wrong are recorded and left out.
fn nodes(table: &Table<'_>, key: &str, patterns: Vec<Located<String>>) -> Vec<Located<Node>> {
    if let Some(extra) = patterns.get(MAX_ENTRIES) {
        let message = format!("`{}` has more than {MAX_ENTRIES} entries", table.path_of(key));
        table.add(extra.span.clone(), message, Some("split it in two".to_owned()));
    }
    let one = |pattern: Located<String>| match phrase::parse(&pattern.value) {
        Ok(value) => Some(Located { value, span: pattern.span }),
        Err((message, help)) => {
            let message = format!("`{}`: {message}", table.path_of(key));
            table.add(pattern.span, message, help);
            None
        }
    };
    patterns.into_iter().take(MAX_ENTRIES).filter_map(one).collect()
}

fn languages() -> Vec<(&'static str, Language)> {
    Language::ALL.iter().map(|l| (l.code(), *l)).collect()
}

/// Records the same name given twice in one file.
fn refuse_twins<'n>(
    table: &Table<'_>,
    names: impl Iterator<Item = &'n Located<String>>,
    what: &str,
) {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        if !seen.insert(name.value.as_str()) {
            let message = format!("a second {what} is called \"{}\"", name.value);
            table.add(name.span.clone(), message, Some("give each its own name".to_owned()));
        }
    }
}
