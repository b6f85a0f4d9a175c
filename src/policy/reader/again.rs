//! A second look at what looks suspicious.

use super::{Cut, Reader, windows};
use crate::{
    message::Sentence,
    policy::{Candidate, Understood, embedded},
};

/// Windows read of one mail: what else is suspicious is mostly more of the same.
const MOST_WINDOWS: usize = 2;

/// Reads the windows around suspicious sentences with the reader that ships: the log-odds by
/// category of each sentence in them.
pub(in crate::policy) fn read_again(
    sentences: &[&Sentence],
    suspicious: &[Candidate],
) -> Understood {
    let Some(reader) = Reader::embedded() else { return Understood::new() };
    let cuts: Vec<Cut> = sentences.iter().map(|s| reader.cut(s.normal())).collect();
    let sizes: Vec<usize> = cuts.iter().map(Vec::len).collect();
    let mut understood: Understood = vec![None; sentences.len()];
    for window in windows(&sizes, suspicious, MOST_WINDOWS) {
        let read = reader.read(cuts.get(window.clone()).unwrap_or_default());
        for (slot, scores) in understood.iter_mut().skip(window.start).zip(&read) {
            let scores: Vec<f64> = embedded::log_odds_by_category(scores).collect();
            // Where windows overlap, the surer word counts.
            let surer = |old: &Vec<f64>| most(old) >= most(&scores);
            if !slot.as_ref().is_some_and(surer) {
                *slot = Some(scores);
            }
        }
    }
    understood
}

fn most(scores: &[f64]) -> f64 {
    scores.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
