//! Which language new text is in.
//!
//! Takes text, gives one of ours or `None`: too short, another language, or the two votes,
//! letter groups and small words, against each other.

use std::sync::LazyLock;

use whichlang::Lang;

use super::Language;

/// Small words that stand in nearly every sentence and in few other languages.
const SMALL_WORDS: &[(Language, &[&str])] = &[
    (
        Language::En,
        &[
            "the", "and", "you", "we", "to", "of", "is", "your", "for", "that", "this", "our",
            "have", "with", "are", "not", "will", "be", "been", "can", "cannot", "from",
        ],
    ),
    (
        Language::De,
        &[
            "und", "der", "die", "das", "wir", "ist", "nicht", "sie", "ich", "ihnen", "ihre",
            "ihr", "mit", "für", "den", "dem", "ein", "eine", "auf", "zu", "leider", "haben",
            "werden", "uns",
        ],
    ),
    (
        Language::Fr,
        &[
            "le", "les", "des", "nous", "vous", "votre", "est", "une", "et", "pour", "pas", "que",
            "dans", "avons", "notre", "je", "ne", "du", "sur", "avec", "être", "à",
        ],
    ),
    (
        Language::Es,
        &[
            "el", "los", "las", "y", "que", "su", "por", "no", "para", "con", "una", "usted",
            "hemos", "es", "del", "nuestro", "lo", "se", "al", "le", "muy", "está",
        ],
    ),
    (
        Language::It,
        &[
            "il", "che", "di", "non", "è", "per", "la", "abbiamo", "gli", "della", "con", "una",
            "siamo", "nostro", "vostro", "del", "alla", "sono", "ci", "suo", "e", "i",
        ],
    ),
    (
        Language::Nl,
        &[
            "de", "het", "een", "en", "wij", "niet", "van", "u", "uw", "is", "dat", "voor", "we",
            "helaas", "met", "op", "aan", "zijn", "kunnen", "ik", "ons", "onze",
        ],
    ),
    (
        Language::Pt,
        &[
            "o", "os", "que", "não", "do", "da", "em", "um", "uma", "para", "com", "nós", "seu",
            "sua", "é", "dos", "ao", "por", "nosso", "foi", "está", "as",
        ],
    ),
];

/// What the longest small word has: a word is one number.
const SMALL_OCTETS: usize = 7;
/// Places for the small words, about six times as many.
const PLACES: usize = 1 << 10;

/// Each small word, as a number, with the languages it belongs to, one bit each in the order
/// above. Open addressing.
static VOTES: LazyLock<Vec<(u64, u8)>> = LazyLock::new(|| {
    let mut votes = vec![(0, 0); PLACES];
    for (bit, (_, words)) in SMALL_WORDS.iter().enumerate() {
        for word in words.iter().filter_map(|word| packed(word.as_bytes())) {
            let mut at = place(word);
            while votes.get(at).is_some_and(|(known, _)| *known != 0 && *known != word) {
                at = (at + 1) % PLACES;
            }
            if let Some(vote) = votes.get_mut(at) {
                *vote = (word, vote.1 | 1 << bit);
            }
        }
    }
    votes
});

/// A word as a number; none where it is too long to be a small word, or nothing.
fn packed(word: &[u8]) -> Option<u64> {
    let small = (1..=SMALL_OCTETS).contains(&word.len());
    small.then(|| word.iter().fold(0, |all, octet| all << 8 | u64::from(*octet)))
}

fn place(word: u64) -> usize {
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize % PLACES
}

/// The languages a small word belongs to.
fn votes_of(word: u64) -> u8 {
    let mut at = place(word);
    loop {
        match VOTES.get(at) {
            Some((known, languages)) if *known == word => return *languages,
            None | Some((0, _)) => return 0,
            Some(_) => at = (at + 1) % PLACES,
        }
    }
}

/// Octets looked at: more changes nothing.
const ENOUGH_OCTETS: usize = 1_000;
/// Letters from which a vote is worth something, and from which letter groups can be trusted alone.
const FEW_LETTERS: usize = 12;
const SURE_LETTERS: usize = 60;

