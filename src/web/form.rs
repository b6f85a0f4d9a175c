//! From a form's fields to an outcome, or to a kind word about what is missing.
//!
//! Every form needs something that the page does not fill in: a number chosen, a time, a tick, a
//! reason. A machine that presses all buttons decides nothing.

use jiff::{Span, Zoned, civil::DateTime, tz::TimeZone};
use serde::Deserialize;

use super::text::Words;
use crate::{call::CallSheet, hold::Outcome, mail::Timestamp};

/// Lengths kept of what was typed, in characters.
const MAX_SHORT: usize = 120;
const MAX_LONG: usize = 2_000;

/// The fields of every form of the page; absent ones are empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct HoldForm {
    /// Which form: `called`, `no_answer`, `withdraw`, `false_alarm`, `send_anyway`.
    pub(super) action: String,
    pub(super) nonce: String,
    /// Which button of `called`: `send`, `dont_send`.
    pub(super) then: String,
    /// A number of the sheet in E.164, or `other`.
    pub(super) number: String,
    pub(super) other_number: String,
    pub(super) person: String,
    pub(super) note: String,
    /// `hour`, `afternoon`, `tomorrow`, `at`.
    pub(super) when: String,
    /// `2026-11-24T15:00`, in the organisation's zone.
    pub(super) at: String,
    /// The tick of `withdraw` and `false_alarm`.
    pub(super) sure: String,
    pub(super) reason: String,
}

/// What is missing, said to the person in the page's language, and at which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) field: &'static str,
    pub(super) text: &'static str,
}

fn missing(field: &'static str, text: &'static str) -> Missing {
    Missing { field, text }
}

impl HoldForm {
    /// The outcome that was chosen.
    pub(super) fn outcome(
        &self,
        call: &CallSheet,
        now: Timestamp,
        zone: &TimeZone,
        words: &Words,
    ) -> Result<Outcome, Missing> {
        let asked = &words.missing;
        match self.action.as_str() {
            "called" => self.called(call, words),
            "no_answer" => Ok(Outcome::NoAnswer {
                number: self.number(call),
                remind_at: self.remind_at(now, zone, words)?,
            }),
            "withdraw" => {
                self.ticked(asked.tick_take_back)?;
                Ok(Outcome::Withdrawn { note: self.note() })
            }
            "false_alarm" => {
                self.ticked(asked.tick_good_news)?;
                Ok(Outcome::FalseAlarm { note: self.note() })
            }
            "send_anyway" => Ok(Outcome::SendAnyway { reason: text(&self.reason, MAX_LONG) }),
            _ => Err(missing("action", asked.choice)),
        }
    }

    fn called(&self, call: &CallSheet, words: &Words) -> Result<Outcome, Missing> {
        let send = match self.then.as_str() {
            "send" => true,
            "dont_send" => false,
            _ => return Err(missing("then", words.missing.then)),
        };
        let (number, person) = (self.number(call), text(&self.person, MAX_SHORT));
        if number.is_empty() && person.is_empty() {
            return Err(missing("number", words.missing.whom));
        }
        Ok(Outcome::Called { send, person, number, note: self.note() })
    }

    /// A number of the sheet, else what was typed; a chosen value that the page does not offer is
    /// nothing.
    fn number(&self, call: &CallSheet) -> String {
        match call.numbers.iter().find(|n| n.e164 == self.number) {
            Some(number) => number.e164.clone(),
            None => text(&self.other_number, MAX_SHORT),
        }
    }

    fn note(&self) -> String {
        text(&self.note, MAX_LONG)
    }

    fn ticked(&self, asked: &'static str) -> Result<(), Missing> {
        if self.sure == "yes" { Ok(()) } else { Err(missing("sure", asked)) }
    }

    fn remind_at(
        &self,
        now: Timestamp,
        zone: &TimeZone,
        words: &Words,
    ) -> Result<Timestamp, Missing> {
        let local = now.to_zoned(zone.clone());
        let at = match self.when.as_str() {
            "hour" => local.checked_add(Span::new().hours(1)).ok(),
            "afternoon" => afternoon(&local),
            "tomorrow" => tomorrow(&local),
            "at" => self.at.parse::<DateTime>().ok().and_then(|d| d.to_zoned(zone.clone()).ok()),
            _ => return Err(missing("when", words.missing.when)),
        };
        at.map(|at| at.timestamp()).filter(|at| *at > now).ok_or(missing("at", words.missing.past))
    }
}

/// Three o'clock today, unless it is nearly past.
pub(super) fn afternoon(now: &Zoned) -> Option<Zoned> {
    let three = now.date().at(15, 0, 0, 0).to_zoned(now.time_zone().clone()).ok()?;
    (now.checked_add(Span::new().minutes(30)).ok()? < three).then_some(three)
}

/// Nine o'clock tomorrow.
fn tomorrow(now: &Zoned) -> Option<Zoned> {
    now.date().tomorrow().ok()?.at(9, 0, 0, 0).to_zoned(now.time_zone().clone()).ok()
}

/// What was typed, without controls but line breaks, cut.
fn text(typed: &str, most: usize) -> String {
    let clean = typed.replace("\r\n", "\n");
    let clean = clean.chars().filter(|c| !c.is_control() || *c == '\n').take(most);
    clean.collect::<String>().trim().to_owned()
}
