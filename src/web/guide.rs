//! The guide on the page: the parts that open below the three lines.

use crate::{
    call::{Guide, Part},
    notice::{GuideWords, Texts},
};

/// What opens; `guide.html` shows it.
pub(super) struct Folded<'a> {
    pub(super) words: &'a GuideWords<'a>,
    pub(super) guide: &'a Guide,
    pub(super) colon: &'a str,
    /// Regret, responsibility, remedy, each by its name, with its line.
    pub(super) parts: Vec<(&'a str, &'a str, &'a Part)>,
}

impl<'a> Folded<'a> {
    /// The parts of a guide; of one that was stored without parts, nothing.
    pub(super) fn of(guide: &'a Guide, texts: &'a Texts<'a>) -> Folded<'a> {
        let labelled = texts.three.into_iter().zip(&guide.lines).zip(&guide.parts);
        Folded {
            words: &texts.guide,
            guide,
            colon: texts.colon,
            parts: labelled.map(|((label, line), part)| (label, line.as_str(), part)).collect(),
        }
    }
}
