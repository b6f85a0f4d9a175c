//! Trains the model: labelled sentences in, weights out, the same bytes for the same sentences.
//!
//! 1. Choose features that occur in enough different mails: what one writer said once teaches
//!    his voice, not the news.
//! 2. Separate news from all other sentences; then, among news, each category from the others.
//! 3. Round to whole numbers, keep the weights that matter most.
//! 4. Calibrate the rounded model on the `Dev` part, which none of this has seen.
//!
//! The `Test` part is left alone here.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    Category, arithmetic, evened,
    features::{Cuts, Kind},
    learn::{Row, Separation, Target, calibrate, separate},
    weights::{Calibration, Line, PerCategory, Weights},
};

/// What a mail's sentences are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Learned from.
    Train,
    /// Calibrated on.
    Dev,
    /// Neither: for measuring what came out.
    Test,
}

impl Part {
    /// The part of a mail, by the hash of the name that it shares with mails made from the same
    /// brief: 70 of 100 are learned from, 15 calibrated on, 15 kept for the test. A mail that is
    /// added later moves no other.
    pub fn of(name: &str) -> Part {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        match (hash ^ (hash >> 32)) % 100 {
            0..70 => Part::Train,
            70..85 => Part::Dev,
            _ => Part::Test,
        }
    }
}

/// A labelled sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Number of the mail it stands in.
    pub mail: u32,
    /// What it is for.
    pub part: Part,
    /// The sentence before, in its `normal` form.
    pub before: Option<String>,
    /// The sentence, in its `normal` form.
    pub sentence: String,
    /// The news it tells, if it tells any.
    pub news: Option<Category>,
}

/// What training gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// The weights.
    pub weights: Weights,
    /// How many sentences of news, and how many others, were learned from.
    pub learned_from: (usize, usize),
}

/// Mails a feature must occur in.
const LEAST_MAILS: u32 = 2;
/// The same for stems: a rare one stands for a single word.
const LEAST_MAILS_STEM: u32 = 3;
/// Weights that are kept: beyond these, fewer than one sentence in a thousand changed sides.
const MOST_LINES: usize = 40_000;
/// How dear an error is. Chosen on the dev part.
const COST: f64 = 0.3;
/// An overlooked sentence of news costs more than a false alarm, because there are fewer.
const COST_OF_NEWS: f64 = 4.0;
/// How dear an error between the categories is.
const COST_OF_CATEGORY: f64 = 4.0;

/// Trains on the examples; `sources` says what they came from, `seed` the order they are visited.
pub fn train(examples: &[Example], sources: &str, seed: u64) -> Trained {
    let vocabulary = Vocabulary::of(examples);
    let features = vocabulary.names.len();
    let of_part = |part| examples.iter().filter(move |e| e.part == part);
    let learned: Vec<&Example> = of_part(Part::Train).collect();
    let rows: Vec<Row> = learned.iter().map(|e| vocabulary.row(e)).collect();

    let targets: Vec<Target> = learned
        .iter()
        .map(|e| Target {
            positive: e.news.is_some(),
            cost: if e.news.is_some() { COST * COST_OF_NEWS } else { COST },
        })
        .collect();
    let all: Vec<&Row> = rows.iter().collect();
    let news = separate(&all, &targets, features, seed);

    let told: Vec<(Category, Row)> = learned
        .iter()
        .zip(&rows)
        .filter_map(|(e, row)| Some((e.news?, vocabulary.category_part(row))))
        .collect();
    let categories: Vec<Separation> = Category::all()
        .map(|category| separate_category(category, &told, features, seed))
        .collect();

    let mut weights = rounded(&vocabulary, &news, &categories, sources);
    let dev: Vec<(&Example, Row)> = of_part(Part::Dev).map(|e| (e, vocabulary.row(e))).collect();
    settle(&mut weights, &vocabulary, &dev);
    let learned_from = (told.len(), learned.len() - told.len());
    Trained { weights, learned_from }
}

