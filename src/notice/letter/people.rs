//! Whom a notice names: who is to be called, and for whom the mail is.

use super::MAX_NAME;
use crate::{
    decision::Verdict,
    notice::{
        clean::{isolated, line},
        occasion::{Kind, Occasion, Promised, Refusal},
        text::{Texts, fill},
        told::{self, Read},
    },
};

const MAX_REPLY: usize = 200;
/// The most recipients and numbers; the page shows the rest.
const MAX_RECIPIENTS: usize = 5;
const MAX_NUMBERS: usize = 3;

/// A number as shown.
#[derive(Debug)]
pub(in crate::notice) struct Shown {
    pub(in crate::notice) text: String,
    /// For the `tel:` link: `+` and digits.
    pub(in crate::notice) e164: String,
    pub(in crate::notice) source: String,
}

/// The card of the person to call.
#[derive(Debug)]
pub(in crate::notice) struct Card {
    pub(in crate::notice) name: String,
    pub(in crate::notice) address: String,
    pub(in crate::notice) role: String,
    /// What time it is there, and whether to call.
    pub(in crate::notice) local: Option<String>,
    pub(in crate::notice) numbers: Vec<Shown>,
}

/// Whom the promise was made to: who answered, else the person that was to be called.
pub(super) fn promised_to(promised: &Promised<'_>, occasion: &Occasion<'_>) -> String {
    match line(promised.to, MAX_NAME) {
        empty if empty.is_empty() => person(occasion),
        to => isolated(&to),
    }
}

/// All whom the held mail is for: the person, and how many more.
pub(super) fn who(occasion: &Occasion<'_>, texts: &Texts) -> String {
    let first = person(occasion);
    match occasion.recipients.len().saturating_sub(1) {
        0 => first,
        n => fill(texts.and_others, &[("first", first), ("count", n.to_string())]),
    }
}

/// The person to call, or the first address.
pub(super) fn person(occasion: &Occasion<'_>) -> String {
    isolated(&line(called(occasion), MAX_NAME))
}

pub(super) fn called<'a>(occasion: &'a Occasion<'_>) -> &'a str {
    let person = occasion.call.person.as_ref();
    person
        .map(|p| if p.name.is_empty() { p.address.as_str() } else { p.name.as_str() })
        .or(occasion.recipients.first().map(String::as_str))
        .unwrap_or_default()
}

pub(super) fn recipients(occasion: &Occasion<'_>) -> Vec<String> {
    match &occasion.kind {
        Kind::Undeliverable { refusals, .. } => {
            return refusals.iter().take(MAX_RECIPIENTS).map(refused).collect();
        }
        Kind::Delayed { to, .. } | Kind::Arrived { to } => return bounded(to.iter().copied()),
        _ => {}
    }
    bounded(occasion.recipients.iter().map(String::as_str))
}

fn refused(refusal: &Refusal<'_>) -> String {
    format!("{}: {}", line(refusal.recipient, MAX_NAME), line(refusal.reply, MAX_REPLY))
}

/// Who got the mail at once, where it was held for some only.
pub(super) fn passed(occasion: &Occasion<'_>) -> Vec<String> {
    let decision = occasion.decision;
    let failed = matches!(occasion.kind, Kind::Undeliverable { .. });
    if !decision.terms.split || failed {
        return Vec::new();
    }
    let passed = decision.recipients.iter().filter(|r| r.verdict == Verdict::Pass);
    bounded(passed.map(|r| r.address.as_str()))
}

fn bounded<'a>(addresses: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut shown = Vec::new();
    let mut more = 0_usize;
    for address in addresses {
        if shown.len() < MAX_RECIPIENTS {
            shown.push(line(address, MAX_NAME));
        } else {
            more += 1;
        }
    }
    if more > 0 {
        shown.push(format!("+ {more}"));
    }
    shown
}

pub(super) fn card(occasion: &Occasion<'_>, texts: &Texts) -> Option<Card> {
    let person = occasion.call.person.as_ref()?;
    let today = occasion.date.to_zoned(occasion.time_zone.clone()).date();
    Some(Card {
        name: line(&person.name, MAX_NAME),
        address: line(&person.address, MAX_NAME),
        role: line(&person.role, MAX_NAME),
        local: told::local_time(
            occasion.call,
            occasion.hours,
            occasion.date,
            occasion.time_zone,
            texts,
            Read::Later,
        )
        .filter(|_| super::waits(occasion)),
        numbers: occasion
            .call
            .numbers
            .iter()
            .filter(|n| is_e164(&n.e164))
            .take(MAX_NUMBERS)
            .map(|n| Shown {
                text: line(&n.national, 40),
                e164: n.e164.clone(),
                source: told::source(n, today, texts),
            })
            .collect(),
    })
}

/// What a `tel:` link may hold.
pub(in crate::notice) fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
}
