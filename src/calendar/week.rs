//! Working days and business hours of a house or a team, in one zone, holidays left out.

use std::{collections::BTreeSet, ops::Range, time::Duration};

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
    holidays: BTreeSet<Date>,
}

impl Default for Week {
    /// Monday to Friday from nine to five, UTC: what a house that says nothing is taken to work.
    fn default() -> Week {
        let hours = Time::constant(9, 0, 0, 0)..Time::constant(17, 0, 0, 0);
        let days = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
        ];
        Week::new(TimeZone::UTC, hours, days.to_vec())
    }
}

impl Week {
    /// The working week in this zone: these hours of these days. Without a day, every day.
    pub fn new(zone: TimeZone, hours: Range<Time>, days: Vec<Weekday>) -> Week {
        Week { zone, hours, days, holidays: BTreeSet::new() }
    }

    /// The same week, but for these days.
    #[must_use]
    pub fn without(mut self, holidays: BTreeSet<Date>) -> Week {
        self.holidays = holidays;
        self
    }

    /// The same week by another clock.
    #[must_use]
    pub fn in_zone(mut self, zone: TimeZone) -> Week {
        self.zone = zone;
        self
    }

    /// Whose clock it goes by.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
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

    /// This moment, if people are at work; else the next at which they are.
    pub fn at_work(&self, at: Timestamp) -> Timestamp {
        let local = at.to_zoned(self.zone.clone());
        let today = self.is_working(local.date());
        if today && self.hours.contains(&local.time()) {
            return at;
        }
        let opening = self.morning_of(local.date()).filter(|opening| today && *opening > at);
        opening.unwrap_or_else(|| self.morning_after(at, 1))
    }

    /// The moment that lies this long before another, if people are at work then; else as long
    /// before the end of the working day before it, or at that day's opening.
    pub fn ahead_of(&self, at: Timestamp, by: Duration) -> Timestamp {
        let earlier = |at: Timestamp| at.checked_sub(by).unwrap_or(Timestamp::MIN);
        let ahead = earlier(at);
        if self.is_open(ahead) {
            return ahead;
        }
        let mut day = ahead.to_zoned(self.zone.clone()).date();
        loop {
            let closing = self.moment(day, self.hours.end).filter(|closing| *closing <= ahead);
            if let Some(closing) = closing.filter(|_| self.is_working(day)) {
                return earlier(closing).max(self.morning_of(day).unwrap_or(closing));
            }
            match day.yesterday() {
                Ok(before) => day = before,
                Err(_) => return Timestamp::MIN,
            }
        }
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
        self.moment(day, self.hours.start)
    }

    /// Where clocks go forward over this time, it is as much later.
    fn moment(&self, day: Date, time: Time) -> Option<Timestamp> {
        let moment: Zoned = day.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
        Some(moment.timestamp())
    }

    fn is_working(&self, day: Date) -> bool {
        (self.days.is_empty() || self.days.contains(&day.weekday()))
            && !self.holidays.contains(&day)
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

    /// Christmas 2026 falls on a Friday.
    fn with_christmas() -> Week {
        week().without([date("2026-12-24"), date("2026-12-25")].into())
    }

    #[test]
    fn what_falls_into_the_night_a_weekend_or_a_holiday_waits_for_the_next_working_morning() {
        for (moment, expected) in [
            // At work.
            ("2026-11-24T08:30:00Z", "2026-11-24T08:30:00Z"),
            // Before the opening, behind the closing.
            ("2026-11-24T05:00:00Z", "2026-11-24T08:00:00Z"),
            ("2026-11-24T16:00:00Z", "2026-11-25T08:00:00Z"),
            // Friday evening, Sunday.
            ("2026-11-27T16:30:00Z", "2026-11-30T08:00:00Z"),
            ("2026-11-29T10:00:00Z", "2026-11-30T08:00:00Z"),
            // Two holidays and a weekend.
            ("2026-12-23T17:00:00Z", "2026-12-28T08:00:00Z"),
            ("2026-12-25T10:00:00Z", "2026-12-28T08:00:00Z"),
        ] {
            assert_eq!(with_christmas().at_work(at(moment)), at(expected), "{moment}");
        }
        assert!(!with_christmas().is_open(at("2026-12-25T10:00:00Z")));
    }

    #[test]
    fn a_morning_comes_by_the_clock_on_the_wall_whether_clocks_went_forward_or_back() {
        // Forward on Sunday 28 March 2027, back on Sunday 25 October 2026.
        assert_eq!(week().at_work(at("2027-03-26T20:00:00Z")), at("2027-03-29T07:00:00Z"));
        assert_eq!(week().at_work(at("2026-10-23T20:00:00Z")), at("2026-10-26T08:00:00Z"));
        // A bakery that opens at half past two, which that Sunday does not have.
        let bakery = Week::new(
            berlin(),
            Time::constant(2, 30, 0, 0)..Time::constant(11, 0, 0, 0),
            vec![Weekday::Sunday],
        );
        let opening = bakery.at_work(at("2027-03-27T12:00:00Z"));
        assert_eq!(opening, at("2027-03-28T01:30:00Z"));
        assert!(bakery.is_open(opening));
        // In autumn it has half past two twice, and opens at the first.
        assert_eq!(bakery.at_work(at("2026-10-24T12:00:00Z")), at("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn some_hours_ahead_are_hours_at_work() {
        let ahead = |moment| with_christmas().ahead_of(at(moment), Duration::from_secs(4 * 3600));
        for (moment, expected) in [
            ("2026-11-24T14:00:00Z", "2026-11-24T10:00:00Z"),
            // In the morning, on Sunday and behind the holidays: four hours before the closing.
            ("2026-11-24T09:00:00Z", "2026-11-23T12:00:00Z"),
            ("2026-11-29T10:00:00Z", "2026-11-27T12:00:00Z"),
            ("2026-12-28T09:00:00Z", "2026-12-23T12:00:00Z"),
            // By night, when the day is done.
            ("2026-11-24T23:00:00Z", "2026-11-24T12:00:00Z"),
        ] {
            assert_eq!(ahead(moment), at(expected), "{moment}");
        }
        // Not before the day's opening.
        let long = week().ahead_of(at("2026-11-29T10:00:00Z"), Duration::from_secs(20 * 3600));
        assert_eq!(long, at("2026-11-27T08:00:00Z"));
    }
}
