//! The largest amount of money that a sentence names.
//!
//! Asked for where much money makes more people look, so in doubt it is large: the upper end of a
//! range, a size in words ("2 million", "250k"), and a currency beside a number that does not read.
//! What a mail is quoted with is the strict reading of [`super::amounts`].

use std::ops::Range;

use super::{
    amounts::{CODES, NAMES, SIGNS, numbers},
    pattern::{Word, is_digits, words},
};

/// What words of size multiply by, in seven languages; `k`, `m` and the like also right behind the
/// digits.
const SIZES: [(u64, &[&str]); 3] = [
    (1_000, &["thousand", "k", "tausend", "tsd", "mille", "mila", "mil", "duizend", "td"]),
    (
        1_000_000,
        &[
            "million",
            "millions",
            "m",
            "mm",
            "mn",
            "mln",
            "mio",
            "millionen",
            "millón",
            "millones",
            "milione",
            "milioni",
            "miljoen",
            "miljoenen",
            "milhão",
            "milhões",
        ],
    ),
    (
        1_000_000_000,
        &[
            "billion",
            "billions",
            "bn",
            "mrd",
            "milliarde",
            "milliarden",
            "milliard",
            "milliards",
            "miliardo",
            "miliardi",
            "miljard",
        ],
    ),
];

/// Kronor and their kin: money where the largest amount is sought, too often something else to quote.
const CROWNS: [&str; 7] = ["kr", "sek", "nok", "dkk", "pln", "jpy", "cad"];
/// Names of [`NAMES`] that are no money.
const SHARES: [&str; 3] = ["percent", "prozent", "procent"];
/// Words of size, and "de", that may stand between a number and its currency.
const MAX_BETWEEN: usize = 3;

/// What a word of size multiplies by.
pub(super) fn size(lower: &str) -> Option<u64> {
    SIZES.iter().find(|(_, words)| words.contains(&lower)).map(|(by, _)| *by)
}

/// The largest amount of money in a sentence, cents left out; [`u64::MAX`] where a currency stands
/// beside a number that is too long to read.
pub(super) fn largest(text: &str) -> Option<u64> {
    let words = words(text);
    let mut numbers = numbers(text, &words);
    // "250k" is one word, and a number too long for one is none to quote.
    let is_odd = |at: &usize| words.get(*at).is_some_and(|word| is_odd(word.text));
    numbers.extend((0..words.len()).filter(is_odd).map(|at| at..at + 1));
    let value = |number| value(&Money { text, words: &words, numbers: &numbers }, number);
    numbers.iter().filter_map(value).max()
}

/// A sentence, its words, and which of them are numbers.
struct Money<'t> {
    text: &'t str,
    words: &'t [Word<'t>],
    numbers: &'t [Range<usize>],
}

fn is_odd(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let behind = word.get(digits..).unwrap_or_default().to_lowercase();
    digits > 0 && if behind.is_empty() { !is_digits(word) } else { size(&behind).is_some() }
}

/// What a number is worth, where it is money.
fn value(of: &Money<'_>, number: &Range<usize>) -> Option<u64> {
    let range = of.range(number);
    let behind = of.behind(range.end);
    if !of.is_money(&range, behind.len()) {
        return None;
    }
    let words = of.words.get(number.clone())?;
    let Some(whole) = whole(of.text, words) else { return Some(u64::MAX) };
    let last = &words.last()?.lower;
    let own = size(last.trim_start_matches(|c: char| c.is_ascii_digit()));
    // "1-2 million": the size is meant of both ends.
    let by = own.or_else(|| behind.iter().find_map(|word| size(&word.lower))).unwrap_or(1);
    Some(scaled(of.text, words, whole, by))
}

