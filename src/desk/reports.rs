//! What came of held mail, in figures and charts: policies, teams, causes and phrases; never persons.

use std::time::Duration;

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{DeskState, Frame, Route, Visitor, page, trouble};
use crate::{
    chart::{Bar, Bars},
    hold::HoldError,
    report::{Figures, Group, Row, Tally, table},
    rights::{Action, Reach, Whose},
};

/// How many holds are read from the store at a time.
const PAGE: u32 = 500;
/// The most holds that one report counts; beyond it the page says so.
const MOST: usize = 200_000;
/// A phrase is told of from so many decided holds on: of two nobody learns anything.
const MIN_DECIDED: u64 = 3;
/// The most phrases and causes on the page; the downloads have all.
const SHOWN: usize = 20;
/// The periods that one may choose, in days.
const PERIODS: [(u16, &str); 4] =
    [(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "a year")];
/// A part of a bar: its name, and its figure.
type Part = (&'static str, fn(&Figures) -> u64);
/// How a hold may end, in the order of a bar's parts.
const PARTS: [Part; 7] = [
    ("called, then sent", |f| f.sent_after_call),
    ("called, not sent", |f| f.withdrawn_after_call),
    ("taken back or written anew", |f| f.withdrawn + f.rewritten),
    ("false alarm", |f| f.false_alarms),
    ("sent without a call", |f| f.sent_without_call),
    ("ended undecided", |f| f.expired),
    ("open", |f| f.open),
];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/desk/reports", Action::SeeReports, show),
        Route::get("/desk/reports.csv", Action::SeeReports, as_csv),
        Route::get("/desk/reports.json", Action::SeeReports, as_json),
    ]
}

/// What is asked for; what cannot be meant is the default.
#[derive(Debug, Deserialize)]
struct Asked {
    days: Option<String>,
}

impl Asked {
    fn days(&self) -> u16 {
        let days = self.days.as_deref().and_then(|days| days.parse().ok());
        days.filter(|days| PERIODS.iter().any(|(period, _)| period == days)).unwrap_or(30)
    }
}

/// Counted rows, and whether there was more than we count.
struct Counted {
    rows: Vec<Row>,
    is_cut: bool,
}

async fn counted(state: &DeskState, reach: &Reach, days: u16) -> Result<Counted, HoldError> {
    let now = state.now();
    let since = Duration::from_secs(u64::from(days) * 24 * 3600);
    let since = now.checked_sub(since).unwrap_or(now);
    let mut tally = Tally::new(state.zone.clone(), now);
    let (mut behind, mut read) = (None, 0);
    loop {
        let page = state.store.histories(since, behind.as_ref(), PAGE).await?;
        for history in &page.histories {
            let team = &state.teams.of(&history.sender).name;
            if reach.covers(Whose { sender: history.sender.mailbox(), team }) {
                tally.add(history, team);
            }
        }
        read += page.histories.len();
        behind = page.next;
        let is_cut = read >= MOST && behind.is_some();
        if behind.is_none() || is_cut {
            return Ok(Counted { rows: tally.rows(), is_cut });
        }
    }
}

async fn show(
    State(state): State<DeskState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    let days = asked.days();
    match counted(&state, &visitor.reach(Action::SeeReports), days).await {
        Ok(counted) => page(&Reports::of(&state, &visitor, days, &counted)),
        Err(error) => trouble(&error),
    }
}

async fn as_csv(
    State(state): State<DeskState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    let counted = counted(&state, &visitor.reach(Action::SeeReports), asked.days()).await;
    let rows = match counted {
        Ok(counted) => counted.rows,
        Err(error) => return trouble(&error),
    };
    match table(&rows) {
        Ok(table) => {
            let named = "attachment; filename=\"callfirst-report.csv\"";
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static(named)),
            ];
            (headers, table).into_response()
        }
        Err(error) => trouble(&error),
    }
}

async fn as_json(
    State(state): State<DeskState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    match counted(&state, &visitor.reach(Action::SeeReports), asked.days()).await {
        Ok(counted) => Json(counted.rows).into_response(),
        Err(error) => trouble(&error),
    }
}

#[derive(Template)]
#[template(path = "desk/reports.html")]
struct Reports {
    frame: Frame,
    days: u16,
    periods: Vec<Period>,
    is_cut: bool,
    total: Figures,
    called: String,
    soon: String,
    parts: Vec<&'static str>,
    sections: Vec<Section>,
    phrases: Vec<Phrase>,
}

struct Period {
    days: u16,
    label: &'static str,
    is_chosen: bool,
}

/// A chart, and the same as a table.
struct Section {
    title: &'static str,
    about: &'static str,
    first: &'static str,
    chart: String,
    lines: Vec<Line>,
}

struct Line {
    name: String,
    held: u64,
    values: Vec<u64>,
    called: String,
    soon: String,
}

/// A signal, and how often it was wrong.
struct Phrase {
    name: String,
    held: u64,
    wrong: u64,
    share: String,
    overridden: u64,
}

