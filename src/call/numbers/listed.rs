//! Numbers that a directory or a customer system lists, as somebody once typed them.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use super::rounded;
use crate::{
    call::{Known, Number, region},
    message::Language,
};

/// What the very person's entry is worth, and one for the whole of his domain.
const PERSON: f64 = 0.9;
const WHOLE_DOMAIN: f64 = 0.7;
/// Each further number of an entry is worth a little less, so that their order stays.
const STEP: f64 = 0.02;
/// No entry has more numbers that are looked at.
const MAX_LISTED: usize = 8;
/// A longer text is no number.
const MAX_CHARS: usize = 40;

/// The numbers of an entry about somebody with this address.
pub(super) fn numbers(entry: &Known, address: &str, language: Language) -> Vec<Number> {
    let worth = if entry.whole_domain { WHOLE_DOMAIN } else { PERSON };
    let regions = regions(entry.country.as_deref(), address, language);
    let texts = entry.numbers.iter().take(MAX_LISTED);
    let dialled = texts.filter_map(|text| under(text, &regions));
    dialled
        .zip(0_i32..)
        .map(|((e164, national), at)| Number {
            e164,
            national,
            source: entry.source,
            also: Vec::new(),
            written: None,
            confidence: rounded(worth - STEP * f64::from(at)),
        })
        .collect()
}

/// A number as it is dialled from abroad, `+` and digits; `country` is whose plan it belongs to
/// where it does not say so itself. `None` where it is no telephone number.
pub fn dialled(text: &str, country: Option<&str>, address: &str) -> Option<String> {
    under(text, &regions(country, address, Language::En)).map(|(e164, _)| e164)
}

/// Whether this is the code of a country with a numbering plan: `DE`.
pub fn is_country(code: &str) -> bool {
    Region::from_code(code)
        .is_ok_and(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some())
}

fn regions(country: Option<&str>, address: &str, language: Language) -> Vec<Region> {
    let named = country.and_then(|code| Region::from_code(code).ok());
    named.into_iter().chain(region::guesses(address, "", language)).collect()
}

fn under(text: &str, regions: &[Region]) -> Option<(String, String)> {
    let text = text.trim();
    if text.chars().nth(MAX_CHARS).is_some() || text.to_lowercase().contains("fax") {
        return None;
    }
    let number = regions.iter().find_map(|region| {
        let number = PHONE_NUMBER_UTIL.parse(text, Some(*region)).ok()?;
        PHONE_NUMBER_UTIL.is_valid_number(&number).then_some(number)
    })?;
    let written = |format| PHONE_NUMBER_UTIL.format(&number, format).into_owned();
    Some((written(PhoneNumberFormat::E164), written(PhoneNumberFormat::National)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_are_dialled_from_abroad() {
        for (text, country, address, expected) in [
            ("+49 30 901820-17", None, "a@b.example", Some("+493090182017")),
            ("0049 30 90182017", Some("DE"), "a@b.example", Some("+493090182017")),
            ("030 / 901820-17", Some("DE"), "a@b.co.uk", Some("+493090182017")),
            ("030 901820-17", None, "a@b.de", Some("+493090182017")),
            ("020 7946 0018", None, "a@b.co.uk", Some("+442079460018")),
            ("(512) 478-0143 x22", None, "a@b.com", Some("+15124780143")),
            ("Fax 030 901820-18", Some("DE"), "a@b.de", None),
            ("n/a", Some("DE"), "a@b.de", None),
            ("112", Some("DE"), "a@b.de", None),
            ("", None, "a@b.de", None),
            (&"030 901820-17 ".repeat(9), None, "a@b.de", None),
        ] {
            assert_eq!(dialled(text, country, address).as_deref(), expected, "{text}");
        }
        assert!(
            is_country("DE") && is_country("br") && !is_country("XX") && !is_country("Germany")
        );
    }
}
