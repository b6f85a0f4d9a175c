//! Numbers in a text, each with what the words beside it say it is.
//!
//! The numbering plans know which digits may be a telephone number; only the words around tell an
//! order number of ten digits from one. Dates, IBANs, card and order numbers are refused here.

use super::labels::{Label, label};
use crate::call::region;
use rlibphonenumber::{
    PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region,
    phonenumber_matcher::{FindNumberExt, Leniency},
};

/// Lines looked at in one text; with the length of a line the bound on work.
const MAX_LINES: usize = 400;
/// Never reached in a line of bounded length: rlibphonenumber 2.2.15 subtracts below zero where
/// its tries run out.
const MAX_TRIES: u64 = u32::MAX as u64;
/// A longer line is prose without breaks; it is read up to here.
const MAX_LINE_OCTETS: usize = 2_000;
/// A telephone number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// With country code, digits only.
    pub(super) e164: String,
    /// As people of its country write it.
    pub(super) national: String,
    /// What it is said to be.
    pub(super) label: Label,
    /// Where it begins in its text.
    pub(super) at: usize,
    /// Where it ends there.
    pub(super) end: usize,
    /// Nothing says that it is a telephone number, and other numbers are grouped so too.
    pub(super) bare: bool,
    /// Nor is it grouped at all.
    pub(super) run: bool,
    /// Whoever calls pays nothing, or the callee earns: a service of some company, never a private line.
    pub(super) service: bool,
    /// Of a mobile, by the numbering plan; where that does not tell, it is not.
    pub(super) mobile: bool,
}

impl Candidate {
    /// Whether somebody will answer there.
    pub(super) fn is_telephone(&self) -> bool {
        self.label != Label::Machine
    }
}

/// The numbers of a text in order. Numbers without country code belong to `region`.
pub(super) fn in_text(text: &str, region: Region) -> Vec<Candidate> {
    let lines = text.lines().take(MAX_LINES).map(bounded);
    lines
        .flat_map(|line| in_line(line, region::named_before_digits(line).unwrap_or(region)))
        .collect()
}

fn bounded(line: &str) -> &str {
    let mut end = line.len().min(MAX_LINE_OCTETS);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).unwrap_or_default()
}

fn in_line(line: &str, region: Region) -> Vec<Candidate> {
    if line.chars().filter(char::is_ascii_digit).count() < 6 {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut behind = 0;
    let matches = line
        .phone_number_matcher_builder()
        .leniency(Leniency::Valid)
        .preferred_region(region)
        .max_tries(MAX_TRIES)
        .build();
    for hit in matches {
        let before = line.get(behind..hit.start).unwrap_or_default();
        let after = line.get(hit.end()..).unwrap_or_default();
        behind = hit.end();
        if is_part_of_something(before, after) || is_date(hit.raw_string) {
            continue;
        }
        let said = label(before, after);
        let Some(label) = said.unwrap_or(Some(Label::None)) else { continue };
        let kind = PHONE_NUMBER_UTIL.get_number_type(&hit.number);
        let written = |format| PHONE_NUMBER_UTIL.format(&hit.number, format).into_owned();
        let national = written(PhoneNumberFormat::National);
        let groups = groups(hit.raw_string);
        let bare = said.is_none() && !looks_like_a_telephone_number(hit.raw_string, &groups);
        let run = bare
            && !is_grouped(&groups)
            && (groups.len() == 1 || groups != self::groups(&national));
        let mobile = is_mobile(kind);
        // Of ten digits in a row only those of a mobile may be a number without a label.
        if run && !(mobile && groups.len() == 1) {
            continue;
        }
        found.push(Candidate {
            e164: written(PhoneNumberFormat::E164),
            national,
            label,
            at: hit.start,
            end: hit.end(),
            bare,
            run,
            service: is_service(kind),
            mobile,
        });
    }
    found
}

/// An amount, an address, a link, a longer code: `€1200`, `#4711`, `tel4711@x`, `DE12 3456…`.
fn is_part_of_something(before: &str, after: &str) -> bool {
    let touches_before = before
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || "#$€£@/\\_=&%-".contains(c));
    let touches_after =
        after.chars().next().is_some_and(|c| c.is_alphanumeric() || "@%€$£_=".contains(c));
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    touches_before || touches_after || word.contains("://") || iban_begins(before)
}

/// Whether the words before end in `DE12` or `GB29 NWBK`: a number behind it is an account.
fn iban_begins(before: &str) -> bool {
    before.split_whitespace().rev().take(7).any(|word| {
        let mut octets = word.bytes();
        let mut next = || octets.next().unwrap_or(b' ');
        next().is_ascii_uppercase()
            && next().is_ascii_uppercase()
            && next().is_ascii_digit()
            && next().is_ascii_digit()
    })
}

/// `17.11.2026`, `2026-11-17`: three groups that may be a day, a month and a year.
fn is_date(raw: &str) -> bool {
    let groups: Vec<&str> =
        raw.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let day = |group: &str| group.len() <= 2 && matches!(group.parse(), Ok(1..=31_u16));
    let year = |group: &str| match group.len() {
        2 => true,
        4 => matches!(group.parse(), Ok(1900..=2199_u16)),
        _ => false,
    };
    let spaced = raw.starts_with('+') || raw.starts_with('(');
    let dated = match groups.as_slice() {
        // A time behind makes it no other: "07.12.2026 08.30".
        [one, two, three, ..] if day(one) && day(two) && year(three) && three.len() == 4 => {
            return !spaced;
        }
        [one, two, three, ..] if day(one) && day(two) && year(three) => true,
        [one, two, three] => year(one) && one.len() == 4 && day(two) && day(three),
        _ => false,
    };
    dated && !spaced && !(raw.starts_with('0') && groups.len() >= 4)
}

/// How many digits each group of a number has, its extension left out.
fn groups(raw: &str) -> Vec<usize> {
    let raw = raw.trim();
    let end = raw.find(|c: char| c.is_alphabetic() || "#;,".contains(c)).unwrap_or(raw.len());
    let number = raw.get(..end).unwrap_or_default();
    number.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).map(str::len).collect()
}

fn is_mobile(kind: PhoneNumberType) -> bool {
    kind == PhoneNumberType::Mobile
}

fn is_service(kind: PhoneNumberType) -> bool {
    matches!(
        kind,
        PhoneNumberType::TollFree
            | PhoneNumberType::SharedCost
            | PhoneNumberType::PremiumRate
            | PhoneNumberType::UAN
    )
}

/// Bare digits may be anything; people who give a telephone number group it, and begin with the
/// trunk zero, an area code in brackets or `+`.
fn looks_like_a_telephone_number(raw: &str, groups: &[usize]) -> bool {
    let raw = raw.trim();
    let american = matches!(groups, [3, 3, 4] | [1, 3, 3, 4]);
    raw.starts_with('+')
        || (groups.len() > 1 && (raw.starts_with('(') || raw.starts_with('0') || american))
}

/// Countries without a trunk zero group all their digits: `612 345 678`, `333 8127746`.
fn is_grouped(groups: &[usize]) -> bool {
    matches!(
        groups,
        [2 | 3, 2 | 3, 2 | 3, 2 | 3]
            | [2 | 3, 2 | 3, 2..=4]
            | [3, 6 | 7]
            | [3, 2, 2, 2, 2]
            | [2, 4 | 5, 4]
    )
}
