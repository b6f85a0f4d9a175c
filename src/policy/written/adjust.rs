//! `[[adjust]]`: a signal that counts a little more or less than it is written, perhaps only until a
//! day. What people's marks teach is written so: beside the weights, small, and easy to take away.

use jiff::civil::Date;

use super::{WrittenSignal, refuse_twins};
use crate::policy::document::{Located, Table, nearest};

/// The most that one signal may be moved, in log-odds. Beyond that the weight itself is wrong.
const MOST_OF_ONE: f64 = 0.5;
/// The most that all adjustments of a file may come to, whichever way. Of a few false alarms more than
/// this unlearns the news itself (docs/tuning.md).
const MOST_OF_ALL: f64 = 1.0;
/// The sum of decimal fractions is not exact.
const TINY: f64 = 1e-9;

/// An adjustment as written; its signal stands in the same file.
#[derive(Debug, Clone)]
pub(in crate::policy) struct WrittenAdjustment {
    pub(in crate::policy) signal: Located<String>,
    pub(in crate::policy) by: f64,
    pub(in crate::policy) until: Option<Date>,
}

/// All `[[adjust]]`s of a file, for its signals.
pub(super) fn decode_all(root: &Table<'_>, signals: &[WrittenSignal]) -> Vec<WrittenAdjustment> {
    let tables = root.tables("adjust");
    let all: Vec<WrittenAdjustment> =
        tables.into_iter().filter_map(|table| decode(table, signals)).collect();
    refuse_twins(root, all.iter().map(|one| &one.signal), "adjustment");
    let sum: f64 = all.iter().map(|one| one.by.abs()).sum();
    if let Some(last) = all.last().filter(|_| sum > MOST_OF_ALL + TINY) {
        let message = format!("the adjustments of this file come to {sum:.2}");
        let help = format!("{MOST_OF_ALL} is the most: change the weights of its signals instead");
        root.add(last.signal.span.clone(), message, Some(help));
    }
    all
}

fn decode(table: Table<'_>, signals: &[WrittenSignal]) -> Option<WrittenAdjustment> {
    let name = table.string("signal").required_located();
    let by = table.float("by", -MOST_OF_ONE..=MOST_OF_ONE).required();
    let until = until(&table);
    let found = name.as_ref().and_then(|name| weight_of(&table, name, signals));
    if let (Some(name), Some(by), Some(weight)) = (&name, by, found)
        && weight * (weight + by) <= 0.0
    {
        let message = format!("`adjust.by` would turn \"{}\" round", name.value);
        let help = format!("its weight is {weight}: change that, or take the signal out");
        table.add(name.span.clone(), message, Some(help));
    }
    table.finish();
    Some(WrittenAdjustment { signal: name?, by: by?, until })
}

fn weight_of(table: &Table<'_>, name: &Located<String>, signals: &[WrittenSignal]) -> Option<f64> {
    if let Some(signal) = signals.iter().find(|signal| signal.name.value == name.value) {
        return Some(signal.weight);
    }
    let names: Vec<&str> = signals.iter().map(|s| s.name.value.as_str()).collect();
    let help = match nearest(&name.value, &names) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "an adjustment stands in the file of its signal".to_owned(),
    };
    let message = format!("there is no signal \"{}\" in this file", name.value);
    table.add(name.span.clone(), message, Some(help));
    None
}

/// `until`: the last day on which something counts.
pub(super) fn until(table: &Table<'_>) -> Option<Date> {
    let read = |text: &str| text.parse::<Date>().ok();
    table.parsed("until", "a day such as \"2027-02-28\"", read).optional()
}
