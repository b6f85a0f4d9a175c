//! How `callfirst traffic` tells what it found.

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;

use super::{Found, Supposed};
use crate::{
    cli::out::{self, Failure, plain},
    mail::Timestamp,
    traffic::{Changed, Counted, Difference, Effect, Record, Row},
};

/// Lines of a list that people are shown; `--json` has all.
const SHOWN: usize = 20;
/// What a sender in no team belongs to.
const HOUSE: &str = "(house)";
const DAY_SECS: f64 = 86_400.0;

/// A line of `--json`.
#[derive(Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
enum Line<'f> {
    /// Mail of a team that was judged on a day.
    Judged { day: Date, team: &'f str, mails: u64 },
    /// What a policy decided on a day in a team.
    Projected(&'f Row),
    /// The same under what is supposed.
    Supposed(&'f Row),
    /// What comes of a change.
    Effect(&'f Effect),
    /// Exempt mail that would have been held.
    Exempt(&'f Record),
    /// A mail that a shadow version decides otherwise.
    Shadow(&'f Difference),
}

pub(super) fn json(found: &Found) -> Result<(), Failure> {
    for ((day, team), mails) in judged_a_day(&found.counted, &found.zone) {
        out::json(&Line::Judged { day, team, mails })?;
    }
    found.as_it_was.iter().try_for_each(|row| out::json(&Line::Projected(row)))?;
    match &found.supposed {
        Some((_, Supposed::Rows(rows))) => {
            rows.iter().try_for_each(|row| out::json(&Line::Supposed(row)))?;
        }
        Some((_, Supposed::Effect(effect))) => out::json(&Line::Effect(effect))?,
        None => {}
    }
    found.exempt.iter().try_for_each(|record| out::json(&Line::Exempt(record)))?;
    found.differences.iter().try_for_each(|d| out::json(&Line::Shadow(d)))
}

pub(super) fn in_words(found: &Found) -> Result<(), Failure> {
    let judged: u64 = found.counted.iter().map(|counted| counted.mails).sum();
    let days = days(found);
    let when = at(found.since, &found.zone, "%Y-%m-%d %H:%M %Z");
    out::line(&format!("{judged} mails judged since {when}, {:.1} a day", a_day(judged, days)))?;
    if judged == 0 {
        return out::line("Nothing is recorded; is `[traffic] record` off?");
    }
    by_policy("\nDecided so", &found.as_it_was, days)?;
    by_day(found)?;
    match &found.supposed {
        Some((words, Supposed::Rows(rows))) => by_policy(&format!("\n{words}"), rows, days)?,
        Some((words, Supposed::Effect(effect))) => told(words, effect, &found.zone, days)?,
        None => {}
    }
    exempt(found)?;
    differences(found)
}

/// How many days of mail there are: since the first that is recorded, one at least.
fn days(found: &Found) -> f64 {
    let first = found.counted.first().map_or(found.since, |counted| counted.since);
    let secs = found.until.as_second() - first.max(found.since).as_second();
    (secs as f64 / DAY_SECS).max(1.0)
}

fn a_day(count: u64, days: f64) -> f64 {
    count as f64 / days
}

fn at(time: Timestamp, zone: &TimeZone, format: &str) -> String {
    time.to_zoned(zone.clone()).strftime(format).to_string()
}

fn team(name: &str) -> &str {
    if name.is_empty() { HOUSE } else { name }
}

fn judged_a_day<'f>(counted: &'f [Counted], zone: &TimeZone) -> BTreeMap<(Date, &'f str), u64> {
    let mut days = BTreeMap::new();
    for one in counted {
        let day = one.since.to_zoned(zone.clone()).date();
        *days.entry((day, one.team.as_str())).or_default() += one.mails;
    }
    days
}

/// Each policy in each team, all days together.
fn by_policy(title: &str, rows: &[Row], days: f64) -> Result<(), Failure> {
    let mut sums: BTreeMap<(&str, &str), [u64; 3]> = BTreeMap::new();
    for row in rows {
        let [held, notified, observed] = sums.entry((&row.policy, team(&row.team))).or_default();
        *held += row.held;
        *notified += row.notified;
        *observed += row.observed;
    }
    if sums.is_empty() {
        return out::line(&format!("{title}: nothing for any policy"));
    }
    out::line(&format!(
        "{title}\n  {:<26} {:<16} {:>7} {:>9} {:>9} {:>7}",
        "policy", "team", "held", "notified", "observed", "a day"
    ))?;
    sums.into_iter().try_for_each(|((policy, team), [held, notified, observed])| {
        let (team, all) = (plain(team), a_day(held + notified + observed, days));
        out::line(&format!(
            "  {policy:<26} {team:<16} {held:>7} {notified:>9} {observed:>9} {all:>7.1}"
        ))
    })
}

/// All teams and policies together, day by day.
fn by_day(found: &Found) -> Result<(), Failure> {
    let mut days: BTreeMap<Date, [u64; 4]> = BTreeMap::new();
    for ((day, _), mails) in judged_a_day(&found.counted, &found.zone) {
        let [judged, ..] = days.entry(day).or_default();
        *judged += mails;
    }
    for row in &found.as_it_was {
        let [_, held, notified, observed] = days.entry(row.day).or_default();
        *held += row.held;
        *notified += row.notified;
        *observed += row.observed;
    }
    out::line(&format!(
        "\n  {:<10} {:>9} {:>7} {:>9} {:>9}",
        "day", "judged", "held", "notified", "observed"
    ))?;
    days.into_iter().try_for_each(|(day, [judged, held, notified, observed])| {
        out::line(&format!("  {day} {judged:>9} {held:>7} {notified:>9} {observed:>9}"))
    })
}

fn told(words: &str, effect: &Effect, zone: &TimeZone, days: f64) -> Result<(), Failure> {
    let about = if effect.estimate { "about " } else { "" };
    out::line(&format!(
        "\n{words}: {about}{} instead of {}, {:.1} a day instead of {:.1}",
        effect.after,
        effect.before,
        a_day(effect.after, days),
        a_day(effect.before, days)
    ))?;
    if effect.estimate {
        out::line(
            "  An estimate: what stands around the words, such as a negation, is not known.",
        )?;
    }
    if effect.unseen {
        out::line("  There may be more: mail that came to less than 0.05 is not told apart.")?;
    }
    if effect.uncertain > 0 {
        let count = effect.uncertain;
        out::line(&format!(
            "  Of {count} of those that change the record is too short to be sure."
        ))?;
    }
    list(&effect.changed, |changed| change(changed, zone))
}

fn change(changed: &Changed, zone: &TimeZone) -> String {
    let Changed { id, at: time, team: name, before, after, .. } = changed;
    let policy = |policy: &Option<String>| policy.clone().unwrap_or_else(|| "passes".to_owned());
    let (time, name) = (at(*time, zone, "%Y-%m-%d %H:%M"), plain(team(name)));
    format!("  {time}  {name:<16} {} -> {}  {}", policy(before), policy(after), id.0)
}

fn exempt(found: &Found) -> Result<(), Failure> {
    if found.exempt.is_empty() {
        return Ok(());
    }
    let count = found.exempt.len();
    out::line(&format!("\nExempt, and would have been held: {count}"))?;
    list(&found.exempt, |record| {
        let detail = &record.detail;
        let time = at(record.at, &found.zone, "%Y-%m-%d %H:%M");
        let (reason, policy) = (detail.reason.as_str(), detail.policy.as_deref().unwrap_or("-"));
        let id = detail.message_id.as_deref().map_or("-".to_owned(), plain);
        format!("  {time}  {reason:<17} {policy:<26} {id}")
    })
}

fn differences(found: &Found) -> Result<(), Failure> {
    if found.differences.is_empty() {
        return Ok(());
    }
    let more = found.differences.iter().filter(|d| d.live.is_none()).count();
    let fewer = found.differences.iter().filter(|d| d.shadow.is_none()).count();
    let others = found.differences.len() - more - fewer;
    out::line(&format!(
        "\nThe shadow decides otherwise: {more} more, {fewer} fewer, {others} by another policy"
    ))?;
    list(&found.differences, |difference| {
        let Difference { id, at: time, team: name, live, shadow } = difference;
        let policy = |p: &Option<String>| p.clone().unwrap_or_else(|| "passes".to_owned());
        let (time, name) = (at(*time, &found.zone, "%Y-%m-%d %H:%M"), plain(team(name)));
        format!("  {time}  {name:<16} {} -> {}  {}", policy(live), policy(shadow), id.0)
    })
}

/// The first lines of a list, and how many more there are.
fn list<T>(all: &[T], line: impl Fn(&T) -> String) -> Result<(), Failure> {
    all.iter().take(SHOWN).try_for_each(|one| out::line(&line(one)))?;
    match all.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => out::line(&format!("  and {more} more: --json has all")),
    }
}
