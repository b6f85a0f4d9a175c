//! Whose turn it is: what of an addressee's queue goes now, as one mail or as many, and when the rest.
//!
//! Values only. A few mails an hour go one by one, each with all that helps; what is beyond that
//! comes as a digest, and beyond the day's measure on the next working morning. What asks for nothing
//! waits until its reader is at work, and keeps nothing else back.

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
/// The most that one digest tells: each with its person, its number and its page. The rest comes with
/// the next.
pub(super) const MOST_TOGETHER: usize = 20;
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
    /// It asks for nothing, and nobody is at work.
    Night,
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
    let rests = |mail: &&Waiting| is(&mail.name, LetterName::rests) && !week.is_open(now);
    let (resting, waiting): (Vec<&Waiting>, Vec<&Waiting>) = queue.waiting.iter().partition(rests);
    if waiting.is_empty() {
        return match resting.is_empty() {
            true => Turn::Nothing,
            false => Turn::PutOff(week.at_work(now), Why::Night),
        };
    }
    // Whatever comes meanwhile waits with the others.
    let due = |mail: &Waiting| believed(mail, week, now);
    if let Some(until) = waiting.iter().map(|mail| due(mail)).filter(|due| *due > now).max() {
        return Turn::PutOff(until, Why::Others);
    }
    let today = gone_since(queue, day_began(week, now), now);
    if today >= pace.most_per_day {
        return Turn::PutOff(week.morning_after(now, 1), Why::Day);
    }
    let slot = next_slot(queue, pace, now);
    let reminds = |mail: &&Waiting| is(&mail.name, LetterName::is_no_news);
    if waiting.iter().any(|mail| mail.due > mail.created) {
        return match waiting.as_slice() {
            // What was put off does not follow anybody home.
            all if all.iter().all(reminds) && !week.is_open(now) => {
                Turn::PutOff(week.at_work(now), Why::Others)
            }
            _ if slot > now => Turn::PutOff(slot, Why::Hour),
            // A digest of one is that mail itself, which says more.
            [one] => Turn::LetGo(vec![(*one).clone()]),
            all => Turn::Join(first(all, MOST_TOGETHER)),
        };
    }
    let this_hour = gone_since(queue, ago(now, HOUR), now);
    let free = pace.most_per_hour.saturating_sub(this_hour).min(pace.most_per_day - today);
    if free == 0 {
        return Turn::PutOff(slot.max(after(now, GATHERING)), Why::Hour);
    }
    let free = usize::try_from(free).unwrap_or(usize::MAX);
    let (reminders, news): (Vec<&Waiting>, Vec<&Waiting>) =
        waiting.iter().partition(|w| reminds(w));
    match (reminders.len(), news.is_empty()) {
        (0 | 1, _) => Turn::LetGo(first(&waiting, free)),
        _ if slot <= now => Turn::Join(first(&reminders, MOST_TOGETHER)),
        (_, false) => Turn::LetGo(first(&news, free)),
        (_, true) => Turn::PutOff(slot, Why::Hour),
    }
}

/// When a mail may go, as it was put off; now, where no rule can have put it off for so long: a clock
/// that was ahead must keep nobody waiting.
fn believed(mail: &Waiting, week: &Week, now: Timestamp) -> Timestamp {
    let latest = week.morning_after(now, 1).max(after(now, BETWEEN_DIGESTS));
    let is_possible = mail.created <= now && mail.due <= latest;
    if is_possible { mail.due } else { now }
}

/// When the next digest, or the next mail beyond the hour's measure, may go.
fn next_slot(queue: &Queue, pace: Pace, now: Timestamp) -> Timestamp {
    // What a clock that was ahead noted has not gone yet.
    let mut gone = queue.gone.iter().filter(|(at, _)| *at <= now);
    // The newest of more than an hour's went alone beyond the measure.
    let is_over = gone_since(queue, ago(now, HOUR), now) > pace.most_per_hour;
    let counts = |(_, name): &&(Timestamp, String)| is_over || name == LetterName::Digest.as_str();
    gone.find(counts).map_or(now, |(at, _)| after(*at, BETWEEN_DIGESTS))
}

