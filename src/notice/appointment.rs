//! A call or a follow-up as a calendar file, on the page and in mails: the same appointment has the
//! same name everywhere, so that a calendar that has it moves it.
//!
//! A calendar is seen by more people than a mailbox: on a shared screen, by colleagues, on servers
//! of others. So a file tells whom to call and the number, marked private; not what about, no
//! subject, no sum, and no link, because whoever has the link can decide
//! (`docs/decisions/calendar-tells-little.md`).

use jiff::SignedDuration;

use super::{
    clean::line,
    text::{After, fill},
};
use crate::{
    calendar::{Event, MAX_TEXT},
    call::Number,
    mail::{HoldId, Timestamp},
};

/// How much time a call is given.
const CALL_MINUTES: u32 = 15;
/// The most numbers in a file.
const MAX_NUMBERS: usize = 3;
/// The most of a name, in characters.
const MAX_NAME: usize = 80;

/// What is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// A call.
    Call,
    /// Something that was promised.
    FollowUp,
}

impl Plan {
    /// The file's name.
    pub(crate) fn file_name(self) -> String {
        format!("{}.ics", self.name())
    }

    fn name(self) -> &'static str {
        match self {
            Plan::Call => "call",
            Plan::FollowUp => "follow-up",
        }
    }
}

/// An appointment to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned<'a> {
    /// Which.
    pub plan: Plan,
    /// When.
    pub at: Timestamp,
    /// Raised when it is moved.
    pub sequence: usize,
    /// Where staff's pages are: it makes the appointment's name ours.
    pub public_url: &'a str,
}

impl Planned<'_> {
    /// Whether it is not over.
    pub(super) fn is_ahead(&self, now: Timestamp) -> bool {
        let lasts = SignedDuration::from_mins(i64::from(CALL_MINUTES));
        self.at.checked_add(lasts).is_ok_and(|end| end > now)
    }

    /// The file, as it is made now.
    pub(crate) fn render(
        &self,
        hold: &HoldId,
        who: &str,
        numbers: &[Number],
        words: &After<'_>,
        now: Timestamp,
    ) -> String {
        let title = match self.plan {
            Plan::Call => words.event_call,
            Plan::FollowUp => words.event_follow_up,
        };
        let numbers = numbers.iter().take(MAX_NUMBERS);
        let numbers: Vec<String> =
            numbers.map(|number| format!("{} ({})", number.national, number.e164)).collect();
        let host = self.public_url.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split(['/', ':']).next().unwrap_or_default();
        Event {
            uid: &format!("{}-{hold}@{host}", self.plan.name()),
            sequence: self.sequence,
            made: now,
            begins: self.at,
            minutes: CALL_MINUTES,
            title: &in_full(title, who),
            text: &numbers.join("\n"),
        }
        .render()
    }
}

/// A title with the name in it. Where both are longer than a calendar shows, it is the name alone.
fn in_full(title: &str, who: &str) -> String {
    let who = line(who, MAX_NAME);
    match fill(title, &[("who", who.clone())]) {
        long if long.chars().count() > MAX_TEXT => who,
        title => title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_whom_to_call_however_long_the_words_around_are() {
        assert_eq!(in_full("Call {who}", "Kim Hall"), "Call Kim Hall");
        let long = format!("{} {{who}}", "please call back ".repeat(20));
        assert_eq!(in_full(&long, "Kim Hall"), "Kim Hall");
        let endless = "Kim".repeat(100);
        assert!(in_full(&long, &endless).chars().count() < 100);
    }
}
