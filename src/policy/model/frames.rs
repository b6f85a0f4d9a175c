//! The frame of a sentence: who speaks, of whom, negated, asked, conditional, reported, when, of
//! money, of dates that move.
//!
//! Takes the tokens of one sentence, gives a set of marks. A mark says that a cue word stands in
//! the sentence, not that the grammar was understood: the model weighs what it is worth. Cues are
//! short lists in `data/model/cues.toml`; a word that means two things in two languages
//! (`si`, `no`) is listed where it is a cue in most.

use std::{collections::BTreeMap, sync::LazyLock};

use super::features::word_hash;

/// A mark of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// Nothing stands before it: the subject, or the first sentence.
    First,
    /// A negation.
    Negated,
    /// We, our, I, my.
    We,
    /// You, your.
    You,
    /// They, their, he, she.
    They,
    /// A question.
    Question,
    /// If, unless, in case.
    Conditional,
    /// Can, could, may, would.
    Possible,
    /// Said, wrote, according to.
    Reported,
    /// Please.
    Imperative,
    /// Was, were, has been.
    Past,
    /// Will, shall, from then on.
    Future,
    /// An amount or a percentage.
    Money,
    /// A number.
    Number,
    /// A day or a month by name.
    Date,
    /// Postponed, instead, until: a date or an amount moves.
    Moved,
    /// Telephone, spoke, discussed.
    Talk,
    /// Sorry, regret, unfortunately.
    Regret,
}

pub(super) const ALL: [Frame; 18] = [
    Frame::First,
    Frame::Negated,
    Frame::We,
    Frame::You,
    Frame::They,
    Frame::Question,
    Frame::Conditional,
    Frame::Possible,
    Frame::Reported,
    Frame::Imperative,
    Frame::Past,
    Frame::Future,
    Frame::Money,
    Frame::Number,
    Frame::Date,
    Frame::Moved,
    Frame::Talk,
    Frame::Regret,
];

impl Frame {
    /// Its name in the file of weights.
    pub(super) fn name(self) -> &'static str {
        match self {
            Frame::First => "first",
            Frame::Negated => "negated",
            Frame::We => "we",
            Frame::You => "you",
            Frame::They => "they",
            Frame::Question => "question",
            Frame::Conditional => "conditional",
            Frame::Possible => "possible",
            Frame::Reported => "reported",
            Frame::Imperative => "imperative",
            Frame::Past => "past",
            Frame::Future => "future",
            Frame::Money => "money",
            Frame::Number => "number",
            Frame::Date => "date",
            Frame::Moved => "moved",
            Frame::Talk => "talk",
            Frame::Regret => "regret",
        }
    }

    /// The hash of its name.
    pub(super) fn hash(self) -> u64 {
        NAME_HASHES.get(self as usize).copied().unwrap_or_default()
    }

    fn bit(self) -> u32 {
        1 << self as u16
    }
}

static NAME_HASHES: LazyLock<Vec<u64>> =
    LazyLock::new(|| ALL.iter().map(|frame| word_hash(frame.name())).collect());

/// A set of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks(u32);

impl Marks {
    pub(super) fn insert(&mut self, frame: Frame) {
        self.0 |= frame.bit();
    }

    /// With one mark more, where there is one.
    #[inline]
    pub(super) fn with(self, frame: Option<Frame>) -> Marks {
        Marks(self.0 | frame.map_or(0, Frame::bit))
    }

    /// With the marks of another set.
    #[inline]
    pub(super) fn and(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }

    /// Whether a mark is among them.
    #[inline]
    pub(super) fn has(self, frame: Frame) -> bool {
        self.0 & frame.bit() != 0
    }

    /// As places in [`ALL`], in that order.
    #[inline]
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(place)
        })
    }

    /// In the order of [`Frame`].
    pub(super) fn iter(self) -> impl Iterator<Item = Frame> {
        ALL.into_iter().filter(move |f| self.has(*f))
    }
}

