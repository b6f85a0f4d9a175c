//! What is written about a reader: from what it was made, and how its numbers are meant.

use serde::Deserialize;

/// `data/reader/reader.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sheet {
    /// SHA-256 of the packed base.
    #[expect(dead_code, reason = "for people and for CI")]
    pub(super) base: String,
    /// SHA-256 of the sentences it was calibrated on.
    #[expect(dead_code, reason = "for people and for CI")]
    pub(super) sources: String,
    /// SHA-256 of `encoder.onnx`.
    pub(super) encoder: String,
    /// SHA-256 of `words.bin`.
    #[expect(dead_code, reason = "for people and for CI")]
    pub(super) words: String,
    /// SHA-256 of `pieces.tsv`.
    #[expect(dead_code, reason = "for people and for CI")]
    pub(super) pieces: String,
    /// The gate's log-odds above which a sentence is read.
    pub(super) gate: f64,
    /// Where no sentence of a window has a glance above this, its upper layers are not asked.
    pub(super) quiet: f32,
    /// The logit of a sentence in such a window: what the upper layers say there on the whole.
    pub(super) settled: f32,
    /// Log-odds of news = slope × logit + intercept.
    pub(super) slope: f64,
    /// See `slope`.
    pub(super) intercept: f64,
    /// The kinds' logits times this are natural logarithms of their odds.
    pub(super) sharpness: f64,
}

impl Sheet {
    pub(super) fn parse(text: &str) -> Option<Sheet> {
        toml::from_str(text).ok()
    }
}
