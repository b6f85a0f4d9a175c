//! What came of a call, from the folded part of its form: nothing of it needs to be there.

use super::{
    asking::Asking,
    form::{HoldForm, Missing, missing, text},
};
use crate::{
    hold::{Amount, CallReport, FollowUp, Mood},
    release::{MAX_FOLLOW_UP_DAYS, Word},
};

/// Lengths kept of what was typed, in characters.
const MAX_REMEDY: usize = 160;
const MAX_SHORT: usize = 120;
const MAX_WORD: usize = 500;

impl HoldForm {
    /// What came of the call.
    pub(super) fn report<'a>(&self, asking: &Asking<'a>) -> Result<CallReport, Missing<'a>> {
        let amount = match self.amount.trim() {
            "" => None,
            typed => {
                let read = Amount::parse(typed);
                Some(read.ok_or(missing("amount", asking.after.missing_amount))?)
            }
        };
        Ok(CallReport {
            remedy: text(&self.remedy, MAX_REMEDY).replace('\n', " "),
            amount,
            follow_up: match self.follow_up.trim() {
                "" => None,
                day => Some(day_of(day, asking)?),
            },
            accountable: text(&self.accountable, MAX_SHORT).replace('\n', " "),
            // A cause that the page did not offer is none.
            cause: asking.causes.iter().find(|c| **c == self.cause).cloned().unwrap_or_default(),
            mood: Mood::from_text(&self.mood),
            justified: match self.justified.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
        })
    }

    /// What became of the promise, and a word about it.
    pub(super) fn word<'a>(&self, asking: &Asking<'a>) -> Result<(Word, String), Missing<'a>> {
        let word = match self.promise.as_str() {
            "done" => Word::Kept,
            "another_day" => Word::Moved(day_of(self.follow_up.trim(), asking)?),
            "dropped" => Word::Dropped,
            _ => return Err(missing("promise", asking.after.missing_word)),
        };
        Ok((word, text(&self.note, MAX_WORD)))
    }
}

/// A day from today on, within the longest time, and when to remind of it.
fn day_of<'a>(day: &str, asking: &Asking<'a>) -> Result<FollowUp, Missing<'a>> {
    let days = asking.week.days_ahead(asking.now, MAX_FOLLOW_UP_DAYS);
    day.parse()
        .ok()
        .filter(|date| days.is_some_and(|(first, last)| (first..=last).contains(date)))
        .map(|date| FollowUp { date, remind_at: asking.week.reminder_for(date, asking.now) })
        .ok_or(missing("follow_up", asking.after.missing_day))
}
