//! The tree of a TOML file: values with their places, in the file's order.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::Found;

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Range<usize>,
    pub(super) value: Value,
    pub(super) span: Range<usize>,
}

/// A value.
#[derive(Debug)]
pub(super) enum Value {
    String(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Datetime,
    Array(Vec<(Value, Range<usize>)>),
    Table(Vec<Entry>),
}

impl Value {
    /// What it is, with its article, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::String(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Boolean(_) => "a boolean",
            Value::Datetime => "a date or time",
            Value::Array(_) => "an array",
            Value::Table(_) => "a table",
        }
    }
}

/// Copies a table out of the parser's tree; numbers that do not fit are mistakes.
pub(super) fn entries(table: &DeTable<'_>, depth: usize, found: &Found) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: key.span(),
            value: convert(value, depth, found),
            span: value.span(),
        })
        .collect();
    // The parser sorts by name; people expect mistakes in the order of the file.
    entries.sort_by_key(|e| e.key_span.start);
    entries
}

fn convert(value: &Spanned<DeValue<'_>>, depth: usize, found: &Found) -> Value {
    let Some(depth) = depth.checked_sub(1) else {
        found.add(value.span(), "tables and arrays are nested too deeply", None);
        return Value::Table(Vec::new());
    };
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(number.as_str(), number.radix());
            Value::Integer(parsed.unwrap_or_else(|_| {
                found.add(value.span(), format!("{number} is too large"), None);
                0
            }))
        }
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(yes) => Value::Boolean(*yes),
        DeValue::Datetime(_) => Value::Datetime,
        DeValue::Array(items) => {
            let copy = |item: &Spanned<DeValue<'_>>| (convert(item, depth, found), item.span());
            Value::Array(items.iter().map(copy).collect())
        }
        DeValue::Table(table) => Value::Table(entries(table, depth, found)),
    }
}
