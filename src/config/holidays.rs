//! Holidays: `holidays`, a list of dates, and `holidays_file`, a text file of dates with their names.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Read,
    path::Path,
};

use jiff::civil::Date;

use crate::policy::document::Table;

/// A list for fifty years of the country with the most holidays is shorter.
const MAX_HOLIDAYS: usize = 2_000;
/// So is its file.
const MAX_FILE_OCTETS: u64 = 256 << 10;
/// Mistakes told of one file.
const MAX_TOLD: usize = 5;

/// The holidays of a section; `None` where it names none.
pub(super) fn holidays(t: &Table<'_>, folder: &Path) -> Option<BTreeSet<Date>> {
    let listed = t.parsed_list("holidays", "dates such as \"2026-12-25\"", date);
    let mut days: BTreeSet<Date> = listed.into_iter().map(|day| day.value).collect();
    if let Some(file) = t.string("holidays_file").located() {
        match in_file(&folder.join(&file.value)) {
            Ok(more) => days.extend(more),
            Err(mistakes) => {
                for mistake in mistakes {
                    let message = format!("`{}`: {mistake}", t.path_of("holidays_file"));
                    let help = "a day a line, its name behind it: \"2026-12-25 Christmas Day\"";
                    t.add(file.span.clone(), message, Some(help.to_owned()));
                }
            }
        }
    }
    if days.len() > MAX_HOLIDAYS {
        let message = format!("`{}` has more than {MAX_HOLIDAYS} days", t.path_of("holidays"));
        t.add(t.span(), message, Some("leave out those that are long past".to_owned()));
    }
    (t.has("holidays") || t.has("holidays_file")).then_some(days)
}

/// The days of a file, or what is wrong with it, each with its line.
fn in_file(path: &Path) -> Result<Vec<Date>, Vec<String>> {
    let name = path.display();
    let unreadable = |error: std::io::Error| vec![format!("cannot read {name}: {error}")];
    // Opening a pipe would wait for its writer.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(vec![format!("{name} is no file")]);
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut octets = Vec::new();
    file.take(MAX_FILE_OCTETS + 1).read_to_end(&mut octets).map_err(unreadable)?;
    if octets.len() as u64 > MAX_FILE_OCTETS {
        return Err(vec![format!("{name} is larger than {MAX_FILE_OCTETS} octets")]);
    }
    let text = String::from_utf8(octets).map_err(|_| vec![format!("{name} is not UTF-8")])?;
    let (mut days, mut mistakes) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let word = line.split(char::is_whitespace).next().unwrap_or_default();
        match date(word) {
            Some(day) => days.push(day),
            None if mistakes.len() < MAX_TOLD => {
                mistakes.push(format!("{name}:{}: \"{word}\" is no date", number + 1));
            }
            None => {}
        }
    }
    if mistakes.is_empty() { Ok(days) } else { Err(mistakes) }
}

/// `2026-12-25`, and nothing that only looks like it.
fn date(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::in_tests::section;

    fn read(keys: &str, file: &str) -> Result<Option<Vec<String>>, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("holidays.txt"), file).unwrap();
        let days = section("call", keys, |t| holidays(t, folder.path()));
        Ok(days?.map(|days| days.iter().map(Date::to_string).collect()))
    }

    #[test]
    fn the_list_and_the_file_are_taken_together() {
        let file =
            "\u{feff}# Germany\r\n\r\n2026-12-25 1. Weihnachtstag\r\n2026-12-26\tzweiter\r\n";
        let both = "holidays = [\"2026-12-24\", \"2026-12-25\"]\nholidays_file = \"holidays.txt\"";
        let days = read(both, file).unwrap().unwrap();
        assert_eq!(days, ["2026-12-24", "2026-12-25", "2026-12-26"]);
        assert_eq!(read("", file).unwrap(), None);
        assert_eq!(read("holidays = []", file).unwrap(), Some(vec![]));
    }

    #[test]
    fn mistakes_name_the_file_its_line_and_what_would_do() {
        let in_file = "holidays_file = \"holidays.txt\"";
        for (keys, file, wanted) in [
            ("holidays = [\"25.12.2026\"]", "", vec!["`call.holidays`", "2026-12-25"]),
            ("holidays = [\"2026-02-30\"]", "", vec!["`call.holidays`", "2026-02-30"]),
            (in_file, "\n2026-13-01 x", vec!["`call.holidays_file`", "txt:2: \"2026-13-01\""]),
            (in_file, "Christmas", vec!["txt:1: \"Christmas\" is no date", "a day a line"]),
            ("holidays_file = \"nowhere\"", "", vec!["cannot read", "nowhere"]),
            ("holidays_file = \".\"", "", vec!["is no file"]),
            (in_file, &"#".repeat(300_000), vec!["is larger than 262144 octets"]),
        ] {
            let told = read(keys, file).unwrap_err();
            for part in wanted {
                assert!(told.contains(part), "{part} is not in:\n{told}");
            }
        }
        let many = "x\n".repeat(100);
        assert_eq!(read(in_file, &many).unwrap_err().matches("error:").count(), MAX_TOLD);
    }
}
