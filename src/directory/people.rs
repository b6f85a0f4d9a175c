//! Who is known by which address.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::table::{Mistake, Row, Table, Terms};
use crate::call::{Known, Source};

/// The people of one table.
#[derive(Debug, Default)]
pub struct People {
    /// By address in lower case, or `*@` and the domain.
    entries: HashMap<String, Row>,
    country: Option<String>,
    ours: Arc<BTreeSet<String>>,
    fingerprint: String,
    /// What was passed over.
    warnings: Vec<Mistake>,
}

impl People {
    /// Reads a table, or tells every mistake, up to a limit.
    pub(super) fn parse(
        text: &str,
        fingerprint: String,
        terms: &Terms,
    ) -> Result<People, Vec<Mistake>> {
        let table = Table::read(text, terms);
        if !table.mistakes.is_empty() {
            return Err(table.mistakes);
        }
        Ok(People {
            entries: table.entries,
            country: terms.country.clone(),
            ours: Arc::new(table.ours),
            fingerprint,
            warnings: table.warnings,
        })
    }

    /// What is known of the person of an address, and of everybody at his domain.
    pub(super) fn find(&self, address: &str) -> (Option<Known>, Option<Known>) {
        let address = address.to_lowercase();
        let domain = address.rsplit_once('@').map(|(_, domain)| format!("*@{domain}"));
        let known = |key: &str, whole_domain| {
            self.entries.get(key).map(|row| Known {
                source: Source::Directory,
                whole_domain,
                name: row.name.clone(),
                role: row.role.clone(),
                numbers: row.numbers.clone(),
                country: self.country.clone(),
                language: row.language,
                zone: row.zone.clone(),
            })
        };
        (known(&address, false), domain.and_then(|domain| known(&domain, true)))
    }

    /// The numbers of our own people, `+` and digits.
    pub(super) fn ours(&self) -> Arc<BTreeSet<String>> {
        Arc::clone(&self.ours)
    }

    /// How many addresses are known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nobody is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Tells one content of the file from another.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What was passed over, up to a limit: numbers that are none, addresses that stand twice.
    pub fn warnings(&self) -> &[Mistake] {
        &self.warnings
    }
}
