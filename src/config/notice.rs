//! `[notice]`: who our mails come from, in which zone they tell times, in which language they are.

use std::collections::BTreeMap;

use crate::{
    decision::Organisation,
    mail::Mailbox,
    message::Language,
    policy::document::{Located, Table},
    wording::Languages,
};

use super::NoticeSettings;

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
    let (from_name, from) = from?;
    Some(NoticeSettings { from_name, from, time_zone, languages })
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

    fn read(keys: &str) -> Result<Languages, String> {
        let us = Organisation { name: "Us".into(), domains: vec!["northwind.example".into()] };
        let keys = format!("from = \"callfirst@northwind.example\"\n{keys}");
        section("notice", &keys, |t| decode(t, Some(&us))).map(|read| read.unwrap().languages)
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
}
