//! What the house knows about the people outside that it writes to: a file of people, and a customer
//! system (CRM) that is asked over HTTP.
//!
//! The file is read whole, at the start and when it changes; one with a mistake never replaces a good
//! one. The customer system is asked about mail that is to be held, within limits of time, size and
//! number; no answer is an outcome, never an error of the mail. Asked is for one address; nothing of
//! a mail is sent. No address, name or number reaches a log line.

mod answer;
mod cache;
mod columns;
mod crm;
mod file;
mod people;
mod table;

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::call::{Known, Told};

pub use crm::{BadTemplate, Crm, CrmSettings, Template};
pub use file::{BadFile, read};
pub use people::People;
pub use table::{Mistake, Terms};

/// See the module. Shared by all sessions.
pub struct Directory {
    people: ArcSwap<People>,
    crm: Option<Crm>,
}

impl Directory {
    /// These people, and this customer system if there is one.
    pub fn new(people: People, crm: Option<Crm>) -> Directory {
        Directory { people: ArcSwap::from_pointee(people), crm }
    }

    /// The people in force.
    pub fn people(&self) -> Arc<People> {
        self.people.load_full()
    }

    /// Puts others in their place.
    pub fn replace(&self, people: People) {
        self.people.store(Arc::new(people));
    }

    /// The customer system.
    pub fn crm(&self) -> Option<&Crm> {
        self.crm.as_ref()
    }

    /// What the file says about the person of an address, and what the customer system said.
    pub fn told(&self, address: &str, answer: Option<Known>) -> Told {
        let people = self.people.load();
        let (person, whole_domain) = people.find(address);
        let entries = person.into_iter().chain(answer).chain(whole_domain).collect();
        Told { entries, ours: people.ours() }
    }
}

#[cfg(test)]
mod tests;
