//! The words that tell whose number stands beside them.
//!
//! One list a language, `lexicon/*.txt`: a line a kind, its words between spaces; `word*` stands for all
//! that begin so, `one_two` for two words in a row; `any.txt` holds in all languages. Words of other languages count where they are long: people mix
//! languages, but a short word means something else in each.

use std::{collections::HashMap, sync::LazyLock};

use crate::message::Language;

/// What a word says of the number beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// "my", "me": of whoever writes.
    Mine,
    /// "your": of whoever reads.
    Yours,
    /// "his", "the driver": somebody else's.
    Other,
    /// "called", "left a message": the writer has dialled it himself.
    Called,
    /// "old", "no longer": nobody answers there any more.
    Dead,
    /// "new": instead of a dead one.
    New,
    /// "now", "from now on": what was said before is over.
    Now,
    /// "please": what is asked begins here, and what stands before is another thing.
    Please,
    /// "call", "questions": an invitation, whoever is to be called.
    Invite,
}

/// A word of another language counts from this length on.
const LONG_CHARS: usize = 6;

const LISTS: [(Language, &str); 7] = [
    (Language::En, include_str!("lexicon/en.txt")),
    (Language::De, include_str!("lexicon/de.txt")),
    (Language::Fr, include_str!("lexicon/fr.txt")),
    (Language::Es, include_str!("lexicon/es.txt")),
    (Language::It, include_str!("lexicon/it.txt")),
    (Language::Nl, include_str!("lexicon/nl.txt")),
    (Language::Pt, include_str!("lexicon/pt.txt")),
];

/// The words of one language.
#[derive(Debug, Default)]
struct Words {
    whole: HashMap<&'static str, Cue>,
    begin: Vec<(&'static str, Cue)>,
}

/// Carriers, by names that mean nothing else: whoever gives their number does not give his.
static ANY: LazyLock<Words> = LazyLock::new(|| Words::of(include_str!("lexicon/any.txt")));

static WORDS: LazyLock<Vec<(Language, Words)>> =
    LazyLock::new(|| LISTS.iter().map(|(language, list)| (*language, Words::of(list))).collect());

impl Words {
    fn of(list: &'static str) -> Words {
        let mut words = Words::default();
        for (kind, line) in list.lines().filter_map(|line| line.split_once(": ")) {
            let Some(cue) = cue_named(kind) else { continue };
            for word in line.split_whitespace() {
                match word.strip_suffix('*') {
                    Some(begin) => words.begin.push((begin, cue)),
                    None => {
                        words.whole.insert(word, cue);
                    }
                }
            }
        }
        words
    }

    fn cue(&self, word: &str) -> Option<Cue> {
        self.whole.get(word).copied().or_else(|| {
            let begins = self.begin.iter().filter(|(begin, _)| word.starts_with(begin));
            begins.max_by_key(|(begin, _)| begin.len()).map(|(_, cue)| *cue)
        })
    }
}

fn cue_named(kind: &str) -> Option<Cue> {
    Some(match kind {
        "mine" => Cue::Mine,
        "yours" => Cue::Yours,
        "other" => Cue::Other,
        "called" => Cue::Called,
        "dead" => Cue::Dead,
        "new" => Cue::New,
        "now" => Cue::Now,
        "please" => Cue::Please,
        "invite" => Cue::Invite,
        _ => return None,
    })
}

/// What a word, or two with `_` between, says in a mail of this language; in lower case.
pub(super) fn cue(word: &str, language: Language) -> Option<Cue> {
    let in_language = |own: bool| {
        let lists = WORDS.iter().filter(move |(of, _)| (*of == language) == own);
        lists.map(|(_, words)| words).find_map(|words| words.cue(word))
    };
    let long = word.chars().nth(LONG_CHARS - 1).is_some();
    ANY.cue(word)
        .or_else(|| in_language(true))
        .or_else(|| long.then(|| in_language(false)).flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_words_of_every_kind() {
        for (language, list) in LISTS {
            let kinds: Vec<&str> =
                list.lines().filter_map(|l| l.split_once(": ")).map(|(kind, _)| kind).collect();
            assert!(kinds.iter().all(|kind| cue_named(kind).is_some()), "{language:?}: {kinds:?}");
            for kind in
                ["mine", "yours", "other", "called", "dead", "new", "now", "please", "invite"]
            {
                assert!(kinds.contains(&kind), "{language:?} has no {kind}");
            }
        }
    }

    #[test]
    fn a_word_is_read_in_its_language() {
        assert_eq!(cue("mein", Language::De), Some(Cue::Mine));
        assert_eq!(cue("son", Language::Fr), Some(Cue::Other));
        assert_eq!(cue("son", Language::Nl), None);
        assert_eq!(cue("chauffeur", Language::En), Some(Cue::Other));
        assert_eq!(cue("nicht_mehr", Language::De), Some(Cue::Dead));
    }
}
