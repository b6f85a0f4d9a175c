//! In which language a reader is written to.

use std::collections::BTreeMap;

use crate::{mail::Mailbox, message::Language};

/// What an organisation has said about languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Languages {
    /// By address, in lower case.
    pub addresses: BTreeMap<String, Language>,
    /// By domain, in lower case; its subdomains count too, the nearest first.
    pub domains: BTreeMap<String, Language>,
    /// Where nothing else is known.
    pub default: Language,
}

impl Default for Languages {
    fn default() -> Languages {
        let (addresses, domains) = (BTreeMap::new(), BTreeMap::new());
        Languages { addresses, domains, default: Language::En }
    }
}

impl Languages {
    /// The language for a reader: his own, his domain's, that of the sender's team, that of the mail
    /// it is about, the default.
    pub fn choose(
        &self,
        reader: Option<&Mailbox>,
        team: Option<Language>,
        mail: Option<Language>,
    ) -> Language {
        let own = reader.and_then(|reader| self.of(reader));
        own.or(team).or(mail).unwrap_or(self.default)
    }

    /// What was said of this address or its domain.
    fn of(&self, reader: &Mailbox) -> Option<Language> {
        let address = self.addresses.get(&reader.as_str().to_lowercase());
        address.copied().or_else(|| {
            let domain = reader.domain()?.to_lowercase();
            let dots = domain.match_indices('.').map(|(at, _)| at + 1);
            let mut above = std::iter::once(0).chain(dots).filter_map(|at| domain.get(at..));
            above.find_map(|domain| self.domains.get(domain)).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_about_a_reader_counts() {
        let of = |pairs: &[(&str, Language)]| {
            pairs.iter().map(|(name, language)| ((*name).to_owned(), *language)).collect()
        };
        let languages = Languages {
            addresses: of(&[("ann@northwind.fr", Language::De)]),
            domains: of(&[("northwind.fr", Language::Fr), ("lab.northwind.fr", Language::It)]),
            default: Language::Nl,
        };
        for (reader, mail, chosen) in [
            ("Ann@Northwind.FR", Some(Language::Es), Language::De),
            ("bob@northwind.fr", Some(Language::Es), Language::Fr),
            ("bob@paris.northwind.fr", None, Language::Fr),
            ("bob@x.lab.northwind.fr", None, Language::It),
            ("bob@southwind.fr", Some(Language::Es), Language::Es),
            ("bob@notnorthwind.fr", None, Language::Nl),
        ] {
            let reader = Mailbox::parse(reader).unwrap();
            assert_eq!(languages.choose(Some(&reader), None, mail), chosen, "{reader}");
        }
        assert_eq!(Languages::default().choose(None, None, None), Language::En);
        let (team, mail) = (Some(Language::Pt), Some(Language::Es));
        assert_eq!(languages.choose(None, team, mail), Language::Pt);
        let ann = Mailbox::parse("ann@northwind.fr").unwrap();
        assert_eq!(languages.choose(Some(&ann), team, mail), Language::De);
        assert_eq!(languages.choose(None, None, mail), Language::Es);
    }
}
