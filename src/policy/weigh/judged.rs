//! The sentences that are weighed, with their neighbours.

use crate::{
    message::{PassageKind, Reading, Sentence},
    policy::{
        attached::{NOTHING, WHOLE},
        written::Place,
    },
};

/// Sentences judged at most; behind them a mail is a book.
const MAX_SENTENCES: usize = 2_000;
/// Quoted sentences looked at for context.
const MAX_QUOTED: usize = 300;

/// A sentence and where it stands.
pub(in crate::policy) struct Judged<'r> {
    pub(super) place: Place,
    pub(super) sentence: &'r Sentence,
    pub(super) previous: Option<&'r Sentence>,
    /// Of its weight, what counts.
    pub(super) share: f64,
}

impl<'r> Judged<'r> {
    /// A sentence without the one before it.
    pub(in crate::policy) fn alone(place: Place, sentence: &'r Sentence) -> Judged<'r> {
        Judged { place, sentence, previous: None, share: WHOLE }
    }

    /// Whether it ends as a question.
    pub(super) fn asks(&self) -> bool {
        self.sentence.normal().trim_end().ends_with('?')
    }
}

/// The sentences to look at, with their neighbours.
pub(super) fn judged<'r>(reading: &'r Reading, shares: &[f64]) -> Vec<Judged<'r>> {
    let sentences: usize = reading.passages.iter().map(|passage| passage.sentences.len()).sum();
    let mut judged = Vec::with_capacity(sentences.min(MAX_SENTENCES));
    let mut quoted = 0;
    let shares = shares.iter().copied().chain(std::iter::repeat(WHOLE));
    for (passage, share) in reading.passages.iter().zip(shares).filter(|(_, s)| *s > NOTHING) {
        let place = match passage.kind {
            PassageKind::Subject => Place::Subject,
            PassageKind::New => Place::New,
            PassageKind::Attachment => Place::Attachment,
            PassageKind::Quoted | PassageKind::Forwarded => Place::Quoted,
            PassageKind::Signature | PassageKind::Disclaimer => continue,
        };
        let mut previous = None;
        for sentence in &passage.sentences {
            quoted += usize::from(place == Place::Quoted);
            if judged.len() == MAX_SENTENCES || place == Place::Quoted && quoted > MAX_QUOTED {
                break;
            }
            judged.push(Judged { place, sentence, previous, share });
            previous = Some(sentence);
        }
    }
    judged
}
