//! What the house knows about the people outside that it writes to: a file of people, an LDAP directory,
//! and a customer system (CRM) that is asked over HTTP.
//!
//! The file is read whole, at the start and when it changes; one with a mistake never replaces a good
//! one. The others are asked about mail that is to be held, within limits of time, size and number; no
//! answer is an outcome, never an error of the mail. Asked is for one address; nothing of a mail is
//! sent. No address, name or number reaches a log line.

mod answer;
mod cache;
mod columns;
mod crm;
mod file;
#[cfg(feature = "ldap")]
mod ldap;
mod people;
mod remote;
mod said;
mod table;

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::call::{Known, Told};

pub use crm::{BadTemplate, CrmSettings, Template};
pub use file::{BadFile, read};
#[cfg(feature = "ldap")]
pub use ldap::{
    Attribute, Attributes, BadAttribute, BadFilter, BadUrl, Bind, Filter, LdapSettings, Security,
    Server,
};
pub use people::People;
pub use remote::{Bounds, Remote};
pub use table::{Mistake, Terms};

/// See the module. Shared by all sessions.
pub struct Directory {
    people: ArcSwap<People>,
    remotes: Remotes,
}

/// Those that are asked over the net.
#[derive(Default)]
pub struct Remotes {
    /// The LDAP directory.
    pub ldap: Option<Remote>,
    /// The customer system.
    pub crm: Option<Remote>,
}

impl Directory {
    /// These people, and those who are asked beside them.
    pub fn new(people: People, remotes: Remotes) -> Directory {
        Directory { people: ArcSwap::from_pointee(people), remotes }
    }

    /// The people in force.
    pub fn people(&self) -> Arc<People> {
        self.people.load_full()
    }

    /// Puts others in their place.
    pub fn replace(&self, people: People) {
        self.people.store(Arc::new(people));
    }

    /// Whether anybody is asked over the net.
    pub fn asks(&self) -> bool {
        self.remotes.ldap.is_some() || self.remotes.crm.is_some()
    }

    /// What those who are asked over the net know about the person of an address: all at once, so that
    /// two cost the time of the slower one.
    pub async fn look_up(&self, address: &str) -> Vec<Known> {
        let Remotes { ldap, crm } = &self.remotes;
        let one = async |remote: &Option<Remote>| match remote {
            Some(remote) => remote.look_up(address).await,
            None => None,
        };
        let (ldap, crm) = tokio::join!(one(ldap), one(crm));
        ldap.into_iter().chain(crm).collect()
    }

    /// What the file says about the person of an address, and what those said who were asked.
    pub fn told(&self, address: &str, answers: Vec<Known>) -> Told {
        let people = self.people.load();
        let (person, whole_domain) = people.find(address);
        let entries = person.into_iter().chain(answers).chain(whole_domain).collect();
        Told { entries, ours: people.ours() }
    }
}

#[cfg(test)]
mod tests;
