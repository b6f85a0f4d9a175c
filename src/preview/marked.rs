//! Text in runs, the words of the evidence marked.
//!
//! Evidence quotes a sentence with its white space collapsed and, where it is long, cut. So the
//! text is looked at in the same form, and each character there remembers its place in the text.

use std::collections::BTreeSet;

/// A run of text and the terms that stand on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The characters.
    pub text: String,
    /// The terms whose words these are, by their numbers; empty: plain text.
    pub terms: Vec<usize>,
}

/// Shorter words mark half the mail.
const MIN_QUOTE_CHARS: usize = 3;
/// How often one quotation is marked.
const MAX_PLACES: usize = 8;

/// The text in runs; `quotes` are the words of terms, with their numbers.
pub fn marked(text: &str, quotes: &[(usize, &str)]) -> Vec<Run> {
    let collapsed = Collapsed::of(text);
    let mut ranges = Vec::new();
    for (number, quote) in quotes {
        let words = Collapsed::of(quote.trim_end_matches('…')).text;
        if words.chars().count() < MIN_QUOTE_CHARS {
            continue;
        }
        let places = collapsed.text.match_indices(&words).take(MAX_PLACES);
        ranges.extend(places.filter_map(|(at, found)| {
            Some((collapsed.place(at)?, collapsed.end(at + found.len(), text), *number))
        }));
    }
    runs(text, &ranges)
}

/// Cuts the text wherever a range begins or ends.
fn runs(text: &str, ranges: &[(usize, usize, usize)]) -> Vec<Run> {
    let mut cuts: BTreeSet<usize> = ranges.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
    cuts.extend([0, text.len()]);
    let cuts: Vec<usize> = cuts.into_iter().collect();
    let pieces = cuts.iter().zip(cuts.iter().skip(1));
    let run = |(from, to): (&usize, &usize)| {
        let covers = |range: &&(usize, usize, usize)| range.0 <= *from && *to <= range.1;
        let terms: BTreeSet<usize> = ranges.iter().filter(covers).map(|range| range.2).collect();
        let text = text.get(*from..*to).unwrap_or_default().to_owned();
        Run { text, terms: terms.into_iter().collect() }
    };
    pieces.map(run).filter(|run| !run.text.is_empty()).collect()
}

/// Text with single spaces, and where each octet of it stood.
struct Collapsed {
    text: String,
    places: Vec<usize>,
}

impl Collapsed {
    fn of(text: &str) -> Collapsed {
        let mut collapsed = Collapsed { text: String::new(), places: Vec::new() };
        for (at, c) in text.char_indices() {
            let c = if c.is_whitespace() { ' ' } else { c };
            if c == ' ' && (collapsed.text.is_empty() || collapsed.text.ends_with(' ')) {
                continue;
            }
            collapsed.text.push(c);
            collapsed.places.resize(collapsed.text.len(), at);
        }
        collapsed.text.truncate(collapsed.text.trim_end().len());
        collapsed
    }

    fn place(&self, at: usize) -> Option<usize> {
        self.places.get(at).copied()
    }

    /// Behind the last character before `at`.
    fn end(&self, at: usize, text: &str) -> usize {
        let last = at.checked_sub(1).and_then(|last| self.place(last)).unwrap_or_default();
        let octets =
            text.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        last + octets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, quotes: &[(usize, &str)]) -> Vec<(String, Vec<usize>)> {
        let runs = marked(text, quotes);
        let whole: String = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(whole, text, "nothing is lost or added");
        runs.into_iter().map(|run| (run.text, run.terms)).collect()
    }

    #[test]
    fn words_are_marked_though_lines_were_wrapped_between_them() {
        let found =
            told("Dear Kim,\r\nwe cannot\r\n  refund it. Bye", &[(1, "we cannot refund it.")]);
        assert_eq!(
            found,
            [
                ("Dear Kim,\r\n".into(), vec![]),
                ("we cannot\r\n  refund it.".into(), vec![1]),
                (" Bye".into(), vec![])
            ]
        );
    }

    #[test]
    fn a_long_quotation_was_cut_and_two_terms_may_share_words() {
        let found =
            told("Ärger: é we refuse, sorry", &[(1, "é we refuse…"), (2, "we refuse, sorry")]);
        assert_eq!(
            found,
            [
                ("Ärger: ".into(), vec![]),
                ("é ".into(), vec![1]),
                ("we refuse".into(), vec![1, 2]),
                (", sorry".into(), vec![2])
            ]
        );
    }

    #[test]
    fn what_is_not_there_or_too_short_marks_nothing() {
        assert_eq!(
            told("a text", &[(1, "other"), (2, ""), (3, "a"), (4, "…")]),
            [("a text".into(), vec![])]
        );
        assert_eq!(told("", &[(1, "x y z")]), []);
    }
}
