//! Numbers in a text, each with what the words beside it say it is.
//!
//! The numbering plans know which digits may be a telephone number; only the words around tell an
//! order number of ten digits from one. Dates, IBANs, card and order numbers are refused here.

use super::labels::{Label, label};
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
    /// Of a mobile, by the numbering plan; where that does not tell, it is not.
    pub(super) mobile: bool,
}

impl Candidate {
    /// Whether somebody will answer there.
    pub(super) fn is_telephone(&self) -> bool {
        self.label != Label::Fax
    }
}

/// The numbers of a text in order. Numbers without country code belong to `region`.
pub(super) fn in_text(text: &str, region: Region) -> Vec<Candidate> {
    text.lines().take(MAX_LINES).flat_map(|line| in_line(bounded(line), region)).collect()
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
        let shaped = looks_like_a_telephone_number(hit.raw_string);
        let bare = said.is_none() && !shaped;
        if bare && !is_grouped(hit.raw_string) {
            continue;
        }
        let Some(label) = said.unwrap_or(Some(Label::None)) else { continue };
        let kind = PHONE_NUMBER_UTIL.get_number_type(&hit.number);
        let written = |format| PHONE_NUMBER_UTIL.format(&hit.number, format).into_owned();
        found.push(Candidate {
            e164: written(PhoneNumberFormat::E164),
            national: written(PhoneNumberFormat::National),
            label,
            at: hit.start,
            end: hit.end(),
            bare,
            mobile: kind == PhoneNumberType::Mobile,
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

/// `17.11.2026`, `2026-11-17`: three groups of the lengths of a date.
fn is_date(raw: &str) -> bool {
    let groups: Vec<usize> =
        raw.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).map(str::len).collect();
    let spaced = raw.starts_with('+') || raw.starts_with('(');
    !spaced
        && matches!(groups.as_slice(), [1 | 2, 1 | 2, 2 | 4, ..] | [4, 1 | 2, 1 | 2])
        && !(raw.starts_with('0') && groups.len() >= 4)
}

/// Bare digits may be anything; people who give a telephone number group it, and begin with the
/// trunk zero, an area code in brackets or `+`.
fn looks_like_a_telephone_number(raw: &str) -> bool {
    let raw = raw.trim();
    let groups: Vec<usize> =
        raw.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).map(str::len).collect();
    let american = matches!(groups.as_slice(), [3, 3, 4] | [1, 3, 3, 4]);
    raw.starts_with('+')
        || (groups.len() > 1 && (raw.starts_with('(') || raw.starts_with('0') || american))
}

/// Countries without a trunk zero group all their digits: `612 345 678`, `333 8127746`.
fn is_grouped(raw: &str) -> bool {
    let groups: Vec<usize> =
        raw.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).map(str::len).collect();
    matches!(
        groups.as_slice(),
        [2 | 3, 2 | 3, 2 | 3, 2 | 3] | [2 | 3, 2 | 3, 2..=4] | [3, 6 | 7] | [3, 2, 2, 2, 2]
    )
}
