//! The title of a notice and its first words.

use super::{
    MAX_NAME,
    people::{person, promised_to, who},
};
use crate::{
    decision::ExpiryAction,
    notice::{
        clean::{isolated, line},
        occasion::{Kind, Occasion, Promised},
        text::Texts,
        when,
    },
};

/// The most of a subject and of what was promised, in characters.
const MAX_SUBJECT: usize = 120;
const MAX_PROMISE: usize = 160;

pub(super) fn title_and_lead<'a>(occasion: &Occasion<'_>, texts: &Texts<'a>) -> [&'a str; 2] {
    let after = &texts.after;
    match (&occasion.kind, occasion.decision.terms.at_expiry()) {
        (Kind::Answer(answer), _) => answer.words(&texts.answer),
        (Kind::Hold, _) => texts.hold,
        (Kind::HeldToo { .. }, _) => texts.pacing.held_too,
        (Kind::WentOut, _) => texts.passing.went_out,
        (Kind::Reminder, _) | (Kind::Expiry { .. }, ExpiryAction::Keep) => texts.reminder,
        (Kind::Expiry { .. }, ExpiryAction::Return) => texts.returned,
        (Kind::Expiry { .. }, ExpiryAction::Release) => texts.sent,
        (Kind::Undeliverable { .. }, _) => texts.failed,
        (Kind::Delayed { .. }, _) => texts.delivery.delayed,
        (Kind::Arrived { .. }, _) => texts.delivery.arrived,
        (Kind::ExpiresSoon, _) => texts.waiting.expiring,
        (Kind::Escalated { .. }, _) => texts.waiting.escalated,
        (Kind::Cover { .. }, _) => texts.waiting.cover,
        (Kind::CallBack { .. }, _) => after.call_back,
        (Kind::Promise(_), _) => after.promise,
        (Kind::Overdue { .. }, _) => after.overdue,
        (Kind::Told(told), _) => told.title_and_lead(&texts.others),
    }
}

/// The first words, and what follows them where others are told.
pub(super) fn in_full(lead: String, occasion: &Occasion<'_>, texts: &Texts) -> String {
    let Kind::Told(told) = &occasion.kind else { return lead };
    let rest = told.rest(&texts.others);
    std::iter::once(lead).chain(rest).collect::<Vec<_>>().join(" ")
}

pub(super) fn values(occasion: &Occasion<'_>, texts: &Texts) -> Vec<(&'static str, String)> {
    let spoken_with = match &occasion.kind {
        Kind::CallBack { .. } => Some(person(occasion)),
        Kind::Promise(promised) | Kind::Overdue { promised, .. } => {
            Some(promised_to(promised, occasion))
        }
        _ => None,
    };
    let subject = match line(occasion.subject, MAX_SUBJECT) {
        empty if empty.is_empty() => texts.no_subject.to_owned(),
        subject => isolated(&subject),
    };
    let mut values = vec![
        ("subject", subject),
        ("who", spoken_with.unwrap_or_else(|| who(occasion, texts))),
        ("kind", texts.kind(occasion.decision)),
        ("created", when::say(occasion.created, occasion.time_zone, texts)),
    ];
    match &occasion.kind {
        Kind::CallBack { at } => {
            values.push(("when", when::say(*at, occasion.time_zone, texts)));
        }
        Kind::Delayed { until, .. } => {
            values.push(("until", when::say(*until, occasion.time_zone, texts)));
        }
        Kind::Promise(promised) => values.extend(of_promise(promised, texts)),
        Kind::Overdue { promised, by, reminders } => {
            values.extend(of_promise(promised, texts));
            values.push(("sender", isolated(&line(by, MAX_NAME))));
            values.push(("count", reminders.to_string()));
        }
        Kind::Answer(answer) => {
            values.extend(answer.values(occasion, texts));
        }
        Kind::Told(told) => values.extend(told.values()),
        Kind::Escalated { sender } | Kind::Cover { sender } => {
            values.push(("sender", isolated(&line(sender, MAX_NAME))));
        }
        Kind::Hold
        | Kind::HeldToo { .. }
        | Kind::WentOut
        | Kind::Reminder
        | Kind::ExpiresSoon
        | Kind::Expiry { .. }
        | Kind::Arrived { .. }
        | Kind::Undeliverable { .. } => {}
    }
    values
}

/// What was promised, and by when.
pub(super) fn of_promise(promised: &Promised<'_>, texts: &Texts) -> [(&'static str, String); 2] {
    let after = &texts.after;
    let what = match line(promised.what, MAX_PROMISE) {
        empty if empty.is_empty() => after.something.to_owned(),
        what => texts.quoted(&isolated(&what)),
    };
    [("what", what), ("date", when::say_day(promised.date, texts, after))]
}
