//! Changes of policy files that leave everything else as its author wrote it: order, comments, spaces.

use std::collections::HashSet;

use jiff::civil::Date;
use toml_edit::{Array, ArrayOfTables, Decor, DocumentMut, Item, Table, TableLike, Value, value};

use crate::{
    message::Language,
    policy::{PolicyTest, Source},
};

/// One small change. `policy: None` means the file for all policies.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Holds from this probability on.
    Threshold {
        /// Whose.
        policy: String,
        /// From now on.
        to: f64,
    },
    /// A signal that counts more or less from now on, all its adjustments told together.
    Adjust {
        /// Whose file.
        policy: Option<String>,
        /// Which signal of it.
        signal: String,
        /// In log-odds, added to what it is adjusted by already.
        by: f64,
        /// The last day of it.
        until: Option<Date>,
    },
    /// A new signal.
    Signal(NewSignal),
    /// Somebody or something that a policy does not concern.
    Except {
        /// Whose.
        policy: String,
        /// Which list.
        what: Except,
        /// What is added to it.
        pattern: String,
    },
    /// A new test.
    Test {
        /// Whose file.
        policy: String,
        /// The test.
        test: PolicyTest,
    },
}

/// A signal to add.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSignal {
    /// Whose file.
    pub policy: Option<String>,
    /// Its name; another one where the file has a signal of this name.
    pub name: String,
    /// The language of its frames.
    pub language: Option<Language>,
    /// Its weight.
    pub weight: f64,
    /// Its one pattern.
    pub pattern: String,
    /// Whether it is heard whatever stands around it: denied, asked, supposed.
    pub always: bool,
}

/// The lists of a `[scope]` that say whom it does not concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Except {
    /// `except_senders`.
    Senders,
    /// `except_recipients`.
    Recipients,
    /// `except_headers`.
    Headers,
}

impl Except {
    fn key(self) -> &'static str {
        match self {
            Except::Senders => "except_senders",
            Except::Recipients => "except_recipients",
            Except::Headers => "except_headers",
        }
    }
}

/// Why a change cannot be written into the files.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// No file has it.
    #[error("no file is the policy \"{0}\"")]
    NoPolicy(String),
    /// Shared signals stand in such a file.
    #[error("no file says `common = true`")]
    NoCommon,
    /// It is written in another way than as a table.
    #[error("{file}: `{key}` is not written as a table of its own")]
    Shape {
        /// The file.
        file: String,
        /// The key.
        key: &'static str,
    },
}

/// The files with all these changes; those that none concerns as they were.
///
/// # Errors
/// A file is not there, or is written in another way.
pub fn apply(sources: &[Source], edits: &[Edit]) -> Result<Vec<Source>, EditError> {
    let mut sources = sources.to_vec();
    for edit in edits {
        let (at, mut document) = target(&sources, edit.policy())?;
        let Some(source) = sources.get_mut(at) else { continue };
        let done = match edit {
            Edit::Threshold { to, .. } => threshold(&mut document, *to),
            Edit::Adjust { signal, by, until, .. } => adjust(&mut document, signal, *by, *until),
            Edit::Signal(new) => signal(&mut document, new),
            Edit::Except { what, pattern, .. } => except(&mut document, *what, pattern),
            Edit::Test { test, .. } => add_test(&mut document, test),
        };
        done.map_err(|key| EditError::Shape { file: source.name.clone(), key })?;
        source.text = document.to_string();
    }
    Ok(sources)
}

impl Edit {
    fn policy(&self) -> Option<&str> {
        match self {
            Edit::Threshold { policy, .. }
            | Edit::Except { policy, .. }
            | Edit::Test { policy, .. } => Some(policy),
            Edit::Adjust { policy, .. } => policy.as_deref(),
            Edit::Signal(new) => new.policy.as_deref(),
        }
    }
}

/// Whether one of the files holds for all policies.
pub(super) fn has_common(sources: &[Source]) -> bool {
    target(sources, None).is_ok()
}