/// What a letter by this name is; nothing, by a name that we do not know.
fn is(name: &str, what: fn(LetterName) -> bool) -> bool {
    LetterName::from_text(name).is_some_and(what)
}

fn first(mails: &[&Waiting], most: usize) -> Vec<Waiting> {
    mails.iter().take(most).map(|mail| (*mail).clone()).collect()
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
    fn what_only_tells_waits_for_the_morning_and_keeps_nothing_else_back() {
        let evening = at(6 * 60);
        let monday: Timestamp = "2026-11-30T08:00:00Z".parse().unwrap();
        let asked = |waiting, now| turn(&queue(waiting, &[]), PACE, &week(), now);
        let told = waiting("decided", 350, 350);
        assert_eq!(asked(vec![told.clone()], evening), Turn::PutOff(monday, Why::Night));
        let put_off = Waiting { due: monday, ..told };
        let held = waiting("hold", 360, 360);
        let both = vec![put_off.clone(), held.clone()];
        assert_eq!(asked(both, evening), Turn::LetGo(vec![held]));
        assert_eq!(asked(vec![put_off.clone()], monday), Turn::LetGo(vec![put_off]));
        let by_day = waiting("decided", 0, 0);
        assert_eq!(asked(vec![by_day.clone()], at(0)), Turn::LetGo(vec![by_day]));
    }

    #[test]
    fn a_digest_tells_twenty_and_the_next_the_rest() {
        let put_off = |name: &str| vec![waiting(name, -9, 0); 23];
        assert_eq!(asked(put_off("hold"), &[]), Turn::Join(put_off("hold")[..20].to_vec()));
        let rest = put_off("hold")[20..].to_vec();
        assert_eq!(asked(rest, &[(0, "digest")]), Turn::PutOff(at(30), Why::Hour));
        // Reminders of one moment too, and they keep no notice back.
        let fresh = vec![waiting("reminder", 0, 0); 23];
        assert_eq!(asked(fresh.clone(), &[]), Turn::Join(fresh[..20].to_vec()));
        let mut rest = fresh[20..].to_vec();
        assert_eq!(asked(rest.clone(), &[(0, "digest")]), Turn::PutOff(at(30), Why::Hour));
        rest.extend(new(1));
        assert_eq!(asked(rest, &[(0, "digest")]), Turn::LetGo(new(1)));
    }

    #[test]
    fn what_goes_alone_beyond_the_hours_measure_goes_each_half_hour_too() {
        let one = vec![waiting("hold", -9, 0)];
        let full = [(-50, "hold"), (-20, "hold"), (-15, "hold")];
        assert_eq!(asked(one.clone(), &full), Turn::LetGo(one.clone()));
        let over = [(-50, "hold"), (-40, "hold"), (-40, "hold"), (-15, "hold")];
        assert_eq!(asked(one.clone(), &over), Turn::PutOff(at(15), Why::Hour));
        assert_eq!(asked(new(1), &over), Turn::PutOff(at(15), Why::Hour));
        let long_ago = [(-50, "hold"), (-40, "hold"), (-40, "hold"), (-30, "hold")];
        assert_eq!(asked(one.clone(), &long_ago), Turn::LetGo(one));
    }

    #[test]
    fn what_was_put_off_by_a_clock_that_was_ahead_goes() {
        let far = 9 * 24 * 60;
        let one = vec![waiting("hold", -9, far)];
        assert_eq!(asked(one.clone(), &[]), Turn::LetGo(one));
        let mixed = vec![waiting("hold", far, far + 5), waiting("hold", 0, 0)];
        assert_eq!(asked(mixed.clone(), &[]), Turn::Join(mixed));
        let until_monday = vec![waiting("hold", -9, 69 * 60)];
        let monday: Timestamp = "2026-11-30T08:00:00Z".parse().unwrap();
        assert_eq!(asked(until_monday, &[]), Turn::PutOff(monday, Why::Others));
    }

    #[test]
    fn what_a_clock_that_was_ahead_noted_counts_for_nothing() {
        assert_eq!(asked(new(2), &[(900, "hold"); 6]), Turn::LetGo(new(2)));
        let two = vec![waiting("hold", -9, 0), waiting("hold", -7, 0)];
        assert_eq!(asked(two.clone(), &[(900, "digest")]), Turn::Join(two));
    }
}