fn separate_category(
    category: Category,
    told: &[(Category, Row)],
    features: usize,
    seed: u64,
) -> Separation {
    let rows: Vec<&Row> = told.iter().map(|(_, row)| row).collect();
    let targets: Vec<Target> = told
        .iter()
        .map(|(told, _)| Target { positive: *told == category, cost: COST_OF_CATEGORY })
        .collect();
    separate(&rows, &targets, features, seed)
}

/// The features that are learned, sorted by name.
struct Vocabulary {
    names: Vec<(Kind, String)>,
    by_hash: HashMap<u64, u32>,
}

impl Vocabulary {
    fn of(examples: &[Example]) -> Vocabulary {
        /// How many mails have it, and which was the last that was counted.
        struct Count {
            mails: u32,
            last: u32,
        }
        let mut counts: BTreeMap<(Kind, String), Count> = BTreeMap::new();
        let mut known: HashSet<u64> = HashSet::new();
        let mut mail = None;
        let mut cuts = Cuts::default();
        for example in examples.iter().filter(|e| e.part == Part::Train) {
            if mail != Some(example.mail) {
                mail = Some(example.mail);
                known.clear();
            }
            let before = example.before.as_deref();
            cuts.visit(before, &example.sentence, &mut |kind, text, hash| {
                if !known.insert(hash) {
                    return;
                }
                let first = Count { mails: 0, last: u32::MAX };
                let count = counts.entry((kind, text.as_str().to_owned())).or_insert(first);
                if count.last != example.mail {
                    count.mails += 1;
                    count.last = example.mail;
                }
            });
        }
        let least = |kind| match kind {
            Kind::Stem => LEAST_MAILS_STEM,
            _ => LEAST_MAILS,
        };
        let names: Vec<(Kind, String)> = counts
            .into_iter()
            .filter(|((kind, _), count)| count.mails >= least(*kind))
            .map(|(name, _)| name)
            .collect();
        let by_hash =
            names.iter().map(|(kind, text)| super::features::Hash::feature(*kind, text)).zip(0..);
        Vocabulary { by_hash: by_hash.collect(), names }
    }

    fn row(&self, example: &Example) -> Row {
        let mut row: BTreeMap<u32, f64> = BTreeMap::new();
        let before = example.before.as_deref();
        let count = Cuts::default().visit(before, &example.sentence, &mut |_, _, hash| {
            if let Some(&feature) = self.by_hash.get(&hash) {
                *row.entry(feature).or_default() += 1.0;
            }
        });
        let scale = evened(count);
        row.into_iter().map(|(feature, times)| (feature, times * scale)).collect()
    }

    fn names_category(&self, feature: u32) -> bool {
        self.names.get(feature as usize).is_some_and(|(kind, _)| kind.names_category())
    }

    fn category_part(&self, row: &Row) -> Row {
        row.iter().copied().filter(|&(feature, _)| self.names_category(feature)).collect()
    }
}

/// The separations as lines of whole numbers, the most important ones, sorted by name.
fn rounded(
    vocabulary: &Vocabulary,
    news: &Separation,
    categories: &[Separation],
    sources: &str,
) -> Weights {
    let largest = |weights: &mut dyn Iterator<Item = f64>| {
        weights.map(f64::abs).fold(f64::MIN_POSITIVE, f64::max)
    };
    let news_scale = largest(&mut news.weights.iter().copied()) / 127.0;
    let category_scale =
        largest(&mut categories.iter().flat_map(|c| c.weights.iter().copied())) / 127.0;
    let mut lines: Vec<Line> = Vec::new();
    for (at, ((kind, text), weight)) in vocabulary.names.iter().zip(&news.weights).enumerate() {
        let mut of_categories: PerCategory<i8> = [0; Category::COUNT];
        for (whole, separation) in of_categories.iter_mut().zip(categories) {
            *whole = whole_number(separation.weights.get(at).copied(), category_scale);
        }
        let says_much = of_categories.iter().any(|w| w.unsigned_abs() >= LEAST_CATEGORY_WEIGHT);
        lines.push(Line {
            kind: *kind,
            text: text.clone(),
            news: whole_number(Some(*weight), news_scale),
            categories: says_much.then_some(of_categories),
        });
    }
    lines.retain(|l| l.news != 0 || l.categories.is_some());
    // Loudest first; equal ones stay in the order of their names, because the sort is stable.
    lines.sort_by_key(|l| std::cmp::Reverse((l.categories.is_some(), l.news.unsigned_abs())));
    lines.truncate(MOST_LINES);
    lines.sort_by(|a, b| (a.kind, &a.text).cmp(&(b.kind, &b.text)));
    let mut category_bias = [0.0; Category::COUNT];
    for (bias, separation) in category_bias.iter_mut().zip(categories) {
        *bias = separation.bias;
    }
    Weights {
        sources: sources.to_owned(),
        news_scale,
        news_bias: news.bias,
        calibration: Calibration { slope: 1.0, intercept: 0.0, news: 1.0, other: 1.0 },
        category_scale,
        sharpness: 1.0,
        category_bias,
        lines,
    }
}

