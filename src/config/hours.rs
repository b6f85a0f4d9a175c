//! Working hours as several sections write them: `from`, `to`, `days`.

use jiff::civil::{Time, Weekday};

use crate::{
    call::Hours,
    policy::document::{Located, Table},
};

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// The hours of a section; what it does not say is as in `default`.
pub(super) fn hours(t: &Table<'_>, default: &Hours) -> Hours {
    let wanted = "a time such as \"09:00\"";
    let from = t.parsed("from", wanted, time).located();
    let to = t.parsed("to", wanted, time).located();
    let span = to.as_ref().or(from.as_ref()).map(|time| time.span.clone());
    // A time that does not read has been told; what it would have been is unknown.
    let both_read = (t.has("from"), t.has("to")) == (from.is_some(), to.is_some());
    let hours = Hours {
        from: from.map_or(default.from, |time| time.value),
        to: to.map_or(default.to, |time| time.value),
        days: t.strings("days").and_then(days).optional().unwrap_or_else(|| default.days.clone()),
    };
    if let Some(span) = span.filter(|_| both_read && hours.from >= hours.to) {
        let help =
            format!("such as \"09:00\" and \"18:00\"; here it is {} and {}", hours.from, hours.to);
        let (from, to) = (t.path_of("from"), t.path_of("to"));
        t.add(span, format!("`{from}` must be earlier than `{to}`"), Some(help));
        // Whoever inherits them is not told the same again.
        return Hours { days: hours.days, ..default.clone() };
    }
    hours
}

fn days(names: Vec<Located<String>>) -> Result<Vec<Weekday>, (String, Option<String>)> {
    let help = || Some("such as [\"monday\", \"tuesday\"]".to_owned());
    if names.is_empty() {
        return Err(("must name at least one day".to_owned(), help()));
    }
    let day = |name: Located<String>| {
        let known = DAYS.iter().find(|(day, _)| name.value.eq_ignore_ascii_case(day));
        known.map(|(_, day)| *day).ok_or((format!("\"{}\" is no day", name.value), help()))
    };
    names.into_iter().map(day).collect()
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}
