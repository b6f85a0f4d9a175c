//! The learned part of judging: how strongly one sentence, after the one before it, speaks for
//! bad news, and of which kind.
//!
//! A linear model over what [`features`] sees, small enough to be read: its weights are sorted
//! text (`data/model/weights.tsv`, written by `callfirst train` from `data/` and built into the
//! binary). Two steps: is it news at all (learned from every sentence), and if so of which kind
//! (learned from the sentences that are). It knows sentences, not mails: who was told already,
//! who writes to whom and what is quoted are for the policies to weigh.
//!
//! `docs/judgement/model.md` has what was measured.

mod arithmetic;
mod category;
mod features;
mod frames;
mod learn;
mod quick;
mod table;
mod train;
mod weights;

use std::sync::LazyLock;

pub use category::Category;
pub use train::{Example, Part, Trained, train};
pub use weights::{NotAModel, Weights};

use super::cut::Cutter;
use features::{Cuts, Hash, Kind};
use quick::{Known, Quick};
use table::{Entry, Table};
use weights::PerCategory;

/// The weights that ship.
static EMBEDDED: LazyLock<Model> = LazyLock::new(|| {
    let text = include_str!("../../../data/model/weights.tsv");
    text.parse().map_or_else(|_| Model::silent(), |weights: Weights| Model::new(&weights))
});

/// A model ready to score sentences.
#[derive(Debug)]
pub struct Model {
    table: Table,
    quick: Quick,
    sources: String,
    fingerprint: String,
    news_scale: f64,
    news_bias: f64,
    slope: f64,
    intercept: f64,
    sharpness: f64,
    category_scale: f64,
    category_bias: PerCategory<f64>,
}

/// What is kept from one sentence of a mail to the next: the cut sentence, which is the one before
/// then, what the words of the mail weigh, and buffers. It changes no score.
#[derive(Debug, Default)]
pub struct Memory {
    /// Whoever cuts a sentence for other ends does it here, and it need not be cut again.
    pub(in crate::policy) cutter: Cutter,
    known: Known,
    cuts: Cuts,
    /// Where the weights for the categories are of those features that have any.
    categories: Vec<u32>,
}

/// What the model says of one sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    news: f64,
    /// Natural logarithms of the shares.
    shares: PerCategory<f64>,
}

impl Scores {
    /// From log-odds of news and each kind's raw score: the shares are their softmax.
    #[cfg(feature = "reader")]
    pub(super) fn of(news: f64, kinds: PerCategory<f64>) -> Scores {
        Scores { news, shares: log_softmax(kinds) }
    }

    /// Log-odds that the sentence tells bad news of any kind, relative to ordinary mail: ln of
    /// how many times likelier it is among such sentences than among others. 0 says nothing;
    /// add the prior of your mail.
    pub fn news(&self) -> f64 {
        self.news
    }

    /// The same for one category: its share of [`news`](Self::news). The shares add up to the
    /// whole, so a sentence that could be of two kinds is not counted twice.
    pub fn log_odds(&self, category: Category) -> f64 {
        self.news + self.log_share(category)
    }

    /// [`log_odds`](Self::log_odds) of every category, in the order of [`Category::all`].
    pub fn log_odds_of_all(&self) -> impl Iterator<Item = f64> {
        self.shares.map(|share| self.news + share).into_iter()
    }

    /// If it is news, how likely of this category: 0 to 1.
    pub fn share(&self, category: Category) -> f64 {
        self.log_share(category).exp()
    }

    fn log_share(&self, category: Category) -> f64 {
        self.shares.get(category.index()).copied().unwrap_or(f64::NEG_INFINITY)
    }

    /// The category it most likely is, if it is news.
    pub fn category(&self) -> Category {
        Category::all()
            .max_by(|a, b| self.log_share(*a).total_cmp(&self.log_share(*b)))
            .unwrap_or_default()
    }
}

