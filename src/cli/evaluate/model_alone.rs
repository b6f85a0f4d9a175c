//! The learned model as the only judge: what it is worth without phrases, facts and exemptions.
//!
//! A mail's score is the log-sum of its three likeliest sentences (more would favour
//! long mails); subject and new text only, the row's own, as if perfectly cut from its thread.

use std::time::Instant;

use super::RowVerdict;
use crate::{
    cli::{labelled::Row, train::Sentences},
    decision::Evidence,
    policy::model::{Category, Model, Scores},
};

/// Sentences that count.
const LIKELIEST: usize = 3;

/// What is added to a mail's score to give its log-odds. Chosen so that 0.5 holds three to four
/// of a thousand ordinary mails, on background mail that was not learned from.
const PRIOR_LOG_ODDS: f64 = -3.4;

/// Judges a row; held from this probability on.
pub fn judge(model: &Model, sentences: Sentences<'_>, threshold: f64, row: &Row) -> RowVerdict {
    let start = Instant::now();
    let mut scored = scored(model, sentences, row);
    scored.sort_by(|a, b| b.scores.news().total_cmp(&a.scores.news()));
    scored.truncate(LIKELIEST);
    let sum: f64 = scored.iter().map(|s| s.scores.news().exp()).sum();
    let probability = 1.0 / (1.0 + (-PRIOR_LOG_ODDS).exp() / sum.max(f64::MIN_POSITIVE));
    let elapsed = start.elapsed();
    RowVerdict {
        hold: probability >= threshold,
        probability,
        category: category(&scored).map(|c| c.name().to_owned()),
        evidence: scored.into_iter().map(Scored::evidence).collect(),
        elapsed,
    }
}

/// A sentence with its scores.
struct Scored {
    place: &'static str,
    text: String,
    scores: Scores,
}

impl Scored {
    fn evidence(self) -> Evidence {
        Evidence {
            weight: self.scores.news(),
            text: self.text,
            place: self.place.to_owned(),
            signal: "model".to_owned(),
        }
    }
}

fn scored(model: &Model, sentences: Sentences<'_>, row: &Row) -> Vec<Scored> {
    let mut all = Vec::new();
    for (place, text) in [("subject", &row.subject), ("new", &row.text)] {
        let mut before: Option<String> = None;
        for text in sentences(text) {
            let scores = model.score(before.as_deref(), &text);
            before = Some(text.clone());
            all.push(Scored { place, text, scores });
        }
    }
    all
}

/// The category to which the sentences that count give the largest odds together.
fn category(scored: &[Scored]) -> Option<Category> {
    let odds = |c: Category| scored.iter().map(|s| s.scores.log_odds(c).exp()).sum::<f64>();
    Category::all().max_by(|a, b| odds(*a).total_cmp(&odds(*b))).filter(|_| !scored.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_lowercase).collect()
    }

    fn judged(text: &str) -> RowVerdict {
        let row = serde_json::from_value(
            serde_json::json!({ "id": "a", "subject": "Hello", "text": text, "label": "pass" }),
        );
        judge(Model::embedded(), &lines, 0.5, &row.unwrap())
    }

    #[test]
    fn a_plain_refusal_is_likelier_news_than_an_invitation_and_says_why() {
        let refused = judged("Dear Ms Li,\nunfortunately your claim has been denied.");
        let invited = judged("Dear Ms Li,\nwould you have lunch with us on Friday?");
        assert!(refused.probability > invited.probability);
        assert_eq!(refused.category.as_deref(), Some("claim_denial"));
        assert_eq!(refused.evidence[0].text, "unfortunately your claim has been denied.");
        assert!(!invited.hold);
    }

    #[test]
    fn a_mail_without_a_word_passes() {
        let row = serde_json::from_str(r#"{"id":"a","text":"","label":"pass"}"#).unwrap();
        let verdict = judge(Model::embedded(), &lines, 0.5, &row);
        assert!(!verdict.hold && verdict.probability == 0.0 && verdict.category.is_none());
    }
}
