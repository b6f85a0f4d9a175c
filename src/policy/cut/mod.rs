//! One cut of a sentence into words, for the patterns and for the model.
//!
//! Takes sentences in their `normal` form, one after the other, gives the words of each by their
//! number in the mail's [`Vocabulary`]. The patterns want words as [`words`] cuts them; the model
//! wants [`Token`]s, which differ from them in numbers (`#`), currencies (`$`) and `?`, `!`, `%`.
//! Nearly all words of nearly all mail are the same for both. A very long sentence is not cut here:
//! each of the two has its own way through it, within bounds of its own.

mod sentence;
mod vocabulary;
pub(super) mod words;

pub(super) use sentence::{Cut, Token, Word};
pub(super) use vocabulary::Vocabulary;

/// Keeps the words of a mail, the sentence at hand, and the one before.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    vocabulary: Vocabulary,
    sentence: Cut,
    before: Cut,
}

impl Cutter {
    /// Cuts the next sentence; the one that was cut before becomes the one before.
    pub(super) fn turn(&mut self, sentence: &str) {
        if !self.sentence.is(sentence) {
            std::mem::swap(&mut self.sentence, &mut self.before);
            self.sentence.cut(sentence, &mut self.vocabulary);
        }
    }

    /// The words of the mail so far.
    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The sentence that was cut last, if it is this one and could be cut.
    pub(super) fn sentence(&self, sentence: &str) -> Option<&Cut> {
        Some(&self.sentence).filter(|cut| cut.fits() && cut.is(sentence))
    }

    /// The words of the mail so far, this sentence, and the one before it; `None` where one of
    /// them could not be cut. Cuts what is not cut.
    pub(super) fn both(
        &mut self,
        before: Option<&str>,
        sentence: &str,
    ) -> Option<(&Vocabulary, &Cut, Option<&Cut>)> {
        self.turn(sentence);
        if let Some(before) = before.filter(|before| !self.before.is(before)) {
            self.before.cut(before, &mut self.vocabulary);
        }
        let fits = self.sentence.fits() && (before.is_none() || self.before.fits());
        fits.then(|| (&self.vocabulary, &self.sentence, before.map(|_| &self.before)))
    }
}
