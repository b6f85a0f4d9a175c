//! Who else besides its sender may act on a hold and hears of it.
//!
//! A party has a number for the link in its letters. It comes in the commit that owes its letter,
//! and stays as long as the hold: the history names it.

use serde::{Deserialize, Serialize};

use super::{Actor, Hold, HoldError};
use crate::mail::{Mailbox, Timestamp};

/// More people on one mail would each wait for the other.
pub const MAX_PARTIES: usize = 12;

/// In which role somebody acts on a hold that is not his own mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// The sender handed it over.
    Colleague,
    /// Is asked to agree before it goes out.
    Second,
    /// Leads the team: hears of it when nobody decides.
    Lead,
    /// Hears of it when the lead does not see to it either.
    Admin,
    /// Stands in for a sender who is away.
    Cover,
}

impl PartyRole {
    /// Whether it is above the sender.
    pub fn leads(self) -> bool {
        matches!(self, PartyRole::Lead | PartyRole::Admin)
    }

    /// As stored, and as an actor's role in the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            PartyRole::Colleague => "colleague",
            PartyRole::Second => "second",
            PartyRole::Lead => "lead",
            PartyRole::Admin => "admin",
            PartyRole::Cover => "cover",
        }
    }
}

/// Somebody beside the sender who may act on a hold and hears of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Names it in links: 1 for the first.
    pub number: u8,
    /// Where its letters go; always inside.
    pub address: Mailbox,
    /// Why it is one.
    pub role: PartyRole,
    /// Since when.
    pub since: Timestamp,
    /// Who made it one: the name of an actor.
    pub by: String,
}

impl Party {
    /// The party as it acts.
    pub fn actor(&self, via: &str, address: Option<String>) -> Actor {
        Actor {
            role: self.role.as_str().to_owned(),
            name: self.address.as_str().to_owned(),
            via: via.to_owned(),
            address,
        }
    }

    /// What the audit tells of it when it comes.
    pub fn facts(&self) -> [(String, String); 2] {
        let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        [fact("party", self.address.as_str()), fact("party_role", self.role.as_str())]
    }
}

/// Whether two addresses are one person's: mail systems deliver all these spellings to one mailbox.
/// In doubt they are, because nobody may agree to what he proposed.
pub fn is_same_person(one: &str, other: &str) -> bool {
    mailbox_of(one) == mailbox_of(other)
}

/// The mailbox behind an address: in lower case, without quotes (RFC 5321 §4.1.2), without the tag of
/// a signed sender (BATV: `prvs=tag=name`), without what follows a `+` (RFC 5233) and without the full
/// stop of a rooted domain.
fn mailbox_of(address: &str) -> String {
    let folded = address.to_lowercase();
    let Some((local, domain)) = folded.rsplit_once('@') else { return folded };
    let local = unquoted(local);
    let signed = local.strip_prefix("prvs=").and_then(|signed| signed.split_once('='));
    let local = signed.map_or(local.as_str(), |(_, name)| name);
    let name = match local.split_once('+') {
        Some((name, _)) if !name.is_empty() => name,
        _ => local,
    };
    format!("{name}@{}", domain.strip_suffix('.').unwrap_or(domain))
}

/// A local part as it is meant: without its quotes, and without the backslashes between them.
fn unquoted(local: &str) -> String {
    let inner = local.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
    let Some(inner) = inner else { return local.to_owned() };
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

/// Whether an address is written as people write theirs: no quotes, no full stop at its end.
pub fn is_plainly_written(address: &Mailbox) -> bool {
    !address.as_str().contains('"') && !address.as_str().ends_with('.')
}

impl Hold {
    /// The party with this number.
    pub fn party(&self, number: u8) -> Option<&Party> {
        self.parties.iter().find(|party| party.number == number)
    }

    /// The party with this address.
    pub fn party_at(&self, address: &Mailbox) -> Option<&Party> {
        let there = |party: &&Party| is_same_person(party.address.as_str(), address.as_str());
        self.parties.iter().find(there)
    }

    /// Whether an address is the sender's.
    pub fn is_sender(&self, address: &Mailbox) -> bool {
        is_same_person(self.envelope.reverse_path().as_str(), address.as_str())
    }

    /// Somebody as a new party; `None` for the sender, for one who is a party already, and where
    /// there are [`MAX_PARTIES`].
    pub fn new_party(
        &self,
        address: &Mailbox,
        role: PartyRole,
        by: &Actor,
        now: Timestamp,
    ) -> Option<Party> {
        let is_known = self.is_sender(address) || self.party_at(address).is_some();
        if is_known || self.parties.len() >= MAX_PARTIES {
            return None;
        }
        let number = u8::try_from(self.parties.len()).ok()?.checked_add(1)?;
        Some(Party { number, address: address.clone(), role, since: now, by: by.name.clone() })
    }

    /// The sender as he acts.
    pub fn sender_actor(&self, via: &str, address: Option<String>) -> Actor {
        Actor {
            role: "sender".to_owned(),
            name: self.envelope.reverse_path().as_str().to_owned(),
            via: via.to_owned(),
            address,
        }
    }
}

/// Adds parties that were numbered for a hold as it was seen. Somebody else's change meanwhile may
/// have given away the number that a letter names.
pub(in crate::hold) fn join(parties: &mut Vec<Party>, new: &[Party]) -> Result<(), HoldError> {
    for party in new {
        let next = parties.len() + 1;
        if usize::from(party.number) != next || next > MAX_PARTIES {
            return Err(HoldError::Overtaken);
        }
        let since = super::steps::whole_micros(party.since);
        parties.push(Party { since, ..party.clone() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mailbox_is_one_person_however_it_is_spelled() {
        for other in [
            "Sam@H.example",
            "sam+claims@h.example",
            "\"sam\"@h.example",
            "\"s\\am\"@h.example",
            "sam@h.example.",
            "prvs=4123a1b2c3=sam@h.example",
        ] {
            assert!(is_same_person("sam@h.example", other), "{other}");
        }
        for other in ["pam@h.example", "sam@i.example", "+sam@h.example", "sam.a@h.example"] {
            assert!(!is_same_person("sam@h.example", other), "{other}");
        }
    }
}
