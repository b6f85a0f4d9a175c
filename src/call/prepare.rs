//! Puts the call sheet together.

use super::{CallSheet, Guides, Told, guide, person, said, thread::Thread, urgency, zone};
use crate::{
    decision::{Decision, Organisation},
    mail::Envelope,
    message::{Language, Reading},
    policy::Weighed,
};

/// Whom to call about this mail, at which number, and how to tell it. `told` is what a directory
/// said about the person ([`address`](super::address)), `weighed` what the policies make of the mail.
///
/// The guide is in the mail's language, because its lines are said to the recipient.
pub fn prepare(
    reading: &Reading,
    decision: &Decision,
    envelope: &Envelope,
    organisation: &Organisation,
    guides: &Guides,
    told: &Told,
    weighed: &Weighed,
) -> CallSheet {
    let thread = Thread::of(reading, organisation);
    let person = person::find(reading, decision, envelope, organisation, &thread, told);
    let (name, address) = person.as_ref().map_or(("", ""), |p| (&p.name, &p.address));
    let thread = thread.cut_by_names(reading, (address, name));
    let amount = said::largest_amount(reading, &weighed.unheard);
    let upset = weighed.upset.iter().any(|sentence| !thread.is_ours(sentence));
    let urgency = urgency(amount, &decision.terms, upset);
    let spoken = told.entries.iter().find_map(|entry| entry.language);
    let language = decision.language.or(reading.language).or(spoken).unwrap_or(Language::En);
    #[cfg(feature = "phone")]
    let numbers = super::numbers::find(reading, person.as_ref(), &thread, language, told);
    #[cfg(not(feature = "phone"))]
    let numbers = Vec::new();
    let zone = zone::find(told, &numbers, address);
    // People are spoken to as the sender greets them.
    let greeted = person::greeted(reading, decision, envelope, organisation);
    let spoken_to = (language, greeted.as_deref().unwrap_or(name));
    let guide = guide::write(guides, reading, decision, organisation, spoken_to);
    CallSheet { person, numbers, zone, guide, amount, urgency }
}

#[cfg(test)]
mod tests;
