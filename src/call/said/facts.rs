//! Dates and amounts, as the mail writes them.
//!
//! Gives the very octets of the sentence. In doubt a fact is left out: half a range ("14-18 May")
//! or an amount whose size stands in another word would say what the mail does not.

use std::ops::Range;

use super::pattern::{Word, words};
use super::words::Vocabulary;

/// The dates of a sentence.
pub(super) fn dates<'t>(text: &'t str, vocabulary: &Vocabulary) -> Vec<&'t str> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let scan = Scan { text, words: &words, vocabulary };
        let long = scan.day_first(at).or_else(|| scan.month_first(at));
        match long.or_else(|| scan.in_digits(at)) {
            Some(end) => {
                found.extend(scan.alone(at, end).and_then(|span| text.get(span)));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The amounts of a sentence: a number with a currency or a per cent sign.
pub(super) fn amounts(text: &str) -> Vec<&str> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if !is_digits(word.text) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while continues(text, &words, end) {
            end += 1;
        }
        found.extend(amount(text, &words, at..end).and_then(|span| text.get(span)));
        at = end;
    }
    found
}

struct Scan<'s, 't> {
    text: &'t str,
    words: &'s [Word<'t>],
    vocabulary: &'s Vocabulary,
}

impl Scan<'_, '_> {
    /// "14 May 2026", "14. Mai", "1er mai", "14 de mayo de 2026": the place behind it.
    fn day_first(&self, at: usize) -> Option<usize> {
        day(self.words.get(at)?)?;
        let mut next = at + 1;
        if self.is(next, &["de", "of"]) {
            next += 1;
        }
        self.month(next)?;
        Some(self.behind_year(next + 1))
    }

    /// "May 14th, 2026".
    fn month_first(&self, at: usize) -> Option<usize> {
        self.month(at)?;
        day(self.words.get(at + 1)?)?;
        // "May 2026" has no day, "May 14.5" is none.
        Some(self.behind_year(at + 2))
    }

    /// "14/05/2026", "14.5.26", "2026-05-14".
    fn in_digits(&self, at: usize) -> Option<usize> {
        let [a, b, c] = self.words.get(at..at + 3)? else { return None };
        if ![a, b, c].iter().all(|w| is_digits(w.text)) {
            return None;
        }
        let first = self.between(at)?;
        let same = ["/", ".", "-"].contains(&first) && self.between(at + 1) == Some(first);
        let lengths = [a, b, c].map(|w| w.text.len());
        let fits = matches!(lengths, [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2]);
        (same && fits).then_some(at + 3)
    }

    fn month(&self, at: usize) -> Option<()> {
        let word = self.words.get(at)?;
        let named = self.vocabulary.months.contains(&word.lower.as_str());
        // "may" and "march" are also verbs, "mars" a planet.
        let verb = ["may", "march"].contains(&word.lower.as_str());
        (named && !(verb && word.text.starts_with(char::is_lowercase))).then_some(())
    }

    fn behind_year(&self, mut at: usize) -> usize {
        let bare = at;
        if self.is(at, &["de"]) {
            at += 1;
        }
        match self.words.get(at) {
            Some(word) if is_digits(word.text) && word.text.len() == 4 => at + 1,
            _ => bare,
        }
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.words.get(at).is_some_and(|w| words.contains(&w.lower.as_str()))
    }

    fn between(&self, at: usize) -> Option<&str> {
        self.text.get(self.words.get(at)?.span.end..self.words.get(at + 1)?.span.start)
    }

    /// The octets from one word to before another, unless they are one end of a range.
    fn alone(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let span = self.words.get(at)?.span.start..self.words.get(end - 1)?.span.end;
        let dash = |c: char| matches!(c, '-' | '–' | '—' | '/');
        let open = self.text.get(..span.start)?.trim_end().ends_with(dash);
        let behind = self.text.get(span.end..)?;
        let goes_on = behind.trim_start().starts_with(dash);
        // "12.34.56.78" is no date.
        let longer = behind.strip_prefix(['.', ',']).is_some_and(|b| b.starts_with(is_digit));
        (!open && !goes_on && !longer).then_some(span)
    }
}

