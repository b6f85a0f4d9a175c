//! The keys of `[hold]` that say when a held mail may go out, with whose word, and who hears of it
//! while nobody decides.

use std::{ops::Range, time::Duration};

use crate::policy::{OnExpiry, SecondPerson, Terms, document::Table};

/// The longest wait: a day. Whoever has called by then has waited long enough.
const MAX_MINIMUM_WAIT: Duration = Duration::from_secs(24 * 3600);

/// The largest amount that a policy may name; `i64` holds it and no mail needs more.
const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// Reads `minimum_wait`; after `expire_after`, which must be longer: `whole`, where it is sound.
pub(super) fn minimum_wait(table: &Table<'_>, terms: &mut Terms, whole: Option<Duration>) {
    let Some(wait) = table.duration("minimum_wait").located() else { return };
    if wait.value > MAX_MINIMUM_WAIT {
        let help = Some("such as \"30m\"".to_owned());
        table.add(wait.span, "`hold.minimum_wait` is longer than a day", help);
    } else if whole.is_some_and(|whole| wait.value >= whole) {
        let message = "`hold.minimum_wait` is not shorter than `hold.expire_after`";
        let help = "let it go out before it expires: a shorter `minimum_wait`".to_owned();
        table.add(wait.span, message, Some(help));
    } else {
        terms.minimum_wait = wait.value;
    }
}

/// Reads `second_person` and `second_person_over`; gives where the file asks for one.
pub(super) fn second_person(table: &Table<'_>, terms: &mut Terms) -> Option<Range<usize>> {
    let ways = [("send_anyway", SecondPerson::SendAnyway), ("always", SecondPerson::Always)];
    let asked = table.choice("second_person", &ways).located();
    let over = table.integer("second_person_over", 1..=MAX_AMOUNT).located();
    if let Some(over) = &over
        && !table.has("second_person")
    {
        let message = "`hold.second_person_over` is there without `hold.second_person`";
        let help = "say for whom: `second_person = \"send_anyway\"` or \"always\"".to_owned();
        table.add(over.span.clone(), message, Some(help));
    }
    terms.second_person = asked.as_ref().map(|asked| asked.value);
    terms.second_person_over = over.and_then(|over| u64::try_from(over.value).ok());
    asked.map(|asked| asked.span)
}

/// Reads who hears of it while nobody decides, and how fast; after `expire_after`, which must be
/// longer unless nothing ends: `whole`, where it is sound. Gives where the file asks for somebody above the sender.
pub(super) fn waits(
    table: &Table<'_>,
    terms: &mut Terms,
    whole: Option<Duration>,
) -> Option<Range<usize>> {
    let kept = terms.expiry_action == OnExpiry::Keep;
    let shorter = |key: &'static str| {
        let time = table.duration(key).located()?;
        if kept || whole.is_none_or(|whole| time.value < whole) {
            return Some(time);
        }
        let message = format!("`hold.{key}` is not shorter than `hold.expire_after`");
        let help = "it has to come before the hold expires: a shorter time".to_owned();
        table.add(time.span, message, Some(help));
        None
    };
    terms.warn_before = shorter("warn_before").map_or(terms.warn_before, |time| time.value);
    let escalates = shorter("escalate_after");
    terms.escalate_after = escalates.as_ref().map(|time| time.value);
    let over = table.integer("urgent_over", 1..=MAX_AMOUNT).optional();
    terms.urgent_over = over.and_then(|over| u64::try_from(over).ok());
    escalates.map(|time| time.span)
}
