//! When what happens to a hold that nobody decides.
//!
//! Intervals are counted by the clock on the wall, nights and weekends included, and their end is
//! moved to when people are at work (`docs/decisions/working-hours.md`).

use std::time::Duration;

use crate::{
    calendar::Week,
    decision::{ExpiryAction, HoldTerms},
    mail::Timestamp,
};

/// The terms of a hold, among the working hours of its sender.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// What the policy wants.
    pub terms: &'a HoldTerms,
    /// When the sender is at work.
    pub week: &'a Week,
    /// When the next one above him is, where somebody is left to hear of it.
    pub above: &'a Week,
    /// Whether everything goes twice as fast.
    pub urgent: bool,
}

impl Plan<'_> {
    /// The next reminder, counted from now and not from when the one before it was due: a downtime
    /// causes no storm.
    pub fn remind_at(&self, now: Timestamp) -> Timestamp {
        self.week.at_work(later(now, self.terms.until_reminder(self.urgent)))
    }

    /// When the next one above the sender hears of it, at work himself, counted from now: at the latest
    /// with the warning of the end or, where that was already, half as long before the end. `None` where
    /// nobody is to.
    pub fn escalate_at(&self, now: Timestamp, expires_at: Timestamp) -> Option<Timestamp> {
        let span = self.terms.until_escalation(self.urgent)?;
        let at = self.above.at_work(later(now, span));
        let warn_before = self.terms.warn_before;
        let latest = [warn_before, warn_before / 2]
            .into_iter()
            .filter(|_| self.warns())
            .map(|before| self.above.ahead_of(expires_at, before))
            .find(|latest| *latest > now);
        Some(latest.map_or(at, |latest| at.min(latest)))
    }

    /// When a new hold expires, and when its sender is told that it soon will. Where he is not at work
    /// any more before that end, he is told at the next opening, and the end waits `warn_before` longer.
    pub fn end(&self, created: Timestamp) -> End {
        let expires_at = later(created, self.terms.expire_after);
        if !self.warns() {
            return End { expires_at, warn_at: None };
        }
        let warn_at = self.week.ahead_of(expires_at, self.terms.warn_before);
        if warn_at > created {
            End { expires_at, warn_at: Some(warn_at) }
        } else {
            self.late_end(expires_at)
        }
    }

    /// The end of a hold that is to expire and of which nobody was warned: now or at the next opening
    /// he is, and it waits as long as the policy says.
    pub fn late_end(&self, expires_at: Timestamp) -> End {
        let warn_at = self.week.at_work(expires_at);
        End { expires_at: later(warn_at, self.terms.warn_before), warn_at: Some(warn_at) }
    }

    /// Whether the sender is told of the end before it comes. A notice of a hold that is shorter than
    /// that says it well enough.
    pub fn warns(&self) -> bool {
        let HoldTerms { expire_after, warn_before, .. } = self.terms;
        self.terms.at_expiry() != ExpiryAction::Keep
            && !warn_before.is_zero()
            && expire_after > warn_before
    }
}

