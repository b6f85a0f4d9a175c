//! The header fields that are shown.

use super::address::{ShownAddress, cut_at, shown};
use crate::message::{Address, Header};

/// Fields beyond the known ones that are shown, and the characters of each value.
const MAX_FIELDS: usize = 200;
const MAX_VALUE_CHARS: usize = 2_000;
/// Characters of a name.
const MAX_NAME_CHARS: usize = 60;
/// Addresses of one field that are shown.
const MAX_ADDRESSES: usize = 50;

/// One line of the header, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value, where it is no address field.
    pub value: String,
    /// Its addresses, where it is one.
    pub addresses: Vec<ShownAddress>,
    /// How many more addresses it has.
    pub more: usize,
}

/// The fields that a reader looks for, in the order that he is used to.
pub(super) fn main(header: &Header) -> Vec<Field> {
    let named = [
        ("From", &header.from),
        ("Sender", &header.sender),
        ("Reply-To", &header.reply_to),
        ("To", &header.to),
        ("Cc", &header.cc),
        ("Bcc", &header.bcc),
    ];
    let named = named.into_iter().filter(|(_, list)| !list.is_empty());
    let mut fields: Vec<Field> = named.map(|(name, list)| addresses(name, list)).collect();
    fields.extend(header.field("Date").map(|date| text("Date", date)));
    fields.push(text("Subject", &header.subject));
    fields
}

/// Every field as it came, decoded.
pub(super) fn all(header: &Header) -> Vec<Field> {
    header.fields.iter().take(MAX_FIELDS).map(|(name, value)| text(name, value)).collect()
}

fn text(name: &str, value: &str) -> Field {
    Field {
        name: cut_at(name, MAX_NAME_CHARS),
        value: cut_at(value, MAX_VALUE_CHARS),
        addresses: Vec::new(),
        more: 0,
    }
}

fn addresses(name: &str, list: &[Address]) -> Field {
    Field {
        name: name.to_owned(),
        value: String::new(),
        addresses: list.iter().take(MAX_ADDRESSES).map(shown).collect(),
        more: list.len().saturating_sub(MAX_ADDRESSES),
    }
}
