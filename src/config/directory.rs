//! The section `[directory]` as written.

use std::{path::Path, time::Duration};

use crate::{
    directory::{Bounds, CrmSettings, Template},
    policy::document::{Located, Table},
    reach::Limits,
};

#[cfg(feature = "ldap")]
use super::fields::{finished, optional};
use super::{
    DirectorySettings,
    fields::{limit, number},
};

/// A sending server waits meanwhile; a second reader may take its time before.
const MOST_TIMEOUT: Duration = Duration::from_secs(4);
/// People change their numbers.
const LONGEST_CACHE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Keys that say how the `url` is asked.
const OF_URL: [&str; 7] =
    ["key_file", "key_field", "ca_file", "timeout", "cache", "at_once", "requests_per_minute"];
/// A day's worth of minutes: the day has no limit of its own.
const MINUTES_A_DAY: u32 = 24 * 60;

/// `[directory]`
pub(super) fn directory(t: &Table<'_>, folder: &Path) -> Option<DirectorySettings> {
    let file = t.string("file").optional().map(|file| folder.join(file));
    let country = t.parsed("country", "the two letters of a country, such as \"DE\"", country);
    let country = country.optional();
    let named = t.has("url");
    let crm = crm(t, folder, country.clone());
    if !named {
        without_url(t);
    }
    let ldap = t.table("ldap");
    if file.is_none() && !named && ldap.is_none() {
        let help =
            "file = \"people.csv\", a table [directory.ldap], or the `url` of a customer system";
        t.add(t.span(), "`[directory]` names nobody to ask", Some(help.to_owned()));
    }
    #[cfg(feature = "ldap")]
    let ldap =
        optional(ldap.map(|t| finished(t, |t| super::ldap::ldap(t, folder, country.as_deref()))))?;
    #[cfg(not(feature = "ldap"))]
    ldap.into_iter().for_each(no_ldap);
    Some(DirectorySettings {
        file,
        country,
        crm: if named { Some(crm?) } else { None },
        #[cfg(feature = "ldap")]
        ldap,
    })
}

/// Keys that are there and say how nobody is asked.
fn without_url(t: &Table<'_>) {
    for key in OF_URL.iter().filter(|key| t.has(key)) {
        let help = "name the `url` of the customer system, or remove the key";
        let message = format!("`directory.{key}` means nothing without `url`");
        t.add(t.span(), message, Some(help.to_owned()));
    }
}

#[cfg(not(feature = "ldap"))]
fn no_ldap(t: Table<'_>) {
    let help = "use a program that was built with the feature `ldap`, or remove this table";
    t.add(t.span(), "`directory.ldap`: this program knows no LDAP", Some(help.to_owned()));
}

fn crm(t: &Table<'_>, folder: &Path, country: Option<String>) -> Option<CrmSettings> {
    let url = url(t);
    let (key_file, ca_file) = (t.string("key_file").optional(), t.string("ca_file").optional());
    let key_field =
        t.parsed("key_field", "the name of a header field such as \"X-Api-Key\"", |text| {
            let good = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-';
            (!text.is_empty() && text.bytes().all(good)).then(|| text.to_owned())
        });
    let key_field = key_field.optional();
    if key_field.is_some() && !t.has("key_file") {
        let help = Some("name the file that holds the key, or remove `key_field`".to_owned());
        t.add(t.span(), "`directory.key_field` means nothing without `key_file`", help);
    }
    Some(CrmSettings {
        url: url?.value,
        key_file: key_file.map(|file| folder.join(file)),
        key_field,
        ca_file: ca_file.map(|file| folder.join(file)),
        bounds: bounds(t),
        country,
    })
}

/// How long one waits for those who are asked over the net, how long an answer is good, and how much they
/// may be asked.
pub(super) fn bounds(t: &Table<'_>) -> Bounds {
    let help = "choose a time up to \"4s\": mail waits for the answer";
    let timeout = limit(t, "timeout", Duration::from_secs(1), MOST_TIMEOUT, help);
    let cache = t.duration("cache").and_then(|time| match time {
        time if time > LONGEST_CACHE => {
            Err(("is out of range".to_owned(), Some("choose a time up to \"7d\"".to_owned())))
        }
        time => Ok(time),
    });
    let cache = cache.or(Duration::from_secs(3600));
    let per_minute = number(t, "requests_per_minute", 600, 100_000);
    let limits = Limits {
        at_once: number(t, "at_once", 8, 256),
        per_minute,
        per_day: per_minute.saturating_mul(MINUTES_A_DAY),
    };
    Bounds { timeout, cache, limits }
}

