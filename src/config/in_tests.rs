//! Reads one section in a test.

use crate::policy::{
    Source,
    document::{Document, Table},
};

/// What a decoder makes of the keys of a section, or all that is told about them.
pub(super) fn section<T>(
    name: &'static str,
    keys: &str,
    decode: impl FnOnce(&Table<'_>) -> T,
) -> Result<T, String> {
    let text = format!("[{name}]\n{keys}\n");
    let source = Source { name: "callfirst.toml".to_owned(), text };
    let (document, _) = Document::parse(&source);
    let document = document.unwrap();
    let found = document.findings();
    let root = document.root(&found);
    let table = root.table(name).unwrap();
    let decoded = decode(&table);
    table.finish();
    root.finish();
    let told = found.into_diagnostics();
    let told: Vec<String> = told.iter().map(|d| d.render(std::slice::from_ref(&source))).collect();
    if told.is_empty() { Ok(decoded) } else { Err(told.join("\n")) }
}
