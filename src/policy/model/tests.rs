//! The model as a whole: reproducible, monotone, and right about what is plain.

use super::*;

fn example(mail: u32, news: Option<&str>, before: Option<&str>, sentence: &str) -> Example {
    let part = if mail % 4 == 3 { Part::Dev } else { Part::Train };
    Example {
        mail,
        part,
        before: before.map(str::to_owned),
        sentence: sentence.to_owned(),
        news: news.map(|name| Category::named(name).unwrap()),
    }
}

/// A small world: two kinds of news in several wordings, and ordinary sentences.
fn small_set() -> Vec<Example> {
    let who = ["pump", "boiler", "roof", "lamp", "engine", "window", "door", "chair"];
    let mut examples = Vec::new();
    for (mail, thing) in (0..).zip(who) {
        let refused = format!("the warranty does not cover the {thing}.");
        let late = format!("your {thing} will arrive three weeks late.");
        let fine = format!("the {thing} is covered by the warranty.");
        let thanks = format!("thank you for the photographs of the {thing}.");
        examples.push(example(mail, Some("warranty_denial"), None, &refused));
        examples.push(example(mail, Some("delivery_delay"), Some(&thanks), &late));
        examples.push(example(mail, None, Some("hello,"), &fine));
        examples.push(example(mail, None, Some(&fine), &thanks));
        examples.push(example(mail, None, Some(&thanks), "see you on monday."));
    }
    examples
}

#[test]
fn training_twice_gives_the_same_bytes() {
    let (one, two) = (train(&small_set(), "a", 5), train(&small_set(), "a", 5));
    assert_eq!(one.weights.to_string(), two.weights.to_string());
    assert_eq!(one.learned_from, (12, 18));
    assert_ne!(one.weights, train(&small_set(), "b", 5).weights, "the sources are part of it");
}

#[test]
fn what_is_written_scores_as_what_was_trained() {
    let weights = train(&small_set(), "a", 5).weights;
    let (trained, read) = (Model::new(&weights), weights.to_string().parse().unwrap());
    let read = Model::new(&read);
    for e in small_set() {
        let before = e.before.as_deref();
        assert_eq!(trained.score(before, &e.sentence), read.score(before, &e.sentence));
    }
}

#[test]
fn a_negation_turns_the_verdict_of_the_same_words() {
    let model = Model::new(&train(&small_set(), "a", 5).weights);
    let refused = model.score(None, "the warranty does not cover the gate.");
    let covered = model.score(None, "the gate is covered by the warranty.");
    assert!(refused.news() > covered.news() + 1.0, "{} {}", refused.news(), covered.news());
    assert_eq!(refused.category().name(), "warranty_denial");
    let late = model.score(None, "your gate will arrive three weeks late.");
    assert_eq!(late.category().name(), "delivery_delay");
}

#[test]
fn shares_add_up_and_odds_follow_them() {
    let model = Model::new(&train(&small_set(), "a", 5).weights);
    let scores = model.score(None, "the warranty does not cover the gate.");
    let sum: f64 = Category::all().map(|c| scores.share(c)).sum();
    assert!((sum - 1.0).abs() < 1e-9);
    for category in Category::all() {
        assert!(scores.log_odds(category) <= scores.news());
    }
    let named = |name| scores.log_odds(Category::named(name).unwrap());
    assert!(named("warranty_denial") > named("delivery_delay"));
}

#[test]
fn reasons_name_the_words_that_weighed_most() {
    let model = Model::new(&train(&small_set(), "a", 5).weights);
    let reasons = model.reasons(None, "your gate will arrive three weeks late.", 5);
    assert_eq!(reasons.len(), 5);
    assert!(reasons.windows(2).all(|w| w[0].1.abs() >= w[1].1.abs()));
}

#[test]
fn the_parts_are_about_seventy_fifteen_fifteen_and_do_not_move() {
    let count = |part| (0..4000).filter(|n| Part::of(&format!("en-{n}")) == part).count();
    assert!((2600..3000).contains(&count(Part::Train)), "{}", count(Part::Train));
    assert!((500..700).contains(&count(Part::Dev)), "{}", count(Part::Dev));
    assert_eq!(Part::of("en-1000"), Part::of("en-1000"));
}

#[test]
fn the_shipped_model_reads_and_knows_a_plain_refusal() {
    let text = include_str!("../../../data/model/weights.tsv");
    let weights: Weights = text.parse().unwrap();
    assert_eq!(weights.to_string(), text, "written as this code writes it");
    let model = Model::embedded();
    assert!(!model.sources().is_empty());
    let mut other = weights.clone();
    other.news_bias += 1.0;
    assert_eq!(Model::new(&weights).fingerprint(), model.fingerprint());
    assert_ne!(Model::new(&other).fingerprint(), model.fingerprint());
    let refusal = model.score(
        Some("thank you for your patience."),
        "unfortunately your claim is denied because the warranty does not cover corrosion.",
    );
    let ordinary = model.score(Some("hi anna,"), "attached are the minutes of our meeting.");
    assert!(refusal.news() > 1.0 && ordinary.news() < 0.0, "{refusal:?} {ordinary:?}");
}
