//! The model that ships, as one signal among the policies' others.

use super::{
    SentenceModel,
    model::{Category, Model},
};
use crate::message::Sentence;

/// [`Model::embedded`] behind the trait that policies ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded;

impl SentenceModel for Embedded {
    fn category(&self, name: &str) -> Option<usize> {
        Category::named(name).map(Category::index)
    }

    fn log_odds(&self, previous: Option<&Sentence>, sentence: &Sentence, scores: &mut Vec<f64>) {
        let previous = previous.map(|s| s.normal.as_str());
        let all = Model::embedded().score(previous, &sentence.normal);
        scores.clear();
        scores.extend(all.log_odds_of_all());
    }

    fn fingerprint(&self) -> String {
        Model::embedded().sources().to_owned()
    }
}
