//! Days and hours as people say them, in the reader's language and zone.

use jiff::{civil::Date, tz::TimeZone};

use super::text::{After, Texts};
use crate::mail::Timestamp;

/// "Tuesday 24 November at 14:30".
pub(crate) fn say(at: Timestamp, zone: &TimeZone, texts: &Texts) -> String {
    let at = at.to_zoned(zone.clone());
    let [weekday, day, month] = fields(at.date(), texts);
    let time = ("time", format!("{:02}:{:02}", at.hour(), at.minute()));
    super::text::fill(texts.when, &[weekday, day, month, time])
}

/// "Tuesday 24 November".
pub(crate) fn say_day(day: Date, texts: &Texts, after: &After) -> String {
    super::text::fill(after.day, &fields(day, texts))
}

fn fields(day: Date, texts: &Texts) -> [(&'static str, String); 3] {
    let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
    let month = usize::try_from(day.month()).unwrap_or(1).saturating_sub(1);
    [
        ("weekday", texts.weekdays.get(weekday).copied().unwrap_or_default().to_owned()),
        ("day", day.day().to_string()),
        ("month", texts.months.get(month).copied().unwrap_or_default().to_owned()),
    ]
}
