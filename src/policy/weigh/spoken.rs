//! What stood behind the sums of a weighing, sentence by sentence: for those who want to know what
//! other weights would have made of it. Nobody else pays for it.

use super::{PolicySet, Weight, judged::Judged, word::Word};

/// Sentences kept; of a mail with more that say something, it is told that there are more.
const MAX_SENTENCES: usize = 48;

/// The most of a sentence that is kept, in octets.
const MAX_OCTETS: usize = 512;

/// The sentences of a mail that say something to a policy.
#[derive(Debug, Clone, Default)]
pub struct Spoken {
    sentences: Vec<Sentence>,
    /// Signals of the message and how often each was met, up to its limit.
    of_message: Vec<(usize, u32)>,
    /// Whether there were more of them.
    more: bool,
}

#[derive(Debug, Clone)]
struct Sentence {
    normal: String,
    share: f64,
    read: bool,
    hits: Vec<usize>,
    /// What the model adds, by policy.
    words: Vec<Option<f64>>,
}

/// What a policy's sum is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SumOf {
    /// The log-odds before a word is read.
    pub base: f64,
    /// The sentences that say something to it.
    pub sentences: Vec<Saying>,
    /// Signals of the message, what each adds, and how many times.
    pub of_message: Vec<(String, f64, u32)>,
    /// Whether sentences are missing, because there were too many.
    pub more: bool,
}

/// What one sentence says to a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Saying {
    /// The sentence as patterns see it: lower case, contractions spelled out.
    pub normal: String,
    /// Of its weight, what counts.
    pub share: f64,
    /// Signals, and the log-odds that each adds before its share is taken; `model` or `reader` for
    /// the learned model's word.
    pub terms: Vec<(String, f64)>,
}

impl Saying {
    /// What it adds: the sum of its terms, its share taken.
    pub fn sum(&self) -> f64 {
        self.terms.iter().map(|(_, weight)| weight * self.share).sum()
    }
}

impl Spoken {
    pub(super) fn begin(&mut self) {
        *self = Spoken::default();
    }

    pub(super) fn note(
        &mut self,
        set: &PolicySet,
        judged: &Judged<'_>,
        hits: &[usize],
        word: &Word<'_>,
        categories: &[Option<usize>],
    ) {
        if self.sentences.len() == MAX_SENTENCES {
            self.more = true;
            return;
        }
        let of_sentence = |index: &&usize| set.signals.get(**index).is_some_and(|s| !s.of_message);
        let says = |(policy, category): (_, &Option<usize>)| word.to(policy, (*category)?);
        let words = set.policies.iter().zip(categories).map(says).collect();
        self.sentences.push(Sentence {
            normal: beginning(judged.sentence.normal()).to_owned(),
            share: judged.share,
            read: word.read.is_some(),
            hits: hits.iter().filter(of_sentence).copied().collect(),
            words,
        });
    }

    pub(super) fn end(&mut self, of_message: impl Iterator<Item = (usize, u32)>) {
        self.of_message = of_message.collect();
    }
}

/// The whole words that fit.
fn beginning(normal: &str) -> &str {
    if normal.len() <= MAX_OCTETS {
        return normal;
    }
    let head = normal.get(..normal.floor_char_boundary(MAX_OCTETS)).unwrap_or_default();
    head.rsplit_once(' ').map_or(head, |(whole, _)| whole)
}

impl PolicySet {
    /// What a policy's sum is made of. `weight` is what it came to in the end: a term that was added
    /// after the weighing is among those of the message.
    pub fn sum_of(&self, spoken: &Spoken, weight: &Weight) -> SumOf {
        let policy = weight.policy;
        let saying = |sentence: &Sentence| {
            let word = sentence.words.get(policy).copied().flatten();
            let name = if sentence.read { "reader" } else { "model" };
            let hits = sentence.hits.iter().filter_map(|&index| self.heard(policy, index));
            let terms = word.map(|word| (name.to_owned(), word)).into_iter().chain(hits);
            let terms: Vec<_> = terms.filter(|(_, weight)| *weight != 0.0).collect();
            let share = sentence.share;
            Saying { normal: sentence.normal.clone(), share, terms }
        };
        let sentences = spoken.sentences.iter().map(saying).filter(|s| !s.terms.is_empty());
        let met = spoken.of_message.iter().filter_map(|&(index, times)| {
            let (name, weight) = self.heard(policy, index)?;
            Some((name, weight, times)).filter(|(_, weight, _)| *weight != 0.0)
        });
        let base = self.policies.get(policy).map_or(0.0, |p| p.base);
        let mut sum = SumOf {
            base,
            sentences: sentences.collect(),
            of_message: met.collect(),
            more: spoken.more,
        };
        let known = |name: &str| {
            matches!(name, "model" | "reader") || self.signals.iter().any(|s| s.name == name)
        };
        let later = weight.contributions.iter().filter(|c| !known(&c.signal));
        sum.of_message.extend(later.map(|c| (c.signal.clone(), c.weight, 1)));
        sum
    }

    fn heard(&self, policy: usize, index: usize) -> Option<(String, f64)> {
        let signal = self.signals.get(index)?;
        self.hears(policy, index, signal).then(|| (signal.name.clone(), signal.weight))
    }
}
