//! `[notice]`: who our mails come from, in which zone they tell times, in which language they are, and
//! how many one address gets.

use std::{collections::BTreeMap, ops::RangeInclusive, time::Duration};

use crate::{
    decision::Organisation,
    mail::Mailbox,
    message::Language,
    policy::document::{Located, Table},
    wording::Languages,
    worker::{DEFAULT_TELL_DELAY_AFTER, Pace},
};

use super::{NoticeSettings, fields::number};

/// More mail of ours than this is none that anybody reads.
const MAX_PER_HOUR: i64 = 100;
/// See [`MAX_PER_HOUR`].
const MAX_PER_DAY: i64 = 1_000;
/// A shorter delay is every day's, and a longer one is nearly the end: after five days it is given up.
const DELAYED_AFTER: RangeInclusive<Duration> =
    Duration::from_secs(15 * 60)..=Duration::from_secs(3 * 24 * 3600);

/// Reads the section; `organisation` says who is inside.
pub(super) fn decode(t: &Table<'_>, organisation: Option<&Organisation>) -> Option<NoticeSettings> {
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
    let languages = languages(t, organisation);
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
    let delayed_after = t.duration("delayed_after").and_then(|after| match after {
        after if DELAYED_AFTER.contains(&after) => Ok(after),
        _ => Err(("must be 15 minutes to 3 days".to_owned(), Some("\"4h\"".to_owned()))),
    });
    let delayed_after = delayed_after.or(DEFAULT_TELL_DELAY_AFTER);
    let (from_name, from) = from?;
    Some(NoticeSettings {
        from_name,
        from,
        time_zone,
        languages,
        most_per_hour,
        most_per_day,
        delayed_after,
    })
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

/// `language`, and who reads which by `[notice.languages]`.
fn languages(t: &Table<'_>, organisation: Option<&Organisation>) -> Languages {
    let wanted = "\"en\", \"de\", \"fr\", \"es\", \"it\", \"nl\" or \"pt\"";
    let default = t.parsed("language", wanted, Language::from_code).or(Language::En);
    let (mut addresses, mut domains) = (BTreeMap::new(), BTreeMap::new());
    let Some(table) = t.table("languages") else {
        return Languages { addresses, domains, default };
    };
    for (name, language) in table.all_parsed(wanted, Language::from_code) {
        match reader(&name.value, organisation) {
            Ok(Reader::Address(address)) => drop(addresses.insert(address, language)),
            Ok(Reader::Domain(domain)) => drop(domains.insert(domain, language)),
            Err((message, help)) => refuse(&table, &name, &message, help),
        }
    }
    Languages { addresses, domains, default }
}

fn refuse(table: &Table<'_>, name: &Located<String>, message: &str, help: &str) {
    let message = format!("`{}`: {message}", table.path_of(&name.value));
    table.add(name.span.clone(), message, Some(help.to_owned()));
}

/// Of whom a language is said, in lower case.
enum Reader {
    Address(String),
    Domain(String),
}

fn reader(
    name: &str,
    organisation: Option<&Organisation>,
) -> Result<Reader, (String, &'static str)> {
    let name = name.to_lowercase();
    let is_address = name.contains('@');
    let address = if is_address { name.clone() } else { format!("x@{name}") };
    let help = "\"ann@northwind.example\" or \"northwind.example\", in quotation marks";
    let mailbox = Mailbox::parse(&address);
    let mailbox = mailbox.map_err(|_| (format!("\"{name}\" is no address or domain"), help))?;
    if organisation.is_some_and(|inside| !inside.is_inside(&mailbox)) {
        let message = format!("\"{name}\" is outside of `organisation.domains`");
        return Err((message, "nobody outside gets mail of ours: leave it out"));
    }
    Ok(if is_address { Reader::Address(name) } else { Reader::Domain(name) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::in_tests::section;

    fn settings(keys: &str) -> Result<NoticeSettings, String> {
        let us = Organisation { name: "Us".into(), domains: vec!["northwind.example".into()] };
        let keys = format!("from = \"callfirst@northwind.example\"\n{keys}");
        section("notice", &keys, |t| decode(t, Some(&us))).map(Option::unwrap)
    }

    fn read(keys: &str) -> Result<Languages, String> {
        settings(keys).map(|settings| settings.languages)
    }

    #[test]
    fn a_language_is_said_of_an_address_a_domain_or_all() {
        assert_eq!(read("").unwrap(), Languages::default());
        let languages = read(
            "language = \"nl\"\n[notice.languages]\n\"Ann@northwind.example\" = \"de\"\n\
             \"paris.northwind.example\" = \"fr\"",
        );
        let languages = languages.unwrap();
        let of =
            |reader: &str| languages.choose(Some(&Mailbox::parse(reader).unwrap()), None, None);
        assert_eq!(of("ann@northwind.example"), Language::De);
        assert_eq!(of("bob@paris.northwind.example"), Language::Fr);
        assert_eq!(of("bob@northwind.example"), Language::Nl);
    }

    #[test]
    fn a_language_of_nobody_or_none_is_told() {
        for (keys, wanted) in [
            ("language = \"dk\"", "`notice.language` must be \"en\", \"de\""),
            ("languages = { \"ann@other.example\" = \"de\" }", "is outside of `organisation"),
            ("languages = { \"ann@\" = \"de\" }", "\"ann@\" is no address or domain"),
            ("languages = { \"northwind.example\" = \"dk\" }", "must be \"en\", \"de\""),
            ("languages = { northwind.example = \"de\" }", "in quotation marks"),
        ] {
            let told = read(keys).unwrap_err();
            assert!(told.contains(wanted), "{keys}: {told}");
        }
    }

    #[test]
    fn how_much_one_address_gets_has_bounds_and_none_is_a_mistake() {
        let paced = |keys: &str| settings(keys).map(|n| (n.most_per_hour, n.most_per_day));
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
