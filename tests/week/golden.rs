//! The picture of the week: `tests/golden/week/`, one file a day, and who got what.
//!
//! `BLESS=1` writes it anew; read the diff.

use std::{fmt::Write as _, fs, path::Path};

use callfirst::{
    config::Config,
    mail::{ReversePath, Timestamp},
};
use jiff::{civil::Date, tz::TimeZone};

use crate::{
    book::{Book, Deed, Sent},
    script::{DAYS, MONDAY, address, berlin},
};

/// A mail or a deed; deeds first, because they cause mails.
enum Entry<'a> {
    Deed(&'a Deed),
    Sent(&'a Sent),
}

impl Entry<'_> {
    fn at(&self) -> Timestamp {
        match self {
            Entry::Deed(deed) => deed.at,
            Entry::Sent(sent) => sent.at,
        }
    }
}

/// Leaves every page as its person saw it in `target/looks`, to be looked at in a browser.
pub(crate) fn look(book: &Book) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/looks/static");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("style.css"), include_str!("../../src/web/static/style.css")).unwrap();
    for (nth, deed) in book.deeds.iter().enumerate() {
        for (page, html) in deed.html.iter().enumerate() {
            let name = format!("page-week-{}-{}-{nth}-{page}.html", deed.hold, deed.who);
            let html = html.replace("../static/", "static/");
            fs::write(folder.with_file_name(name), html).unwrap();
        }
    }
}

/// Compares the week with what was read and found good.
pub(crate) fn compare(files: &[(String, String)]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/week");
    let bless = std::env::var_os("BLESS").is_some();
    if bless {
        fs::create_dir_all(&folder).unwrap();
    }
    let mut wrong = Vec::new();
    for (name, text) in files {
        let file = folder.join(name);
        if bless {
            fs::write(&file, text).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if expected != *text {
            let (line, was, is) = first_difference(&expected, text);
            wrong.push(format!("{name}:{line}\n  was: {was}\n  is:  {is}"));
        }
    }
    assert!(wrong.is_empty(), "read the diff after BLESS=1:\n{}", wrong.join("\n"));
}

fn first_difference<'a>(was: &'a str, is: &'a str) -> (usize, &'a str, &'a str) {
    let (mut was, mut is, mut line) = (was.lines(), is.lines(), 1);
    loop {
        match (was.next(), is.next()) {
            (Some(a), Some(b)) if a == b => line += 1,
            (a, b) => return (line, a.unwrap_or("(end)"), b.unwrap_or("(end)")),
        }
    }
}

/// Each file: its name and what stands in it.
pub(crate) fn files(book: &Book, config: &Config) -> Vec<(String, String)> {
    let mut sent: Vec<&Sent> = book.sent.iter().collect();
    sent.sort_by_key(|s| (s.at, &s.hold, &s.kind, &s.to));
    let mut entries: Vec<Entry<'_>> = book.deeds.iter().map(Entry::Deed).collect();
    entries.extend(sent.iter().map(|sent| Entry::Sent(sent)));
    entries.sort_by_key(Entry::at);
    let mut files = vec![("who-got-what.txt".to_owned(), who_got_what(&sent, config))];
    for (nth, day) in DAYS.iter().enumerate() {
        let date = MONDAY.checked_add(jiff::Span::new().days(nth as i64)).unwrap();
        let ours = entries.iter().filter(|entry| date_of(entry.at()) == date);
        let text: Vec<String> = ours.map(|entry| told(entry, book, config)).collect();
        files.push((format!("{}-{day}.txt", nth + 1), text.join("\n")));
    }
    files
}

fn date_of(at: Timestamp) -> Date {
    at.to_zoned(berlin()).date()
}

fn told(entry: &Entry<'_>, book: &Book, config: &Config) -> String {
    match entry {
        Entry::Deed(Deed { at, who, hold, what, pages, .. }) => {
            let when = say(*at, zone(&address(who), config));
            let pages: String = pages.iter().map(|page| format!("{}\n", indented(page))).collect();
            format!("### {when}  {hold}  {who} {what}\n{pages}")
        }
        Entry::Sent(sent) => {
            let text = match sent.kind.as_str() {
                "released" | "passed on" => String::new(),
                _ => format!("{}\n", indented(&book.masked(&sent.text))),
            };
            format!("{}\n    {}\n{text}", line(sent, config), book.masked(&sent.subject))
        }
    }
}

/// A mail on one line, by the clock of whom it is for.
fn line(sent: &Sent, config: &Config) -> String {
    let at_work = if is_at_work(sent, config) { "" } else { "  (not at work)" };
    let when = say(sent.at, zone(&sent.to, config));
    format!("--- {when}  {}  {} -> {}{at_work}", sent.hold, sent.kind, sent.to)
}

fn indented(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("    | {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

fn say(at: Timestamp, zone: TimeZone) -> String {
    at.to_zoned(zone).strftime("%a %H:%M %Z").to_string()
}

fn zone(who: &str, config: &Config) -> TimeZone {
    let team = ReversePath::parse(who).map(|who| config.teams.of(&who).week.zone().clone());
    team.unwrap_or_else(|_| berlin())
}

/// Whether whom it is for is at work, where he is one of us.
pub(crate) fn is_at_work(sent: &Sent, config: &Config) -> bool {
    match ReversePath::parse(&sent.to) {
        Ok(who) if sent.to.ends_with("northwind-hvac.example") => {
            config.teams.of(&who).week.is_open(sent.at)
        }
        _ => true,
    }
}

/// Person by person, one line a mail.
fn who_got_what(sent: &[&Sent], config: &Config) -> String {
    let mut people: Vec<&str> = sent.iter().map(|sent| sent.to.as_str()).collect();
    people.sort_by_key(|who| (!who.ends_with("northwind-hvac.example"), *who));
    people.dedup();
    let mut text = String::new();
    for who in people {
        let ours: Vec<_> = sent.iter().filter(|sent| sent.to == who).collect();
        writeln!(text, "{who}: {}", ours.len()).unwrap();
        for sent in ours {
            let at_work = if is_at_work(sent, config) { "" } else { "  (not at work)" };
            let when = say(sent.at, zone(who, config));
            let Sent { hold, kind, subject, .. } = sent;
            writeln!(text, "  {when}  {hold}  {kind:<12} {subject}{at_work}").unwrap();
        }
    }
    text
}
