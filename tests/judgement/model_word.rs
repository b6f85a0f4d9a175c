//! What the learned model's word counts for, by language.

use std::sync::Arc;

use callfirst::{
    message::{self, Limits, Sentence},
    policy::{
        Embedded, PolicySet, SentenceModel, Source,
        model::{Memory, Model},
    },
};

/// Says the same of every sentence.
#[derive(Debug)]
struct Says(f64);

impl SentenceModel for Says {
    fn category(&self, _: &str) -> Option<usize> {
        Some(0)
    }

    fn log_odds(
        &self,
        _: Option<&Sentence>,
        _: &Sentence,
        _: f64,
        _: &mut Memory,
        scores: &mut Vec<f64>,
    ) {
        scores.clear();
        scores.push(self.0);
    }

    fn fingerprint(&self) -> String {
        self.0.to_string()
    }
}

const POLICY: &str = r#"
id = "late"
title = "a delay"
category = "delivery_delay"
base = 0.0

[model]
weight = 1.0
clip = 4.0
other_languages = 0.5

[[signal]]
name = "late"
weight = 6.0
any = ["late", "verspätet"]
"#;

const ENGLISH: &str = "we are sorry that your order will be late.";
const GERMAN: &str = "es tut uns leid, dass ihre bestellung verspätet ist.";

/// The log-odds of a mail of one sentence of which the model says so much.
fn log_odds(text: &str, says: f64) -> f64 {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let set = PolicySet::compile(&[source("late.toml", POLICY)], Some(Arc::new(Says(says))));
    let mail = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
    let reading = message::read(mail.as_bytes(), &Limits::default());
    let weighed = set.unwrap().weigh(&reading);
    weighed.weights.first().unwrap().log_odds
}

#[test]
fn outside_english_the_model_counts_for_less_and_its_doubt_for_little() {
    for (text, says, expected) in [
        (ENGLISH, 9.0, 6.0 + 4.0),
        (ENGLISH, -9.0, 6.0 - 4.0),
        (GERMAN, 9.0, 6.0 + 4.0 * 0.5),
        (GERMAN, -9.0, 6.0 - 0.5),
    ] {
        let sum = log_odds(text, says);
        assert!((sum - expected).abs() < 1e-9, "{text}, {says}: {sum}, not {expected}");
    }
}

#[test]
fn the_likeliest_category_has_the_whole_word_of_the_model() {
    let sentence = Sentence::new(ENGLISH);
    let mut scores = Vec::new();
    let memory = &mut Memory::default();
    Embedded { reader: true }.log_odds(None, &sentence, f64::NEG_INFINITY, memory, &mut scores);
    let score = Model::embedded().score(None, ENGLISH);
    let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    assert!((best - score.news()).abs() < 1e-9, "{best} is not {}", score.news());
    let likeliest = scores.iter().position(|s| *s == best);
    assert_eq!(likeliest, Embedded { reader: true }.category(score.category().name()));
}
