//! What of an audit entry names people, apart from what was done.
//!
//! The chain holds the digest of these words and a salt, not the words. So they can be erased, salt
//! and all, and the chain stays whole: the digest stays and says nothing, since without the salt not
//! even a guess can be tried. While they are there, the digest shows that nobody changed them.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::{Actor, AuditEvent, chain::Form};

/// The facts that name people: addresses, log-in names, who an identity provider says he is. Which of
/// them an entry has is written down with it, so this list may change.
const PERSONAL: [&str; 4] = ["party", "to", "person", "vouched_by"];

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// SHA-256 over salt, the actor's name and address and the values of `facts`, hexadecimal.
    pub digest: String,
    /// The facts of the event whose values are among the words.
    pub facts: Vec<String>,
    /// 16 octets, hexadecimal; `None` once the words are erased.
    #[serde(skip)]
    pub salt: Option<String>,
}

impl Slip {
    /// What stands for the words of a new entry.
    pub(in crate::hold) fn of(actor: &Actor, event: &AuditEvent, salt: String) -> Slip {
        let personal = |name: &&String| PERSONAL.contains(&name.as_str());
        let facts = event.facts.iter().map(|(name, _)| name).filter(personal).cloned().collect();
        let mut slip = Slip { digest: String::new(), facts, salt: None };
        slip.digest = slip.digest_with(&salt, actor, event);
        slip.salt = Some(salt);
        slip
    }

    /// Whether the value of a fact is among the words.
    pub fn covers(&self, fact: &str) -> bool {
        self.facts.iter().any(|covered| covered == fact)
    }

    /// Whether the words are those that were written, or are erased, all of them.
    pub(in crate::hold) fn fits(&self, actor: &Actor, event: &AuditEvent) -> bool {
        match &self.salt {
            Some(salt) => self.digest == self.digest_with(salt, actor, event),
            None => {
                let empty =
                    |(name, value): &(String, String)| !self.covers(name) || value.is_empty();
                actor.name.is_empty() && actor.address.is_none() && event.facts.iter().all(empty)
            }
        }
    }

    /// Takes the words away.
    pub(in crate::hold) fn erase(&mut self, actor: &mut Actor, event: &mut AuditEvent) {
        actor.name.clear();
        actor.address = None;
        for (name, value) in &mut event.facts {
            if self.facts.contains(name) {
                value.clear();
            }
        }
        self.salt = None;
    }

    fn digest_with(&self, salt: &str, actor: &Actor, event: &AuditEvent) -> String {
        let mut form = Form::new(b"callfirst audit slip 1\n");
        form.text(Some(salt));
        form.text(Some(&actor.name));
        form.text(actor.address.as_deref());
        for (_, value) in event.facts.iter().filter(|(name, _)| self.covers(name)) {
            form.text(Some(value));
        }
        form.digest()
    }
}

/// A new salt. The kernel's randomness does not fail once the machine is up; if it ever did, a fresh
/// UUID still makes every salt another one.
pub(in crate::hold) fn salt() -> String {
    let mut octets = [0; 16];
    if getrandom::fill(&mut octets).is_err() {
        octets = uuid::Uuid::now_v7().into_bytes();
    }
    HEXLOWER.encode(&octets)
}
