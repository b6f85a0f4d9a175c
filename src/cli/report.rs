//! `callfirst report`: what came of held mail, in figures.

use std::{
    io::{self, Write as _},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use jiff::tz::TimeZone;

use super::{
    NeedsConfiguration,
    out::{self, Failure, plain},
    setup,
};
use crate::{
    hold::HoldStore,
    mail::Timestamp,
    policy::document::parse_duration,
    report::{Figures, Group, Row, Tally, table as table_of},
    team::Teams,
};

/// How many holds are read from the store at a time.
const PAGE: u32 = 500;
/// The most signals that people are shown; `--json` and `--csv` have all.
const SHOWN_SIGNALS: usize = 10;

/// Below `--help`.
const HELP: &str = "\
Examples:
  callfirst report -c /etc/callfirst/callfirst.toml --since 7d
  callfirst report -c /etc/callfirst/callfirst.toml --since 90d --csv > report.csv

Counts the holds made in that time: by policy, category, week, team, cause and signal, never by person.
--json prints one object a row; its keys are the columns of --csv.";

/// Figures of what came of held mail: calls, promises, causes, false alarms.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: NeedsConfiguration,
    /// Holds made in this time before now: 24h, 30d, 12w
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = since)]
    since: Duration,
    /// One JSON object a row, on stdout
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// A table with a header, on stdout
    #[arg(long)]
    csv: bool,
}

pub(super) fn since(text: &str) -> Result<Duration, String> {
    let parsed = parse_duration(text).filter(|time| !time.is_zero());
    parsed.ok_or_else(|| "a number and a unit are wanted: 24h, 30d, 12w".to_owned())
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = setup::config(&arguments.configured.config)?;
    let now = Timestamp::now();
    let since = now.checked_sub(arguments.since).unwrap_or(Timestamp::UNIX_EPOCH);
    let zone = config.notice.zone();
    let rows = setup::block_on(async {
        let store = setup::store(&config.store).await?;
        rows(store, since, Tally::new(zone.clone(), now), &config.teams).await
    })??;
    if arguments.json {
        return rows.iter().try_for_each(out::json);
    }
    if arguments.csv {
        return csv(&rows);
    }
    in_words(&rows, since, &zone)
}

async fn rows(
    store: Arc<dyn HoldStore>,
    since: Timestamp,
    mut tally: Tally,
    teams: &Teams,
) -> Result<Vec<Row>, Failure> {
    let mut behind = None;
    loop {
        let page = store.histories(since, behind.as_ref(), PAGE).await;
        let page = page.map_err(|error| Failure::broke("reading the hold store", &error))?;
        for history in &page.histories {
            tally.add(history, &teams.of(&history.sender).name);
        }
        behind = page.next;
        if behind.is_none() {
            return Ok(tally.rows());
        }
    }
}

/// The rows as a table with the keys of `--json` in its first line.
fn csv(rows: &[Row]) -> Result<(), Failure> {
    let table = table_of(rows).map_err(|error| Failure::broke("writing the table", &error))?;
    io::stdout().lock().write_all(&table).map_err(out::unwritten)
}

fn in_words(rows: &[Row], since: Timestamp, zone: &TimeZone) -> Result<(), Failure> {
    let of = |group: Group| rows.iter().filter(move |row| row.group == group);
    let day = since.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z");
    for row in of(Group::Total) {
        out::line(&format!("Mail held since {day}\n\n{}", total(&row.figures)))?;
    }
    for (group, title) in [
        (Group::Policy, "policy"),
        (Group::Category, "kind of news"),
        (Group::Week, "week of"),
        (Group::Team, "team"),
        (Group::Cause, "cause"),
    ] {
        table(title, of(group).collect())?;
    }
    let wrong = |row: &&Row| row.figures.false_alarms + row.figures.sent_without_call > 0;
    let mut signals: Vec<&Row> = of(Group::Signal).filter(wrong).collect();
    signals.sort_by_key(|row| std::cmp::Reverse(row.figures.false_alarms));
    signals.truncate(SHOWN_SIGNALS);
    table("signal, by false alarms", signals)
}

fn total(f: &Figures) -> String {
    let called = f.called_share.map_or(String::new(), |share| {
        format!(": somebody called in {:.0} of 100 that are decided", share * 100.0)
    });
    let soon = match (f.minutes_to_call_median, f.minutes_to_call_90) {
        (Some(half), Some(most)) => {
            format!("; half of them within {}, nine of ten within {}", minutes(half), minutes(most))
        }
        _ => String::new(),
    };
    [
        ("held", format!("{}{called}", f.held)),
        ("open", f.open.to_string()),
        ("called", format!("{}{soon}", f.called)),
        (
            "then",
            format!(
                "{} sent as confirmation, {} not sent",
                f.sent_after_call, f.withdrawn_after_call
            ),
        ),
        (
            "no call",
            format!(
                "{} withdrawn, {} written anew, {} false alarms, {} sent anyway, {} expired",
                f.withdrawn, f.rewritten, f.false_alarms, f.sent_without_call, f.expired
            ),
        ),
        (
            "promises",
            format!(
                "{} made: {} kept, {} open ({} overdue), {} dropped",
                f.promises,
                f.promises_kept,
                f.promises_open,
                f.promises_overdue,
                f.promises_dropped
            ),
        ),
        (
            "customers",
            format!(
                "{}, {} held for again; after the call {} stay, {} at risk, {} lost",
                f.customers.unwrap_or(0),
                f.customers_held_again.unwrap_or(0),
                f.customers_kept,
                f.customers_at_risk,
                f.customers_lost
            ),
        ),
    ]
    .map(|(name, text)| format!("  {name:<10} {text}"))
    .join("\n")
}

fn minutes(count: u64) -> String {
    match (count / 1440, count / 60) {
        (0, 0) => format!("{count} min"),
        (0, hours) => format!("{hours} h {:02} min", count % 60),
        (days, _) => format!("{days} d {} h", count / 60 % 24),
    }
}

fn table(title: &str, rows: Vec<&Row>) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let width = width.clamp(title.chars().count(), 40);
    out::line(&format!(
        "\n  {title:<width$}  {:>6} {:>7} {:>6} {:>8} {:>8} {:>8}",
        "held", "called", "open", "withdrn", "false", "no call"
    ))?;
    for row in rows {
        let f = &row.figures;
        let name: String = plain(&row.name).chars().take(width).collect();
        let called = f.called_share.map_or("-".to_owned(), |s| format!("{:.0} %", s * 100.0));
        let back = f.withdrawn + f.rewritten + f.withdrawn_after_call;
        out::line(&format!(
            "  {name:<width$}  {:>6} {called:>7} {:>6} {back:>8} {:>8} {:>8}",
            f.held, f.open, f.false_alarms, f.sent_without_call
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_minutes_reads_like_a_clock_or_a_calendar() {
        assert_eq!(minutes(7), "7 min");
        assert_eq!(minutes(61), "1 h 01 min");
        assert_eq!(minutes(3 * 1440 + 130), "3 d 2 h");
    }

    #[test]
    fn where_nobody_has_called_no_time_is_told() {
        let words = total(&Figures { held: 3, open: 3, ..Figures::default() });
        assert!(words.contains("  called     0\n"), "{words}");
    }

    #[test]
    fn no_time_and_none_at_all_are_refused() {
        assert!(since("0d").is_err());
        assert!(since("yesterday").is_err());
        assert_eq!(since("12w"), Ok(Duration::from_secs(12 * 604_800)));
    }
}
