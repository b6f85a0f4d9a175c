//! The guide on the page: the parts that open below the three lines.

use crate::{
    call::{Guide, Part},
    notice::{GuideWords, Texts},
};

/// What opens; `guide.html` shows it.
pub(super) struct Folded<'a> {
    pub(super) words: &'static GuideWords,
    pub(super) guide: &'a Guide,
    pub(super) colon: &'static str,
    /// Regret, responsibility, remedy, each by its name, with its line.
    pub(super) parts: Vec<(&'static str, &'a str, &'a Part)>,
}

impl<'a> Folded<'a> {
    /// The parts of a guide; of one that was stored without parts, nothing.
    pub(super) fn of(guide: &'a Guide, texts: &'static Texts) -> Folded<'a> {
        let labelled = texts.three.into_iter().zip(&guide.lines).zip(&guide.parts);
        Folded {
            words: texts.guide,
            guide,
            colon: texts.colon,
            parts: labelled.map(|((label, line), part)| (label, line.as_str(), part)).collect(),
        }
    }
}
