//! What notice and page say of a number, and of the time where the person is.

use jiff::{civil::Date, tz::TimeZone};

use super::{
    places,
    text::{Sources, Texts, fill},
    when,
};
use crate::{
    call::{self, CallSheet, Hours, Number, Source, When},
    decision::ExpiryAction,
    mail::Timestamp,
};

/// From here a number is as good as sure, and from here likely.
const SURE: f64 = 0.85;
const LIKELY: f64 = 0.66;

/// Where a number is from, and how sure that makes it: "from the signature in their mail of 3 May
/// and from your directory (reliable)". A date of another year than today's names its year.
pub(crate) fn source(number: &Number, today: Date, texts: &Texts) -> String {
    let words = &texts.sources;
    let said = std::iter::once(&number.source).chain(&number.also).map(|source| {
        let date = number.written.map(|date| day(date, today, texts));
        one(*source, date, words)
    });
    let both = |first, second| fill(words.both, &[("first", first), ("second", second)]);
    let sources = said.reduce(both).unwrap_or_default();
    let [sure, likely, unsure] = words.worth;
    let worth = match number.confidence {
        c if c >= SURE => sure,
        c if c >= LIKELY => likely,
        _ => unsure,
    };
    format!("{sources} ({worth})")
}

fn one(source: Source, date: Option<String>, words: &Sources) -> String {
    let dated = |[plain, of]: [&str; 2]| match date {
        Some(date) => fill(of, &[("date", date)]),
        None => plain.to_owned(),
    };
    match source {
        Source::Signature => dated(words.signature),
        Source::QuotedText => dated(words.thread),
        Source::Colleague => words.colleague.to_owned(),
        Source::NewText => words.mail.to_owned(),
        Source::OwnEarlier => words.own_earlier.to_owned(),
        Source::Directory | Source::Ldap => words.directory.to_owned(),
        Source::Crm => words.crm.to_owned(),
    }
}

fn day(date: Date, today: Date, texts: &Texts) -> String {
    let [plain, with_year] = texts.day;
    let month = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
    let values = [
        ("day", date.day().to_string()),
        ("month", texts.months.get(month).copied().unwrap_or_default().to_owned()),
        ("year", date.year().to_string()),
    ];
    fill(if date.year() == today.year() { plain } else { with_year }, &values)
}

/// When words about the present are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// As they are made: a page.
    Now,
    /// Perhaps the next morning: a mail. It speaks of the time at which it was written, and of
    /// weekdays instead of today and tomorrow.
    Later,
}

/// "In Lisbon it is now 17:40: a good time to call." Nothing where the person's zone is in doubt.
/// Where the reader's clock differs from the person's, he is told the hour by his own as well.
pub(crate) fn local_time(
    call: &CallSheet,
    hours: &Hours,
    now: Timestamp,
    own: &TimeZone,
    texts: &Texts,
    read: Read,
) -> Option<String> {
    let zone = call.zone.as_deref()?;
    let local = call::local(zone, now, hours)?;
    let hour = |time: jiff::civil::Time| time.strftime("%H:%M").to_string();
    let words = &texts.there;
    let time = ("time", hour(local.time));
    let [in_place, anywhere] = match read {
        Read::Now => words.time,
        Read::Later => words.then,
    };
    let there = match places::name(zone, texts.language.code()) {
        Some(place) => fill(in_place, &[("place", place.to_owned()), time]),
        None => fill(anywhere, &[time]),
    };
    Some(match local.when {
        When::Now => fill(words.now, &[("there", there)]),
        When::Later { days, weekday, time, at } => {
            let own_time = at.to_zoned(own.clone());
            let differs = own_time.time() != time;
            let yours = fill(words.yours, &[("when", when::say(at, own, texts))]);
            let weekday = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
            let weekday = texts.weekdays.get(weekday).copied().unwrap_or_default();
            let [today, tomorrow, another_day] = words.after;
            let after = match (days, read) {
                (0, Read::Now) => today,
                (1, Read::Now) => tomorrow,
                _ => another_day,
            };
            let after = fill(after, &[("weekday", weekday.to_owned()), ("time", hour(time))]);
            let yours = if differs { yours } else { String::new() };
            fill(words.later, &[("there", there), ("when", after), ("yours", yours)])
        }
    })
}