/// The words that are cues, by language and mark: part of what the weights were trained with.
const CUES: &str = include_str!("../../../data/model/cues.toml");

/// Each cue with its mark. Empty where the file is broken, which a test excludes.
fn cues() -> Vec<(Frame, String)> {
    let languages: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(CUES).unwrap_or_default();
    let marks = languages.into_values().flatten();
    let of_mark = |(mark, words): (String, String)| {
        let frame = ALL.into_iter().find(|frame| frame.name() == mark);
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        frame.into_iter().flat_map(move |frame| words.clone().into_iter().map(move |w| (frame, w)))
    };
    marks.flat_map(of_mark).collect()
}

/// The cues by the hash of their text, open addressing: half of the hash and the mark.
static BY_HASH: LazyLock<Vec<Option<(u32, Frame)>>> = LazyLock::new(|| {
    let mut slots = vec![None; SLOTS];
    for (frame, word) in cues() {
        let hash = word_hash(&word);
        let mut at = slot(hash);
        while slots.get(at).is_some_and(Option::is_some) {
            at = (at + 1) % SLOTS;
        }
        if let Some(free) = slots.get_mut(at) {
            *free = Some((half(hash), frame));
        }
    }
    slots
});

/// About four times the number of cues, so that most tokens meet an empty slot.
const SLOTS: usize = 1 << 11;

fn slot(hash: u64) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "only the low bits count")]
    let low = hash as usize;
    low % SLOTS
}

/// The bits of a hash that do not decide its slot.
fn half(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// The mark a token is a cue for, by the token's hash.
pub(super) fn cue(hash: u64) -> Option<Frame> {
    let mut at = slot(hash);
    while let Some(&(known, frame)) = BY_HASH.get(at)?.as_ref() {
        if known == half(hash) {
            return Some(frame);
        }
        at = (at + 1) % SLOTS;
    }
    None
}

/// Two marks together, as they stand in the file of weights.
pub(super) fn both(one: Frame, other: Frame) -> &'static str {
    PAIRS.get(one as usize * ALL.len() + other as usize).map_or("", String::as_str)
}

static PAIRS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let pairs = ALL.iter().flat_map(|one| ALL.iter().map(move |other| (one, other)));
    pairs.map(|(one, other)| format!("{}+{}", one.name(), other.name())).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sentence: &str) -> Vec<&'static str> {
        let mut marks = Marks::default();
        sentence.split(' ').map(word_hash).filter_map(cue).for_each(|frame| marks.insert(frame));
        marks.iter().map(Frame::name).collect()
    }

    #[test]
    fn cues_of_seven_languages_are_marked() {
        assert_eq!(names("we cannot pay"), ["negated", "we"]);
        assert_eq!(names("leider können wir das nicht"), ["negated", "we", "possible", "regret"]);
        assert_eq!(names("votre dossier n est pas accepté ?"), ["negated", "you", "question"]);
        assert_eq!(names("no podemos"), ["negated", "possible"]);
        assert_eq!(names("purtroppo non sarà lunedì"), ["negated", "future", "date", "regret"]);
        assert_eq!(names("helaas niet"), ["negated", "regret"]);
        assert_eq!(names("infelizmente não"), ["negated", "regret"]);
    }

    #[test]
    fn every_mark_of_the_file_is_known_and_no_word_is_a_cue_for_two() {
        let file: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(CUES).unwrap();
        let words = file.values().flat_map(BTreeMap::values).flat_map(|words| words.split(' '));
        let mut words: Vec<&str> = words.collect();
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
        assert_eq!(cues().len(), all);
        assert!(all * 3 < SLOTS);
    }

    #[test]
    fn every_mark_has_a_bit_and_a_name_of_its_own() {
        for (at, frame) in ALL.into_iter().enumerate() {
            assert_eq!(frame as usize, at);
            assert_eq!(ALL.into_iter().filter(|f| f.name() == frame.name()).count(), 1);
        }
    }
}
