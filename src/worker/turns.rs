//! Whose turn it is: what of an addressee's queue goes now, as one mail or as many, and when the rest.
//!
//! Values only. A few mails an hour go one by one, each with all that helps; what is beyond that
//! comes as a digest, and beyond the day's measure on the next working morning.

use std::time::Duration;

use crate::{
    calendar::Week,
    hold::{LetterName, Queue, Waiting},
    mail::Timestamp,
};

/// How much mail of ours one address gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Mails that come one by one within an hour; the rest comes as digests.
    pub most_per_hour: u32,
    /// Mails within a day, digests among them; the rest waits for the next working morning.
    pub most_per_day: u32,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { most_per_hour: 5, most_per_day: 40 }
    }
}

/// Between two digests to one address.
pub(super) const BETWEEN_DIGESTS: Duration = Duration::from_secs(30 * 60);
/// So long the first digest waits for company.
pub(super) const GATHERING: Duration = Duration::from_secs(5 * 60);
const HOUR: Duration = Duration::from_secs(3600);

/// Why mail is put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It comes with the next digest.
    Hour,
    /// Others wait already; it comes with them.
    Others,
    /// The day's measure is full.
    Day,
}

/// What is done with a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing waits.
    Nothing,
    /// These go, each by itself.
    LetGo(Vec<Waiting>),
    /// These go as one.
    Join(Vec<Waiting>),
    /// All of it waits until then.
    PutOff(Timestamp, Why),
}

/// Since when mail gone counts.
pub(super) fn counts_since(week: &Week, now: Timestamp) -> Timestamp {
    day_began(week, now).min(ago(now, HOUR))
}

/// See the module. `week` is the addressee's.
pub(super) fn turn(queue: &Queue, pace: Pace, week: &Week, now: Timestamp) -> Turn {
    let waiting = &queue.waiting;
    if waiting.is_empty() {
        return Turn::Nothing;
    }
    // Whatever comes meanwhile waits with the others.
    if let Some(until) = waiting.iter().map(|w| w.due).filter(|due| *due > now).max() {
        return Turn::PutOff(until, Why::Others);
    }
    let today = gone_since(queue, day_began(week, now), now);
    if today >= pace.most_per_day {
        return Turn::PutOff(week.morning_after(now, 1), Why::Day);
    }
    let is_digest = |name: &str| name == LetterName::Digest.as_str();
    // A clock that was ahead must not keep anybody waiting until that time has come.
    let mut gone = queue.gone.iter().filter(|(at, _)| *at <= now);
    let digest_at = gone.find(|(_, name)| is_digest(name)).map(|(at, _)| *at);
    let next_digest = digest_at.map_or(now, |at| after(at, BETWEEN_DIGESTS));
    if waiting.iter().any(|w| w.due > w.created) {
        let reminds_only = waiting.iter().all(|w| reminds(&w.name));
        return match waiting.as_slice() {
            // What was put off does not follow anybody home.
            _ if reminds_only && !week.is_open(now) => Turn::PutOff(week.at_work(now), Why::Others),
            _ if next_digest > now => Turn::PutOff(next_digest, Why::Hour),
            // A digest of one is that mail itself, which says more.
            [_] => Turn::LetGo(waiting.clone()),
            _ => Turn::Join(waiting.clone()),
        };
    }
    let this_hour = gone_since(queue, ago(now, HOUR), now);
    let free = pace.most_per_hour.saturating_sub(this_hour).min(pace.most_per_day - today);
    if free == 0 {
        return Turn::PutOff(next_digest.max(after(now, GATHERING)), Why::Hour);
    }
    let reminders: Vec<Waiting> = waiting.iter().filter(|w| reminds(&w.name)).cloned().collect();
    if reminders.len() > 1 {
        return Turn::Join(reminders);
    }
    let free = usize::try_from(free).unwrap_or(usize::MAX);
    Turn::LetGo(waiting.iter().take(free).cloned().collect())
}

/// Whether this is no news of the moment, so that several of it say as much in one mail.
fn reminds(name: &str) -> bool {
    LetterName::from_text(name).is_some_and(LetterName::is_no_news)
}

fn gone_since(queue: &Queue, since: Timestamp, now: Timestamp) -> u32 {
    let gone = queue.gone.iter().filter(|(at, _)| *at > since && *at <= now).count();
    u32::try_from(gone).unwrap_or(u32::MAX)
}

/// Midnight by the addressee's clock.
fn day_began(week: &Week, now: Timestamp) -> Timestamp {
    let midnight = week.today(now).to_zoned(week.zone().clone());
    midnight.map_or(now, |midnight| midnight.timestamp())
}

