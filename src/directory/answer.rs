//! What a customer system answers: JSON with `name`, `role`, `numbers`, `language`, `zone`, each of
//! them optional. More members are passed over.

use serde::Deserialize;

use super::said::Said;
use crate::call::{Known, Source};

#[derive(Deserialize)]
struct Answer {
    name: Option<String>,
    role: Option<String>,
    numbers: Option<Vec<String>>,
    language: Option<String>,
    zone: Option<String>,
}

/// The entry that an answer is; `None` where it is not of the form.
pub(super) fn read(body: &[u8], country: Option<&str>) -> Option<Known> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let said = Said {
        name: answer.name.unwrap_or_default(),
        role: answer.role.unwrap_or_default(),
        numbers: answer.numbers.unwrap_or_default(),
        language: answer.language.unwrap_or_default(),
        zone: answer.zone.unwrap_or_default(),
        country: country.map(str::to_owned),
    };
    Some(said.known(Source::Crm))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Language;

    #[test]
    fn every_member_is_optional_and_odd_values_are_passed_over() {
        let whole = br#"{"name":" Susan Hall ","role":"Buyer","numbers":["+44 20 7946 0018",""],
            "language":"en-GB","zone":"Europe/London","owner":7}"#;
        let known = read(whole, Some("GB")).unwrap();
        assert_eq!((known.name.as_str(), known.role.as_str()), ("Susan Hall", "Buyer"));
        assert_eq!(known.numbers, ["+44 20 7946 0018"]);
        assert_eq!(
            (known.language, known.zone.as_deref()),
            (Some(Language::En), Some("Europe/London"))
        );
        let odd = read(br#"{"name":null,"role":"a\u0000b","zone":"Mars","language":"tlh"}"#, None);
        let odd = odd.unwrap();
        assert_eq!((odd.name.as_str(), odd.role.as_str(), odd.zone), ("", "", None));
        assert!(odd.numbers.is_empty() && odd.language.is_none());
        assert_eq!(read(b"{}", None).map(|k| k.numbers.len()), Some(0));
        for bad in [&b"[]"[..], b"", b"<html>", br#"{"numbers":"020"}"#, br#"{"name":1}"#] {
            assert!(read(bad, None).is_none());
        }
    }
}
