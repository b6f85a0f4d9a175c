//! The guide on the page: the parts that open below the three lines.

use crate::{
    call::{Guide, Part},
    message::Language,
    notice::{GuideWords, Texts},
};

/// What opens; `guide.html` shows it.
pub(super) struct Folded<'a> {
    pub(super) words: &'static GuideWords,
    pub(super) guide: &'a Guide,
    pub(super) colon: &'static str,
    /// Regret, responsibility, remedy, each by its name.
    pub(super) parts: Vec<(&'static str, &'a Part)>,
}

impl<'a> Folded<'a> {
    /// The parts of a guide; of one that was stored without parts, nothing.
    pub(super) fn of(guide: &'a Guide, language: Language) -> Folded<'a> {
        let texts = Texts::of(language);
        Folded {
            words: GuideWords::of(language),
            guide,
            colon: texts.colon,
            parts: texts.three.into_iter().zip(&guide.parts).collect(),
        }
    }
}