impl Reports {
    fn of(state: &DeskState, visitor: &Visitor, days: u16, counted: &Counted) -> Reports {
        let of = |group| counted.rows.iter().filter(move |row| row.group == group);
        let total = of(Group::Total).next().map(|row| row.figures.clone()).unwrap_or_default();
        let weeks: Vec<&Row> = of(Group::Week).collect();
        let mut policies: Vec<&Row> = of(Group::Policy).collect();
        policies.sort_by_key(|row| std::cmp::Reverse(row.figures.held));
        let mut teams: Vec<&Row> = of(Group::Team).collect();
        teams.sort_by_key(|row| std::cmp::Reverse(row.figures.held));
        let causes: Vec<&Row> = of(Group::Cause).take(SHOWN).collect();
        let mut sections = vec![
            Section::of(
                "Week by week",
                "What became of mail held in each week.",
                "Week of",
                &weeks,
            )
            .standing(&weeks),
            Section::of("Policies", "Which policy held it.", "Policy", &policies).lying(&policies),
            Section::of(
                "Teams",
                "Teams of whom fewer than three people had mail held are counted with others.",
                "Team",
                &teams,
            )
            .lying(&teams),
            Section::of("Causes", "What people named after the call.", "Cause", &causes)
                .lying(&causes),
        ];
        sections.retain(|section| !section.lines.is_empty());
        Reports {
            frame: visitor.frame(state, "/desk/reports"),
            days,
            periods: PERIODS
                .iter()
                .map(|(period, label)| Period { days: *period, label, is_chosen: *period == days })
                .collect(),
            is_cut: counted.is_cut,
            called: called(&total),
            soon: soon(&total),
            total,
            parts: PARTS.iter().map(|(name, _)| *name).collect(),
            sections,
            phrases: phrases(of(Group::Signal)),
        }
    }
}

impl Section {
    fn of(title: &'static str, about: &'static str, first: &'static str, rows: &[&Row]) -> Section {
        let lines = rows.iter().map(|row| Line {
            name: row.name.clone(),
            held: row.figures.held,
            values: values(row),
            called: called(&row.figures),
            soon: soon(&row.figures),
        });
        Section { title, about, first, chart: String::new(), lines: lines.collect() }
    }

    fn standing(mut self, rows: &[&Row]) -> Section {
        self.chart = self.bars(rows, day_and_month).standing();
        self
    }

    fn lying(mut self, rows: &[&Row]) -> Section {
        self.chart = self.bars(rows, str::to_owned).lying();
        self
    }

    fn bars(&self, rows: &[&Row], label: impl Fn(&str) -> String) -> Bars {
        let bars = rows.iter().map(|row| Bar { label: label(&row.name), values: values(row) });
        Bars {
            title: format!("{}: the table below has the same figures", self.title),
            parts: PARTS.iter().map(|(name, _)| (*name).to_owned()).collect(),
            bars: bars.collect(),
        }
    }
}

fn values(row: &Row) -> Vec<u64> {
    PARTS.iter().map(|(_, value)| value(&row.figures)).collect()
}

/// `2026-11-16` as `16 Nov`.
fn day_and_month(date: &str) -> String {
    let date = date.parse::<jiff::civil::Date>();
    date.map_or_else(|_| String::new(), |date| date.strftime("%-d %b").to_string())
}

fn called(figures: &Figures) -> String {
    figures.called_share.map_or_else(|| "–".to_owned(), percent)
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn soon(figures: &Figures) -> String {
    figures.minutes_to_call_median.map_or_else(|| "–".to_owned(), in_time)
}

/// Minutes as people say them.
fn in_time(minutes: u64) -> String {
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2_880 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

/// The phrases that were wrong most often, by their share of what was decided.
fn phrases<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<Phrase> {
    let decided = |row: &Row| row.figures.held - row.figures.open;
    let wrong = |row: &Row| row.figures.false_alarms as f64 / decided(row) as f64;
    let mut rows: Vec<&Row> = rows
        .filter(|row| decided(row) >= MIN_DECIDED)
        .filter(|row| row.figures.false_alarms + row.figures.sent_without_call > 0)
        .collect();
    rows.sort_by(|a, b| wrong(b).total_cmp(&wrong(a)));
    rows.truncate(SHOWN);
    let phrase = |row: &&Row| Phrase {
        name: row.name.clone(),
        held: decided(row),
        wrong: row.figures.false_alarms,
        share: percent(wrong(row)),
        overridden: row.figures.sent_without_call,
    };
    rows.iter().map(phrase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_as_people_say_it() {
        assert_eq!(in_time(0), "0 min");
        assert_eq!(in_time(59), "59 min");
        assert_eq!(in_time(61), "1 h 1 min");
        assert_eq!(in_time(3_000), "2 days");
    }

    #[test]
    fn only_periods_that_are_offered_are_counted() {
        let days = |text: &str| Asked { days: Some(text.to_owned()) }.days();
        assert_eq!(days("90"), 90);
        for odd in ["", "0", "-1", "36500", "' OR 1=1 --", "9999999999999"] {
            assert_eq!(days(odd), 30, "{odd}");
        }
    }

    #[test]
    fn a_phrase_that_is_often_wrong_comes_first_and_two_holds_teach_nothing() {
        let row = |name: &str, held, false_alarms| Row {
            group: Group::Signal,
            name: name.to_owned(),
            figures: Figures { held, false_alarms, ..Figures::default() },
        };
        let rows = [
            row("p/often", 10, 2),
            row("p/wrong", 10, 8),
            row("p/two", 2, 2),
            row("p/right", 9, 0),
        ];
        let told: Vec<String> = phrases(rows.iter()).into_iter().map(|p| p.name).collect();
        assert_eq!(told, ["p/wrong", "p/often"]);
    }
}
