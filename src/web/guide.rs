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
    /// Regret, responsibility, remedy, each by its name.
    pub(super) parts: Vec<(&'a str, &'a Part)>,
}

impl<'a> Folded<'a> {
    /// The parts of a guide; of one that was stored without parts, nothing.
    pub(super) fn of(guide: &'a Guide, texts: &'a Texts<'a>) -> Folded<'a> {
        Folded {
            words: &texts.guide,
            guide,
            colon: texts.colon,
            parts: texts.three.into_iter().zip(&guide.parts).collect(),
        }
    }

    /// Whether there is a word about the three; an older guide has none where a hint was found.
    pub(super) fn parts_speak(&self) -> bool {
        self.parts.iter().any(|(_, part)| !part.says.is_empty() || !part.lacks.is_empty())
    }
}
