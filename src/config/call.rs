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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Source, document::Document};

    fn read(keys: &str) -> Result<Hours, String> {
        let text = format!("[call]\n{keys}\n");
        let source = Source { name: "callfirst.toml".to_owned(), text };
        let (document, _) = Document::parse(&source);
        let document = document.unwrap();
        let found = document.findings();
        let root = document.root(&found);
        let table = root.table("call").unwrap();
        let hours = decode(&table);
        table.finish();
        root.finish();
        let told = found.into_diagnostics();
        let told: Vec<String> = told.into_iter().map(|d| d.message).collect();
        if told.is_empty() { Ok(hours) } else { Err(told.join("\n")) }
    }

    #[test]
    fn hours_to_call_have_bounds() {
        assert_eq!(read("").unwrap(), Hours::default());
        let hours = read("from = \"8:30\"\nto = \"17:00\"\ndays = [\"Monday\"]").unwrap();
        assert_eq!((hours.from.to_string().as_str(), hours.days.len()), ("08:30:00", 1));
        for (keys, wanted) in [
            ("from = \"9\"", "`call.from` must be a time such as"),
            ("from = \"18:00\"", "earlier than `call.to`"),
            ("to = \"24:00\"", "`call.to` must be a time such as"),
            ("days = []", "at least one day"),
            ("days = [\"Montag\"]", "such as \"monday\""),
            ("hours = 9", "unknown key"),
        ] {
            let told = read(keys).unwrap_err();
            assert!(told.contains(wanted), "{keys}: {told}");
        }
    }
}
