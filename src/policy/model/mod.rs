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
mod table;
mod train;
mod weights;

use std::sync::LazyLock;

pub use category::Category;
pub use train::{Example, Part, Trained, train};
pub use weights::{NotAModel, Weights};

use features::{Hash, Kind, visit};
use table::Table;
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
    sources: String,
    fingerprint: String,
    news_bias: f64,
    slope: f64,
    intercept: f64,
    sharpness: f64,
    category_bias: PerCategory<f64>,
}

/// What the model says of one sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    news: f64,
    /// Natural logarithms of the shares.
    shares: PerCategory<f64>,
}

impl Scores {
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
        Model {
            table: Table::new(weights),
            sources: weights.sources.clone(),
            fingerprint: fingerprint(weights),
            news_bias: weights.news_bias,
            slope: c.slope,
            intercept: c.intercept - (c.news.max(1.0) / c.other.max(1.0)).ln(),
            sharpness: weights.sharpness,
            category_bias: weights.category_bias,
        }
    }

    /// One that says nothing of any sentence.
    fn silent() -> Model {
        Model {
            table: Table::default(),
            sources: String::new(),
            fingerprint: String::new(),
            news_bias: 0.0,
            slope: 0.0,
            intercept: 0.0,
            sharpness: 0.0,
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
        let raw = self.raw(before, sentence);
        Scores { news: self.slope * raw.news + self.intercept, shares: self.log_shares(&raw) }
    }

    /// The features that speak loudest, for and against, with what each adds to the log-odds:
    /// the model's part of an explanation. At most `most` of them, loudest first.
    pub fn reasons(&self, before: Option<&str>, sentence: &str, most: usize) -> Vec<(String, f64)> {
        let mut reasons: Vec<(String, f64)> = Vec::new();
        let count = visit(before, sentence, &mut |kind: Kind, text, hash| {
            let Some(entry) = self.table.find(hash) else { return };
            let name = format!("{}:{text}", kind.letter());
            match reasons.iter_mut().find(|(known, _)| *known == name) {
                Some((_, weight)) => *weight += entry.news,
                None => reasons.push((name, entry.news)),
            }
        });
        let scale = self.slope * evened(count);
        reasons.iter_mut().for_each(|(_, weight)| *weight *= scale);
        reasons.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        reasons.truncate(most);
        reasons
    }

    fn raw(&self, before: Option<&str>, sentence: &str) -> Raw {
        let mut raw = Raw { news: 0.0, categories: [0.0; Category::COUNT] };
        let count = visit(before, sentence, &mut |_, _, hash| {
            let Some(entry) = self.table.find(hash) else { return };
            raw.news += entry.news;
            if let Some(weights) = self.table.categories(entry) {
                for (sum, weight) in raw.categories.iter_mut().zip(weights) {
                    *sum += weight;
                }
            }
        });
        let scale = evened(count);
        raw.news = raw.news * scale + self.news_bias;
        for (sum, bias) in raw.categories.iter_mut().zip(self.category_bias) {
            *sum = *sum * scale + bias;
        }
        raw
    }

    /// The shares of a softmax as logarithms: that takes one logarithm for all categories.
    fn log_shares(&self, raw: &Raw) -> PerCategory<f64> {
        let scores = raw.categories.map(|r| self.sharpness * r);
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let whole = most + scores.iter().map(|s| (s - most).exp()).sum::<f64>().ln();
        scores.map(|s| s - whole)
    }
}

/// A hash of everything that is written. To tell two models apart, not to resist forgery.
fn fingerprint(weights: &Weights) -> String {
    format!("{:016x}", Hash::feature(Kind::Words, &weights.to_string()))
}

/// Scores before calibration.
#[derive(Debug, Clone, Copy)]
struct Raw {
    news: f64,
    categories: PerCategory<f64>,
}

/// What each feature of a sentence with so many counts: long sentences have more of them.
fn evened(features: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a sentence has some thousand features")]
    let features = features.max(1) as f64;
    1.0 / features.sqrt()
}

#[cfg(test)]
mod tests;
