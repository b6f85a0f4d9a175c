//! The time where the person is, and whether it is one to call at.
//!
//! Holidays are not known here.

use jiff::{
    ToSpan,
    civil::{Time, Weekday},
    tz::TimeZoneDatabase,
};

use crate::mail::Timestamp;

/// When people may be called, by their own clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// From this time of the day...
    pub from: Time,
    /// ... to this one.
    pub to: Time,
    /// On these days of the week.
    pub days: Vec<Weekday>,
}

impl Default for Hours {
    fn default() -> Hours {
        let days = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
        ];
        Hours {
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(18, 0, 0, 0),
            days: days.to_vec(),
        }
    }
}

impl Hours {
    /// From when to when.
    pub fn range(&self) -> std::ops::Range<Time> {
        self.from..self.to
    }
}

/// The time where the person is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// The time of the day.
    pub time: Time,
    /// Whether to call.
    pub when: When,
}

/// When to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Now.
    Now,
    /// When the next good hours begin.
    Later {
        /// So many days from now, by the person's calendar.
        days: i32,
        /// That day's name there.
        weekday: Weekday,
        /// The time there.
        time: Time,
        /// The same as a moment.
        at: Timestamp,
    },
}

/// The time in a zone, by the time zone database in the binary; `None` where it is unknown.
pub fn local(zone: &str, now: Timestamp, hours: &Hours) -> Option<Local> {
    let zone = TimeZoneDatabase::bundled().get(zone).ok()?;
    let there = now.to_zoned(zone.clone());
    let time = there.time();
    let is_good = |day: Weekday| hours.days.contains(&day);
    if is_good(there.weekday()) && hours.from <= time && time < hours.to {
        return Some(Local { time, when: When::Now });
    }
    // Today, if the hours have not begun; else the first good day of the week to come.
    let first = if time < hours.from { 0 } else { 1 };
    let opening = (first..=7).find_map(|days| {
        let date = there.date().checked_add(days.days()).ok()?;
        is_good(date.weekday()).then_some((days, date))
    });
    let (days, date) = opening?;
    let at = date.to_datetime(hours.from).to_zoned(zone).ok()?.timestamp();
    let when = When::Later { days, weekday: date.weekday(), time: hours.from, at };
    Some(Local { time, when })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str, now: &str) -> (String, String) {
        let local = local(zone, now.parse().unwrap(), &Hours::default()).unwrap();
        let when = match local.when {
            When::Now => "now".to_owned(),
            When::Later { days, weekday, time, at } => format!("{days} {weekday:?} {time} {at}"),
        };
        (local.time.strftime("%H:%M").to_string(), when)
    }

    #[test]
    fn good_hours_are_those_of_the_person() {
        let later = |time: &str, when: &str| (time.to_owned(), when.to_owned());
        // 24 November 2026 is a Tuesday.
        for (zone, now, expected) in [
            ("Europe/Lisbon", "2026-11-24T17:40:00Z", later("17:40", "now")),
            ("Europe/Berlin", "2026-11-24T08:00:00Z", later("09:00", "now")),
            (
                "Europe/Berlin",
                "2026-11-24T17:00:00Z",
                later("18:00", "1 Wednesday 09:00:00 2026-11-25T08:00:00Z"),
            ),
            (
                "America/New_York",
                "2026-11-24T10:30:00Z",
                later("05:30", "0 Tuesday 09:00:00 2026-11-24T14:00:00Z"),
            ),
            (
                "Australia/Sydney",
                "2026-11-27T08:00:00Z",
                later("19:00", "3 Monday 09:00:00 2026-11-29T22:00:00Z"),
            ),
            (
                "Europe/Berlin",
                "2026-11-28T10:00:00Z",
                later("11:00", "2 Monday 09:00:00 2026-11-30T08:00:00Z"),
            ),
            // The clocks go forward on 29 March: nine o'clock is an hour sooner by ours.
            (
                "Europe/Berlin",
                "2026-03-27T20:00:00Z",
                later("21:00", "3 Monday 09:00:00 2026-03-30T07:00:00Z"),
            ),
        ] {
            assert_eq!(at(zone, now), expected, "{zone} {now}");
        }
    }

    #[test]
    fn an_unknown_zone_and_hours_without_a_day_say_nothing() {
        let now = "2026-11-24T17:40:00Z".parse().unwrap();
        assert_eq!(local("Europe/Atlantis", now, &Hours::default()), None);
        let never = Hours { days: Vec::new(), ..Hours::default() };
        assert_eq!(local("Europe/Berlin", now, &never), None);
    }
}
