//! Reads one table, key by key, and knows which keys nobody asked for.

use std::{cell::RefCell, ops::Range, ops::RangeInclusive, time::Duration};

use super::{
    Found, Located,
    field::{Field, Held},
    units,
    value::{Entry, Value},
};

/// A table being read. Ask for every key you know, then call [`finish`](Table::finish).
#[derive(Debug)]
pub struct Table<'a> {
    path: String,
    entries: &'a [Entry],
    span: Range<usize>,
    found: &'a Found,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    pub(super) fn root(entries: &'a [Entry], span: Range<usize>, found: &'a Found) -> Table<'a> {
        Table { path: String::new(), entries, span, found, known: RefCell::default() }
    }

    /// Where the table stands: its header, or its braces.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The full name of a key of this table: `hold.threshold`.
    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Records a mistake in this file.
    pub fn add(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.found.add(span, message, help);
    }

    /// Whether the key is there, whatever it holds.
    pub fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// A string that is not empty.
    pub fn string<'t>(&'t self, key: &'static str) -> Field<'t, 'a, String> {
        self.field(key, "a string", |value| match value {
            Value::String(text) => Some(text.clone()),
            _ => None,
        })
        .and_then(|text| match text.trim() {
            "" => Err(("must not be empty".to_owned(), None)),
            _ => Ok(text),
        })
    }

    /// An integer of this range.
    pub fn integer<'t>(
        &'t self,
        key: &'static str,
        range: RangeInclusive<i64>,
    ) -> Field<'t, 'a, i64> {
        self.field(key, "an integer", |value| match value {
            Value::Integer(number) => Some(*number),
            _ => None,
        })
        .and_then(|number| within(number, &range))
    }

    /// A number of this range; an integer will do.
    pub fn float<'t>(
        &'t self,
        key: &'static str,
        range: RangeInclusive<f64>,
    ) -> Field<'t, 'a, f64> {
        self.field(key, "a number", |value| match value {
            Value::Float(number) => Some(*number),
            #[expect(clippy::cast_precision_loss, reason = "far inside any range asked for")]
            Value::Integer(number) => Some(*number as f64),
            _ => None,
        })
        .and_then(|number| within(number, &range))
    }

    /// `true` or `false`.
    pub fn boolean<'t>(&'t self, key: &'static str) -> Field<'t, 'a, bool> {
        self.field(key, "true or false", |value| match value {
            Value::Boolean(yes) => Some(*yes),
            _ => None,
        })
    }

    /// A span of time such as `"4h"`.
    pub fn duration<'t>(&'t self, key: &'static str) -> Field<'t, 'a, Duration> {
        self.parsed(key, "a duration such as \"90s\", \"15m\", \"4h\" or \"2d\"", |text| {
            units::parse_duration(text)
        })
    }

    /// A size: a number of octets, or a string such as `"35MB"`.
    pub fn bytes<'t>(&'t self, key: &'static str) -> Field<'t, 'a, u64> {
        self.field(key, "a size in octets such as 36_700_160 or \"35MiB\"", |value| match value {
            Value::Integer(number) => u64::try_from(*number).ok(),
            Value::String(text) => units::parse_bytes(text),
            _ => None,
        })
    }

    /// One of a few words.
    pub fn choice<'t, T: Clone>(
        &'t self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Field<'t, 'a, T> {
        self.string(key).and_then(|text| {
            let hit = choices.iter().find(|(name, _)| *name == text);
            hit.map(|(_, value)| value.clone()).ok_or_else(|| {
                let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
                (format!("\"{text}\" is none of its values"), Some(one_of(&text, &names)))
            })
        })
    }

    /// A string that `read` understands; `wanted` says what that is: `an address like
    /// "127.0.0.1:25"`.
    pub fn parsed<'t, T>(
        &'t self,
        key: &'static str,
        wanted: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Field<'t, 'a, T> {
        self.field(key, wanted, |value| match value {
            Value::String(text) => read(text),
            _ => None,
        })
    }

    /// An array of strings that are not empty.
    pub fn strings<'t>(&'t self, key: &'static str) -> Field<'t, 'a, Vec<Located<String>>> {
        self.known.borrow_mut().push(key);
        let held = match self.entry(key) {
            None => Held::Absent,
            Some(entry) => match self.strings_of(entry) {
                Some(strings) => Held::Value(strings, entry.span.clone()),
                None => Held::Wrong,
            },
        };
        Field { table: self, key, wanted: "an array of strings", held }
    }

    /// The same where each has its place: with a string that will not do, which is told, there is none.
    pub fn whole_strings<'t>(&'t self, key: &'static str) -> Field<'t, 'a, Vec<Located<String>>> {
        let read = self.strings(key);
        let is_whole = |strings: &Vec<_>| match self.entry(key).map(|entry| &entry.value) {
            Some(Value::Array(items)) => items.len() == strings.len(),
            _ => false,
        };
        match read.held {
            Held::Value(ref strings, _) if !is_whole(strings) => {
                Field { held: Held::Wrong, ..read }
            }
            _ => read,
        }
    }

    /// An array whose strings `read` understands; the others are mistakes and left out.
    pub fn parsed_list<T>(
        &self,
        key: &'static str,
        wanted: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<Located<T>> {
        let strings = self.strings(key).or(Vec::new());
        let one = |text: Located<String>| match read(&text.value) {
            Some(value) => Some(Located { value, span: text.span }),
            None => {
                let message = format!("`{}` must hold {wanted}", self.path_of(key));
                self.add(text.span, format!("{message}, not \"{}\"", text.value), None);
                None
            }
        };
        strings.into_iter().filter_map(one).collect()
    }

    /// Every key of this table with an array of strings, for tables whose keys are names.
    pub fn all_strings(&self) -> Vec<(Located<String>, Vec<Located<String>>)> {
        let one = |entry: &Entry| {
            let name = Located { value: entry.key.clone(), span: entry.key_span.clone() };
            self.strings_of(entry).map(|strings| (name, strings))
        };
        self.entries.iter().filter_map(one).collect()
    }

    /// Every key of this table with a string that `read` understands, for tables whose keys are
    /// names; the others are mistakes and left out.
    pub fn all_parsed<T>(
        &self,
        wanted: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<(Located<String>, T)> {
        let one = |entry: &Entry| {
            let value = match &entry.value {
                Value::String(text) => read(text),
                _ => None,
            };
            match value {
                Some(value) => {
                    let span = entry.key_span.clone();
                    Some((Located { value: entry.key.clone(), span }, value))
                }
                None => {
                    // A name with a dot that is not quoted reads as tables.
                    if let Value::Table(_) = entry.value {
                        let path = self.path_of(&entry.key);
                        let help = "write a name with a dot or an @ in quotation marks";
                        let message = format!("`{path}` must be {wanted}, not a table");
                        self.add(entry.key_span.clone(), message, Some(help.to_owned()));
                    } else {
                        self.wrong(&entry.key, entry.span.clone(), wanted, &entry.value);
                    }
                    None
                }
            }
        };
        self.entries.iter().filter_map(one).collect()
    }

    /// A table; its absence is for the caller to judge.
    pub fn table(&self, key: &'static str) -> Option<Table<'a>> {
        self.known.borrow_mut().push(key);
        let entry = self.entry(key)?;
        match &entry.value {
            Value::Table(entries) => Some(self.inner(entries, &entry.span, self.path_of(key))),
            other => {
                self.wrong(key, entry.span.clone(), "a table", other);
                None
            }
        }
    }

    /// Every key of this table with a table, for tables whose keys are names.
    pub fn all_tables(&self) -> Vec<(Located<String>, Table<'a>)> {
        let one = |entry: &'a Entry| {
            let Value::Table(entries) = &entry.value else {
                self.wrong(&entry.key, entry.span.clone(), "a table", &entry.value);
                return None;
            };
            let name = Located { value: entry.key.clone(), span: entry.key_span.clone() };
            Some((name, self.inner(entries, &entry.span, self.path_of(&entry.key))))
        };
        self.entries.iter().filter_map(one).collect()
    }

    /// An array of tables, `[[key]]`; empty where it is absent.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        self.known.borrow_mut().push(key);
        let Some(entry) = self.entry(key) else { return Vec::new() };
        let Value::Array(items) = &entry.value else {
            let wanted = "an array of tables, written as double brackets";
            self.wrong(key, entry.span.clone(), wanted, &entry.value);
            return Vec::new();
        };
        let one = |(n, (value, span)): (usize, &'a (Value, Range<usize>))| match value {
            Value::Table(entries) => {
                Some(self.inner(entries, span, format!("{}[{n}]", self.path_of(key))))
            }
            other => {
                self.wrong(key, span.clone(), "tables only", other);
                None
            }
        };
        items.iter().enumerate().filter_map(one).collect()
    }

    /// Reports every key that was not asked for.
    pub fn finish(self) {
        let known = self.known.borrow();
        for entry in self.entries.iter().filter(|e| !known.contains(&e.key.as_str())) {
            let message = format!("unknown key `{}`", self.path_of(&entry.key));
            self.add(entry.key_span.clone(), message, Some(one_of(&entry.key, &known)));
        }
    }

    pub(super) fn missing(&self, key: &str, wanted: &str) {
        let message = format!("`{}` is missing", self.path_of(key));
        self.add(self.span(), message, Some(format!("add `{key}`: {wanted}")));
    }

    fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|e| e.key == key)
    }

    fn inner(&self, entries: &'a [Entry], span: &Range<usize>, path: String) -> Table<'a> {
        Table { path, entries, span: span.clone(), found: self.found, known: RefCell::default() }
    }

    fn field<'t, T>(
        &'t self,
        key: &'static str,
        wanted: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Field<'t, 'a, T> {
        self.known.borrow_mut().push(key);
        let held = match self.entry(key) {
            None => Held::Absent,
            Some(entry) => match read(&entry.value) {
                Some(value) => Held::Value(value, entry.span.clone()),
                None => {
                    self.wrong(key, entry.span.clone(), wanted, &entry.value);
                    Held::Wrong
                }
            },
        };
        Field { table: self, key, wanted, held }
    }

    fn strings_of(&self, entry: &Entry) -> Option<Vec<Located<String>>> {
        let Value::Array(items) = &entry.value else {
            self.wrong(&entry.key, entry.span.clone(), "an array of strings", &entry.value);
            return None;
        };
        let one = |(value, span): &(Value, Range<usize>)| match value {
            Value::String(text) if !text.trim().is_empty() => {
                Some(Located { value: text.clone(), span: span.clone() })
            }
            other => {
                self.wrong(&entry.key, span.clone(), "strings that are not empty", other);
                None
            }
        };
        Some(items.iter().filter_map(one).collect())
    }

    fn wrong(&self, key: &str, span: Range<usize>, wanted: &str, value: &Value) {
        let got = match value {
            Value::String(text) => format!("\"{text}\""),
            Value::Integer(number) => number.to_string(),
            other => other.kind().to_owned(),
        };
        self.add(span, format!("`{}` must be {wanted}, not {got}", self.path_of(key)), None);
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    number: T,
    range: &RangeInclusive<T>,
) -> Result<T, (String, Option<String>)> {
    if range.contains(&number) {
        return Ok(number);
    }
    let help = format!("choose a value from {} to {}", range.start(), range.end());
    Err((format!("{number} is out of range"), Some(help)))
}

/// The nearest of the names, if one is near, and all of them.
fn one_of(written: &str, names: &[&str]) -> String {
    let mut sorted: Vec<&str> = names.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let all = sorted.join("`, `");
    match nearest(written, &sorted) {
        Some(name) => format!("did you mean `{name}`? Known: `{all}`"),
        None => format!("known: `{all}`"),
    }
}

/// The name within a third of its length in edits, the nearest first.
pub(crate) fn nearest<'n>(written: &str, names: &[&'n str]) -> Option<&'n str> {
    let best = names.iter().map(|name| (edits(written, name), *name)).min()?;
    (best.0 <= best.1.chars().count().max(3) / 3).then_some(best.1)
}

/// Levenshtein's distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut left = i + 1;
        next.push(left);
        for (pair, y) in row.windows(2).zip(&b) {
            let [diagonal, above] = *pair else { continue };
            left = (diagonal + usize::from(x != *y)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
