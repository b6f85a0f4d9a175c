//! By which clock a person lives: what a directory says, else what number and address tell.
//!
//! Numbers tell it by their country or area code, addresses by their country domain. Where the two
//! disagree, or a country has several clocks, nothing is said: a wrong hour is worse than none.

use std::{collections::HashMap, sync::LazyLock};

use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};

use super::{Number, Told};

/// No beginning of a number in the table is longer.
const MAX_PREFIX: usize = 6;

/// A winter's and a summer's day: zones that agree on both keep one clock for our purpose.
const DAYS: [Timestamp; 2] =
    [Timestamp::constant(1_800_000_000, 0), Timestamp::constant(1_815_500_000, 0)];

static PREFIXES: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| table(include_str!("zones/prefixes.txt")));
static DOMAINS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| table(include_str!("zones/domains.txt")));

/// Lines of a zone and the keys that mean it.
fn table(text: &'static str) -> HashMap<&'static str, &'static str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .flat_map(|(zone, keys)| keys.split_whitespace().map(move |key| (key, zone)))
        .collect()
}

/// Whether the time zone database knows a name.
pub fn is_zone(name: &str) -> bool {
    known(name).is_some()
}

fn known(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// The person's zone, where there is no doubt.
pub(super) fn find(told: &Told, numbers: &[Number], address: &str) -> Option<String> {
    let said = told.entries.iter().filter_map(|entry| entry.zone.as_deref());
    if let Some(zone) = said.into_iter().find(|zone| is_zone(zone)) {
        return Some(zone.to_owned());
    }
    let of_numbers: Option<Vec<&str>> = numbers.iter().map(|n| of_number(&n.e164)).collect();
    // A number that may be anywhere makes the others no surer.
    let mut zones = of_numbers?;
    zones.extend(of_address(address));
    let first = *zones.first()?;
    zones.iter().all(|zone| keep_one_clock(first, zone)).then(|| first.to_owned())
}

fn of_number(e164: &str) -> Option<&'static str> {
    let digits = e164.strip_prefix('+')?;
    let longest_first = (1..=MAX_PREFIX.min(digits.len())).rev();
    longest_first.filter_map(|length| PREFIXES.get(digits.get(..length)?)).next().copied()
}

fn of_address(address: &str) -> Option<&'static str> {
    let (_, domain) = address.rsplit_once('@')?;
    let top = domain.trim_end_matches('.').rsplit('.').next()?.to_ascii_lowercase();
    DOMAINS.get(top.as_str()).copied()
}

fn keep_one_clock(one: &str, other: &str) -> bool {
    one == other
        || match (known(one), known(other)) {
            (Some(one), Some(other)) => {
                DAYS.iter().all(|day| one.to_offset(*day) == other.to_offset(*day))
            }
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Known, Source};

    fn zone(numbers: &[&str], address: &str) -> Option<String> {
        find(&Told::default(), &numbers.iter().map(|n| number(n)).collect::<Vec<_>>(), address)
    }

    fn number(e164: &str) -> Number {
        Number {
            e164: e164.to_owned(),
            national: String::new(),
            source: Source::Signature,
            also: Vec::new(),
            written: None,
            confidence: 0.9,
        }
    }

    #[test]
    fn every_zone_of_the_tables_is_one() {
        for zone in PREFIXES.values().chain(DOMAINS.values()) {
            assert!(is_zone(zone), "{zone}");
        }
        assert!(
            PREFIXES.keys().all(|k| k.len() <= MAX_PREFIX && k.bytes().all(|b| b.is_ascii_digit()))
        );
    }

    #[test]
    fn number_and_address_tell_the_zone_where_there_is_no_doubt() {
        for (numbers, address, expected) in [
            (&["+351912345678"][..], "a@b.example", Some("Europe/Lisbon")),
            (&["+351296123456"], "a@b.example", Some("Atlantic/Azores")),
            (&["+34922123456"], "a@b.example", Some("Atlantic/Canary")),
            (&["+4930901820"], "a@b.de", Some("Europe/Berlin")),
            (&["+12125550143"], "a@b.com", Some("America/New_York")),
            (&["+15124780143"], "a@b.com", Some("America/Chicago")),
            (&["+16025550143"], "a@b.com", Some("America/Phoenix")),
            (&["+14165550143"], "a@b.ca", Some("America/Toronto")),
            (&["+551140043434"], "a@b.com.br", Some("America/Sao_Paulo")),
            (&["+61730001234"], "a@b.com.au", Some("Australia/Brisbane")),
            (&["+525552045500"], "a@b.mx", Some("America/Mexico_City")),
            (&["+74951234567"], "a@b.ru", Some("Europe/Moscow")),
            (&[], "a@b.pt", Some("Europe/Lisbon")),
            (&[], "a@b.co.uk", Some("Europe/London")),
            // A Frenchwoman with a German number keeps one clock with Berlin.
            (&["+4930901820"], "a@b.fr", Some("Europe/Berlin")),
            (&["+4930901820"], "a@b.pt", None),
            (&["+4930901820", "+442079460018"], "a@b.com", None),
            // Mobiles of Australia and Russia are not bound to a region.
            (&["+61412345678"], "a@b.com.au", None),
            (&["+79161234567"], "a@b.ru", None),
            (&[], "a@b.us", None),
            (&[], "a@b.io", None),
            (&[], "a@b.com", None),
        ] {
            assert_eq!(zone(numbers, address).as_deref(), expected, "{numbers:?} {address}");
        }
    }

    #[test]
    fn a_directorys_word_counts_before_all() {
        let told = |zone: &str| {
            let zone = Some(zone.to_owned());
            let entry = Known { zone, ..crate::call::known::entry(Source::Directory) };
            Told { entries: vec![entry], ..Told::default() }
        };
        let german = [number("+4930901820")];
        assert_eq!(find(&told("Asia/Tokyo"), &german, "a@b.de").as_deref(), Some("Asia/Tokyo"));
        assert_eq!(find(&told("Nowhere"), &german, "a@b.de").as_deref(), Some("Europe/Berlin"));
    }
}
