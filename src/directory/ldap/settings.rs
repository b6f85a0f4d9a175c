//! Who asks a directory, for what, and what of an entry is read.

use std::{path::PathBuf, str::FromStr};

use ldap3::{ldap_escape, parse_filter};

use super::server::{Security, Server};
use crate::directory::Bounds;

/// Where the address goes into a filter.
const PLACE: &str = "{mail}";
/// Stands for it while the filter is checked: it can stand where a value can, and nowhere else.
const STAND_IN: &str = r"\28\2a\29";
/// A filter that names the address more often than this means something else.
const MOST_PLACES: usize = 8;
/// In the names of attributes whose numbers nobody can be called at.
const NO_TELEPHONE: [&str; 3] = ["fax", "facsimile", "pager"];

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LdapSettings {
    /// Where it is.
    pub server: Server,
    /// How the way there is kept private.
    pub security: Security,
    /// Certificate authorities beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// Who asks; `None`: nobody in particular.
    pub bind: Option<Bind>,
    /// The entry under which people are.
    pub base: String,
    /// Which of them has an address.
    pub filter: Filter,
    /// What of an entry is read.
    pub attributes: Attributes,
    /// Where more have one address, none of them is meant.
    pub most_entries: u8,
    /// The country of numbers without a country code, where the entry names none.
    pub country: Option<String>,
    /// What it may cost.
    pub bounds: Bounds,
}

/// A simple bind (RFC 4513 §5.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind {
    /// As whom.
    pub dn: String,
    /// The file with the password.
    pub password_file: PathBuf,
}

/// A search filter (RFC 4515) with a place for the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter(String);

/// Why a filter will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadFilter {
    /// No place for the address, or too many.
    #[error("must hold `{PLACE}` where the address goes")]
    Place,
    /// It cannot be read.
    #[error("is no search filter with `{PLACE}` as a value")]
    Form,
}

impl FromStr for Filter {
    type Err = BadFilter;

    fn from_str(text: &str) -> Result<Filter, BadFilter> {
        if !(1..=MOST_PLACES).contains(&text.matches(PLACE).count()) {
            return Err(BadFilter::Place);
        }
        match parse_filter(text.replace(PLACE, STAND_IN)) {
            Ok(_) if text.starts_with('(') => Ok(Filter(text.to_owned())),
            Ok(_) | Err(()) => Err(BadFilter::Form),
        }
    }
}

impl Filter {
    /// The filter for an address, which stands there as a value whatever it holds (RFC 4515 §3).
    pub(super) fn of(&self, address: &str) -> String {
        self.0.replace(PLACE, &ldap_escape(address))
    }
}

/// The name of an attribute, options included (RFC 4512 §2.5): `cn`, `title;lang-en`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute(String);

/// Why a name will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAttribute {
    /// No name.
    #[error("is no name of an attribute")]
    Name,
    /// Its numbers are no telephones.
    #[error("holds numbers of faxes or pagers: nobody can be called there")]
    NoTelephone,
}

impl FromStr for Attribute {
    type Err = BadAttribute;

    fn from_str(text: &str) -> Result<Attribute, BadAttribute> {
        let good = |octet: u8| octet.is_ascii_alphanumeric() || b"-.;".contains(&octet);
        if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) || !text.bytes().all(good) {
            return Err(BadAttribute::Name);
        }
        let lower = text.to_ascii_lowercase();
        match NO_TELEPHONE.iter().any(|word| lower.contains(word)) {
            true => Err(BadAttribute::NoTelephone),
            false => Ok(Attribute(text.to_owned())),
        }
    }
}

impl Attribute {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an entry's attribute is this one. Options that were not asked for do not count: who
    /// asks for `cn` is given `cn;lang-de` too.
    pub(super) fn is(&self, name: &str) -> bool {
        let bare = name.split(';').next().unwrap_or_default();
        self.0.eq_ignore_ascii_case(name) || self.0.eq_ignore_ascii_case(bare)
    }
}

/// What of an entry is read: of each list the first that holds something, of the numbers all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// The person's name.
    pub name: Vec<Attribute>,
    /// Telephone numbers, best first.
    pub numbers: Vec<Attribute>,
    /// What the person does.
    pub role: Vec<Attribute>,
    /// Where.
    pub organisation: Vec<Attribute>,
    /// The language that the person is spoken to in.
    pub language: Vec<Attribute>,
    /// The country of the numbers, two letters.
    pub country: Vec<Attribute>,
    /// The time zone, as the time zone database names it.
    pub zone: Vec<Attribute>,
}

impl Attributes {
    /// The names, as they are asked for.
    pub(super) fn names(&self) -> Vec<String> {
        let texts = [&self.name, &self.numbers, &self.role, &self.organisation];
        let facts = [&self.language, &self.country, &self.zone];
        let all = texts.into_iter().chain(facts).flatten();
        all.map(|attribute| attribute.as_str().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_value_whatever_it_holds() {
        let filter: Filter = "(|(mail={mail})(proxyAddresses=smtp:{mail}))".parse().unwrap();
        assert_eq!(
            filter.of(r"a*)(uid=*\@b.example"),
            r"(|(mail=a\2a\29\28uid=\2a\5c@b.example)(proxyAddresses=smtp:a\2a\29\28uid=\2a\5c@b.example))"
        );
        for odd in ["a*b", "x)(y", "\\", "\0", "jörg@höf.example", "{mail}", "(&"] {
            assert!(parse_filter(filter.of(odd)).is_ok(), "{odd}");
        }
    }

    #[test]
    fn a_filter_is_checked_before_it_is_used() {
        let disabled = "(&(mail={mail})(!(userAccountControl:1.2.840.113556.1.4.803:=2)))";
        for good in ["(mail={mail})", disabled, "(&(objectClass=person)(mail={mail}))"] {
            assert!(good.parse::<Filter>().is_ok(), "{good}");
        }
        for (bad, why) in [
            ("(mail=*)", BadFilter::Place),
            ("(mail={address})", BadFilter::Place),
            ("(mail={mail}", BadFilter::Form),
            ("mail={mail}", BadFilter::Form),
            ("({mail}=x)", BadFilter::Form),
            ("(&(mail={mail})", BadFilter::Form),
            ("(mail={mail}))", BadFilter::Form),
            ("{mail}", BadFilter::Form),
        ] {
            assert_eq!(bad.parse::<Filter>(), Err(why), "{bad}");
        }
    }

    #[test]
    fn no_fax_and_no_pager_is_an_attribute() {
        for good in ["cn", "telephoneNumber", "title;lang-en", "2.5.4.20", "msDS-preferredDN"] {
            assert!(good.parse::<Attribute>().is_ok(), "{good}");
        }
        for bad in ["", " cn", "a b", "-x", "cn)", "büro"] {
            assert_eq!(bad.parse::<Attribute>(), Err(BadAttribute::Name), "{bad}");
        }
        for fax in ["facsimileTelephoneNumber", "fax", "otherFacsimileTelephoneNumber", "Pager"] {
            assert_eq!(fax.parse::<Attribute>(), Err(BadAttribute::NoTelephone), "{fax}");
        }
        let cn: Attribute = "cn".parse().unwrap();
        assert!(cn.is("CN") && cn.is("cn;lang-de") && !cn.is("cnx"));
    }
}
