//! Puts the call sheet together.

use super::{CallSheet, Guides, guide, person, thread::Thread};
use crate::{
    decision::{Decision, Organisation},
    mail::Envelope,
    message::{Language, Reading},
};

/// Whom to call about this mail, at which number, and how to tell it.
///
/// The guide is in the mail's language, because its lines are said to the recipient.
pub fn prepare(
    reading: &Reading,
    decision: &Decision,
    envelope: &Envelope,
    organisation: &Organisation,
    guides: &Guides,
) -> CallSheet {
    let thread = Thread::of(reading, organisation);
    let person = person::find(reading, decision, envelope, organisation, &thread);
    let language = decision.language.or(reading.language).unwrap_or(Language::En);
    #[cfg(feature = "phone")]
    let numbers = super::numbers::find(reading, person.as_ref(), &thread, language);
    #[cfg(not(feature = "phone"))]
    let numbers = Vec::new();
    let name = person.as_ref().map_or("", |p| p.name.as_str());
    let guide = guide::write(guides, reading, decision, organisation, (language, name));
    CallSheet { person, numbers, guide }
}

#[cfg(test)]
mod tests;
