//! The table `[directory.ldap]` as written.

use std::path::Path;

use crate::{
    directory::{Attribute, Attributes, Bind, Filter, LdapSettings, Security, Server},
    policy::document::{Located, Table},
};

use super::{directory::bounds, fields::number};

/// Somebody may stand in several parts of a tree, but not in many.
const MOST_ENTRIES: i64 = 20;
/// Who has an address, where nothing else is said.
const FILTER: &str = "(mail={mail})";
/// Names of attributes, to show what they look like.
const EXAMPLES: [&str; 3] = ["cn", "telephoneNumber", "mobile"];
/// What is read of an entry where nothing else is said (RFC 4519, RFC 2798).
const NAME: &[&str] = &["displayName", "cn"];
const NUMBERS: &[&str] = &["telephoneNumber", "mobile"];
const ROLE: &[&str] = &["title"];
const ORGANISATION: &[&str] = &["o"];
const LANGUAGE: &[&str] = &["preferredLanguage"];
const COUNTRY: &[&str] = &["c"];
const ZONE: &[&str] = &[];

/// `[directory.ldap]`; `country` is that of numbers where an entry names none.
pub(super) fn ldap(t: &Table<'_>, folder: &Path, country: Option<&str>) -> Option<LdapSettings> {
    let server = server(t);
    let security = security(t, server.as_ref());
    let ca_file = t.string("ca_file").optional().map(|file| folder.join(file));
    let bind = bind(t, folder);
    let base = t.string("base_dn").and_then(|base| match base.contains('=') {
        true => Ok(base),
        false => Err((
            "is no name of an entry".to_owned(),
            Some("such as \"ou=people,dc=hall,dc=example\"".to_owned()),
        )),
    });
    let base = base.required();
    let filter = filter(t);
    let attributes = Attributes {
        name: attributes(t, "name", NAME),
        numbers: attributes(t, "numbers", NUMBERS),
        role: attributes(t, "role", ROLE),
        organisation: attributes(t, "organisation", ORGANISATION),
        language: attributes(t, "language", LANGUAGE),
        country: attributes(t, "country", COUNTRY),
        zone: attributes(t, "zone", ZONE),
    };
    let most_entries = number(t, "max_entries", 2, MOST_ENTRIES);
    let bounds = bounds(t);
    Some(LdapSettings {
        server: server?.value,
        security: security?,
        ca_file,
        bind: bind?,
        base: base?,
        filter: filter?,
        attributes,
        most_entries,
        country: country.map(str::to_owned),
        bounds,
    })
}

fn server(t: &Table<'_>) -> Option<Located<Server>> {
    let help = "such as \"ldaps://ldap.example\" or \"ldap://127.0.0.1:389\"";
    let url = t.string("url").and_then(|url| {
        url.parse::<Server>().map_err(|error| (error.to_string(), Some(help.to_owned())))
    });
    url.required_located()
}

/// TLS, unless it is switched off; clear text leaves this machine only where that is said too.
fn security(t: &Table<'_>, server: Option<&Located<Server>>) -> Option<Security> {
    let start_tls = t.boolean("start_tls").or(true);
    let plain_ldap = t.boolean("plain_ldap").or(false);
    let server = server?;
    Some(match (server.value.tls, start_tls) {
        (true, _) => Security::Tls,
        (false, true) => Security::StartTls,
        (false, false) if plain_ldap => Security::Clear,
        (false, false) => {
            if !server.value.is_here() {
                let message = "`directory.ldap.url` would send addresses and the password in clear \
                               to another machine";
                let help = "use ldaps://, or leave `start_tls` at true; `plain_ldap = true` takes \
                            the risk";
                t.add(server.span.clone(), message, Some(help.to_owned()));
            }
            Security::ClearHere
        }
    })
}

/// Both keys, or neither: a name without a password is nobody's (RFC 4513 §5.1.2).
fn bind(t: &Table<'_>, folder: &Path) -> Option<Option<Bind>> {
    let dn = t.string("bind_dn").optional();
    let password_file = t.string("password_file").optional().map(|file| folder.join(file));
    let lacks = match (dn, password_file) {
        (Some(dn), Some(password_file)) => return Some(Some(Bind { dn, password_file })),
        (None, None) => return Some(None),
        (Some(_), None) => ["bind_dn", "password_file"],
        (None, Some(_)) => ["password_file", "bind_dn"],
    };
    let [key, other] = lacks;
    let help = format!("name `{other}` too, or remove `{key}` to ask without a name");
    let message = format!("`directory.ldap.{key}` means nothing without `{other}`");
    t.add(t.span(), message, Some(help));
    None
}

fn filter(t: &Table<'_>) -> Option<Filter> {
    let help = "such as \"(mail={mail})\" or \"(&(objectClass=person)(mail={mail}))\"";
    let filter = t.string("filter").and_then(|filter| {
        filter.parse::<Filter>().map_err(|error| (error.to_string(), Some(help.to_owned())))
    });
    filter.optional().or_else(|| FILTER.parse().ok())
}

