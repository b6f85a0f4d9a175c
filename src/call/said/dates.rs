//! Dates, as the mail writes them.
//!
//! Gives the very octets of the sentence. In doubt a date is left out: half a range ("14-18 May")
//! would say what the mail does not.

use std::ops::Range;

use super::{
    pattern::{Word, is_digits, words},
    words::Vocabulary,
};

/// Whether a sentence has a date, whatever it is the date of.
pub(super) fn has_date(text: &str, vocabulary: &Vocabulary) -> bool {
    !all_dates(text, vocabulary).is_empty()
}

/// The dates of a sentence that tells the news. Left out is the date of a letter ("your claim of
/// 14 May"), and the only date behind a no: "not on 3 May" has the old one.
pub(super) fn dates<'t>(text: &'t str, vocabulary: &Vocabulary) -> Vec<&'t str> {
    let mut found = all_dates(text, vocabulary);
    if let [(date, _)] = found.as_slice()
        && let Some((before, _)) = text.split_once(date)
        && words(before).iter().any(|w| vocabulary.negates(w) && !SIGHS.contains(&w.lower.as_str()))
    {
        return Vec::new();
    }
    found.retain(|(_, refers)| !refers);
    found.into_iter().map(|(date, _)| date).collect()
}

/// The dates of a sentence, and whether each is the date of something else.
fn all_dates<'t>(text: &'t str, vocabulary: &Vocabulary) -> Vec<(&'t str, bool)> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let scan = Scan { text, words: &words, vocabulary };
        let long = scan.day_first(at).or_else(|| scan.month_first(at));
        match long.or_else(|| scan.in_digits(at)) {
            Some(end) => {
                let date = scan.alone(at, end).and_then(|span| text.get(span));
                found.extend(date.map(|date| (date, scan.refers(at))));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Words that say no to nothing.
const SIGHS: &[&str] = &[
    "unfortunately",
    "leider",
    "malheureusement",
    "lamentablemente",
    "desgraciadamente",
    "purtroppo",
    "helaas",
    "infelizmente",
];

/// Words before the date of a letter, a decision, an offer.
const REFERS: &[&str] = &["of", "dated", "vom", "van", "du", "del"];

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

    /// "of 14 May", "vom 14. Mai"; but "à partir du 14 mai".
    fn refers(&self, at: usize) -> bool {
        let is = |n, words| at.checked_sub(n).is_some_and(|at| self.is(at, words));
        is(1, REFERS) && !is(2, &["partir", "compter"])
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
            (Language::En, "Your claim of 14 May ends on 3 June.", vec!["3 June"]),
            (Language::De, "Er kommt nicht am 1. Juni, sondern in der 34. KW.", vec![]),
            (Language::En, "Version 1.2.3 of part 12.34.56.78", vec![]),
        ] {
            let found = dates(text, Vocabulary::of(language));
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_slices_of_itself(text in "[0-9A-Za-z€$%äé., /:-]{0,120}") {
            for found in dates(&text, Vocabulary::of(Language::En)) {
                assert!(text.contains(found) && found.contains(|c: char| c.is_ascii_digit()));
            }
        }
    }
}
