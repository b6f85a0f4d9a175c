//! One appointment as an iCalendar file: RFC 5545 §3.1 (lines, folding), §3.3.11 (escaping), §3.6.1.
//!
//! Times are UTC, so no time zone needs to be described. `CLASS:PRIVATE` asks the calendar to show
//! others no more than that the time is taken. There is no METHOD: the file schedules nothing with
//! anybody, and `PUBLISH` would need an ORGANIZER (RFC 5546 §3.2.1).

use jiff::Timestamp;

/// What such a file is served as.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// RFC 5545 §3.1: no line is longer, its end not counted.
const MAX_LINE_OCTETS: usize = 75;
/// The most of one text, in characters; what is longer is cut.
pub const MAX_TEXT: usize = 200;

/// An appointment.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// The same for the same appointment, at every download: a calendar that has it moves it.
    pub uid: &'a str,
    /// Raised when it is moved.
    pub sequence: usize,
    /// When the file was made.
    pub made: Timestamp,
    /// When it begins.
    pub begins: Timestamp,
    /// How long it takes.
    pub minutes: u32,
    /// Its title.
    pub title: &'a str,
    /// What else is told; may be empty.
    pub text: &'a str,
}

impl Event<'_> {
    /// The file's text, CRLF lines.
    pub fn render(&self) -> String {
        let mut out = String::new();
        for (name, value) in [("BEGIN", "VCALENDAR"), ("VERSION", "2.0")] {
            line(&mut out, name, value);
        }
        line(&mut out, "PRODID", "-//callfirst//callfirst//EN");
        line(&mut out, "BEGIN", "VEVENT");
        line(&mut out, "UID", &escaped(self.uid));
        line(&mut out, "SEQUENCE", &self.sequence.to_string());
        line(&mut out, "DTSTAMP", &utc(self.made));
        line(&mut out, "DTSTART", &utc(self.begins));
        line(&mut out, "DURATION", &format!("PT{}M", self.minutes));
        line(&mut out, "SUMMARY", &escaped(self.title));
        if !self.text.is_empty() {
            line(&mut out, "DESCRIPTION", &escaped(self.text));
        }
        line(&mut out, "CLASS", "PRIVATE");
        line(&mut out, "END", "VEVENT");
        line(&mut out, "END", "VCALENDAR");
        out
    }
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// TEXT: backslash, semicolon, comma and line break are escaped; other controls are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(MAX_TEXT) {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line; a long one goes on behind CRLF and a blank, never within a character.
fn line(out: &mut String, name: &str, value: &str) {
    let mut octets = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if octets + c.len_utf8() > MAX_LINE_OCTETS {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event<'a>(title: &'a str, text: &'a str) -> Event<'a> {
        Event {
            uid: "call-0193@callfirst.example",
            sequence: 2,
            made: "2026-11-24T15:20:00Z".parse().unwrap(),
            begins: "2026-11-25T15:00:00Z".parse().unwrap(),
            minutes: 15,
            title,
            text,
        }
    }

    #[test]
    fn an_appointment_is_written_as_the_rfc_has_it() {
        let file = event("Call Susan Hall", "(512) 478-0143").render();
        assert_eq!(
            file,
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//callfirst//callfirst//EN\r\n\
             BEGIN:VEVENT\r\nUID:call-0193@callfirst.example\r\nSEQUENCE:2\r\n\
             DTSTAMP:20261124T152000Z\r\nDTSTART:20261125T150000Z\r\nDURATION:PT15M\r\n\
             SUMMARY:Call Susan Hall\r\nDESCRIPTION:(512) 478-0143\r\nCLASS:PRIVATE\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n"
        );
    }

    #[test]
    fn a_name_writes_no_lines_of_its_own() {
        let file = event("Call Hall, Susan; \\o/\r\nATTENDEE:mailto:x@evil.example", "").render();
        assert!(file.contains("SUMMARY:Call Hall\\, Susan\\; \\\\o/\\nATTENDEE"), "{file}");
        assert!(!file.contains("\r\nATTENDEE") && !file.contains("DESCRIPTION"));
    }

    #[test]
    fn long_lines_are_folded_between_characters_and_unfold_to_what_they_were() {
        for title in ["Ä".repeat(120), "😀".repeat(60), "x".repeat(200)] {
            let file = event(&title, "").render();
            assert!(file.split("\r\n").all(|line| line.len() <= 75), "{file}");
            assert!(file.replace("\r\n ", "").contains(&format!("SUMMARY:{title}\r\n")));
        }
    }
}