/// A day of the month: "14", "14th", "1er", "1º".
fn day(word: &Word<'_>) -> Option<()> {
    let digits = word.lower.trim_end_matches(|c: char| !c.is_ascii_digit());
    let ending = word.lower.get(digits.len()..)?;
    let known = ["", "st", "nd", "rd", "th", "er", "º", "°"].contains(&ending);
    let number: u8 = digits.parse().ok()?;
    (known && (1..=31).contains(&number)).then_some(())
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the word at `at` goes on with the number before it: "1.234,50", "1 234".
fn continues(text: &str, words: &[Word<'_>], at: usize) -> bool {
    let (Some(before), Some(word)) = (at.checked_sub(1).and_then(|b| words.get(b)), words.get(at))
    else {
        return false;
    };
    let between = text.get(before.span.end..word.span.start).unwrap_or_default();
    let thousand = matches!(between, " " | "\u{a0}" | "\u{202f}") && word.text.len() == 3;
    is_digits(word.text) && (thousand || matches!(between, "." | "," | "'" | "’"))
}

/// Before or behind a number.
const SIGNS: [char; 4] = ['€', '$', '£', '%'];
const CODES: [&str; 5] = ["EUR", "USD", "GBP", "CHF", "BRL"];
const NAMES: [&str; 16] = [
    "euro", "euros", "dollars", "pounds", "francs", "franken", "franchi", "dólares", "dollari",
    "libras", "sterline", "reais", "percent", "prozent", "procent", "pund",
];
/// Words that make an amount another one: with one of them behind it, it is left out.
const SIZES: [&str; 16] = [
    "thousand",
    "million",
    "millions",
    "m",
    "k",
    "tausend",
    "mio",
    "millionen",
    "mille",
    "mila",
    "mil",
    "milioni",
    "miljoen",
    "millones",
    "milhões",
    "bn",
];

/// The octets of an amount whose number these words are.
fn amount(text: &str, words: &[Word<'_>], number: Range<usize>) -> Option<Range<usize>> {
    let first = words.get(number.start)?.span.start;
    let last = words.get(number.end - 1)?.span.end;
    let (before, behind) = (text.get(..first)?, text.get(last..)?);
    let dash = |c: char| matches!(c, '-' | '–' | '—' | '+' | '/');
    let shift = |t: &str, rest: &str| t.len() - rest.len();
    let gap = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}');
    let half = before.trim_end_matches(gap).ends_with(dash) || before.ends_with(['.', ',']);
    if half || behind.starts_with(['-', '–', '—']) {
        return None;
    }
    let next = behind.trim_start_matches(gap);
    let next_word = words.get(number.end).filter(|w| w.span.start == last + shift(behind, next));
    if next_word.is_some_and(|w| SIZES.contains(&w.lower.as_str())) {
        return None;
    }
    if let Some(sign) = next.chars().next().filter(|c| SIGNS.contains(c)) {
        return Some(first..last + shift(behind, next) + sign.len_utf8());
    }
    if let Some(word) = next_word
        && (CODES.contains(&word.text) || NAMES.contains(&word.lower.as_str()))
    {
        return Some(first..word.span.end);
    }
    let near = before.trim_end_matches(gap);
    if let Some(sign) = near.chars().next_back().filter(|c| SIGNS.contains(c) && *c != '%') {
        // "R$", "US$", "CA$": the letters before the sign are part of it.
        let bare = near.get(..near.len() - sign.len_utf8())?;
        let start = bare.trim_end_matches(|c: char| c.is_ascii_uppercase()).len();
        return Some(start..last);
    }
    let word = number.start.checked_sub(1).and_then(|w| words.get(w))?;
    (word.span.end == near.len() && CODES.contains(&word.text)).then_some(word.span.start..last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Language;

    #[test]
    fn dates_of_seven_languages() {
        for (language, text, expected) in [
            (Language::En, "It will leave on 14 May 2026, not earlier.", vec!["14 May 2026"]),
            (Language::En, "Moved from May 3rd to May 14th.", vec!["May 3rd", "May 14th"]),
            (Language::En, "You may 3 times ask; we march 5 miles.", vec![]),
            (Language::En, "Some day from 14-18 May, or May 3-5.", vec![]),
            (Language::En, "Due 2026-05-14.", vec!["2026-05-14"]),
            (
                Language::De,
                "Sie kommt am 14. Mai und nicht am 03.05.2026.",
                vec!["14. Mai", "03.05.2026"],
            ),
            (Language::Fr, "À partir du 1er juin 2026.", vec!["1er juin 2026"]),
            (Language::Es, "Llegará el 14 de mayo de 2026.", vec!["14 de mayo de 2026"]),
            (Language::It, "Arriverà il 14 maggio.", vec!["14 maggio"]),
            (Language::Nl, "Op 3 maart 2026 pas.", vec!["3 maart 2026"]),
            (Language::Pt, "Chega em 14 de maio.", vec!["14 de maio"]),
            (Language::En, "Version 1.2.3 of part 12.34.56.78", vec![]),
        ] {
            let found = dates(text, Vocabulary::of(language));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn amounts_with_their_currency_and_nothing_else() {
        for (text, expected) in [
            ("It costs €320 more.", vec!["€320"]),
            ("It costs 1.234,50 € more, 7,5 % up.", vec!["1.234,50 €", "7,5 %"]),
            ("$1,234.50 and US$ 20", vec!["$1,234.50", "US$ 20"]),
            ("EUR 99 or 12 GBP or 1 234 EUR", vec!["EUR 99", "12 GBP", "1 234 EUR"]),
            ("um 8 Prozent", vec!["8 Prozent"]),
            ("R$ 200", vec!["R$ 200"]),
            ("Order 5124 of 14 May, 3 units", vec![]),
            ("€1.5 million, 10-15 %, -5%", vec![]),
        ] {
            assert_eq!(amounts(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_slices_of_itself(text in "[0-9A-Za-z€$%äé., /:-]{0,120}") {
            for found in amounts(&text).into_iter().chain(dates(&text, Vocabulary::of(Language::En))) {
                assert!(text.contains(found) && found.contains(|c: char| c.is_ascii_digit()));
            }
        }
    }
}
