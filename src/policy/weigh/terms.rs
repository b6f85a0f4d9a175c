//! What a weighing gives: terms, and their sum for each policy.

/// The longest evidence, in characters.
const EVIDENCE_CHARS: usize = 160;

/// One term of a policy's sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The sender's words, or the fact, at most 160 characters.
    pub text: String,
    /// `subject`, `new`, `attachment`, `quoted` or `message`.
    pub place: &'static str,
    /// The signal's name; `model` for the learned model, `reader` where it read the sentence in
    /// its context.
    pub signal: String,
    /// What it adds to the log-odds, its sentence's share counted in.
    pub weight: f64,
}

impl Contribution {
    /// A term by these words of the sender, cut where they are long.
    pub fn new(words: &str, place: &'static str, signal: &str, weight: f64) -> Contribution {
        Contribution { text: short(words), place, signal: signal.to_owned(), weight }
    }
}

/// What one policy makes of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// The policy's place in [`PolicySet::policies`].
    pub policy: usize,
    /// The sum.
    pub log_odds: f64,
    /// The same as a probability.
    pub probability: f64,
    /// The sum's terms but for the base, heaviest first.
    pub contributions: Vec<Contribution>,
}

impl Weight {
    /// Counts one more term in.
    pub fn add(&mut self, term: Contribution) {
        self.log_odds += term.weight;
        self.probability = probability(self.log_odds);
        self.contributions.push(term);
        heaviest_first(&mut self.contributions);
    }
}

pub(super) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

pub(super) fn heaviest_first(terms: &mut [Contribution]) {
    terms.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
}

/// What all policies make of a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weighed {
    /// One for each enabled policy.
    pub weights: Vec<Weight>,
    /// The words by which the mail confirms a conversation that took place.
    pub already_called: Option<Contribution>,
    /// The quoted sentences in which somebody is upset. Nothing is held for them.
    pub upset: Vec<String>,
    /// The passages, by their places, that count for nothing: brochures, terms, letters to us.
    pub unheard: Vec<usize>,
}

/// The beginning of a sentence, cut between words where it is long.
pub(super) fn short(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().nth(EVIDENCE_CHARS) else { return text.to_owned() };
    let head = text.get(..cut).unwrap_or_default();
    let head = head.rsplit_once(' ').map_or(head, |(head, _)| head);
    format!("{head}…").chars().take(EVIDENCE_CHARS).collect()
}
