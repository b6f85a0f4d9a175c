//! Which sentences are shown, where not all fit: those that spoke most, and their neighbours.

use crate::{
    decision::Decision,
    message::{PassageKind, Reading, Sentence},
};

/// Sentences looked at; behind them a mail is a book, and policies stop there too.
const MAX_SENTENCES: usize = 2_000;
/// Sentences shown before and behind one that spoke.
const NEIGHBOURS: usize = 2;

/// A sentence that may be shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own<'r> {
    pub(super) sentence: &'r Sentence,
    pub(super) is_subject: bool,
    /// Which passage of the reading it stands in.
    pub(super) passage: usize,
}

impl<'r> Own<'r> {
    /// As it was written.
    pub(super) fn text(&self) -> &'r str {
        self.sentence.text()
    }
}

/// Subject and newly written text, in order; nothing quoted, signed, attached or appended.
pub(super) fn own(reading: &Reading) -> Vec<Own<'_>> {
    let all = reading.passages.iter().enumerate();
    let passages = all.filter_map(|(at, passage)| match passage.kind {
        PassageKind::Subject => Some((at, passage, true)),
        PassageKind::New => Some((at, passage, false)),
        PassageKind::Quoted
        | PassageKind::Forwarded
        | PassageKind::Signature
        | PassageKind::Disclaimer
        | PassageKind::Attachment => None,
    });
    let sentences = passages.flat_map(|(at, passage, is_subject)| {
        let one = move |sentence| Own { sentence, is_subject, passage: at };
        passage.sentences.iter().map(one)
    });
    sentences.take(MAX_SENTENCES).collect()
}

/// The places of all sentences, those first that should be shown first.
pub(super) fn by_weight(own: &[Own<'_>], decision: &Decision) -> Vec<usize> {
    let spoke = |own: &Own<'_>| -> f64 {
        let text = own.text();
        let mine = decision.evidence.iter().filter(|e| {
            // Evidence is the beginning of a sentence, cut between words.
            !e.text.is_empty() && text.starts_with(e.text.trim_end_matches('…'))
        });
        mine.map(|e| e.weight.abs()).sum()
    };
    let mut loudest: Vec<(usize, f64)> =
        own.iter().map(spoke).enumerate().filter(|(_, weight)| *weight > 0.0).collect();
    loudest.sort_by(|a, b| b.1.total_cmp(&a.1));
    let around = loudest.iter().flat_map(|(at, _)| {
        let near = (1..=NEIGHBOURS).flat_map(move |n| [at.checked_sub(n), Some(at + n)]);
        std::iter::once(*at).chain(near.flatten())
    });
    let mut taken = vec![false; own.len()];
    let mut order = Vec::with_capacity(own.len());
    for at in around.chain(0..own.len()) {
        if let Some(taken) = taken.get_mut(at).filter(|taken| !**taken) {
            *taken = true;
            order.push(at);
        }
    }
    order
}