fn target(sources: &[Source], policy: Option<&str>) -> Result<(usize, DocumentMut), EditError> {
    let parsed = sources.iter().enumerate();
    let mut parsed = parsed.filter_map(|(at, s)| Some((at, s.text.parse::<DocumentMut>().ok()?)));
    let found = parsed.find(|(_, document)| match policy {
        Some(id) => document.get("id").and_then(Item::as_str) == Some(id),
        None => document.get("common").and_then(Item::as_bool) == Some(true),
    });
    found.ok_or_else(|| policy.map_or(EditError::NoCommon, |id| EditError::NoPolicy(id.to_owned())))
}

type Done = Result<(), &'static str>;

fn threshold(document: &mut DocumentMut, to: f64) -> Done {
    let hold = table(document, "hold")?;
    set(hold, "threshold", to.into());
    Ok(())
}

/// Replaces a value and leaves the comment behind it.
fn set(table: &mut dyn TableLike, key: &str, new: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = new;
            *old.decor_mut() = decor;
        }
        None => {
            table.insert(key, Item::Value(new));
        }
    }
}

fn adjust(document: &mut DocumentMut, name: &str, by: f64, until: Option<Date>) -> Done {
    let all = tables(document, "adjust")?;
    let known = all.iter_mut().find(|t| t.get("signal").and_then(Item::as_str) == Some(name));
    match known {
        Some(table) => {
            let before = table.get("by").and_then(Item::as_float).unwrap_or_default();
            set(table, "by", hundredths(before + by).into());
            match until {
                Some(day) => set(table, "until", day.to_string().into()),
                None => {
                    table.remove("until");
                }
            }
        }
        None => {
            let mut table = new_table();
            table.insert("signal", value(name));
            table.insert("by", value(hundredths(by)));
            if let Some(day) = until {
                table.insert("until", value(day.to_string()));
            }
            all.push(table);
        }
    }
    Ok(())
}

/// Adding up does not leave `0.30000000000000004` in a file that people read.
fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn signal(document: &mut DocumentMut, new: &NewSignal) -> Done {
    let all = tables(document, "signal")?;
    let mut table = new_table();
    table.insert("name", value(free_name(all, &new.name)));
    if let Some(language) = new.language.filter(|language| *language != Language::En) {
        table.insert("language", value(language.code()));
    }
    table.insert("weight", value(new.weight));
    table.insert("any", value(Array::from_iter([new.pattern.as_str()])));
    if new.always {
        table.insert("unless", value(Array::new()));
    }
    all.push(table);
    Ok(())
}

fn except(document: &mut DocumentMut, what: Except, pattern: &str) -> Done {
    let scope = table(document, "scope")?;
    let key = what.key();
    if scope.get(key).is_none() {
        scope.insert(key, value(Array::new()));
    }
    let list = scope.get_mut(key).and_then(Item::as_array_mut).ok_or(key)?;
    let like_the_last = list.iter().last().map(|last| last.decor().clone());
    let mut entry = Value::from(pattern);
    match like_the_last {
        Some(decor) if decor.prefix().is_some() => *entry.decor_mut() = decor,
        _ if !list.is_empty() => *entry.decor_mut() = Decor::new(" ", ""),
        _ => {}
    }
    list.push_formatted(entry);
    Ok(())
}

fn add_test(document: &mut DocumentMut, test: &PolicyTest) -> Done {
    let all = tables(document, "test")?;
    let mut table = new_table();
    table.insert("name", value(free_name(all, &test.name)));
    for (key, text) in [("from", &test.from), ("to", &test.to)] {
        if let Some(text) = text {
            table.insert(key, value(text));
        }
    }
    if !test.subject.is_empty() {
        table.insert("subject", value(&test.subject));
    }
    table.insert("text", value(&test.text));
    for (key, text) in [("quoted", &test.quoted), ("attached", &test.attached)] {
        if let Some(text) = text {
            table.insert(key, value(text));
        }
    }
    table.insert("expect", value(if test.hold { "hold" } else { "pass" }));
    if let Some(day) = test.until {
        table.insert("until", value(day.to_string()));
    }
    all.push(table);
    Ok(())
}