fn url(t: &Table<'_>) -> Option<Located<Template>> {
    let example = "such as \"http://127.0.0.1:9000/people?address={address}\"";
    let url = t.string("url").and_then(|url| {
        url.parse::<Template>().map_err(|error| (error.to_string(), Some(example.to_owned())))
    });
    let url = url.located()?;
    if url.value.endpoint.is_plain_and_public() {
        let help = "use https; http is for this machine and private networks";
        let message = "`directory.url` would send addresses in clear to a public address";
        t.add(url.span.clone(), message, Some(help.to_owned()));
    }
    Some(url)
}

#[cfg(feature = "phone")]
fn country(text: &str) -> Option<String> {
    crate::call::is_country(text).then(|| text.to_ascii_uppercase())
}

#[cfg(not(feature = "phone"))]
fn country(text: &str) -> Option<String> {
    let letters = text.len() == 2 && text.bytes().all(|octet| octet.is_ascii_alphabetic());
    letters.then(|| text.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::in_tests::section;

    fn read(keys: &str) -> Result<DirectorySettings, String> {
        let settings = section("directory", keys, |t| directory(t, Path::new("/etc/callfirst")));
        settings.map(Option::unwrap)
    }

    #[test]
    fn a_file_or_a_url_is_enough() {
        let file = read("file = \"people.csv\"\ncountry = \"de\"").unwrap();
        assert_eq!(file.file.as_deref(), Some(Path::new("/etc/callfirst/people.csv")));
        assert_eq!((file.country.as_deref(), file.crm), (Some("DE"), None));
        let crm = read("url = \"http://127.0.0.1:9000/people/{address}?x=1\"").unwrap().crm;
        let crm = crm.unwrap();
        assert_eq!(
            (crm.bounds.timeout, crm.bounds.cache),
            (Duration::from_secs(1), Duration::from_secs(3600))
        );
    }

    #[test]
    fn mistakes_name_the_key_and_what_would_do() {
        let url = "url = \"https://crm.example/?a={address}\"\n";
        for (keys, wanted) in [
            ("", ["names nobody to ask", "people.csv"]),
            ("file = \"\"", ["`directory.file`", "must not be empty"]),
            ("file = \"p\"\ncountry = \"Germany\"", ["`directory.country`", "\"DE\""]),
            ("file = \"p\"\ntimeout = \"1s\"", ["`directory.timeout`", "without `url`"]),
            ("url = \"crm.example/{address}\"", ["must be a URL", "http://127.0.0.1:9000"]),
            ("url = \"https://crm.example/\"", ["must hold `{address}` once", "people?address="]),
            ("url = \"https://{address}.example/\"", ["in its path or query", "people?address="]),
            ("url = \"https://h/{address}/{address}\"", ["once", "people?address="]),
            ("url = \"http://8.8.8.8/{address}\"", ["in clear", "use https"]),
            ("url = \"https://u:p@h/{address}\"", ["no password", "`key_file`"]),
            (&format!("{url}timeout = \"5s\""), ["`directory.timeout`", "up to \"4s\""]),
            (&format!("{url}cache = \"8d\""), ["`directory.cache`", "up to \"7d\""]),
            (&format!("{url}key_field = \"X Key\""), ["`directory.key_field`", "X-Api-Key"]),
            (
                "file = \"p\"\nrequests_per_minute = 5",
                ["`directory.requests_per_minute`", "without `url`"],
            ),
            (
                &format!("{url}key_field = \"X-Key\""),
                ["`directory.key_field`", "without `key_file`"],
            ),
            (&format!("{url}at_once = 0"), ["`directory.at_once`", "1 to 256"]),
            (&format!("{url}timeuot = \"1s\""), ["timeuot", "did you mean `timeout`"]),
        ] {
            let told = read(keys).unwrap_err();
            for part in wanted {
                assert!(told.contains(part), "{part} is not in:\n{told}");
            }
        }
    }
}