/// A whole part with its decimals, multiplied.
fn scaled(text: &str, number: &[Word<'_>], whole: u64, by: u64) -> u64 {
    let scaled = whole.saturating_mul(by);
    let Some(digits) = cents(text, number).filter(|_| by > 1) else { return scaled };
    let part = digits.parse::<u64>().unwrap_or_default();
    let tens = if digits.len() == 1 { 10 } else { 100 };
    scaled.saturating_add(by / tens * part)
}

impl<'t> Money<'t> {
    /// The words of a number, with the other end of its range where it has one.
    fn range(&self, number: &Range<usize>) -> Range<usize> {
        let joined = |one: usize, other: usize| {
            let between = self.between(one, other).unwrap_or_default().trim_matches(is_blank);
            matches!(between, "-" | "–" | "—")
        };
        let begin =
            self.numbers.iter().find(|n| n.end == number.start && joined(n.end, number.start));
        let end =
            self.numbers.iter().find(|n| n.start == number.end && joined(number.end, n.start));
        begin.map_or(number.start, |n| n.start)..end.map_or(number.end, |n| n.end)
    }

    /// What stands between the word before the first place and the word at the other.
    fn between(&self, end: usize, start: usize) -> Option<&'t str> {
        let before = self.words.get(end.checked_sub(1)?)?;
        self.text.get(before.span.end..self.words.get(start)?.span.start)
    }

    /// The words of size behind a number, and what joins them with the currency.
    fn behind(&self, end: usize) -> &'t [Word<'t>] {
        let rest = self.words.get(end..).unwrap_or_default();
        let is_size = |(at, word): &(usize, &Word<'_>)| {
            let known =
                matches!(word.lower.as_str(), "de" | "d" | "di") || size(&word.lower).is_some();
            known && self.between(end + at, end + at).is_some_and(is_near)
        };
        let count = rest.iter().enumerate().take(MAX_BETWEEN).take_while(is_size).count();
        rest.get(..count).unwrap_or_default()
    }

    /// Whether a currency stands right before the range, or right behind it and its words of size.
    fn is_money(&self, range: &Range<usize>, sizes: usize) -> bool {
        let end = range.end + sizes;
        let at = |word: Option<&Word<'_>>| word.map(|w| w.span.clone());
        let first = at(self.words.get(range.start)).map_or(0, |span| span.start);
        let last = at(self.words.get(end.saturating_sub(1))).map_or(0, |span| span.end);
        let before = self.text.get(..first).unwrap_or_default().trim_end_matches(is_blank);
        let behind = self.text.get(last..).unwrap_or_default().trim_start_matches(is_joint);
        let near = |place: usize| self.between(place, place).is_some_and(is_near);
        let next = self.words.get(end).filter(|_| near(end));
        if behind.starts_with('%') || next.is_some_and(|w| SHARES.contains(&w.lower.as_str())) {
            return false;
        }
        let sign = |c: Option<char>| c.is_some_and(|c| SIGNS.contains(&c) && c != '%');
        let code = range.start.checked_sub(1).and_then(|at| self.words.get(at));
        // "No 512400 EUR 320": a currency with a number behind it is that one's, unless it hangs on ours.
        let has_number = |at: usize| {
            let rest = self.text.get(at..).unwrap_or_default().trim_start_matches(is_blank);
            rest.starts_with(|c: char| c.is_ascii_digit())
        };
        let hangs = self.text.get(last..).is_some_and(|rest| rest.len() == behind.len());
        let sign_end =
            self.text.len() - behind.len() + behind.chars().next().map_or(0, char::len_utf8);
        sign(before.chars().next_back())
            || sign(behind.chars().next()) && (hangs || !has_number(sign_end))
            || next.is_some_and(|w| is_currency(w) && !(is_code(w) && has_number(w.span.end)))
            || code.is_some_and(|word| is_code(word) && near(range.start))
    }
}

fn is_currency(word: &Word<'_>) -> bool {
    is_code(word) || NAMES.contains(&word.lower.as_str())
}

fn is_code(word: &Word<'_>) -> bool {
    CODES.contains(&word.text) || CROWNS.contains(&word.lower.as_str())
}

fn is_near(between: &str) -> bool {
    between.chars().all(is_joint)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// What may stand between the parts of an amount: blanks, and the marks of "Mio." and "d'euros".
fn is_joint(c: char) -> bool {
    is_blank(c) || matches!(c, '.' | '\'' | '’')
}

/// The decimals of a number: one or two digits behind its last full stop or comma.
fn cents<'t>(text: &str, number: &[Word<'t>]) -> Option<&'t str> {
    let (last, before) = number.split_last()?;
    let mark = before.last().and_then(|word| text.get(word.span.end..last.span.start));
    (mark.is_some_and(|mark| matches!(mark, "." | ",")) && last.text.len() < 3).then_some(last.text)
}

/// The whole part of a number.
fn whole(text: &str, number: &[Word<'_>]) -> Option<u64> {
    let (_, before) = number.split_last()?;
    let whole = if cents(text, number).is_some() { before } else { number };
    let digits = whole.iter().flat_map(|word| word.text.chars().take_while(char::is_ascii_digit));
    digits.collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_amount_is_money_and_whole() {
        for (text, expected) in [
            ("It costs 1.234,50 € more, or US$ 20.", Some(1234)),
            ("$40,000.00 of the $52,300 are not covered.", Some(52300)),
            ("1 250 000 EUR", Some(1_250_000)),
            ("12'500 CHF and 7.50 CHF", Some(12500)),
            ("20,000 % more, um 90000 Prozent", None),
            ("Order 512400 of 14 May", None),
            ("Order 512400, 300 EUR", Some(300)),
            ("Nr. 512400 EUR 320, Auftrag 5124 320 €, No 512400 € 30", Some(320)),
            ("Rechnung vom 14.05.2026 EUR 480, ab 2026 150 € mehr", Some(480)),
            ("On 3-12-2026 we take 20 m for 80 kr", Some(80)),
        ] {
            assert_eq!(largest(text), expected, "{text}");
        }
    }

    #[test]
    fn a_size_in_words_counts_in_every_language() {
        for (text, expected) in [
            ("We cannot pay the €2 million.", 2_000_000),
            ("€1.5 million", 1_500_000),
            ("€2m, 250k EUR", 2_000_000),
            ("250k EUR", 250_000),
            ("2 Mio. € Schaden, 30 Tausend Euro", 2_000_000),
            ("3,25 Millionen Euro", 3_250_000),
            ("2 millions d’euros", 2_000_000),
            ("300 mille euro", 300_000),
            ("dos cosas: 4 millones de euros", 4_000_000),
            ("5 milhões de euros", 5_000_000),
            ("1,2 miljoen euro", 1_200_000),
            ("2.000.000 kr", 2_000_000),
            ("£1bn", 1_000_000_000),
        ] {
            assert_eq!(largest(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn of_a_range_the_upper_end_counts_and_what_does_not_read_is_large() {
        for (text, expected) in [
            ("EUR 1-2 million", 2_000_000),
            ("between 8,000–12,000 EUR", 12_000),
            ("99999999999999999999999 EUR", u64::MAX),
            ("€99999999999999999999999", u64::MAX),
        ] {
            assert_eq!(largest(text), Some(expected), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "[0-9a-z€$%k., –-]{0,120}") {
            largest(&text);
        }
    }
}