impl Model {
    /// The model that ships in the binary.
    pub fn embedded() -> &'static Model {
        &EMBEDDED
    }

    /// From weights as written.
    pub fn new(weights: &Weights) -> Model {
        let c = &weights.calibration;
        let table = Table::new(weights);
        Model {
            quick: Quick::new(weights, &table),
            table,
            sources: weights.sources.clone(),
            fingerprint: fingerprint(weights),
            news_scale: weights.news_scale,
            news_bias: weights.news_bias,
            slope: c.slope,
            intercept: c.intercept - (c.news.max(1.0) / c.other.max(1.0)).ln(),
            sharpness: weights.sharpness,
            category_scale: weights.category_scale,
            category_bias: weights.category_bias,
        }
    }

    /// One that says nothing of any sentence.
    fn silent() -> Model {
        Model {
            table: Table::default(),
            quick: Quick::default(),
            sources: String::new(),
            fingerprint: String::new(),
            news_scale: 0.0,
            news_bias: 0.0,
            slope: 0.0,
            intercept: 0.0,
            sharpness: 0.0,
            category_scale: 0.0,
            category_bias: [0.0; Category::COUNT],
        }
    }

    /// SHA-256 of what it was trained on, in hexadecimal.
    pub fn sources(&self) -> &str {
        &self.sources
    }

    /// Changes whenever a weight does.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Scores a sentence in its `normal` form, given the one before it in the same passage.
    pub fn score(&self, before: Option<&str>, sentence: &str) -> Scores {
        let memory = &mut Memory::default();
        let (news, scale) = self.news(before, sentence, memory);
        Scores { news, shares: self.log_shares(scale, &memory.categories) }
    }

    /// [`score`](Self::score), or `None` where the sentence's news is at most `floor`: then no
    /// category's log-odds are above it, because a share is 1 at most. Most sentences are no
    /// news, and this is quickly said.
    pub fn score_above(
        &self,
        floor: f64,
        before: Option<&str>,
        sentence: &str,
        memory: &mut Memory,
    ) -> Option<Scores> {
        let Memory { cutter, known, categories, .. } = memory;
        let Some(quick) = self.quick.sentence(&self.table, before, sentence, cutter, known) else {
            let (news, scale) = self.news(before, sentence, memory);
            return (news > floor)
                .then(|| Scores { news, shares: self.log_shares(scale, &memory.categories) });
        };
        let mut sum = 0;
        let scale = evened(quick.visit(&mut |entry| sum += entry.news()));
        let news = self.news_of(sum, scale);
        if news <= floor {
            return None;
        }
        categories.clear();
        quick.visit(&mut |entry| categories.extend(entry.categories()));
        Some(Scores { news, shares: self.log_shares(scale, categories) })
    }

    /// The features that speak loudest, for and against, with what each adds to the log-odds:
    /// the model's part of an explanation. At most `most` of them, loudest first.
    pub fn reasons(&self, before: Option<&str>, sentence: &str, most: usize) -> Vec<(String, f64)> {
        let mut reasons: Vec<(String, f64)> = Vec::new();
        let count = Cuts::default().visit(before, sentence, &mut |kind: Kind, text, hash| {
            let Some(entry) = self.table.find(hash) else { return };
            let name = format!("{}:{}", kind.letter(), text.as_str());
            let news = f64::from(entry.news()) * self.news_scale;
            match reasons.iter_mut().find(|(known, _)| *known == name) {
                Some((_, weight)) => *weight += news,
                None => reasons.push((name, news)),
            }
        });
        let scale = self.slope * evened(count);
        reasons.iter_mut().for_each(|(_, weight)| *weight *= scale);
        reasons.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        reasons.truncate(most);
        reasons
    }

    /// The log-odds of news, and what each feature counts. What the categories need of the
    /// features stays in `memory`.
    fn news(&self, before: Option<&str>, sentence: &str, memory: &mut Memory) -> (f64, f64) {
        let Memory { cuts, categories, .. } = memory;
        categories.clear();
        let mut sum = 0;
        let count = cuts.visit(before, sentence, &mut |_, _, hash| {
            let entry = self.table.find(hash).unwrap_or(Entry::NOTHING);
            sum += entry.news();
            categories.extend(entry.categories());
        });
        let scale = evened(count);
        (self.news_of(sum, scale), scale)
    }

    /// The log-odds of news from the sum of the features' weights and what each of them counts.
    fn news_of(&self, sum: i32, scale: f64) -> f64 {
        let raw = f64::from(sum) * self.news_scale * scale + self.news_bias;
        self.slope * raw + self.intercept
    }

    /// The shares of a softmax as logarithms: that takes one logarithm for all categories.
    fn log_shares(&self, scale: f64, features: &[u32]) -> PerCategory<f64> {
        let mut sums: PerCategory<i32> = [0; Category::COUNT];
        for weights in features.iter().filter_map(|place| self.table.categories(*place)) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i32::from(*weight);
            }
        }
        let mut scores: PerCategory<f64> = [0.0; Category::COUNT];
        for ((score, sum), bias) in scores.iter_mut().zip(sums).zip(self.category_bias) {
            *score = self.sharpness * (f64::from(sum) * self.category_scale * scale + bias);
        }
        log_softmax(scores)
    }
}

fn log_softmax(scores: PerCategory<f64>) -> PerCategory<f64> {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let whole = most + scores.iter().map(|s| (s - most).exp()).sum::<f64>().ln();
    scores.map(|s| s - whole)
}

/// A hash of everything that is written. To tell two models apart, not to resist forgery.
fn fingerprint(weights: &Weights) -> String {
    format!("{:016x}", Hash::feature(Kind::Words, &weights.to_string()))
}

/// What each feature of a sentence with so many counts: long sentences have more of them.
fn evened(features: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a sentence has some thousand features")]
    let features = features.max(1) as f64;
    1.0 / features.sqrt()
}

#[cfg(test)]
mod tests;