/// A feature that moves no category by this much (of 127) is not written for categories.
const LEAST_CATEGORY_WEIGHT: u8 = 12;

fn whole_number(weight: Option<f64>, scale: f64) -> i8 {
    let whole = (weight.unwrap_or_default() / scale).round().clamp(-127.0, 127.0);
    #[expect(clippy::cast_possible_truncation, reason = "clamped to what an i8 holds")]
    let whole = whole as i8;
    whole
}

/// Calibrates what was rounded on sentences it has not seen.
fn settle(weights: &mut Weights, vocabulary: &Vocabulary, dev: &[(&Example, Row)]) {
    let (news, categories) = read_back(weights, vocabulary);
    let scored: Vec<(f64, bool)> =
        dev.iter().map(|(e, row)| (news.score(row), e.news.is_some())).collect();
    let (slope, intercept) = calibrate(&scored);
    let told = scored.iter().filter(|(_, news)| *news).count();
    #[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
    let (told, other) = (told as f64, (scored.len() - told) as f64);
    weights.calibration = Calibration { slope, intercept, news: told, other };

    let told: Vec<(Category, PerCategory<f64>)> = dev
        .iter()
        .filter_map(|(e, row)| {
            let mut scores = [0.0; Category::COUNT];
            for (score, separation) in scores.iter_mut().zip(&categories) {
                *score = separation.score(row);
            }
            Some((e.news?, scores))
        })
        .collect();
    weights.sharpness = sharpness(&told);
}

/// Shares that add up to 1, the same on every machine.
fn softmax(scores: PerCategory<f64>) -> PerCategory<f64> {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers = scores.map(|s| arithmetic::exp(s - most));
    let sum: f64 = powers.iter().sum();
    powers.map(|p| p / sum)
}

/// How far apart the shares are drawn: the step of a fixed ladder under which what came true was
/// likeliest.
fn sharpness(told: &[(Category, PerCategory<f64>)]) -> f64 {
    let likelihood = |sharpness: f64| -> f64 {
        told.iter()
            .map(|(category, scores)| {
                let shares = softmax(scores.map(|s| sharpness * s));
                arithmetic::ln(shares.get(category.index()).copied().unwrap_or_default())
            })
            .sum()
    };
    (1..=24)
        .map(|step| f64::from(step) * 0.25)
        .map(|sharpness| (sharpness, likelihood(sharpness)))
        .fold((1.0, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best })
        .0
}

/// The separations that the written lines stand for.
fn read_back(weights: &Weights, vocabulary: &Vocabulary) -> (Separation, Vec<Separation>) {
    let empty = |bias| Separation { weights: vec![0.0; vocabulary.names.len()], bias };
    let mut news = empty(weights.news_bias);
    let mut categories: Vec<Separation> = weights.category_bias.into_iter().map(empty).collect();
    for line in &weights.lines {
        let hash = super::features::Hash::feature(line.kind, &line.text);
        let Some(&feature) = vocabulary.by_hash.get(&hash) else { continue };
        let at = feature as usize;
        if let Some(weight) = news.weights.get_mut(at) {
            *weight = f64::from(line.news) * weights.news_scale;
        }
        for (separation, whole) in categories.iter_mut().zip(line.categories.unwrap_or_default()) {
            if let Some(weight) = separation.weights.get_mut(at) {
                *weight = f64::from(whole) * weights.category_scale;
            }
        }
    }
    (news, categories)
}
