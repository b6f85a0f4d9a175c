//! The words that stopped a mail, as its sender wrote them.

use super::{clean::line, text::Texts};
use crate::decision::Evidence;

/// More than this is an argument, not a reason.
const MAX_QUOTES: usize = 3;
/// What weighs less than this share of the heaviest did not stop the mail.
const MIN_SHARE: f64 = 0.25;
/// The most that is quoted of one sentence, in characters.
const MAX_QUOTE: usize = 240;

/// One sentence that weighed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote<'a> {
    /// The sentence, cleaned and cut.
    pub text: String,
    /// "subject" or "attachment" in the reader's language; empty for the text itself.
    pub place: &'a str,
}

/// The sentences that speak for holding, heaviest first, each once.
///
/// Several signals may weigh one sentence. It is quoted if they speak for holding on the whole, and
/// stands where its strongest signal puts it.
pub fn quotes<'a>(evidence: &[Evidence], texts: &Texts<'a>) -> Vec<Quote<'a>> {
    let mut sentences: Vec<Sentence<'a>> = Vec::new();
    for evidence in evidence {
        let place = match evidence.place.as_str() {
            "new" => "",
            "subject" => texts.in_subject,
            "attachment" => texts.in_attachment,
            // A fact of header or envelope is no word of the sender's.
            _ => continue,
        };
        let text = line(&evidence.text, MAX_QUOTE);
        if text.is_empty() {
            continue;
        }
        match sentences.iter_mut().find(|s| s.quote.text == text) {
            Some(known) => known.add(evidence.weight, place),
            None => sentences.push(Sentence {
                quote: Quote { text, place },
                best: evidence.weight,
                sum: evidence.weight,
            }),
        }
    }
    let heaviest = sentences.iter().map(|s| s.best).fold(0.0, f64::max);
    sentences.retain(|s| s.sum > 0.0 && s.best > 0.0 && s.best >= heaviest * MIN_SHARE);
    sentences.sort_by(|a, b| b.best.total_cmp(&a.best));
    let mut quotes: Vec<Quote> = Vec::new();
    for Sentence { quote, .. } in sentences {
        // A subject repeated in the text's first sentence says nothing new.
        if !quotes.iter().any(|q| q.text.contains(&quote.text)) {
            quotes.push(quote);
        }
    }
    quotes.truncate(MAX_QUOTES);
    quotes
}

struct Sentence<'a> {
    quote: Quote<'a>,
    best: f64,
    sum: f64,
}

impl<'a> Sentence<'a> {
    fn add(&mut self, weight: f64, place: &'a str) {
        self.sum += weight;
        if weight > self.best {
            self.best = weight;
            self.quote.place = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Language;

    fn evidence(text: &str, place: &str, weight: f64) -> Evidence {
        Evidence { text: text.into(), place: place.into(), signal: "s".into(), weight }
    }

    fn said(evidence: &[Evidence]) -> Vec<(String, &'static str)> {
        let quotes = quotes(evidence, Texts::of(Language::En));
        quotes.into_iter().map(|q| (q.text, q.place)).collect()
    }

    #[test]
    fn a_sentence_that_three_signals_weighed_is_said_once() {
        let told = said(&[
            evidence("We must refuse it.", "new", 1.0),
            evidence("Your claim", "subject", 2.0),
            evidence("We must refuse it.", "new", 3.0),
            evidence("We must refuse it.", "new", -0.5),
        ]);
        let expected = [("We must refuse it.".into(), ""), ("Your claim".into(), "subject")];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_speaks_against_holding_on_the_whole_stopped_nothing() {
        let told = said(&[
            evidence("It was late, and we solved it.", "new", 1.0),
            evidence("It was late, and we solved it.", "new", -2.0),
            evidence("Good day.", "new", -1.0),
            evidence("", "message", 4.0),
        ]);
        assert_eq!(told, []);
    }

    #[test]
    fn what_hardly_weighed_is_not_quoted() {
        let told = said(&[
            evidence("We must refuse it.", "new", 6.0),
            evidence("Your order", "subject", 0.8),
        ]);
        assert_eq!(told, [("We must refuse it.".into(), "")]);
    }

    #[test]
    fn three_are_enough() {
        let many: Vec<_> =
            (0..9).map(|n| evidence(&format!("Sentence {n}."), "new", f64::from(n))).collect();
        let told = said(&many);
        assert_eq!(told.len(), 3);
        assert_eq!(told[0].0, "Sentence 8.");
    }
}
