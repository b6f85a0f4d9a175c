//! The section `[call]` as written.

use jiff::civil::{Time, Weekday};

use crate::{call::Hours, policy::document::Table};

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// `[call]`
pub(super) fn decode(t: &Table<'_>) -> Hours {
    let default = Hours::default();
    let wanted = "a time such as \"09:00\"";
    let from = t.parsed("from", wanted, time).located();
    let to = t.parsed("to", wanted, time).located();
    let named = t.has("days");
    let days = t.parsed_list("days", "days such as \"monday\"", |text| {
        DAYS.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, day)| *day)
    });
    let span = to.as_ref().or(from.as_ref()).map(|time| time.span.clone());
    let hours = Hours {
        from: from.map_or(default.from, |time| time.value),
        to: to.map_or(default.to, |time| time.value),
        days: match named {
            true => days.into_iter().map(|day| day.value).collect(),
            false => default.days,
        },
    };
    if let Some(span) = span.filter(|_| hours.from >= hours.to) {
        let help = "such as \"09:00\" and \"18:00\"; both are the other side's clock";
        t.add(span, "`call.from` must be earlier than `call.to`", Some(help.to_owned()));
    }
    if hours.days.is_empty() {
        let help = "such as days = [\"monday\", \"tuesday\"]";
        t.add(t.span(), "`call.days` must name at least one day", Some(help.to_owned()));
    }
    hours
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}
