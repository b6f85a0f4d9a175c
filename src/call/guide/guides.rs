//! The guides of all languages, from the binary and from an organisation's own files.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, LazyLock},
};

use super::file::{self, Sheet};
use crate::{
    message::Language,
    policy::{Diagnostic, Source, document::Document},
};

/// Embeds files under the names they have in a policy folder.
macro_rules! embed {
    ($($code:literal),+ $(,)?) => {
        &[$((
            concat!("policies/guides/", $code, ".toml"),
            include_str!(concat!("../../../policies/guides/", $code, ".toml")),
        )),+]
    };
}

const FILES: &[(&str, &str)] = embed!["de", "en", "es", "fr", "it", "nl", "pt"];

/// How to tell it, in every language: templates that [`prepare`](crate::call::prepare) fills with
/// what a mail says. Made only from files without a mistake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guides {
    sheets: BTreeMap<Language, Sheet>,
}

impl Guides {
    /// The guides that ship.
    pub fn shipped() -> Arc<Guides> {
        static SHIPPED: LazyLock<Arc<Guides>> = LazyLock::new(|| {
            // A test reads them strictly; here a file that failed would only mean an empty guide.
            Arc::new(over(&Guides::default(), &Guides::files(), None).unwrap_or_default())
        });
        SHIPPED.clone()
    }

    /// The files that ship, as `callfirst init` writes them.
    pub fn files() -> Vec<Source> {
        let one = |(name, text): &(&str, &str)| Source {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        };
        FILES.iter().map(one).collect()
    }

    /// The shipped guides with an organisation's own files over them: `de.toml` replaces what it
    /// names of the German one. `categories` are those of the policies in force; a guide for
    /// another is a mistake. Gives every mistake of every file, or guides without one.
    pub fn compile(sources: &[Source], categories: &[&str]) -> Result<Guides, Vec<Diagnostic>> {
        over(&Guides::shipped(), sources, Some(categories))
    }

    /// One language's.
    pub(super) fn sheet(&self, language: Language) -> Option<&Sheet> {
        self.sheets.get(&language)
    }
}

fn over(
    base: &Guides,
    sources: &[Source],
    categories: Option<&[&str]>,
) -> Result<Guides, Vec<Diagnostic>> {
    let mut guides = base.clone();
    let mut mistakes = Vec::new();
    for source in sources {
        let read = language_of(source).and_then(|language| {
            let sheet = decode(source, base.sheets.get(&language), categories)?;
            Ok((language, sheet))
        });
        match read {
            Ok((language, sheet)) => drop(guides.sheets.insert(language, sheet)),
            Err(found) => mistakes.extend(found),
        }
    }
    if mistakes.is_empty() { Ok(guides) } else { Err(mistakes) }
}

/// A guide's language is the name of its file.
fn language_of(source: &Source) -> Result<Language, Vec<Diagnostic>> {
    let stem = Path::new(&source.name).file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    Language::ALL.into_iter().find(|l| l.code() == stem).ok_or_else(|| {
        let codes = Language::ALL.map(Language::code).join(".toml, ");
        vec![Diagnostic {
            file: source.name.clone(),
            span: 0..0,
            message: format!("{} is the guide of no language", source.name),
            help: Some(format!("name it by its language: {codes}.toml")),
        }]
    })
}

fn decode(
    source: &Source,
    base: Option<&Sheet>,
    categories: Option<&[&str]>,
) -> Result<Sheet, Vec<Diagnostic>> {
    let (document, diagnostics) = Document::parse(source);
    let Some(document) = document else { return Err(diagnostics) };
    let found = document.findings();
    let root = document.root(&found);
    let sheet = file::decode(&root, base, categories);
    root.finish();
    let clean = found.is_empty();
    if clean { Ok(sheet) } else { Err(found.into_diagnostics()) }
}
