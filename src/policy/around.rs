//! What the words around a phrase make of it: who acts, how sure it is, when, and whether an
//! amount, a date or a move of either stands in the sentence.
//!
//! Takes the words of a sentence and the place of a phrase in it, gives frames. The cues are
//! word lists of a language in `policies/lists`; only how they combine is code: the actor is the
//! nearest before the phrase; mood and tense must stand in its clause, before it, in it or right
//! behind; amounts, dates and moves count wherever they stand.

use std::collections::HashMap;

use super::{
    cut::words::{Word, each_word, is_sign},
    written::{Frame, Frames, Reach},
};
use crate::message::Language;

/// How many words behind a phrase a cue may stand and still speak of it: "abgelehnt worden sein".
const BEHIND: usize = 2;

/// No clause reaches farther back, whatever a sender leaves without a stop.
const CLAUSE_WORDS: usize = 40;

/// The cue words of all languages.
#[derive(Debug, Default)]
pub(super) struct Cues {
    words: HashMap<Language, HashMap<String, Frames>>,
    stems: HashMap<Language, Vec<(String, Frames)>>,
}

/// A phrase in a sentence: its first word, and the word behind its last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrase {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A normalised sentence, whose cues are looked for once, and only when a phrase asks for them.
pub(super) struct Surroundings<'s> {
    cues: &'s Cues,
    normal: &'s str,
    noted: Vec<(Language, Noted)>,
}

impl<'s> Surroundings<'s> {
    pub(super) fn new(cues: &'s Cues, normal: &'s str) -> Surroundings<'s> {
        Surroundings { cues, normal, noted: Vec::new() }
    }

    /// The frames around a phrase, by the cues of a language.
    pub(super) fn around(&mut self, language: Language, phrase: Phrase) -> Frames {
        if let Some((_, noted)) = self.noted.iter().find(|(of, _)| *of == language) {
            return noted.around(phrase);
        }
        let noted = self.cues.note(language, self.normal);
        let frames = noted.around(phrase);
        self.noted.push((language, noted));
        frames
    }
}

/// Where the cues of a language stand in a sentence, by the number of their word.
#[derive(Debug, Default)]
struct Noted {
    actors: Vec<(usize, Frame)>,
    of_clause: Vec<(usize, Frame)>,
    /// Words that a stop stands behind.
    stops: Vec<usize>,
    anywhere: Frames,
}

impl Noted {
    fn around(&self, Phrase { start, end }: Phrase) -> Frames {
        let (before, behind) = self.actors.split_at(self.actors.partition_point(|a| a.0 < start));
        let within = behind.first().filter(|(at, _)| *at < end);
        let actor = before.last().or(within).map_or(Frame::Nobody, |(_, frame)| *frame);
        let (earlier, later) = self.stops.split_at(self.stops.partition_point(|s| *s < start));
        let begin =
            earlier.last().map_or(0, |stop| stop + 1).max(start.saturating_sub(CLAUSE_WORDS));
        let stop = later.iter().find(|stop| **stop + 1 >= end);
        let close = stop.map_or(end + BEHIND, |stop| (stop + 1).min(end + BEHIND));
        let from = self.of_clause.partition_point(|(at, _)| *at < begin);
        let of_clause = self.of_clause.iter().skip(from).take_while(|(at, _)| *at < close);
        let frames = of_clause.fold(self.anywhere, |frames, (_, frame)| frames.with(*frame));
        frames.with(actor)
    }
}

impl Cues {
    /// Adds a cue word of a frame; with `stem`, all words that begin so.
    pub(super) fn add(&mut self, language: Language, word: &str, stem: bool, frame: Frame) {
        if stem {
            let with = Frames::default().with(frame);
            self.stems.entry(language).or_default().push((word.to_owned(), with));
        } else {
            let of = self.words.entry(language).or_default().entry(word.to_owned()).or_default();
            *of = of.with(frame);
        }
    }

