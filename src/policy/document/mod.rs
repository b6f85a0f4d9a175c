//! TOML as written, with the place of every value.
//!
//! Takes a [`Source`]; gives a [`Document`] whose [`Table`]s are read key by key, and every
//! mistake at once as [`Diagnostic`]s with file, line, key and what would do. Policies and the
//! configuration are both read through here, so that they fail in the same words.
//!
//! serde is not used: it stops at the first error, and its spans are lost in the enums that
//! policies are made of. TOML 1.1, <https://toml.io/en/v1.1.0>.

mod field;
mod table;
mod units;
mod value;

use toml::de::DeTable;

use super::{Diagnostic, Source};
pub use field::{Field, Located};
pub use table::Table;
pub(crate) use table::nearest;
pub use units::{parse_bytes, parse_duration};
use value::Entry;

/// The largest file read, in octets. The shipped policies are a tenth of it.
pub const MAX_FILE_OCTETS: usize = 1 << 20;

/// The deepest nesting of tables and arrays.
const MAX_DEPTH: usize = 16;

/// A TOML file that is well formed.
#[derive(Debug)]
pub struct Document {
    file: String,
    octets: usize,
    entries: Vec<Entry>,
}

impl Document {
    /// Parses a file. Without a document, the diagnostics say why: every syntax error is
    /// among them, each with its place.
    pub fn parse(source: &Source) -> (Option<Document>, Vec<Diagnostic>) {
        let found = Found::new(&source.name);
        if source.text.len() > MAX_FILE_OCTETS {
            found.add(
                0..0,
                format!("the file has {} octets", source.text.len()),
                Some(format!("split it: at most {MAX_FILE_OCTETS} octets are read")),
            );
            return (None, found.into_diagnostics());
        }
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            found.add(span, format!("not TOML: {}", error.message()), None);
        }
        let entries = value::entries(root.get_ref(), MAX_DEPTH, &found);
        let diagnostics = found.into_diagnostics();
        if !diagnostics.is_empty() {
            return (None, diagnostics);
        }
        let document = Document { file: source.name.clone(), octets: source.text.len(), entries };
        (Some(document), diagnostics)
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// A place to collect what is wrong with this document.
    pub fn findings(&self) -> Found {
        Found::new(&self.file)
    }

    /// The root table; what is wrong with it goes to `found`.
    pub fn root<'a>(&'a self, found: &'a Found) -> Table<'a> {
        Table::root(&self.entries, 0..self.octets.min(1), found)
    }
}

/// Collects what is wrong with one file while it is read.
#[derive(Debug)]
pub struct Found {
    file: String,
    diagnostics: std::cell::RefCell<Vec<Diagnostic>>,
}

impl Found {
    fn new(file: &str) -> Found {
        Found { file: file.to_owned(), diagnostics: std::cell::RefCell::default() }
    }

    /// Records a mistake.
    pub fn add(
        &self,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let (file, message) = (self.file.clone(), message.into());
        self.diagnostics.borrow_mut().push(Diagnostic { file, span, message, help });
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.borrow().is_empty()
    }

    /// All of them, in the order of the file.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut all = self.diagnostics.into_inner();
        all.sort_by_key(|d| (d.span.start, d.span.end));
        all
    }
}

#[cfg(test)]
mod tests;
