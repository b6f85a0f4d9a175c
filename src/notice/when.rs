//! Days and hours as people say them, in the reader's language and zone.

use jiff::tz::TimeZone;

use super::text::Texts;
use crate::mail::Timestamp;

/// "Tuesday 24 November at 14:30".
pub(crate) fn say(at: Timestamp, zone: &TimeZone, texts: &Texts) -> String {
    let at = at.to_zoned(zone.clone());
    let weekday = usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or_default();
    let month = usize::try_from(at.month()).unwrap_or(1).saturating_sub(1);
    let fields = [
        ("weekday", texts.weekdays.get(weekday).copied().unwrap_or_default().to_owned()),
        ("day", at.day().to_string()),
        ("month", texts.months.get(month).copied().unwrap_or_default().to_owned()),
        ("time", format!("{:02}:{:02}", at.hour(), at.minute())),
    ];
    super::text::fill(texts.when, &fields)
}
