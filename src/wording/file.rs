//! A file of own lines as decoded: `policies/texts/<language>.toml`.
//!
//! Takes one file and all that ships in its language; gives what it replaces. Refuses unknown keys,
//! lines that lack or add a placeholder, lists of another length, and lines too long for a mail or
//! of more than one: with file, line and what would do.

use std::{ops::Range, path::Path};

use super::{
    lines::Shipped,
    own::{Replaced, names},
};
use crate::{
    message::Language,
    policy::{
        Diagnostic, Source,
        document::{Document, Located, Table},
    },
};

/// Twice the longest line that ships, in characters; a notice is read on a telephone.
const MAX_LINE_CHARS: usize = 600;

/// Reads a file. Its language is its name.
pub(super) fn decode(
    source: &Source,
    shipped: &dyn Fn(Language) -> Vec<Shipped>,
) -> Result<(Language, Replaced), Vec<Diagnostic>> {
    let language = language_of(source)?;
    let (document, diagnostics) = Document::parse(source);
    let Some(document) = document else { return Err(diagnostics) };
    let found = document.findings();
    let root = document.root(&found);
    let mut replaced = Replaced::new();
    table(&root, 0, &shipped(language), &mut replaced);
    root.finish();
    let clean = found.is_empty();
    if clean { Ok((language, replaced)) } else { Err(found.into_diagnostics()) }
}

fn language_of(source: &Source) -> Result<Language, Vec<Diagnostic>> {
    let stem = Path::new(&source.name).file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    Language::ALL.into_iter().find(|l| l.code() == stem).ok_or_else(|| {
        let codes = Language::ALL.map(Language::code).join(".toml, ");
        vec![Diagnostic {
            file: source.name.clone(),
            span: 0..0,
            message: format!("{} has the texts of no language", source.name),
            help: Some(format!("name it by its language: {codes}.toml")),
        }]
    })
}

/// Reads one table; `shipped` are the keys below it, whose names at `depth` are its own.
fn table(read: &Table<'_>, depth: usize, shipped: &[Shipped], replaced: &mut Replaced) {
    let name = |one: &Shipped| one.names.get(depth).copied();
    for group in shipped.chunk_by(|a, b| name(a) == name(b)) {
        let Some((first, name)) = group.first().and_then(|one| Some((one, name(one)?))) else {
            continue;
        };
        if first.names.len() > depth + 1 {
            if let Some(inner) = read.table(name) {
                table(&inner, depth + 1, group, replaced);
                inner.finish();
            }
        } else if let Some(lines) = lines(read, name, first) {
            replaced.insert(first.names.clone(), lines);
        }
    }
}

/// The line or lines of a key, if it is there.
fn lines(read: &Table<'_>, name: &'static str, shipped: &Shipped) -> Option<Vec<String>> {
    let lines: Vec<Located<String>> = match shipped.is_list {
        true => {
            let lines = read.whole_strings(name).located()?;
            let (have, wanted) = (lines.value.len(), shipped.lines.len());
            if have != wanted {
                let message = format!("`{}` has {have} lines", read.path_of(name));
                let help = format!("it takes {wanted}, in this order: {}", quoted(&shipped.lines));
                read.add(lines.span, message, Some(help));
                return None;
            }
            lines.value
        }
        false => vec![read.string(name).located()?],
    };
    for (line, ships) in lines.iter().zip(&shipped.lines) {
        check(read, &read.path_of(name), line, ships);
    }
    Some(lines.into_iter().map(|line| line.value).collect())
}

fn quoted(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("\"{line}\"")).collect::<Vec<_>>().join(", ")
}

fn check(read: &Table<'_>, path: &str, line: &Located<String>, ships: &str) {
    let refuse =
        |span: &Range<usize>, message, help: String| read.add(span.clone(), message, Some(help));
    let span = &line.span;
    let length = line.value.chars().count();
    if length > MAX_LINE_CHARS {
        let message = format!("`{path}` has {length} characters");
        refuse(span, message, format!("say it shorter: at most {MAX_LINE_CHARS}"));
    }
    if line.value.chars().any(|c| c.is_control() || shows_nothing(c)) {
        let message = format!("`{path}` has more than one line, or a character that nobody sees");
        refuse(span, message, "write it as one line of plain text".to_owned());
    }
    let takes = names(ships).unwrap_or_default();
    let Some(found) = names(&line.value) else {
        return refuse(span, format!("`{path}`: a brace has no fellow"), known(&takes));
    };
    for name in found.iter().filter(|name| !takes.contains(name)) {
        refuse(span, format!("`{path}`: unknown placeholder `{{{name}}}`"), known(&takes));
    }
    for name in takes.iter().filter(|name| !found.contains(name)) {
        let message = format!("`{path}`: the placeholder `{{{name}}}` is missing");
        refuse(span, message, format!("the line that ships is \"{ships}\""));
    }
}

fn known(takes: &[&str]) -> String {
    let list = takes.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ");
    if list.is_empty() { "this line takes none".to_owned() } else { format!("it takes {list}") }
}

/// Line ends beside `\n`, direction marks and their like, which turn or hide what stands behind them.
/// Blanks that do not break, and the joiners of some scripts, are meant to be written.
fn shows_nothing(c: char) -> bool {
    matches!(c,
        '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