fn ago(now: Timestamp, span: Duration) -> Timestamp {
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

fn after(at: Timestamp, span: Duration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hold::ItemId, mail::HoldId};

    const PACE: Pace = Pace { most_per_hour: 3, most_per_day: 6 };

    fn week() -> Week {
        let (nine, five) = (jiff::civil::time(9, 0, 0, 0), jiff::civil::time(17, 0, 0, 0));
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        use jiff::civil::Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
        Week::new(zone, nine..five, vec![Monday, Tuesday, Wednesday, Thursday, Friday])
    }

    /// Minutes after noon, by the addressee's clock, of a Friday.
    fn at(minutes: i64) -> Timestamp {
        let noon: Timestamp = "2026-11-27T11:00:00Z".parse().unwrap();
        Timestamp::from_second(noon.as_second() + 60 * minutes).unwrap()
    }

    fn waiting(name: &str, created: i64, due: i64) -> Waiting {
        Waiting {
            item: ItemId(format!("{name} {created}")),
            hold: HoldId::from_octets([1; 16]),
            name: name.to_owned(),
            created: at(created),
            due: at(due),
        }
    }

    fn queue(waiting: Vec<Waiting>, gone: &[(i64, &str)]) -> Queue {
        let mut gone: Vec<_> = gone.iter().map(|(m, name)| (at(*m), (*name).to_owned())).collect();
        gone.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        Queue { waiting, gone }
    }

    fn asked(waiting: Vec<Waiting>, gone: &[(i64, &str)]) -> Turn {
        turn(&queue(waiting, gone), PACE, &week(), at(0))
    }

    fn new(count: usize) -> Vec<Waiting> {
        vec![waiting("hold", 0, 0); count]
    }

    #[test]
    fn a_few_go_one_by_one_and_the_rest_gathers() {
        assert_eq!(asked(vec![], &[]), Turn::Nothing);
        assert_eq!(asked(new(2), &[(-61, "hold")]), Turn::LetGo(new(2)));
        assert_eq!(asked(new(9), &[(-30, "hold")]), Turn::LetGo(new(2)));
        let full = [(-50, "hold"), (-20, "hold"), (-1, "hold")];
        assert_eq!(asked(new(1), &full), Turn::PutOff(at(5), Why::Hour));
        let digested = [(-50, "hold"), (-40, "hold"), (-10, "digest")];
        assert_eq!(asked(new(1), &digested), Turn::PutOff(at(20), Why::Hour));
    }

    #[test]
    fn what_comes_while_others_wait_waits_with_them() {
        let mixed = vec![waiting("hold", -3, 2), waiting("hold", 0, 0)];
        assert_eq!(asked(mixed, &[]), Turn::PutOff(at(2), Why::Others));
    }

    #[test]
    fn what_was_put_off_comes_as_one_and_one_alone_as_itself() {
        let two = vec![waiting("hold", -9, 0), waiting("hold", -7, 0)];
        assert_eq!(asked(two.clone(), &[(-70, "digest")]), Turn::Join(two.clone()));
        assert_eq!(asked(two.clone(), &[(-29, "digest")]), Turn::PutOff(at(1), Why::Hour));
        let one = two.get(..1).unwrap().to_vec();
        assert_eq!(asked(one.clone(), &[]), Turn::LetGo(one));
    }

    #[test]
    fn reminders_that_fall_due_together_are_one_mail() {
        let reminders = vec![waiting("reminder", 0, 0), waiting("promise", 0, 0)];
        let mut all = new(1);
        all.extend(reminders.clone());
        assert_eq!(asked(all, &[]), Turn::Join(reminders.clone()));
        let alone = reminders.get(..1).unwrap().to_vec();
        assert_eq!(asked(alone.clone(), &[]), Turn::LetGo(alone));
    }

    #[test]
    fn a_reminder_that_was_put_off_does_not_follow_anybody_home() {
        let evening = at(6 * 60);
        let two = |name: &str| vec![waiting(name, 200, 359), waiting(name, 210, 359)];
        let asked = |waiting| turn(&queue(waiting, &[]), PACE, &week(), evening);
        let monday: Timestamp = "2026-11-30T08:00:00Z".parse().unwrap();
        assert_eq!(asked(two("reminder")), Turn::PutOff(monday, Why::Others));
        assert_eq!(asked(two("hold")), Turn::Join(two("hold")), "he is still writing");
    }

    #[test]
    fn beyond_the_days_measure_all_waits_for_the_next_working_morning() {
        let gone = [(-190, "hold"); 6];
        let monday: Timestamp = "2026-11-30T08:00:00Z".parse().unwrap();
        assert_eq!(asked(new(1), &gone), Turn::PutOff(monday, Why::Day));
        // The last of the day goes; and yesterday's do not count.
        assert_eq!(asked(new(2), gone.get(..5).unwrap()), Turn::LetGo(new(1)));
        assert_eq!(asked(new(2), &[(-721, "hold"); 6]), Turn::LetGo(new(2)));
    }

    #[test]
    fn what_a_clock_that_was_ahead_noted_counts_for_nothing() {
        assert_eq!(asked(new(2), &[(900, "hold"); 6]), Turn::LetGo(new(2)));
        let two = vec![waiting("hold", -9, 0), waiting("hold", -7, 0)];
        assert_eq!(asked(two.clone(), &[(900, "digest")]), Turn::Join(two));
    }
}
