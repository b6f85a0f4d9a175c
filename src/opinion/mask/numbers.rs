//! Addresses, links, accounts, telephone, order and other long numbers in a sentence.

use std::ops::Range;

use super::{
    Kind,
    chunks::{Chunk, digits},
    words,
};

/// Digits that tell a case from another; fewer are a quantity, a year or a room.
const LONG: usize = 5;
/// Digits of a telephone number; a longer number in several pieces is one too.
const PHONE: usize = 7;
/// Digits behind "order no." or within "RMA-123".
const LABELLED: usize = 3;
/// Words before a number that may say what it is: "order number is".
const LABEL_WORDS: usize = 3;

/// What is to be masked.
#[derive(Debug, PartialEq)]
pub(super) struct Hit {
    pub(super) kind: Kind,
    pub(super) chunks: Range<usize>,
    /// The same for the same number however it is spaced.
    pub(super) key: String,
}

/// Finds them, in order, none of them touching another.
pub(super) fn find(chunks: &[Chunk<'_>]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut at = 0;
    while let Some(chunk) = chunks.get(at) {
        let hit = one(chunks, at, chunk);
        at = hit.as_ref().map_or(at + 1, |hit| hit.chunks.end);
        hits.extend(hit);
    }
    hits
}

fn one(chunks: &[Chunk<'_>], at: usize, chunk: &Chunk<'_>) -> Option<Hit> {
    if let Some(kind) = address(chunk) {
        return Some(Hit { kind, chunks: at..at + 1, key: chunk.lower() });
    }
    if let Some(end) = iban(chunks, at) {
        return Some(hit(Kind::Iban, chunks, at..end));
    }
    if !chunk.is_number() {
        return is_code(chunk).then(|| hit(Kind::Number, chunks, at..at + 1));
    }
    if stays(chunks, at) {
        return None;
    }
    let end = (at + 1..chunks.len()).find(|next| !goes_on(chunks, *next)).unwrap_or(chunks.len());
    let count: usize = chunks.get(at..end)?.iter().map(|c| digits(c.core)).sum();
    let labelled = count >= LABELLED && is_labelled(chunks, at);
    let grouped = end == at + 1 && is_grouped(chunk.core);
    if !labelled && (count < LONG || grouped) {
        return None;
    }
    let phone = count >= PHONE && (chunk.core.starts_with('0') || chunk.lead.contains(['+', '(']));
    let kind = if phone || calls(chunks, at) { Kind::Phone } else { Kind::Number };
    Some(hit(kind, chunks, at..end))
}

fn hit(kind: Kind, chunks: &[Chunk<'_>], range: Range<usize>) -> Hit {
    let all = chunks.get(range.clone()).unwrap_or_default();
    let marks = all.iter().flat_map(|c| c.core.chars()).filter(|c| c.is_alphanumeric());
    Hit { kind, chunks: range, key: marks.collect::<String>().to_lowercase() }
}

/// A mail address, a web address, a host.
fn address(chunk: &Chunk<'_>) -> Option<Kind> {
    if chunk.core.contains('@') {
        return Some(Kind::Email);
    }
    let host = chunk.core.split('/').next().unwrap_or_default();
    let (_, last) = host.rsplit_once('.').unwrap_or_default();
    let is_host = words::TOP_LEVEL.contains(last.to_lowercase().as_str());
    let link = chunk.core.contains("://") || chunk.core.starts_with("www.") || is_host;
    link.then_some(Kind::Link)
}

/// The chunk behind an IBAN that begins here: `DE12 3456 …`, in one piece or in groups.
fn iban(chunks: &[Chunk<'_>], at: usize) -> Option<usize> {
    let first = chunks.get(at)?.core;
    let mut head = first.chars();
    let country = head.by_ref().take(2).filter(char::is_ascii_uppercase).count() == 2;
    let check = head.take(2).filter(char::is_ascii_digit).count() == 2;
    if !country || !check {
        return None;
    }
    let group = |c: &Chunk<'_>| {
        (1..=4).contains(&c.core.len())
            && c.core.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
    };
    let mut length = first.chars().filter(char::is_ascii_alphanumeric).count();
    let mut end = at + 1;
    while let Some(next) = chunks.get(end).filter(|c| length < IBAN_MOST && group(c)) {
        if chunks.get(end - 1).is_some_and(Chunk::ends_clause) {
            break;
        }
        length += next.core.len();
        end += 1;
    }
    (IBAN_LEAST..=IBAN_MOST + 3).contains(&length).then_some(end)
}

/// Norway's has fifteen.
const IBAN_LEAST: usize = 15;
/// No country's has more (ISO 13616).
const IBAN_MOST: usize = 34;

/// Letters and digits in one word: an order, a claim, a serial number. `15th`, `500kg`, `24h`,
/// `10.000EUR` and `30-day` are none.
fn is_code(chunk: &Chunk<'_>) -> bool {
    let core = chunk.core;
    if digits(core) < LABELLED {
        return false;
    }
    let number = |c: char| c.is_numeric() || ".,-’'".contains(c);
    let unit = core.trim_start_matches(number);
    let amount = core.get(..core.len() - unit.len()).unwrap_or_default();
    let is_unit = !unit.is_empty() && unit.chars().all(char::is_alphabetic);
    let counts = digits(amount) < LONG || is_grouped(amount.trim_end_matches('-'));
    !(is_unit && counts && unit.chars().all(|c| c.is_lowercase()) || is_unit && is_currency(unit))
}

/// Whether a number tells of money, a share, a day or an hour.
fn stays(chunks: &[Chunk<'_>], at: usize) -> bool {
    chunks.get(at).is_some_and(|c| is_date(c.core) || is_time(c.core)) || is_amount(chunks, at)
}

fn is_amount(chunks: &[Chunk<'_>], at: usize) -> bool {
    let Some(chunk) = chunks.get(at) else { return false };
    let sign = |text: &str| text.contains(['€', '$', '£', '¥', '%']);
    // "1 200,50 €": the groups of one amount. More than three are no amount.
    let begin = (at.saturating_sub(2)..at).rev().take_while(|i| grouped_by_space(chunks, *i + 1));
    let begin = begin.last().unwrap_or(at);
    let behind = (at + 1..chunks.len()).take(2).take_while(|i| grouped_by_space(chunks, *i));
    let end = behind.last().unwrap_or(at);
    let (Some(first), Some(last)) = (chunks.get(begin), chunks.get(end)) else { return false };
    let word = |c: Option<&Chunk<'_>>| c.is_some_and(|c| is_currency(c.core) || sign_alone(c));
    let before = begin.checked_sub(1).and_then(|i| chunks.get(i));
    let after = chunks.get(end + 1).filter(|_| !last.ends_clause());
    let money = sign(first.lead) || sign(last.trail) || word(before) || word(after);
    let whole = !chunk.core.contains(['/', '-', ':', '(', ')']);
    // No invoice here has more than nine digits before the comma.
    money && whole && digits(chunk.core) <= 11
}

/// Whether a chunk is the next three digits of the number before it.
fn grouped_by_space(chunks: &[Chunk<'_>], at: usize) -> bool {
    let three = |c: &Chunk<'_>| {
        c.is_number() && c.core.split([',', '.']).next().is_some_and(|g| digits(g) == 3)
    };
    let before = at.checked_sub(1).and_then(|i| chunks.get(i));
    let goes_on = before.is_some_and(|c| {
        c.is_number() && c.trail.is_empty() && digits(c.core) <= 3 && !c.core.starts_with('0')
    });
    goes_on && chunks.get(at).is_some_and(|c| three(c) && c.lead.is_empty())
}

fn sign_alone(chunk: &Chunk<'_>) -> bool {
    chunk.core.is_empty() && chunk.lead.contains(['€', '$', '£', '¥', '%'])
}

fn is_currency(word: &str) -> bool {
    words::CURRENCIES.contains(word.to_lowercase().as_str())
}

/// Three groups of a day, a month and a year: `17.11.2026`, `2026-11-17`, `3/9/26`.
fn is_date(core: &str) -> bool {
    let groups: Vec<&str> = core.split(['.', '/', '-']).collect();
    let [a, b, c] = groups.as_slice() else {
        return matches!(groups.as_slice(), [a, b] if is_day(a) && is_day(b) && core.contains(['.', '/']));
    };
    let ends = if c.len() == 4 { (a, c) } else { (c, a) };
    let year = ends.1.len() == 4 && ends.1.starts_with(['1', '2'])
        || ends.1.len() == 2 && c.len() == 2 && core.contains(['.', '/']);
    let day = if ends.1.len() == 4 { ends.0 } else { a };
    year && is_day(day) && is_day(b) && (c.len() != 4 || is_day(a))
}

fn is_day(group: &str) -> bool {
    group.len() <= 2 && group.parse::<u8>().is_ok_and(|n| (1..=31).contains(&n))
}

/// `14:30`, with seconds or without.
fn is_time(core: &str) -> bool {
    let groups: Vec<&str> = core.split(':').collect();
    let two = |g: &&str| g.len() <= 2 && g.parse::<u8>().is_ok_and(|n| n < 60);
    (2..=3).contains(&groups.len()) && groups.iter().all(two)
}

/// One quantity with its thousands set apart: `10,000`, `10.000`.
fn is_grouped(core: &str) -> bool {
    let groups: Vec<&str> = core.split([',', '.', '’', '\'']).collect();
    matches!(groups.as_slice(), [a, b] if (1..=3).contains(&a.len()) && b.len() == 3)
}

/// Whether a number goes on from the chunk before: nothing but white space, a bracket, a hyphen or
/// a stroke between them.
fn goes_on(chunks: &[Chunk<'_>], at: usize) -> bool {
    let Some(chunk) = chunks.get(at) else { return false };
    let before = at.checked_sub(1).and_then(|i| chunks.get(i));
    let joins = before.is_none_or(|c| !c.ends_clause() || c.core.is_empty());
    let lone = chunk.core.is_empty() && matches!(chunk.lead, "/" | "-" | "–");
    let number_behind = || chunks.get(at + 1).is_some_and(Chunk::is_number);
    joins && (chunk.is_number() && !stays(chunks, at) || lone && number_behind())
}

/// Whether the words before say that it is somebody's number: "order 4711", "#4711".
fn is_labelled(chunks: &[Chunk<'_>], at: usize) -> bool {
    let Some(chunk) = chunks.get(at) else { return false };
    let year = chunk.core.len() == 4 && ["19", "20"].iter().any(|c| chunk.core.starts_with(c));
    let before = chunks.get(at.saturating_sub(LABEL_WORDS)..at).unwrap_or_default();
    let mut before = before.iter().rev().filter(|c| !c.core.is_empty());
    let is = |list: &words::List, c: &Chunk<'_>| list.contains(c.lower().as_str());
    chunk.lead.contains('#')
        || before.clone().any(|c| is(&words::NUMBER_WORDS, c))
        || !year && before.next().is_some_and(|c| is(&words::CASES, c))
}

/// Whether the word before says that it is a telephone's.
fn calls(chunks: &[Chunk<'_>], at: usize) -> bool {
    let before = chunks.get(at.saturating_sub(LABEL_WORDS)..at).unwrap_or_default();
    before.iter().any(|c| words::TELEPHONES.contains(c.lower().as_str()))
}