/// The name, or the first of `name-2`, `name-3`, … that no table has.
fn free_name(tables: &ArrayOfTables, name: &str) -> String {
    let taken: HashSet<&str> =
        tables.iter().filter_map(|t| t.get("name").and_then(Item::as_str)).collect();
    let numbered = (2..).map(|n| format!("{name}-{n}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name.as_str())).unwrap_or_default()
}

fn new_table() -> Table {
    let mut table = Table::new();
    *table.decor_mut() = Decor::new("\n", "");
    table
}

/// A table of the document, made where it is not there.
fn table<'d>(
    document: &'d mut DocumentMut,
    key: &'static str,
) -> Result<&'d mut dyn TableLike, &'static str> {
    // Behind `[hold]`, where a policy has it; else at the end.
    let behind = document.get("hold").and_then(Item::as_table).and_then(Table::position);
    let made = || {
        let mut table = new_table();
        table.set_position(behind);
        Item::Table(table)
    };
    document.entry(key).or_insert_with(made).as_table_like_mut().ok_or(key)
}

/// An array of tables of the document, made where it is not there.
fn tables<'d>(
    document: &'d mut DocumentMut,
    key: &'static str,
) -> Result<&'d mut ArrayOfTables, &'static str> {
    let item = document.entry(key).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut().ok_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "# Ours.\nid = \"late\"\ntitle = \"a delay\"\ncategory = \"other\"\n\n\
        [hold]\nthreshold = 0.5 # measured\nexpire_after = \"48h\"\n\n[scope]\n\
        except_recipients = [\n  \"*@a.example\", # a partner\n  \"*@b.example\",\n]\n\n\
        [[signal]]\nname = \"late\"\nweight = 5.0\nany = [\"late\"]\n\n\
        # The plainest.\n[[test]]\nname = \"one\"\ntext = \"It is late.\"\nexpect = \"hold\"\n";

    fn edited(edit: Edit) -> String {
        let source = Source { name: "late.toml".to_owned(), text: POLICY.to_owned() };
        apply(&[source], &[edit]).unwrap().remove(0).text
    }

    fn late() -> String {
        "late".to_owned()
    }

    #[test]
    fn a_threshold_moves_and_its_comment_stays() {
        let text = edited(Edit::Threshold { policy: late(), to: 0.62 });
        assert_eq!(text, POLICY.replace("0.5 #", "0.62 #"));
    }

    #[test]
    fn an_exception_joins_its_list() {
        let except = Edit::Except {
            policy: late(),
            what: Except::Recipients,
            pattern: "*@c.example".to_owned(),
        };
        let text = edited(except);
        assert!(text.contains("# a partner"), "{text}");
        assert!(text.contains("\"*@c.example\""), "{text}");
        assert!(text.contains("[[signal]]\nname = \"late\"\nweight = 5.0"), "{text}");
    }

    #[test]
    fn new_tables_stand_behind_their_kin() {
        let new = NewSignal {
            policy: Some(late()),
            name: late(),
            language: Some(Language::De),
            weight: -3.0,
            pattern: "spät dran".to_owned(),
            always: false,
        };
        let text = edited(Edit::Signal(new));
        let added = "any = [\"late\"]\n\n[[signal]]\nname = \"late-2\"\nlanguage = \"de\"\nweight = -3.0\nany = [\"spät dran\"]\n\n# The plainest.\n";
        assert!(text.contains(added), "{text}");
    }

    #[test]
    fn an_adjustment_grows_and_keeps_its_last_day() {
        let by = |by, until| Edit::Adjust { policy: Some(late()), signal: late(), by, until };
        let day = jiff::civil::date(2027, 2, 28);
        let source = Source { name: "late.toml".to_owned(), text: POLICY.to_owned() };
        let twice = apply(&[source], &[by(-0.1, None), by(-0.2, Some(day))]).unwrap();
        let end = "[[adjust]]\nsignal = \"late\"\nby = -0.3\nuntil = \"2027-02-28\"\n";
        assert!(twice[0].text.ends_with(end), "{}", twice[0].text);
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = apply(&[], &[Edit::Threshold { policy: late(), to: 0.5 }]).unwrap_err();
        assert_eq!(error.to_string(), "no file is the policy \"late\"");
    }
}
