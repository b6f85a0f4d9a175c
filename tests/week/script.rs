//! Reads what is played: `script.txt` and `mails.txt`.

use callfirst::mail::Timestamp;
use jiff::{civil::Date, tz::TimeZone};

/// The Monday before Easter; Good Friday is a holiday in Berlin, and on Sunday Europe's clocks go forward.
pub(crate) const MONDAY: Date = jiff::civil::date(2027, 3, 22);
/// The last is the Monday after, when people come back to what waited for them.
pub(crate) const DAYS: [&str; 8] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "mon"];

/// One line of the script.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub(crate) at: Timestamp,
    /// Which hold, by its number in the script.
    pub(crate) hold: String,
    pub(crate) what: What,
    /// Who, by the name before the @.
    pub(crate) who: String,
    /// How.
    pub(crate) how: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Mail,
    Rewrite,
    Look,
    Does,
    Tries,
    Replies,
    Away,
}

/// A text of `mails.txt`.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) name: String,
    /// Display name and address.
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) words: String,
}

pub(crate) fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

pub(crate) fn acts() -> Vec<Act> {
    let lines = include_str!("script.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty());
    let acts: Vec<Act> = lines.map(act).collect();
    assert!(acts.is_sorted_by_key(|act| act.at), "the script is not in order");
    acts
}

fn act(line: &str) -> Act {
    let words: Vec<&str> = line.splitn(6, ' ').collect();
    let [day, time, hold, what, who] = words[..5] else { panic!("{line}") };
    let day = DAYS.iter().position(|d| *d == day).unwrap();
    let date = MONDAY.checked_add(jiff::Span::new().days(day as i64)).unwrap();
    let time: jiff::civil::Time = time.parse().unwrap();
    let what = match what {
        "mail" => What::Mail,
        "rewrite" => What::Rewrite,
        "look" => What::Look,
        "does" => What::Does,
        "tries" => What::Tries,
        "replies" => What::Replies,
        "away" => What::Away,
        _ => panic!("{line}"),
    };
    Act {
        at: date.to_datetime(time).to_zoned(berlin()).unwrap().timestamp(),
        hold: hold.to_owned(),
        what,
        who: who.to_owned(),
        how: words.get(5).map(|how| how.trim_start_matches("= ").to_owned()).unwrap_or_default(),
    }
}

pub(crate) fn text(name: &str) -> Text {
    let all = include_str!("mails.txt").split("\n== ").skip(1).map(|section| {
        let (head, words) = section.split_once('\n').unwrap();
        let [name, to, subject] = head.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("{head}")
        };
        let [name, to, subject] = [name, to, subject].map(str::to_owned);
        Text { name, to, subject, words: words.trim_end().to_owned() }
    });
    all.into_iter().find(|text| text.name == name).unwrap_or_else(|| panic!("no text {name}"))
}

/// The address of somebody of the house.
pub(crate) fn address(who: &str) -> String {
    let team = match who {
        "rui" | "ines" | "ana" => "lisboa.",
        "dana" | "tom" | "mary" => "us.",
        _ => "",
    };
    format!("{who}@{team}northwind-hvac.example")
}
