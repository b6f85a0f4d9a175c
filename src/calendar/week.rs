//! Working days and business hours of a house, in one zone. Public holidays are not known; a
//! reminder on one waits in the mailbox.

use std::ops::Range;

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

/// The working week of a house.
#[derive(Debug, Clone)]
pub struct Week {
    zone: TimeZone,
    hours: Range<Time>,
    days: Vec<Weekday>,
}

impl Week {
    /// The working week in this zone: these hours of these days. Without a day, every day.
    pub fn new(zone: TimeZone, hours: Range<Time>, days: Vec<Weekday>) -> Week {
        Week { zone, hours, days }
    }

    /// Which day it is.
    pub fn today(&self, now: Timestamp) -> Date {
        now.to_zoned(self.zone.clone()).date()
    }

    /// Whether people are at work.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let now = now.to_zoned(self.zone.clone());
        self.is_working(now.date()) && self.hours.contains(&now.time())
    }

    /// When to remind of something promised for this day: in its morning, or in that of the working
    /// day before it. What is not in the future any more comes on the next working morning.
    pub fn reminder_for(&self, date: Date, now: Timestamp) -> Timestamp {
        let mut day = date;
        while !self.is_working(day) {
            match day.yesterday() {
                Ok(before) => day = before,
                Err(_) => break,
            }
        }
        match self.morning_of(day) {
            Some(morning) if morning > now => morning,
            _ => self.morning_after(now, 1),
        }
    }

    /// The morning so many working days later; not today's, even if it is still to come.
    pub fn morning_after(&self, now: Timestamp, working_days: u32) -> Timestamp {
        let mut day = self.today(now);
        let mut left = working_days.max(1);
        while left > 0 {
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => return Timestamp::MAX,
            }
            left -= u32::from(self.is_working(day));
        }
        self.morning_of(day).unwrap_or(Timestamp::MAX)
    }

    /// The first and the last day that may be promised: today, and so many days from now.
    pub fn days_ahead(&self, now: Timestamp, days: i32) -> Option<(Date, Date)> {
        let today = self.today(now);
        Some((today, today.checked_add(days.days()).ok()?))
    }

    fn morning_of(&self, day: Date) -> Option<Timestamp> {
        let morning: Zoned = day.to_datetime(self.hours.start).to_zoned(self.zone.clone()).ok()?;
        Some(morning.timestamp())
    }

    fn is_working(&self, day: Date) -> bool {
        self.days.is_empty() || self.days.contains(&day.weekday())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday::*;

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn week() -> Week {
        of(9, 17, &[Monday, Tuesday, Wednesday, Thursday, Friday])
    }

    fn of(opens_at: i8, closes_at: i8, days: &[Weekday]) -> Week {
        let hours = Time::constant(opens_at, 0, 0, 0)..Time::constant(closes_at, 0, 0, 0);
        Week::new(berlin(), hours, days.to_vec())
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Tuesday morning in Berlin.
    const NOW: &str = "2026-11-24T08:30:00Z";

    #[test]
    fn a_reminder_comes_in_the_morning_of_the_day() {
        let on = |day| week().reminder_for(date(day), at(NOW));
        assert_eq!(on("2026-12-01"), at("2026-12-01T08:00:00Z"));
        // In summer nine o'clock is an hour earlier in UTC.
        assert_eq!(on("2027-06-01"), at("2027-06-01T07:00:00Z"));
    }

    #[test]
    fn for_a_weekend_it_comes_on_the_friday_before() {
        let on = |day| week().reminder_for(date(day), at(NOW));
        assert_eq!(on("2026-11-28"), at("2026-11-27T08:00:00Z"));
        assert_eq!(on("2026-11-29"), at("2026-11-27T08:00:00Z"));
    }

    #[test]
    fn what_is_for_today_or_was_for_yesterday_comes_on_the_next_working_morning() {
        for day in ["2026-11-24", "2026-11-20"] {
            assert_eq!(week().reminder_for(date(day), at(NOW)), at("2026-11-25T08:00:00Z"));
        }
        // Promised on Friday evening for Sunday.
        let friday = at("2026-11-27T17:00:00Z");
        assert_eq!(week().reminder_for(date("2026-11-29"), friday), at("2026-11-30T08:00:00Z"));
    }

    #[test]
    fn working_days_leave_the_weekend_out() {
        let friday = at("2026-11-27T09:00:00Z");
        assert_eq!(week().morning_after(friday, 2), at("2026-12-01T08:00:00Z"));
        let sunday = at("2026-11-29T05:00:00Z");
        assert_eq!(week().morning_after(sunday, 1), at("2026-11-30T08:00:00Z"));
    }

    #[test]
    fn a_house_that_works_on_saturday_is_reminded_on_saturday() {
        let shop = of(7, 12, &[Tuesday, Saturday]);
        let on = |day| shop.reminder_for(date(day), at(NOW));
        assert_eq!(on("2026-11-28"), at("2026-11-28T06:00:00Z"));
        assert_eq!(on("2026-11-30"), at("2026-11-28T06:00:00Z"));
        assert_eq!(shop.morning_after(at(NOW), 2), at("2026-12-01T06:00:00Z"));
        assert!(shop.is_open(at("2026-11-28T06:00:00Z")));
        assert!(!shop.is_open(at("2026-11-27T08:00:00Z")));
        // Without a day there is one every day; nothing waits for ever.
        let every_day = of(9, 17, &[]);
        assert_eq!(every_day.morning_after(at(NOW), 1), at("2026-11-25T08:00:00Z"));
    }

    #[test]
    fn nobody_is_at_work_by_night_or_on_sunday() {
        assert!(week().is_open(at(NOW)));
        for closed in ["2026-11-24T07:59:59Z", "2026-11-24T16:00:00Z", "2026-11-29T10:00:00Z"] {
            assert!(!week().is_open(at(closed)), "{closed}");
        }
    }
}