/// How a hold is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// When it expires.
    pub expires_at: Timestamp,
    /// When its sender is told that it soon will; `None` where he is not to be.
    pub warn_at: Option<Timestamp>,
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn plan<'a>(terms: &'a HoldTerms, week: &'a Week) -> Plan<'a> {
        Plan { terms, week, above: week, urgent: false }
    }

    /// Mondays to Fridays from nine to five, UTC; the 24th is a Tuesday.
    #[test]
    fn a_reminder_that_would_fall_into_the_night_comes_in_the_morning() {
        let (terms, week) = (HoldTerms::default(), Week::default());
        for (now, expected) in [
            ("2026-11-24T10:00:00Z", "2026-11-24T14:00:00Z"),
            ("2026-11-24T15:00:00Z", "2026-11-25T09:00:00Z"),
            ("2026-11-24T23:00:00Z", "2026-11-25T09:00:00Z"),
            ("2026-11-27T14:00:00Z", "2026-11-30T09:00:00Z"),
        ] {
            assert_eq!(plan(&terms, &week).remind_at(at(now)), at(expected), "{now}");
        }
        let urgent = Plan { urgent: true, ..plan(&terms, &week) };
        assert_eq!(urgent.remind_at(at("2026-11-24T10:00:00Z")), at("2026-11-24T12:00:00Z"));
        let hasty = HoldTerms { remind_after: Duration::ZERO, ..terms };
        let soon = plan(&hasty, &week).remind_at(at("2026-11-24T10:00:00Z"));
        assert_eq!(soon, at("2026-11-24T10:15:00Z"));
    }

    #[test]
    fn escalation_counts_as_reminders_do() {
        let week = Week::default();
        let none = HoldTerms::default();
        let far = at("2026-12-31T12:00:00Z");
        assert_eq!(plan(&none, &week).escalate_at(at("2026-11-24T10:00:00Z"), far), None);
        let terms = HoldTerms { escalate_after: Some(24 * HOUR), ..none };
        let on = |now| plan(&terms, &week).escalate_at(at(now), far);
        assert_eq!(on("2026-11-24T10:00:00Z"), Some(at("2026-11-25T10:00:00Z")));
        assert_eq!(on("2026-11-27T10:00:00Z"), Some(at("2026-11-30T09:00:00Z")));
    }

    #[test]
    fn who_is_above_hears_of_it_in_his_own_hours_and_before_the_end() {
        let (berlin, new_york) = (in_zone("Europe/Berlin"), in_zone("America/New_York"));
        let terms = HoldTerms { escalate_after: Some(20 * HOUR), ..HoldTerms::default() };
        let plan = Plan { above: &new_york, ..plan(&terms, &berlin) };
        // Ten o'clock in Berlin is by night in New York; it is told at nine there.
        let (created, end) = (at("2026-11-24T13:00:00Z"), at("2026-12-31T12:00:00Z"));
        assert_eq!(plan.escalate_at(created, end), Some(at("2026-11-25T14:00:00Z")));
        // It ends in New York's night: told the afternoon before.
        let end = at("2026-11-26T09:00:00Z");
        let late = at("2026-11-25T13:00:00Z");
        assert_eq!(plan.escalate_at(late, end), Some(at("2026-11-25T18:00:00Z")));
    }

    fn in_zone(name: &str) -> Week {
        Week::default().in_zone(jiff::tz::TimeZone::get(name).unwrap())
    }

    #[test]
    fn everybody_above_hears_of_it_before_the_end() {
        let week = Week::default();
        let terms = HoldTerms { escalate_after: Some(24 * HOUR), ..HoldTerms::default() };
        for (created, lead, admin) in [
            ("2026-11-24T14:00:00Z", "2026-11-25T14:00:00Z", "2026-11-26T10:00:00Z"),
            // Held on Friday, and it ends on Sunday.
            ("2026-11-27T08:00:00Z", "2026-11-27T13:00:00Z", "2026-11-27T15:00:00Z"),
            // Ends on Monday, when its sender is back.
            ("2026-11-27T16:30:00Z", "2026-11-30T09:00:00Z", "2026-11-30T11:00:00Z"),
        ] {
            let plan = plan(&terms, &week);
            let expires_at = plan.end(at(created)).expires_at;
            let first = plan.escalate_at(at(created), expires_at).unwrap();
            assert_eq!(first, at(lead), "{created}");
            assert_eq!(plan.escalate_at(first, expires_at), Some(at(admin)), "{created}");
        }
        let kept = HoldTerms { expiry_action: ExpiryAction::Keep, ..terms };
        let created = at("2026-11-27T08:00:00Z");
        let end = plan(&kept, &week).end(created).expires_at;
        let lead = plan(&kept, &week).escalate_at(created, end);
        assert_eq!(lead, Some(at("2026-11-30T09:00:00Z")), "without an end there is no hurry");
    }

    #[test]
    fn an_end_is_told_before_it_comes_and_at_work() {
        let week = Week::default();
        for (expire_hours, created, warn_at, expires_at) in [
            (48, "2026-11-24T14:00:00Z", "2026-11-26T10:00:00Z", "2026-11-26T14:00:00Z"),
            // In the morning: told the afternoon before.
            (48, "2026-11-24T10:00:00Z", "2026-11-25T13:00:00Z", "2026-11-26T10:00:00Z"),
            // On Saturday: told on Friday.
            (48, "2026-11-26T10:00:00Z", "2026-11-27T13:00:00Z", "2026-11-28T10:00:00Z"),
            // Held on Friday evening, nobody is there before Sunday: it waits for Monday.
            (48, "2026-11-27T16:30:00Z", "2026-11-30T09:00:00Z", "2026-11-30T13:00:00Z"),
        ] {
            let terms = HoldTerms { expire_after: expire_hours * HOUR, ..HoldTerms::default() };
            let end = plan(&terms, &week).end(at(created));
            let expected = End { expires_at: at(expires_at), warn_at: Some(at(warn_at)) };
            assert_eq!(end, expected, "{created}");
        }
    }

    #[test]
    fn a_hold_that_is_kept_or_short_or_not_to_be_warned_of_ends_as_the_policy_says() {
        let week = Week::default();
        let default = HoldTerms::default();
        let created = at("2026-11-27T16:30:00Z");
        for terms in [
            HoldTerms { expiry_action: ExpiryAction::Keep, ..default.clone() },
            HoldTerms { warn_before: Duration::ZERO, ..default.clone() },
            HoldTerms { expire_after: 3 * HOUR, ..default.clone() },
        ] {
            let end = plan(&terms, &week).end(created);
            assert_eq!((end.warn_at, end.expires_at), (None, later(created, terms.expire_after)));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_letter_is_planned_for_a_time_when_nobody_is_at_work(
            created in 1_790_000_000_i64..1_900_000_000, remind in 0_u64..400, expire in 1_u64..400,
        ) {
            let week = Week::default();
            let created = Timestamp::from_second(created).unwrap();
            let terms = HoldTerms {
                remind_after: HOUR * u32::try_from(remind).unwrap(),
                expire_after: HOUR * u32::try_from(expire).unwrap(),
                ..HoldTerms::default()
            };
            let plan = plan(&terms, &week);
            assert!(week.is_open(plan.remind_at(created)));
            let End { expires_at, warn_at } = plan.end(created);
            assert!(expires_at >= later(created, terms.expire_after));
            if let Some(warn_at) = warn_at {
                assert!(week.is_open(warn_at) && created < warn_at && warn_at < expires_at);
            } else {
                assert!(expire <= 4);
            }
        }
    }
}
