//! An organisation's own lines, and the shipped ones with them over.

use std::collections::BTreeMap;

use super::{
    file,
    lines::{Key, Lines, Shipped},
};
use crate::{
    message::Language,
    policy::{Diagnostic, Source},
};

/// The lines of one language that an organisation has replaced, by their key. A list is replaced as
/// a whole.
pub(super) type Replaced = BTreeMap<Vec<&'static str>, Vec<String>>;

/// An organisation's own lines. Made only from files without a mistake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    languages: BTreeMap<Language, Replaced>,
}

impl Own {
    /// Reads files: `de.toml` replaces what it names of the German lines. `shipped` gives all that
    /// may be named. Gives every mistake of every file, or lines without one.
    pub fn compile(
        sources: &[Source],
        shipped: &dyn Fn(Language) -> Vec<Shipped>,
    ) -> Result<Own, Vec<Diagnostic>> {
        let mut own = Own::default();
        let mut mistakes = Vec::new();
        for source in sources {
            match file::decode(source, shipped) {
                Ok((_, lines)) if lines.is_empty() => {}
                Ok((language, lines)) => drop(own.languages.insert(language, lines)),
                Err(found) => mistakes.extend(found),
            }
        }
        if mistakes.is_empty() { Ok(own) } else { Err(mistakes) }
    }

    /// How many keys are replaced, in all languages.
    pub fn count(&self) -> usize {
        self.languages.values().map(BTreeMap::len).sum()
    }

    /// The shipped lines of a table with the organisation's own over them.
    pub(crate) fn over<'o, L: Lines>(
        &'o self,
        language: Language,
        table: &'static str,
        shipped: &L,
    ) -> L::Over<'o> {
        let own = self.languages.get(&language);
        shipped.over(&mut Key::of(table), &mut |key, place, line| {
            let lines = own.and_then(|own| own.get(key.names()));
            lines.and_then(|lines| lines.get(place.unwrap_or(0))).map_or(line, String::as_str)
        })
    }
}

/// The names in braces of a line, each once, sorted; `None` where a brace has no fellow.
pub(super) fn names(line: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once(['{', '}']) {
        rest.get(before.len()..).filter(|brace| brace.starts_with('{'))?;
        let (name, after) = behind.split_once('}')?;
        names.push(Some(name).filter(|name| !name.contains('{'))?);
        rest = after;
    }
    names.sort_unstable();
    names.dedup();
    Some(names)
}