/// When a hold is to be attended to next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead {
    pub(crate) remind_at: Option<Timestamp>,
    pub(crate) expires_at: Timestamp,
}

/// What happens, and when, if the sender does nothing. What is past is not said to come.
pub(crate) fn next(
    then: ExpiryAction,
    ahead: Ahead,
    now: Timestamp,
    zone: &TimeZone,
    texts: &Texts,
) -> Vec<String> {
    let expiry = match then {
        ExpiryAction::Return => texts.then_return,
        ExpiryAction::Release => texts.then_release,
        ExpiryAction::Keep => texts.then_keep,
    };
    coming(then, ahead, expiry, now, zone, texts)
}

/// The same for somebody whose mail it is not: it does not come back to him.
pub(crate) fn next_for_others(
    then: ExpiryAction,
    ahead: Ahead,
    now: Timestamp,
    zone: &TimeZone,
    texts: &Texts,
) -> Vec<String> {
    let expiry = match then {
        ExpiryAction::Return | ExpiryAction::Release => texts.waiting.ends,
        ExpiryAction::Keep => texts.then_keep,
    };
    coming(then, ahead, expiry, now, zone, texts)
}

fn coming(
    then: ExpiryAction,
    ahead: Ahead,
    expiry: &str,
    now: Timestamp,
    zone: &TimeZone,
    texts: &Texts,
) -> Vec<String> {
    let said = |text: &str, at| fill(text, &[("when", when::say(at, zone, texts))]);
    let ends = |at: Timestamp| then != ExpiryAction::Keep && at >= ahead.expires_at;
    let remind = ahead.remind_at.filter(|at| *at > now && !ends(*at));
    let expiry = (ahead.expires_at > now).then(|| said(expiry, ahead.expires_at));
    remind.map(|at| said(texts.remind, at)).into_iter().chain(expiry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Language;

    fn number(source: Source, also: &[Source], written: Option<Date>, confidence: f64) -> Number {
        let (e164, national) = ("+351912345678".to_owned(), "912 345 678".to_owned());
        Number { e164, national, source, also: also.to_vec(), written, confidence }
    }

    #[test]
    fn a_number_tells_its_sources_their_day_and_their_worth() {
        let today = Date::constant(2026, 11, 24);
        let may = Some(Date::constant(2026, 5, 3));
        let before = Some(Date::constant(2024, 5, 3));
        let (english, german) = (Texts::of(Language::En), Texts::of(Language::De));
        for (number, texts, expected) in [
            (
                number(Source::Signature, &[Source::Directory], may, 0.99),
                english,
                "from the signature in their mail of 3 May and from your directory (reliable)",
            ),
            (
                number(Source::Signature, &[], before, 0.93),
                german,
                "aus der Signatur der Mail vom 3. Mai 2024 (verlässlich)",
            ),
            (
                number(Source::QuotedText, &[], None, 0.55),
                english,
                "from their mail in this thread (unsure)",
            ),
            (
                number(Source::Crm, &[], None, 0.78),
                german,
                "aus Ihrem Kundensystem (wahrscheinlich)",
            ),
        ] {
            assert_eq!(source(&number, today, texts), expected);
        }
    }

    fn said(zone: &str, now: &str, own: &str, language: Language, read: Read) -> Option<String> {
        let call = CallSheet { zone: Some(zone.to_owned()), ..CallSheet::default() };
        let own = TimeZone::get(own).unwrap();
        let (hours, now) = (Hours::default(), now.parse().unwrap());
        local_time(&call, &hours, now, &own, Texts::of(language), read)
    }

    #[test]
    fn the_hour_there_says_whether_to_call_and_when() {
        // 24 November 2026 is a Tuesday.
        for (zone, now, language, expected) in [
            (
                "Europe/Lisbon",
                "2026-11-24T17:40:00Z",
                Language::En,
                "In Lisbon it is now 17:40: a good time to call.",
            ),
            (
                "Europe/Berlin",
                "2026-11-24T21:10:00Z",
                Language::De,
                "In Berlin ist es jetzt 22:10 Uhr. Rufen Sie besser morgen nach 09:00 Uhr an.",
            ),
            (
                "America/New_York",
                "2026-11-24T10:30:00Z",
                Language::En,
                "In New York it is now 05:30. Better call today after 09:00 (your time: Tuesday 24 November at 15:00).",
            ),
            (
                "America/Boise",
                "2026-11-27T23:30:00Z",
                Language::Nl,
                "Daar is het nu 16:30 uur: een goed moment om te bellen.",
            ),
            (
                "Europe/Paris",
                "2026-11-27T17:30:00Z",
                Language::Fr,
                "À Paris, il est 18:30. Mieux vaut appeler lundi après 09:00.",
            ),
        ] {
            assert_eq!(
                said(zone, now, "Europe/Berlin", language, Read::Now).as_deref(),
                Some(expected)
            );
        }
        let nowhere = "Europe/Atlantis";
        let read = Read::Now;
        assert_eq!(said(nowhere, "2026-11-24T10:30:00Z", "UTC", Language::En, read), None);
    }

    #[test]
    fn a_mail_speaks_of_the_time_at_which_it_was_written() {
        for (now, language, expected) in [
            (
                "2026-11-24T21:10:00Z",
                Language::En,
                "When we wrote this, it was 22:10 in Berlin. Better call on Wednesday after 09:00.",
            ),
            (
                "2026-11-24T05:10:00Z",
                Language::De,
                "Als wir dies schrieben, war es in Berlin 06:10 Uhr. \
                 Rufen Sie besser am Dienstag nach 09:00 Uhr an.",
            ),
        ] {
            let said = said("Europe/Berlin", now, "Europe/Berlin", language, Read::Later);
            assert_eq!(said.as_deref(), Some(expected));
        }
    }

    #[test]
    fn every_language_has_whole_sentences() {
        for language in Language::ALL {
            for now in ["2026-11-24T10:00:00Z", "2026-11-24T22:00:00Z", "2026-11-28T10:00:00Z"] {
                for zone in ["Europe/Lisbon", "America/Boise"] {
                    for read in [Read::Now, Read::Later] {
                        let said = said(zone, now, "Asia/Tokyo", language, read).unwrap();
                        assert!(said.ends_with('.') && !said.contains(['{', '}']), "{said}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_past_is_not_said_to_come() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let expires_at = at("2026-11-26T15:00:00Z");
        let texts = Texts::of(Language::En);
        let said = |then, remind_at: &str, now: &str| {
            let ahead = Ahead { remind_at: Some(at(remind_at)), expires_at };
            next(then, ahead, at(now), &TimeZone::UTC, texts).join(" ")
        };
        let (before, after) = ("2026-11-25T15:00:00Z", "2026-11-27T15:00:00Z");
        let (soon, later) = ("2026-11-25T16:00:00Z", "2026-11-28T16:00:00Z");
        for (then, remind_at, now, expected) in [
            (
                ExpiryAction::Return,
                soon,
                before,
                "We will remind you on Wednesday 25 November at 16:00. \
                 On Thursday 26 November at 15:00, your mail comes back to you, undelivered.",
            ),
            (
                ExpiryAction::Return,
                before,
                soon,
                "On Thursday 26 November at 15:00, your mail comes back to you, undelivered.",
            ),
            (
                ExpiryAction::Return,
                later,
                before,
                "On Thursday 26 November at 15:00, your mail comes back to you, undelivered.",
            ),
            (
                ExpiryAction::Keep,
                later,
                after,
                "We will remind you on Saturday 28 November at 16:00.",
            ),
            (ExpiryAction::Keep, soon, after, ""),
        ] {
            assert_eq!(said(then, remind_at, now), expected, "{then:?} {remind_at} {now}");
        }
    }
}