fn attributes(t: &Table<'_>, key: &'static str, default: &[&str]) -> Vec<Attribute> {
    let Some(names) = t.strings(key).optional() else {
        return default.iter().filter_map(|name| name.parse().ok()).collect();
    };
    let one = |name: Located<String>| match name.value.parse::<Attribute>() {
        Ok(attribute) => Some(attribute),
        Err(error) => {
            let message = format!("`{}`: \"{}\" {error}", t.path_of(key), name.value);
            let help = format!("names such as \"{}\"", EXAMPLES.join("\", \""));
            t.add(name.span, message, Some(help));
            None
        }
    };
    names.into_iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::in_tests::section;

    const LEAST: &str = "url = \"ldaps://ldap.hall.example\"\nbase_dn = \"dc=hall,dc=example\"\n";

    fn read(keys: &str) -> Result<LdapSettings, String> {
        let folder = Path::new("/etc/callfirst");
        section("ldap", keys, |t| ldap(t, folder, Some("GB"))).map(Option::unwrap)
    }

    #[test]
    fn a_url_and_a_base_are_enough() {
        let settings = read(LEAST).unwrap();
        assert_eq!((settings.security, settings.bind), (Security::Tls, None));
        assert_eq!((settings.most_entries, settings.country.as_deref()), (2, Some("GB")));
        assert_eq!(settings.bounds.timeout, Duration::from_secs(1));
        assert_eq!(settings.attributes.name.len(), 2);
        let keys = "bind_dn = \"cn=callfirst\"\npassword_file = \"ldap.password\"\nrole = []\n";
        let settings = read(&format!("{LEAST}{keys}")).unwrap();
        let file = settings.bind.unwrap().password_file;
        assert_eq!(file, Path::new("/etc/callfirst/ldap.password"));
        assert!(settings.attributes.role.is_empty());
    }

    #[test]
    fn clear_text_is_for_this_machine_or_said_twice() {
        let with = |url: &str, keys: &str| {
            read(&format!("url = \"{url}\"\nbase_dn = \"dc=hall\"\n{keys}")).map(|s| s.security)
        };
        let (off, far) = ("start_tls = false\n", "ldap://ldap.hall.example");
        assert_eq!(with(far, ""), Ok(Security::StartTls));
        assert_eq!(with("ldap://127.0.0.1", ""), Ok(Security::StartTls));
        assert_eq!(with("ldap://127.0.0.1", off), Ok(Security::ClearHere));
        assert_eq!(with("ldaps://127.0.0.1", off), Ok(Security::Tls));
        for url in [far, "ldap://10.0.0.1", "ldap://ldap"] {
            let told = with(url, off).unwrap_err();
            assert!(told.contains("in clear") && told.contains("plain_ldap"), "{told}");
        }
        let both = format!("{off}plain_ldap = true\n");
        assert_eq!(with(far, &both), Ok(Security::Clear));
    }

    #[test]
    fn mistakes_name_the_key_and_what_would_do() {
        for (keys, wanted) in [
            ("base_dn = \"dc=hall\"\n", ["`ldap.url` is missing", "add `url`"]),
            ("url = \"ldaps://h\"\n", ["`ldap.base_dn` is missing", "add `base_dn`"]),
            (
                "url = \"https://h\"\nbase_dn = \"dc=hall\"",
                ["begins with ldaps://", "ldap.example"],
            ),
            ("url = \"ldap://h/dc=x\"\nbase_dn = \"dc=hall\"", ["end with the host", "389"]),
            ("url = \"ldap://u@h\"\nbase_dn = \"dc=hall\"", ["no password", "such as"]),
            ("url = \"ldaps://h\"\nbase_dn = \"people\"", ["no name of an entry", "ou=people,"]),
            (&format!("{LEAST}bind_dn = \"cn=x\""), ["without `password_file`", "without a name"]),
            (&format!("{LEAST}password_file = \"x\""), ["without `bind_dn`", "without a name"]),
            (&format!("{LEAST}filter = \"(mail=*)\""), ["must hold `{mail}`", "(mail={mail})"]),
            (&format!("{LEAST}filter = \"(mail={{mail}}\""), ["no search filter", "such as"]),
            (
                &format!("{LEAST}numbers = [\"mobile\", \"facsimileTelephoneNumber\"]"),
                ["`ldap.numbers`: \"facsimileTelephoneNumber\" holds", "telephoneNumber"],
            ),
            (&format!("{LEAST}name = [\"full name\"]"), ["is no name of an attribute", "\"cn\""]),
            (&format!("{LEAST}name = \"cn\""), ["`ldap.name`", "an array of strings"]),
            (&format!("{LEAST}timeout = \"5s\""), ["`ldap.timeout`", "up to \"4s\""]),
            (&format!("{LEAST}max_entries = 0"), ["`ldap.max_entries`", "1 to 20"]),
            (&format!("{LEAST}basedn = \"dc=x\""), ["basedn", "did you mean `base_dn`"]),
        ] {
            let told = read(keys).unwrap_err();
            for part in wanted {
                assert!(told.contains(part), "{part} is not in:\n{told}");
            }
        }
    }
}
