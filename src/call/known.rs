//! What others than the mail know about the person: a directory, be it a file or LDAP, a customer system.

use std::{collections::BTreeSet, sync::Arc};

use super::Source;
use crate::message::Language;

/// One entry about one person. Texts are as somebody once typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who says it: [`Source::Directory`], [`Source::Ldap`] or [`Source::Crm`].
    pub source: Source,
    /// It stands for everybody at the person's domain: it names no person.
    pub whole_domain: bool,
    /// Full name; may be empty.
    pub name: String,
    /// What the person does; may be empty.
    pub role: String,
    /// Telephone numbers, best first.
    pub numbers: Vec<String>,
    /// Whose numbering plan numbers without a country code belong to: `DE`.
    pub country: Option<String>,
    /// The language that the person is spoken to in.
    pub language: Option<Language>,
    /// The person's time zone, as the time zone database names it.
    pub zone: Option<String>,
}

/// All that was told.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// About the person, best first.
    pub entries: Vec<Known>,
    /// Numbers of our own people, `+` and digits: never to be called.
    pub ours: Arc<BTreeSet<String>>,
}

impl Told {
    /// What is said about this very person.
    pub(super) fn of_the_person(&self) -> impl Iterator<Item = &Known> {
        self.entries.iter().filter(|entry| !entry.whole_domain)
    }
}

/// An entry that says nothing yet.
#[cfg(test)]
pub(crate) fn entry(source: Source) -> Known {
    Known {
        source,
        whole_domain: false,
        name: String::new(),
        role: String::new(),
        numbers: Vec::new(),
        country: None,
        language: None,
        zone: None,
    }
}