    fn note(&self, language: Language, normal: &str) -> Noted {
        let (mut noted, mut number) = (Noted::default(), 0);
        each_word(normal, |word: Word<'_>| {
            let cues = self.of(language, word.text);
            for frame in Frame::all().filter(|frame| cues.has(*frame)) {
                match frame.reach() {
                    Some(Reach::Actor) => noted.actors.push((number, frame)),
                    Some(Reach::Clause) => noted.of_clause.push((number, frame)),
                    Some(Reach::Sentence) => noted.anywhere = noted.anywhere.with(frame),
                    None => {}
                }
            }
            if word.breaks {
                noted.stops.push(number);
            }
            number += 1;
        });
        noted
    }

    fn of(&self, language: Language, word: &str) -> Frames {
        let whole = self.words.get(&language).and_then(|words| words.get(word)).copied();
        let stems = self.stems.get(&language).into_iter().flatten();
        let begun = stems.filter(|(stem, _)| word.starts_with(stem.as_str())).map(|(_, f)| *f);
        let frames = begun.fold(whole.unwrap_or_default(), Frames::and);
        if word.starts_with(is_sign) { frames.with(Frame::Amount) } else { frames }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        message::Limits,
        policy::{PolicySet, Source},
    };

    fn cues() -> Cues {
        let mut cues = Cues::default();
        for (words, frame) in [
            ("we our", Frame::We),
            ("you", Frame::You),
            ("they she", Frame::They),
            ("may might", Frame::Possible),
            ("was had", Frame::Past),
            ("will", Frame::Planned),
            ("euros", Frame::Amount),
            ("friday", Frame::Date),
        ] {
            words.split(' ').for_each(|word| cues.add(Language::En, word, false, frame));
        }
        cues.add(Language::En, "postpon", true, Frame::Moved);
        cues
    }

    /// The frames around a word of a sentence, by name.
    fn around(sentence: &str, word: &str) -> Vec<&'static str> {
        let mut words = Vec::new();
        each_word(sentence, |w| words.push(w.text));
        let start = words.iter().position(|w| *w == word).unwrap();
        let phrase = Phrase { start, end: start + 1 };
        let frames = Surroundings::new(&cues(), sentence).around(Language::En, phrase);
        Frame::all().filter(|f| frames.has(*f)).map(Frame::name).collect()
    }

    #[test]
    fn the_nearest_actor_before_the_phrase_acts() {
        assert_eq!(around("we told you that they refused", "refused"), ["they"]);
        assert_eq!(around("she said we refused what you sent", "refused"), ["we"]);
        assert_eq!(around("refused by the board", "refused"), ["nobody"]);
        // Who comes after it does not act.
        assert_eq!(around("refused to you", "refused"), ["nobody"]);
    }

    #[test]
    fn mood_and_tense_are_of_the_clause() {
        assert_eq!(around("it may be refused", "refused"), ["nobody", "possible"]);
        assert_eq!(around("you may know, it was refused", "refused"), ["you", "past"]);
        assert_eq!(around("refused it was", "refused"), ["nobody", "past"]);
        assert_eq!(around("refused, and we will write", "refused"), ["nobody"]);
        assert_eq!(around("refused in the end we might add", "refused"), ["nobody"]);
    }

    #[test]
    fn a_clause_without_a_stop_has_an_end() {
        let long = |words: usize| format!("it may be {}refused", "so ".repeat(words));
        assert_eq!(around(&long(30), "refused"), ["nobody", "possible"]);
        assert_eq!(around(&long(60), "refused"), ["nobody"]);
    }

    #[test]
    fn amounts_dates_and_moves_count_anywhere() {
        let frames = around("€ 40 late, postponed to friday, we fear", "late");
        assert_eq!(frames, ["nobody", "amount", "date", "moved"]);
        assert_eq!(around("late by ten euros", "late"), ["nobody", "amount"]);
    }

    /// Whether a policy with this signal finds something in a sentence.
    fn finds(frames: &str, sentence: &str) -> bool {
        let source = |name: &str, text: String| Source { name: name.to_owned(), text };
        let signal = format!("name = \"x\"\nweight = 8.0\nany = [\"refuse*\"]\n{frames}");
        let policy =
            format!("id = \"p\"\ntitle = \"p\"\ncategory = \"other\"\n[[signal]]\n{signal}");
        let lists = "language = \"en\"\n[lists]\nactor_we = [\"we\", \"{loop}\"]\nactor_they = [\"they\"]\npast = [\"{loop}\"]\nloop = [\"had\"]";
        let sources = [source("p.toml", policy), source("en.toml", lists.to_owned())];
        let set = PolicySet::compile(&sources, None).unwrap();
        let mail = format!("Subject: x\r\n\r\n{sentence}\r\n");
        let reading = crate::message::read(mail.as_bytes(), &Limits::default());
        set.weigh(&reading).weights.iter().any(|w| w.probability > 0.5)
    }

    #[test]
    fn a_signal_is_heard_only_in_its_frames() {
        for (frames, sentence, expected) in [
            ("only = [\"we\"]", "we refuse it.", true),
            ("only = [\"we\"]", "they refuse it.", false),
            ("only = [\"we\"]", "the claim is refused.", false),
            ("only = [\"we\", \"nobody\"]", "the claim is refused.", true),
            ("unless = [\"they\"]", "they refuse it.", false),
            ("unless = [\"they\"]", "it is what they fear: we refuse it.", true),
            ("unless = [\"past\"]", "somebody had refused it.", false),
            ("unless = [\"amount\"]", "we refuse 5 % of it.", false),
        ] {
            assert_eq!(finds(frames, sentence), expected, "{frames}: {sentence}");
        }
    }
}
