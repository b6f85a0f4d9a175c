//! The model that ships, as one signal among the policies' others.

#[cfg(feature = "reader")]
use super::{Candidate, Understood};
use super::{
    SentenceModel,
    model::{Category, Memory, Model, Scores},
};
use crate::message::Sentence;

/// [`Model::embedded`] behind the trait that policies ask.
#[derive(Debug, Clone, Copy)]
pub struct Embedded {
    /// Whether what looks suspicious is read a second time, in its context; a build without the
    /// feature `reader` has no second reading.
    pub reader: bool,
}

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
        let previous = previous.map(|s| s.normal());
        scores.clear();
        match Model::embedded().score_above(floor, previous, sentence.normal(), memory) {
            None => scores.extend([floor; Category::COUNT]),
            Some(all) => scores.extend(log_odds_by_category(&all)),
        }
    }

    #[cfg(feature = "reader")]
    fn reads_above(&self) -> f64 {
        super::reader::Reader::gate().filter(|_| self.reader).unwrap_or(f64::INFINITY)
    }

    #[cfg(feature = "reader")]
    fn read_in_context(&self, sentences: &[&Sentence], suspicious: &[Candidate]) -> Understood {
        super::reader::read_again(sentences, suspicious)
    }

    fn fingerprint(&self) -> String {
        #[cfg(feature = "reader")]
        let reader = if self.reader { super::reader::Reader::fingerprint() } else { "" };
        #[cfg(not(feature = "reader"))]
        let reader = "";
        format!("{} {reader}", Model::embedded().fingerprint())
    }
}

/// The likeliest kind has the whole word, the others so much less as they are less likely. Shares
/// would make news that could be of two kinds look like half a piece of news: the policies would
/// each get too little of it, and nobody adds them up.
pub(super) fn log_odds_by_category(scores: &Scores) -> impl Iterator<Item = f64> + use<> {
    let (news, likeliest) = (scores.news(), scores.log_odds(scores.category()));
    scores
        .log_odds_of_all()
        .collect::<Vec<f64>>()
        .into_iter()
        .map(move |odds| news + odds - likeliest)
}
