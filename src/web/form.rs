//! From a form's fields to an outcome, or to a kind word about what is missing.
//!
//! Every form needs something that the page does not fill in: a number chosen, a time, a tick, a
//! reason. A machine that presses all buttons decides nothing.

use jiff::{Span, Zoned, civil::DateTime, tz::TimeZone};
use serde::Deserialize;

use super::asking::Asking;
use crate::{
    call::{CallSheet, Number},
    hold::Outcome,
    mail::Timestamp,
};

/// Lengths kept of what was typed, in characters.
const MAX_SHORT: usize = 120;
const MAX_LONG: usize = 2_000;

/// The fields of every form of the page; absent ones are empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct HoldForm {
    /// Which form: `called`, `no_answer`, `call_back`, `wrong_number`, `withdraw`, `anew`,
    /// `false_alarm`, `send_anyway`, `promise`, `hand_over`, `agree`, `decline`, `drop`,
    /// `take_back`.
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
    pub(super) remedy: String,
    pub(super) amount: String,
    /// `2026-12-01`
    pub(super) follow_up: String,
    pub(super) accountable: String,
    pub(super) cause: String,
    /// `kept`, `at_risk`, `lost`.
    pub(super) mood: String,
    /// `yes`, `no`.
    pub(super) justified: String,
    /// When the proposal was made that `agree` and `decline` answer, in microseconds.
    pub(super) asked: String,
    /// Whom it is handed over to.
    pub(super) to: String,
    /// `done`, `another_day`, `dropped`.
    pub(super) promise: String,
}

/// What is missing, said to the person in the page's language, and at which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) field: &'static str,
    pub(super) text: &'static str,
}

pub(super) fn missing(field: &'static str, text: &'static str) -> Missing {
    Missing { field, text }
}

impl HoldForm {
    /// The outcome that was chosen.
    pub(super) fn outcome(&self, asking: &Asking<'_>) -> Result<Outcome, Missing> {
        let Asking { call, now, zone, after, .. } = asking;
        let asked = &asking.words.missing;
        match self.action.as_str() {
            "called" => self.called(asking),
            "no_answer" => Ok(Outcome::NoAnswer {
                number: self.number(call),
                remind_at: self.remind_at(asking)?,
            }),
            "wrong_number" => match self.number(call) {
                empty if empty.is_empty() => Err(missing("number", after.missing_number)),
                number => Ok(Outcome::WrongNumber { number }),
            },
            "call_back" => Ok(Outcome::CallBack {
                number: self.number(call),
                at: self
                    .moment(zone)
                    .filter(|at| at > now)
                    .ok_or(missing("at", after.missing_back))?,
            }),
            "anew" => {
                self.ticked(after.missing_anew)?;
                Ok(Outcome::Rewritten { note: self.note(), until: asking.new_text_until })
            }
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

    fn called(&self, asking: &Asking<'_>) -> Result<Outcome, Missing> {
        let Asking { call, words, .. } = asking;
        let send = match self.then.as_str() {
            "send" => true,
            "dont_send" => false,
            _ => return Err(missing("then", words.missing.then)),
        };
        let (number, person) = (self.number(call), text(&self.person, MAX_SHORT));
        if number.is_empty() && person.is_empty() {
            return Err(missing("number", words.missing.whom));
        }
        let report = Box::new(self.report(asking)?);
        Ok(Outcome::Called { send, person, number, note: self.note(), report })
    }

    /// A number of the sheet, chosen or typed in any of its forms, else what was typed; a chosen
    /// value that the page does not offer is nothing.
    fn number(&self, call: &CallSheet) -> String {
        let typed = text(&self.other_number, MAX_SHORT);
        let chosen = call.numbers.iter().find(|n| n.e164 == self.number);
        match chosen.or_else(|| call.numbers.iter().find(|n| is_same(n, &typed))) {
            Some(number) => number.e164.clone(),
            None => typed,
        }
    }

    fn note(&self) -> String {
        text(&self.note, MAX_LONG)
    }

    fn ticked(&self, asked: &'static str) -> Result<(), Missing> {
        if self.sure == "yes" { Ok(()) } else { Err(missing("sure", asked)) }
    }

    /// When to remind: ahead, and before the mail's time runs out.
    fn remind_at(&self, asking: &Asking<'_>) -> Result<Timestamp, Missing> {
        let Asking { now, zone, ends_at, .. } = *asking;
        let asked = &asking.words.missing;
        let local = now.to_zoned(zone.clone());
        let at = match self.when.as_str() {
            "hour" => local.checked_add(Span::new().hours(1)).ok(),
            "afternoon" => afternoon(&local),
            "tomorrow" => tomorrow(&local),
            "at" => self.moment(zone).map(|at| at.to_zoned(zone.clone())),
            _ => return Err(missing("when", asked.when)),
        };
        let at = at.map(|at| at.timestamp()).filter(|at| *at > now);
        let at = at.ok_or(missing("at", asked.past))?;
        match ends_at.is_some_and(|end| at >= end) {
            true => Err(missing("at", asked.after_expiry)),
            false => Ok(at),
        }
    }

    /// The day and time that was typed.
    fn moment(&self, zone: &TimeZone) -> Option<Timestamp> {
        let typed = self.at.parse::<DateTime>().ok()?;
        Some(typed.to_zoned(zone.clone()).ok()?.timestamp())
    }
}

/// Whether a typed number is this one: as it is shown, or with its country's code, however the
/// digits are grouped.
fn is_same(number: &Number, typed: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let typed = digits(typed);
    let abroad = digits(&number.e164);
    !typed.is_empty()
        && (typed == digits(&number.national)
            || typed.strip_prefix("00").unwrap_or(&typed) == abroad)
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
pub(super) fn text(typed: &str, most: usize) -> String {
    let clean = typed.replace("\r\n", "\n");
    let clean = clean.chars().filter(|c| !c.is_control() || *c == '\n').take(most);
    clean.collect::<String>().trim().to_owned()
}
