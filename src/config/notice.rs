//! `[notice]`: who our mail comes from, and how much of it one address gets.

use super::{NoticeSettings, fields::number};
use crate::{mail::Mailbox, policy::document::Table, worker::Pace};

/// More mail of ours than this is none that anybody reads.
const MAX_PER_HOUR: i64 = 100;
/// See [`MAX_PER_HOUR`].
const MAX_PER_DAY: i64 = 1_000;

/// Reads the section.
pub(super) fn notice(t: &Table<'_>) -> Option<NoticeSettings> {
    let wanted = "an address such as \"Call First <callfirst@northwind.example>\"";
    let from = t.parsed("from", wanted, name_and_address).required();
    let zone = t.string("time_zone").and_then(|name| match jiff::tz::TimeZone::get(&name) {
        Ok(_) => Ok(name),
        Err(_) => Err((
            format!("\"{name}\" is no time zone"),
            Some("a name such as \"Europe/Berlin\" or \"UTC\"".to_owned()),
        )),
    });
    let time_zone = zone.optional().unwrap_or_else(system_zone);
    let pace = Pace::default();
    let most_per_hour = number(t, "most_per_hour", pace.most_per_hour, MAX_PER_HOUR);
    let most_per_day = t.integer("most_per_day", 1..=MAX_PER_DAY).and_then(|number| {
        match u32::try_from(number).ok().filter(|number| *number >= most_per_hour) {
            Some(number) => Ok(number),
            None => Err((
                "is less than `most_per_hour`".to_owned(),
                Some(format!("a number from {most_per_hour} up")),
            )),
        }
    });
    let most_per_day = most_per_day.or(pace.most_per_day.max(most_per_hour));
    let (from_name, from) = from?;
    Some(NoticeSettings { from_name, from, time_zone, most_per_hour, most_per_day })
}

fn system_zone() -> String {
    jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").to_owned()
}

fn name_and_address(text: &str) -> Option<(String, Mailbox)> {
    let (name, address) = match text.trim().strip_suffix('>').and_then(|t| t.rsplit_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"').trim(), address),
        None => ("", text.trim()),
    };
    let good = !name.chars().any(char::is_control);
    Mailbox::parse(address).ok().filter(|_| good).map(|m| (name.to_owned(), m))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Source, document::Document};

    fn read(keys: &str) -> Result<NoticeSettings, String> {
        let text = format!("[notice]\nfrom = \"cf@us.example\"\n{keys}\n");
        let source = Source { name: "callfirst.toml".into(), text };
        let (document, _) = Document::parse(&source);
        let document = document.unwrap();
        let found = document.findings();
        let table = document.root(&found).table("notice").unwrap();
        let settings = notice(&table);
        table.finish();
        let told: Vec<String> = found
            .into_diagnostics()
            .into_iter()
            .map(|d| format!("{} {}", d.message, d.help.unwrap_or_default()))
            .collect();
        settings.filter(|_| told.is_empty()).ok_or(told.join("\n"))
    }

    #[test]
    fn how_much_one_address_gets_has_bounds_and_none_is_a_mistake() {
        let paced = |keys: &str| read(keys).map(|n| (n.most_per_hour, n.most_per_day));
        assert_eq!(paced(""), Ok((5, 40)));
        assert_eq!(paced("most_per_hour = 2\nmost_per_day = 7"), Ok((2, 7)));
        assert_eq!(paced("most_per_hour = 60"), Ok((60, 60)), "a day has at least an hour's");
        for (keys, said) in [
            ("most_per_hour = 0", "most_per_hour"),
            ("most_per_hour = 101", "most_per_hour"),
            ("most_per_day = 0", "most_per_day"),
            ("most_per_hour = 9\nmost_per_day = 8", "a number from 9 up"),
        ] {
            let told = paced(keys).unwrap_err();
            assert!(told.contains(said), "{keys}: {told}");
        }
    }
}
