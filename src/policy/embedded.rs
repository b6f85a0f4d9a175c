//! The model that ships, as one signal among the policies' others.

use super::{
    SentenceModel,
    model::{Category, Memory, Model},
};
use crate::message::Sentence;

/// [`Model::embedded`] behind the trait that policies ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded;

impl SentenceModel for Embedded {
    fn category(&self, name: &str) -> Option<usize> {
        Category::named(name).map(Category::index)
    }

    fn log_odds(
        &self,
        previous: Option<&Sentence>,
        sentence: &Sentence,
        floor: f64,
        memory: &mut Memory,
        scores: &mut Vec<f64>,
    ) {
        let previous = previous.map(|s| s.normal.as_str());
        scores.clear();
        match Model::embedded().score_above(floor, previous, &sentence.normal, memory) {
            None => scores.extend([floor; Category::COUNT]),
            Some(all) => {
                // The likeliest kind has the whole word, the others so much less as they are
                // less likely. Shares would make news that could be of two kinds look like half
                // a piece of news: the policies would each get too little of it, and nobody adds
                // them up.
                let likeliest = all.log_odds(all.category());
                scores.extend(all.log_odds_of_all().map(|odds| all.news() + odds - likeliest));
            }
        }
    }

    fn fingerprint(&self) -> String {
        Model::embedded().fingerprint().to_owned()
    }
}
