//! What goes in and what comes out when TOML is compiled.

use std::ops::Range;

/// A TOML file as read.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, as shown in messages: `policies/warranty_denial.toml`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Something wrong in a TOML file: where, what, and what would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file's name.
    pub file: String,
    /// The octets it is about.
    pub span: Range<usize>,
    /// What is wrong, with the key.
    pub message: String,
    /// What would do.
    pub help: Option<String>,
}