/// The language of normalised text.
pub(super) fn of<'a>(normal_sentences: impl Iterator<Item = &'a str>) -> Option<Language> {
    let mut text = String::new();
    for sentence in normal_sentences {
        text.push_str(beginning(sentence));
        text.push(' ');
        if text.len() >= ENOUGH_OCTETS {
            break;
        }
    }
    // More of them say nothing more.
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(SURE_LETTERS).count();
    if letters < FEW_LETTERS {
        return None;
    }
    let mut hits = [0usize; SMALL_WORDS.len()];
    each_short_word(&text, |word| {
        let languages = votes_of(word);
        if languages != 0 {
            for (bit, hits) in hits.iter_mut().enumerate() {
                *hits += usize::from(languages >> bit & 1);
            }
        }
    });
    let mut votes: Vec<(usize, Language)> =
        hits.iter().zip(SMALL_WORDS).map(|(hits, (language, _))| (*hits, *language)).collect();
    votes.sort_by_key(|(hits, _)| std::cmp::Reverse(*hits));
    let (best, language) = votes.first().copied()?;
    let second = votes.get(1).map_or(0, |(hits, _)| *hits);
    // Letter groups are asked only where small words leave a doubt.
    if best >= 5 && best >= 2 * second {
        return Some(language);
    }
    let by_letters = ours(whichlang::detect_language(&text));
    if best >= 2 && (by_letters == Some(language) || best >= second + 2) {
        return Some(language);
    }
    // Small words are silent in telegraphic text; letter groups need length then.
    let tied = best > 0 && votes.iter().any(|(hits, l)| *hits == best && Some(*l) == by_letters);
    let by_length = best == 0 && letters >= SURE_LETTERS && text.is_ascii();
    if tied || by_length { by_letters } else { None }
}

/// As many characters of a sentence as are looked at.
fn beginning(sentence: &str) -> &str {
    if sentence.len() <= ENOUGH_OCTETS {
        return sentence;
    }
    let most = sentence.char_indices().nth(ENOUGH_OCTETS).map_or(sentence.len(), |(at, _)| at);
    sentence.get(..most).unwrap_or(sentence)
}

/// Gives the runs of letters and digits that are no longer than a small word, as numbers. Behind
/// each stands something else: the text ends with a blank.
fn each_short_word(text: &str, mut give: impl FnMut(u64)) {
    if !text.is_ascii() {
        let words = text.split(|c: char| !c.is_alphanumeric());
        return words.filter_map(|word| packed(word.as_bytes())).for_each(give);
    }
    let (mut word, mut octets) = (0, 0);
    for octet in text.bytes() {
        if octet.is_ascii_alphanumeric() {
            word = word << 8 | u64::from(octet);
            octets += 1;
        } else {
            if (1..=SMALL_OCTETS).contains(&octets) {
                give(word);
            }
            (word, octets) = (0, 0);
        }
    }
}

fn ours(lang: Lang) -> Option<Language> {
    Some(match lang {
        Lang::Eng => Language::En,
        Lang::Deu => Language::De,
        Lang::Fra => Language::Fr,
        Lang::Spa => Language::Es,
        Lang::Ita => Language::It,
        Lang::Nld => Language::Nl,
        Lang::Por => Language::Pt,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_small_word_is_too_long() {
        assert!(SMALL_WORDS.iter().flat_map(|(_, w)| *w).all(|w| w.len() <= SMALL_OCTETS));
    }

    #[test]
    fn short_business_sentences_are_known() {
        for (text, language) in [
            ("we will not pay this invoice.", Some(Language::En)),
            ("wir können ihre rechnung leider nicht bezahlen.", Some(Language::De)),
            ("nous ne pouvons pas accepter votre demande.", Some(Language::Fr)),
            ("lamentamos que su pedido no llegará para el lunes.", Some(Language::Es)),
            ("purtroppo non possiamo accettare la vostra richiesta.", Some(Language::It)),
            ("helaas kunnen wij uw bestelling niet leveren.", Some(Language::Nl)),
            ("infelizmente não podemos aceitar o seu pedido.", Some(Language::Pt)),
            ("ok", None),
            ("мы не можем принять ваш заказ", None),
        ] {
            assert_eq!(of([text].into_iter()), language, "{text}");
        }
    }
}
