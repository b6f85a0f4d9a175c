//! Amounts, as the mail writes them.
//!
//! Gives the very octets of the sentence. In doubt an amount is left out: half a range, or one
//! whose size stands in another word ("1.5 million"), would say what the mail does not.

use std::ops::Range;

use super::{
    largest::size,
    pattern::{Word, is_digits, words},
};

/// The amounts of a sentence: a number with a currency or a per cent sign.
pub(super) fn amounts(text: &str) -> Vec<&str> {
    let words = words(text);
    let of = |number| amount(text, &words, number).and_then(|span| text.get(span));
    numbers(text, &words).into_iter().filter_map(of).collect()
}

/// The words of each number.
pub(super) fn numbers(text: &str, words: &[Word<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if !is_digits(word.text) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while continues(text, words, at, end) {
            end += 1;
        }
        found.push(at..end);
        at = end;
    }
    found
}

/// Whether the word at `at` goes on with the number that begins at `from`: "1.234,50", "1 234".
/// Groups are of three digits behind one to three; a last one of fewer behind a full stop or a comma
/// is a fraction. "2026 150", "14.05.2026" and "5124 320" are no numbers.
fn continues(text: &str, words: &[Word<'_>], from: usize, at: usize) -> bool {
    let (Some(first), Some(before), Some(word)) =
        (words.get(from), at.checked_sub(1).and_then(|b| words.get(b)), words.get(at))
    else {
        return false;
    };
    let between = text.get(before.span.end..word.span.start).unwrap_or_default();
    let whole = at - from == 1 || before.text.len() == 3;
    let grouped = first.text.len() <= 3 && whole;
    is_digits(word.text)
        && match between {
            "." | "," => word.text.len() < 3 && whole || word.text.len() == 3 && grouped,
            " " | "\u{a0}" | "\u{202f}" | "'" | "’" => word.text.len() == 3 && grouped,
            _ => false,
        }
}

/// Before or behind a number.
pub(super) const SIGNS: [char; 4] = ['€', '$', '£', '%'];
pub(super) const CODES: [&str; 5] = ["EUR", "USD", "GBP", "CHF", "BRL"];
pub(super) const NAMES: [&str; 16] = [
    "euro", "euros", "dollars", "pounds", "francs", "franken", "franchi", "dólares", "dollari",
    "libras", "sterline", "reais", "percent", "prozent", "procent", "pund",
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
    // "€1.0825", "€14.05.2026"
    let goes_on = behind.strip_prefix(['.', ',']).is_some_and(|b| b.starts_with(is_digit));
    if half || goes_on || behind.starts_with(['-', '–', '—']) {
        return None;
    }
    let next = behind.trim_start_matches(gap);
    let next_word = words.get(number.end).filter(|w| w.span.start == last + shift(behind, next));
    if next_word.is_some_and(|w| size(&w.lower).is_some()) {
        return None;
    }
    // "No 512400 EUR 320": a currency with a number behind it is that one's, unless it hangs on ours.
    let next_has = |at: usize| {
        text.get(at..).is_some_and(|rest| rest.trim_start_matches(gap).starts_with(is_digit))
    };
    if let Some(sign) = next.chars().next().filter(|c| SIGNS.contains(c)) {
        let end = last + shift(behind, next) + sign.len_utf8();
        if sign == '%' || next.len() == behind.len() || !next_has(end) {
            return Some(first..end);
        }
    }
    if let Some(word) = next_word
        && (CODES.contains(&word.text) && !next_has(word.span.end)
            || NAMES.contains(&word.lower.as_str()))
    {
        return Some(first..word.span.end);
    }
    let near = before.trim_end_matches(gap);
    if let Some(sign) = near.chars().next_back().filter(|c| SIGNS.contains(c) && *c != '%') {
        // "R$", "US$", "CA$": the letters before the sign are part of it.
        let bare = near.get(..near.len() - sign.len_utf8())?;
        if bare.ends_with(is_digit) {
            return None;
        }
        let start = bare.trim_end_matches(|c: char| c.is_ascii_uppercase()).len();
        return Some(start..last);
    }
    let word = number.start.checked_sub(1).and_then(|w| words.get(w))?;
    (word.span.end == near.len() && CODES.contains(&word.text)).then_some(word.span.start..last)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_with_their_currency_and_nothing_else() {
        for (text, expected) in [
            ("It costs €320 more.", vec!["€320"]),
            ("It costs 1.234,50 € more, 7,5 % up.", vec!["1.234,50 €", "7,5 %"]),
            ("$1,234.50 and US$ 20", vec!["$1,234.50", "US$ 20"]),
            ("EUR 99 or 12 GBP or 1 234 EUR", vec!["EUR 99", "12 GBP", "1 234 EUR"]),
            ("um 8 Prozent", vec!["8 Prozent"]),
            ("R$ 200", vec!["R$ 200"]),
            ("1234,50 € or 1,234,567.8 €", vec!["1234,50 €", "1,234,567.8 €"]),
            ("ab 2026 150 € mehr", vec!["150 €"]),
            ("Rechnung vom 14.05.2026 EUR 480", vec!["EUR 480"]),
            ("Nr. 512400 EUR 320, No 512400 €320, no 5 € 320", vec!["EUR 320", "€320", "€ 320"]),
            ("12€ 320 units", vec!["12€"]),
            ("Auftrag 5124 320 €", vec!["320 €"]),
            ("am 14.05. 320 €, €1.0825, € 14.05.2026", vec!["320 €"]),
            ("Order 5124 of 14 May, 3 units", vec![]),
            ("€1.5 million, 10-15 %, -5%", vec![]),
            ("250k EUR, 2 Mio. €, EUR 1-2 million", vec![]),
        ] {
            assert_eq!(amounts(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_slices_of_itself(text in "[0-9A-Za-z€$%äé., /:-]{0,120}") {
            for found in amounts(&text) {
                assert!(text.contains(found) && found.contains(|c: char| c.is_ascii_digit()));
            }
        }
    }
}
