//! `[call]`: what the house has set about calls and promises.

use std::time::Duration;

use crate::{
    decision::Organisation,
    mail::Mailbox,
    policy::document::Table,
    web::{CallTerms, MAX_CAUSE_CHARS, MAX_CAUSES},
};

/// More reminders of one promise would be nagging.
const MAX_PROMISE_REMINDERS: i64 = 20;
/// Bounds of the time that a new text is waited for.
const NEW_TEXT_HOURS: std::ops::RangeInclusive<u64> = 1..=30 * 24;

/// `[call]`
#[derive(Debug, Clone)]
pub struct CallSettings {
    /// What the page offers and how long a new text is waited for. Default: a list in the page's
    /// language, 7 days.
    pub terms: CallTerms,
    /// Hears once of a promise that nobody says is kept. Default: nobody.
    pub lead: Option<Mailbox>,
    /// How often a promise is reminded of. Default 5.
    pub promise_reminders: u32,
}

impl Default for CallSettings {
    fn default() -> CallSettings {
        CallSettings { terms: CallTerms::default(), lead: None, promise_reminders: 5 }
    }
}

/// Reads the section; `organisation` says who is inside.
pub(super) fn decode(t: &Table<'_>, organisation: Option<&Organisation>) -> CallSettings {
    let default = CallSettings::default();
    let wanted = "short causes such as \"Late delivery\"";
    let causes = t.parsed_list("causes", wanted, |text| {
        let text = text.trim();
        let good = (1..=MAX_CAUSE_CHARS).contains(&text.chars().count())
            && !text.chars().any(char::is_control);
        good.then(|| text.to_owned())
    });
    if causes.len() > MAX_CAUSES {
        t.add(
            t.span(),
            format!("`call.causes` has {} entries, at most {MAX_CAUSES} will do", causes.len()),
            Some("people choose from it on a telephone".to_owned()),
        );
    }
    let lead = t.string("lead").and_then(|text| match Mailbox::parse(&text) {
        Ok(lead) if organisation.is_none_or(|inside| inside.is_inside(&lead)) => Ok(lead),
        Ok(_) => Err((
            format!("\"{text}\" is outside of `organisation.domains`"),
            Some("what was promised to a customer stays in the house".to_owned()),
        )),
        Err(_) => Err((
            format!("\"{text}\" is no address"),
            Some("an address such as \"service-lead@northwind.example\"".to_owned()),
        )),
    });
    let within = t.duration("new_text_within").and_then(|within| {
        let hours = within.as_secs() / 3600;
        if NEW_TEXT_HOURS.contains(&hours) && within <= Duration::from_secs(30 * 24 * 3600) {
            return Ok(within);
        }
        Err(("must be 1 hour to 30 days".to_owned(), Some("\"7d\"".to_owned())))
    });
    CallSettings {
        lead: lead.optional(),
        promise_reminders: t
            .integer("promise_reminders", 1..=MAX_PROMISE_REMINDERS)
            .optional()
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(default.promise_reminders),
        terms: CallTerms {
            causes: causes.into_iter().map(|cause| cause.value).collect(),
            new_text_within: within.or(default.terms.new_text_within),
        },
    }
}
