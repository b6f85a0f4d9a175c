//! The person that entries are about.
//!
//! An entry's values are octets; those that are no UTF-8 are passed over, and so is an entry of another
//! form. Several entries are one person where they have one name: somebody may stand in two parts of a
//! tree. Else it cannot be told who is meant, and calling a stranger with bad news is worse than
//! looking a number up.

use ldap3::{ResultEntry, asn1::StructureTag};

use super::settings::{Attribute, Attributes};
use crate::{
    call::Source,
    directory::{
        remote::Outcome,
        said::{Said, plain},
    },
};

/// A search entry among the answers (RFC 4511 §4.5.2).
const SEARCH_ENTRY: u64 = 4;

/// What entries say of one person; `country` is that of numbers where they name none.
pub(super) fn read(
    entries: Vec<ResultEntry>,
    attributes: &Attributes,
    country: Option<&str>,
) -> Outcome {
    let mut people = entries.into_iter().filter_map(|entry| person(entry, attributes));
    let Some(mut one) = people.next() else { return Outcome::Unknown };
    for other in people {
        if !are_one(&one, &other) {
            return Outcome::Ambiguous;
        }
        join(&mut one, other);
    }
    one.country = one.country.or_else(|| country.map(str::to_owned));
    Outcome::Known(one.known(Source::Ldap))
}

fn person(entry: ResultEntry, attributes: &Attributes) -> Option<Said> {
    let values = Values::of(entry)?;
    let first = |list| values.all(list).next().unwrap_or_default().to_owned();
    let (role, organisation) = (first(&attributes.role), first(&attributes.organisation));
    let language = first(&attributes.language);
    let country = first(&attributes.country).to_ascii_uppercase();
    let is_code = country.len() == 2 && country.bytes().all(|octet| octet.is_ascii_uppercase());
    Some(Said {
        name: first(&attributes.name),
        role: role_at(role, &organisation),
        numbers: values.all(&attributes.numbers).map(str::to_owned).collect(),
        // RFC 2798 §2.7: as HTTP has it, `de, en;q=0.8`.
        language: language.split([',', ';']).next().unwrap_or_default().to_owned(),
        zone: first(&attributes.zone),
        country: Some(country).filter(|_| is_code),
    })
}

/// "Head of Purchasing, Hall & Sons", as far as it is known and short enough.
fn role_at(role: String, organisation: &str) -> String {
    if role.is_empty() || organisation.is_empty() {
        return if role.is_empty() { organisation.to_owned() } else { role };
    }
    let both = format!("{role}, {organisation}");
    if plain(&both).is_empty() { role } else { both }
}

/// The attributes of an entry.
struct Values(Vec<(String, Vec<String>)>);

impl Values {
    fn of(entry: ResultEntry) -> Option<Values> {
        let mut parts = entry.0.match_id(SEARCH_ENTRY)?.expect_constructed()?.into_iter();
        let _name = parts.next()?;
        let attributes = parts.next()?.expect_constructed()?;
        Some(Values(attributes.into_iter().filter_map(attribute).collect()))
    }

    /// All values of some attributes that can be shown, in the order in which these are wanted.
    fn all<'v>(&'v self, wanted: &'v [Attribute]) -> impl Iterator<Item = &'v str> {
        let of = |wanted: &'v Attribute| self.0.iter().filter(|(name, _)| wanted.is(name));
        let values = wanted.iter().flat_map(of).flat_map(|(_, values)| values);
        values.map(|value| plain(value)).filter(|value| !value.is_empty())
    }
}

fn attribute(octets: StructureTag) -> Option<(String, Vec<String>)> {
    let mut parts = octets.expect_constructed()?.into_iter();
    let name = String::from_utf8(parts.next()?.expect_primitive()?).ok()?;
    let values = parts.next()?.expect_constructed()?.into_iter();
    let texts = values.filter_map(|value| String::from_utf8(value.expect_primitive()?).ok());
    Some((name, texts.collect()))
}

fn are_one(one: &Said, other: &Said) -> bool {
    !one.name.is_empty() && one.name.to_lowercase() == other.name.to_lowercase()
}

fn join(one: &mut Said, other: Said) {
    let texts = [
        (&mut one.role, other.role),
        (&mut one.language, other.language),
        (&mut one.zone, other.zone),
    ];
    for (text, more) in texts {
        if text.is_empty() {
            *text = more;
        }
    }
    for number in other.numbers {
        if !one.numbers.contains(&number) {
            one.numbers.push(number);
        }
    }
    one.country = one.country.take().or(other.country);
}
