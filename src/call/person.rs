//! Whom to call: the first held recipient outside, and the name people use for him.

use super::{
    Known, Person, Told,
    greeting::{MAX_NAME_CHARS, greeting},
    role,
    thread::{Author, Thread},
};
use crate::{
    decision::{Decision, Organisation, Verdict},
    mail::{Envelope, ForwardPath},
    message::{Address, Reading},
};

/// The person, or `None` where nobody outside gets the mail.
pub(super) fn find(
    reading: &Reading,
    decision: &Decision,
    envelope: &Envelope,
    organisation: &Organisation,
    thread: &Thread,
    told: &Told,
) -> Option<Person> {
    let (address, in_header, alone) = addressee(reading, decision, envelope, organisation)?;
    let said = |of: fn(&Known) -> &str| told.of_the_person().map(of).find_map(plausible);
    let name = in_header
        .and_then(name_of)
        .or_else(|| said(|entry| &entry.name))
        .or_else(|| greeting(reading, &address).filter(|_| alone))
        .or_else(|| name_in_thread(thread, &address))
        .unwrap_or_default();
    let role = role::find(thread, &address, &name)
        .or_else(|| said(|entry| &entry.role))
        .unwrap_or_default();
    Some(Person { name, address, role })
}

/// How the mail greets the person, "Mrs Hall", where nobody else is addressed.
pub(super) fn greeted(
    reading: &Reading,
    decision: &Decision,
    envelope: &Envelope,
    organisation: &Organisation,
) -> Option<String> {
    let (address, _, alone) = addressee(reading, decision, envelope, organisation)?;
    greeting(reading, &address).filter(|_| alone)
}

/// The address of the person, for those who look it up.
pub fn address(
    reading: &Reading,
    decision: &Decision,
    envelope: &Envelope,
    organisation: &Organisation,
) -> Option<String> {
    addressee(reading, decision, envelope, organisation).map(|(address, ..)| address)
}

/// The address, what the header says of it, and whether nobody else outside gets the mail.
fn addressee<'a>(
    reading: &'a Reading,
    decision: &Decision,
    envelope: &Envelope,
    organisation: &Organisation,
) -> Option<(String, Option<&'a Address>, bool)> {
    let held = held_outside(decision, envelope, organisation);
    // The order of the header is the sender's own: whom he names first in To is whom he means.
    let header = &reading.header;
    let named = header.to.iter().chain(&header.cc).chain(&header.bcc);
    let in_header =
        named.clone().find(|a| held.iter().any(|h| same_mailbox(h.as_str(), &a.address)));
    let address = match in_header {
        Some(found) => found.address.clone(),
        None => held.first()?.as_str().to_owned(),
    };
    Some((address, in_header, held.len() == 1))
}

fn held_outside<'a>(
    decision: &'a Decision,
    envelope: &'a Envelope,
    organisation: &Organisation,
) -> Vec<&'a ForwardPath> {
    let outside = |path: &&ForwardPath| !organisation.is_inside(path.mailbox());
    let held: Vec<_> = decision
        .recipients
        .iter()
        .filter(|r| r.verdict == Verdict::Hold)
        .map(|r| &r.address)
        .filter(outside)
        .collect();
    if held.is_empty() {
        return envelope.recipients().iter().map(|r| &r.path).filter(outside).collect();
    }
    held
}

fn same_mailbox(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other.trim())
}

/// A display name that is a name: not empty, not an address, "Hall, Susan" turned round.
fn name_of(address: &Address) -> Option<String> {
    let name = address.name.trim().trim_matches(['"', '\'']).trim();
    if name.contains('@') {
        return None;
    }
    let name = match name.split_once(',') {
        Some((last, first))
            if !last.trim().is_empty()
                && (1..=2).contains(&first.split_whitespace().count())
                && last.split_whitespace().count() <= 2 =>
        {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => name.to_owned(),
    };
    plausible(&name)
}

fn plausible(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let good = name.chars().any(char::is_alphabetic) && name.chars().count() <= MAX_NAME_CHARS;
    good.then_some(name)
}

/// The name that an attribution in the thread puts beside this address.
fn name_in_thread(thread: &Thread, address: &str) -> Option<String> {
    thread.segments.iter().find_map(|segment| match &segment.author {
        Author::Outside { address: a, name } if same_mailbox(a, address) => plausible(name),
        _ => None,
    })
}
